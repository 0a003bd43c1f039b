"""The paper: what a reader sees, hears and extracts, from one edition content and one sign-off box.

content_2015.json holds the 2015 report as an edition keeps it; its pictures are drawn here.
"""

from __future__ import annotations

import copy
import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from django.utils import translation
from PIL import Image, ImageDraw

from conference.frozen import canonical
from reports.render import html, keepall, marks, pdf
from reports.render.table import LONGEST, table

Value = dict[str, Any]

FIXTURE = json.loads((Path(__file__).parent / "content_2015.json").read_text("utf-8"))
CREATED = datetime(2015, 12, 2, 8, 30, tzinfo=UTC)


@pytest.fixture
def content() -> Value:
    return copy.deepcopy(FIXTURE["content"])


@pytest.fixture
def box() -> Value:
    return copy.deepcopy(FIXTURE["box"])


@pytest.fixture(scope="module")
def printed() -> pdf.Pdf:
    return make(FIXTURE["content"], FIXTURE["box"])


def make(content: Value, box: Value) -> pdf.Pdf:
    return pdf.make(content, box, read=lambda digest: drawn(content["files"][digest]), created=CREATED)


def drawn(file: Value) -> bytes:
    picture = Image.new("RGB", (file["width"], file["height"]), "#dbe4ee")
    ImageDraw.Draw(picture).rectangle((200, 150, 900, 600), fill="#12335c")
    out = io.BytesIO()
    picture.save(out, "JPEG")
    return out.getvalue()


def body(content: Value, box: Value) -> str:
    return html.body(content, box, picture="/pictures/{}".format)


def pages(data: bytes) -> list[str]:
    with pypdfium2.PdfDocument(data) as document:
        return [page.get_textpage().get_text_bounded().replace("\r\n", "\n") for page in document]


@pytest.fixture
def tree(printed) -> Iterator[list[pikepdf.Object]]:
    """Every element of the printed file's structure tree."""
    with pikepdf.open(io.BytesIO(printed.data)) as document:
        found = [document.Root.StructTreeRoot.K[0]]
        for element in found:
            kids = element.get("/K", [])
            found += [kid for kid in (kids if isinstance(kids, pikepdf.Array) else [kids]) if is_element(kid)]
        yield found


def is_element(kid: pikepdf.Object) -> bool:
    return isinstance(kid, pikepdf.Dictionary) and "/S" in kid


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from strings(item)


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def is_image(stream: pikepdf.Object) -> bool:
    return stream.get("/Subtype") == pikepdf.Name.Image


def tables(markup: str) -> list[list[list[str]]]:
    """Return the texts of all tables of blocks, row by row, without what only a phone shows."""
    found = []
    for source in re.findall(r'<table class="paper-table.*?</table>', markup, re.DOTALL):
        rows = re.findall(r"<tr.*?</tr>", source, re.DOTALL)
        found.append([cells(row) for row in rows])
    return found


def cells(row: str) -> list[str]:
    parts = re.findall(r"<t[hd]([^>]*)>(.*?)</t[hd]>", row, re.DOTALL)
    return [re.sub(r"<[^>]+>", " ", text).strip() for attributes, text in parts if " again" not in attributes]


# ── the file ────────────────────────────────────────────────────────────────────────────────────


def test_same_edition_and_box_give_the_same_bytes(content, box, printed):
    assert make(content, box) == printed


def test_five_pages_are_numbered(printed):
    assert printed.pages == 5
    numbers = [re.findall(r"^- (\d+) -$", text, re.MULTILINE) for text in pages(printed.data)]
    assert numbers == [["1"], ["2"], ["3"], ["4"], ["5"]]


def test_running_head_names_title_and_section_from_the_second_page_on(printed):
    title = FIXTURE["content"]["title"]
    # The running head is drawn after the page, just before its number.
    assert [text.split("\n")[-2].startswith(title) for text in pages(printed.data)] == [False, True, True, True, True]
    assert [text.split("\n")[-2].removeprefix(title).strip() for text in pages(printed.data)[1:]] == [
        "Ⅲ 세부 추진 내역",
        "Ⅲ 세부 추진 내역",
        "Ⅳ 동북4구 지역혁신 컨퍼런스 관련 사진",
        "Ⅳ 동북4구 지역혁신 컨퍼런스 관련 사진",
    ]


