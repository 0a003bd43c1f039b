"""Dates, times and lists as Korean official papers write them (행정업무의 운영 및 혁신에 관한 규정 시행규칙).

Every function takes a date, a time, or ISO text as frozen contents hold it (Asia/Seoul).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

SEOUL = ZoneInfo("Asia/Seoul")
WEEKDAYS = "월화수목금토일"
Moment = str | date | datetime


def to_seoul(value: Moment) -> datetime:
    """Return the value as a time in Seoul; a date as its first moment."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    elif not isinstance(value, datetime):
        value = datetime.combine(value, time.min)
    return value.astimezone(SEOUL) if value.tzinfo else value.replace(tzinfo=SEOUL)


def format_day(value: Moment) -> str:
    """Return ``2015. 11. 24.``."""
    at = to_seoul(value)
    return f"{at.year}. {at.month}. {at.day}."


def format_full_day(value: Moment) -> str:
    """Return ``2015. 11. 24.(화)``."""
    return f"{format_day(value)}({WEEKDAYS[to_seoul(value).weekday()]})"


def format_short_day(value: Moment) -> str:
    """Return ``11. 24.(화)``, for tables."""
    at = to_seoul(value)
    return f"{at.month}. {at.day}.({WEEKDAYS[at.weekday()]})"


def format_clock(value: Moment) -> str:
    """Return ``13:00``."""
    return f"{to_seoul(value):%H:%M}"


def format_hours(starts_at: Moment, ends_at: Moment | None) -> str:
    """Return ``13:00~14:40``. An end on another day gets its date; without an end only the start is written."""
    if ends_at is None:
        return format_clock(starts_at)
    passes_midnight = to_seoul(starts_at).date() != to_seoul(ends_at).date()
    return (
        f"{format_clock(starts_at)}~{f'{format_short_day(ends_at)} ' if passes_midnight else ''}{format_clock(ends_at)}"
    )


def format_span(starts_at: Moment, ends_at: Moment | None) -> str:
    """Return ``2015. 11. 24.(화) 13:00~18:00``."""
    return f"{format_full_day(starts_at)} {format_hours(starts_at, ends_at)}"


def format_days(values: Iterable[Moment]) -> str:
    """Return ``2015. 10. 26. / 11. 6. / 11. 13.``: the year is written only where it changes."""
    texts: list[str] = []
    year = None
    for at in map(to_seoul, values):
        texts.append(format_day(at) if at.year != year else f"{at.month}. {at.day}.")
        year = at.year
    return " / ".join(texts)
