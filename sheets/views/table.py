"""Staff pages of a whole sheet: its table and its workbook. What sheets there are stands in ``<app>.sheets``."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import SignedInRequest
from conference.models import Conference
from conference.permissions import conference_page
from rows.whole_numbers import whole_number
from sheets import paste, saving
from sheets import table as tables
from sheets.declaration import Sheet, called, of_place
from sheets.row_form import VERSION
from sheets.sheet_context import ROWS_MAX, Opened
from sheets.table import Lines, Table
from sheets.views import conflict as second

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "HEAD", "POST"])
@conference_page()
def place(request: SignedInRequest, conference: Conference, name: str) -> HttpResponse:
    """A place of the menu: its first sheet, with the others as tabs."""
    return _page(request, conference, of_place(name)[0], place=name)


@require_http_methods(["GET", "HEAD", "POST"])
@conference_page()
def table(request: SignedInRequest, conference: Conference, sheet: str) -> HttpResponse:
    """Every row of one kind in one table form."""
    return _page(request, conference, called(sheet))


def _page(request: SignedInRequest, conference: Conference, sheet: Sheet, *, place: str = "") -> HttpResponse:
    """Show the table, or do what the button ``do`` says: save it, or rearrange what is typed and store nothing."""
    opened = Opened.by(request, conference, sheet, place=place)
    if request.method != "POST":
        return _drawn(request, tables.shown(opened))
    lines = Lines.posted(second.picked(request.POST))
    do = request.POST.get("do", "save")
    return _saved(request, opened, lines) if do == "save" else _rearranged(request, opened, lines, do)


def _rearranged(request: SignedInRequest, opened: Opened, lines: Lines, do: str) -> HttpResponse:
    what, *texts = do.split(":")
    numbers = [found for found in map(whole_number, texts) if found is not None]
    text, refused, went = request.POST.get("paste", ""), [], None
    if what in {"paste", "fill"}:
        table = tables.stored(opened, [])
        try:
            if what == "paste":
                paste.put(opened, lines, paste.read(text, table))
            else:
                paste.over(lines, text, table, *numbers[:2])
        except ValidationError as error:
            refused = error.messages
    elif what in {"add", "copy"} and lines.is_full:
        refused = [paste.too_many(len(lines.typed) + 1)]
    elif what == "restore" and numbers:
        lines.restore(numbers[0], order=list(opened.rows.values_list("pk", flat=True)))
    else:
        went = _press(opened.sheet, lines, what, numbers)
    found = tables.typed(opened, lines, is_checked=what in {"check", "paste", "fill"})
    found.look()
    return _drawn(request, found, refused=refused, pasted=text if refused else "", is_unsaved=True, went=went)


def _press(sheet: Sheet, lines: Lines, what: str, numbers: list[int]) -> int | None:
    """Rearrange the lines; return where a line that was moved went, which the sheet may know better than the button."""
    at = numbers[0] if numbers and numbers[0] < len(lines.typed) else None
    if what == "add":
        lines.add(at)
    elif at is not None and what in {"copy", "remove"}:
        getattr(lines, what)(at)
    elif at is not None:
        to = {"up": at - 1, "down": at + 1, "move": numbers[-1]}.get(what, at)
        if 0 <= to < len(lines.typed):
            return (sheet.move or Lines.move)(lines, at, to)
    return None


def _saved(request: SignedInRequest, opened: Opened, lines: Lines) -> HttpResponse:
    found, refused = tables.typed(opened, lines, is_checked=True), []
    changed, (order, start) = found.changed, found.order
    if not [form for form in changed if not (form.is_valid() and opened.is_right(form))]:
        try:
            counts = saving.keep(
                changed,
                conference=opened.conference,
                by=request.user,
                gone=found.gone,
                lost=found.lost,
                order=order,
                start=start,
            )
        except saving.Stale as stale:
            context = {"conference": opened.conference, "here": opened.sheet.place, "title": opened.sheet.title}
            return second.answer(request, stale, action=opened.address, back=opened.address, **context)
        except saving.Refused as error:
            refused = list(error.args)
        else:
            messages.success(request, _said(counts))
            return redirect(opened.address)
    found.look()
    return _drawn(request, found, refused=refused, is_unsaved=True, is_refused=True, status=422)


def _said(counts: dict[str, int]) -> str:
    names = {"added": _("더함"), "changed": _("고침"), "removed": _("지움")}
    done = ", ".join(f"{names[what]} {count}" for what, count in counts.items() if count)
    return _("저장했습니다(%(done)s).") % {"done": done} if done else _("바뀐 것이 없습니다.")


def _drawn(request: SignedInRequest, found: Table, *, status: int = 200, **context: Any) -> HttpResponse:
    opened = found.opened
    context |= {
        "conference": opened.conference,
        "here": opened.sheet.place,
        "opened": opened,
        "sheet": opened.sheet,
        "sheets": [sheet for sheet in of_place(opened.sheet.place) if sheet.may_see(opened.permissions)],
        "table": found,
        "lines": list(found.lines()),
        "of": next(iter(opened.preset.values()), None),
        "pages": range(1, -(-opened.count(found.rows) // ROWS_MAX) + 1),
    }
    is_part = request.headers.get("X-Part") == "table"  # static/js/table.js draws the table alone
    return render(request, "sheets/_table.html" if is_part else "sheets/sheet.html", context, status=status)


@require_safe
@conference_page()
def xlsx(request: SignedInRequest, conference: Conference, sheet: str) -> HttpResponse:
    """The whole sheet as a workbook; what is changed there can be pasted back."""
    opened = Opened.by(request, conference, called(sheet))
    found = tables.stored(opened, opened.rows)
    rows = [(form.instance.pk, [form.shown(name) for name in form.fields if name != VERSION]) for form in found.forms]
    title = str(opened.sheet.title)
    response = HttpResponse(paste.workbook(title, found.heads, rows), content_type=XLSX)
    name = f"{conference.slug} {title}.xlsx"
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return response
