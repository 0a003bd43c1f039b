"""Collected values become words: cells merge, nothing empty is printed, what nobody said is not said."""

from __future__ import annotations

from typing import Any

import pytest

from reports import sections
from reports.sections import detail, overview
from reports.sections.blocks import cell, merge_cells, row


def texts(rows: list[dict[str, Any]]) -> list[list[tuple[str, int]]]:
    return [[(found["text"], found["rows"]) for found in line["cells"]] for line in rows]


def test_equal_neighbours_merge_into_one_cell() -> None:
    rows = merge_cells(
        [row(cell("13:00"), cell("가")), row(cell("13:00"), cell("나")), row(cell("14:00"), cell("나"))], (0,)
    )
    assert texts(rows) == [[("13:00", 2), ("가", 1)], [("나", 1)], [("14:00", 1), ("나", 1)]]


def test_equal_neighbours_print_a_ditto_mark_where_the_report_says_so() -> None:
    rows = merge_cells(
        [row(cell("사회진행")), row(cell("사회진행")), row(cell("사회진행")), row(cell(""))], (0,), ditto=True
    )
    assert texts(rows) == [[("사회진행", 1)], [("″", 1)], [("″", 1)], [("", 1)]]


def test_empty_cells_stay_apart() -> None:
    assert texts(merge_cells([row(cell("")), row(cell(""))], (0,))) == [[("", 1)], [("", 1)]]


def test_a_cell_merges_only_with_its_neighbour() -> None:
    rows = merge_cells([row(cell("가")), row(cell("나")), row(cell("가"))], (0,))
    assert texts(rows) == [[("가", 1)], [("나", 1)], [("가", 1)]]


@pytest.mark.parametrize(
    ("guest", "expected"),
    [
        ({"attendance": "unknown", "represented_by": ""}, "서울시장"),
        ({"attendance": "present", "represented_by": ""}, "서울시장"),
        ({"attendance": "represented", "represented_by": "행정부시장"}, "서울시장(대리참석 행정부시장)"),
    ],
)
def test_guests(guest: dict[str, str], expected: str) -> None:
    named = {"name": "서울시장", "affiliation": "", "job": ""} | guest
    absent = {"name": "국회의원", "affiliation": "", "job": "", "attendance": "absent", "represented_by": ""}
    blocks = overview._audience({"audience": "", "guests": [absent, named]})
    assert blocks[-1]["text"] == expected
    assert overview._audience({"audience": "", "guests": [absent]}) == []


@pytest.mark.parametrize(
    ("basis", "expected"),
    [
        (
            {"issuer": "서울시 동북4구 사업단", "serial": "8927", "dated": "2015-10-23", "title": ""},
            "서울시 동북4구 사업단-8927(2015. 10. 23.)호",
        ),
        (
            {"issuer": "", "serial": "", "dated": "2015-10-16", "title": "동북4구 발전협의회 간담회 체결"},
            "동북4구 발전협의회 간담회 체결(2015. 10. 16.)",
        ),
        ({"issuer": "강북구", "serial": "", "dated": None, "title": "추진 방침"}, "강북구 추진 방침"),
    ],
)
def test_basis(basis: dict[str, str], expected: str) -> None:
    values = {"event": {"bases": [basis]}, "texts": {"no_basis_reason": ""}}
    assert [block["text"] for block in overview.build_basis(values)] == [expected]


def test_giveaways_of_one_number_share_a_line() -> None:
    things = [
        {"name": name, "planned": None, "given": None, "stated": 100, "is_approximate": True, "per_item": True}
        for name in ("노트", "물티슈")
    ]
    other = {"name": "우산", "planned": 5, "given": 3, "stated": None, "is_approximate": False, "per_item": False}
    lines = detail._giveaways([*things, other])
    assert lines == ["노트 및 물티슈 배부(각 100여 개)", "우산 배부(3개)"]


def chosen(**more: Any) -> dict[str, Any]:
    empty = {
        "headings": {},
        "section_order": [],
        "notation": "merged",
        "photo_position": "body",
        "no_basis_reason": "없음",
        "paragraphs": {},
    }
    return empty | {"overrides": {}, "budget": [], "followups": [], "publicity": [], "attachments": []} | more


def values(**more: Any) -> dict[str, Any]:
    event = {
        "title": "행사",
        "starts_at": "2015-11-24T13:00+09:00",
        "ends_at": "2015-11-24T18:00+09:00",
        "hosts": [],
        "audience": "",
        "guests": [],
    }
    event |= {"headcount": None, "main_items": [], "bases": []}
    empty = {
        "event": event,
        "programme": {"blocks": []},
        "topics": [],
        "tracks": [],
        "exhibitions": [],
        "district": "",
        "texts": chosen(),
        "photos": [],
    }
    return empty | more


def test_sections_without_data_are_left_out_and_the_last_ends() -> None:
    built = sections.build_sections(values())
    assert [found["id"] for found in built] == ["basis", "overview"]
    assert [found["blocks"][-1] for found in built] == [
        {"kind": "item", "level": 1, "label": "", "text": "없음"},
        {"kind": "end", "text": "끝."},
    ]


