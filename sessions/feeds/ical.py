"""iCalendar (RFC 5545), written by hand: the library that reads it in the tests needs 12 ms for 20 sessions, this one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from publishing.releases import Current
from sessions.feeds.entries import Entry, said

TYPE = "text/calendar; charset=utf-8"
FOLD = 75  # octets of a line, its end not counted
ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})
# Korea has kept one time since its last summer time ended; a conference before that is not foreseen
SEOUL = """\
BEGIN:VTIMEZONE
TZID:Asia/Seoul
X-LIC-LOCATION:Asia/Seoul
BEGIN:STANDARD
DTSTART:19881009T030000
TZOFFSETFROM:+1000
TZOFFSETTO:+0900
TZNAME:KST
END:STANDARD
END:VTIMEZONE""".splitlines()


def calendar(current: Current, entries: Iterable[Entry], *, title: str) -> bytes:
    """Return a calendar of the entries. Who subscribes to it is asked to look again every quarter of an hour."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//conference-portal//programme//KO",
        "CALSCALE:GREGORIAN",
        f"NAME:{_text(title)}",
        f"X-WR-CALNAME:{_text(title)}",
        "X-WR-TIMEZONE:Asia/Seoul",
        "REFRESH-INTERVAL;VALUE=DURATION:PT15M",
        "X-PUBLISHED-TTL:PT15M",
        *SEOUL,
        *(line for entry in entries for line in _event(current, entry)),
        "END:VCALENDAR",
    ]
    return b"".join(b"%s\r\n" % _folded(line) for line in lines)


def _event(current: Current, entry: Entry) -> Iterator[str]:
    at = _utc(current.at)
    yield "BEGIN:VEVENT"
    yield f"UID:{entry.uid}"
    yield f"DTSTAMP:{at}"
    yield f"LAST-MODIFIED:{at}"
    yield f"SEQUENCE:{current.sequence(entry.row['code'])}"
    yield f"DTSTART;TZID=Asia/Seoul:{entry.starts_at:%Y%m%dT%H%M%S}"
    yield f"DTEND;TZID=Asia/Seoul:{entry.ends_at:%Y%m%dT%H%M%S}"
    yield f"SUMMARY:{_text(entry.title)}"
    yield f"STATUS:{'CANCELLED' if entry.is_cancelled else 'CONFIRMED'}"
    if entry.place:
        yield f"LOCATION:{_text(entry.place)}"
    if text := "\n\n".join(filter(None, (entry.about, entry.talks))):
        yield f"DESCRIPTION:{_text(text)}"
    if kinds := list(dict.fromkeys(filter(None, (entry.topic, entry.host)))):
        yield f"CATEGORIES:{','.join(map(_text, kinds))}"
    yield f"URL:{entry.url}"
    yield "END:VEVENT"


def _text(text: str) -> str:
    """Escape; no text can end its line and begin another."""
    return said(text).translate(ESCAPED)


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _folded(line: str) -> bytes:
    """Break a long line after at most 75 octets, never inside a letter."""
    raw, parts, start, room = line.encode(), [], 0, FOLD
    while len(raw) - start > room:
        end = start + room
        while raw[end] & 0xC0 == 0x80:  # noqa: PLR2004 (a further octet of a letter in UTF-8)
            end -= 1
        parts.append(raw[start:end])
        start, room = end, FOLD - 1  # the next line begins with a space
    return b"\r\n ".join([*parts, raw[start:]])
