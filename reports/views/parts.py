"""Views on which staff write a report: its texts, its lists and its photos."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import SignedInRequest
from approvals.guards import StaleAct
from approvals.models import Document
from conference.models import DeletedRow
from conference.uploads import photos
from reports import drafting, sections, todo_counts
from reports.forms.parts import check_upload
from reports.forms.photo_filter import PhotoFilterForm
from reports.forms.report_sheets import SHEETS, TEXTS, sheet_of
from reports.models import Report, ReportPhoto
from reports.views.context import report_context
from reports.views.decorators import writing_page
from rows import deletion_responses
from rows.conflicts import apply_choices
from rows.whole_numbers import parse_keys
from sheets.declaration import Sheet
from sheets.references import NameIndex
from sheets.scope import SheetScope
from sheets.sheet_context import SheetContext
from sheets.views import row_page, table

require_form = require_http_methods(["GET", "HEAD", "POST"])
PHOTO_CHOICES_MAX = 60  # pictures to choose from at once; the filters lead to others


@dataclass(frozen=True)
class Writer:
    """What a member of the report's 처리과 may do while it is a draft, which ``writing_page`` and ``lock`` look at."""

    can_edit_all: bool = True


@dataclass(frozen=True)
class ReportScope(SheetScope):
    """The lists of one report."""

    request: SignedInRequest
    report: Report

    frame: ClassVar[str] = "reports/sheet_frame.html"
    url_name: ClassVar[str] = "reports:sheet"

    @property
    def sheets(self) -> Mapping[str, Sheet]:
        return SHEETS

    @property
    def preset(self) -> dict[str, Any]:
        return {"report": self.report}

    @property
    def url_args(self) -> tuple[Any, ...]:
        return (self.conference.slug, self.report.number)

    @property
    def restore_hint(self) -> str:
        return _("표 아래의 ‘지운 것’에서 되돌릴 수 있습니다.")

    def tabs(self, _sheet: Sheet) -> list[tuple[str, Any, Sheet | None]]:
        """Return none: the frame draws them above the heading, ``part_tabs``."""
        return []

    def page_context(self, menu: str) -> dict[str, Any]:
        parts = [(self.address(sheet), sheet.title, sheet) for sheet in SHEETS.values() if sheet.menu == menu]
        if menu == TEXTS.menu:
            parts = [(reverse("reports:texts", args=self.url_args), TEXTS.title, TEXTS), *parts]
        deleted = [(row, sheet_of(row)) for row in drafting.deleted_rows(self.report)]
        return {
            **report_context(self.request, self.report, menu),
            "part_tabs": parts if parts[1:] else [],
            "deleted_rows": [(row, sheet) for row, sheet in deleted if sheet and sheet.menu == menu],
            **(_photo_choice(self.request, self.report) if menu == "photos" else {}),
        }

    def lock(self) -> None:
        drafting.lock_draft(self.report, by=self.user)

    def record_change(self) -> None:
        drafting.increment_version(self.report)


def _scope(request: SignedInRequest, report: Report) -> ReportScope:
    """Return the scope of a page. Raises StaleAct, whose page shows what was typed, if it is no draft any more."""
    if request.method == "POST" and report.state != Document.State.DRAFT:
        raise StaleAct(report, [])
    return ReportScope(report.conference, request.user, Writer(), request, report)


def _context(request: SignedInRequest, report: Report, part: str) -> SheetContext:
    scope = _scope(request, report)
    return SheetContext.from_request(request, scope, scope.get_sheet(part))


@require_form
@writing_page
def texts(request: SignedInRequest, report: Report) -> HttpResponse:
    """Show and save 제목, 머리말, 요지, 키워드; lead to the sections that are written or collected."""
    context = SheetContext.from_request(request, scope := _scope(request, report), TEXTS, place=request.path)
    data = apply_choices(request.POST) if request.method == "POST" else None
    form = context.build_form(data, row=copy(report))
    if response := row_page.save_row(request, context, form, action=request.path, message=_("저장했습니다.")):
        return response
    row_page.set_helper(form, can_edit=True, action=request.path)
    overridden = set(report.overrides.values_list("section", flat=True))
    headings = {name: heading for name, (heading, _builder) in sections.SECTIONS.items() if name != "photos"}
    page_context = scope.page_context(TEXTS.menu) | {
        "form": form,
        "sheet": TEXTS,
        "sections": [(name, heading, name in overridden) for name, heading in headings.items()],
    }
    return render(request, "reports/texts.html", page_context, status=422 if form.errors else 200)


@require_form
@writing_page
def first_table(request: SignedInRequest, report: Report, part: str) -> HttpResponse:
    """Show and save the first table of a page of the report, with the others as tabs."""
    scope = _scope(request, report)
    return table.table_page(
        request, SheetContext.from_request(request, scope, scope.get_sheet(part), place=request.path)
    )


