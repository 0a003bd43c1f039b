"""The types of the expo as it is collected and frozen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict, cast

from conference.content import PhotoContent, RoomContent


class ExhibitorContent(TypedDict):
    name: str
    short_name: str
    kind: str  # Exhibitor.Kind
    district: str
    booths: list[str]  # numbers
    photos: list[PhotoContent]


class ReportedExhibitorContent(ExhibitorContent):
    state: str  # Exhibitor.State
    outcome: str  # Exhibitor.Outcome


class GiveawayContent(TypedDict):
    name: str


class ReportedGiveawayContent(GiveawayContent):
    planned: int | None
    given: int | None
    left: int | None
    stated: int | None
    is_approximate: bool
    per_item: bool


class ShowContent(TypedDict):
    """The fields of an exhibition that a release and a report have in common."""

    slug: str
    name: str
    name_en: str
    starts_at: str
    ends_at: str
    room: RoomContent | None
    participants: str
    content: list[str]  # lines


class ExhibitionContent(ShowContent):
    """An item of the section ``expo`` of a release."""

    exhibitors: list[ExhibitorContent]
    giveaways: list[GiveawayContent]


class ReportedExhibitionContent(ShowContent):
    """An exhibition in a report."""

    exhibitors: list[ReportedExhibitorContent]
    giveaways: list[ReportedGiveawayContent]


def exhibitions(sections: Mapping[str, object]) -> list[ExhibitionContent]:
    """Return the section ``expo`` of a release."""
    return cast("list[ExhibitionContent]", sections.get("expo") or [])
