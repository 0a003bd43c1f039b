"""Moves parts and sessions when an event gets another date."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from itertools import chain
from typing import Any

from django.db.models import Exists, QuerySet

from accounts.models import User
from conference import reschedule
from conference.models import Conference
from korean.dates import SEOUL
from sessions import timetable


def time_ranges(conference: Conference) -> list[reschedule.TimeRange]:
    """Return start and end of every session and every part with times."""
    rows = chain.from_iterable(rows.values_list("starts_at", "ends_at") for rows in _timed_rows(conference))
    return [(starts_at, ends_at or starts_at) for starts_at, ends_at in rows]


def move_dates(conference: Conference, *, days: int, by: User) -> None:
    """Move the whole programme by so many days."""
    for part in conference.parts.select_for_update():
        reschedule.move_row(part, days=days, by=by)
    timetable.move_dates(conference, days=days, by=by)


def all_on_one_day(conference: Conference, row: Any = None) -> bool:
    """Whether the event has one day and all parts and sessions begin on it, so that forms need not ask for the day.

    The answer is cached on the conference. ``row`` may carry it as an annotation (``one_day_annotation``), which saves a query.
    """
    values = vars(conference)
    if "all_on_one_day" not in values:
        values["all_on_one_day"] = _all_on_one_day(conference, row)
    return bool(values["all_on_one_day"])


def _all_on_one_day(conference: Conference, row: Any) -> bool:
    first = conference.starts_at.astimezone(SEOUL).date()
    last = (conference.ends_at - timedelta.resolution).astimezone(SEOUL).date()  # 24:00 belongs to the day before
    if first != last:
        return False
    if hasattr(row, "is_elsewhere"):
        return not row.is_elsewhere
    one, other = _rows_on_other_days(conference)
    return not one.union(other).exists()


def one_day_annotation(conference: Conference) -> dict[str, Any]:
    """Return an annotation: whether any part or session begins on another day than the event's first."""
    one, other = _rows_on_other_days(conference)
    return {"is_elsewhere": Exists(one) | Exists(other)}


def _rows_on_other_days(conference: Conference) -> list[QuerySet[Any]]:
    first = conference.starts_at.astimezone(SEOUL).date()
    day = [datetime.combine(first + timedelta(days=days), time(), SEOUL) for days in (0, 1)]
    elsewhere = (rows.exclude(starts_at__gte=day[0], starts_at__lt=day[1]) for rows in _timed_rows(conference))
    return [rows.order_by().values("pk") for rows in elsewhere]


def _timed_rows(conference: Conference) -> tuple[QuerySet[Any], QuerySet[Any]]:
    return conference.sessions.all(), conference.parts.exclude(starts_at=None)
