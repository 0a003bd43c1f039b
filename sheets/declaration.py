"""What a sheet is, and which there are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404

from conference.exchange.row_lists import path_to_conference
from conference.models import Conference
from conference.permissions import ConferencePermissions
from rows import app_registry
from rows.models import OrderedRow, Row
from sheets.row_form import RowForm


def can_edit_all(permissions: ConferencePermissions, _row: Any = None) -> bool:
    """Shared facts: 총괄 and 담당."""
    return permissions.can_edit_all


@dataclass(frozen=True, eq=False)
class Sheet:
    """One kind of row.

    ``columns``: fields of the form that stand in the table; the others stand on the row's page alone.
    ``may``: whether the person may change that row. ``may_add``: whether the person may add rows.
    ``up``: foreign key by which ``?<up>=<pk>`` narrows the table, so that its rows need not name it.
    ``narrow``: further such keys, as paths; the rows still name them.
    ``below``: names of sheets whose rows hang on a row of this one.
    ``links``: (label, name of an address of slug and key) of what else belongs to a row, beside its fields.
    ``asked``: what the database is asked of the conference along with every row, which saves a query.
    ``beside``: says what is odd about lines as they stand, beside them; nothing is refused.
    """

    name: str
    title: Any
    place: str  # of the menu
    form: type[RowForm]
    columns: str
    hint: Any = ""
    up: str = ""
    narrow: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    links: tuple[tuple[Any, str], ...] = ()
    related: tuple[str, ...] = ()
    prefetched: tuple[Any, ...] = ()
    asked: Callable[[Conference], dict[str, Any]] = lambda _conference: {}
    may: Callable[[ConferencePermissions, Any], bool] = can_edit_all
    may_add: Callable[[ConferencePermissions], bool] = can_edit_all
    may_see: Callable[[ConferencePermissions], bool] = lambda _hand: True
    beside: Callable[[Conference, Sequence[RowForm]], dict[int, list[str]]] = lambda _conference, _forms: {}
    move: Callable[[Any, int, int], int] | None = None  # where the order is that of times, moving a line moves times
    wide: frozenset[str] = field(default_factory=frozenset)  # columns that need room

    @property
    def model(self) -> type[Row]:
        """The rows' model."""
        return self.form._meta.model

    @property
    def is_ordered(self) -> bool:
        """Whether the rows have an order of their own."""
        return issubclass(self.model, OrderedRow)

    def rows(self, conference: Conference) -> QuerySet[Any]:
        """Every row of the conference, in order."""
        path = path_to_conference(self.model)
        rows = self.model._default_manager.filter(**{path: conference})
        if self.up and path.startswith(f"{self.up}__"):  # rows of one owner stand together, owners in their order
            above = self.model._meta.get_field(self.up).related_model._meta.ordering
            rows = rows.order_by(*(f"{self.up}__{name}" for name in above), *self.model._meta.ordering)
        related = self.related or (None,)  # asked for no name, Django would join all there are
        return rows.annotate(**self.asked(conference)).select_related(*related).prefetch_related(*self.prefetched)

    def counted(self, conference: Conference) -> QuerySet[Any]:
        """Every row, each with how many rows of every sheet ``below`` hang on it: ``n_<sheet>``."""
        return self.rows(conference).annotate(**{f"n_{name}": called(name)._number for name in self.below})  # noqa: SLF001

    @property
    def _number(self) -> Coalesce:
        rows = self.model._default_manager.filter(**{self.up: OuterRef("pk")}).order_by().values(self.up)
        return Coalesce(Subquery(rows.annotate(number=Count("pk")).values("number")), 0)


@cache
def sheets() -> dict[str, Sheet]:
    """Every sheet of the house by its name in addresses."""
    return {sheet.name: sheet for room in app_registry.modules("sheets").values() for sheet in room.SHEETS}


def of_place(place: str) -> list[Sheet]:
    """The sheets of one place of the menu, in order."""
    return [sheet for sheet in sheets().values() if sheet.place == place]


def called(name: str) -> Sheet:
    """Return the sheet of that name. Raises Http404."""
    if name not in sheets():
        raise Http404
    return sheets()[name]
