"""The programme as plain values, for releases and for the 결과보고: parts in printed order, moves between them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import cast

from django.db.models import Prefetch

from conference import collect
from conference.content import RoomContent
from conference.models import Conference, File
from rows.canonical_json import iso_moment
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
    """Return the programme for the 결과보고: what was planned, and what came of it."""
    return _programme(conference, "questions", "proposals", additions=_report_additions)


def collect_release(conference: Conference) -> dict[str, object]:
    """Return the programme for a release: what is planned, and proposals that may be public.

    A cancelled session has ``is_cancelled``; one that was changed on the day has ``was``, with what was announced first.
    Other sessions have neither key.
    """
    announced = _first_announced(conference)
    programme = _programme(
        conference,
        "proposals",
        additions=lambda row, value: _release_additions(row, value, announced.get(row.code, {})),
    )
    return {"programme": programme}


def _programme(
    conference: Conference, *also: str, additions: Callable[[Session, PlannedSessionContent], AnySession]
) -> ProgrammeContent[AnySession]:
    """Return ``{"blocks": [{"part": …|None, "sessions": […]}]}``. Constant number of queries.

    A part without times keeps its position before the parts with times. A session outside every part (a move, a break) is a
    block of its own, before the first part that starts when it has ended. ``also``: related rows to fetch with the sessions;
    ``additions`` adds to the value of a session what is more than its plan.
    """
    rooms = collect.rooms(conference)
    presentations = Presentation.objects.select_related("district", "presenter").prefetch_related(MATERIALS)
    sessions = conference.sessions.select_related("part", "topic", "host", "moderator").prefetch_related(
        "room_uses", Prefetch("presentations", presentations), collect.PHOTOS, *also
    )
    of_part: dict[int | None, list[AnySession]] = {}
    for row in sessions:
        of_part.setdefault(row.part_id, []).append(additions(row, _session(row, rooms)))
    blocks: list[BlockContent[AnySession]] = [
        {"part": _part(row, rooms), "sessions": of_part.get(row.pk, [])}
        for row in conference.parts.prefetch_related("places")
    ]
    return {"blocks": _merge_blocks(blocks, of_part.get(None, []))}


def order_blocks(blocks: Sequence[BlockContent[AnySession]], codes: Iterable[str]) -> list[BlockContent[AnySession]]:
    """Return the blocks in order after sessions have moved; sessions with the same start are in the order of ``codes``."""
    positions = {code: at for at, code in enumerate(codes)}

    def ordered(sessions: Iterable[AnySession]) -> list[AnySession]:
        return sorted(sessions, key=lambda value: (value["starts_at"], positions.get(value["code"], len(positions))))

    parts: list[BlockContent[AnySession]] = [
        {**block, "sessions": ordered(block["sessions"])} for block in blocks if block["part"]
    ]
    return _merge_blocks(parts, ordered(value for block in blocks if not block["part"] for value in block["sessions"]))


def _merge_blocks(
    parts: list[BlockContent[AnySession]], outside: Iterable[AnySession]
) -> list[BlockContent[AnySession]]:
    """Insert each session outside every part before the first block that begins when it has ended."""
    blocks = list(parts)
    for value in outside:
        begins = enumerate(map(_block_start, blocks))
        at = next((at for at, begin in begins if begin and begin >= value["ends_at"]), len(blocks))
        blocks.insert(at, {"part": None, "sessions": [value]})
    return blocks


def _block_start(block: BlockContent[AnySession]) -> str | None:
    """Return when a block really begins, because its sessions may have been delayed; None without a time."""
    first = [value["starts_at"] for value in block["sessions"][:1]]
    if block["part"] is None:
        return first[0]
    return (
        max(block["part"]["starts_at"], *first) if block["part"]["starts_at"] and first else block["part"]["starts_at"]
    )


def _release_additions(row: Session, value: PlannedSessionContent, announced: AnnouncedContent) -> SessionContent:
    released: SessionContent = {**value}
    if row.outcome == Outcome.CANCELLED:
        released["is_cancelled"] = True
    if was := {key: old for key, old in announced.items() if value.get(key) != old}:
        released["was"] = cast("AnnouncedContent", was)
    if proposals := [_proposal(proposal) for proposal in row.proposals.all() if proposal.may_be_public]:
        released["proposals"] = proposals
    return released


def _first_announced(conference: Conference) -> dict[str, AnnouncedContent]:
    """Return times and rooms as announced before acts of the day changed them, by code."""
    first: dict[str, AnnouncedContent] = {}
    for change in conference.day_changes.filter(undone_at=None).order_by("pk"):
        for code, (before, _after) in change.effects.released.items():
            old = {key: before[key] for key in ("starts_at", "ends_at", "rooms") if key in before}
            first[code] = {**cast("AnnouncedContent", old), **first.get(code, {})}
    return first


def _session(row: Session, rooms: dict[int, RoomContent]) -> PlannedSessionContent:
    """Return a session with presenters, rooms and photos."""
    return {
        "code": row.code,
        "kind": row.kind,
        "part": row.part.label if row.part else "",
        "topic": row.topic.name if row.topic else "",
        "title": row.title,
        "title_en": row.title_en,
        "starts_at": iso_moment(row.starts_at),
        "ends_at": iso_moment(row.ends_at),
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
        "presentations": [_presentation(talk) for talk in row.presentations.all()],
        "photos": [collect.photo(photo) for photo in row.photos.all()],
    }


def _report_additions(row: Session, value: PlannedSessionContent) -> ReportedSessionContent:
    return {
        **value,
        "questions": [{"text": question.text, "answer": question.answer} for question in row.questions.all()],
        "proposals": [_proposal(proposal) for proposal in row.proposals.all()],
        "result": {
            "outcome": row.outcome,
            "starts_at": iso_moment(row.actual_starts_at),
            "ends_at": iso_moment(row.actual_ends_at),
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
        "materials": [{**collect.file(file), "is_public": file.may_be_public} for file in row.materials.all()],
    }


def _part(row: Part, rooms: dict[int, RoomContent]) -> PartContent:
    return {
        "kind": row.kind,
        "label": row.label,
        "title": row.title,
        "title_en": row.title_en,
        "starts_at": iso_moment(row.starts_at),
        "ends_at": iso_moment(row.ends_at),
        "heading": row.heading,
        "note": row.note,
        "participants": row.participants_text,
        "places": [rooms[place.pk] for place in row.places.all()],
        "place_note": row.place_note,
        "exhibition": row.exhibition_slug,
    }
