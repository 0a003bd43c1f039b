"""A sheet for one request: the rows that the address selects, and what the person may do with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.requests import SignedInRequest
from conference.exchange.row_lists import path_to_conference
from conference.models import Conference
from rows.models import Row
from rows.whole_numbers import parse_whole_number
from sheets.declaration import Sheet, get_sheet
from sheets.references import ReferenceIndex
from sheets.row_form import VERSION, RowForm
from sheets.scope import SheetScope

PAGES_MAX = 999


@dataclass(frozen=True)
class SheetContext:
    """``parent``: what the rows belong to, if the address says so; ``filters``: further filters of the address."""

    sheet: Sheet
    scope: SheetScope
    parent: dict[str, Row]
    filters: dict[str, Row]
    has_all_columns: bool  # whether the table also shows the fields that are otherwise on the row's page only
    page: int
    query: str
    place: str = ""  # address of the page that shows the table, if it is not the sheet's own

    @classmethod
    def from_request(
        cls, request: SignedInRequest, scope: SheetScope, sheet: Sheet, *, place: str = ""
    ) -> SheetContext:
        """Read the context from the address. Raises PermissionDenied if the person may not view the sheet, or Http404."""
        if not sheet.can_view(scope.permissions):
            raise PermissionDenied
        names = (sheet.parent_field, *sheet.filter_fields)
        keys = {name: request.GET[name] for name in names if name and name in request.GET}
        rows = {name: _get_filter_row(sheet, scope.conference, name, pk) for name, pk in keys.items()}
        return cls(
            sheet,
            scope,
            parent={name: row for name, row in rows.items() if name == sheet.parent_field},
            filters={name: row for name, row in rows.items() if name != sheet.parent_field},
            has_all_columns="more" in request.GET,
            page=max(1, parse_whole_number(request.GET.get("page", ""), maximum=PAGES_MAX) or 1),
            query=request.GET.urlencode(),
            place=place,
        )

    @property
    def conference(self) -> Conference:
        """The conference to which all rows belong."""
        return self.scope.conference

    @cached_property
    def preset(self) -> dict[str, Any]:
        """The values that all rows of the page share."""
        return {**self.scope.preset, **self.sheet.preset, **self.parent}

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
        return self.all_rows.filter(**self.parent, **self.filters)

    @property
    def all_rows(self) -> QuerySet[Any]:
        """Every row of the sheet in its scope: no other can be edited, whatever is sent."""
        return self.scope.rows(self.sheet)

    @property
    def rows_with_child_counts(self) -> QuerySet[Any]:
        """Every row, annotated with the number of its rows in each child sheet: ``n_<sheet>``."""
        return self.all_rows.annotate(
            **{f"n_{name}": get_sheet(name).count_subquery for name in self.sheet.child_sheets}
        )

    @property
    def first_position(self) -> int:
        """The number of rows on the pages before."""
        return (self.page - 1) * self.sheet.page_size

    def count_rows(self, rows_of_page: Sequence[Any]) -> int:
        """Return the number of rows; ``rows_of_page``: the rows of this page, which may save the query."""
        return len(rows_of_page) if self.page == 1 and len(rows_of_page) < self.sheet.page_size else self.rows.count()

    @property
    def can_add(self) -> bool:
        """Whether the person may add rows."""
        return self.sheet.has_new_lines and self.can_remove

    @property
    def can_remove(self) -> bool:
        """Whether the person may delete rows that they may edit."""
        return self.sheet.can_add(self.scope.permissions)

    @property
    def can_reorder(self) -> bool:
        """Whether lines may be moved; they may not if a filter hides lines between them."""
        return self.sheet.is_ordered and not self.filters and self.can_remove

    @property
    def address(self) -> str:
        """The address of the table, with its filters."""
        return self._with_filters(self.place or self.whole_address)

    @property
    def whole_address(self) -> str:
        """The address of the table without filters."""
        return self.scope.address(self.sheet)

    @property
    def xlsx_address(self) -> str:
        """The address of the workbook, with the table's filters."""
        return self._with_filters(self.scope.address(self.sheet, "xlsx"))

    @property
    def new_address(self) -> str:
        """The address of the page of a new row, with the table's filters."""
        return self._with_filters(self.scope.address(self.sheet, "new"))

    def row_address(self, pk: int | None) -> str:
        """The address of the page of one row, or of a new one if ``pk`` is None, with the table's filters."""
        return self.new_address if pk is None else self._with_filters(self.scope.address(self.sheet, "row", pk))

    def _with_filters(self, address: str) -> str:
        return f"{address}?{self.query}" if self.query else address

    def build_form(
        self, data: Any = None, *, row: Model | None = None, references: ReferenceIndex | None = None, **line: Any
    ) -> RowForm:
        """Return the form of a row, or of a new one; ``line``: arguments for a line of a table."""
        return self.sheet.form_class(
            data,
            instance=row,
            references=references or ReferenceIndex(self.conference),
            preset=self.preset,
            permissions=self.scope.permissions,
            **line,
        )

    def can_edit(self, form: RowForm) -> bool:
        """Whether the person may change the form's row."""
        return self.can_add if form.is_new else self.can_edit_row(form.instance)

    def can_edit_row(self, row: Row) -> bool:
        """Whether the person may change a stored row."""
        return self.sheet.can_edit(self.scope.permissions, row)

    def can_save(self, form: RowForm) -> bool:
        """Whether a valid form leaves a row that the person may still change; if not, the form says so."""
        if self.can_edit_row(form.instance):
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
