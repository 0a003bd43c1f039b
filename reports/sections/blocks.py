"""Functions that make the blocks of a section, and tables whose equal neighbouring cells are merged."""

from __future__ import annotations

from typing import TypedDict, Unpack

from reports.content import Block, CellContent, ItemBlock, NoteBlock, ParagraphBlock, RowContent, TableBlock


def item(level: int, text: str, *, label: str = "") -> ItemBlock:
    """Return an item of the outline; ``level`` is 1 to 3, the renderer chooses the glyph."""
    return {"kind": "item", "level": level, "label": label, "text": text}


def note(level: int, text: str) -> NoteBlock:
    """Return a remark (※) under an item."""
    return {"kind": "note", "level": level, "text": text}


def paragraphs(text: str) -> list[Block]:
    """The lines of a text, each as a paragraph."""
    return [ParagraphBlock(kind="paragraph", text=line) for line in text.splitlines() if line.strip()]


def table(
    name: str, *, caption: str, columns: list[tuple[str, int | None]], groups: list[list[RowContent]]
) -> TableBlock:
    """Return a table; ``columns`` are (heading, width in mm or None), no group is split over two pages."""
    return {
        "kind": "table",
        "id": name,
        "caption": caption,
        "columns": [{"heading": text, "width": width} for text, width in columns],
        "groups": groups,
    }


def row(*cells: CellContent, role: str = "") -> RowContent:
    """Return a row of a table; ``role`` is "", "part" or "move"."""
    return {"role": role, "cells": list(cells)}


class CellOptions(TypedDict, total=False):
    title: str
    sub: str
    lines: list[str]
    head: bool
    cols: int
    align: str


def cell(text: str, **more: Unpack[CellOptions]) -> CellContent:
    """A cell over one row."""
    return {"text": text, "head": False, "rows": 1, "cols": 1, "align": "left", **more}


def merge_cells(rows: list[RowContent], columns: tuple[int, ...], *, ditto: bool = False) -> list[RowContent]:
    """Merge equal neighbours of the same column into one cell over its rows, or print ″ for the later ones.

    Empty cells are not merged.
    """
    merged: set[int] = set()
    for column in columns:
        first: CellContent | None = None
        for line in rows:
            here = line["cells"][column]
            if first is not None and here["text"] and here["text"] == first["text"]:
                if ditto:
                    here["text"] = "″"
                else:
                    first["rows"] += 1
                    merged.add(id(here))
            else:
                first = {**here} if ditto else here
    for line in rows:
        line["cells"] = [one for one in line["cells"] if id(one) not in merged]
    return rows


def plain_text(blocks: list[Block]) -> str:
    """Return the text of blocks, one line each: the text with which an override begins."""
    return "\n".join(line for block in blocks for line in _lines(block))


def _lines(block: Block) -> list[str]:
    if block["kind"] == "item" or block["kind"] == "note":
        label = f"{block['label']}: " if block["kind"] == "item" and block["label"] else ""
        return [f"{'  ' * (block['level'] - 1)}{label}{block['text']}"]
    if block["kind"] == "table":
        return [" | ".join(map(_cell_text, line["cells"])) for group in block["groups"] for line in group]
    if block["kind"] == "paragraph":
        return [block["text"]]
    return [photo["caption"] for photo in block["photos"]] if block["kind"] == "photos" else []


def _cell_text(value: CellContent) -> str:
    return " ".join(filter(None, (value["text"], value.get("title"), value.get("sub"), *(value.get("lines") or ()))))
