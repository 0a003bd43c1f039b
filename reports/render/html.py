"""The 결과보고 as HTML, for the screen and as what the PDF is printed from.

The edition is Korean and so is its rendering, whatever language the reader's pages have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypedDict

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from approvals.signature_box import BoxColumn, SignatureBox
from reports.content import (
    EditionContent,
    ParagraphBlock,
    PhotosBlock,
    PrintedPhotoContent,
    SectionContent,
    StoredPictureContent,
    TableBlock,
)
from reports.render.outline import Outline, OutlineList, OutlineNote
from reports.render.table import LaidTable, lay_out_table

Picture = Callable[[str], str]

# Signers whose boxes fit beside the 문서 정보; more take the whole line.
BOXES_BESIDE_FACTS = 4
# Width to height of a frame on the photo sheet, and the part of a picture that must stay visible when it fills the frame.
FRAME_RATIO = 3 / 2
MIN_VISIBLE = 0.88
# Letters of the chain head's hash that every page prints: enough to compare by eye.
PROOF_LENGTH = 16
ROMAN = "ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫ"


def render_page(content: EditionContent, box: SignatureBox, *, picture: Picture) -> SafeString:
    """Return the whole document for a screen; ``picture`` gives the address of a digest."""
    return _render("reports/paper.html", content, box, picture, {"is_screen": True})


def render_article(content: EditionContent, box: SignatureBox, *, picture: Picture) -> SafeString:
    """Return the article alone, for a page of the portal that links reports/paper.css."""
    return _render("reports/_paper.html", content, box, picture, {})


def render_for_print(content: EditionContent, box: SignatureBox, *, picture: Picture, created: str) -> SafeString:
    """Return the whole document for the PDF engine, which adds the stylesheets; ``created`` as ISO text."""
    return _render("reports/paper.html", content, box, picture, {"created": created})


def _render(
    template: str, content: EditionContent, box: SignatureBox, picture: Picture, more: dict[str, object]
) -> SafeString:
    with translation.override("ko"):
        return render_to_string(template, _context(content, box, picture) | more)


def _context(content: EditionContent, box: SignatureBox, picture: Picture) -> dict[str, Any]:
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
            # Box and office are printed under the body, before attached photos.
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
        "proof": _format_proof(box["head"]),
        "ended": _end_label(box["ended"]),
        "has_shadowed_mark": content["glyphs"] == "❏",
        "sections": sections,
    }


def _end_label(how: str) -> str:
    """Return the label of an edition whose round ended without 결재. Every page prints it."""
    called = {
        "returned": _("반려된 판(효력 없음)"),
        "withdrawn": _("회수한 판(효력 없음)"),
        "stopped": _("결재가 중단된 판(효력 없음)"),
    }
    return called[how] if how else ""


def _facts(content: EditionContent, box: SignatureBox) -> Iterator[tuple[str, str]]:
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


def _office(content: EditionContent) -> str:
    """Return the whole name of the office for the foot of form (b): ○○구 ○○국 ○○과."""
    organisation, _space, department = content["office"].partition(" ")
    return " ".join(name for name in (organisation, content["bureau"], department) if name)


class SignerBox(BoxColumn):
    stem: str
    ending: str
    remark: str
    reason: str


def _box(box: SignatureBox) -> dict[str, object]:
    width = len(box["columns"])
    return {
        "form": box["form"],
        # Only the in-house table (c) has the words 결재 and 협조 in a column of their own.
        "is_labelled": box["form"] == "c",
        "width": width,
        "is_wide": width > BOXES_BESIDE_FACTS,
        "columns": [_signer(column) for column in box["columns"]],
        "cooperators": [_signer(column) for column in box["cooperators"]],
    }


def _signer(column: BoxColumn) -> SignerBox:
    """Return a column with its note as ``remark`` after the 직위, (의견 있음), or as ``reason`` in place of a name."""
    note = column["note"]
    is_remark = bool(column["name"]) or note.startswith("(")
    # On a phone 사회적일자리팀장 is wider than its box and may break before its last two letters.
    position = column["position"]
    return {
        **column,
        "stem": position[:-2],
        "ending": position[-2:],
        "remark": note if is_remark else "",
        "reason": "" if is_remark else note,
    }


def _format_proof(head: str) -> str:
    short = head[:PROOF_LENGTH]
    return _("확인값 %s") % " ".join(short[at : at + 4] for at in range(0, len(short), 4)) if short else ""


class PrintedBlock(TypedDict, total=False):
    """What reports/_paper.html prints: ``kind`` and what this kind has."""

    kind: str
    parts: list[OutlineNote | OutlineList]
    table: LaidTable
    is_caption_heading: bool
    text: str
    end: str
    heading: str
    rows: list[list[PrintedPhoto]]


class PrintedPhoto(PrintedPhotoContent):
    url: str  # "" if the picture was deleted from the storage
    stored: StoredPictureContent | None
    is_whole: bool  # does not fill the frame


def _blocks(
    section: SectionContent, files: dict[str, StoredPictureContent], picture: Picture
) -> Iterator[PrintedBlock]:
    """Yield what the template prints: runs of items become nested lists, 끝. joins the line that it ends."""
    printed: list[PrintedBlock | Outline] = []
    for block in section["blocks"]:
        if block["kind"] == "item" or block["kind"] == "note":
            run = printed[-1] if printed else None
            if not isinstance(run, Outline):
                printed.append(run := Outline())
            run.add(block)
        elif block["kind"] == "end":
            _append_end(printed, block["text"])
        else:
            printed.append(_printed_block(block, section["heading"], files, picture))
    for piece, following in zip(printed, [*printed[1:], None], strict=True):
        if isinstance(piece, Outline):
            is_followed = isinstance(following, dict) and following["kind"] != "end"
            yield {"kind": "outline", "parts": piece.parts(is_followed=is_followed)}
        else:
            yield piece


def _printed_block(
    block: TableBlock | PhotosBlock | ParagraphBlock,
    heading: str,
    files: dict[str, StoredPictureContent],
    picture: Picture,
) -> PrintedBlock:
    if block["kind"] == "table":
        # A caption that only repeats the heading above is for screen readers.
        is_caption_heading = block["caption"] == heading
        return {"kind": "table", "table": lay_out_table(block), "is_caption_heading": is_caption_heading}
    if block["kind"] == "photos":
        photos = [_photo(photo, files, picture) for photo in block["photos"]]
        return {"kind": "photos", "heading": block["heading"], "rows": list(_photo_rows(photos))}
    return {"kind": "paragraph", "text": block["text"], "end": ""}


def _append_end(printed: list[PrintedBlock | Outline], text: str) -> None:
    """Put 끝. one letter after the last text; after a table or photos it gets a line of its own (시행규칙 별표)."""
    last = printed[-1] if printed else None
    if isinstance(last, Outline):
        last.last.end = text
    elif last and last["kind"] == "paragraph":
        last["end"] = text
    else:
        printed.append({"kind": "end", "text": text})


def _photo(photo: PrintedPhotoContent, files: dict[str, StoredPictureContent], picture: Picture) -> PrintedPhoto:
    stored = files.get(photo["digest"])
    ratio = stored["width"] / stored["height"] if stored and stored["width"] and stored["height"] else FRAME_RATIO
    is_whole = min(ratio, FRAME_RATIO) / max(ratio, FRAME_RATIO) < MIN_VISIBLE
    return {**photo, "url": picture(photo["digest"]) if stored else "", "stored": stored, "is_whole": is_whole}


def _photo_rows(photos: list[PrintedPhoto]) -> Iterator[list[PrintedPhoto]]:
    """Yield rows of the photo sheet: two halves, or one that takes the full width."""
    row: list[PrintedPhoto] = []
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
