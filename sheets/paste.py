"""Reading of text pasted from spreadsheets, and writing of workbooks; an exported table can be pasted back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from rows.whole_numbers import parse_keys
from sheets import table as tables
from sheets.cells import CellField, normalise_newlines
from sheets.declaration import ROWS_MAX
from sheets.row_form import VERSION, RowForm
from sheets.sheet_context import SheetContext
from sheets.table import ID, LINES_MAX, SentLine, Table, TableLines

NUMBER = "자료번호"  # heading of the column that identifies a row that is pasted back
WIDTHS = (10, 60)  # letters of a column, least and most
TEXT_MAX = 500_000  # letters pasted at once
SHEET_NAME_MAX = 31  # letters, of a workbook's sheet
NO_SHEET_NAME = str.maketrans(dict.fromkeys(r"[]:*?/\'", " "))

Headings = Sequence[tuple[str, str, bool]]  # (field, label, whether required)


# A spreadsheet quotes a cell that contains a tab or a line end; any other quotation mark is part of the text.
CELL = re.compile(r'(?:"((?:[^"]|"")*+)"|([^\t\n]*))(\t|\n|\Z)')


def split_cells(text: str) -> list[list[str]]:
    """Return the cells of text copied from a spreadsheet, line by line. Raises ValidationError if it is too much."""
    if len(text) > TEXT_MAX:
        raise ValidationError(_("한 번에 %(most)s자까지 붙여 넣을 수 있습니다.") % {"most": f"{TEXT_MAX:,}"})
    text, at, rows = normalise_newlines(text).rstrip("\n"), 0, [[]]
    while at < len(text):
        match = CELL.match(text, at)
        rows[-1].append(match[2] if match[1] is None else match[1].replace('""', '"'))
        at = match.end()
        if match[3] == "\n":
            rows.append([])
    return rows


def parse_table(text: str, table: Table) -> list[SentLine]:
    """Return the lines of text copied from a spreadsheet. Raises ValidationError that says what to correct.

    A first line with headings may have them in any order; without headings the columns are those of the table.
    """
    rows = [row for row in split_cells(text) if any(map(str.strip, row))]
    if not rows:
        raise ValidationError(_("붙여 넣은 내용이 없습니다. 표 계산 프로그램에서 칸을 복사해 넣어 주세요."))
    columns, rows = _match_columns(rows, table)
    if len(rows) > ROWS_MAX:
        raise ValidationError(
            _("한 번에 %(most)d줄까지 붙여 넣을 수 있습니다(%(count)d줄).") % {"most": ROWS_MAX, "count": len(rows)}
        )
    return _to_lines(rows, columns, table)


Rows = Sequence[Sequence[str]]


def _match_columns(rows: Rows, table: Table, column: int = 0) -> tuple[list[str], Rows]:
    """Return the fields that the first line names, if it has headings, and the lines below it.

    Otherwise return the table's fields from ``column`` on, and all lines. Raises ValidationError if a column would be lost.
    """
    known = {_normalise_heading(label): name for name, label, _required in table.headings}
    known |= {
        _normalise_heading(str(field.label)): name for name, (field, _value) in table.blank_form.implied_columns.items()
    }
    known |= {**table.blank_form.extra_headings, NUMBER: ID}
    heads = [head.strip() for head in rows[0]] if rows else []
    fields = [known.get(_normalise_heading(head), "") for head in heads]
    if sum(map(bool, fields)) * 2 <= sum(map(bool, heads)):
        return [name for name, _label, _required in table.headings][column:], rows
    columns = list(zip(heads, fields, strict=True))
    filled = {at for row in rows[1:] for at, cell in enumerate(row) if cell.strip()}
    unknown = [head or _("(이름 없는 열)") for at, (head, name) in enumerate(columns) if not name and at in filled]
    if unknown:
        values = {"lost": ", ".join(unknown), "names": ", ".join(label for _name, label, _required in table.headings)}
        raise ValidationError(
            _(
                "이 표에 없는 열입니다: %(lost)s. 그 열을 빼거나 열 이름을 고쳐 다시 붙여 넣어 주세요. 쓸 수 있는 열: %(names)s"
            )
            % values
        )
    if duplicates := [head for head, name in columns if name and fields.count(name) > 1]:
        raise ValidationError(
            _("같은 칸에 들어갈 열이 둘 이상입니다: %(twice)s. 하나만 남겨 다시 붙여 넣어 주세요.")
            % {"twice": ", ".join(duplicates)}
        )
    return fields, rows[1:]


def _to_lines(rows: Rows, columns: Sequence[str], table: Table) -> list[SentLine]:
    """Put the cells under their columns. Raises ValidationError if one would be lost."""
    for at, row in enumerate(rows, 1):
        if any(map(str.strip, row[len(columns) :])):
            values = {"number": at, "count": len(row), "most": len(columns)}
            raise ValidationError(
                _(
                    "%(number)d번째 줄에 칸이 %(count)d개 있습니다. %(most)d개까지 쓸 수 있습니다. 열 이름을 함께 복사하면 어느 칸인지 알 수 있습니다."
                )
                % values
            )
    lines = [{column: [cell] for column, cell in zip(columns, row, strict=False) if column} for row in rows]
    for at, line in enumerate(lines, 1):
        for name, (field, value) in table.blank_form.implied_columns.items():
            _check_implied(field, value, "".join(line.pop(name, [])), at)
    return lines


def _check_implied(field: CellField, value: Any, text: str, at: int) -> None:
    """Check that the cell of a hidden column has its only value. Raises ValidationError if not."""
    try:
        is_same = field.to_python(text) in {None, value}
    except ValidationError:
        is_same = False
    if not is_same:
        values = {"number": at, "label": field.label, "text": text, "value": field.show(value)}
        raise ValidationError(
            _("%(number)d번째 줄의 %(label)s ‘%(text)s’: 이 표의 %(label)s은(는) 모두 %(value)s입니다.") % values
        )


def _normalise_heading(text: str) -> str:
    return "".join(text.split()).removesuffix(f"({_('필수')})").removesuffix("*")  # as copied from the page


def merge_rows(context: SheetContext, lines: TableLines, pasted: Sequence[SentLine]) -> None:
    """Put pasted lines into the table: over the row with their number, also of another page, or at the end.

    Rows that the person may not change stay as they are. Raises ValidationError if there are too many lines.
    """
    table = tables.load_sent(context, lines, is_checked=False)  # it also removes lines of deleted rows
    lines.sent = [
        line for line, form in zip(lines.sent, table.forms, strict=True) if not form.is_new or form.touched_fields
    ]
    known_lines = {"".join(line[ID]): line for line in lines.sent if line.get(ID)}
    missing_keys = {"".join(line.get(ID, [])).strip() for line in pasted} - {*known_lines}
    other_rows = context.all_rows.filter(pk__in=parse_keys(missing_keys))
    for form in tables.load_rows(context, other_rows).forms:
        known_lines[str(form.instance.pk)] = _line_of_form(form)
    for line in pasted:
        key = "".join(line.pop(ID, [])).strip()
        if key not in known_lines:
            _require_new_lines(context)
            lines.sent.append(line)
        elif tables.has_cells(known_lines[key]):  # a line without cells is read-only
            known_lines[key].update(line)
            if key in missing_keys:
                lines.sent.append(known_lines[key])
                missing_keys.remove(key)
    if len(lines.sent) > LINES_MAX:
        raise ValidationError(too_many_lines(len(lines.sent)))


def _require_new_lines(context: SheetContext) -> None:
    """Refuse a line that is no row of the table, where no lines are added. Raises ValidationError."""
    if not context.can_add:
        raise ValidationError(
            _(
                "이 표에는 줄을 더할 수 없습니다. 내려받은 표의 ‘자료번호’ 열을 함께 복사하거나, 표에 있는 줄 수만큼만 붙여 넣어 주세요."
            )
        )


def too_many_lines(count: int) -> str:
    """Return the error text for a table with too many lines."""
    values = {"most": LINES_MAX, "count": count}
    return _("한 화면에 %(most)d줄까지 쓸 수 있습니다(%(count)d줄). 먼저 저장한 다음 이어서 적어 주세요.") % values


def _line_of_form(form: RowForm) -> SentLine:
    """Return the line of a row as its page would send it."""
    key = {ID: [str(form.instance.pk)]}
    return key | {name: [form.stored_text(name)] for name in form.fields} if form.is_editable else key


def split_texts(lines: TableLines, name: str) -> None:
    """Make a line of each line of text that a new row has in that field, if there is room for all of them."""
    split: list[SentLine] = []
    for line in lines.sent:
        texts = [text for text in "".join(line.get(name, [])).splitlines() if text.strip()]
        is_split = ID not in line and len(texts) > 1
        split += [{**line, VERSION: [], name: [text]} for text in texts] if is_split else [line]
    lines.sent = split if len(split) <= LINES_MAX else lines.sent


def fill_cells(lines: TableLines, text: str, table: Table, at: int = 0, column: int = 0) -> None:
    """Put pasted cells over the table's cells, from one cell to the right and down; new lines are added at the end.

    If the text has headings, they name the columns, and its numbers name the rows. Lines that the person may not change
    are skipped. Raises ValidationError if a cell would be lost.
    """
    columns, rows = _match_columns(copied := split_cells(text), table, column)
    if not rows:  # the text is one word that is also a heading
        columns, rows = [name for name, _label, _required in table.headings][column:], copied
    pasted = _to_lines(rows, columns, table)
    if ID in columns:
        merge_rows(table.context, lines, pasted)
        return
    typed = list(lines.sent)
    if at > len(typed):
        raise ValidationError(_("붙여 넣을 칸이 표에 없습니다. 화면을 새로 열고 다시 붙여 넣어 주세요."))
    for line in pasted:
        while at < len(typed) and set(typed[at]) == {ID}:
            at += 1
        if at >= len(typed):
            _require_new_lines(table.context)
        typed[at : at + 1] = [{**(typed[at] if at < len(typed) else {}), **line}]
        at += 1
    if len(typed) > LINES_MAX:
        raise ValidationError(too_many_lines(len(typed)))
    lines.sent = typed


def make_table_workbook(title: str, heads: Headings, rows: Iterable[tuple[int, Sequence[str]]]) -> bytes:
    """Return an XLSX of (number, texts) rows, which can be pasted back."""
    lines = [[NUMBER, *(label for _name, label, _required in heads)]]
    return make_workbook(title, lines + [[str(number), *cells] for number, cells in rows])


def make_workbook(title: str, lines: Sequence[Sequence[Any]]) -> bytes:
    """Return an XLSX whose first line is the heading. Every cell is text: nothing in it is ever a formula."""
    from openpyxl import Workbook
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Alignment, Font

    workbook = Workbook()
    page = workbook.active
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
    workbook.save(out)
    return out.getvalue()