def test_every_text_of_the_edition_is_on_paper(printed):
    paper = squeezed("".join(pages(printed.data)))
    shown = {key: FIXTURE["content"][key] for key in ("title", "office", "purpose")}
    sections = [section["heading"] for section in FIXTURE["content"]["sections"]]
    blocks = [printable(block) for section in FIXTURE["content"]["sections"] for block in section["blocks"]]
    wanted = [squeezed(text) for text in strings([shown, sections, blocks])]
    assert [text for text in wanted if text not in paper] == []


def printable(block: Value) -> Any:
    """What of a block is to be read on paper: not its ids, roles and alternative texts."""
    if block["kind"] == "photos":
        return [photo["caption"] for photo in block["photos"]]
    if block["kind"] == "table":
        texts = [[cell.get(key, "") for key in ("text", "title", "sub", "lines")] for cell in cells_of(block)]
        return [block["caption"], [column["heading"] for column in block["columns"]], texts]
    return [block.get("label", ""), block["text"]]


def cells_of(block: Value) -> list[Value]:
    return [cell for group in block["groups"] for row in group for cell in row["cells"]]


def test_fonts_are_ours_and_embedded(printed):
    with pikepdf.open(io.BytesIO(printed.data)) as document:
        fonts = [font for page in document.pages for font in page.Resources.Font.values()]
        names = {str(font.BaseFont).split("+")[1] for font in fonts}
        assert all("/FontFile2" in font.DescendantFonts[0].FontDescriptor for font in fonts)
    assert names == {"Pretendard-GOV", "Pretendard-GOV-Semi-Bold", "Pretendard-GOV-Bold", "Report-Marks"}


def test_it_says_that_it_is_pdf_a_3a_and_pdf_ua_1(printed):
    with pikepdf.open(io.BytesIO(printed.data)) as document:
        packet = document.Root.Metadata.read_bytes().decode()
        assert 'pdfaid:part="3"' in packet
        assert 'pdfaid:conformance="A"' in packet
        assert "<pdfuaid:part>1</pdfuaid:part>" in packet
        assert document.Root.MarkInfo.Marked == True  # noqa: E712  (pikepdf's own object)
        assert str(document.Root.Lang) == "ko"
        assert str(document.docinfo.Title) == FIXTURE["content"]["title"]


def test_pictures_are_not_smoothed_and_say_what_they_show(printed, tree):
    with pikepdf.open(io.BytesIO(printed.data)) as document:
        images = [item for item in document.objects if isinstance(item, pikepdf.Stream) and is_image(item)]
        assert [bool(image.get("/Interpolate", False)) for image in images] == [False] * 9
    alternatives = [str(element.Alt) for element in tree if pikepdf.Name.Figure == element.S]
    block = FIXTURE["content"]["sections"][-1]["blocks"][0]
    assert sorted(alternatives) == sorted(photo["alt"] for photo in block["photos"])


def test_every_table_head_has_its_scope_and_no_cell_a_stale_list_of_heads(tree):
    heads = [element for element in tree if pikepdf.Name.TH == element.S]
    assert {str(head.A.Scope) for head in heads} == {"/Row", "/Column"}
    assert [element for element in tree if "/Headers" in element.get("/A", {})] == []


def test_list_items_hold_label_and_body_only(tree):
    kinds = {str(kid.S) for element in tree if pikepdf.Name.LI == element.S for kid in element.K if is_element(kid)}
    assert kinds == {"/Lbl", "/LBody"}


def test_running_heads_are_no_content(printed):
    with pikepdf.open(io.BytesIO(printed.data)) as document:
        marked = [
            str(piece.operands[0])
            for piece in pikepdf.parse_content_stream(document.pages[1])
            if piece.operator == pikepdf.Operator("BDC")
        ]
    assert marked.count("/Artifact") == 3  # title, section, page number


def test_the_edition_is_attached_as_the_source(printed):
    with pikepdf.open(io.BytesIO(printed.data)) as document:
        attached = document.attachments["edition.json"]
        assert attached.get_file().read_bytes().decode() == canonical(FIXTURE["content"])
        assert str(document.Root.AF[0].AFRelationship) == "/Source"


# ── lines and pages ─────────────────────────────────────────────────────────────────────────────


