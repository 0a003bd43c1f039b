"""The released programme as JSON; docs/programme.schema.json describes each field.

It contains codes and both languages as the release does, so only its addresses differ between languages.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar, cast

from conference.content import PersonContent, RoomContent, event
from korean.dates import to_seoul
from publishing import event_facts
from publishing.releases import LiveRelease
from sessions.content import AnnouncedContent, PartContent, PresentationContent, parts
from sessions.feeds import content as feed
from sessions.feeds.entries import FeedContext, FeedEntry

Selected = TypeVar("Selected")
FORMAT = "urn:conference-portal:programme:1"  # $id of the schema; a change that breaks readers gets another number


def programme(current: LiveRelease, context: FeedContext, entries: Iterable[FeedEntry]) -> feed.ProgrammeFeed:
    """Return the whole document."""
    about = event(current.sections)
    return {
        "$schema": FORMAT,
        "url": f"{context.root}programme/",
        "release": {
            "number": current.number,
            "digest": current.digest,
            "published_at": to_seoul(current.at).isoformat(timespec="seconds"),
        },
        "conference": {
            **_select(about, feed.EventFeedFacts),
            "url": context.root,
            "time_zone": "Asia/Seoul",
            "hosts": [_select(row, feed.HostFeed) for row in about["hosts"]],
            "districts": [_select(row, feed.DistrictFeed) for row in about["districts"]],
            "topics": [_select(row, feed.TopicFeed) for row in about["topics"]],
            "venues": [_venue(row) for row in event_facts.used_venues(current)],
        },
        "parts": [_part(part) for part in parts(current.sections)],
        "sessions": [_session(current, context, entry) for entry in entries],
    }


def _session(current: LiveRelease, context: FeedContext, entry: FeedEntry) -> feed.SessionFeed:
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
        "presentations": [_presentation(context, talk) for talk in row["presentations"]],
    }


def _announced(was: AnnouncedContent | None) -> feed.AnnouncedFeed | None:
    """Return what was announced first, if it was changed on the day."""
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


def _presentation(context: FeedContext, talk: PresentationContent) -> feed.TalkFeed:
    files: list[feed.MaterialFeed] = [
        {**_select(file, feed.FileFeedFacts), "url": context.files + file["digest"]} for file in talk["materials"]
    ]
    return {**_select(talk, feed.TalkFeedFacts), "presenter": _person(talk["presenter"]), "materials": files}


def _part(part: PartContent) -> feed.PartFeed:
    return {**_select(part, feed.PartFeedFacts), "places": _rooms(part["places"])}


def _venue(venue: event_facts.VenueFacts) -> feed.VenueFeed:
    return {
        **_select(venue, feed.VenueFeedFacts),
        "rooms": [_select(room, feed.VenueRoomFeed) for room in venue["rooms"]],
    }


def _rooms(rooms: Iterable[RoomContent]) -> list[feed.RoomFeed]:
    return [_select(room, feed.RoomFeed) for room in rooms]


def _person(person: PersonContent | None) -> feed.PersonFeed | None:
    return _select(person, feed.PersonFeed) if person else None


def _select(value: Mapping[str, object], kind: type[Selected]) -> Selected:
    """Return the keys of the type ``kind`` alone, so that what a release contains in future is not published by accident."""
    return cast("Selected", {key: value[key] for key in kind.__annotations__})
