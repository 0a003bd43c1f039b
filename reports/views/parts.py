"""Views on which staff write a report: texts, lists and photos."""

from __future__ import annotations

from copy import copy
from typing import Any, cast

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from approvals.guards import StaleAct
from approvals.models import Document
from conference.uploads import photos
from reports import drafting, sections, todo_counts
from reports.forms.parts import PARTS
from reports.forms.photo_filter import PhotoFilterForm
from reports.forms.texts import TextsForm
from reports.models import Report, ReportPhoto, ReportRow
from reports.views.context import report_context
from reports.views.decorators import writing_page
from rows.whole_numbers import parse_keys, parse_whole_number
from sheets.references import NameIndex
from sheets.row_formset import CHECK, RowFormSet

require_form = require_http_methods(["GET", "HEAD", "POST"])
PHOTO_CHOICES_MAX = 60  # pictures to choose from at once; the filters lead to others
STALE_MESSAGE = gettext_lazy(
    "그 사이 다른 사람이 이 보고서를 고쳤습니다. 초안을 확인하고, 이대로 저장하려면 다시 누르십시오."
)


@require_form
@writing_page
def texts(request: SignedInRequest, report: Report) -> HttpResponse:
    """Show and save 머리말, 요지, 키워드, 성과, 만족도, 문제점, 계획."""
    return _show_or_save(request, report, "texts")


@require_form
@writing_page
def lists(request: SignedInRequest, report: Report) -> HttpResponse:
    """Show and save 예산, 계획, 홍보, 붙임."""
    return _show_or_save(request, report, "lists")


@require_form
@writing_page
def report_photos(request: SignedInRequest, report: Report) -> HttpResponse:
    """Show and save the 사진대지, with the photos that can be added."""
    return _show_or_save(request, report, "photos")


def _show_or_save(request: SignedInRequest, report: Report, tab: str) -> HttpResponse:
    """Show a page, or save all of it. Fields that others saved meanwhile are compared one by one."""
    if request.method != "POST":
        return _render_page(request, report, tab, _page_forms(report, tab))
    if report.state != Document.State.DRAFT:
        raise StaleAct(report, [])  # page 409 shows what was typed
    typed = _page_forms(report, tab, request.POST, request.FILES)
    are_valid = [form.is_valid() for form in typed.values()]  # each of them, so that each shows its errors
    if not all(are_valid):
        is_stale = any(form.is_stale for form in typed.values())
        return _render_page(request, report, tab, typed, status=409 if is_stale else 422)
    if request.POST.get("do") == CHECK:
        return _render_page(request, report, tab, typed)
    try:
        _save(request, report, typed)
    except StaleAct:  # another person saved meanwhile: compare with that
        return _show_or_save(request, reload_report(report), tab)
    messages.success(request, _("저장했습니다."))
    return redirect(f"{request.get_full_path()}{_anchor(request)}")


def _page_forms(report: Report, tab: str, *sent: Any) -> dict[str, RowFormSet | TextsForm]:
    """Return the forms of a page by their names. ``sent``: what was typed, and files."""
    formsets = {name: part.formset(report, *sent) for name, part in PARTS.items() if part.tab == tab}
    return {"texts": TextsForm(*sent, instance=copy(report)), **formsets} if tab == "texts" else {**formsets}


def _save(request: SignedInRequest, report: Report, typed: dict[str, RowFormSet | TextsForm]) -> None:
    texts = typed.get("texts")
    drafting.save_page(
        report,
        [
            _row_changes(form, _picked_photos(request, report) if name == "shots" else [])
            for name, form in typed.items()
            if isinstance(form, RowFormSet)
        ],
        by=request.user,
        lock_version=report.lock_version,
        **({name: texts.cleaned_data[name] for name in texts.names} if isinstance(texts, TextsForm) else {}),
    )


def _row_changes(formset: RowFormSet, added: list[ReportPhoto]) -> drafting.RowChanges:
    rows = {line.key: cast("list[ReportRow]", line.updated_rows()) for line in formset.lines}
    return drafting.RowChanges(
        rows=[
            *(row for own in rows.values() for row in own),
            *cast("list[ReportRow]", formset.unsent_rows),
            *added,
        ],
        changed=[*(row for line in formset.changed_lines for row in rows[line.key]), *added],
        deleted=cast("list[ReportRow]", formset.deleted),
        uploads={id(line.instance): upload for line in formset.lines if (upload := line.cleaned_data.get("upload"))},
    )


def _anchor(request: SignedInRequest) -> str:
    """Return the anchor of the part whose button was pressed."""
    part = request.POST.get("do", "").partition(":")[2].rpartition("-")[0]
    return f"#{part}" if part in PARTS else ""


def _picked_photos(request: SignedInRequest, report: Report) -> list[ReportPhoto]:
    """Return a new row for each photo that was ticked and is not in the report yet."""
    keys = parse_keys(request.POST.getlist("pick"))
    photos = report.conference.photos.filter(pk__in=keys).exclude(report_photos__report=report) if keys else ()
    return [ReportPhoto(photo=photo) for photo in photos]


def submitted_version(request: SignedInRequest) -> int:
    """Return the document's version that the page sent; -1, which no document has, if it is no number."""
    sent = parse_whole_number(request.POST.get("lock_version", ""))
    return -1 if sent is None else sent


def reload_report(report: Report) -> Report:
    """Return the report as stored now; a form may have changed the instance."""
    return Report.objects.select_related("conference", "department__organisation", "district", "drafter").get(
        pk=report.pk
    )


def _render_page(
    request: SignedInRequest, report: Report, tab: str, shown: dict[str, RowFormSet | TextsForm], *, status: int = 200
) -> HttpResponse:
    """Render one of the pages, as stored or with the forms that were sent and not saved."""
    is_sent = request.method == "POST"
    formsets = {
        name: form.add_missing_lines() if is_sent else form
        for name, form in shown.items()
        if isinstance(form, RowFormSet)
    }
    context = report_context(request, report, tab) | {
        "parts": [{"part": PARTS[name], "formset": formset} for name, formset in formsets.items()],
        "faults": [fault for form in shown.values() for fault in form.error_links],
        "is_stale": any(form.is_stale for form in shown.values()),
        "is_unsaved": is_sent,
        "has_files": bool(request.FILES),
    }
    if tab == "texts":
        overridden = set(report.overrides.values_list("section", flat=True))
        context["texts"] = shown["texts"]
        context["sections"] = [
            (name, heading, name in overridden)
            for name, (heading, _builder) in sections.SECTIONS.items()
            if name != "photos"
        ]
    if tab == "photos":
        context |= _photo_choice(request, report)
    return render(request, f"reports/{tab}.html", context, status=status)


def _photo_choice(request: SignedInRequest, report: Report) -> dict[str, Any]:
    """Return the filtered photos that are not in the report yet, and the filter form."""
    conference = report.conference
    districts = {str(row.pk): row for row in conference.districts.all()}
    sessions_ = NameIndex(conference.sessions.exclude(kind__in=todo_counts.UNREPORTED_KINDS)).choices
    filter_form = PhotoFilterForm(request.GET, districts=districts, sessions=sessions_)
    rows = photos.filter_photos(conference, **filter_form.query_arguments).exclude(report_photos__report=report)
    return {"filters": filter_form, "choice": rows[:PHOTO_CHOICES_MAX], "picked": request.POST.getlist("pick")}
