"""당일 운영: each act reaches visitors at exactly its session, takes nobody's draft along, and can be undone."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from conference.models import Conference
from publishing import release_draft, releases
from sessions import timetable, today
from sessions.models import DayChange
from tests.sessions.day_helpers import act_params, clock_time, live, released, rooms, sections

REASON = "2015년 결과보고에 실린 이름입니다."


def test_a_delay_reaches_visitors_and_no_draft_does(unsigned: Conference, chair: User) -> None:
    unsigned.sessions.filter(code="mayor").update(title="초안 제목")
    unsigned.sessions.filter(code="social-economy").update(title="초안 제목")
    unsigned.notices.create(title="초안 공지")
    unsigned.audience = "초안 대상"
    unsigned.save()
    before = sections(unsigned)
    change = today.delay(live(unsigned), minutes=10, **act_params(chair))
    assert (change.text, unsigned.releases.first().name) == ("10분 지연", "당일 변경: ‘초안 제목’ 10분 지연")
    now = sections(unsigned)
    found = released(unsigned)
    assert [found["starts_at"][11:16], found["was"]["starts_at"][11:16], clock_time(live(unsigned).starts_at)] == [
        "15:30",
        "15:20",
        "15:30",
    ]
    for value in [value for block in before["programme"]["blocks"] for value in block["sessions"]]:
        if value["code"] == "mayor":
            minutes = timedelta(minutes=10)
            value["was"] = {key: value[key] for key in ("starts_at", "ends_at")}
            for key in ("starts_at", "ends_at"):
                value[key] = (datetime.fromisoformat(value[key]) + minutes).isoformat(timespec="minutes")
    assert now == before
    # the title in the name of the release is for staff; visitors never see it
    assert "초안" not in json.dumps(now, ensure_ascii=False)


def test_a_delay_is_added_to_what_was_released_not_to_the_draft(unsigned: Conference, chair: User) -> None:
    row = live(unsigned)
    timetable.move(
        row, starts_at=row.starts_at + timedelta(hours=3), ends_at=row.ends_at + timedelta(hours=3), by=chair
    )
    today.delay(live(unsigned), minutes=10, **act_params(chair))
    assert [clock_time(live(unsigned).starts_at), released(unsigned)["starts_at"][11:16]] == ["18:30", "15:30"]


def test_the_following_are_delayed_along(unsigned: Conference, chair: User) -> None:
    later = {row.code: row.starts_at for row in unsigned.sessions.filter(starts_at__gte=live(unsigned).ends_at)}
    assert len(later) > 0
    change = today.delay(live(unsigned), minutes=20, also=today.WHOLE_DAY, **act_params(chair))
    moved = {
        row.code: (row.starts_at - later[row.code]).seconds // 60 for row in unsigned.sessions.filter(code__in=later)
    }
    # ten minutes between 16:00 and the way to part 3 take up half of it
    half = {"move-to-part-3", "university", "jobs", "culture"}
    assert moved == {code: 10 if code in half else 20 for code in later}
    assert change.text == f"20분 지연, 이어지는 세션 {len(later)}개 함께"
    assert all("was" in released(unsigned, code) for code in later)
    assert unsigned.releases.count() == 2
    today.undo(change, by=chair)
    assert {row.code: row.starts_at for row in unsigned.sessions.filter(code__in=later)} == later
    assert not any("was" in released(unsigned, code) for code in later)


def test_what_begins_a_day_later_does_not_wait(unsigned: Conference) -> None:
    row, minute = live(unsigned), timedelta(minutes=1)
    next_day = row.ends_at + timedelta(days=1)
    times = {
        "night": (row.ends_at, next_day - 2 * minute),
        "before": (next_day - minute, next_day),
        "after": (next_day, next_day + minute),
    }
    for code, (starts_at, ends_at) in times.items():
        unsigned.sessions.create(kind="talk", title=code, code=code, starts_at=starts_at, ends_at=ends_at)
    waits = today.delayed_sessions(row, 10 * minute, also=today.WHOLE_DAY)
    assert [waits.get(code) for code in times] == [10 * minute, 9 * minute, None]


def test_of_what_has_no_room_only_a_break_waits_and_of_breaks_only_that_without_one(
    unsigned: Conference, chair: User
) -> None:
    row, minutes = live(unsigned), timedelta(minutes=10)
    times = {"starts_at": row.ends_at, "ends_at": row.ends_at + minutes}
    for code, kind in {"no room": "talk", "in a room": "break", "for all": "break"}.items():
        unsigned.sessions.create(kind=kind, title=code, code=code.replace(" ", "-"), **times)
    timetable.set_rooms(live(unsigned, "in-a-room"), rooms=rooms(unsigned)[-1:], is_deliberate=True, by=chair)
    waits = today.delayed_sessions(row, minutes, also=today.SAME_ROOMS)
    assert [waits.get(code) for code in ("no-room", "in-a-room", "for-all")] == [None, None, minutes]


def test_only_those_of_the_same_room_are_delayed_along(unsigned: Conference, chair: User) -> None:
    row, one = live(unsigned), rooms(unsigned)[0]
    timetable.set_rooms(row, rooms=[one], by=chair)
    times = {"starts_at": row.ends_at, "ends_at": row.ends_at + timedelta(minutes=30)}
    after = unsigned.sessions.create(kind="talk", title="다음 강연", code="after", **times)
    timetable.set_rooms(after, rooms=[one], by=chair)
    with pytest.raises(timetable.RoomTaken, match="다음 강연"):
        today.delay(live(unsigned), minutes=10, **act_params(chair))
    assert (clock_time(live(unsigned).starts_at), unsigned.releases.count(), DayChange.objects.count()) == (
        "15:20",
        1,
        0,
    )
    today.delay(live(unsigned), minutes=10, also=today.SAME_ROOMS, **act_params(chair))
    assert live(unsigned, "after").starts_at == times["starts_at"] + timedelta(minutes=10)
    others = unsigned.sessions.filter(starts_at__gte=row.ends_at).exclude(code="after")
    assert not any("was" in released(unsigned, other.code) for other in others)


def test_a_running_session_is_prolonged(unsigned: Conference, chair: User) -> None:
    row = live(unsigned)
    today.start(row, at=row.starts_at, **act_params(chair))
    change = today.delay(row, minutes=10, **act_params(chair))
    found = released(unsigned)
    assert (change.text, found["starts_at"][11:16], list(found["was"])) == ("10분 연장", "15:20", ["ends_at"])


def test_pressed_twice_it_is_delayed_once(unsigned: Conference, chair: User) -> None:
    key = act_params(chair)
    first, second = (today.delay(live(unsigned), minutes=10, **key) for _ in "ab")
    assert (first, unsigned.releases.count(), clock_time(live(unsigned).starts_at)) == (second, 2, "15:30")


def test_two_delays_keep_what_was_announced_first(unsigned: Conference, chair: User) -> None:
    first, second = (today.delay(live(unsigned), minutes=10, **act_params(chair)) for _ in "ab")
    found = released(unsigned)
    assert [found["starts_at"][11:16], found["was"]["starts_at"][11:16]] == ["15:40", "15:20"]
    with pytest.raises(ValidationError, match="나중에 한 것부터"):
        today.undo(first, by=chair)
    today.undo(second, by=chair)
    today.undo(first, by=chair)
    assert ("was" in released(unsigned), clock_time(live(unsigned).starts_at)) == (False, "15:20")


def test_another_place(unsigned: Conference, chair: User) -> None:
    row, one = live(unsigned), rooms(unsigned)[0]
    before = released(unsigned)
    change = today.move(row, rooms=[one], **act_params(chair))
    assert [room["name"] for room in released(unsigned)["rooms"]] == [one.name]
    assert released(unsigned)["was"] == {"rooms": before["rooms"]}
    with pytest.raises(ValidationError, match="지금 장소와 같습니다"):
        today.move(row, rooms=[one], **act_params(chair))
    today.undo(change, by=chair)
    assert released(unsigned) == before
    assert [use.room for use in row.room_uses.all()] == [] if not before["rooms"] else True


def test_a_held_room_is_not_taken(unsigned: Conference, chair: User) -> None:
    one = rooms(unsigned)[0]
    row = live(unsigned)
    other = unsigned.sessions.create(
        kind="talk", title="다른 강연", code="other", starts_at=row.starts_at, ends_at=row.ends_at
    )
    timetable.set_rooms(other, rooms=[one], by=chair)
    with pytest.raises(timetable.RoomTaken, match="다른 강연"):
        today.move(row, rooms=[one], **act_params(chair))
    assert unsigned.releases.count() == 1
    cancelled = today.cancel(other, **act_params(chair))
    today.move(row, rooms=[one], **act_params(chair))
    with pytest.raises(timetable.RoomTaken):  # its room is another's by now
        today.undo(cancelled, by=chair)
    assert [use.room for use in live(unsigned, "other").room_uses.all()] == [one]


def test_a_cancelled_session_says_so(unsigned: Conference, chair: User) -> None:
    before = released(unsigned)
    change = today.cancel(live(unsigned), **act_params(chair))
    assert (released(unsigned), live(unsigned).outcome) == (before | {"is_cancelled": True}, "cancelled")
    for act in (
        lambda: today.cancel(live(unsigned), **act_params(chair)),
        lambda: today.delay(live(unsigned), minutes=5, **act_params(chair)),
    ):
        with pytest.raises(ValidationError, match="취소한 세션입니다"):
            act()
    today.undo(change, by=chair)
    assert (released(unsigned), live(unsigned).outcome) == (before, "unknown")
    with pytest.raises(ValidationError, match="이미 되돌렸습니다"):
        today.undo(change, by=chair)


def test_what_staff_note_is_not_released(unsigned: Conference, chair: User) -> None:
    row = live(unsigned)
    with pytest.raises(ValidationError, match="오늘 여는 세션이 아닙니다"):
        today.start(row, **act_params(chair))
    begun = today.start(row, at=row.starts_at, **act_params(chair))
    ended = today.finish(row, at=row.ends_at, **act_params(chair))
    counted = today.record_headcount(row, headcount=35, **act_params(chair))
    row = live(unsigned)
    assert (row.actual_starts_at, row.actual_ends_at, row.headcount) == (row.starts_at, row.ends_at, 35)
    assert ([begun.text, ended.text, counted.text], unsigned.releases.count()) == (
        ["15:20 시작", f"{clock_time(row.ends_at)} 종료", "참석 인원 35명"],
        1,
    )
    for change in (begun, ended, counted):
        if change == begun:
            continue
        today.undo(change, by=chair)
    today.undo(begun, by=chair)
    row = live(unsigned)
    assert (row.actual_starts_at, row.actual_ends_at, row.headcount) == (None, None, None)
    assert row.history.first().by == chair


def test_what_runs_is_finished_once_and_later_than_it_began(unsigned: Conference, chair: User) -> None:
    row = live(unsigned)

    def refused(act: Callable[..., DayChange], **times: datetime) -> str:
        with pytest.raises(ValidationError) as caught:
            act(live(unsigned), **times, **act_params(chair))
        return caught.value.messages[0]

    before = refused(today.finish, at=row.ends_at)
    today.start(row, at=row.starts_at, **act_params(chair))
    meanwhile = refused(today.start, at=row.ends_at), refused(today.finish, at=row.starts_at)
    today.finish(row, at=row.ends_at, **act_params(chair))
    assert [before, *meanwhile, refused(today.finish, at=row.ends_at), refused(today.cancel)] == [
        "진행 중인 세션이 아닙니다.",
        "이미 시작한 세션입니다.",
        "방금 시작한 세션입니다. 잠시 뒤에 눌러 주세요.",
        "진행 중인 세션이 아닙니다.",
        "이미 끝난 세션입니다.",
    ]
    assert (live(unsigned).actual_starts_at, live(unsigned).actual_ends_at) == (row.starts_at, row.ends_at)


def test_a_session_is_started_within_twelve_hours_of_its_time(unsigned: Conference) -> None:
    row, second = live(unsigned), timedelta(seconds=1)
    first, last = row.starts_at - timedelta(hours=12), row.ends_at + timedelta(hours=12)
    moments = (first - second, first, last, last + second)
    assert [today.is_near(row, at) for at in moments] == [False, True, True, False]


def test_undo_is_refused_where_one_of_two_times_has_changed_since(unsigned: Conference, chair: User) -> None:
    change = today.delay(live(unsigned), minutes=10, **act_params(chair))
    row = live(unsigned)
    timetable.move(row, starts_at=row.starts_at, ends_at=row.ends_at + timedelta(minutes=5), by=chair)
    with pytest.raises(ValidationError, match="그 뒤에 다시 바뀌어 되돌릴 수 없습니다"):
        today.undo(change, by=chair)
    assert (clock_time(live(unsigned).starts_at), live(unsigned).ends_at) == ("15:30", row.ends_at)


def test_undo_changes_the_release_only_where_it_says_what_the_act_said(unsigned: Conference, chair: User) -> None:
    change = today.delay(live(unsigned), minutes=10, **act_params(chair))
    row, minutes = live(unsigned), timedelta(minutes=10)
    timetable.move(row, starts_at=row.starts_at + minutes, ends_at=row.ends_at + minutes, by=chair)
    made = releases.publish(unsigned, by=chair, name="다시", names_reason=REASON)
    timetable.move(row, starts_at=row.starts_at - minutes, ends_at=row.ends_at - minutes, by=chair)
    with pytest.raises(ValidationError, match="그 뒤에 다시 바뀌어 되돌릴 수 없습니다"):  # visitors are told 15:40
        today.undo(change, by=chair)
    releases.withdraw(made, by=chair)
    releases.withdraw(unsigned.releases.get(number=2), by=chair)
    today.undo(change, by=chair)  # visitors are told 15:20 already
    assert (clock_time(live(unsigned).starts_at), released(unsigned)["starts_at"][11:16]) == ("15:20", "15:20")
    assert unsigned.releases.count() == 3


def test_undo_of_a_count_leaves_the_rooms_alone(unsigned: Conference, chair: User) -> None:
    before = list(live(unsigned).room_uses.values_list("pk", flat=True))
    today.undo(today.record_headcount(live(unsigned), headcount=35, **act_params(chair)), by=chair)
    assert (list(live(unsigned).room_uses.values_list("pk", flat=True)), len(before)) == (before, 1)


def test_undo_does_not_overwrite_a_newer_count(unsigned: Conference, chair: User) -> None:
    first, newer = (
        today.record_headcount(live(unsigned), headcount=number, **act_params(chair)) for number in (35, 40)
    )
    with pytest.raises(ValidationError, match=f"‘{live(unsigned).title}’.* 그 뒤에 다시 바뀌어 되돌릴 수 없습니다"):
        today.undo(first, by=chair)
    assert (live(unsigned).headcount, list(DayChange.objects.filter(undone_at=None))) == (40, [newer, first])
    today.undo(newer, by=chair)
    assert live(unsigned).headcount == 35


def test_publishing_the_programme_afterwards_says_the_same(unsigned: Conference, chair: User) -> None:
    change = today.delay(live(unsigned), minutes=10, **act_params(chair))
    today.cancel(live(unsigned, "social-economy"), **act_params(chair))
    today.move(live(unsigned, "urban-regeneration"), rooms=rooms(unsigned)[-1:], **act_params(chair))
    assert release_draft.build_draft(unsigned).changed_sections(shows_names=True) == []
    releases.publish(unsigned, by=chair, name="다시", names_reason=REASON)
    today.undo(change, by=chair)
    assert released(unsigned)["starts_at"][11:16] == "15:20"


def test_what_is_late_is_published_behind_what_it_lets_pass(unsigned: Conference, chair: User) -> None:
    """The order belongs to the delay, so no draft is left of it, whether in a part or outside all."""
    late = live(unsigned)
    for part, code in ((late.part, "inside"), (None, "first"), (None, "second")):
        begins = late.starts_at + timedelta(minutes=5 if code != "first" else 0)
        unsigned.sessions.create(
            kind="talk", title=code, code=code, part=part, starts_at=begins, ends_at=begins + timedelta(minutes=5)
        )
    releases.publish(unsigned, by=chair, name="다시", names_reason=REASON)
    before = sections(unsigned)["programme"]["blocks"]
    acts = [today.delay(live(unsigned, code), minutes=20, **act_params(chair)) for code in ("mayor", "first")]
    assert release_draft.build_draft(unsigned).changed_sections(shows_names=True) == []
    codes = [value["code"] for block in sections(unsigned)["programme"]["blocks"] for value in block["sessions"]]
    assert (codes.index("inside") < codes.index("mayor"), codes.index("second") < codes.index("first")) == (True, True)
    for act in reversed(acts):
        today.undo(act, by=chair)
    assert sections(unsigned)["programme"]["blocks"] == before


def test_what_stands_between_parts_stays_there(unsigned: Conference, chair: User) -> None:
    """A part whose sessions are late begins late: the way there is still before it."""

    def blocks() -> list[str]:
        found = release_draft.build_draft(unsigned).collected["programme"]["blocks"]
        return [block["part"]["label"] if block["part"] else block["sessions"][0]["title"] for block in found]

    before = blocks()
    today.delay(live(unsigned), minutes=10, also=today.WHOLE_DAY, **act_params(chair))
    assert (blocks(), release_draft.build_draft(unsigned).changed_sections(shows_names=True)) == (before, [])


def test_without_a_release_only_the_live_row_changes(unsigned: Conference, chair: User) -> None:
    releases.withdraw(unsigned.releases.get(), by=chair)
    change = today.delay(live(unsigned), minutes=10, **act_params(chair))
    today.undo(change, by=chair)
    assert (unsigned.releases.count(), clock_time(live(unsigned).starts_at)) == (1, "15:20")


def test_what_is_only_a_draft_stays_one(unsigned: Conference, chair: User) -> None:
    row = live(unsigned)
    unsigned.sessions.create(kind="talk", title="초안 강연", code="draft", starts_at=row.starts_at, ends_at=row.ends_at)
    for act in (
        lambda row: today.delay(row, minutes=10, **act_params(chair)),
        lambda row: today.cancel(row, **act_params(chair)),
    ):
        act(live(unsigned, "draft"))
    assert unsigned.releases.count() == 1
