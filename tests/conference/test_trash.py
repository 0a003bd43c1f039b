"""Deleting and undoing: the same rows, keys and references are back; what cannot be is said in words."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from accounts.models import User
from conference import trash
from conference.exchange import exporting
from conference.models import Conference, Contact, DeletedRow, Person, Room
from exhibits.models import Booth, Exhibitor
from preparation.models import Task
from rows.models import Row
from sessions import timetable
from sessions.models import RoomUse, Session
from tests.test_addresses import sign_in


@pytest.fixture
def wook(unsigned) -> User:
    return User.objects.get(username="wook")


def rows(conference: Conference) -> dict[str, list]:
    """Every live row and every link of the house, with all its values but the count of saves."""
    models = [model for model in apps.get_models() if issubclass(model, Row)]
    through = [field.remote_field.through for model in models for field in model._meta.many_to_many]
    return {
        model._meta.label: [
            {name: value for name, value in row.items() if name not in {"version", "changed_at"}}
            for row in model._base_manager.order_by("pk").values()
        ]
        for model in [*models, *through, RoomUse]
    }


def removed_and_back(conference: Conference, row: Row, *, by: User) -> DeletedRow:
    """Delete and undo; hold everything against what was there before."""
    before, file = rows(conference), exporting.dump(conference)
    kept = trash.delete(row, conference=conference, by=by)
    assert type(row)._base_manager.filter(pk=kept.content["rows"][0][1]).exists() is False
    trash.restore(kept, by=by)
    assert rows(conference) == before
    assert exporting.dump(conference) == file
    return DeletedRow.objects.get(pk=kept.pk)


def refusal(call, *args, **kwargs) -> list[str]:
    with pytest.raises(ValidationError) as refused:
        call(*args, **kwargs)
    return refused.value.messages


def test_a_session_comes_back_with_its_talks_rooms_and_photos(unsigned, wook):
    session = unsigned.sessions.filter(presentations__isnull=False, room_uses__isnull=False).first()
    session.photos.add(unsigned.photos.first())
    talk = session.presentations.first()
    talk.materials.add(unsigned.files.first())
    session.questions.create(text="질문")
    kept = removed_and_back(unsigned, session, by=wook)
    assert (kept.kind, kept.title, kept.deleted_by, kept.restored_by) == (
        "conference_sessions.session",
        session.title,
        wook,
        wook,
    )
    talk.refresh_from_db()
    assert [file.pk for file in talk.materials.all()] == [unsigned.files.first().pk]
    told = Session(pk=kept.content["rows"][0][1]).history.values_list("verb", "by__username")
    assert list(told[:2]) == [("+", "wook"), ("-", "wook")]


def test_a_venue_goes_with_its_rooms_where_nobody_uses_them(unsigned, wook):
    venue = unsigned.venues.create(name="구청")
    floor = venue.rooms.create(name="3층", kind=Room.Kind.FLOOR)
    venue.rooms.create(name="301호", kind=Room.Kind.NUMBERED, parent=floor)
    kept = removed_and_back(unsigned, venue, by=wook)
    assert [value[0] for value in kept.content["rows"]] == ["conference.venue", "conference.room", "conference.room"]


def test_what_others_use_stays_and_is_told_by_name(unsigned, wook):
    use = RoomUse.objects.filter(session__conference=unsigned).select_related("room", "session").first()
    said = refusal(trash.delete, use.room, conference=unsigned, by=wook)
    assert len(said) == 1
    assert said[0].startswith(f"‘{use.room}’을(를) 쓰는 곳이 있어 지울 수 없습니다: ‘")
    assert f"‘{use.session}’" in said[0]
    assert said[0].endswith("그쪽에서 먼저 빼거나 바꾸십시오.")
    assert DeletedRow.objects.count() == 0


def test_a_track_comes_back_with_meetings_decisions_and_tasks(unsigned, wook):
    track = unsigned.tracks.first()
    decision = track.meetings.first().decisions.create(text="발표 순서를 정함")
    task = decision.tasks.create(text="원고 취합", officer=wook, due=date(2015, 11, 18))
    removed_and_back(unsigned, track, by=wook)
    assert Task.objects.get(pk=task.pk).officer == wook


def test_a_booth_stands_empty_until_its_exhibitor_is_back(unsigned, wook):
    exhibition = unsigned.exhibitions.first()
    exhibitor = exhibition.exhibitors.first()
    booth = exhibition.booths.create(number="A-1", exhibitor=exhibitor)
    kept = trash.delete(exhibitor, conference=unsigned, by=wook)
    emptied = Booth.objects.get(pk=booth.pk)
    assert (emptied.exhibitor, emptied.version) == (None, 1)
    trash.restore(kept, by=wook)
    assert Booth.objects.get(pk=booth.pk).exhibitor_id == kept.content["rows"][0][1]


def test_a_booth_given_away_meanwhile_is_not_taken_back(unsigned, wook):
    exhibition = unsigned.exhibitions.first()
    one, other = exhibition.exhibitors.all()[:2]
    booth = exhibition.booths.create(number="A-1", exhibitor=one)
    kept = trash.delete(one, conference=unsigned, by=wook)
    Booth.objects.filter(pk=booth.pk).update(exhibitor=other)
    trash.restore(kept, by=wook)
    assert Booth.objects.get(pk=booth.pk).exhibitor == other
    assert Exhibitor.objects.filter(pk=kept.content["rows"][0][1]).exists() is True


def test_a_contact_does_not_come_back_with_its_person(unsigned, wook):
    person = unsigned.persons.create(name="도봉구 발표자", kind=Person.Kind.GROUP)
    contact = {"phone": "02-901-0000", "purpose": "발표 연락", "keep_until": date(2015, 12, 31)}
    Contact.objects.create(person=person, **contact)
    kept = trash.delete(person, conference=unsigned, by=wook)
    assert kept.content["lost"] == 1
    assert "02-901-0000" not in str(kept.content)
    trash.restore(kept, by=wook)
    assert Contact.objects.filter(person_id=kept.content["rows"][0][1]).exists() is False
    other = Contact.objects.create(person=unsigned.persons.get(name="도봉구 발표자"), **contact)
    assert trash.delete(other, conference=unsigned, by=wook) is None
    assert Contact.objects.count() == 0


def test_a_room_booked_meanwhile_is_not_taken_back(unsigned, wook):
    use = RoomUse.objects.filter(session__conference=unsigned).select_related("room", "session").first()
    room, session = use.room, use.session
    times = {"starts_at": session.starts_at, "ends_at": session.ends_at}
    kept = trash.delete(session, conference=unsigned, by=wook)
    other = unsigned.sessions.create(kind=Session.Kind.TALK, title="다른 강연", **times)
    timetable.set_rooms(other, rooms=[room], by=wook)
    said = refusal(trash.restore, kept, by=wook)
    assert said == [
        f"‘{session.title}’의 이름이나 시간·장소를 그 사이 다른 것이 차지해 되돌릴 수 없습니다. 그것을 먼저 바꾸십시오."
    ]
    assert (unsigned.sessions.filter(title=session.title).exists(), kept.restored_at) == (False, None)


def test_a_name_taken_meanwhile(unsigned, wook, caplog):
    unsigned.venues.create(name="구청")
    kept = trash.delete(unsigned.venues.get(name="구청"), conference=unsigned, by=wook)
    unsigned.venues.create(name="구청")
    assert refusal(trash.restore, kept, by=wook)[0].startswith("‘구청’의 이름이나 시간·장소를 그 사이")
    assert unsigned.venues.filter(name="구청").count() == 1
    assert [(record.getMessage(), record.exc_info[0]) for record in caplog.records] == [
        ("a row of conference.venue was not restored", IntegrityError)  # which rule it was, the text does not say
    ]


def test_what_it_belonged_to_is_gone(unsigned, wook):
    part = unsigned.parts.create(label="9부")
    times = {"starts_at": datetime(2015, 11, 24, 10, tzinfo=UTC), "ends_at": datetime(2015, 11, 24, 11, tzinfo=UTC)}
    session = unsigned.sessions.create(part=part, kind=Session.Kind.TALK, title="강연", **times)
    first = trash.delete(session, conference=unsigned, by=wook)
    second = trash.delete(part, conference=unsigned, by=wook)
    assert refusal(trash.restore, first, by=wook) == [
        "‘강연’에 딸린 자료(부)가 그 사이 지워졌습니다. 그것부터 되돌리십시오."
    ]
    trash.restore(second, by=wook)
    trash.restore(first, by=wook)
    assert unsigned.sessions.get(title="강연").part == unsigned.parts.get(label="9부")


def test_a_link_to_what_is_gone_is_left_out(unsigned, wook):
    room = unsigned.venues.first().rooms.create(name="999호", kind=Room.Kind.NUMBERED)
    part = unsigned.parts.create(label="9부")
    part.places.add(room)
    kept = trash.delete(part, conference=unsigned, by=wook)
    trash.delete(room, conference=unsigned, by=wook)
    trash.restore(kept, by=wook)
    assert list(unsigned.parts.get(label="9부").places.all()) == []


def test_twice_and_stale_are_told(unsigned, wook):
    venue = unsigned.venues.create(name="구청")
    stale = unsigned.venues.get(name="구청")
    venue.save()
    assert refusal(trash.delete, stale, conference=unsigned, by=wook) == [
        "그 사이 다른 사람이 고쳤습니다. 새로 연 화면에서 다시 지우십시오."
    ]
    gone = unsigned.venues.get(name="구청")
    kept = trash.delete(venue, conference=unsigned, by=wook)
    assert refusal(trash.delete, gone, conference=unsigned, by=wook) == ["이미 지워졌습니다."]
    trash.restore(kept, by=wook)
    assert refusal(trash.restore, kept, by=wook) == ["이미 되돌렸습니다."]
    assert unsigned.venues.filter(name="구청").count() == 1


def test_a_persons_page_says_what_does_not_come_back(unsigned: Conference):
    person = unsigned.persons.get(name="서울시장")
    Contact.objects.create(person=person, purpose="안내", keep_until=date(2016, 11, 24))
    client, root = sign_in("chair"), "/desk/dongbuk4-2015/rows"
    page = client.get(f"{root}/persons/{person.pk}/").content.decode()
    assert page.count("다만 연락처는 개인정보라서 되돌아오지 않습니다.") == 1
    page = client.get(f"{root}/contacts/{person.contact.pk}/").content.decode()
    assert page.count("개인정보라서 지우면 되돌릴 수 없습니다.") == 1
    assert client.get(f"{root}/districts/{unsigned.districts.first().pk}/").content.decode().count("개인정보") == 0
