"""A sheet for one request: its conference, the rows that the address selects, and what the person may do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from conference.exchange.row_lists import path_to_conference
from conference.models import Conference
from conference.permissions import ConferencePermissions, ConferenceRequest
from rows.models import Row
from rows.whole_numbers import parse_whole_number
from sheets.declaration import Sheet
from sheets.references import ReferenceIndex
from sheets.row_form import VERSION, RowForm

ROWS_MAX = 200  # of one page; what is posted beyond is nobody's form
PAGES_MAX = 999


@dataclass(frozen=True)
class SheetContext:
    """``preset``: the values that all rows of the page share; ``filters``: further filters of the address."""

    sheet: Sheet
    conference: Conference
    permissions: ConferencePermissions
    user: User
    preset: dict[str, Row]
    filters: dict[str, Row]
    has_all_columns: bool  # whether the table also shows the fields that are otherwise on the row's page only
    page: int
    query: str
    menu: str = ""  # entry of the menu, if the sheet was opened as its first one

    @classmethod
    def from_request(
        cls, request: ConferenceRequest, conference: Conference, sheet: Sheet, *, menu: str = ""
    ) -> SheetContext:
        """Read the context from the address. Raises PermissionDenied if the person may not view the sheet, or Http404."""
        permissions = request.permissions
        if not sheet.can_view(permissions):
            raise PermissionDenied
        names = (sheet.parent_field, *sheet.filter_fields)
        keys = {name: request.GET[name] for name in names if name and name in request.GET}
        rows = {name: _get_filter_row(sheet, conference, name, pk) for name, pk in keys.items()}
        return cls(
            sheet,
            conference,
            permissions,
            request.user,
            preset={name: row for name, row in rows.items() if name == sheet.parent_field},
            filters={name: row for name, row in rows.items() if name != sheet.parent_field},
            has_all_columns="more" in request.GET,
            page=max(1, parse_whole_number(request.GET.get("page", ""), maximum=PAGES_MAX) or 1),
            query=request.GET.urlencode(),
            menu=menu,
        )

    @property
    def columns(self) -> list[str]:
        """Fields of the form that the table shows."""
        shown = [name for name in self.sheet.columns.split() if name not in self.preset]
        return [*shown, *self.extra_columns] if self.has_all_columns else shown

    @cached_property
    def extra_columns(self) -> list[str]:
        """Fields that are on the row's page only."""
        known = {*self.sheet.columns.split(), VERSION, *self.preset}
        return [name for name in self.sheet.form_class.base_fields if name not in known]

    @property
    def rows(self) -> QuerySet[Any]:
        """Every row that the address selects."""
        return self.sheet.rows(self.conference).filter(**self.preset, **self.filters)

    @property
    def first_position(self) -> int:
        """How many rows are on the pages before."""
        return (self.page - 1) * ROWS_MAX

    def count_rows(self, rows_of_page: Sequence[Any]) -> int:
        """How many rows there are; ``rows_of_page``: the rows of this page, which may save the query."""
        return len(rows_of_page) if self.page == 1 and len(rows_of_page) < ROWS_MAX else self.rows.count()

    @property
    def can_add(self) -> bool:
        """Whether the person may make new rows."""
        return self.sheet.can_add(self.permissions)

    @property
    def can_reorder(self) -> bool:
        """Whether lines may be moved; not if a filter hides some of the lines between them."""
        return self.sheet.is_ordered and not self.filters and self.can_add

    @property
    def address(self) -> str:
        """The address of the table, with its filters."""
        slug = self.conference.slug
        address = (
            reverse(f"desk-{self.menu}", args=[slug]) if self.menu else reverse("sheet", args=[slug, self.sheet.name])
        )
        return f"{address}?{self.query}" if self.query else address

    def row_address(self, pk: int | None) -> str:
        """The address of the page of one row, or of a new one if ``pk`` is None, with the table's filters."""
        slug, name = self.conference.slug, self.sheet.name
        address = reverse("sheet-new", args=[slug, name]) if pk is None else reverse("sheet-row", args=[slug, name, pk])
        return f"{address}?{self.query}" if self.query else address

    def build_form(
        self, data: Any = None, *, row: Row | None = None, references: ReferenceIndex | None = None, **line: Any
    ) -> RowForm:
        """Return the form of a row, or of a new one; ``line``: what makes it a line of a table."""
        return self.sheet.form_class(
            data,
            instance=row,
            references=references or ReferenceIndex(self.conference),
            preset=self.preset,
            permissions=self.permissions,
            **line,
        )

    def can_edit(self, form: RowForm) -> bool:
        """Whether the person may change the form's row."""
        return self.can_add if form.is_new else self.sheet.can_edit(self.permissions, form.instance)

    def can_save(self, form: RowForm) -> bool:
        """Whether a valid form leaves a row that the person may still change; if not, the form says so."""
        if self.sheet.can_edit(self.permissions, form.instance):
            return True
        form.add_error(None, _("담당하는 자치구와 분야의 자료만 저장할 수 있습니다. 자치구나 분야를 확인해 주세요."))
        return False


def _get_filter_row(sheet: Sheet, conference: Conference, path: str, pk: str) -> Row:
    model = sheet.model
    for name in path.split("__"):
        model = model._meta.get_field(name).related_model
    if parse_whole_number(pk) is None:
        raise Http404
    return get_object_or_404(model, pk=parse_whole_number(pk), **{path_to_conference(model): conference})
