"""The layout of a table: on paper with merged cells, on a phone as a list of its rows.

A list has no merged cells. What a cell says of every row of its group moves to the group's head there (class
``common``); a cell over some of the rows is repeated in each of them (class ``again``, shown there only).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, TypedDict

from reports.content import CellContent, RowContent, TableBlock, TableColumnContent


class LaidColumn(TableColumnContent):
    width_class: str


class LaidCell(CellContent):
    """A cell of one body of the table, as it is drawn."""

    tag: str
    scope: str
    label: str  # written before the text on a phone
    classes: str


class LaidRow(TypedDict):
    role: str
    cells: list[LaidCell]


class LaidTable(TypedDict):
    id: str
    caption: str
    columns: list[LaidColumn]
    groups: list[list[LaidRow]]
    is_fixed: bool  # some columns have a width


class Reach(NamedTuple):
    """A cell in a row; it may begin in a row above."""

    column: int
    cell: CellContent
    left: int  # rows that it covers from here, this one included


# Widths in mm that paper.css has as classes, because the Content-Security-Policy forbids style attributes.
MIN_WIDTH, MAX_WIDTH, WIDTH_STEP = 10, 80, 2
# Rows that fit on one page even at three lines each. A longer group is cut, and a cell across the cut is repeated, because
# a merged cell on two pages breaks PDF/UA.
MAX_GROUP_ROWS = 16


def lay_out_table(block: TableBlock) -> LaidTable:
    """Return the table ``block`` with widths as classes and every cell with its place, heading and tag."""
    columns: list[LaidColumn] = [
        {**column, "width_class": width_class(column.get("width"))} for column in block["columns"]
    ]
    free = [index for index, column in enumerate(columns) if not column["width_class"]]
    # The only column without a width has the main content; on a phone it needs no label.
    unlabelled = free[0] if len(free) == 1 else None
    labels = ["" if index == unlabelled else column["heading"] for index, column in enumerate(columns)]
    groups = [group for rows in block["groups"] for group in _lay_out_group(rows, labels)]
    is_fixed = len(free) < len(columns)
    return {"id": block["id"], "caption": block["caption"], "columns": columns, "groups": groups, "is_fixed": is_fixed}


def width_class(millimetres: int | None) -> str:
    """Return the class of the nearest width that paper.css knows; none for a column that takes what is left."""
    if not millimetres:
        return ""
    return f"w{min(MAX_WIDTH, max(MIN_WIDTH, WIDTH_STEP * round(millimetres / WIDTH_STEP)))}"


def _lay_out_group(rows: list[RowContent], labels: list[str]) -> Iterator[list[LaidRow]]:
    laid = list(_cells_by_row(rows))
    for start in range(0, len(laid), MAX_GROUP_ROWS):
        part = laid[start : start + MAX_GROUP_ROWS]
        ordinary = sum(not row["role"] for row in rows[start : start + MAX_GROUP_ROWS])
        common: set[int] = set()
        group: list[LaidRow] = []
        for index, (row, places) in enumerate(zip(rows[start:], part, strict=False)):
            cells: list[LaidCell] = []
            for column, cell, left in places:
                span = min(left, len(part) - index)
                is_own = index == 0 or left == cell.get("rows", 1)
                if is_own and 1 < span == ordinary:
                    common.add(column)
                if is_own or column not in common:
                    label = labels[column] if column < len(labels) else ""
                    shown = _cell(cell, span=span, scope=_scope(column, cell, row["role"]), label=label)
                    cells.append(
                        _add_class(shown, "common" if column in common else "") if is_own else _repeated_cell(shown)
                    )
            group.append({"role": row["role"], "cells": cells})
        yield group


def _cells_by_row(rows: list[RowContent]) -> Iterator[list[Reach]]:
    """Yield for each row (column, cell, rows left from here), cells that reach down into it included."""
    reaching: dict[int, Reach] = {}
    for row in rows:
        own, places, column = list(row["cells"]), list[Reach](), 0
        while column in reaching or own:
            if column in reaching:
                place = reaching.pop(column)
            else:
                cell = own.pop(0)
                place = Reach(column, cell, cell.get("rows", 1))
            places.append(place)
            if place.left > 1:
                reaching[column] = place._replace(left=place.left - 1)
            column += place.cell.get("cols", 1)
        yield places


def _cell(cell: CellContent, *, span: int, scope: str, label: str) -> LaidCell:
    cols, is_head = cell.get("cols", 1), cell.get("head", False)
    return {
        **cell,
        "rows": span,
        "cols": cols,
        "tag": "th" if is_head else "td",
        "scope": scope if is_head else "",
        "label": label if cols == 1 and not is_head else "",
        "classes": "centred" if cell.get("align") == "center" else "",
    }


def _repeated_cell(cell: LaidCell) -> LaidCell:
    again: LaidCell = {**cell, "rows": 1, "tag": "td", "scope": ""}
    return _add_class(again, "again again-head" if cell["tag"] == "th" else "again")


def _add_class(cell: LaidCell, name: str) -> LaidCell:
    return {**cell, "classes": f"{cell['classes']} {name}".strip()}


def _scope(column: int, cell: CellContent, role: str) -> str:
    if role == "part" and cell.get("cols", 1) > 1:
        return "rowgroup"
    return "row" if column == 0 else "col"