def test_order_and_headings_are_the_reports_choice() -> None:
    built = sections.build_sections(
        values(texts=chosen(section_order=["overview", "basis"], headings={"overview": "컨퍼런스 개요"}))
    )
    assert [(found["id"], found["heading"]) for found in built] == [
        ("overview", "컨퍼런스 개요"),
        ("basis", "추진 근거"),
    ]


def test_a_section_that_the_chosen_order_does_not_name_comes_before_the_attachments() -> None:
    written = [{"level": 1, "text": "92점"}]
    texts = chosen(
        section_order=[name for name in sections.SECTIONS if name != "satisfaction"],
        paragraphs={"satisfaction": written},
        attachments=[{"name": "사진", "copies": 1}],
    )
    built = sections.build_sections(values(texts=texts))
    assert [section["id"] for section in built] == ["basis", "overview", "satisfaction", "attachments"]
    assert [section["blocks"][-1]["kind"] for section in built] == ["item", "item", "item", "end"]


def test_attached_photos_come_after_the_end() -> None:
    photo = {"digest": "d", "caption": "발표", "alt": "", "stage": "event", "wide": False}
    attachment = {"name": "사진대지", "copies": 1}
    built = sections.build_sections(
        values(photos=[photo], texts=chosen(photo_position="attached", attachments=[attachment]))
    )
    assert [found["id"] for found in built] == ["basis", "overview", "attachments", "photos"]
    assert built[2]["blocks"] == [{"kind": "paragraph", "text": "사진대지 1부."}, {"kind": "end", "text": "끝."}]


def test_the_lines_of_an_override_stay_lines() -> None:
    built = sections.build_sections(values(texts=chosen(overrides={"basis": "첫 줄\n\n둘째 줄"})))
    assert [found["text"] for found in built[0]["blocks"]] == ["첫 줄", "둘째 줄"]


def test_an_override_takes_the_place_of_the_collected_text() -> None:
    built = sections.build_sections(values(texts=chosen(overrides={"basis": "고쳐 쓴 근거"})))
    assert built[0]["blocks"] == [{"kind": "paragraph", "text": "고쳐 쓴 근거"}]


def test_money_adds_up() -> None:
    budget = [
        {"item": "홍보", "planned": 1000000, "spent": 900000},
        {"item": "운영", "planned": 500000, "spent": 500000},
        {"item": "인쇄", "planned": 3000000, "spent": 3200000},
    ]
    table = next(
        found for found in sections.build_sections(values(texts=chosen(budget=budget))) if found["id"] == "budget"
    )["blocks"][0]
    assert [[found["text"] for found in line["cells"]] for line in table["groups"][0]] == [
        ["홍보", "1,000,000", "900,000", "100,000"],
        ["운영", "500,000", "500,000", "0"],
        ["인쇄", "3,000,000", "3,200,000", "△200,000"],
        ["합계", "4,500,000", "4,600,000", "△100,000"],
    ]


def session(code: str, starts_at: str, ends_at: str, **more: Any) -> dict[str, Any]:
    empty = {
        "kind": "talk",
        "title": code,
        "participants": "",
        "performers": "",
        "host": "",
        "moderator": None,
        "conduct": "",
        "presentations": [],
        "rooms": [],
    }
    result = {"outcome": "unknown", "starts_at": None, "ends_at": None, "headcount": None}
    return empty | {"starts_at": starts_at, "ends_at": ends_at, "result": result} | more


def test_each_day_has_a_table_of_its_own() -> None:
    before = {
        "part": {"label": "사전행사", "title": "전시", "note": "", "starts_at": None, "places": []},
        "sessions": [],
    }
    first = {"part": None, "sessions": [session("하루", "2015-11-24T13:00+09:00", "2015-11-24T14:00+09:00")]}
    second = {"part": None, "sessions": [session("이틀", "2015-11-25T10:00+09:00", "2015-11-25T11:00+09:00")]}
    built = sections.build_sections(values(programme={"blocks": [before, first, second]}))
    tables = next(found for found in built if found["id"] == "programme")["blocks"]
    assert [(table["caption"], len(table["groups"])) for table in tables[:2]] == [
        ("2015. 11. 24.(화)", 2),
        ("2015. 11. 25.(수)", 1),
    ]


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        ({}, ""),
        ({"outcome": "as_planned"}, ""),
        ({"outcome": "cancelled", "headcount": 3}, "(취소)"),
        (
            {"outcome": "changed", "starts_at": "2015-11-24T13:10+09:00", "ends_at": "2015-11-24T14:00+09:00"},
            "(변경 13:10~14:00)",
        ),
        ({"outcome": "as_planned", "headcount": 40}, "(40명 참석)"),
    ],
)
def test_what_came_of_a_session(result: dict[str, Any], expected: str) -> None:
    row = session("강연", "2015-11-24T13:00+09:00", "2015-11-24T14:00+09:00")
    row["result"] |= result
    built = sections.build_sections(values(programme={"blocks": [{"part": None, "sessions": [row]}]}))
    table = next(found for found in built if found["id"] == "programme")["blocks"][0]
    assert table["groups"][0][0]["cells"][1]["sub"] == expected
