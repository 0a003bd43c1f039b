"""A sheet as one person opened it: whose conference, which rows of it, and what the person may do."""

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
from rows.whole_numbers import whole_number
from sheets.declaration import Sheet
from sheets.references import Names
from sheets.row_form import VERSION, RowForm

ROWS_MAX = 200  # of one page; what is posted beyond is nobody's form
PAGES_MAX = 999


@dataclass(frozen=True)
class Opened:
    """``preset``: what all rows of the page share, and need not name; ``narrow``: by what else it is narrowed."""

    sheet: Sheet
    conference: Conference
    permissions: ConferencePermissions
    user: User
    preset: dict[str, Row]
    narrow: dict[str, Row]
    is_more: bool  # whether the table shows the fields too that else stand on the row's page alone
    page: int
    query: str
    place: str = ""  # of the menu, where it was opened as the first sheet of one

    @classmethod
    def by(cls, request: ConferenceRequest, conference: Conference, sheet: Sheet, *, place: str = "") -> Opened:
        """Open it as the address says. Raises PermissionDenied where the person may not look, or Http404."""
        permissions = request.permissions
        if not sheet.may_see(permissions):
            raise PermissionDenied
        wanted = {name: request.GET[name] for name in (sheet.up, *sheet.narrow) if name and name in request.GET}
        rows = {name: _row_named(sheet, conference, name, pk) for name, pk in wanted.items()}
        return cls(
            sheet,
            conference,
            permissions,
            request.user,
            preset={name: row for name, row in rows.items() if name == sheet.up},
            narrow={name: row for name, row in rows.items() if name != sheet.up},
            is_more="more" in request.GET,
            page=max(1, whole_number(request.GET.get("page", ""), most=PAGES_MAX) or 1),
            query=request.GET.urlencode(),
            place=place,
        )

    @property
    def columns(self) -> list[str]:
        """Fields of the form that stand in the table."""
        shown = [name for name in self.sheet.columns.split() if name not in self.preset]
        return [*shown, *self.others] if self.is_more else shown

    @cached_property
    def others(self) -> list[str]:
        """Fields that else stand on the row's page alone."""
        known = {*self.sheet.columns.split(), VERSION, *self.preset}
        return [name for name in self.sheet.form.base_fields if name not in known]

    @property
    def rows(self) -> QuerySet[Any]:
        """Every row that the address speaks of."""
        return self.sheet.rows(self.conference).filter(**self.preset, **self.narrow)

    @property
    def start(self) -> int:
        """How many rows stand on the pages before."""
        return (self.page - 1) * ROWS_MAX

    def count(self, seen: Sequence[Any]) -> int:
        """How many rows there are, of which those of one page were ``seen``."""
        return len(seen) if self.page == 1 and len(seen) < ROWS_MAX else self.rows.count()

    @property
    def may_add(self) -> bool:
        """Whether the person may make new rows."""
        return self.sheet.may_add(self.permissions)

    @property
    def may_order(self) -> bool:
        """Whether lines may be moved: not where the page leaves out some of those in between."""
        return self.sheet.is_ordered and not self.narrow and self.may_add

    @property
    def address(self) -> str:
        """The table, narrowed as it is."""
        slug = self.conference.slug
        found = (
            reverse(f"desk-{self.place}", args=[slug]) if self.place else reverse("sheet", args=[slug, self.sheet.name])
        )
        return f"{found}?{self.query}" if self.query else found

    def address_of(self, pk: int | None) -> str:
        """The page of one row, or of a new one where ``pk`` is None, narrowed as the table is."""
        slug, name = self.conference.slug, self.sheet.name
        found = reverse("sheet-new", args=[slug, name]) if pk is None else reverse("sheet-row", args=[slug, name, pk])
        return f"{found}?{self.query}" if self.query else found

    def form(self, data: Any = None, *, row: Row | None = None, names: Names | None = None, **line: Any) -> RowForm:
        """Return the form of a row, or of a new one; ``line``: what makes it a line of a table."""
        return self.sheet.form(
            data,
            instance=row,
            names=names or Names(self.conference),
            preset=self.preset,
            permissions=self.permissions,
            **line,
        )

    def may(self, form: RowForm) -> bool:
        """Whether the person may change the form's row."""
        return self.may_add if form.is_new else self.sheet.may(self.permissions, form.instance)

    def is_right(self, form: RowForm) -> bool:
        """Whether a valid form leaves a row that the person may still change; if not, the form says so."""
        if self.sheet.may(self.permissions, form.instance):
            return True
        form.add_error(None, _("담당하는 자치구와 분야의 자료만 저장할 수 있습니다. 자치구나 분야를 확인해 주세요."))
        return False


def _row_named(sheet: Sheet, conference: Conference, path: str, pk: str) -> Row:
    model = sheet.model
    for name in path.split("__"):
        model = model._meta.get_field(name).related_model
    if whole_number(pk) is None:
        raise Http404
    return get_object_or_404(model, pk=whole_number(pk), **{path_to_conference(model): conference})
