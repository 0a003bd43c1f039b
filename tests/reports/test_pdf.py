"""The paper as a PDF: what a viewer shows, a screen reader hears and an archive keeps."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pikepdf
import pytest
from PIL import Image

from publishing.pdf import engine, korean_line_breaks
from reports.render import mark_font, pdf
from rows.canonical_json import canonical_json
from tests.reports import edition_2015
from tests.reports.edition_2015 import CREATED, FIXTURE, body, drawn, grid, make, pages, squeezed


@pytest.fixture
def content() -> dict[str, Any]:
    return edition_2015.content()


@pytest.fixture
def box() -> dict[str, Any]:
    return edition_2015.box()


@pytest.fixture(scope="module")
def printed() -> engine.Pdf:
    return make(FIXTURE["content"], FIXTURE["box"])


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


def is_image(stream: pikepdf.Object) -> bool:
    return stream.get("/Subtype") == pikepdf.Name.Image


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from strings(item)


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


def printable(block: dict[str, Any]) -> Any:
    """What of a block is to be read on paper: not its ids, roles and alternative texts."""
    if block["kind"] == "photos":
        return [photo["caption"] for photo in block["photos"]]
    if block["kind"] == "table":
        texts = [[cell.get(key, "") for key in ("text", "title", "sub", "lines")] for cell in cells_of(block)]
        return [block["caption"], [column["heading"] for column in block["columns"]], texts]
    return [block.get("label", ""), block["text"]]


def cells_of(block: dict[str, Any]) -> list[dict[str, Any]]:
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


def test_an_edition_that_was_not_signed_says_so_on_every_page(
    content: dict[str, Any], box: dict[str, Any], printed
) -> None:
    """A returned one that was stored or printed would pass for the report."""
    said = pages(make(content, box | {"ended": "returned"}).data)
    assert [
        ("반려된 판(효력 없음)" in page, "효력 없음" in whole)
        for page, whole in zip(said, pages(printed.data), strict=True)
    ] == [(True, False)] * len(said)


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
        assert attached.get_file().read_bytes().decode() == canonical_json(FIXTURE["content"])
        assert str(document.Root.AF[0].AFRelationship) == "/Source"


# ── lines and pages ─────────────────────────────────────────────────────────────────────────────


def test_a_word_never_splits_over_lines(content, box):
    text = "서울시 강북구 일자리지원과는 2015. 11. 24.(화) 동북4구 컨퍼런스에서 100여개를 " * 3
    blocks = [grid(width, text, text) for width in range(20, 80, 2)]
    content |= {"files": {}, "sections": [{"id": "one", "heading": "하나", "blocks": blocks}]}
    words = set("".join(pages(make(content, box).data)).split())
    assert {"강북구", "동북4구", "100여개를"} <= words
    assert {"강", "강북", "북구", "구", "동북", "동북4", "4구", "100", "100여", "여개를", "개를"} & words == set()


def test_stretches_that_stay_on_one_line_count_in_bytes():
    text = "제1부, 강북구·2015. 11. 24.(화) abc " + "가" * 40
    encoded = text.encode()
    assert [encoded[start:end].decode() for start, end in korean_line_breaks.unbreakable_spans(text)] == [
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
        engine.restricted_fetcher({"known": b"picture"}).fetch(address)


def test_the_printer_fetches_static_files_and_pictures():
    fetcher = engine.restricted_fetcher({"known": b"picture"})
    assert fetcher.fetch("https://paper.invalid/pictures/known").read() == b"picture"
    assert fetcher.fetch("https://paper.invalid/static/reports/paper.css").content_type == "text/css"


def test_pictures_are_shrunk_to_what_paper_shows():
    large, small = drawn({"width": 1600, "height": 1200}), drawn({"width": 800, "height": 600})
    with Image.open(io.BytesIO(pdf.shrink_picture(large, width=85))) as picture:
        assert picture.size == (800, 600)
    assert pdf.shrink_picture(small, width=85) == small
    assert pdf.shrink_picture(large, width=175) == large


def test_missing_libraries_are_named_and_stop_the_printer_alone(content, box, monkeypatch):
    monkeypatch.setattr("publishing.pdf.pdf_libraries.missing", lambda: ["libpango-1.0-0"])
    assert engine.missing_packages() == "libpango-1.0-0"
    with pytest.raises(OSError, match=r"libpango-1\.0-0"):
        make(content, box)
    assert "결과보고" in body(content, box)


def test_the_marks_font_is_what_its_drawing_says(tmp_path):
    assert mark_font.write_font(tmp_path / "mark_font.ttf").read_bytes() == mark_font.TARGET.read_bytes()


def test_a_photo_that_should_be_there_is_never_lost_silently(content, box):
    def gone(digest):
        raise FileNotFoundError(digest)

    with pytest.raises(FileNotFoundError):
        pdf.render_pdf(content, box, read=gone, created=CREATED)


def test_a_wiped_photo_leaves_its_place(content, box):
    del content["files"][content["sections"][-1]["blocks"][0]["photos"][0]["digest"]]
    assert "삭제된 사진\n" in pages(make(content, box).data)[3]


def test_a_web_worker_loads_nothing_heavy_until_a_report_is_printed():
    code = (
        "import django, sys; django.setup(); import reports.render.pdf, publishing.pdf.engine;"
        "print(sorted({'weasyprint', 'pikepdf', 'PIL', 'fontTools'} & set(sys.modules)))"
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    said = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert said.stdout == "[]\n"