def test_a_word_never_splits_over_lines(content, box):
    text = "서울시 강북구 일자리지원과는 2015. 11. 24.(화) 동북4구 컨퍼런스에서 100여개를 " * 3
    blocks = [grid(width, text, text) for width in range(20, 80, 2)]
    content |= {"files": {}, "sections": [{"id": "one", "heading": "하나", "blocks": blocks}]}
    words = set("".join(pages(make(content, box).data)).split())
    assert {"강북구", "동북4구", "100여개를"} <= words
    assert {"강", "강북", "북구", "구", "동북", "동북4", "4구", "100", "100여", "여개를", "개를"} & words == set()


def grid(width: int, first: str, second: str) -> Value:
    """Return a table block of one row: a column of ``width`` mm, and the rest."""
    cells = [{"text": text, "head": False, "rows": 1, "cols": 1, "align": "left"} for text in (first, second)]
    columns = [{"heading": "가", "width": width}, {"heading": "나", "width": None}]
    rows = [{"role": "", "cells": cells}]
    return {"kind": "table", "id": f"t{width}", "caption": "", "columns": columns, "groups": [rows]}


def test_stretches_that_stay_on_one_line_count_in_bytes():
    text = "제1부, 강북구·2015. 11. 24.(화) abc " + "가" * 40
    encoded = text.encode()
    assert [encoded[start:end].decode() for start, end in keepall.kept(text)] == [
        "제1부",
        "강북구",
        "2015. 11. 24.(화)",
    ]


def test_a_word_wider_than_its_cell_gives_way(content, box):
    long = "공정무역마을공동체협동조합"
    content |= {"files": {}, "sections": [{"id": "one", "heading": "하나", "blocks": [grid(16, long, "나")]}]}
    text = pages(make(content, box).data)[0]
    assert long not in text
    assert long in squeezed(text)


def test_no_group_of_a_table_lies_across_two_pages(content, box):
    programme = content["sections"][1]["blocks"][-2:]  # its heading and the table
    sections = []
    for lines in range(9):  # so that the tables meet the page's end at every height
        filler = [{"kind": "paragraph", "text": f"{lines}째 절의 {line}째 줄"} for line in range(lines * 2)]
        told = json.loads(json.dumps(programme, ensure_ascii=False).replace('"text": "', f'"text": "{lines}째'))
        sections.append({"id": f"s{lines}", "heading": "절", "blocks": [*filler, *told]})
    texts = [squeezed(text) for text in pages(make(content | {"files": {}, "sections": sections}, box).data)]
    groups = [group for section in sections for group in section["blocks"][-1]["groups"]]
    homes = [[squeezed(cell["text"]) for row in group for cell in row["cells"]] for group in groups]
    assert [home for home in homes if not any(all(text in page for text in home) for page in texts)] == []
    heads = [squeezed(section["blocks"][-2]["text"]) for section in sections]
    firsts = [squeezed(section["blocks"][-1]["groups"][0][0]["cells"][0]["text"]) for section in sections]
    assert [
        [head for head, first in zip(heads, firsts, strict=True) if head in page and first not in page]
        for page in texts
    ] == [[] for _page in texts]


def test_a_group_longer_than_a_page_is_cut_and_its_merged_cell_said_again():
    def cell(text, **more):
        return {"text": text, "head": False, "rows": 1, "cols": 1, "align": "left"} | more

    rows = [{"role": "", "cells": [cell(f"줄 {n}")]} for n in range(LONGEST + 4)]
    rows[0]["cells"].insert(0, cell("10:00", head=True, rows=len(rows)))
    columns = [{"heading": "시간", "width": 28}, {"heading": "내용", "width": None}]
    groups = table({"columns": columns, "groups": [rows]})["groups"]
    assert [len(group) for group in groups] == [LONGEST, 4]
    assert [(group[0]["cells"][0]["text"], group[0]["cells"][0]["rows"]) for group in groups] == [
        ("10:00", LONGEST),
        ("10:00", 4),
    ]


# ── what stands where ───────────────────────────────────────────────────────────────────────────


def test_the_programme_follows_the_data(content, box):
    programme = tables(body(content, box))[0]
    assert programme[0] == ["시 간", "내 용", "발표·참여", "주관·진행"]
    assert programme[3] == [
        "13:00~14:40",
        "도시재생 사업",
        "주민, 활동가, 중간지원조직, 동북4구 담당공무원 등",
        "도봉구 주관",
    ]
    assert programme[4] == ["마을과 사회적경제 사업", "성북구 주관"]
    assert programme[-7:-4] == [
        ["15:35~15:50", "서울 동북4구의 혁신교육", "서울시 교육감"],
        ["15:50~16:00", "동북4구 발전을 위한 지역협력", ""],
        ["16:10~16:20", "3부 진행을 위한 이동(3층 진행)"],
    ]


