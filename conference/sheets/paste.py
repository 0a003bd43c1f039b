"""Between a table and a spreadsheet: pasted text in, a workbook out; one can be put back as the other came."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from conference.forms.cells import ends_of_lines
from conference.forms.rows import RowForm
from conference.sheets import table as tables
from conference.sheets.opened import ROWS_MAX, Opened, number
from conference.sheets.table import ID, LINES_MAX, Lines, Typed

NUMBER = "자료번호"  # heading of the column by which a row that comes back is known
WIDTHS = (10, 60)  # letters of a column, least and most
SHEET_NAME_MAX = 31  # letters, of a workbook's sheet
NO_SHEET_NAME = str.maketrans(dict.fromkeys(r"[]:*?/\'", " "))

Heads = Sequence[tuple[str, str, bool]]  # (field, label, whether required)


# A cell is quoted where it holds what parts cells or lines; a quotation mark elsewhere is one that somebody wrote.
CELL = re.compile(r'(?:"((?:[^"]|"")*+)"|([^\t\n]*))(\t|\n|\Z)')


def cells(text: str) -> list[list[str]]:
    """Return the cells of what a spreadsheet puts into the clipboard, line by line."""
    text, at, rows = ends_of_lines(text).rstrip("\n"), 0, [[]]
    while at < len(text):
        found = CELL.match(text, at)
        rows[-1].append(found[2] if found[1] is None else found[1].replace('""', '"'))
        at = found.end()
        if found[3] == "\n":
            rows.append([])
    return rows


def read(text: str, heads: Heads) -> list[Typed]:
    """Return the lines of what was copied out of a spreadsheet. Raises ValidationError that says what to mend.

    A first line with the columns' names may put them in any order; without one they stand as in the table.
    """
    rows = [row for row in cells(text) if any(map(str.strip, row))]
    if not rows:
        raise ValidationError(_("붙여 넣은 내용이 없습니다. 표 계산 프로그램에서 칸을 복사해 넣어 주세요."))
    columns = [name for name, _label, _required in heads]
    if named := _named(rows[0], heads):
        columns, rows = named, rows[1:]
    if len(rows) > ROWS_MAX:
        raise ValidationError(
            _("한 번에 %(most)d줄까지 붙여 넣을 수 있습니다(%(count)d줄).") % {"most": ROWS_MAX, "count": len(rows)}
        )
    for at, row in enumerate(rows, 1):
        if len(row) > len(columns) and any(map(str.strip, row[len(columns) :])):
            told = {"number": at, "count": len(row), "most": len(columns)}
            raise ValidationError(
                _(
                    "%(number)d번째 줄에 칸이 %(count)d개 있습니다. %(most)d개까지 쓸 수 있습니다. 열 이름을 함께 복사하면 어느 칸인지 알 수 있습니다."
                )
                % told
            )
    return [{column: [cell] for column, cell in zip(columns, row, strict=False) if column} for row in rows]


def _named(first: Sequence[str], heads: Heads) -> list[str] | None:
    """Return the fields that a line of headings names, if it is one; a heading that is not ours is passed over."""
    known = {_plain(label): name for name, label, _required in heads} | {NUMBER: ID}
    found = [known.get(_plain(cell), "") for cell in first]
    return found if sum(map(bool, found)) * 2 > len([cell for cell in first if cell.strip()]) else None


def _plain(text: str) -> str:
    return "".join(text.split()).removesuffix(f"({_('필수')})")  # as copied from the page


def put(opened: Opened, lines: Lines, pasted: Sequence[Typed]) -> None:
    """Put pasted lines into the table: over the row whose number they bear, which may stand on another page, else below.

    Rows that are not the person's to change stay as they are. Raises ValidationError where it would be too much.
    """
    shown = tables.typed(opened, lines, is_checked=False)  # which settles the lines
    lines.typed = [line for line, form in zip(lines.typed, shown.forms, strict=True) if not form.is_new or form.touched]
    there = {"".join(line[ID]): line for line in lines.typed if line.get(ID)}
    wanted = {"".join(line.get(ID, [])).strip() for line in pasted} - {*there}
    elsewhere = opened.sheet.rows(opened.conference).filter(pk__in=[key for key in map(number, wanted) if key])
    for form in tables.stored(opened, elsewhere).forms:
        there[str(form.instance.pk)] = _as_typed(form)
    for line in pasted:
        key = "".join(line.pop(ID, [])).strip()
        if key not in there:
            lines.typed.append(line)
        elif tables.has_cells(there[key]):  # else it may only be read
            there[key].update(line)
            if key in wanted:
                lines.typed.append(there[key])
                wanted.remove(key)
    if len(lines.typed) > LINES_MAX:
        raise ValidationError(too_many(len(lines.typed)))


def too_many(count: int) -> str:
    """Why a line cannot be added."""
    told = {"most": LINES_MAX, "count": count}
    return _("한 화면에 %(most)d줄까지 쓸 수 있습니다(%(count)d줄). 먼저 저장한 다음 이어서 적어 주세요.") % told


def _as_typed(form: RowForm) -> Typed:
    """Return the line of a row as its page would send it."""
    key = {ID: [str(form.instance.pk)]}
    return key | {name: [form.shown(name)] for name in form.fields} if form.is_open else key


def over(lines: Lines, text: str, columns: Sequence[str], at: int = 0, column: int = 0) -> None:
    """Put pasted cells over the table's, from one cell on to the right and down; new lines follow where it ends.

    Lines that are not the person's to change are passed over, and what stands out on the right is dropped.
    """
    for row in cells(text):
        while at < len(lines.typed) and set(lines.typed[at]) == {ID}:
            at += 1
        if at >= min(len(lines.typed) + 1, LINES_MAX):
            break
        if at == len(lines.typed):
            lines.add()
        lines.typed[at] |= {name: [cell] for name, cell in zip(columns[column:], row, strict=False)}
        at += 1


def workbook(title: str, heads: Heads, rows: Iterable[tuple[int, Sequence[str]]]) -> bytes:
    """Return an XLSX of (number, texts) rows, which can be put back."""
    lines = [[NUMBER, *(label for _name, label, _required in heads)]]
    return book(title, lines + [[str(number), *cells] for number, cells in rows])


def book(title: str, lines: Sequence[Sequence[Any]]) -> bytes:
    """Return an XLSX whose first line is the heading. Every cell is text: nothing in it is ever a formula."""
    from openpyxl import Workbook
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Alignment, Font

    made = Workbook()
    page = made.active
    page.title = title.translate(NO_SHEET_NAME)[:SHEET_NAME_MAX].strip() or NUMBER
    for at, row in enumerate(lines, 1):
        for column, text in enumerate(row, 1):
            cell = page.cell(at, column, ILLEGAL_CHARACTERS_RE.sub("", text) or None)
            cell.data_type, cell.number_format = "s", "@"
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            cell.font = Font(bold=at == 1)
            letter = cell.column_letter
            width = max((len(line) * 2 for line in text.split("\n")), default=0)
            page.column_dimensions[letter].width = max(
                page.column_dimensions[letter].width if at > 1 else WIDTHS[0], min(width, WIDTHS[1])
            )
    page.freeze_panes = "A2"
    out = BytesIO()
    made.save(out)
    return out.getvalue()
