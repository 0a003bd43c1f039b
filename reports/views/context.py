"""The template context that every page of one report needs."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from accounts.requests import SignedInRequest
from approvals import departures, trail
from approvals.forms import ReasonForm
from approvals.models import Document, Round, Step
from conference import permissions
from reports import todo_counts
from reports.models import Report
from rows.whole_numbers import parse_whole_number

STALE_MESSAGE = gettext_lazy(
    "그 사이 다른 사람이 이 보고서를 고쳤습니다. 초안을 확인하고, 이대로 저장하려면 다시 누르십시오."
)
ACTUALS = "actuals"  # outcomes belong to the conference: a page for its members


def report_context(request: SignedInRequest, report: Report, tab: str) -> dict[str, Any]:
    """Return the context of the page ``tab`` (a key of ``todo_counts.TABS``)."""
    is_ours = request.user.department_id == report.department_id
    is_writing = is_ours and report.state == Document.State.DRAFT
    left = todo_counts.todo_counts(report) if is_writing else {}
    is_member = permissions.is_member(request.user, report.conference)
    names = [name for name in todo_counts.TABS if is_member or name != ACTUALS]
    return {
        "report": report,
        "conference": report.conference,
        "here": "reports",
        "is_member": is_member,
        "tabs": [(_address(report, name), todo_counts.TABS[name], name == tab, left.get(name)) for name in names]
        if is_writing
        else [],
        "tab": tab,
        "address": _address(report, tab),
        "tab_name": todo_counts.TABS[tab],
        "lock_version": report.lock_version,
        "returned": _last_return(report) if is_ours else None,
        **_departures(request, report),
    }


def submitted_version(request: SignedInRequest) -> int:
    """Return the document's version that the page sent; -1, which no document has, if it is no number."""
    sent = parse_whole_number(request.POST.get("lock_version", ""))
    return -1 if sent is None else sent


def reload_report(report: Report) -> Report:
    """Return the report as stored now; a form may have changed the instance."""
    return Report.objects.select_related("conference", "department__organisation", "district", "drafter").get(
        pk=report.pk
    )


def _last_return(report: Report) -> dict[str, Any] | None:
    """Return who returned or stopped the last round, when and why, until the report is submitted again."""
    if report.state not in (Document.State.DRAFT, Document.State.RETURNED, Document.State.WITHDRAWN):
        return None
    last = report.rounds.order_by("-number").first()
    if last is None or not (last.state == Round.State.RETURNED or last.is_stopped):
        return None
    [entry] = trail.trail_entries([last.acts.select_related("actor", "step").latest("number")])
    return {"round": last, "entry": entry}


def _departures(request: SignedInRequest, report: Report) -> dict[str, Any]:
    """Return the people who have left while the report waits for them, and the form with which a colleague takes it over."""
    steps = Step.objects.filter(round__document=report.pk, round__state=Round.State.RUNNING).select_related("signer")
    sentences = departures.describe_departures(report, steps)
    can_take = departures.can_take_over(request.user, report)
    last = report.rounds.order_by("-number").first() if sentences else None
    return {
        "departed": sentences,
        "departed_round": last,
        "hand_over": ReasonForm(round_=Round(document=report)) if can_take and not last else None,
    }


def _address(report: Report, tab: str) -> str:
    if tab == ACTUALS:
        return reverse("reports:actuals", args=[report.conference.slug])
    return reverse(f"reports:{tab or 'report'}", args=[report.conference.slug, report.number])
