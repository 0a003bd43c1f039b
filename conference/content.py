"""The types of the event's collected and frozen content: what it is, where, by whom, and its notices.

All of it is JSON: times are ISO text in Asia/Seoul, codes are those of the models. Only staff and
signers see a key that is ``NotRequired``: publishing leaves it out of a release.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NotRequired, TypedDict, cast


class PersonContent(TypedDict):
    name: str  # "" in a release where there is no basis for publishing it
    kind: str  # Person.Kind
    affiliation: str
    job: str
    basis: NotRequired[str]  # Person.NameBasis: whether the name may be published


class GuestContent(PersonContent):
    attendance: str  # Guest.Attendance
    represented_by: str


class RoomName(TypedDict):
    """The names by which a reader finds a room."""

    name: str
    floor: str


class RoomNameInVenue(RoomName):
    """The names by which a reader finds a room if the conference is in several buildings."""

    venue: str


class RoomContent(RoomNameInVenue):
    kind: str  # Room.Kind
    within: str
    venue_position: int
    position: int


class FileContent(TypedDict):
    digest: str  # SHA-256 of the bytes
    name: str
    media_type: str
    size: int  # bytes
    width: int | None  # pixels; None if the file is no picture
    height: int | None


class PhotoContent(FileContent):
    caption: str
    alt: str
    stage: str  # Photo.Stage
    is_public: NotRequired[bool]


class MainItemContent(TypedDict):
    name: str
    text: str


class HostContent(TypedDict):
    name: str
    role: str  # HostRole.Role


class DistrictContent(TypedDict):
    name: str
    name_en: str


class TopicOfficeContent(TypedDict):
    district: str
    department: str


class TopicContent(TypedDict):
    name: str
    name_en: str
    host: str  # name of a district
    desks: list[TopicOfficeContent]


class VenueRoomContent(RoomName):
    kind: str  # Room.Kind
    capacity: int | None


class VenueContent(TypedDict):
    name: str
    within: str
    address: str
    transit: str
    parking: str
    access_note: str
    map_url: str
    rooms: list[VenueRoomContent]


class OverviewContent(TypedDict):
    """The content that a release and a report have in common."""

    slug: str
    title: str
    title_en: str
    purpose: str
    summary: str
    summary_en: str
    starts_at: str
    ends_at: str
    audience: str
    admission: str  # Conference.Admission
    contact_department: str
    contact_phone: str
    main_items: list[MainItemContent]
    hosts: list[HostContent]
    districts: list[DistrictContent]
    topics: list[TopicContent]
    venues: list[VenueContent]


class EventContent(OverviewContent):
    """Section ``event`` of a release."""

    guests: list[PersonContent]


class BasisContent(TypedDict):
    kind: str  # Basis.Kind
    issuer: str
    serial: str
    dated: str | None  # ISO date
    title: str


class EventResultContent(TypedDict):
    """The content that only a report has."""

    bases: list[BasisContent]
    guests: list[GuestContent]
    headcount: int | None
    is_headcount_approximate: bool
    counted_how: str


class ReportedEventContent(OverviewContent, EventResultContent):
    """The event in a report."""


class NoticeContent(TypedDict):
    """An item of the section ``notices`` of a release."""

    title: str
    text: str
    is_urgent: bool
    at: str


def event(sections: Mapping[str, object]) -> EventContent:
    """Return the section ``event`` of a release. Raises KeyError where it has none."""
    return cast("EventContent", sections["event"])


def notices(sections: Mapping[str, object]) -> list[NoticeContent]:
    """Return the section ``notices`` of a release."""
    return cast("list[NoticeContent]", sections.get("notices") or [])
