"""The programme as plain values for checks and counts, read with three queries whatever its length."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from django.db.models import Exists, OuterRef

from conference.models import Conference, Person
from conference.read_once import read_once
from sessions.models import Presentation, Proposal, RoomUse, Session

SPEAKER_FIELDS = ("kind", "name", "affiliation", "job")
SILENT_KINDS = (Session.Kind.MOVE, Session.Kind.BREAK, Session.Kind.EXHIBITION)  # nobody speaks at these sessions


@dataclass(frozen=True, slots=True)
class Speaker:
    """A presenter or moderator."""

    kind: str
    name: str
    affiliation: str
    job: str

    @property
    def is_person(self) -> bool:
        """Whether it is a person, not an office or a group."""
        return self.kind == Person.Kind.PERSON

    def __str__(self) -> str:
        return f"{self.name}({self.affiliation} {self.job})" if self.is_person else self.name


@dataclass(frozen=True, slots=True)
class PresentationFacts:
    """A presentation."""

    pk: int
    session: int
    district: int | None
    district_position: int | None  # in the order that the conference has chosen
    title: str
    points: list[str]
    has_materials: bool
    presenter: Speaker | None


@dataclass(slots=True)
class SessionFacts:
    """A session. ``host``: the district that hosts it, or that hosts its topic."""

    pk: int
    part: int | None
    topic: int | None
    kind: str
    title: str
    starts_at: datetime
    ends_at: datetime
    host: int | None
    performer_text: str
    code: str
    outcome: str
    headcount: int | None
    as_written: dict[str, Any]
    has_proposals: bool
    moderator: Speaker | None
    talks: list[PresentationFacts] = field(default_factory=list)
    rooms: list[tuple[str, bool]] = field(default_factory=list)  # name, and whether it is shared deliberately

    @property
    def is_silent(self) -> bool:
        """Whether the session is of a kind at which nobody speaks."""
        return self.kind in SILENT_KINDS

    def __str__(self) -> str:
        return self.title


@read_once
def read_sessions(conference: Conference) -> list[SessionFacts]:
    """Return the sessions in order."""
    by_pk = {session.pk: session for session in _read_sessions(conference)}
    for talk in _read_presentations(conference) if by_pk else ():
        by_pk[talk.session].talks.append(talk)
    uses = RoomUse.objects.filter(session__conference=conference) if by_pk else RoomUse.objects.none()
    for pk, name, is_deliberate in uses.values_list("session", "room__name", "is_deliberate"):
        by_pk[pk].rooms.append((name, is_deliberate))
    return list(by_pk.values())


def _read_sessions(conference: Conference) -> list[SessionFacts]:
    proposals = Proposal.objects.filter(session=OuterRef("pk"))
    own = ("pk", "part", "topic", "kind", "title", "starts_at", "ends_at", "host")
    results = ("performer_text", "code", "outcome", "headcount", "as_written")
    rows = conference.sessions.values_list(
        *own, *results, Exists(proposals), "topic__host", *(f"moderator__{name}" for name in SPEAKER_FIELDS)
    )
    sessions = []
    for row in rows:
        *values, topic_host = cast("tuple[Any, ...]", row)[: -len(SPEAKER_FIELDS)]
        session = SessionFacts(*[*values, _speaker(row)])
        session.host = session.host or topic_host
        sessions.append(session)
    return sessions


def _read_presentations(conference: Conference) -> list[PresentationFacts]:
    files = Presentation.materials.through.objects.filter(presentation=OuterRef("pk"))
    rows: Iterable[tuple[Any, ...]] = Presentation.objects.filter(session__conference=conference).values_list(
        "pk",
        "session",
        "district",
        "district__position",
        "title",
        "points",
        Exists(files),
        *(f"presenter__{name}" for name in SPEAKER_FIELDS),
    )
    return [PresentationFacts(*[*row[: -len(SPEAKER_FIELDS)], _speaker(row)]) for row in rows]


def _speaker(row: tuple[Any, ...]) -> Speaker | None:
    """Return the person in the last fields of the row, or None; a person always has a kind."""
    kind, name, affiliation, job = row[-len(SPEAKER_FIELDS) :]
    return Speaker(kind, name, affiliation, job) if kind else None
