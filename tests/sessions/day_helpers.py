"""How tests act on the day itself, and where they look."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from accounts.models import User
from conference.models import Conference, Room
from korean.dates import SEOUL
from publishing import releases
from sessions.models import Session


def sections(conference: Conference) -> dict:
    releases.clear_cache()
    return releases.live_release(conference.slug).sections


def released(conference: Conference, code: str = "mayor") -> dict:
    blocks = sections(conference)["programme"]["blocks"]
    return next(found for block in blocks for found in block["sessions"] if found["code"] == code)


def live(conference: Conference, code: str = "mayor") -> Session:
    return conference.sessions.get(code=code)


def clock_time(at: datetime) -> str:
    return f"{at.astimezone(SEOUL):%H:%M}"


def act_params(by: User) -> dict:
    return {"by": by, "form_key": uuid4().hex}


def rooms(conference: Conference) -> list[Room]:
    return list(Room.objects.filter(venue__conference=conference).exclude(kind=Room.Kind.FLOOR))
