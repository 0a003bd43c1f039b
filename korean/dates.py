"""Dates, times and lists as Korean official papers write them (행정업무의 운영 및 혁신에 관한 규정 시행규칙).

Every function takes a value of a frozen content, ISO text in Asia/Seoul, or the date or time itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

SEOUL = ZoneInfo("Asia/Seoul")
WEEKDAYS = "월화수목금토일"
Moment = str | date | datetime


def local(value: Moment) -> datetime:
    """Return the value as a time in Seoul; a date as its first moment."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    elif not isinstance(value, datetime):
        value = datetime.combine(value, time.min)
    return value.astimezone(SEOUL) if value.tzinfo else value.replace(tzinfo=SEOUL)


def day(value: Moment) -> str:
    """``2015. 11. 24.``."""
    at = local(value)
    return f"{at.year}. {at.month}. {at.day}."


def full_day(value: Moment) -> str:
    """``2015. 11. 24.(화)``."""
    return f"{day(value)}({WEEKDAYS[local(value).weekday()]})"


def short_day(value: Moment) -> str:
    """``11. 24.(화)``, for tables."""
    at = local(value)
    return f"{at.month}. {at.day}.({WEEKDAYS[at.weekday()]})"


def clock(value: Moment) -> str:
    """``13:00``."""
    return f"{local(value):%H:%M}"


def hours(starts_at: Moment, ends_at: Moment | None) -> str:
    """``13:00~14:40``; an end on the next day is written with its day; without an end, the start alone."""
    if ends_at is None:
        return clock(starts_at)
    passes_midnight = local(starts_at).date() != local(ends_at).date()
    return f"{clock(starts_at)}~{f'{short_day(ends_at)} ' if passes_midnight else ''}{clock(ends_at)}"


def span(starts_at: Moment, ends_at: Moment | None) -> str:
    """``2015. 11. 24.(화) 13:00~18:00``."""
    return f"{full_day(starts_at)} {hours(starts_at, ends_at)}"


def days(values: Iterable[Moment]) -> str:
    """``2015. 10. 26. / 11. 6. / 11. 13.``: the year stands where it changes."""
    written: list[str] = []
    year = None
    for at in map(local, values):
        written.append(day(at) if at.year != year else f"{at.month}. {at.day}.")
        year = at.year
    return " / ".join(written)
