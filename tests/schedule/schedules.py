"""Schedules made by hand, and by number; nobody in them is anybody."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any
from xml.sax.saxutils import escape

from django.conf import settings

XML = (settings.BASE_DIR / "tests" / "data" / "schedule.xml").read_bytes()


def event(number: int = 1, **other: Any) -> dict[str, Any]:
    """One event as the JSON form has it; ``other`` replaces fields, None takes one out."""
    at = f"2026-10-09T{9 + number % 9:02}:00"
    fields = {
        "id": number,
        "guid": f"00000000-0000-4000-8000-{number:012}",
        "date": f"{at}:00+09:00",
        "start": at[-5:],
        "duration": "00:50",
        "room": "큰홀",
        "slug": f"maeul-{number}-talk",
        "url": f"https://example.org/{number}",
        "title": f"이야기 {number}",
        "subtitle": "",
        "track": "마을",
        "type": "talk",
        "language": "ko",
        "abstract": f"줄거리 {number}",
        "description": None,
        "persons": [{"id": number, "public_name": f"연사 {number}"}],
        "links": [],
    } | other
    return {name: value for name, value in fields.items() if value is not None or name == "description"}


def schedule(*events: dict[str, Any], **other: Any) -> dict[str, Any]:
    """A schedule of one day with these events in the rooms that they name; ``other`` replaces the conference's fields."""
    rooms: dict[str, list[Any]] = {}
    for found in events:
        rooms.setdefault(str(found.get("room") or ""), []).append(found)
    day = {
        "index": 1,
        "date": "2026-10-09",
        "day_start": "2026-10-09T09:00:00+09:00",
        "day_end": "2026-10-10T03:00:00+09:00",
    }
    fields = {
        "acronym": "maeul",
        "title": "마을 모임",
        "start": "2026-10-09",
        "end": "2026-10-09",
        "daysCount": 1,
        "timeslot_duration": "00:10",
        "time_zone_name": "Asia/Seoul",
        "days": [{**day, "rooms": rooms}],
    }
    return {
        "schedule": {
            "version": "1",
            "conference": {name: value for name, value in (fields | other).items() if value is not None},
        }
    }


def written(value: Any) -> bytes:
    """The file."""
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")


def of(*events: dict[str, Any], **other: Any) -> bytes:
    """A JSON file with these events."""
    return written(schedule(*events, **other))


def many(days: int, rooms: int, slots: int) -> bytes:
    """An XML file of ``days × rooms × slots`` events, with a speaker, an abstract and a track each."""
    parts = ['<?xml version="1.0"?><schedule><version>1</version><conference><title>큰 모임</title>']
    parts.append("<acronym>many</acronym><start>2026-10-05</start><end>2026-10-09</end></conference>")
    number = 0
    for day in range(1, days + 1):
        date = f"2026-10-{4 + day:02}"
        parts.append(f'<day index="{day}" date="{date}" start="{date}T09:00:00+09:00" end="{date}T22:00:00+09:00">')
        for room in range(1, rooms + 1):
            parts.append(f'<room name="{room}호">')
            for slot in range(slots):
                number += 1
                start = f"{9 + slot // 2:02}:{slot % 2 * 30:02}"
                text = escape(f"이야기 {number}의 줄거리. " * 12)
                parts.append(
                    f'<event id="{number}" guid="00000000-0000-4000-8000-{number:012}"><date>{date}T{start}:00+09:00</date>'
                    f"<start>{start}</start><duration>00:30</duration><room>{room}호</room><title>이야기 {number}</title>"
                    f"<track>분야 {number % 7}</track><type>talk</type><language>ko</language><abstract>{text}</abstract>"
                    f'<persons><person id="{number}">연사 {number}</person></persons></event>'
                )
            parts.append("</room>")
        parts.append("</day>")
    return "".join([*parts, "</schedule>"]).encode()


def changed(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """The value with another one at that place."""
    found = deepcopy(value)
    place = found
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = new
    return found
