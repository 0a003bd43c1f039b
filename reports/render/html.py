"""The 결과보고 as HTML, for the screen and as what the PDF is printed from.

The edition is Korean and so is its rendering, whatever language the reader's pages have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from reports.render import drawing
from reports.render.table import table

Block = dict[str, Any]
Picture = Callable[[str], str]

# Signers whose boxes fit beside the 문서 정보; more take the whole line.
BESIDE = 4
# Width to height of a frame on the photo sheet, and the part of a picture that must be left if it is to fill the frame.
FRAME = 3 / 2
KEPT = 0.88
# Letters of the chain head's hash that every page prints: enough to compare by eye.
PROOF = 16
ROMAN = "ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫ"


def page(content: dict[str, Any], box: dict[str, Any], *, picture: Picture) -> str:
    """Return the whole document for a screen; ``picture`` gives the address of a digest."""
    return _render("reports/paper.html", content, box, picture, {"is_screen": True})


def body(content: dict[str, Any], box: dict[str, Any], *, picture: Picture) -> str:
    """Return the article alone, for a page that links reports/paper.css and has a frame of its own."""
    return _render("reports/_paper.html", content, box, picture, {})


def document(content: dict[str, Any], box: dict[str, Any], *, picture: Picture, created: str) -> str:
    """Return the whole document for the printer, which brings its own stylesheets; ``created`` as ISO text."""
    return _render("reports/paper.html", content, box, picture, {"created": created})


def _render(template: str, content: dict[str, Any], box: dict[str, Any], picture: Picture, more: dict[str, Any]) -> str:
    with translation.override("ko"):
        return render_to_string(template, _context(content, box, picture) | more)


def _context(content: dict[str, Any], box: dict[str, Any], picture: Picture) -> dict[str, Any]:
    ends = [any(block["kind"] == "end" for block in section["blocks"]) for section in content["sections"]]
    last = ends.index(True) if True in ends else len(ends) - 1
    sections = [
        {
            "id": section["id"],
            "heading": section["heading"],
            "number": ROMAN[index] if index < len(ROMAN) else str(index + 1),
            "blocks": list(_blocks(section, content["files"], picture)),
            # A photo sheet begins a page of its own.
            "is_sheet": bool(section["blocks"]) and section["blocks"][0]["kind"] == "photos",
            # Box and office stand under the body, before photos that are attached.
            "is_last_of_body": index == last,
        }
        for index, section in enumerate(content["sections"])
    ]
    return {
        "content": content,
        "box": _box(box),
        "is_box_at_end": content["box_position"] == "end",
        "facts": list(_facts(content, box)),
        "office": _office(content),
        "proof": _proof(box["head"]),
        "ended": _ended(box["ended"]),
        "has_shadowed_mark": content["glyphs"] == "❏",
        "sections": sections,
    }


def _ended(how: str) -> str:
    """What an edition is called whose round ended without 결재: every page says so, or it would pass for the report."""
    called = {
        "returned": _("반려된 판(효력 없음)"),
        "withdrawn": _("회수한 판(효력 없음)"),
        "stopped": _("결재가 중단된 판(효력 없음)"),
    }
    return called[how] if how else ""


def _facts(content: dict[str, Any], box: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (label, value) of the 문서 정보 beside the box; form (b) keeps its four boxes even when empty."""
    is_form_b = box["form"] == "b"
    rows = [
        (_("생산등록번호"), box["register_no"], is_form_b),
        (_("등록일"), box["registered_on"], is_form_b),
        (_("결재일"), box["date"], is_form_b),
        (_("공개구분"), content["disclosure"], is_form_b),
        (_("보존기간"), content["retention"], False),
    ]
    if not is_form_b:
        yield _("작성부서"), content["office"]
    yield from ((label, value) for label, value, is_kept in rows if value or is_kept)


def _office(content: dict[str, Any]) -> str:
    """Return the whole name of the office for the foot of form (b): ○○구 ○○국 ○○과."""
    organisation, _space, department = content["office"].partition(" ")
    return " ".join(name for name in (organisation, content["bureau"], department) if name)


def _box(box: dict[str, Any]) -> dict[str, Any]:
    people = {key: [_signer(column) for column in box[key]] for key in ("columns", "cooperators")}
    width = len(box["columns"])
    # Only the in-house table (c) has the words 결재 and 협조 in a column of their own.
    return {"form": box["form"], "is_labelled": box["form"] == "c", "width": width, "is_wide": width > BESIDE} | people


def _signer(column: dict[str, str]) -> dict[str, str]:
    """Tell a remark that follows the 직위, (의견 있음), from a reason that stands in the box instead of a name."""
    note = column["note"]
    is_remark = bool(column["name"]) or note.startswith("(")
    # On a phone 사회적일자리팀장 is wider than its box and may break before its last two letters.
    position = column["position"]
    halves = {"stem": position[:-2], "ending": position[-2:]}
    return column | halves | {"remark": note if is_remark else "", "reason": "" if is_remark else note}


