"""How far a delay reaches, in the two days of the fair: as far as somebody must wait, and no further."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from conference.exchange import importing
from conference.models import Conference
from sessions import timetable, today
from sessions.delays import DelayItem, compute_delays
from tests.hostile_input import examples
from tests.sessions.day_helpers import act_params, clock_time

FAIR = Path(__file__).parents[1] / "data" / "fair.json"
BREAK_KINDS = ("break", "move")
NOON = datetime.fromisoformat("2026-11-12T12:00+09:00")


def items() -> dict[str, DelayItem]:
    """The sessions of the fair by code."""
    found = {}
    for row in json.loads(FAIR.read_text("utf-8"))["sessions"]:
        rooms = {use["room"][1] for use in row.get("room_uses", [])}
        people = {tuple(talk["presenter"]) for talk in row.get("presentations", [])}
        times = (datetime.fromisoformat(row[key]) for key in ("starts_at", "ends_at"))
        holds = frozenset(rooms | {"/".join(person) for person in people})
        found[row["code"]] = DelayItem(row["code"], *times, holds, row["kind"] in BREAK_KINDS and not rooms)
    return found


def late(code: str, minutes: int, *, of_all: bool = False, rows: dict[str, DelayItem] | None = None) -> dict[str, int]:
    """Minutes by code that the others are late."""
    rows = rows or items()
    others = [row for row in rows.values() if row.code != code and row.ends_at > rows[code].starts_at]
    found = compute_delays(rows[code], timedelta(minutes=minutes), others, of_all=of_all)
    return {other: by // timedelta(minutes=1) for other, by in found.items()}


def lone(*times: tuple[str, str, str], kind: str = "") -> dict[str, DelayItem]:
    """Sessions of one room: code, start and end as hours of one day on, ``26:00`` is two in the next night."""

    def at(text: str) -> datetime:
        hours, minutes = map(int, text.split(":"))
        return datetime.fromisoformat("2026-11-12T00:00+09:00") + timedelta(hours=hours, minutes=minutes)

    return {
        code: DelayItem(code, at(starts), at(ends), frozenset({"101"}), code == kind) for code, starts, ends in times
    }


def test_a_gap_that_is_as_long_as_the_delay_takes_it_up() -> None:
    assert late("d1-s2r6", 10) == {}  # 13:50 to 14:00, and nothing at 14:00 in that room


def test_what_is_left_of_a_delay_goes_on_to_the_next_gap() -> None:
    rows = items()
    assert (clock_time(rows["d1-s2r1"].ends_at), clock_time(rows["d1-s3r1"].starts_at)) == ("13:50", "14:00")
    found = late("d1-s2r1", 30)
    assert found["d1-s3r1"] == 20  # 14:50 becomes 15:10: at 15:30 all is as announced
    assert "d1-s4r1" not in found


def test_other_rooms_at_the_same_time_do_not_wait() -> None:
    found = late("d1-s2r3", 30)
    assert {code for code in found if code.startswith("d1-s2")} == set()
    assert found["d1-s3r3"] == 20


def test_after_what_all_attend_the_break_waits_and_all_rooms_with_it() -> None:
    found = late("d1-keynote", 10)
    assert found == {"d1-break": 10} | {f"d1-s1r{room}": 10 for room in range(1, 9)}  # 점심 at 12:00 takes it up


def test_one_room_of_eight_does_not_move_the_lunch_of_all() -> None:
    assert "d1-lunch" not in late("d1-s1r5", 45)


def test_lunch_waits_when_every_room_is_late() -> None:
    found = late("d1-keynote", 30)
    assert {found[f"d1-s1r{room}"] for room in range(1, 9)} == {30}
    assert found["d1-lunch"] == 20  # 11:50 becomes 12:20
    assert {by for code, by in found.items() if code.startswith("d1-s2")} == {20}
    assert {by for code, by in found.items() if code.startswith("d1-s4")} == set()  # 14:50 + 10 is before 15:30


@pytest.mark.parametrize(
    ("ends", "waits"), [("10:50", {"lunch": 20}), ("11:30", {"lunch": 20}), ("11:50", {}), ("12:00", {})]
)
def test_what_was_over_long_before_lets_nobody_out_for_lunch(ends: str, waits: dict[str, int]) -> None:
    rows = lone(("a", "10:00", "12:00"), ("b", "10:00", ends), ("lunch", "12:00", "13:00"), kind="lunch")
    rows["b"] = replace(rows["b"], holds=frozenset({"102"}))
    rows["lunch"] = replace(rows["lunch"], holds=frozenset())
    assert late("a", 20, rows=rows) == waits


def test_a_break_that_is_late_itself_is_waited_for_by_all() -> None:
    assert late("d1-lunch", 15) == {f"d1-s2r{room}": 15 for room in range(1, 9)} | {
        f"d1-s3r{room}": 5 for room in range(1, 6)
    }


def test_all_that_comes_after_waits_whatever_room_it_is_in() -> None:
    found = late("d1-s2r6", 20, of_all=True)
    assert found == {f"d1-s3r{room}": 10 for room in range(1, 6)}


def test_what_lasts_over_midnight_and_what_begins_after_it() -> None:
    found = late("d1-workshop", 60)
    assert found == {}  # the night begins at 19:00
    assert late("d1-night", 60) == {}  # 02:00 becomes 03:00; the next day begins at 09:00
    rows = lone(("night", "22:00", "24:00"), ("dawn", "24:00", "26:00"), ("later", "26:15", "27:00"))
    assert late("night", 20, rows=rows) == {"dawn": 20, "later": 5}


def test_a_session_over_all_rooms_takes_all_that_follows_it_along() -> None:
    rows = items()
    all_rooms = frozenset().union(*(row.holds for row in rows.values() if row.code.startswith("d1-s2")))
    noon = NOON + timedelta(hours=1, minutes=50)
    rows["all"] = DelayItem("all", noon, noon + timedelta(minutes=10), all_rooms)
    assert late("d1-s2r7", 10, rows=rows) == {"all": 10} | {f"d1-s3r{room}": 10 for room in range(1, 6)}


def test_who_speaks_again_elsewhere_is_waited_for() -> None:
    rows = lone(("first", "10:00", "11:00"), ("other", "11:00", "12:00"))
    rows["other"] = DelayItem("other", rows["other"].starts_at, rows["other"].ends_at, frozenset({"102", "발표자"}))
    assert late("first", 10, rows=rows) == {}
    rows["first"] = DelayItem("first", rows["first"].starts_at, rows["first"].ends_at, frozenset({"101", "발표자"}))
    assert late("first", 10, rows=rows) == {"other": 10}


def test_what_has_begun_waits_for_nothing() -> None:
    rows = lone(("first", "10:00", "11:00"), ("second", "11:00", "12:00"))
    second = rows["second"]
    rows["second"] = DelayItem("second", second.starts_at, second.ends_at, second.holds, has_begun=True)
    assert late("first", 10, rows=rows) == {}


@examples(60)
@given(
    gaps=st.lists(st.tuples(st.integers(0, 40), st.integers(5, 90), st.sampled_from("ABC")), max_size=12),
    minutes=st.integers(5, 60),
)
def test_nobody_waits_longer_than_needed_and_no_room_is_held_twice(
    gaps: Sequence[tuple[int, int, str]], minutes: int
) -> None:
    """In one row of sessions: each begins when the one before it in its room is over, or when it was to."""
    at, rows = NOON, {"0": DelayItem("0", NOON - timedelta(hours=1), NOON, frozenset("A"))}
    for number, (gap, length, room) in enumerate(gaps, start=1):
        at += timedelta(minutes=gap)
        rows[str(number)] = DelayItem(str(number), at, at + timedelta(minutes=length), frozenset(room))
        at += timedelta(minutes=length)
    found = late("0", minutes, rows=rows)
    free = {"A": NOON + timedelta(minutes=minutes)}
    for row in list(rows.values())[1:]:
        (room,) = row.holds
        begins = max(free.get(room, row.starts_at), row.starts_at)
        assert row.starts_at + timedelta(minutes=found.get(row.code, 0)) == begins
        free[room] = begins + (row.ends_at - row.starts_at)


# ── in the rows ─────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def fair(db) -> Conference:
    return importing.load(FAIR.read_bytes())


def times(conference: Conference, *codes: str) -> list[str]:
    return [clock_time(conference.sessions.get(code=code).starts_at) for code in codes]


def test_the_rows_say_the_same_and_come_back(fair: Conference) -> None:
    by = User.objects.get(username="damdang")
    codes = ("d1-keynote", "d1-break", "d1-s1r1", "d1-s1r8", "d1-lunch", "d2-break")
    before = times(fair, *codes)
    change = today.delay(fair.sessions.get(code="d1-keynote"), minutes=10, also=today.SAME_ROOMS, **act_params(by))
    assert change.text == "10분 지연, 이어지는 세션 9개 함께"
    assert times(fair, *codes) == ["10:10", "11:00", "11:10", "11:10", "12:00", "10:50"]
    today.undo(change, by=by)
    assert times(fair, *codes) == before


def test_a_cancelled_session_and_an_exhibition_are_in_nobodys_way(fair: Conference) -> None:
    by = User.objects.get(username="damdang")
    beside = fair.sessions.get(code="d1-s3r1")
    today.cancel(beside, **act_params(by))
    today.delay(fair.sessions.get(code="d1-s2r1"), minutes=30, also=today.SAME_ROOMS, **act_params(by))
    assert times(fair, "d1-s3r1") == ["14:00"]


def test_a_room_that_is_shared_on_purpose_is_waited_for_too(fair: Conference) -> None:
    by = User.objects.get(username="damdang")
    first, then = (fair.sessions.get(code=code) for code in ("d1-s2r1", "d1-s3r2"))
    room = first.room_uses.get().room
    timetable.set_rooms(then, rooms=[room], is_deliberate=True, by=by)
    today.delay(first, minutes=20, also=today.SAME_ROOMS, **act_params(by))
    assert times(fair, "d1-s3r2") == ["14:10"]
