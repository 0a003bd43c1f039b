"""What the rows of a page's sheets belong to: the conference, or something inside it, as one report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from conference import trash
from conference.models import Conference
from conference.permissions import ConferenceRequest
from rows.models import Row
from sheets.declaration import Sheet, all_sheets
from sheets.row_form import SheetPermissions


@dataclass(frozen=True)
class SheetScope:
    """The conference. A subclass is something inside it that has its own sheets, addresses and permissions.

    ``frame``: the template around the sheets' pages, with the blocks of ``desk/frame.html``.
    ``url_name``: begins the names of its addresses; ``-new``, ``-row``, ``-delete`` and ``-xlsx`` follow.
    """

    conference: Conference
    user: User
    permissions: SheetPermissions

    frame: ClassVar[str] = "desk/frame.html"
    url_name: ClassVar[str] = "sheet"

    @classmethod
    def from_request(cls, request: ConferenceRequest, conference: Conference) -> Self:
        """Return the scope of a page of the conference."""
        return cls(conference, request.user, request.permissions)

    @property
    def sheets(self) -> Mapping[str, Sheet]:
        """Its sheets by name."""
        return all_sheets()

    def get_sheet(self, name: str) -> Sheet:
        """Return the sheet of that name. Raises Http404."""
        if name not in self.sheets:
            raise Http404
        return self.sheets[name]

    @property
    def preset(self) -> dict[str, Any]:
        """The values that all its rows have in common: only such rows are found, and new rows get them."""
        return {}

    def rows(self, sheet: Sheet) -> QuerySet[Any]:
        """Every row of the sheet."""
        return sheet.rows(self.conference).filter(**self.preset, **sheet.preset)

    @property
    def url_args(self) -> tuple[Any, ...]:
        """What its addresses need besides the names of sheets and the keys of rows."""
        return (self.conference.slug,)

    def address(self, sheet: Sheet, page: str = "", *key: int) -> str:
        """Return the address of the table, or of a ``page``: ``new``, ``row``, ``delete`` (both with a key), ``xlsx``."""
        return reverse("-".join(filter(None, (self.url_name, page))), args=[*self.url_args, sheet.name, *key])

    def tabs(self, sheet: Sheet) -> list[tuple[str, Any, Sheet | None]]:
        """Return (address, title, its sheet if it has one) of the pages beside the sheet's and of its own."""
        shown = [other for other in self.sheets.values() if other.menu == sheet.menu]
        shown = [other for other in shown if other.can_view(self.permissions)]
        pages = {"overview": _("행사"), "people": _("담당자와 역할")}
        first = [
            (reverse(name, args=self.url_args), title, None) for name, title in pages.items() if name == sheet.menu
        ]
        return first + [(self.address(other), other.title, other) for other in shown] if shown[1:] else []

    def page_context(self, menu: str) -> dict[str, Any]:
        """Return what ``frame`` needs; ``menu``: the menu entry that has the page."""
        return {"conference": self.conference, "here": menu}

    @property
    def restore_hint(self) -> str:
        """Where a row that was deleted can be restored."""
        return _("‘바뀐 내용’에서 되돌릴 수 있습니다.")

    def delete(self, row: Row) -> None:
        """Delete a row so that ``trash`` can restore it. Raises ValidationError if that is refused."""
        trash.delete(row, conference=self.conference, by=self.user)

    def lock(self) -> None:
        """Called first in the transaction of every save and deletion; refuses by an exception."""

    def record_change(self) -> None:
        """Called last in that transaction, where anything was saved or deleted."""
