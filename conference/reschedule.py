"""The event moves to another day, and with it all rows that have times (``<app>.reschedule``: ``time_ranges``, ``move_dates``).

Staff choose which of the dates before the event move too (``related_dates`` and ``move_selected``): deadlines and the like.
A day that has passed is moved only if it is chosen, and a meeting keeps the day on which it was held.
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

TimeRange = tuple[datetime, datetime]
SATURDAY = 5
# public holidays by the solar calendar; lunar and substitute holidays are not known here
HOLIDAYS = {(1, 1), (3, 1), (5, 5), (6, 6), (8, 15), (10, 3), (10, 9), (12, 25)}


@dataclass(frozen=True)
class RelatedDate:
    """A date that may move with the event. ``key`` identifies the row and the version that was shown."""

    key: str
    kind: str
    name: str
    date: date

    @property
    def has_passed(self) -> bool:
        """Whether the day is over in Seoul."""
        return self.date < timezone.now().astimezone(SEOUL).date()


@dataclass(frozen=True)
class ProposedDate:
    """A related date with the day to which it would move. ``note``: a warning about that day."""

    companion: RelatedDate
    date: date

    @property
    def note(self) -> str:
        """Return 공휴일 or 주말, days on which nobody submits anything, or ""."""
        if (self.date.month, self.date.day) in HOLIDAYS:
            return _("공휴일")
        return _("주말") if self.date.weekday() >= SATURDAY else ""


def rows_outside_event(conference: Conference) -> tuple[int, int]:
    """Return (number of rows outside the event, days to move all so that fewer are outside; 0 if no move helps).

    The days are those from the rows' first day to the event's first day.
    """
    ranges = [time_range for module in _modules("time_ranges") for time_range in module.time_ranges(conference)]
    outside = _count_outside(conference, ranges, timedelta())
    if not outside:
        return 0, 0
    first = min(starts_at for starts_at, _ends_at in ranges)
    by = conference.starts_at.astimezone(SEOUL).date() - first.astimezone(SEOUL).date()
    return outside, by.days if _count_outside(conference, ranges, by) < outside else 0


def _count_outside(conference: Conference, ranges: list[TimeRange], by: timedelta) -> int:
    return sum(is_outside(conference, starts_at + by, ends_at + by) for starts_at, ends_at in ranges)


def is_outside(conference: Conference, starts_at: datetime, ends_at: datetime) -> bool:
    """Whether a time range is not entirely within the event."""
    return starts_at < conference.starts_at or ends_at > conference.ends_at


def proposed_dates(conference: Conference, *, days: int) -> list[ProposedDate]:
    """Return the related dates moved by ``days``, in order of their dates."""
    rows = [row for module in _modules("related_dates") for row in module.related_dates(conference)]
    return [ProposedDate(row, row.date + timedelta(days=days)) for row in sorted(rows, key=lambda row: row.date)]


@transaction.atomic
def move_dates(conference: Conference, *, days: int, by: User, keys: Collection[str] = ()) -> int:
    """Move all rows by ``days``, and the related dates with these ``keys``; return the number of related dates.

    Raises ValidationError if the rows now need another move or none, or if a related date was changed meanwhile.
    """
    now = Conference.objects.select_for_update().get(pk=conference.pk)  # a second press moves nothing
    if not days or rows_outside_event(now)[1] != days:
        raise ValidationError(_("그 사이 일정이 바뀌어 옮기지 않았습니다. 날짜를 다시 확인해 주세요."))
    for module in _modules("move_dates"):
        module.move_dates(now, days=days, by=by)
    related_keys = {row.key for module in _modules("related_dates") for row in module.related_dates(now)}
    if not related_keys.issuperset(keys):
        raise ValidationError(_("그 사이 함께 옮길 일정이 바뀌어 옮기지 않았습니다. 목록을 다시 확인해 주세요."))
    for module in _modules("move_selected"):
        module.move_selected(now, keys, days=days, by=by)
    return len(set(keys))


def _modules(name: str) -> list[ModuleType]:
    modules = app_registry.modules("reschedule").values()
    return [module for module in modules if hasattr(module, name) and module.__name__ != __name__]


def move_row(row: Row, *, days: int, by: User) -> None:
    """Move the times of a row by ``days`` and drop their 원문, which quotes the old times."""
    for name in [name for name in ("starts_at", "ends_at", "date") if hasattr(row, name)]:
        if at := getattr(row, name):
            setattr(row, name, at + timedelta(days=days))
        row.as_written.pop(name, None)
    row.save_by(by)
