"""The kinds of block, and tables whose equal neighbours merge."""

from __future__ import annotations

from typing import Any

Value = dict[str, Any]


def item(level: int, text: str, *, label: str = "") -> Value:
    """A line of the outline; ``level`` 1 to 3, the glyph is the renderer's."""
    return {"kind": "item", "level": level, "label": label, "text": text}


def note(level: int, text: str) -> Value:
    """A remark (※) under an item."""
    return {"kind": "note", "level": level, "text": text}


def table(name: str, *, caption: str, columns: list[tuple[str, int | None]], groups: list[list[Value]]) -> Value:
    """A table; ``columns`` are (heading, width in mm or None), no group is split over two pages."""
    return {
        "kind": "table",
        "id": name,
        "caption": caption,
        "columns": [{"heading": text, "width": width} for text, width in columns],
        "groups": groups,
    }


def row(*cells: Value, role: str = "") -> Value:
    """A row of a table; ``role`` is "", "part" or "move"."""
    return {"role": role, "cells": list(cells)}


def cell(text: str, **more: Any) -> Value:
    """A cell; more: title, sub, lines, head, rows, cols, align."""
    return {"text": text, "head": False, "rows": 1, "cols": 1, "align": "left"} | more


def merge(rows: list[Value], columns: tuple[int, ...], *, ditto: bool = False) -> list[Value]:
    """Merge equal neighbours of the same column into one cell over its rows, or print ″ for the later ones.

    Empty cells stay apart: that nobody is named twice does not make it one and the same nobody.
    """
    for column in columns:
        first: Value | None = None
        for line in rows:
            here = line["cells"][column]
            if first is not None and here["text"] and here["text"] == first["text"]:
                if ditto:
                    here["text"] = "″"
                else:
                    first["rows"] += 1
                    here["is_merged"] = True
            else:
                first = {**here} if ditto else here
    for line in rows:
        line["cells"] = [found for found in line["cells"] if not found.pop("is_merged", False)]
    return rows


def plain(blocks: list[Value]) -> str:
    """Return the words of blocks, a line each, as somebody would begin to write them anew."""
    return "\n".join(line for block in blocks for line in _lines(block))


def _lines(block: Value) -> list[str]:
    if block["kind"] in {"item", "note"}:
        label = f"{block['label']}: " if block.get("label") else ""
        return [f"{'  ' * (block['level'] - 1)}{label}{block['text']}"]
    if block["kind"] == "table":
        return [" | ".join(_words(found) for found in line["cells"]) for group in block["groups"] for line in group]
    if block["kind"] == "paragraph":
        return [block["text"]]
    return [found["caption"] for found in block.get("photos", [])]


def _words(found: Value) -> str:
    return " ".join(filter(None, (found["text"], found.get("title"), found.get("sub"), *(found.get("lines") or ()))))
