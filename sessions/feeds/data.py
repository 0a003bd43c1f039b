"""The released programme as JSON, described field by field in docs/programme.schema.json.

Codes and both languages stand as they are in the release, so it says the same in every language but for its addresses.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from korean.dates import local
from publishing import event_facts
from publishing.releases import Current
from sessions.feeds.entries import Entry, Frame

Value = dict[str, Any]
FORMAT = "urn:conference-portal:programme:1"  # $id of the schema; another number for a form that breaks readers
EVENT = ("slug", "title", "title_en", "summary", "summary_en", "starts_at", "ends_at", "audience", "admission")
PART = ("kind", "label", "title", "title_en", "starts_at", "ends_at", "note", "participants")
SESSION = ("kind", "topic", "title", "title_en", "starts_at", "ends_at", "host", "conduct", "performers")
TALK = ("district", "title", "title_en", "points")
PERSON = ("kind", "name", "affiliation", "job")
ROOM = ("name", "floor", "venue")
VENUE = ("name", "within", "address", "transit", "parking", "access_note", "map_url")
ROOM_OF_HOUSE = ("name", "kind", "floor", "capacity")


def programme(current: Current, around: Frame, entries: Iterable[Entry]) -> Value:
    """Return all of it."""
    event = current.sections["event"]
    blocks = (current.sections.get("programme") or {"blocks": []})["blocks"]
    return {
        "$schema": FORMAT,
        "url": f"{around.root}programme/",
        "release": {
            "number": current.number,
            "digest": current.digest,
            "published_at": local(current.at).isoformat(timespec="seconds"),
        },
        "conference": _some(event, EVENT)
        | {
            "url": around.root,
            "time_zone": "Asia/Seoul",
            "hosts": [_some(row, ("name", "role")) for row in event["hosts"]],
            "districts": [_some(row, ("name", "name_en")) for row in event["districts"]],
            "topics": [_some(row, ("name", "name_en", "host")) for row in event["topics"]],
            "venues": [_house(row) for row in event_facts.venues(current)],
        },
        "parts": [_part(block["part"]) for block in blocks if block["part"]],
        "sessions": [_session(current, around, entry) for entry in entries],
    }


def _session(current: Current, around: Frame, entry: Entry) -> Value:
    row = entry.row
    return {
        "code": row["code"],
        "uid": entry.uid,
        "url": entry.url,
        "sequence": current.sequence(row["code"]),
        "is_cancelled": entry.is_cancelled,
        "announced": _announced(row.get("was")),
        "part": row["part"],
        **_some(row, SESSION),
        "participants": row["participants"],
        "moderator": _person(row["moderator"]),
        "rooms": _rooms(row["rooms"]),
        "destination": _some(row["destination"], ROOM) if row["destination"] else None,
        "presentations": [_talk(around, talk) for talk in row["presentations"]],
    }


def _announced(was: Value | None) -> Value | None:
    """What was announced before something became different on the day."""
    if not was:
        return None
    times = {key: was[key] for key in ("starts_at", "ends_at") if key in was}
    return times | ({"rooms": _rooms(was["rooms"])} if "rooms" in was else {})


def _talk(around: Frame, talk: Value) -> Value:
    files = [
        _some(file, ("name", "media_type", "size")) | {"url": around.files + file["digest"]}
        for file in talk["materials"]
    ]
    return _some(talk, TALK) | {"presenter": _person(talk["presenter"]), "materials": files}


def _part(part: Value) -> Value:
    return _some(part, PART) | {"places": _rooms(part["places"])}


def _house(house: Value) -> Value:
    return _some(house, VENUE) | {"rooms": [_some(room, ROOM_OF_HOUSE) for room in house["rooms"]]}


def _rooms(rooms: Iterable[Value]) -> list[Value]:
    return [_some(room, ROOM) for room in rooms]


def _person(person: Value | None) -> Value | None:
    return _some(person, PERSON) if person else None


def _some(value: Value, keys: Iterable[str]) -> Value:
    """No more than what the schema names: what a release comes to hold later is not given out unseen."""
    return {key: value[key] for key in keys}
