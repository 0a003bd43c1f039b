"""The programme → plain values: parts in printed order, moves between them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import cast

from django.db.models import Prefetch

from conference import collect
from conference.content import RoomContent
from conference.models import Conference, File
from rows.canonical_json import moment
from sessions.content import (
    AnnouncedContent,
    AnySession,
    BlockContent,
    PartContent,
    PlannedSessionContent,
    PresentationContent,
    ProgrammeContent,
    ProposalContent,
    ReportedSessionContent,
    SessionContent,
)
from sessions.models import Outcome, Part, Presentation, Proposal, Session

MATERIALS = Prefetch("materials", File.objects.order_by("pk"))  # in the order in which they were uploaded
CODES = {
    ("programme", "kind"): [*Session.Kind.choices, *Part.Kind.choices],
    ("programme", "state"): Proposal.State.choices,
}


def programme(conference: Conference) -> ProgrammeContent[ReportedSessionContent]:
    """Everything that the 결과보고 says of the programme: what was to happen, and what came of it."""
    return _programme(conference, "questions", "proposals", tell=_report_additions)


def release(conference: Conference) -> dict[str, object]:
    """The section of a release that this app fills: what happens, and of what came of it the proposals that may be public.

    A cancelled session says so (``is_cancelled``), and one that was changed on the day keeps under ``was`` what was
    announced; a session has none of these keys where there is nothing to say.
    """
    announced = _first_announced(conference)
    told = _programme(
        conference, "proposals", tell=lambda row, value: _release_additions(row, value, announced.get(row.code, {}))
    )
    return {"programme": told}


def _programme(
    conference: Conference, *also: str, tell: Callable[[Session, PlannedSessionContent], AnySession]
) -> ProgrammeContent[AnySession]:
    """Return ``{"blocks": [{"part": …|None, "sessions": […]}]}``. Constant number of queries.

    A part without times keeps its place of the order before the timed ones; a session outside every part
    (a move, a break) is a block of its own, before the first part that starts no earlier than it ends.
    ``also``: further rows of the sessions to fetch; ``tell``: a session with what is to be said beside its plan.
    """
    rooms = collect.rooms(conference)
    presentations = Presentation.objects.select_related("district", "presenter").prefetch_related(MATERIALS)
    sessions = conference.sessions.select_related("part", "topic", "host", "moderator").prefetch_related(
        "room_uses", Prefetch("presentations", presentations), collect.PHOTOS, *also
    )
    of_part: dict[int | None, list[AnySession]] = {}
    for row in sessions:
        of_part.setdefault(row.part_id, []).append(tell(row, _session(row, rooms)))
    blocks: list[BlockContent[AnySession]] = [
        {"part": _part(row, rooms), "sessions": of_part.get(row.pk, [])}
        for row in conference.parts.prefetch_related("places")
    ]
    return {"blocks": _insert_sessions_outside_parts(blocks, of_part.get(None, []))}


def order_blocks(blocks: Sequence[BlockContent[AnySession]], codes: Iterable[str]) -> list[BlockContent[AnySession]]:
    """Return the blocks as they are ordered after sessions have moved; ``codes`` says who is first of equal times."""
    place = {code: at for at, code in enumerate(codes)}

    def ordered(sessions: Iterable[AnySession]) -> list[AnySession]:
        return sorted(sessions, key=lambda value: (value["starts_at"], place.get(value["code"], len(place))))

    parts: list[BlockContent[AnySession]] = [
        {**block, "sessions": ordered(block["sessions"])} for block in blocks if block["part"]
    ]
    return _insert_sessions_outside_parts(
        parts, ordered(value for block in blocks if not block["part"] for value in block["sessions"])
    )


def _insert_sessions_outside_parts(
    parts: list[BlockContent[AnySession]], outside: Iterable[AnySession]
) -> list[BlockContent[AnySession]]:
    """Put each session that is outside every part before the first block that begins no earlier than it ends."""
    blocks = list(parts)
    for value in outside:
        begins = enumerate(map(_block_start, blocks))
        at = next((at for at, begin in begins if begin and begin >= value["ends_at"]), len(blocks))
        blocks.insert(at, {"part": None, "sessions": [value]})
    return blocks


def _block_start(block: BlockContent[AnySession]) -> str | None:
    """When a block really begins: its sessions may have been delayed, and what stands before it with them."""
    first = [value["starts_at"] for value in block["sessions"][:1]]
    if block["part"] is None:
        return first[0]
    return (
        max(block["part"]["starts_at"], *first) if block["part"]["starts_at"] and first else block["part"]["starts_at"]
    )


def _release_additions(row: Session, value: PlannedSessionContent, announced: AnnouncedContent) -> SessionContent:
    told: SessionContent = {**value}
    if row.outcome == Outcome.CANCELLED:
        told["is_cancelled"] = True
    if was := {key: old for key, old in announced.items() if value.get(key) != old}:
        told["was"] = cast("AnnouncedContent", was)
    if proposals := [_proposal(found) for found in row.proposals.all() if found.may_be_public]:
        told["proposals"] = proposals
    return told


def _first_announced(conference: Conference) -> dict[str, AnnouncedContent]:
    """What visitors were told before acts of the day itself changed it: times and rooms by code."""
    first: dict[str, AnnouncedContent] = {}
    for change in conference.day_changes.filter(undone_at=None).order_by("pk"):
        for code, (before, _after) in change.effects.released.items():
            old = {key: before[key] for key in ("starts_at", "ends_at", "rooms") if key in before}
            first[code] = {**cast("AnnouncedContent", old), **first.get(code, {})}
    return first


def _session(row: Session, rooms: dict[int, RoomContent]) -> PlannedSessionContent:
    """One session with presenters, rooms and pictures."""
    return {
        "code": row.code,
        "kind": row.kind,
        "part": row.part.label if row.part else "",
        "topic": row.topic.name if row.topic else "",
        "title": row.title,
        "title_en": row.title_en,
        "starts_at": moment(row.starts_at),
        "ends_at": moment(row.ends_at),
        "host": row.host.name if row.host else "",
        "moderator": collect.person(row.moderator) if row.moderator else None,
        "conduct": row.conduct_text,
        "performers": row.performer_text,
        "participants": row.participants_text
        if row.participants_text is not None
        else (row.part.participants_text if row.part else ""),
        "destination": rooms[row.destination_id] if row.destination_id else None,
        "destination_note": row.destination_note,
        "rooms": [rooms[use.room_id] for use in row.room_uses.all()],
        "presentations": [_presentation(found) for found in row.presentations.all()],
        "photos": [collect.photo(found) for found in row.photos.all()],
    }


def _report_additions(row: Session, value: PlannedSessionContent) -> ReportedSessionContent:
    return {
        **value,
        "questions": [{"text": found.text, "answer": found.answer} for found in row.questions.all()],
        "proposals": [_proposal(found) for found in row.proposals.all()],
        "result": {
            "outcome": row.outcome,
            "starts_at": moment(row.actual_starts_at),
            "ends_at": moment(row.actual_ends_at),
            "headcount": row.headcount,
            "note": row.note,
        },
    }


def _proposal(row: Proposal) -> ProposalContent:
    return {"text": row.text, "department": row.department, "state": row.state}


def _presentation(row: Presentation) -> PresentationContent:
    return {
        "district": row.district.name if row.district else "",
        "presenter": collect.person(row.presenter) if row.presenter else None,
        "title": row.title,
        "title_en": row.title_en,
        "points": row.points,
        "materials": [{**collect.file(found), "is_public": found.may_be_public} for found in row.materials.all()],
    }


def _part(row: Part, rooms: dict[int, RoomContent]) -> PartContent:
    return {
        "kind": row.kind,
        "label": row.label,
        "title": row.title,
        "title_en": row.title_en,
        "starts_at": moment(row.starts_at),
        "ends_at": moment(row.ends_at),
        "heading": row.heading,
        "note": row.note,
        "participants": row.participants_text,
        "places": [rooms[place.pk] for place in row.places.all()],
        "place_note": row.place_note,
        "exhibition": row.exhibition_slug,
    }