def test_a_phone_hears_a_partly_merged_cell_in_every_row_it_covers():
    def cell(text, rows=1):
        return {"text": text, "head": False, "rows": rows, "cols": 1, "align": "left"}

    rows = [
        {"role": "", "cells": [cell("가"), cell("사회", rows=2)]},
        {"role": "", "cells": [cell("나")]},
        {"role": "", "cells": [cell("다"), cell("라")]},
    ]
    columns = [{"heading": "내용", "width": None}, {"heading": "진행", "width": 26}]
    shown = table({"columns": columns, "groups": [rows]})["groups"][0]
    assert [[(cell["text"], cell["rows"], cell["classes"]) for cell in row["cells"]] for row in shown] == [
        [("가", 1, ""), ("사회", 2, "")],
        [("나", 1, ""), ("사회", 1, "again")],
        [("다", 1, ""), ("라", 1, "")],
    ]


def test_items_nest_by_level_and_notes_hang_below(content, box):
    content["sections"] = [
        {
            "id": "one",
            "heading": "하나",
            "blocks": [
                {"kind": "item", "level": 1, "label": "", "text": "가"},
                {"kind": "item", "level": 3, "label": "일 시", "text": "나"},
                {"kind": "note", "level": 3, "text": "다"},
                {"kind": "item", "level": 2, "label": "", "text": "라"},
                {"kind": "note", "level": 2, "text": "마"},
                {"kind": "end", "text": "끝."},
            ],
        },
    ]
    markup = re.search(r"</h2>(.*?)</section>", body(content, box), re.DOTALL)[1]
    assert re.sub(r"\s*\n\s*", "", markup) == (
        '<ul class="level-1 step-1"><li><span class="paper-lead">가</span>'
        '<ul class="level-3 step-2"><li><span class="paper-key">일 시</span> : 나'
        '<p class="paper-note">※ 다</p></li></ul>'
        '<ul class="level-2 step-1"><li>라'
        '<p class="paper-note">※ 마<span class="paper-end-mark">&nbsp;&nbsp;끝.</span></p></li></ul></li></ul>'
    )


def test_the_end_stands_below_photos_and_tables_and_behind_text(content, box):
    assert '<p class="paper-end">끝.</p>' in body(content, box)
    content["sections"][-1]["blocks"][:1] = [{"kind": "paragraph", "text": "마지막 문단."}]
    assert '마지막 문단.<span class="paper-end-mark">&nbsp;&nbsp;끝.</span></p>' in body(content, box)


def test_photos_stand_two_to_a_row_and_one_may_take_a_row(content, box):
    rows = re.findall(r'<div class="photo-row( photo-wide)?">(.*?)</div>', body(content, box), re.DOTALL)
    assert [(wide.strip(), row.count("<img")) for wide, row in rows] == [
        ("", 2),
        ("", 2),
        ("", 2),
        ("photo-wide", 1),
        ("", 2),
    ]


def test_a_wiped_photo_leaves_its_place_and_caption(content, box):
    digest = content["sections"][-1]["blocks"][0]["photos"][0]["digest"]
    del content["files"][digest]
    assert f"/pictures/{digest}" not in body(content, box)
    first = re.search(r"<figure>(.*?)</figure>", body(content, box), re.DOTALL)[1]
    assert re.sub(r"\s*\n\s*", "", first) == '<p class="photo-gone">삭제된 사진</p><figcaption>성북구 발표</figcaption>'
    assert "삭제된 사진" in pages(make(content, box).data)[3]


def test_a_photo_that_should_be_there_is_never_lost_silently(content, box):
    def gone(digest):
        raise FileNotFoundError(digest)

    with pytest.raises(FileNotFoundError):
        pdf.make(content, box, read=gone, created=CREATED)


def signature_box(markup: str) -> list[list[str]]:
    source = re.search(r'<table class="paper-box">.*?</table>', markup, re.DOTALL)[0]
    plain = re.sub(r"<wbr>", "", source).replace("<br>", " ").replace("&nbsp;", " ")
    return [[" ".join(cell.split()) for cell in cells(row)] for row in re.findall(r"<tr.*?</tr>", plain, re.DOTALL)]