@require_form
@writing_page
def part_table(request: SignedInRequest, report: Report, part: str) -> HttpResponse:
    """Show and save the table of one list."""
    return table.table_page(request, _context(request, report, part))


@require_safe
@writing_page
def part_xlsx(request: SignedInRequest, report: Report, part: str) -> HttpResponse:
    """Return one list as a workbook."""
    return table.workbook(_context(request, report, part))


@require_form
@writing_page
def part_row(request: SignedInRequest, report: Report, part: str, row_id: int | None = None) -> HttpResponse:
    """Show and save one row of a list whose rows have pages of their own."""
    context = _context(request, report, part)
    if not context.sheet.has_row_pages:
        raise Http404
    return row_page.row_page(request, context, row_id)


@require_POST
@writing_page
def part_delete(request: SignedInRequest, report: Report, part: str, row_id: int) -> HttpResponse:
    """Delete one row of a list; it can be restored."""
    return row_page.delete_row(request, _context(request, report, part), row_id)


@require_POST
@writing_page
def restore(request: SignedInRequest, report: Report, deleted_row_id: int) -> HttpResponse:
    """되돌리기: put a deleted row of the report back."""
    scope = _scope(request, report)
    deleted_row = drafting.deleted_rows(report).filter(pk=deleted_row_id).first()
    if deleted_row is None:
        messages.info(request, _("이미 되돌렸거나 없는 자료입니다."))
        return redirect("reports:report", *scope.url_args)
    try:
        drafting.restore_row(report, deleted_row, by=request.user)
        messages.success(request, _("‘%(title)s’을(를) 되돌렸습니다.") % {"title": deleted_row.title})
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    return redirect(_sheet_address(scope, deleted_row))


def _sheet_address(scope: ReportScope, deleted_row: DeletedRow) -> str:
    sheet = sheet_of(deleted_row)
    return scope.address(sheet) if sheet else reverse("reports:report", args=scope.url_args)


@require_POST
@writing_page
def add_photos(request: SignedInRequest, report: Report) -> HttpResponse:
    """Put the ticked photos of the pool into the 사진대지."""
    scope, keys = _scope(request, report), parse_keys(request.POST.getlist("pick"))
    chosen = report.conference.photos.filter(pk__in=keys).exclude(report_photos__report=report) if keys else ()
    drafting.append_rows(report, [ReportPhoto(photo=photo) for photo in chosen], by=request.user)
    if chosen:
        messages.success(request, _("사진 %(count)d장을 넣었습니다.") % {"count": len(chosen)})
    else:
        messages.error(request, _("넣을 사진을 골라 주세요."))
    query = request.GET.urlencode()  # the filter of the pool stays
    return redirect(f"{reverse('reports:photos', args=scope.url_args)}{query and '?'}{query}")


@require_POST
@writing_page
def add_files(request: SignedInRequest, report: Report) -> HttpResponse:
    """Attach the uploaded files, a line for each; a refused one does not stop the others."""
    scope, accepted, refused = _scope(request, report), [], []
    uploads = request.FILES.getlist("files")
    for upload in uploads:
        try:
            accepted.append(check_upload(upload))
        except ValidationError as error:
            refused.append(f"{upload.name}: {' '.join(error.messages)}")
    drafting.attach_files(report, accepted, by=request.user)
    if accepted:
        messages.success(request, _("파일 %(count)d개를 붙였습니다.") % {"count": len(accepted)})
    for text in refused or ([] if uploads else [_("붙일 파일을 골라 주세요.")]):
        messages.error(request, text)
    return redirect(scope.address(SHEETS["attachments"]))


@require_POST
@writing_page
def replace_file(request: SignedInRequest, report: Report, row_id: int) -> HttpResponse:
    """Let an attachment have another file."""
    scope, sheet = _scope(request, report), SHEETS["attachments"]
    attachment = get_object_or_404(scope.rows(sheet), pk=row_id)
    try:
        drafting.replace_file(attachment, check_upload(request.FILES.get("file")), by=request.user)
        messages.success(request, _("파일을 바꾸었습니다."))
    except deletion_responses.AlreadyDeleted:
        return deletion_responses.redirect_already_deleted(request, scope.address(sheet))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    return redirect(scope.address(sheet, "row", row_id))


def _photo_choice(request: SignedInRequest, report: Report) -> dict[str, Any]:
    """Return the filtered photos that are not in the report yet, and the filter form."""
    conference = report.conference
    districts = {str(row.pk): row for row in conference.districts.all()}
    sessions_ = NameIndex(conference.sessions.exclude(kind__in=todo_counts.UNREPORTED_KINDS)).choices
    filter_form = PhotoFilterForm(request.GET, districts=districts, sessions=sessions_)
    rows = photos.filter_photos(conference, **filter_form.query_arguments).exclude(report_photos__report=report)
    return {"filters": filter_form, "choice": rows[:PHOTO_CHOICES_MAX]}
