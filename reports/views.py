"""The desk of a conference as far as its 결과보고 goes: lists, the draft, its editions and their files."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from approvals import chain
from approvals.models import Document
from conference import access, checks, files
from conference.access import conference_page
from conference.frozen import canonical, digest
from conference.models import Conference, File, User
from reports import document, drafting, renderings
from reports.forms import SubmitForm, TextsForm
from reports.models import Edition, Report
from reports.render import html as paper
from reports.render.pdf import available

View = Callable[..., HttpResponse]
log = logging.getLogger(__name__)


def report_page(view: View) -> View:
    """Give the view ``(request, report, …)``. Outsiders get 404; members to whom it is not open get 403."""

    @wraps(view)
    def inner(request: HttpRequest, slug: str, number: int, *args: object, **kwargs: object) -> HttpResponse:
        rows = Report.objects.select_related("conference", "department__organisation", "district", "drafter")
        report = get_object_or_404(rows, conference__slug=slug, number=number)
        if not drafting.may_read(request.user, report):
            if not access.is_member(request.user, report.conference):
                raise Http404
            raise PermissionDenied
        return view(request, report, *args, **kwargs)

    return inner


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """My conferences, and the reports that are mine to read."""
    conferences = access.conferences(request.user).order_by("-starts_at")
    return render(
        request, "reports/desk.html", {"conferences": conferences, "reports": drafting.readable(request.user)}
    )


@require_safe
@conference_page()
def dashboard(request: HttpRequest, conference: Conference) -> HttpResponse:
    """Where this conference stands: what is public, what the checks find, how far the reports are."""
    context = {
        "conference": conference,
        "release": conference.releases.filter(withdrawn_at=None).first(),
        "findings": checks.findings(conference),
        "reports": drafting.listed(request.user, conference),
    }
    return render(request, "reports/dashboard.html", context)


@require_safe
@conference_page()
def reports(request: HttpRequest, conference: Conference) -> HttpResponse:
    """Reports of one conference: my office's to open, the others' as a state only."""
    context = {
        "conference": conference,
        "reports": drafting.listed(request.user, conference),
        "may_start": drafting.may_start(request.user, conference),
    }
    return render(request, "reports/reports.html", context)


@require_POST
@conference_page()
def start(request: HttpRequest, conference: Conference) -> HttpResponse:
    """T1 결과보고 만들기."""
    report = drafting.start(conference, by=request.user)
    messages.success(request, _("결과보고를 만들었습니다. 모인 자료로 쓴 초안입니다."))
    return redirect("reports:report", conference.slug, report.number)


@require_safe
@report_page
def report(request: HttpRequest, report: Report) -> HttpResponse:
    """While it is written, the draft as it would be frozen now, with its findings; afterwards the last edition."""
    return _draft_page(request, report)


def _draft_page(
    request: HttpRequest,
    report: Report,
    *,
    texts: TextsForm | None = None,
    submit: SubmitForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "report": report,
        "is_member": access.is_member(request.user, report.conference),
        "editions": report.editions.all(),
        "rounds": list(report.rounds.order_by("number")),
        "pdf_missing": available(),
    }
    if report.state == Document.State.DRAFT:
        context |= _writing(request.user, report, texts, submit)
    else:
        context["paper"] = mark_safe(document.latest(report))  # noqa: S308 (rendered by our own escaping template)
    return render(request, "reports/report.html", context, status=status)


def _writing(user: User, report: Report, texts: TextsForm | None, submit: SubmitForm | None) -> dict[str, Any]:
    """What the page of a draft shows beside its head."""
    found, content = document.findings(report), document.content(report)
    is_ours, is_drafter = user.department_id == report.department_id, user.pk == report.drafter_id
    form = submit or _submit_form(report, found)
    form.show(lock_version=report.lock_version, digest=digest(canonical(content)))
    return {
        "findings": found,
        "is_blocked": any(finding.level == "block" for finding in found),
        "texts": texts or (TextsForm(instance=report) if is_ours else None),
        "submit": form if is_drafter else None,
        "refused": form.non_field_errors() if submit and not is_drafter else [],
        "paper": mark_safe(document.draft(report, content)),  # noqa: S308 (likewise)
    }


def _submit_form(report: Report, found: list[checks.Finding], data: object = None) -> SubmitForm:
    last = report.editions.last()
    return SubmitForm(data, findings=found, accepted=last.reasons if last else {})


@require_POST
@report_page
def texts(request: HttpRequest, report: Report) -> HttpResponse:
    """Save what staff write themselves."""
    form = TextsForm(request.POST, instance=report)
    if not form.is_valid():
        return _draft_page(request, Report.objects.get(pk=report.pk), texts=form, status=422)
    values = {field: form.cleaned_data[field] for field in TextsForm.Meta.fields}
    try:
        drafting.save(
            now := Report.objects.get(pk=report.pk),
            by=request.user,
            lock_version=form.cleaned_data["lock_version"],
            **values,
        )
    except chain.Stale:
        if now.state != Document.State.DRAFT:
            raise  # no form to go on with: page 409 keeps what was typed
        form.data = form.data.copy()
        form.data["lock_version"] = now.lock_version  # what was typed stays; saving again is then a choice
        form.add_error(
            None,
            _("그 사이 다른 사람이 이 보고서를 고쳤습니다. 아래 초안을 확인하고, 이대로 저장하려면 다시 누르십시오."),
        )
        return _draft_page(request, now, texts=form, status=409)
    messages.success(request, _("글을 저장했습니다."))
    return redirect("reports:report", report.conference.slug, report.number)


@require_POST
@report_page
def submit(request: HttpRequest, report: Report) -> HttpResponse:
    """T3 결재 올리기."""
    form = _submit_form(report, document.findings(report), request.POST)
    is_valid = form.is_valid()
    if sent := _sent_before(request, report, form.cleaned_data.get("form_key", "")):
        return redirect("approvals:round", sent)
    if not is_valid:
        return _draft_page(request, report, submit=form, status=422)
    fields = {name: form.cleaned_data[name] for name in ("form_key", "lock_version", "digest")}
    try:
        sent = chain.submit(report, by=request.user, reasons=form.reasons, **fields).pk
    except chain.Refused as refused:
        form.add_error(None, str(refused))
        return _draft_page(request, report, submit=form, status=422)
    except chain.Stale as stale:
        if stale.acts:
            raise  # somebody acted on the document: page 409 says who and what
        form.add_error(None, _("화면을 연 뒤에 자료가 바뀌었습니다. 아래 초안을 다시 확인하고 올려 주십시오."))
        return _draft_page(request, Report.objects.get(pk=report.pk), submit=form, status=409)
    messages.success(request, _("결재를 올렸습니다. 다음 결재자에게 알렸습니다."))
    return redirect("approvals:round", sent)


def _sent_before(request: HttpRequest, report: Report, form_key: str) -> int | None:
    """The round that this very form opened, where it comes twice (g1)."""
    acts = report.acts.filter(form_key=form_key, actor=request.user, action="submit")
    return acts.values_list("round_id", flat=True).first()


@require_safe
@report_page
def edition(request: HttpRequest, report: Report, edition_number: int) -> HttpResponse:
    """One frozen edition as a page of its own, with its box as signed so far."""
    found = _edition(report, edition_number)
    return HttpResponse(paper.page(found.value, renderings.box(found), picture=document.picture_url(report)))


@require_safe
@report_page
def edition_pdf(request: HttpRequest, report: Report, edition_number: int) -> HttpResponse:
    """The stored PDF; made now where it is missing."""
    if missing := available():
        return render(request, "reports/no_pdf.html", {"report": report, "missing": missing}, status=503)
    found = _edition(report, edition_number)
    try:
        data = files.read(renderings.pdf(found).digest)
    except (FileNotFoundError, files.Damaged):
        log.exception("PDF of edition %s", found.pk)
        return render(request, "reports/no_pdf.html", {"report": report}, status=503)
    return _file(data, "application/pdf", f"{report.title}.pdf")


@require_safe
@report_page
def edition_json(request: HttpRequest, report: Report, edition_number: int) -> HttpResponse:
    """The frozen content itself, as canonical JSON."""
    return _file(
        _edition(report, edition_number).content.encode(),
        "application/json",
        f"{report.title}.json",
        is_attachment=True,
    )


@require_safe
@report_page
def file(request: HttpRequest, report: Report, digest: str) -> HttpResponse:
    """A picture that the draft or an edition of this report shows, though it was taken out of the draft since."""
    kept = (
        File.objects.filter(conference=report.conference, digest=digest).first() if files.DIGEST.match(digest) else None
    )
    if kept is None or not _shows(report, digest):
        raise Http404
    try:
        data = files.read(digest)
    except (FileNotFoundError, files.Damaged) as error:
        log.exception("%s of report %s", digest, report.pk)
        raise Http404 from error
    return _file(data, kept.media_type, kept.name)


def _shows(report: Report, digest: str) -> bool:
    if report.report_photos.filter(photo__file__digest=digest).exists():
        return True
    return any(digest in edition.value["files"] for edition in report.editions.all())


def _edition(report: Report, number: int) -> Edition:
    return get_object_or_404(report.editions.select_related("report"), number=number)


def _file(data: bytes, media_type: str, name: str, *, is_attachment: bool = False) -> HttpResponse:
    """Answer with bytes that never change under their address, for this reader alone."""
    response = HttpResponse(
        data,
        content_type=media_type,
        headers={"Cache-Control": "private, max-age=600", "X-Content-Type-Options": "nosniff"},
    )
    response.headers["Content-Disposition"] = content_disposition_header(is_attachment, name)
    return response
