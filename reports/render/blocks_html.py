"""Lists and tables of a report as HTML, joined in Python because templates take five times as long.

No white space stands between tags, because WeasyPrint breaks a full line at its first blank where white space follows
the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from publishing.markup import EMPTY, SafeString, html, join_html
from reports.render.table import LaidCell, LaidRow, LaidTable

TABLE = '<table class="paper-table{}" id="paper-table-{}">{}<colgroup>{}</colgroup><thead><tr>{}</tr></thead>{}</table>'
FIXED, VISIBLE_CAPTION, HEADING_ITEM = SafeString(" fixed"), SafeString(' class="said"'), SafeString(' class="heads"')
COLON = SafeString(" : ")


@dataclass
class OutlineNote:
    text: str
    end: str = ""  # 끝. where it is the last line


@dataclass
class OutlineItem(OutlineNote):
    """An item with what hangs under it."""

    label: str = ""
    level: int = 0
    parts: list[OutlineNote | OutlineList] = field(default_factory=list)
    is_lead: bool = False
    is_heading_next: bool = False  # no page may end after it


@dataclass
class OutlineList:
    """Items of one level; ``step``: how many levels below what it hangs under."""

    level: int
    step: int
    items: list[OutlineItem] = field(default_factory=list)


def render_end(text: str) -> SafeString:
    """Return 끝. with two spaces before it, "" if ``text`` is empty."""
    return html('<span class="paper-end-mark">&nbsp;&nbsp;{}</span>', text) if text else EMPTY


def render_outline(parts: Iterable[OutlineNote | OutlineList]) -> SafeString:
    """Render lists of items, each with the items below it, and the notes between them."""
    return join_html(_render_list(part) if isinstance(part, OutlineList) else _render_note(part) for part in parts)


def _render_note(note: OutlineNote) -> SafeString:
    return html('<p class="paper-note">※ {}{}</p>', note.text, render_end(note.end))


def _render_list(run: OutlineList) -> SafeString:
    return html('<ul class="level-{} step-{}">{}</ul>', run.level, run.step, join_html(map(_render_item, run.items)))


def _render_item(item: OutlineItem) -> SafeString:
    key = html('<span class="paper-key">{}</span>', item.label) if item.label else EMPTY
    colon = COLON if item.label and item.text else EMPTY
    text = html('<span class="paper-lead">{}</span>', item.text) if item.is_lead else item.text
    heading = HEADING_ITEM if item.is_heading_next else EMPTY
    return html("<li{}>{}{}{}{}{}</li>", heading, key, colon, text, render_end(item.end), render_outline(item.parts))


def render_table(value: LaidTable, *, is_caption_said: bool) -> SafeString:
    """Render a table from ``lay_out_table``, with one tbody for each group."""
    visible = VISIBLE_CAPTION if is_caption_said else EMPTY
    caption = html("<caption{}>{}</caption>", visible, value["caption"]) if value["caption"] else EMPTY
    widths = join_html(
        html("<col{}>", _render_attributes({"class": column["width_class"]})) for column in value["columns"]
    )
    heads = join_html(html('<th scope="col">{}</th>', column["heading"]) for column in value["columns"])
    groups = join_html(html("<tbody>{}</tbody>", join_html(map(_render_row, group))) for group in value["groups"])
    return html(TABLE, FIXED if value["is_fixed"] else EMPTY, value["id"], caption, widths, heads, groups)


def _render_row(row: LaidRow) -> SafeString:
    role = _render_attributes({"class": f"row-{row['role']}" if row["role"] else ""})
    return html("<tr{}>{}</tr>", role, join_html(map(_render_cell, row["cells"])))


def _render_cell(cell: LaidCell) -> SafeString:
    attributes = {
        "scope": cell["scope"],
        "rowspan": cell["rows"] if cell["rows"] > 1 else "",
        "colspan": cell["cols"] if cell["cols"] > 1 else "",
        "class": cell["classes"],
        "data-label": cell["label"],
    }
    lines = join_html(html("<li>{}</li>", line) for line in cell.get("lines") or ())
    inner = (
        ('<p class="cell-title">{}</p>', cell.get("title")),
        ('<span class="cell-text">{}</span>', cell.get("text")),
        ('<span class="cell-sub">{}</span>', cell.get("sub")),
        ("<ul>{}</ul>", lines),
    )
    words = join_html(html(shape, words) for shape, words in inner if words)
    return html("<{}{}>{}</{}>", cell["tag"], _render_attributes(attributes), words, cell["tag"])


def _render_attributes(attributes: Mapping[str, object]) -> SafeString:
    return join_html(html(' {}="{}"', name, value) for name, value in attributes.items() if value)
