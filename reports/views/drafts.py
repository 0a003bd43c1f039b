"""Views of a 결과보고: the list, the draft, 결재 올리기."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.requests import SignedInRequest
from approvals import chain
from approvals.models import Document
from conference import checks
from conference.models import Conference
from conference.permissions import conference_page
from publishing.pdf.engine import missing_packages
from reports import document, drafting
from reports.forms.submit import SubmitForm
from reports.models import Report
from reports.views.context import report_context
from reports.views.decorators import report_page
from rows.canonical_json import canonical_json, digest


@require_safe
@conference_page()
def reports(request: SignedInRequest, conference: Conference) -> HttpResponse:
    """List the reports of one conference; those of other offices only with their state."""
    context = {
        "conference": conference,
        "here": "reports",
        "reports": drafting.list_reports(request.user, conference),
        "may_start": drafting.can_start_report(request.user, conference),
    }
    return render(request, "reports/reports.html", context)


@require_POST
@conference_page()
def start(request: SignedInRequest, conference: Conference) -> HttpResponse:
    """T1 결과보고 만들기; if the 처리과 has a draft already, go to it."""
    if own := drafting.own_draft(request.user, conference):
        return redirect("reports:report", conference.slug, own.number)
    report = drafting.start_report(conference, by=request.user)
    messages.success(request, _("결과보고를 만들었습니다. 모인 자료로 쓴 초안입니다."))
    return redirect("reports:report", conference.slug, report.number)


@require_safe
@report_page
def report(request: SignedInRequest, report: Report) -> HttpResponse:
    """Show the draft as it would be frozen now with its findings, or else the last edition."""
    return _render_draft(request, report)


@require_safe
@report_page
def draft(request: SignedInRequest, report: Report) -> HttpResponse:
    """Return the HTML of the draft alone, which the other pages load beside their forms."""
    return HttpResponse(document.render_latest(report))


def _render_draft(
    request: SignedInRequest, report: Report, *, submit: SubmitForm | None = None, status: int = 200
) -> HttpResponse:
    context = report_context(request, report, "") | {
        "editions": report.editions.order_by("-number"),  # the one that is signed, or waits for it, first
        "rounds": list(report.rounds.order_by("number")),
        "pdf_missing": missing_packages(),
    }
    if report.state == Document.State.DRAFT:
        context |= _draft_context(request.user, report, submit)
        if not context["is_member"]:
            # the pages of the report are open to the whole 처리과, those of the conference are not
            own = document.desk_url(report)
            context["findings"] = [
                finding if finding.link.startswith(own) else replace(finding, link="")
                for finding in context["findings"]
            ]
    else:
        context["paper"] = document.render_latest(report)
    return render(request, "reports/report.html", context, status=status)


def _draft_context(user: User, report: Report, submit: SubmitForm | None) -> dict[str, Any]:
    """Return the context of a draft's page: findings, form and HTML."""
    findings, content = document.findings(report), document.edition_content(report)
    is_drafter = user.pk == report.drafter_id
    form = submit or _submit_form(report, findings)
    form.show(lock_version=report.lock_version, digest=digest(canonical_json(content)))
    return {
        "findings": findings,
        "is_blocked": any(finding.level == "block" for finding in findings),
        "submit": form if is_drafter else None,
        "refused": form.non_field_errors() if submit and not is_drafter else [],
        "paper": document.render_draft(report, content),
    }


def _submit_form(report: Report, findings: list[checks.Finding], data: object = None) -> SubmitForm:
    last = report.editions.last()
    action = reverse("reports:submit", args=[report.conference.slug, report.number])
    return SubmitForm(data, findings=findings, action=action, accepted=last.reasons if last else {})


@require_POST
@report_page
def submit(request: SignedInRequest, report: Report) -> HttpResponse:
    """T3 결재 올리기."""
    form = _submit_form(report, document.findings(report), request.POST)
    is_valid = form.is_valid()
    if sent := _submitted_round(request, report, form.cleaned_data.get("form_key", "")):
        return redirect("approvals:round", sent)
    if not is_valid:
        return _render_draft(request, report, submit=form, status=422)
    fields = {name: form.cleaned_data[name] for name in ("form_key", "lock_version", "digest")}
    try:
        sent = chain.submit(report, by=request.user, reasons=form.reasons, **fields).pk
    except chain.ActRefused as refused:
        form.add_error(None, str(refused))
        return _render_draft(request, report, submit=form, status=422)
    except chain.StaleAct as stale:
        if stale.acts:
            raise  # another person acted on the document: page 409 says who and what
        form.add_error(None, _("화면을 연 뒤에 자료가 바뀌었습니다. 아래 초안을 다시 확인하고 올려 주십시오."))
        return _render_draft(request, Report.objects.get(pk=report.pk), submit=form, status=409)
    messages.success(request, _("결재를 올렸습니다. 다음 결재자의 결재함에 있습니다."))
    return redirect("approvals:round", sent)


def _submitted_round(request: SignedInRequest, report: Report, form_key: str) -> int | None:
    """Return the round that this form opened before, if it is sent twice (g1)."""
    acts = report.acts.filter(form_key=form_key, actor=request.user, action="submit")
    return acts.values_list("round_id", flat=True).first()