def test_box_c_has_the_date_above_the_last_name_and_keeps_the_empty_row(content, box):
    assert signature_box(body(content, box)) == [
        ["결 재", "주무관", "사회적일자리팀장", "일자리지원과장", "주민생활국장"],
        ["이욱", "이영분", "심원택", "12/02 김희동"],
        ["협조", ""],
    ]


def test_box_c_shows_marks_remarks_and_reasons(content, box):
    box["columns"][0]["name"] = ""
    box["columns"][1] |= {"name": "", "note": "출장"}
    box["columns"][2] |= {"note": "(의견 있음)"}
    box["columns"][3] |= {"mark": "전결"}
    box["cooperators"] = [box["columns"][2] | {"position": "기획예산과장"}]
    assert signature_box(body(content, box)) == [
        ["결 재", "주무관", "사회적일자리팀장", "일자리지원과장 (의견 있음)", "주민생활국장"],
        ["", "출장", "심원택", "전결 12/02 김희동"],
        ["협조", "기획예산과장(의견 있음) 심원택"],
    ]


def test_form_b_has_the_record_beside_the_signers_and_the_office_at_the_foot(content, box):
    box |= {"form": "b", "register_no": "일자리지원과-12345"}
    markup = body(content, box)
    facts = re.search(r'<table class="paper-facts">.*?</table>', markup, re.DOTALL)[0]
    assert [cells(row) for row in re.findall(r"<tr.*?</tr>", facts, re.DOTALL)] == [
        ["생산등록번호", "일자리지원과-12345"],
        ["등록일", ""],
        ["결재일", "2015. 12. 2."],
        ["공개구분", ""],
    ]
    assert signature_box(markup)[2] == ["협조자"]
    assert '<p class="paper-office">강북구 주민생활국 일자리지원과</p>' in markup


def test_the_box_may_stand_at_the_end(content, box):
    content["box_position"] = "end"
    markup = body(content, box)
    assert markup.index("paper-box") > markup.index('<p class="paper-end">')


def test_the_page_follows_the_content_security_policy_and_escapes(content, box):
    content["title"] = '<script>alert("1")</script>'
    markup = html.page(content, box, picture="/pictures/{}".format)
    assert re.findall(r"<script|<style|\sstyle=|\son\w+=", markup) == []
    assert re.findall(r"https?://", markup) == []
    assert markup.count("&lt;script&gt;") == 2


def test_the_paper_is_korean_in_every_language(content, box):
    korean = body(content, box)
    with translation.override("en"):
        assert body(content, box) == korean


# ── makers ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/a.css",
        "https://paper.invalid.example.org/static/reports/paper.css",
        "file:///etc/hostname",
        "data:text/css,a",
        "https://paper.invalid/pictures/unknown",
        "https://paper.invalid/static/reports/none.css",
        "https://paper.invalid/other",
    ],
)
def test_the_printer_fetches_nothing_but_our_own_names(address):
    with pytest.raises(ValueError, match="not a name of ours"):
        pdf.own_names({"known": b"picture"}).fetch(address)


def test_the_printer_fetches_static_files_and_pictures():
    fetcher = pdf.own_names({"known": b"picture"})
    assert fetcher.fetch("https://paper.invalid/pictures/known").read() == b"picture"
    assert fetcher.fetch("https://paper.invalid/static/reports/paper.css").content_type == "text/css"


def test_pictures_are_shrunk_to_what_paper_shows():
    large, small = drawn({"width": 1600, "height": 1200}), drawn({"width": 800, "height": 600})
    with Image.open(io.BytesIO(pdf.shrink(large, width=85))) as picture:
        assert picture.size == (800, 600)
    assert pdf.shrink(small, width=85) == small
    assert pdf.shrink(large, width=175) == large


def test_missing_libraries_are_named_and_stop_the_printer_alone(content, box, monkeypatch):
    monkeypatch.setattr("conference.libraries.missing", lambda: ["libpango-1.0-0"])
    assert pdf.available() == "libpango-1.0-0"
    with pytest.raises(OSError, match=r"libpango-1\.0-0"):
        make(content, box)
    assert "결과보고" in body(content, box)


def test_the_marks_font_is_what_its_drawing_says(tmp_path):
    assert marks.draw(tmp_path / "marks.ttf").read_bytes() == marks.TARGET.read_bytes()
