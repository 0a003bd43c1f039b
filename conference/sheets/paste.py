"""Between a table and a spreadsheet: pasted text in, a workbook out; one can be put back as the other came."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import BytesIO, StringIO
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from conference.sheets.table import ID, ROWS_MAX, Lines, Typed

NUMBER = "번호"  # heading of the column by which a row that comes back is known
WIDTHS = (10, 60)  # letters of a column, least and most
SHEET_NAME_MAX = 31  # letters, of a workbook's sheet
NO_SHEET_NAME = str.maketrans(dict.fromkeys(r"[]:*?/\'", " "))

Heads = Sequence[tuple[str, str, bool]]  # (field, label, whether required)


def read(text: str, heads: Heads) -> list[Typed]:
    """Return the lines of what was copied out of a spreadsheet. Raises ValidationError that says what to mend.

    A first line with the columns' names may put them in any order; without one they stand as in the table.
    """
    rows = [row for row in csv.reader(StringIO(text, newline=""), delimiter="\t") if any(map(str.strip, row))]
    if not rows:
        raise ValidationError(_("붙여 넣은 내용이 없습니다. 표 계산 프로그램에서 칸을 복사해 넣어 주세요."))
    columns = [name for name, _label, _required in heads]
    if named := _named(rows[0], heads):
        columns, rows = named, rows[1:]
    if len(rows) > ROWS_MAX:
        raise ValidationError(
            _("한 번에 %(most)d줄까지 붙여 넣을 수 있습니다(%(count)d줄).") % {"most": ROWS_MAX, "count": len(rows)}
        )
    for number, row in enumerate(rows, 1):
        if len(row) > len(columns) and any(map(str.strip, row[len(columns) :])):
            told = {"number": number, "count": len(row), "most": len(columns)}
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
    return "".join(text.split())


def put(lines: Lines, pasted: Iterable[Typed]) -> None:
    """Put pasted lines into the table: over the row whose number they bear, else below."""
    lines.typed = [line for line in lines.typed if any("".join(values).strip() for values in line.values())]
    there = {"".join(line[ID]): line for line in lines.typed if line.get(ID)}
    for line in pasted:
        number = "".join(line.pop(ID, [])).strip()
        if number in there:
            there[number].update(line)
        else:
            lines.typed.append(line)


def over(lines: Lines, text: str, columns: Sequence[str], at: int = 0, column: int = 0) -> None:
    """Put pasted cells over the table's, from one cell on to the right and down; new lines follow where it ends.

    Lines that are not the person's to change are passed over, and what stands out on the right is dropped.
    """
    for row in csv.reader(StringIO(text.rstrip("\r\n"), newline=""), delimiter="\t"):
        while at < len(lines.typed) and set(lines.typed[at]) == {ID}:
            at += 1
        if at >= min(len(lines.typed) + 1, ROWS_MAX):
            break
        if at == len(lines.typed):
            lines.add()
        lines.typed[at] |= {name: [cell] for name, cell in zip(columns[column:], row, strict=False)}
        at += 1


def workbook(title: str, heads: Heads, rows: Iterable[tuple[int, Sequence[str]]]) -> bytes:
    """Return an XLSX of (number, texts) rows. Every cell is text: nothing in it is ever a formula."""
    from openpyxl import Workbook
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Alignment, Font

    book = Workbook()
    page = book.active
    page.title = title.translate(NO_SHEET_NAME)[:SHEET_NAME_MAX].strip() or NUMBER
    texts: list[Sequence[Any]] = [[NUMBER, *(label for _name, label, _required in heads)]]
    texts += [[str(number), *cells] for number, cells in rows]
    for at, row in enumerate(texts, 1):
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
    book.save(out)
    return out.getvalue()
