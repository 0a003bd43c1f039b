"""Typing in a table as in a spreadsheet: cells pasted from a cell on, lines folded to words, fields side by side."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.models import User
from conference.models import Conference
from sheets import paste
from sheets.conference_forms import VenueForm
from sheets.references import ReferenceIndex
from sheets.table import TableLines
from tests.sheets.table_page import TablePage
from tests.visitor import Visitor

HEADS = [("person", "인물", True), ("attendance", "참석", False), ("represented_by", "대리", False)]
TABLE = SimpleNamespace(
    headings=HEADS,
    blank_form=SimpleNamespace(extra_headings={}, implied_columns={}),
    context=SimpleNamespace(can_add=True),
)
GUESTS = "/desk/dongbuk4-2015/rows/guests/"


def client_of(username: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=username))
    return client


def test_pasted_cells_go_to_the_right_and_down_from_the_cell():
    lines = TableLines([{"person": ["가"]}, {}, {}])
    paste.fill_cells(lines, "나\t참석\n다\t대리참석\n", TABLE, 1)
    assert lines.sent == [
        {"person": ["가"]},
        {"person": ["나"], "attendance": ["참석"]},
        {"person": ["다"], "attendance": ["대리참석"]},
    ]


def test_lines_follow_where_the_table_ends():
    lines = TableLines([{"person": ["가"]}])
    paste.fill_cells(lines, "참석\t나\n대리참석", TABLE, 0, 1)
    assert lines.sent == [
        {"person": ["가"], "attendance": ["참석"], "represented_by": ["나"]},
        {"attendance": ["대리참석"]},
    ]


@pytest.mark.parametrize(
    ("text", "at", "column", "said"),
    [
        ("참석\t나\t다", 0, 1, "1번째 줄에 칸이 3개 있습니다. 2개까지"),
        ("나", 9, 0, "붙여 넣을 칸이 표에 없습니다"),
        ("나", 0, 9, "0개까지"),
        ("나", 10**16, 10**16, "0개까지"),
        ("나\n" * 400, 1, 0, "한 화면에 400줄까지"),
        ("인물\t비고\t대리\n나\t메모\t다", 0, 0, "이 표에 없는 열입니다: 비고"),
        ("가" * 500_001, 0, 0, "500,000자까지"),
    ],
)
def test_what_would_be_lost_is_refused(text, at, column, said):
    lines = TableLines([{"person": ["가"]}])
    with pytest.raises(ValidationError, match=re.escape(said)):
        paste.fill_cells(lines, text, TABLE, at, column)
    assert lines.sent == [{"person": ["가"]}]


def test_headings_pasted_into_a_cell_say_the_columns():
    lines = TableLines([{"person": ["가"]}, {}])
    paste.fill_cells(lines, "대리\t인물\n나\t다\n라\t마", TABLE, 1, 2)
    assert lines.sent == [
        {"person": ["가"]},
        {"represented_by": ["나"], "person": ["다"]},
        {"represented_by": ["라"], "person": ["마"]},
    ]


def test_a_heading_alone_is_a_word():
    lines = TableLines([{}])
    paste.fill_cells(lines, "대리\t인물", TABLE)
    assert lines.sent == [{"person": ["대리"], "attendance": ["인물"]}]


def test_a_line_that_is_not_the_persons_to_change_is_passed_over():
    lines = TableLines([{"id": ["7"]}, {}])
    paste.fill_cells(lines, "가", TABLE)
    assert lines.sent == [{"id": ["7"]}, {"person": ["가"]}]


@pytest.mark.parametrize("do", ["fill:3:0", "fill", "fill:", "fill:x:y", "fill:0:0:0", "fill:99:99"])
def test_the_table_shows_what_was_pasted_and_stores_nothing(example: Conference, do):
    screen = TablePage(client_of("chair"), GUESTS)
    before = list(example.guests.values_list("pk", "version"))
    assert screen.send_by_script(do, paste="새 사람\t참석").status_code == 200
    assert list(example.guests.values_list("pk", "version")) == before
    assert (do == "fill:3:0") == (screen.data["r3-person"] == "새 사람")


def test_nobody_pastes_where_they_may_only_read(example: Conference):
    data = {"count": "1", "do": "fill:0:0", "paste": "새 사람", "r0-person": "가"}
    assert Visitor("dobong").post_raw(GUESTS, data).status == 403


def test_stored_lines_are_folded_and_new_ones_open(example: Conference):
    html = client_of("chair").get(GUESTS).content.decode()
    folds = re.findall(r'<details class="fold"( open)?>\s*<summary>\s*<b>([^<]*)</b>\s+<span>([^<]*)</span>', html)
    assert folds == [
        ("", "서울시장", "미확인"),
        ("", "서울시 교육감", "미확인"),
        ("", "동북4구 구청장", "미확인"),
        *[(" open", "새 줄", "")] * 3,
    ]


def test_a_wide_cell_of_one_line_keeps_to_one_line(example: Conference):
    names = ReferenceIndex(example)
    form = VenueForm({"name": "서울\n테크노 파크"}, references=names, columns=["name"])
    assert (form.is_valid(), form.cleaned_data["name"]) == (True, "서울 테크노 파크")


def test_short_fields_stand_side_by_side_and_the_others_alone(example: Conference):
    assert VenueForm(references=ReferenceIndex(example)).layout_rows() == [
        ["name", "within"],
        ["address"],
        ["transit"],
        ["parking"],
        ["access_note"],
        ["map_url"],
        ["version"],
    ]
