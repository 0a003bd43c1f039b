"""Parses times and lengths of schedules."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from conference.exchange.values import YEARS
from korean.dates import SEOUL, format_clock, format_short_day
from rows.whole_numbers import parse_whole_number
from sessions.schedule.notes import Notes

MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}", re.ASCII)
CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?", re.ASCII)
LENGTH = re.compile(r"(\d{1,4}):(\d{1,2})(?::(\d{1,2}))?", re.ASCII)
LENGTH_MAX = timedelta(days=31)


def time_zone(name: str, notes: Notes) -> tzinfo:
    """Return the time zone of times without one: the file's, or Seoul if it is missing or unknown."""
    try:
        return ZoneInfo(name) if name else SEOUL
    except (ValueError, OSError, LookupError):
        notes.add("zone.unknown", name)
        return SEOUL


def parse_moment(text: str, zone: tzinfo, notes: Notes) -> datetime | None:
    """Return the time, or None if the text is no time. An offset other than Seoul's is noted."""
    if not MOMENT.match(text):
        return None
    try:
        at = datetime.fromisoformat(text).replace(microsecond=0)
    except ValueError:
        return None
    if at.year not in YEARS:
        return None
    if at.tzinfo is None:
        at = at.replace(tzinfo=zone)
        notes.add("zone.absent", at.tzname() or str(zone))
    return _note_other_zone(at, notes)


def _note_other_zone(at: datetime, notes: Notes) -> datetime:
    """Note a time with another offset than Seoul's, in both forms."""
    if at.utcoffset() != at.astimezone(SEOUL).utcoffset():
        notes.add("zone", f"{local_text(at)}({at:%z}) → {format_short_day(at)} {format_clock(at)}")
    return at


def parse_day(text: str) -> date | None:
    """Return the day of a date, or of a time in its own zone."""
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        return None
    return day if day.year in YEARS else None


def moment_on_day(day: date, text: str, begins: datetime | None, zone: tzinfo, notes: Notes) -> datetime | None:
    """Return a clock time on a day of the schedule. A day lasts past midnight until the hour at which it ``begins``."""
    if not (match := CLOCK.fullmatch(text)):
        return None
    try:
        at = datetime(day.year, day.month, day.day, int(match[1]), int(match[2]), int(match[3] or 0), tzinfo=zone)
    except ValueError:
        return None
    if begins is not None:
        at = at.replace(tzinfo=begins.tzinfo)
        at += timedelta(days=at.time() < begins.time() and begins.date() == day)
    return _note_other_zone(at, notes)


def parse_length(text: str, notes: Notes) -> timedelta | None:
    """Return a length: ``H:MM``, plain minutes, ``HH:MM:SS`` or ``D:HH:MM`` (pretalx, from a day on)."""
    minutes = parse_whole_number(text, maximum=99_999)  # exceeds LENGTH_MAX
    if minutes is not None:
        length = timedelta(minutes=minutes)
    elif parts := LENGTH.fullmatch(text):
        first, second, third = int(parts[1]), int(parts[2]), int(parts[3] or 0)
        if parts[3] is None:
            length = timedelta(hours=first, minutes=second)
        elif len(parts[1]) > 1:
            length = timedelta(hours=first, minutes=second, seconds=third)
        else:
            length = timedelta(days=first, hours=second, minutes=third)
        if parts[3] is not None:
            in_minutes = f"{length.total_seconds() / 60:,g}"
            notes.add("event.duration", _("%(text)s → %(minutes)s분") % {"text": text, "minutes": in_minutes})
    else:
        return None
    return length if length <= LENGTH_MAX else None


def local_text(at: datetime) -> str:
    """Return ``12. 27.(화) 11:00`` in the time's own zone."""
    return f"{format_short_day(at.date())} {at:%H:%M}"
