"""Staff pages of a whole sheet: its table and its workbook. Each app declares its sheets in ``<app>.sheets``."""

from __future__ import annotations

from collections.abc import Callable
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
from conference.permissions import ConferenceRequest, conference_page
from rows.conflicts import SaveConflict, apply_choices
from rows.whole_numbers import parse_whole_number
from sheets import paste, saving
from sheets import table as tables
from sheets.declaration import Sheet, sheets_of_menu
from sheets.row_form import VERSION
from sheets.scope import SheetScope
from sheets.sheet_context import SheetContext
from sheets.table import Table, TableLines
from sheets.views.conflict import conflict_page

Next = Callable[[SheetContext], None]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "HEAD", "POST"])
@conference_page()
def menu_page(request: ConferenceRequest, conference: Conference, name: str) -> HttpResponse:
    """Show the first sheet of a menu entry, with the others as tabs."""
    scope = SheetScope.from_request(request, conference)
    return table_page(request, SheetContext.from_request(request, scope, sheets_of_menu(name)[0], place=request.path))


@require_http_methods(["GET", "HEAD", "POST"])
@conference_page()
def table(request: ConferenceRequest, conference: Conference, sheet: str) -> HttpResponse:
    """Show all rows of one sheet in one table form."""
    scope = SheetScope.from_request(request, conference)
    return table_page(request, SheetContext.from_request(request, scope, scope.get_sheet(sheet)))


def table_page(request: SignedInRequest, context: SheetContext, *, then: Next | None = None) -> HttpResponse:
    """Show the table, save it, or rearrange what was typed without saving, as the button ``do`` says.

    ``then``: what another button does and reports once the table is saved.
    """
    if request.method != "POST":
        return _render(request, tables.load_page(context))
    lines = TableLines.from_post(apply_choices(request.POST))
    if context.sheet.row_per_line:
        paste.split_texts(lines, context.sheet.row_per_line)
    do = request.POST.get("do", "save")
    return _save(request, context, lines, then) if do == "save" else _rearrange(request, context, lines, do)


def _rearrange(request: SignedInRequest, context: SheetContext, lines: TableLines, do: str) -> HttpResponse:
    what, *texts = do.split(":")
    numbers = [number for number in map(parse_whole_number, texts) if number is not None]
    text, refusals, moved_to = request.POST.get("paste", ""), [], None
    if what in {"paste", "fill"}:
        table = tables.load_rows(context, [])
        try:
            if what == "paste":
                paste.merge_rows(context, lines, paste.parse_table(text, table))
            else:
                paste.fill_cells(lines, text, table, *numbers[:2])
        except ValidationError as error:
            refusals = error.messages
    elif what in {"add", "copy"} and lines.is_full:
        refusals = [paste.too_many_lines(len(lines.sent) + 1)]
    elif what == "restore" and numbers:
        lines.restore(numbers[0], order=list(context.rows.values_list("pk", flat=True)))
    else:
        moved_to = _apply_button(context.sheet, lines, what, numbers)
    table = tables.load_sent(context, lines, is_checked=what in {"check", "paste", "fill"})
    table.add_warnings()
    return _render(
        request, table, refusals=refusals, pasted=text if refusals else "", is_unsaved=True, moved_to=moved_to
    )


def _apply_button(sheet: Sheet, lines: TableLines, what: str, numbers: list[int]) -> int | None:
    """Rearrange the lines; return the new position of a moved line, which the sheet may choose by its times."""
    at = numbers[0] if numbers and numbers[0] < len(lines.sent) else None
    if what == "add":
        lines.add(at)
    elif at is not None and what in {"copy", "remove"}:
        getattr(lines, what)(at)
    elif at is not None:
        to = {"up": at - 1, "down": at + 1, "move": numbers[-1]}.get(what, at)
        if 0 <= to < len(lines.sent):
            return (sheet.move or TableLines.move)(lines, at, to)
    return None


def _save(request: SignedInRequest, context: SheetContext, lines: TableLines, then: Next | None = None) -> HttpResponse:
    table, refusals = tables.load_sent(context, lines, is_checked=True), []
    changed_forms, (order, start) = table.changed_forms, table.new_order
    if not [form for form in table.checked_forms if not (form.is_valid() and context.can_save(form))]:
        try:
            counts = saving.save_forms(
                changed_forms, scope=context.scope, deleted=table.deleted, lost=table.lost, order=order, start=start
            )
        except SaveConflict as conflict:
            return conflict_page(request, conflict, context, action=context.address)
        except saving.SaveRefused as error:
            refusals = list(error.args)
        else:
            then(context) if then else messages.success(request, _counts_text(counts))
            return redirect(context.address)
    table.add_warnings()
    return _render(request, table, refusals=refusals, is_unsaved=True, is_refused=True, status=422)


def _counts_text(counts: dict[str, int]) -> str:
    names = {"added": _("더함"), "changed": _("고침"), "removed": _("지움")}
    done = [f"{name} {counts[what]}" for what, name in names.items() if counts[what]]
    done += [_("순서 바꿈")] if counts["moved"] and not done else []
    return _("저장했습니다(%(done)s).") % {"done": ", ".join(done)} if done else _("바뀐 것이 없습니다.")


def _render(request: SignedInRequest, table: Table, *, status: int = 200, **page_context: Any) -> HttpResponse:
    context = table.context
    page_context |= context.scope.page_context(context.sheet.menu)
    page_context |= {
        "sheet_context": context,
        "sheet": context.sheet,
        "frame": context.scope.frame,
        "sheet_tabs": context.scope.tabs(context.sheet),
        "table": table,
        "lines": list(table.lines()),
        "parent": next(iter(context.parent.values()), None),
        "pages": range(1, -(-context.count_rows(table.rows) // context.sheet.page_size) + 1),
    }
    is_part = request.headers.get("X-Part") == "table"  # static/js/table.js draws the table alone
    return render(request, "sheets/_table.html" if is_part else "sheets/sheet.html", page_context, status=status)


@require_safe
@conference_page()
def xlsx(request: ConferenceRequest, conference: Conference, sheet: str) -> HttpResponse:
    """The whole sheet as a workbook."""
    scope = SheetScope.from_request(request, conference)
    return workbook(SheetContext.from_request(request, scope, scope.get_sheet(sheet)))


def workbook(context: SheetContext) -> HttpResponse:
    """Return the rows that the address selects as XLSX; what is changed there can be pasted back."""
    table = tables.load_rows(context, context.rows)
    rows = [
        (form.instance.pk, [form.stored_text(name) for name in form.fields if name != VERSION]) for form in table.forms
    ]
    title = str(context.sheet.title)
    response = HttpResponse(paste.make_table_workbook(title, table.headings, rows), content_type=XLSX)
    name = f"{context.conference.slug} {title}.xlsx"
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return response
