"""The types of the programme as it is collected and frozen: blocks of sessions, in printed order.

A block is a part with its sessions, or one session that is outside every part. A release says what is announced
(``SessionContent``), a report also what came of it (``ReportedSessionContent``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, NotRequired, TypedDict, TypeVar, cast

from conference.content import FileContent, PersonContent, PhotoContent, RoomContent


class PartContent(TypedDict):
    kind: str  # Part.Kind
    label: str
    title: str
    title_en: str
    starts_at: str | None
    ends_at: str | None
    heading: str
    note: str
    participants: str
    places: list[RoomContent]
    place_note: str
    exhibition: str  # slug


class MaterialContent(FileContent):
    is_public: NotRequired[bool]  # not in a release


class TalkContent(TypedDict):
    """The fields of a presentation."""

    presenter: PersonContent | None
    title: str
    title_en: str
    points: list[str]
    materials: list[MaterialContent]


class PresentationContent(TalkContent):
    district: str  # name


class ProposalContent(TypedDict):
    text: str
    department: str
    state: str  # Proposal.State


class SessionBaseContent(TypedDict):
    """The fields that a planned session, a released one and a card of the public page have in common."""

    code: str
    kind: str  # Session.Kind
    part: str  # label of its part
    title: str
    title_en: str
    starts_at: str
    ends_at: str
    moderator: PersonContent | None
    conduct: str
    performers: str
    participants: str
    destination: RoomContent | None
    destination_note: str
    rooms: list[RoomContent]
    photos: list[PhotoContent]


class PlannedSessionContent(SessionBaseContent):
    """What a release and a report have in common."""

    topic: str  # name of its topic
    host: str  # name of a district
    presentations: list[PresentationContent]


class AnnouncedContent(TypedDict, total=False):
    """What was announced before an act of the day changed it."""

    starts_at: str
    ends_at: str
    rooms: list[RoomContent]


class SessionContent(PlannedSessionContent):
    """A session in a release. A key that is not required is left out while it has no value."""

    is_cancelled: NotRequired[bool]
    was: NotRequired[AnnouncedContent]
    proposals: NotRequired[list[ProposalContent]]


class QuestionContent(TypedDict):
    text: str
    answer: str


class OutcomeContent(TypedDict):
    outcome: str  # Outcome
    starts_at: str | None
    ends_at: str | None
    headcount: int | None
    note: str


class ReportedSessionContent(PlannedSessionContent):
    """A session in a report."""

    questions: list[QuestionContent]
    proposals: list[ProposalContent]
    result: OutcomeContent


AnySession = TypeVar("AnySession", bound=PlannedSessionContent)


class BlockContent(TypedDict, Generic[AnySession]):
    part: PartContent | None
    sessions: list[AnySession]


class ProgrammeContent(TypedDict, Generic[AnySession]):
    """Section ``programme`` of a release; in a report it has ReportedSessionContent."""

    blocks: list[BlockContent[AnySession]]


def blocks(sections: Mapping[str, object]) -> list[BlockContent[SessionContent]]:
    """Return the blocks of the section ``programme`` of a release; [] if it has no such section."""
    programme = cast("ProgrammeContent[SessionContent]", sections.get("programme") or {"blocks": []})
    return programme["blocks"]


def sessions(sections: Mapping[str, object]) -> list[SessionContent]:
    """Return the sessions of a release, in printed order."""
    return [session for block in blocks(sections) for session in block["sessions"]]


def parts(sections: Mapping[str, object]) -> list[PartContent]:
    """Return the parts of a release, in printed order."""
    return [block["part"] for block in blocks(sections) if block["part"]]
