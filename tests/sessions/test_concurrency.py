"""Many want one room at one time: one gets it, the others are told who has it, nobody meets an error."""

from __future__ import annotations

import threading

import pytest
from django.conf import settings
from django.db import connection

from accounts.models import User
from conference.exchange import importing
from conference.models import Room
from sessions import timetable
from sessions.models import RoomUse, Session

EXAMPLE = settings.BASE_DIR / "examples" / "dongbuk4-2015.json"
PEOPLE = 12


@pytest.mark.django_db(transaction=True)
def test_one_of_twelve_gets_the_room():
    conference = importing.load(EXAMPLE.read_bytes())
    model = conference.sessions.get(code="culture")
    for number in range(PEOPLE):
        Session.objects.create(
            conference=conference,
            code=f"rush-{number}",
            kind=Session.Kind.TALK,
            title=f"발표 {number}",
            starts_at=model.starts_at,
            ends_at=model.ends_at,
        )
    rooms = list(Room.objects.filter(name__in=["601호", "6층 로비"]).order_by("pk"))
    outcome, start = [], threading.Barrier(PEOPLE)

    def want(number: int) -> None:
        session = Session.objects.get(code=f"rush-{number}")
        start.wait()
        try:
            timetable.set_rooms(session, rooms=rooms[:: 1 if number % 2 else -1], by=User.objects.get(username="chair"))
            outcome.append("placed")
        except timetable.RoomTaken as taken:
            outcome.append(f"taken by {taken.session.code}")
        except Exception as error:  # noqa: BLE001 (whatever it is, it must not happen)
            outcome.append(repr(error))
        finally:
            connection.close()

    crowd = [threading.Thread(target=want, args=(number,)) for number in range(PEOPLE)]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()
    holder = RoomUse.objects.get(room=rooms[0], session__code__startswith="rush-").session
    assert sorted(outcome) == ["placed", *[f"taken by {holder.code}"] * (PEOPLE - 1)]
    assert list(holder.room_uses.values_list("room__name", flat=True)) == ["601호", "6층 로비"]
