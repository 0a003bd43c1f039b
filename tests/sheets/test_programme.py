"""The programme typed as a table: times, rooms, presenters."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from conference.models import Conference
from korean.dates import SEOUL
from rows.recording import HistoryEntry
from sessions.models import RoomUse, Session
from tests.sheets.table_page import TablePage
from tests.sheets.test_table import histories, opened
from tests.test_addresses import sign_in

EARLY = "끝나는 시각이 시작(13:00)보다 늦어야 합니다."


@pytest.fixture
def screen(unsigned: Conference) -> TablePage:
    return opened(sign_in("chair"), "sessions")


def hours(session: Session) -> str:
    session.refresh_from_db()
    return " ".join(f"{at.astimezone(SEOUL):%d %H:%M}" for at in (session.starts_at, session.ends_at))


def rooms(session: Session) -> list[str]:
    return [use.room.name for use in session.room_uses.all()]


def of(conference: Conference, code: str) -> Session:
    return conference.sessions.get(code=code)


def test_two_sessions_trade_their_rooms_and_times(screen: TablePage, unsigned: Conference) -> None:
    one, two = of(unsigned, "social-economy"), of(unsigned, "mayor")
    screen.fill(screen.line(one), start="1520", end="오후 3시 35분", rooms="6층 강당")
    screen.fill(screen.line(two), start="13:00", end="14:40", rooms="601호").press()
    assert (hours(one), rooms(one)) == ("24 15:20 24 15:35", ["6층 강당"])
    assert (hours(two), rooms(two)) == ("24 13:00 24 14:40", ["601호"])
    assert [use.starts_at for use in one.room_uses.all()] == [one.starts_at]


def test_a_room_that_is_taken_is_told_in_its_cell(screen: TablePage, unsigned: Conference) -> None:
    free, before = of(unsigned, "urban-regeneration"), histories()
    screen.fill(screen.line(free), rooms="601호").fill(screen.line(of(unsigned, "jobs")), title="새 제목")
    assert screen.press().status_code == 422
    assert screen.errors() == [
        "601호: 13:00~14:40에 ‘마을과 사회적경제 사업’이(가) 쓰고 있습니다. 시간이나 장소를 바꾸십시오."
    ]
    assert (histories(), rooms(free), of(unsigned, "jobs").title) == (before, [], "일자리/창업의 생태계 구축")
    assert screen.data[f"{screen.line(of(unsigned, 'jobs'))}title"] == "새 제목"


def test_new_lines_of_one_room_at_one_time(screen: TablePage, unsigned: Conference) -> None:
    for number in (0, 1):
        screen.fill(screen.blank(number), title=f"강연 {number}", start="1900", end="2000", rooms="601호")
    before = RoomUse.objects.count()
    assert (screen.press().status_code, len(screen.errors())) == (422, 1)
    assert (unsigned.sessions.filter(title__startswith="강연 ").count(), RoomUse.objects.count()) == (0, before)
    screen.fill(screen.blank(1), rooms="6층 강당").press()
    assert [rooms(row) for row in unsigned.sessions.filter(title__startswith="강연 ").order_by("title")] == [
        ["601호"],
        ["6층 강당"],
    ]


def test_a_plenary_is_one_line_for_all_rooms_but_floors(screen: TablePage, unsigned: Conference) -> None:
    screen.fill(screen.blank(), title="전체 모임", start="1900", end="2000", rooms="전체").press()
    assert sorted(rooms(unsigned.sessions.get(title="전체 모임"))) == ["3층 회의실", "601호", "6층 강당", "6층 로비"]


def test_a_floor_is_no_room(screen: TablePage, unsigned: Conference) -> None:
    screen.fill(screen.blank(), title="모임", start="1900", end="2000", rooms="6층")
    assert (screen.press().status_code, screen.errors()) == (
        422,
        ["6층: 층은 쓸 자리로 잡을 수 없습니다. 그 층의 방을 고르십시오."],
    )


def test_a_move_names_where_it_leads(screen: TablePage, unsigned: Conference) -> None:
    move = of(unsigned, "move-to-part-2")
    screen.fill(screen.line(move), rooms="6층 강당").press()
    move.refresh_from_db()
    assert (move.destination.name, rooms(move)) == ("6층 강당", [])


@pytest.mark.parametrize(
    ("start", "end", "found"),
    [
        ("2300", "0100", "24 23:00 25 01:00"),
        ("2200", "24:00", "24 22:00 25 00:00"),
        ("1900", "2000", "24 19:00 24 20:00"),
        ("1800", "11/25 09:00", "24 18:00 25 09:00"),
        ("1800", "다음날 09:00", "24 18:00 25 09:00"),
        ("1800", "다음 날 오전 9시", "24 18:00 25 09:00"),
        ("1800", "익일 24:00", "24 18:00 26 00:00"),
        ("0000", "24:00", "24 00:00 25 00:00"),
        ("", "2000", "24 18:00 24 20:00"),
    ],
)
def test_hours_of_a_new_line(screen: TablePage, unsigned: Conference, start: str, end: str, found: str) -> None:
    screen.fill(screen.blank(), title="뒤풀이", start=start, end=end).press()
    assert hours(unsigned.sessions.get(title="뒤풀이")) == found


def test_each_new_line_follows_the_last_that_is_not_blank(screen: TablePage, unsigned: Conference) -> None:
    screen.fill(screen.blank(), title="하나", start="", end="1830")
    screen.fill(screen.blank(2), title="둘", start="", end="1900").press()
    assert [hours(unsigned.sessions.get(title=title)) for title in ("하나", "둘")] == [
        "24 18:00 24 18:30",
        "24 18:30 24 19:00",
    ]


def test_what_ends_after_midnight_lasts_twelve_hours_at_most(screen: TablePage, unsigned: Conference) -> None:
    """Longer than that, the day of the end must be written."""
    screen.fill(screen.blank(), title="밤샘", start="1300", end="0101", kind="의식")
    screen.press()
    assert screen.errors() == [f"{EARLY} 다음 날 끝나면 ‘다음날 01:01’이나 ‘11/25 01:01’처럼 적어 주세요."]
    screen.fill(screen.blank(), end="0100").press()
    assert hours(unsigned.sessions.get(title="밤샘")) == "24 13:00 25 01:00"


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("1300", "1200", f"{EARLY} 다음 날 끝나면 ‘다음날 12:00’이나 ‘11/25 12:00’처럼 적어 주세요."),
        ("1300", "1300", f"{EARLY} 다음 날 끝나면 ‘다음날 13:00’이나 ‘11/25 13:00’처럼 적어 주세요."),
        ("1300", "11/23 1400", f"{EARLY} 다음 날 끝나면 ‘다음날 14:00’이나 ‘11/25 14:00’처럼 적어 주세요."),
        ("2560", "2600", "시각을 읽을 수 없습니다. 1300, 13:00, 오후 1시처럼 적어 주세요."),
        ("24:00", "0100", "시각을 읽을 수 없습니다. 1300, 13:00, 오후 1시처럼 적어 주세요."),
    ],
)
def test_hours_that_cannot_be(screen: TablePage, unsigned: Conference, start: str, end: str, said: str) -> None:
    screen.fill(screen.blank(), title="뒤풀이", start=start, end=end)
    assert (screen.press().status_code, set(screen.errors())) == (422, {said})
    assert (screen.data[f"{screen.blank()}start"], screen.data[f"{screen.blank()}end"]) == (start, end)


def test_a_line_moved_trades_times(screen: TablePage, unsigned: Conference) -> None:
    mayor, other = of(unsigned, "mayor"), of(unsigned, "superintendent")
    screen.press(f"down:{screen.line(mayor)[1:-1]}")
    assert (hours(mayor), screen.data[f"{screen.line(other)}start"]) == ("24 15:20 24 15:35", "15:20")
    screen.press()
    assert (hours(other), hours(mayor)) == ("24 15:20 24 15:35", "24 15:35 24 15:50")


def test_presenters_come_and_go_in_their_cell(screen: TablePage, unsigned: Conference) -> None:
    mayor = of(unsigned, "mayor")
    screen.fill(screen.line(mayor), presenters="심원택(강북구, 일자리지원과장), 서울시장").press()
    talks = [(str(talk.presenter), talk.position) for talk in mayor.presentations.all()]
    assert talks == [("심원택", 0), ("서울시장", 1)]
    screen = opened(screen.client, "sessions")
    screen.fill(screen.line(mayor), presenters="심원택").press()
    assert [str(talk.presenter) for talk in mayor.presentations.all()] == ["심원택"]
    assert HistoryEntry.objects.filter(kind="conference_sessions.presentation", verb="-").first().by.username == "chair"


def test_a_presenter_with_points_is_not_lost_by_a_slip(screen: TablePage, unsigned: Conference) -> None:
    session = of(unsigned, "social-economy")
    screen.fill(screen.line(session), presenters="이원영")
    assert (screen.press().status_code, session.presentations.count()) == (422, 4)
    assert "발표 내용이 있어 여기서 뺄 수 없습니다" in screen.errors()[0]


def test_nobody_is_not_nothing(screen: TablePage, unsigned: Conference) -> None:
    mayor = of(unsigned, "mayor")
    path = f"{screen.path}{mayor.pk}/"
    row = TablePage(screen.client, path)
    assert (mayor.participants_text, row.data["participants_text"]) == (None, "")
    row.fill(participants_text="-").press()
    row = TablePage(screen.client, path).fill(title="새 제목")
    row.press()
    mayor.refresh_from_db()
    assert (mayor.title, mayor.participants_text, row.data["participants_text"]) == ("새 제목", "", "-")


def test_of_several_days_a_new_line_is_of_the_day_before_it(unsigned: Conference) -> None:
    unsigned.ends_at += timedelta(days=1)
    unsigned.save()
    last = unsigned.sessions.last()
    screen = opened(sign_in("chair"), "sessions")
    screen.fill(screen.line(last), day="11/25")
    screen.press("check")
    screen.fill(screen.blank(), title="이튿날", start="", end="1900", day="")
    screen.press()
    assert hours(unsigned.sessions.get(title="이튿날")) == "25 18:00 25 19:00"
    assert hours(last) == "25 16:20 25 18:00"
    assert isinstance(last.starts_at, datetime)


@pytest.mark.parametrize(
    ("length", "shown", "size"),
    [
        (timedelta(hours=12), "03:20", "xs"),
        (timedelta(hours=15), "다음날 06:20", "day"),
        (timedelta(days=2, minutes=5), "2015-11-26 15:25", "m"),
    ],
)
def test_one_that_lasts_long_keeps_its_end(unsigned: Conference, length: timedelta, shown: str, size: str) -> None:
    mayor = of(unsigned, "mayor")
    mayor.ends_at = mayor.starts_at + length
    mayor.save()
    mayor.room_uses.all().delete()  # which others hold meanwhile
    before = hours(mayor)
    screen = opened(sign_in("chair"), "sessions")
    line = screen.line(mayor)
    assert screen.data[f"{line}end"] == shown
    assert f'id="head-end" class="of-{size}"' in screen.text  # where all of it is seen
    screen.fill(line, title="새 제목").press()
    assert (hours(mayor), mayor.title) == (before, "새 제목")
    screen = opened(screen.client, "sessions")
    screen.fill(line, start="15:30").press()
    assert hours(mayor) == before.replace("24 15:20", "24 15:30")


def test_one_that_lasts_long_is_moved_with_its_end(unsigned: Conference) -> None:
    mayor = of(unsigned, "mayor")
    mayor.ends_at = mayor.starts_at + timedelta(days=2)
    mayor.save()
    row = TablePage(sign_in("chair"), f"/desk/dongbuk4-2015/rows/sessions/{mayor.pk}/")
    row.fill(day="2015-11-27").press()
    assert hours(mayor) == "27 15:20 29 15:20"


@pytest.mark.parametrize("days", [0, 1])
def test_lines_go_on_after_midnight(unsigned: Conference, days: int) -> None:
    """Of an event of one day the table has no column for it."""
    unsigned.ends_at += timedelta(days=days)
    unsigned.save()
    screen = opened(sign_in("chair"), "sessions")
    for number, (start, end) in enumerate([("2200", "2330"), ("", "100"), ("", "200")]):
        screen.fill(screen.blank(number), title=f"밤 {number}", start=start, end=end, kind="의식")
    screen.press()
    found = [hours(row) for row in unsigned.sessions.filter(title__startswith="밤 ").order_by("title")]
    assert found == ["24 22:00 24 23:30", "24 23:30 25 01:00", "25 01:00 25 02:00"]


def test_what_ends_at_24_is_followed_by_the_next_day(unsigned: Conference) -> None:
    unsigned.ends_at += timedelta(days=1)
    unsigned.save()
    screen = opened(sign_in("chair"), "sessions")
    screen.fill(screen.blank(), title="밤", start="2200", end="24:00", kind="의식")
    screen.fill(screen.blank(1), title="새벽", start="", end="0100", kind="의식").press()
    assert hours(unsigned.sessions.get(title="새벽")) == "25 00:00 25 01:00"
