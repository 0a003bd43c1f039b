"""The paper on screen: what stands where, from one edition content and one sign-off box."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils import translation

from reports.render import html
from reports.render.table import MAX_GROUP_ROWS, lay_out_table
from tests.reports import edition_2015
from tests.reports.edition_2015 import body, cell, cells


@pytest.fixture
def content() -> dict[str, Any]:
    return edition_2015.content()


@pytest.fixture
def box() -> dict[str, Any]:
    return edition_2015.box()


def tables(markup: str) -> list[list[list[str]]]:
    """Return the texts of all tables of blocks, row by row."""
    found = re.findall(r'<table class="paper-table.*?</table>', markup, re.DOTALL)
    return [[cells(row) for row in re.findall(r"<tr.*?</tr>", source, re.DOTALL)] for source in found]


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
    rows = [
        {"role": "", "cells": [cell("가"), cell("사회", rows=2)]},
        {"role": "", "cells": [cell("나")]},
        {"role": "", "cells": [cell("다"), cell("라")]},
    ]
    columns = [{"heading": "내용", "width": None}, {"heading": "진행", "width": 26}]
    block = {"kind": "table", "id": "t", "caption": "", "columns": columns, "groups": [rows]}
    shown = lay_out_table(block)["groups"][0]
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
    markup = html.render_page(content, box, picture="/pictures/{}".format)
    assert re.findall(r"<script|<style|\sstyle=|\son\w+=", markup) == []
    assert re.findall(r"https?://", markup) == []
    assert markup.count("&lt;script&gt;") == 2


def test_no_white_space_stands_beside_a_line_of_the_templates(content, box):
    """WeasyPrint breaks a full line at its first blank where white space follows the text."""
    content["sections"][0]["blocks"].append({"kind": "paragraph", "text": "글"})
    article = body(content, box)
    kinds = {block["kind"] for section in content["sections"] for block in section["blocks"]}
    assert kinds == {"end", "item", "note", "paragraph", "photos", "table"}
    assert ("\n" in article, re.findall(r">\s+<", article)) == (False, [])


def test_the_paper_is_korean_in_every_language(content, box):
    korean = body(content, box)
    with translation.override("en"):
        assert body(content, box) == korean


def test_a_group_longer_than_a_page_is_cut_and_its_merged_cell_said_again():
    rows = [{"role": "", "cells": [cell(f"줄 {n}")]} for n in range(MAX_GROUP_ROWS + 4)]
    rows[0]["cells"].insert(0, cell("10:00", head=True, rows=len(rows)))
    columns = [{"heading": "시간", "width": 28}, {"heading": "내용", "width": None}]
    groups = lay_out_table({"kind": "table", "id": "t", "caption": "", "columns": columns, "groups": [rows]})["groups"]
    assert [len(group) for group in groups] == [MAX_GROUP_ROWS, 4]
    assert [(group[0]["cells"][0]["text"], group[0]["cells"][0]["rows"]) for group in groups] == [
        ("10:00", MAX_GROUP_ROWS),
        ("10:00", 4),
    ]


def test_a_wiped_photo_leaves_its_place_and_caption(content, box):
    digest = content["sections"][-1]["blocks"][0]["photos"][0]["digest"]
    del content["files"][digest]
    assert f"/pictures/{digest}" not in body(content, box)
    first = re.search(r"<figure>(.*?)</figure>", body(content, box), re.DOTALL)[1]
    assert re.sub(r"\s*\n\s*", "", first) == '<p class="photo-gone">삭제된 사진</p><figcaption>성북구 발표</figcaption>'


@pytest.mark.parametrize("form", ["b", "c"])
def test_box_at_the_end_stands_before_attached_photos(content, box, form):
    """끝. and the box close the body; a 사진대지 that is attached comes after them."""
    *before, sheet = content["sections"]
    sheet["blocks"] = [block for block in sheet["blocks"] if block["kind"] != "end"]
    before[-1]["blocks"].append({"kind": "end", "text": "끝."})
    content["box_position"], content["box_form"] = "end", form
    markup = body(content, box | {"form": form})
    foot, photos = markup.index('class="paper-foot"'), markup.index(f'id="paper-{sheet["id"]}"')
    assert (foot < photos, markup.count('class="paper-foot"')) == (True, 1)
