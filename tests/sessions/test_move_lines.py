"""A line of the programme that is moved trades times with what it passes."""

from __future__ import annotations

import pytest

from sessions.sheets import move_line
from sheets.table import TableLines

OPENING, TALK, ONE, TWO, CLOSE = "가 1300 1310", "나 1310 1330", "다 1330 1500", "라 1330 1500", "마 1500 1510"
DAY = (OPENING, TALK, ONE, TWO, CLOSE)


def moved(at: int, to: int, lines=DAY) -> list[str]:
    made = TableLines(
        [dict(zip(("title", "start", "end"), ([part] for part in line.split()), strict=False)) for line in lines]
    )
    title, went = made.sent[at]["title"], move_line(made, at, to)
    assert made.sent[went]["title"] == title  # so that the focus finds it
    return [" ".join("".join(line.get(name, [])) for name in ("title", "start", "end")) for line in made.sent]


def test_neighbours_trade_and_keep_their_lengths():
    assert moved(1, 0) == moved(0, 1) == ["나 13:00 13:20", "가 13:20 13:30", ONE, TWO, CLOSE]


def test_parallel_lines_are_passed_together():
    assert moved(4, 3) == [OPENING, TALK, "마 13:30 13:40", "다 13:40 15:10", "라 13:40 15:10"]
    assert moved(1, 2) == [OPENING, "다 13:10 14:40", "라 13:10 14:40", "나 14:40 15:00", CLOSE]


def test_among_parallel_lines_only_the_order_changes():
    assert moved(2, 3) == [OPENING, TALK, TWO, ONE, CLOSE]
    assert moved(3, 2) == [OPENING, TALK, TWO, ONE, CLOSE]


def test_one_of_several_parallel_lines_that_leaves_keeps_its_hours():
    assert moved(3, 4) == [OPENING, TALK, ONE, CLOSE, TWO]


def test_far_moves_and_midnight():
    assert moved(4, 0) == ["마 13:00 13:10", "가 13:10 13:20", "나 13:20 13:40", "다 13:40 15:10", "라 13:40 15:10"]
    night = ("가 2300 2330", "나 2330 0030")
    assert moved(1, 0, night) == ["나 23:00 00:00", "가 00:00 00:30"]


def test_one_that_lasts_over_night_keeps_its_length():
    assert moved(0, 1, ("가 1800 다음날0900", "나 0900 1000")) == ["나 18:00 19:00", "가 19:00 다음날 10:00"]


@pytest.mark.parametrize("line", ["나", "나 이따 1330", "나 1310"])
def test_hours_that_cannot_be_read_are_left_alone(line):
    assert moved(1, 0, (OPENING, line)) == [f"{line}{' ' * (2 - line.count(' '))}", OPENING]
