"""A table of the edition as its template prints it: on paper with merged cells, on a phone as a list of its rows.

A list has no merged cells. What a cell says of every row of its group moves to the group's head there (``is_common``); a
cell over some of the rows is said again in each of them (class ``again``, shown there only).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Cell = dict[str, Any]

# Widths that paper.css knows as classes, mm: an edition may ask for any, a style attribute may not be.
NARROWEST, WIDEST, STEP = 10, 80, 2


def table(block: dict[str, Any]) -> dict[str, Any]:
    """Return the table ``block`` with widths as classes and every cell with its place, heading and tag."""
    columns = [column | {"width_class": width_class(column.get("width"))} for column in block["columns"]]
    free = [index for index, column in enumerate(columns) if not column["width_class"]]
    # The one column that takes what is left holds the matter itself; on a phone it needs no label.
    unlabelled = free[0] if len(free) == 1 else None
    labels = ["" if index == unlabelled else column["heading"] for index, column in enumerate(columns)]
    groups = [list(_group(rows, labels)) for rows in block["groups"]]
    return block | {
        "columns": columns,
        "groups": groups,
        "is_fixed": len(free) < len(columns),
        "is_whole": len(groups) == 1,
    }


def width_class(millimetres: int | None) -> str:
    """Return the class of the nearest width that paper.css knows; none for a column that takes what is left."""
    if not millimetres:
        return ""
    return f"w{min(WIDEST, max(NARROWEST, STEP * round(millimetres / STEP)))}"


def _group(rows: list[dict[str, Any]], labels: list[str]) -> Iterator[dict[str, Any]]:
    """Yield the rows with their own cells and, in its place, again each cell that reaches down into them."""
    ordinary = sum(not row["role"] for row in rows)
    reaching: dict[int, tuple[Cell, int]] = {}
    for row in rows:
        own, cells, column = list(row["cells"]), [], 0
        while own or column in reaching:
            if column in reaching:
                cell, left = reaching.pop(column)
                if not cell["is_common"]:
                    cells.append(_again(cell))
            else:
                cell = _cell(own.pop(0), column, labels, row["role"], ordinary)
                left = cell["rows"]
                cells.append(cell)
            if left > 1:
                reaching[column] = cell, left - 1
            column += cell["cols"]
        yield {"role": row["role"], "cells": cells}


def _cell(cell: Cell, column: int, labels: list[str], role: str, ordinary: int) -> Cell:
    rows, cols, is_head = cell.get("rows", 1), cell.get("cols", 1), cell.get("head", False)
    is_common = rows > 1 and rows == ordinary
    classes = [cell.get("align") == "center" and "centred", is_common and "common"]
    return cell | {
        "rows": rows,
        "cols": cols,
        "tag": "th" if is_head else "td",
        "scope": _scope(column, cols, role) if is_head else "",
        "label": labels[column] if cols == 1 and not is_head and column < len(labels) else "",
        "is_common": is_common,
        "classes": " ".join(name for name in classes if name),
    }


def _again(cell: Cell) -> Cell:
    classes = [cell["classes"], "again", "again-head" if cell["tag"] == "th" else ""]
    return cell | {"rows": 1, "tag": "td", "scope": "", "classes": " ".join(name for name in classes if name)}


def _scope(column: int, cols: int, role: str) -> str:
    if role == "part" and cols > 1:
        return "rowgroup"
    return "row" if column == 0 else "col"
