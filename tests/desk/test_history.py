"""The page of changes: who looks, who brings back what was deleted, and what is said when it cannot be."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from conference import trash
from conference.models import Conference, DeletedRow, Room, Venue
from desk import photo_usage
from rows.recording import HistoryEntry, record_changes
from sessions import timetable
from sessions.models import Session
from tests.visitor import Page, Visitor

BASE = "/desk/dongbuk4-2015/changes/"


def signed_in(username: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=username))
    return client


@pytest.fixture
def removed(unsigned: Conference) -> DeletedRow:
    """A place that a desk (강북구) deleted."""
    venue = unsigned.venues.create(name="강북구청")
    return trash.delete(venue, conference=unsigned, by=User.objects.get(username="gangbuk"))


def restored(username: str) -> Page:
    return Visitor(username).open(f"{BASE}?tab=removed").press("되돌리기: 강북구청")


def test_the_page_tells_what_changed_and_what_was_deleted(removed):
    page = signed_in("chair").get(BASE).content.decode()
    assert "장소 지움: 강북구청" in page
    page = signed_in("chair").get(f"{BASE}?tab=removed").content.decode()
    assert page.count(f'action="{BASE}{removed.pk}/restore/"') == 1


def test_pages_of_a_long_list(unsigned):
    page = signed_in("chair").get(f"{BASE}?page=2").content.decode()
    assert 'rel="prev" href="?page=1"' in page
    assert 'rel="next" href="?page=3"' in page


@pytest.mark.parametrize("username", ["chair", "admin", "gangbuk"])
def test_who_brings_back(removed, unsigned, username):
    assert restored(username).status == 302
    assert unsigned.venues.filter(name="강북구청").count() == 1


@pytest.mark.parametrize(("username", "status"), [("seongbuk", 403), ("heedong", 404)])
def test_who_does_not(removed, unsigned, username, status):
    """They see no such button."""
    answer = signed_in(username).post(f"{BASE}{removed.pk}/restore/")
    assert (answer.status_code, unsigned.venues.filter(name="강북구청").count()) == (status, 0)


def test_looking_changes_nothing(removed):
    client = signed_in("chair")
    assert client.get(f"{BASE}{removed.pk}/restore/").status_code == 405
    assert Client().get(BASE).status_code == 302
    assert signed_in("heedong").get(BASE).status_code == 404
    assert DeletedRow.objects.get(pk=removed.pk).restored_at is None


def test_a_removal_of_another_conference_stays(removed, unsigned):
    other = Conference.objects.create(slug="two", title="둘", starts_at=unsigned.starts_at, ends_at=unsigned.ends_at)
    late = Visitor("chair").open(f"{BASE}?tab=removed")
    DeletedRow.objects.filter(pk=removed.pk).update(conference=other)
    assert late.press("되돌리기: 강북구청").messages == ["이미 되돌렸거나 없는 자료입니다."]
    assert DeletedRow.objects.get(pk=removed.pk).restored_at is None


def test_what_cannot_come_back_is_told(removed, unsigned):
    unsigned.venues.create(name="강북구청")
    refusal = "‘강북구청’의 이름이나 시간·장소를 그 사이 다른 것이 차지해 되돌릴 수 없습니다. 그것을 먼저 바꾸십시오."
    assert restored("chair").messages == [refusal]
    page = signed_in("gangbuk").get(f"{BASE}?tab=removed&page=x").content.decode()
    assert page.count("restore/") == 1


# ── an edit is taken back ───────────────────────────────────────────────────────────────────────
@pytest.fixture
def edited(unsigned: Conference) -> HistoryEntry:
    """강북구 changed the title of a session that it hosts."""
    session = unsigned.sessions.exclude(topic=None).filter(topic__host__name="강북구").first()
    session.title = "새 제목"
    return session.save_by(User.objects.get(username="gangbuk")).history.first()


def session_of(entry: HistoryEntry) -> Session:
    return Session.objects.get(pk=entry.key)


def taken_back(username: str, title: str = "새 제목") -> Page:
    return Visitor(username).open(BASE).press(f"되돌리기: {title}")


def test_the_page_shows_what_it_was_and_what_it_is(edited: HistoryEntry) -> None:
    before, after = edited.changes["title"]
    text = Visitor("chair").open(BASE).text
    assert f"<del>{before}</del>" in text
    assert f"<ins>{after}</ins>" in text


@pytest.mark.parametrize("username", ["chair", "admin", "gangbuk"])
def test_an_edit_is_taken_back_and_that_is_an_entry_too(edited: HistoryEntry, username: str) -> None:
    before, after = edited.changes["title"]
    page = taken_back(username)
    assert (page.status, page.messages) == (302, ["‘새 제목’을(를) 고치기 전으로 되돌렸습니다."])
    entry = session_of(edited).history.first()
    assert (session_of(edited).title, entry.by.username) == (before, username)
    assert (entry.changes, entry.takes_back) == ({"title": [after, before]}, edited)
    assert "되돌림" in Visitor("chair").open(BASE).text
    assert taken_back(username, before).status == 302  # and back again
    assert session_of(edited).title == "새 제목"


@pytest.mark.parametrize(("username", "status"), [("seongbuk", 403), ("heedong", 404)])
def test_who_may_not_edit_takes_nothing_back(edited: HistoryEntry, username: str, status: int) -> None:
    answer = signed_in(username).post(f"{BASE}{edited.pk}/take-back/")
    assert (answer.status_code, session_of(edited).title) == (status, "새 제목")


def test_what_was_changed_since_is_not_taken_back(edited: HistoryEntry) -> None:
    late = Visitor("chair").open(BASE)
    session = session_of(edited)
    session.title = "더 새 제목"
    session.save_by(User.objects.get(username="chair"))
    page = late.press("되돌리기: 새 제목")
    assert page.status == 409
    assert "그 뒤에 다시 바뀌어 되돌리지 않았습니다. 제목: 지금은 ‘더 새 제목’입니다." in page.text
    assert session_of(edited).title == "더 새 제목"


def test_pressed_twice_it_is_taken_back_once(edited: HistoryEntry) -> None:
    first, second = (Visitor("chair").open(BASE) for _ in range(2))
    assert first.press("되돌리기: 새 제목").status == 302
    page = second.press("되돌리기: 새 제목")
    assert (page.status, "이미 되돌렸습니다." in page.text) == (409, True)


def test_a_deleted_row_has_nothing_to_take_back(edited: HistoryEntry, unsigned: Conference) -> None:
    late = Visitor("chair").open(BASE)
    trash.delete(session_of(edited), conference=unsigned, by=User.objects.get(username="chair"))
    page = late.press("되돌리기: 새 제목")
    assert (page.status, "‘새 제목’은 지워져 되돌릴 수 없습니다." in page.text) == (409, True)


def test_a_name_that_another_row_has_by_now_is_refused(unsigned: Conference) -> None:
    chair = User.objects.get(username="chair")
    venue = Venue(conference=unsigned, name="옛 이름").save_by(chair)
    venue.name = "새 이름"
    venue.save_by(chair)
    Venue(conference=unsigned, name="옛 이름").save_by(chair)
    page = taken_back("chair", "새 이름")
    assert (page.status, "그 사이 다른 것이 차지해 되돌릴 수 없습니다." in page.text) == (409, True)


def test_times_and_rooms_come_back_together(unsigned: Conference) -> None:
    chair, session = User.objects.get(username="chair"), unsigned.sessions.get(code="mayor")
    times, rooms = (session.starts_at, session.ends_at), {room.pk for room in session.rooms.all()}
    with record_changes([session], by=chair, many=["rooms"]):
        session.starts_at, session.ends_at = times[1], times[1] + timedelta(minutes=5)
        timetable.set_rooms(session, rooms=[Room.objects.get(name="601호")], by=chair)
    entry = session.history.first()
    assert set(entry.changes) == {"starts_at", "ends_at", "rooms"}
    assert taken_back("chair", session.title).status == 302
    session.refresh_from_db()
    assert ((session.starts_at, session.ends_at), {room.pk for room in session.rooms.all()}) == (times, rooms)
    assert {(use.starts_at, use.ends_at) for use in session.room_uses.all()} == {times}


def test_a_room_that_another_session_has_by_now_is_refused_in_words(unsigned: Conference) -> None:
    chair, session = User.objects.get(username="chair"), unsigned.sessions.get(code="mayor")
    room = session.rooms.first()
    timetable.set_rooms(session, rooms=[], by=chair)
    other = Session(
        conference=unsigned, title="다른 것", kind="talk", starts_at=session.starts_at, ends_at=session.ends_at
    ).save_by(chair)
    timetable.set_rooms(other, rooms=[room], by=chair)
    page = taken_back("chair", session.title)
    assert (page.status, "‘다른 것’이 쓰고 있습니다." in page.text) == (409, True)


def test_photos_that_a_row_shows_come_back(unsigned: Conference) -> None:
    chair, session = User.objects.get(username="chair"), unsigned.sessions.get(code="mayor")
    photo = unsigned.photos.exclude(sessions=session).first()
    photo_usage.show([photo], place=session, by=chair)
    assert [each["key"] for each in session.history.first().changes["photos"][1]].count(photo.pk) == 1
    assert taken_back("chair", session.title).status == 302
    assert not session.photos.filter(pk=photo.pk).exists()


def test_roles_and_requests_have_rules_of_their_own(unsigned: Conference) -> None:
    membership = unsigned.memberships.get(user__username="chair")
    membership.may_publish = not membership.may_publish
    entry = membership.save_by(User.objects.get(username="admin")).history.first()
    assert signed_in("admin").post(f"{BASE}{entry.pk}/take-back/").status_code == 403
    assert f"{entry.pk}/take-back/" not in Visitor("admin").open(BASE).text


def test_long_texts_unfold_and_markup_is_text(unsigned: Conference) -> None:
    unsigned.purpose = "<b>" + "가" * 200
    unsigned.save_by(User.objects.get(username="chair"))
    text = Visitor("chair").open(BASE).text
    assert ("<summary>" in text, "<b>가" in text, "&lt;b&gt;가" in text) == (True, False, True)


def test_a_hundred_entries_cost_what_one_does(unsigned: Conference) -> None:
    client, chair = signed_in("chair"), User.objects.get(username="chair")
    counts = []
    for names in (["하나"], [f"이름 {number}" for number in range(100)]):
        rows = [Venue(conference=unsigned, name=name) for name in names]
        with record_changes(rows, by=chair):
            Venue.objects.bulk_create(rows)
        with record_changes(rows, by=chair):
            Venue.objects.filter(pk__in=[row.pk for row in rows]).update(address="주소")
        client.get(BASE)
        with CaptureQueriesContext(connection) as queries:
            client.get(BASE)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_an_entry_stays_as_it_was_written(edited: HistoryEntry) -> None:
    for change in (
        lambda: HistoryEntry.objects.filter(pk=edited.pk).update(by=None),
        lambda: HistoryEntry.objects.filter(pk=edited.pk).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    HistoryEntry.objects.filter(pk=edited.pk).update(title="", changes={})  # names in it may be wiped
