"""The event goes to another day, and with it what has times of its own (``<app>.dates``: ``spans`` and ``shift``).

What leads up to it may follow, each where somebody wants it (``companions`` and ``follow``): deadlines and the like. Days
that have passed stay unless wanted, and meetings were held when they were held.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import ModuleType

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from conference.models import Conference
from korean.dates import SEOUL
from rows import app_registry
from rows.models import Row

Span = tuple[datetime, datetime]
SATURDAY = 5
# public holidays by the solar calendar; those by the moon and their substitutes are not reckoned here
HOLIDAYS = {(1, 1), (3, 1), (5, 5), (6, 6), (8, 15), (10, 3), (10, 9), (12, 25)}


@dataclass(frozen=True)
class Companion:
    """Something with a date that may follow the event. ``key`` names the row and the version that was shown."""

    key: str
    kind: str
    name: str
    date: date

    @property
    def has_passed(self) -> bool:
        """Whether the day is over in Seoul."""
        return self.date < timezone.now().astimezone(SEOUL).date()


@dataclass(frozen=True)
class Offer:
    """A companion with the day to which it would go. ``note``: what to mind about that day."""

    companion: Companion
    date: date

    @property
    def note(self) -> str:
        """Nobody hands in anything on such a day."""
        if (self.date.month, self.date.day) in HOLIDAYS:
            return _("공휴일")
        return _("주말") if self.date.weekday() >= SATURDAY else ""


def adrift(conference: Conference) -> tuple[int, int]:
    """Return how many parts, sessions and exhibitions lie outside the event, and by how many days all belong elsewhere.

    That is as many as lead from their first day to the event's, if fewer lie outside then; else 0.
    """
    spans = [span for room in _rooms("spans") for span in room.spans(conference)]
    outside = _outside(conference, spans, timedelta())
    if not outside:
        return 0, 0
    first = min(starts_at for starts_at, _ends_at in spans)
    by = conference.starts_at.astimezone(SEOUL).date() - first.astimezone(SEOUL).date()
    return outside, by.days if _outside(conference, spans, by) < outside else 0


def _outside(conference: Conference, spans: list[Span], by: timedelta) -> int:
    return sum(is_outside(conference, starts_at + by, ends_at + by) for starts_at, ends_at in spans)


def is_outside(conference: Conference, starts_at: datetime, ends_at: datetime) -> bool:
    """Whether something is not wholly within the event."""
    return starts_at < conference.starts_at or ends_at > conference.ends_at


def offers(conference: Conference, *, days: int) -> list[Offer]:
    """Return what may follow by so many days, in order of its dates."""
    found = [row for room in _rooms("companions") for row in room.companions(conference)]
    return [Offer(row, row.date + timedelta(days=days)) for row in sorted(found, key=lambda row: row.date)]


@transaction.atomic
def shift(conference: Conference, *, days: int, by: User, wanted: Collection[str] = ()) -> int:
    """Let everything follow the event by so many days, and the companions whose keys are ``wanted``; return how many.

    Raises ValidationError where the programme is not (or no longer) adrift so far, or a companion was changed meanwhile.
    """
    now = Conference.objects.select_for_update().get(pk=conference.pk)  # who presses twice shifts once
    if not days or adrift(now)[1] != days:
        raise ValidationError(_("그 사이 일정이 바뀌어 옮기지 않았습니다. 날짜를 다시 확인해 주세요."))
    for room in _rooms("shift"):
        room.shift(now, days=days, by=by)
    there = {row.key for room in _rooms("companions") for row in room.companions(now)}
    if not there.issuperset(wanted):
        raise ValidationError(_("그 사이 함께 옮길 일정이 바뀌어 옮기지 않았습니다. 목록을 다시 확인해 주세요."))
    for room in _rooms("follow"):
        room.follow(now, wanted, days=days, by=by)
    return len(set(wanted))


def _rooms(name: str) -> list[ModuleType]:
    modules = app_registry.modules("reschedule").values()
    return [room for room in modules if hasattr(room, name) and room.__name__ != __name__]


def move_row(row: Row, *, days: int, by: User) -> None:
    """Give a row its times so many days later; what its source said was of the old ones."""
    for name in [name for name in ("starts_at", "ends_at", "date") if hasattr(row, name)]:
        if at := getattr(row, name):
            setattr(row, name, at + timedelta(days=days))
        row.as_written.pop(name, None)
    row._history_user = by
    row.save()
