"""Conferences that the tests look at beside that of 2015: an empty one, and one larger than 2015's."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TextIO

from accounts.models import User
from conference import new_conference
from conference.exchange import importing
from conference.models import Conference
from korean.dates import SEOUL
from tests import factories

DATA = Path(__file__).parent / "data"
DAY = {"starts_at": datetime(2026, 11, 24, 13, tzinfo=SEOUL), "ends_at": datetime(2026, 11, 24, 18, tzinfo=SEOUL)}


def blank(_stdout: TextIO) -> Conference:
    """Nothing but its name and day, made by 이욱; everybody of tests.factories is there."""
    people = factories.make_people()
    return new_conference.create(by=people.wook, slug="blank", title="새 행사", **DAY)


def fair(_stdout: TextIO) -> Conference:
    """Two days, eight rooms, 71 sessions, 24 exhibitors, eleven meetings, a report; its people are four of one office."""
    User.objects.create(username="admin", name="시스템 관리자", is_admin=True)
    return importing.load((DATA / "fair.json").read_bytes())
