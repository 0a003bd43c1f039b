"""Rooms are given by one hand, and never to two sessions at one time."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from conference.exchange import importing
from conference.models import Conference, Room, Venue
from rows.recording import without_author
from sessions import timetable
from sessions.models import RoomUse

EXAMPLE = settings.BASE_DIR / "examples" / "dongbuk4-2015.json"
pytestmark = pytest.mark.django_db


@pytest.fixture
def conference():
    return importing.load(EXAMPLE.read_bytes())


@pytest.fixture
def room(conference):
    return Room.objects.get(name="601호")


@pytest.fixture
def chair(conference):
    return User.objects.get(username="chair")


def held(session) -> list[str]:
    return [
        f"{use.room} {use.starts_at:%H:%M}" for use in RoomUse.objects.filter(session=session).select_related("room")
    ]


def test_place_gives_exactly_these_rooms_at_the_times_of_the_session(conference, chair):
    session = conference.sessions.get(code="culture")
    timetable.set_rooms(session, rooms=Room.objects.filter(name__in=["601호", "6층 로비"]), by=chair)
    assert held(session) == ["601호 07:20", "6층 로비 07:20"]  # UTC
    timetable.set_rooms(session, rooms=[Room.objects.get(name="6층 로비")], by=chair)
    assert held(session) == ["6층 로비 07:20"]
    timetable.set_rooms(session, rooms=[], by=chair)
    assert held(session) == []
    assert session.history.first().by == chair


def test_a_taken_room_is_refused_and_nothing_changes(conference, room, chair):
    session = conference.sessions.get(code="urban-regeneration")
    with pytest.raises(timetable.RoomTaken) as taken:
        timetable.set_rooms(session, rooms=[Room.objects.get(name="6층 로비"), room], by=chair)
    assert taken.value.messages == [
        "601호: 13:00~14:40에 ‘마을과 사회적경제 사업’이(가) 쓰고 있습니다. 시간이나 장소를 바꾸십시오."
    ]
    assert taken.value.session.code == "social-economy"
    assert held(session) == []


def test_a_room_may_be_shared_deliberately(conference, room, chair):
    session = conference.sessions.get(code="urban-regeneration")
    timetable.set_rooms(session, rooms=[room], is_deliberate=True, by=chair)
    assert held(session) == ["601호 04:00"]


def test_a_room_is_free_from_the_minute_the_other_ends(conference, room, chair):
    session = conference.sessions.get(code="opening")
    timetable.move(
        session, starts_at=conference.sessions.get(code="social-economy").ends_at, ends_at=session.ends_at, by=chair
    )
    timetable.set_rooms(session, rooms=[room], by=chair)
    assert held(session) == ["601호 05:40"]


@pytest.mark.parametrize("order", [1, -1])
def test_sessions_that_touch_share_a_room_whichever_gets_it_first(conference, room, chair, order):
    evening = conference.starts_at + timedelta(hours=6)
    sessions = [
        conference.sessions.create(
            code=f"evening-{hour}",
            kind="talk",
            title=f"저녁 {hour}",
            starts_at=begins,
            ends_at=begins + timedelta(hours=1),
        )
        for hour in range(2)
        for begins in [evening + timedelta(hours=hour)]
    ]
    requests = [timetable.RoomRequest(session, [room]) for session in sessions[::order]]
    with without_author("a test"):
        assert timetable.assign_rooms(requests) == {}
    assert [held(session) for session in sessions] == [["601호 10:00"], ["601호 11:00"]]
    for session in sessions[::order]:
        timetable.set_rooms(session, rooms=[], by=chair)
    for session in sessions[::order]:
        timetable.set_rooms(session, rooms=[room], by=chair)
    assert [held(session) for session in sessions] == [["601호 10:00"], ["601호 11:00"]]


def test_rooms_are_locked_in_one_order_whatever_order_they_are_asked_for_in(conference, chair):
    """Of two people who want the same two rooms neither waits for the other for ever."""
    rooms = list(Room.objects.filter(name__in=["601호", "6층 로비"]).order_by("-pk"))
    with CaptureQueriesContext(connection) as asked:
        timetable.set_rooms(conference.sessions.get(code="culture"), rooms=rooms, by=chair)
    table = connection.ops.quote_name(Room._meta.db_table)
    locks = [query["sql"] for query in asked if f"FROM {table} WHERE" in query["sql"]]
    assert [f"ORDER BY {table}.{connection.ops.quote_name('id')} ASC" in lock for lock in locks] == [True]


def test_a_floor_is_a_place_to_print_only(conference, chair):
    with pytest.raises(ValidationError) as refused:
        timetable.set_rooms(conference.sessions.get(code="culture"), rooms=[Room.objects.get(name="3층")], by=chair)
    assert refused.value.messages == ["3층: 층은 쓸 자리로 잡을 수 없습니다. 그 층의 방을 고르십시오."]


def test_a_room_of_another_conference_is_refused(conference, chair):
    other = Conference.objects.create(
        slug="other", title="다른 행사", starts_at=conference.starts_at, ends_at=conference.ends_at
    )
    foreign = Room.objects.create(
        venue=Venue.objects.create(conference=other, name="다른 곳"), name="대강당", kind="hall"
    )
    with pytest.raises(ValidationError) as refused:
        timetable.set_rooms(conference.sessions.get(code="culture"), rooms=[foreign], by=chair)
    assert refused.value.messages == ["대강당: 이 행사의 장소가 아닙니다."]


def test_rooms_move_with_their_session(conference, chair):
    session = conference.sessions.get(code="social-economy")
    timetable.move(session, starts_at=session.starts_at - timedelta(hours=2), ends_at=session.ends_at, by=chair)
    assert held(session) == ["601호 02:00"]
    session.refresh_from_db()
    assert f"{session.starts_at:%H:%M}" == "02:00"


def test_a_move_into_a_taken_room_is_refused(conference, chair):
    session, mayor = conference.sessions.get(code="opening"), conference.sessions.get(code="mayor")
    with pytest.raises(timetable.RoomTaken) as taken:
        timetable.move(session, starts_at=mayor.starts_at, ends_at=mayor.ends_at, by=chair)
    assert taken.value.session == mayor
    assert held(session) == ["6층 강당 06:00"]


def test_an_end_before_the_start_is_refused(conference, chair):
    session = conference.sessions.get(code="opening")
    with pytest.raises(ValidationError) as refused:
        timetable.move(session, starts_at=session.ends_at, ends_at=session.starts_at, by=chair)
    assert refused.value.message_dict == {"ends_at": ["끝나는 시각이 시작보다 빠릅니다."]}
