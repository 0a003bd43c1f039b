"""What every page of one report shows: whose it is, its pages with what is left to do, where the draft is."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from approvals.models import Document
from conference import access
from reports import progress
from reports.models import Report


def frame(request: HttpRequest, report: Report, tab: str) -> dict[str, Any]:
    """Return the context of the page ``tab`` (a key of ``progress.TABS``)."""
    is_ours = request.user.department_id == report.department_id
    is_writing = is_ours and report.state == Document.State.DRAFT
    left = progress.left(report) if is_writing else {}
    return {
        "report": report,
        "conference": report.conference,
        "here": "reports",
        "is_member": access.is_member(request.user, report.conference),
        "tabs": [(_address(report, name), label, name == tab, left.get(name)) for name, label in progress.TABS.items()]
        if is_writing
        else [],
        "tab": tab,
        "tab_name": progress.TABS[tab],
        "lock_version": report.lock_version,
    }


def _address(report: Report, tab: str) -> str:
    if tab == "actuals":  # what really happened is the conference's, not one report's
        return reverse("reports:actuals", args=[report.conference.slug])
    return reverse(f"reports:{tab or 'report'}", args=[report.conference.slug, report.number])
