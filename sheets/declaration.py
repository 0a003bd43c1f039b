"""The declaration of a sheet, and the list of all sheets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404

from conference.exchange.row_lists import path_to_conference
from conference.models import Conference
from rows import app_registry
from rows.models import OrderedRow, Row
from sheets.row_form import RowForm, SheetPermissions


def can_edit_all(permissions: SheetPermissions, _row: Any = None) -> bool:
    """Whether the person may edit shared facts: 총괄 and 담당."""
    return permissions.can_edit_all


ROWS_MAX = 200  # of one page; no form of ours posts more


@dataclass(frozen=True, eq=False)
class Sheet:
    """One kind of row.

    ``columns``: fields of the form that the table shows; the other fields are on the row's page only.
    ``can_edit``: whether the person may change that row. ``can_add``: whether the person may add and remove rows, and
    order them all.
    ``has_new_lines``: whether rows are added by typing lines; else they come from elsewhere (a pool, uploads).
    ``has_row_pages``: whether a row has a page of its own. ``page_size``: rows on a page of the table.
    ``preset``: values that all rows of the sheet have in common, where one model has several sheets.
    ``row_per_line``: a field; each line of the text that is typed there in a new row makes a row of its own.
    ``parent_field``: foreign key; ``?<parent_field>=<pk>`` limits the table to one parent, whose column is hidden then.
    ``filter_fields``: further paths by which the address may filter; their columns stay.
    ``child_sheets``: names of the sheets whose ``parent_field`` points to a row of this one.
    ``links``: (label, name of a URL that takes slug and key) of further pages of a row.
    ``annotations``: facts of the conference that are fetched together with the rows, which saves a query.
    ``row_warnings``: returns line number → warnings to show below that line; the table is saved in spite of them.
    """

    name: str
    title: Any
    menu: str  # the menu entry that has the sheet
    form_class: type[RowForm]
    columns: str
    hint: Any = ""
    parent_field: str = ""
    filter_fields: tuple[str, ...] = ()
    child_sheets: tuple[str, ...] = ()
    links: tuple[tuple[Any, str], ...] = ()
    related: tuple[str, ...] = ()
    prefetched: tuple[Any, ...] = ()
    annotations: Callable[[Conference], dict[str, Any]] = lambda _conference: {}
    can_edit: Callable[[Any, Any], bool] = can_edit_all
    can_add: Callable[[Any], bool] = can_edit_all
    can_view: Callable[[Any], bool] = lambda _permissions: True
    has_new_lines: bool = True
    has_row_pages: bool = True
    page_size: int = ROWS_MAX
    preset: Mapping[str, Any] = field(default_factory=dict)
    row_per_line: str = ""
    row_warnings: Callable[[Conference, Sequence[RowForm]], dict[int, list[str]]] = lambda _conference, _forms: {}
    move: Callable[[Any, int, int], int] | None = None  # changes the times if a line of rows in time order is moved
    wide: frozenset[str] = field(default_factory=frozenset)  # columns that need more width

    @property
    def model(self) -> type[Row]:
        """The rows' model."""
        return self.form_class._meta.model

    @property
    def is_ordered(self) -> bool:
        """Whether the rows have an order of their own."""
        return issubclass(self.model, OrderedRow)

    def rows(self, conference: Conference) -> QuerySet[Any]:
        """Every row of the conference, in order."""
        path = path_to_conference(self.model)
        rows = self.model._default_manager.filter(**{path: conference})
        parent = self.parent_field
        if parent and path.startswith(f"{parent}__"):  # rows are grouped by their parents
            parent_order = self.model._meta.get_field(parent).related_model._meta.ordering
            rows = rows.order_by(*(f"{parent}__{name}" for name in parent_order), *self.model._meta.ordering)
        related = self.related or (None,)  # without a name Django would join all relations
        return rows.annotate(**self.annotations(conference)).select_related(*related).prefetch_related(*self.prefetched)

    @property
    def count_subquery(self) -> Coalesce:
        """Return the subquery that counts the rows of one row of the parent sheet."""
        rows = self.model._default_manager.filter(**{self.parent_field: OuterRef("pk")}).order_by()
        rows = rows.values(self.parent_field)
        return Coalesce(Subquery(rows.annotate(number=Count("pk")).values("number")), 0)


@cache
def all_sheets() -> dict[str, Sheet]:
    """Every sheet of every app by its name in URLs."""
    return {sheet.name: sheet for module in app_registry.modules("sheets").values() for sheet in module.SHEETS}


def sheets_of_menu(menu: str) -> list[Sheet]:
    """The sheets of one entry of the menu, in order."""
    return [sheet for sheet in all_sheets().values() if sheet.menu == menu]


def get_sheet(name: str) -> Sheet:
    """Return the sheet of that name. Raises Http404."""
    if name not in all_sheets():
        raise Http404
    return all_sheets()[name]
