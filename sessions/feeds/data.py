"""The released programme as JSON, described field by field in docs/programme.schema.json.

Codes and both languages stand as they are in the release, so it says the same in every language but for its addresses.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar, cast

from conference.content import PersonContent, RoomContent, event
from korean.dates import local
from publishing import event_facts
from publishing.releases import Current
from sessions.content import AnnouncedContent, PartContent, PresentationContent, parts
from sessions.feeds import content as feed
from sessions.feeds.entries import FeedContext, FeedEntry

Taken = TypeVar("Taken")
FORMAT = "urn:conference-portal:programme:1"  # $id of the schema; another number for a form that breaks readers


def programme(current: Current, around: FeedContext, entries: Iterable[FeedEntry]) -> feed.ProgrammeFeed:
    """Return all of it."""
    about = event(current.sections)
    return {
        "$schema": FORMAT,
        "url": f"{around.root}programme/",
        "release": {
            "number": current.number,
            "digest": current.digest,
            "published_at": local(current.at).isoformat(timespec="seconds"),
        },
        "conference": {
            **_select(about, feed.EventFeedFacts),
            "url": around.root,
            "time_zone": "Asia/Seoul",
            "hosts": [_select(row, feed.HostFeed) for row in about["hosts"]],
            "districts": [_select(row, feed.DistrictFeed) for row in about["districts"]],
            "topics": [_select(row, feed.TopicFeed) for row in about["topics"]],
            "venues": [_venue(row) for row in event_facts.venues(current)],
        },
        "parts": [_part(part) for part in parts(current.sections)],
        "sessions": [_session(current, around, entry) for entry in entries],
    }


def _session(current: Current, around: FeedContext, entry: FeedEntry) -> feed.SessionFeed:
    row = entry.row
    return {
        "code": row["code"],
        "uid": entry.uid,
        "url": entry.url,
        "sequence": current.sequence(row["code"]),
        "is_cancelled": entry.is_cancelled,
        "announced": _announced(row.get("was")),
        "part": row["part"],
        **_select(row, feed.SessionFeedFacts),
        "participants": row["participants"],
        "moderator": _person(row["moderator"]),
        "rooms": _rooms(row["rooms"]),
        "destination": _select(row["destination"], feed.RoomFeed) if row["destination"] else None,
        "presentations": [_presentation(around, talk) for talk in row["presentations"]],
    }


def _announced(was: AnnouncedContent | None) -> feed.AnnouncedFeed | None:
    """What was announced before something became different on the day."""
    if not was:
        return None
    announced: feed.AnnouncedFeed = {}
    if "starts_at" in was:
        announced["starts_at"] = was["starts_at"]
    if "ends_at" in was:
        announced["ends_at"] = was["ends_at"]
    if "rooms" in was:
        announced["rooms"] = _rooms(was["rooms"])
    return announced


def _presentation(around: FeedContext, talk: PresentationContent) -> feed.TalkFeed:
    files: list[feed.MaterialFeed] = [
        {**_select(file, feed.FileFeedFacts), "url": around.files + file["digest"]} for file in talk["materials"]
    ]
    return {**_select(talk, feed.TalkFeedFacts), "presenter": _person(talk["presenter"]), "materials": files}


def _part(part: PartContent) -> feed.PartFeed:
    return {**_select(part, feed.PartFeedFacts), "places": _rooms(part["places"])}


def _venue(house: event_facts.VenueFacts) -> feed.VenueFeed:
    rooms = [_select(room, feed.VenueRoomFeed) for room in house["rooms"]]
    return {**_select(house, feed.VenueFeedFacts), "rooms": rooms}


def _rooms(rooms: Iterable[RoomContent]) -> list[feed.RoomFeed]:
    return [_select(room, feed.RoomFeed) for room in rooms]


def _person(person: PersonContent | None) -> feed.PersonFeed | None:
    return _select(person, feed.PersonFeed) if person else None


def _select(value: Mapping[str, object], kind: type[Taken]) -> Taken:
    """Take over what the type ``kind`` of the feed names, and no more."""
    return cast("Taken", {key: value[key] for key in kind.__annotations__})
