"""The types of `programme.json`, as docs/programme.schema.json describes it; a test holds the two together.

They are apart from the types of a release (``sessions.content``): what a release comes to hold later is not given out unseen.
A class ``…FeedFacts`` has what is taken over from the release as it is.
"""

from __future__ import annotations

from typing import TypedDict


class RoomFeed(TypedDict):
    name: str
    floor: str
    venue: str


class PersonFeed(TypedDict):
    kind: str
    name: str
    affiliation: str
    job: str


class FileFeedFacts(TypedDict):
    name: str
    media_type: str
    size: int


class MaterialFeed(FileFeedFacts):
    url: str


class TalkFeedFacts(TypedDict):
    district: str
    title: str
    title_en: str
    points: list[str]


class TalkFeed(TalkFeedFacts):
    presenter: PersonFeed | None
    materials: list[MaterialFeed]


class AnnouncedFeed(TypedDict, total=False):
    starts_at: str
    ends_at: str
    rooms: list[RoomFeed]


class SessionFeedFacts(TypedDict):
    kind: str
    topic: str
    title: str
    title_en: str
    starts_at: str
    ends_at: str
    host: str
    conduct: str
    performers: str


class SessionFeed(SessionFeedFacts):
    code: str
    uid: str
    url: str
    sequence: int
    is_cancelled: bool
    announced: AnnouncedFeed | None
    part: str
    participants: str
    moderator: PersonFeed | None
    rooms: list[RoomFeed]
    destination: RoomFeed | None
    presentations: list[TalkFeed]


class PartFeedFacts(TypedDict):
    kind: str
    label: str
    title: str
    title_en: str
    starts_at: str | None
    ends_at: str | None
    note: str
    participants: str


class PartFeed(PartFeedFacts):
    places: list[RoomFeed]


class HostFeed(TypedDict):
    name: str
    role: str


class DistrictFeed(TypedDict):
    name: str
    name_en: str


class TopicFeed(TypedDict):
    name: str
    name_en: str
    host: str


class VenueRoomFeed(TypedDict):
    name: str
    kind: str
    floor: str
    capacity: int | None


class VenueFeedFacts(TypedDict):
    name: str
    within: str
    address: str
    transit: str
    parking: str
    access_note: str
    map_url: str


class VenueFeed(VenueFeedFacts):
    rooms: list[VenueRoomFeed]


class EventFeedFacts(TypedDict):
    slug: str
    title: str
    title_en: str
    summary: str
    summary_en: str
    starts_at: str
    ends_at: str
    audience: str
    admission: str


class ConferenceFeed(EventFeedFacts):
    url: str
    time_zone: str
    hosts: list[HostFeed]
    districts: list[DistrictFeed]
    topics: list[TopicFeed]
    venues: list[VenueFeed]


class ReleaseFeed(TypedDict):
    number: int
    digest: str
    published_at: str


# "$schema" is no name that a class may have
ProgrammeFeed = TypedDict(
    "ProgrammeFeed",
    {
        "$schema": str,
        "url": str,
        "release": ReleaseFeed,
        "conference": ConferenceFeed,
        "parts": list[PartFeed],
        "sessions": list[SessionFeed],
    },
)
