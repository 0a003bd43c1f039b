"""실적 확인: what came of sessions, presentations, exhibitors and guests, each in a table; one button confirms all as planned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, ClassVar, Self

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from conference.models import Conference
from conference.permissions import ConferencePermissions, ConferenceRequest, conference_page
from reports import drafting
from reports import outcomes as verbs
from reports.forms import outcomes as forms
from reports.views.context import ACTUALS, report_context
from sheets.declaration import Sheet
from sheets.row_form import RowForm
from sheets.scope import SheetScope
from sheets.sheet_context import SheetContext
from sheets.views.table import table_page, workbook

ALL = "all"  # name of the button that confirms all as planned
HINT = gettext_lazy("실제로 어떻게 되었는지 확인합니다. 먼저 모두 예정대로 확인하고, 다른 것만 고치세요.")
ROWS = {
    "sessions": verbs.reportable_sessions,
    "presentations": verbs.presentations_of,
    "exhibitors": verbs.exhibitors_of,
    "guests": verbs.guests_of,
}


def _sheet(name: str, title: Any, form_class: type[RowForm], columns: str, *, wide: str = "") -> Sheet:
    """Return a table of rows that are made elsewhere: none is added, removed or moved here."""
    return Sheet(
        name,
        title,
        "reports",
        form_class,
        columns,
        hint=HINT,
        can_edit=verbs.can_confirm,
        can_add=lambda _permissions: False,
        has_row_pages=False,
        wide=frozenset(wide.split()),
    )


SHEETS = {
    sheet.name: sheet
    for sheet in (
        _sheet(
            "sessions",
            gettext_lazy("세션 실적"),
            forms.SessionOutcomeForm,
            "title planned outcome starts ends headcount note",
            wide="title note",
        ),
        _sheet(
            "presentations",
            gettext_lazy("발표 실적"),
            forms.PresentationOutcomeForm,
            "title presenter district outcome",
            wide="title",
        ),
        _sheet(
            "exhibitors",
            gettext_lazy("참여 기업·단체 실적"),
            forms.ExhibitorOutcomeForm,
            "name district state outcome",
            wide="name",
        ),
        _sheet(
            "guests",
            gettext_lazy("주요 참석인사 확인"),
            forms.GuestAttendanceForm,
            "name affiliation attendance represented_by",
        ),
    )
}


@dataclass(frozen=True)
class OutcomeScope(SheetScope):
    """The rows that the person may confirm. ``draft_context``: the tabs of the draft of the person's office, if there is one."""

    permissions: ConferencePermissions
    draft_context: dict[str, Any]

    frame: ClassVar[str] = "reports/outcomes.html"

    @classmethod
    def from_request(cls, request: ConferenceRequest, conference: Conference) -> Self:
        """Return the scope of the page."""
        own = drafting.own_draft(request.user, conference)
        context = report_context(request, own, ACTUALS) if own else {}
        return cls(conference, request.user, request.permissions, context)

    @property
    def sheets(self) -> Mapping[str, Sheet]:
        return SHEETS

    @cached_property
    def own_rows(self) -> dict[str, list[Any]]:
        """Sheet → the rows that the person may confirm; sheets without any are left out."""
        found = {
            name: [row for row in rows(self.conference) if verbs.can_confirm(self.permissions, row)]
            for name, rows in ROWS.items()
        }
        return {name: rows for name, rows in found.items() if rows}

    def rows(self, sheet: Sheet) -> QuerySet[Any]:
        """Return the rows that the person may confirm, in order."""
        return ROWS[sheet.name](self.conference).filter(pk__in=[row.pk for row in self.own_rows.get(sheet.name, [])])

    def address(self, sheet: Sheet, page: str = "", *_key: int) -> str:
        """Return the address of the table, or of its workbook (``page``: ``xlsx``); a row has no page here."""
        return reverse(f"reports:outcomes{page and '-'}{page}", args=[self.conference.slug, sheet.name])

    def tabs(self, _sheet: Sheet) -> list[tuple[str, Any, Sheet | None]]:
        """Return none: the frame draws them, with the number of rows that nobody confirmed."""
        return []

    def page_context(self, menu: str) -> dict[str, Any]:
        """Return the tabs of the draft, and (address, sheet, number of rows that nobody confirmed) of each table."""
        tables = [
            (self.address(SHEETS[name]), SHEETS[name], sum(not verbs.is_confirmed(row) for row in rows))
            for name, rows in self.own_rows.items()
        ]
        more = {"outcome_tables": tables, "form_start": "reports/_confirm_all.html"}
        return super().page_context(menu) | self.draft_context | more


@require_http_methods(["GET", "HEAD", "POST"])
@conference_page()
def actuals(request: ConferenceRequest, conference: Conference) -> HttpResponse:
    """The first table that has rows for the person."""
    scope = OutcomeScope.from_request(request, conference)
    if scope.own_rows:
        return _table_page(request, scope, next(iter(scope.own_rows)), place=request.path)
    if request.method == "POST":
        raise PermissionDenied
    return render(request, scope.frame, scope.page_context("reports"))


@require_http_methods(["GET", "HEAD", "POST"])
@conference_page()
def outcomes(request: ConferenceRequest, conference: Conference, table: str) -> HttpResponse:
    """One of the tables."""
    return _table_page(request, OutcomeScope.from_request(request, conference), table)


def _table_page(request: ConferenceRequest, scope: OutcomeScope, name: str, *, place: str = "") -> HttpResponse:
    context = SheetContext.from_request(request, scope, scope.get_sheet(name), place=place)
    return table_page(request, context, then=partial(_confirm_all, request) if ALL in request.POST else None)


def _confirm_all(request: ConferenceRequest, context: SheetContext) -> None:
    """Confirm as planned what is over and the person's to confirm, whatever table is shown."""
    count = verbs.confirm_all(context.conference, permissions=request.permissions, by=request.user, at=timezone.now())
    if count:
        messages.success(request, _("미확인 %(count)d건을 예정대로 확인했습니다.") % {"count": count})
    else:
        messages.info(request, _("확인할 것이 없습니다. 끝난 세션·발표·전시 가운데 미확인인 것이 없습니다."))


@require_safe
@conference_page()
def outcomes_xlsx(request: ConferenceRequest, conference: Conference, table: str) -> HttpResponse:
    """One of the tables as a workbook; what is changed there can be pasted back."""
    scope = OutcomeScope.from_request(request, conference)
    return workbook(SheetContext.from_request(request, scope, scope.get_sheet(table)))
