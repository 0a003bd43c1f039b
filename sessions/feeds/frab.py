"""The schedule as frab, pretalx and their readers exchange it: JSON, and XML made of the same values.

The format has no place for some things. They are written so:

- a session in several rooms is an event in each of them, with a guid of its own in every room but the first;
- a session without rooms is in one room, named after all places of its part;
- a cancelled session is left out, which readers show as cancelled;
- topics are tracks; a session belongs to the day on which it begins, and a day lasts until its last session ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import groupby
from typing import Any
from xml.etree import ElementTree as ET

from django.conf import settings
from django.utils.translation import gettext as _

from conference.content import event
from korean.dates import to_seoul
from publishing import wording
from publishing.releases import LiveRelease
from sessions.feeds.entries import FeedContext, FeedEntry, clean_text

SLOT_DURATION = "00:05"  # step of the grid in readers
MAX_DURATION = timedelta(hours=99, minutes=59)  # the longest that the XML schema allows
ACRONYM_MIN = 4  # characters, by both schemas


def schedule(current: LiveRelease, context: FeedContext, entries: Iterable[FeedEntry]) -> dict[str, Any]:
    """Return the JSON form."""
    about = event(current.sections)
    shown = [entry for entry in entries if not entry.is_cancelled]
    days = list(_days(current, context, shown))
    rooms = dict.fromkeys(room for day in days for room in day["rooms"])
    return {
        "$schema": "https://c3voc.de/schedule/schema.json",
        "generator": {"name": "conference-portal", "url": settings.PORTAL_URL},
        "schedule": {
            "url": f"{context.root}schedule.json",
            "version": str(current.number),
            "base_url": context.root,
            "conference": {
                "acronym": acronym(current.slug),
                "title": clean_text(wording.plain(about, "title")),
                "description": clean_text(wording.plain(about, "summary")),
                "start": days[0]["date"],
                "end": days[-1]["date"],
                "daysCount": len(days),
                "timeslot_duration": SLOT_DURATION,
                "time_zone_name": "Asia/Seoul",
                "url": context.root,
                "tracks": [{"name": clean_text(wording.plain(topic, "name"))} for topic in about["topics"]],
                "rooms": [{"name": room, "guid": context.guid(f"room:{room}")} for room in rooms],
                "days": days,
            },
        },
    }


def acronym(slug: str) -> str:
    """Return ``dongbuk4_2015``: the schemas want at least four characters and no hyphen."""
    return slug.replace("-", "_").ljust(ACRONYM_MIN, "_")


def _days(current: LiveRelease, context: FeedContext, entries: list[FeedEntry]) -> Iterator[dict[str, Any]]:
    """Yield each day on which a session begins. Without sessions it is the first day of the event, because the schemas want one."""
    numbers: set[int] = set()
    by_day = groupby(entries, key=lambda entry: entry.starts_at.date())
    for index, (date, of_day) in enumerate(((date, list(group)) for date, group in by_day), 1):
        yield {
            "index": index,
            "date": date.isoformat(),
            "day_start": of_day[0].starts_at.isoformat(),
            "day_end": max(entry.ends_at for entry in of_day).isoformat(),
            "rooms": _rooms(context, of_day, numbers),
        }
    if not entries:
        about = event(current.sections)
        starts_at, ends_at = to_seoul(about["starts_at"]), to_seoul(about["ends_at"])
        yield {
            "index": 1,
            "date": starts_at.date().isoformat(),
            "day_start": starts_at.isoformat(),
            "day_end": ends_at.isoformat(),
            "rooms": {},
        }


def _rooms(context: FeedContext, entries: list[FeedEntry], numbers: set[int]) -> dict[str, list[dict[str, Any]]]:
    """Return the sessions by room, the rooms in the order of the venues."""
    rooms: dict[str, list[dict[str, Any]]] = {}
    order = {room: at for at, room in enumerate(context.rooms.values())}
    for entry in entries:
        for at, room in enumerate(entry.rooms or [_("장소 미정")]):
            name = f"{entry.row['code']}:{room}" if at else entry.row["code"]
            rooms.setdefault(room, []).append(_event(context, entry, room, context.guid(name), numbers))
    return {room: rooms[room] for room in sorted(rooms, key=lambda room: order.get(room, len(order)))}


def _event(context: FeedContext, entry: FeedEntry, room: str, guid: str, numbers: set[int]) -> dict[str, Any]:
    number = (int(guid[:8], 16) >> 1) + 1  # 31 bits, because readers store it as an integer
    while number in numbers:
        number += 1
    numbers.add(number)
    row = entry.row
    return {
        "id": number,
        "guid": guid,
        "date": entry.starts_at.isoformat(),
        "start": f"{entry.starts_at:%H:%M}",
        "end": entry.ends_at.isoformat(),
        "duration": _duration(entry.ends_at - entry.starts_at),
        "room": room,
        "slug": f"{acronym(context.slug)}-{row['code']}-{number}",
        "url": entry.url,
        "title": entry.title,
        "subtitle": clean_text(row["title_en"] if entry.title == clean_text(row["title"]) else row["title"]),
        "track": entry.topic,
        "type": row["kind"],
        "language": "ko",
        "abstract": entry.about,
        "description": entry.talks,
        "persons": [{"guid": context.guid(f"person:{name}"), "name": name} for name in entry.persons],
        "links": [],
        "attachments": [{"url": url, "title": title} for title, url in entry.attachments],
    }


def _duration(length: timedelta) -> str:
    minutes = int(min(length, MAX_DURATION).total_seconds()) // 60
    return f"{minutes // 60:02}:{minutes % 60:02}"


# ── as XML ──────────────────────────────────────────────────────────────────────────────────────
EVENT_ELEMENTS = (
    "room",
    "title",
    "subtitle",
    "type",
    "date",
    "start",
    "duration",
    "abstract",
    "slug",
    "track",
    "language",
)
CONFERENCE_ELEMENTS = ("title", "acronym", "start", "end", "timeslot_duration", "url", "time_zone_name")


def to_xml(document: dict[str, Any]) -> bytes:
    """Return the document of ``schedule`` as XML."""
    schedule_, conference = document["schedule"], document["schedule"]["conference"]
    root = ET.Element("schedule")
    ET.SubElement(root, "generator", name=document["generator"]["name"], system=document["generator"]["url"])
    _add_element(root, "url", schedule_["url"].replace("schedule.json", "programme.xml"))
    _add_element(root, "version", schedule_["version"])
    head = ET.SubElement(root, "conference")
    for key in CONFERENCE_ELEMENTS:
        _add_element(head, key, conference[key])
    _add_element(head, "days", str(conference["daysCount"]))
    _add_element(head, "base_url", schedule_["base_url"])
    for track in conference["tracks"]:
        ET.SubElement(head, "track", name=track["name"])
    guids = {room["name"]: room["guid"] for room in conference["rooms"]}
    for day in conference["days"]:
        times = {"start": day["day_start"], "end": day["day_end"]}
        inner = ET.SubElement(root, "day", index=str(day["index"]), date=day["date"], **times)
        for name, events in day["rooms"].items():
            room = ET.SubElement(inner, "room", name=name, guid=guids[name])
            for each in events:
                _add_event(room, each)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}'.encode()


def _add_event(room: ET.Element, event: dict[str, Any]) -> None:
    element = ET.SubElement(room, "event", guid=event["guid"], id=str(event["id"]))
    for key in EVENT_ELEMENTS:
        _add_element(element, key, event[key])
    persons = ET.SubElement(element, "persons")
    for person in event["persons"]:
        ET.SubElement(persons, "person", guid=person["guid"]).text = person["name"]
    _add_element(element, "description", event["description"])
    ET.SubElement(element, "links")
    attachments = ET.SubElement(element, "attachments")
    for file in event["attachments"]:
        ET.SubElement(attachments, "attachment", href=file["url"]).text = file["title"]
    _add_element(element, "url", event["url"])


def _add_element(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = text