def _proof(head: str) -> str:
    short = head[:PROOF]
    return _("확인값 %s") % " ".join(short[at : at + 4] for at in range(0, len(short), 4)) if short else ""


def _blocks(section: dict[str, Any], files: dict[str, Any], picture: Picture) -> Iterator[Block]:
    """Yield what the template prints: runs of items become nested lists, 끝. joins the line that it ends."""
    printed: list[Block] = []
    for block in section["blocks"]:
        kind = block["kind"]
        if kind in ("item", "note"):
            if not printed or printed[-1]["kind"] != "list":
                printed.append({"kind": "list", "outline": Outline()})
            printed[-1]["outline"].add(block)
        elif kind == "end":
            _end(printed, block["text"])
        else:
            printed.append(_printed(block, section["heading"], files, picture))
    for block, following in zip(printed, [*printed[1:], None], strict=True):
        if block["kind"] == "list":
            is_followed = following is not None and following["kind"] != "end"
            yield {"drawn": drawing.outline(block["outline"].parts(is_followed=is_followed))}
        else:
            yield block


def _printed(block: Block, heading: str, files: dict[str, Any], picture: Picture) -> Block:
    if block["kind"] == "table":
        # A caption that only repeats the heading above is for screen readers.
        return {
            "kind": "table",
            "drawn": drawing.table(table(block) | {"is_caption_said": block["caption"] == heading}),
        }
    if block["kind"] == "photos":
        return block | {"rows": list(_rows([_photo(photo, files, picture) for photo in block["photos"]]))}
    return block | {"end": ""}


def _end(printed: list[Block], text: str) -> None:
    """Put 끝. one letter after the last text; after a table or photos it gets a line of its own (시행규칙 별표)."""
    last = printed[-1] if printed else None
    if last and last["kind"] == "list":
        last["outline"].last["end"] = text
    elif last and last["kind"] == "paragraph":
        last["end"] = drawing.end(text)
    else:
        printed.append({"kind": "end", "text": text})


def _photo(photo: dict[str, str], files: dict[str, Any], picture: Picture) -> dict[str, Any]:
    stored = files.get(photo["digest"])
    ratio = stored["width"] / stored["height"] if stored else FRAME
    is_whole = min(ratio, FRAME) / max(ratio, FRAME) < KEPT
    return photo | {"url": picture(photo["digest"]) if stored else "", "stored": stored, "is_whole": is_whole}


def _rows(photos: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Yield rows of the photo sheet: two halves, or one that takes the full width."""
    row: list[dict[str, Any]] = []
    for photo in photos:
        is_full = photo.get("width") == "full"
        if row and is_full:
            yield row
            row = []
        row.append(photo)
        if is_full or len(row) == 2:  # noqa: PLR2004 (two to a row: 2 × N)
            yield row
            row = []
    if row:
        yield row


class Outline:
    """Items and notes of one run as lists in lists; a level may be skipped (❏ then -)."""

    def __init__(self) -> None:
        self.root: Block = {"level": 0, "parts": []}
        self.open = [self.root]
        self.last: Block = {}

    def add(self, block: Block) -> None:
        """Hang an item under the last one of a higher level, a note under the last one of its own or a higher level."""
        is_note = block["kind"] == "note"
        while self.open[-1]["level"] >= block["level"] + is_note:
            self.open.pop()
        owner = self.open[-1]
        self.last = {"text": block["text"], "end": ""}
        if is_note:
            owner["parts"].append({"note": self.last})
            return
        self.last |= {"label": block["label"], "level": block["level"], "parts": []}
        level = block["level"]
        if not owner["parts"] or owner["parts"][-1].get("list", {}).get("level") != level:
            owner["parts"].append({"list": {"level": level, "step": level - owner["level"], "items": []}})
        owner["parts"][-1]["list"]["items"].append(self.last)
        self.open.append(self.last)

    def parts(self, *, is_followed: bool) -> list[Block]:
        """Return the run as it is drawn; an item that heads others, or the table after the run, says so."""
        self._name_heads(self.root, is_followed=is_followed)
        return self.root["parts"]

    def _name_heads(self, owner: Block, *, is_followed: bool) -> None:
        items = [item for part in owner["parts"] if "list" in part for item in part["list"]["items"]]
        for item in items:
            is_last = is_followed and item is items[-1]
            item["is_lead"] = item["level"] == 1 and bool(item["parts"] or is_last)
            # Its own line announces what follows the run, so no page ends between the two.
            item["is_heading_next"] = is_last and not item["parts"] and (item["is_lead"] or not item["text"])
            self._name_heads(item, is_followed=is_last)
