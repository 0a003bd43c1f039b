"""A released programme in the order a reader takes it: groups of a day (parts and what stands between them), slots, cards.

Pure functions of a release and a moment. A slot holds what begins at one time, so parallel sessions stand together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import NotRequired, TypedDict

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from conference.content import DistrictContent, RoomContent, RoomNameInVenue, event
from publishing import event_facts, wording
from publishing.markup import filled
from publishing.releases import Current
from rows import app_registry
from sessions.content import (
    BlockContent,
    PartContent,
    ProposalContent,
    SessionContent,
    SessionFactsContent,
    TalkContent,
    blocks,
    parts,
    sessions,
)

BREAK_KINDS = ("move", "break")  # kinds of session with nothing to read about: they have no page of their own


class ProposalCard(ProposalContent):
    came: str  # what became of it, in words


class TalkCard(TalkContent):
    district: DistrictContent | None


class StruckWords(TypedDict):
    """What was announced first, struck through; empty where it is the same."""

    hours: str
    place: str


class PartOfCard(TypedDict):
    label: str
    places: list[RoomContent]


class Card(SessionFactsContent):
    """A released session with what a page says of it beside, in the language of the page."""

    is_cancelled: NotRequired[bool]
    has_page: bool
    own_rooms: list[RoomContent]
    place: str
    topic: event_facts.TopicFacts | None
    host: DistrictContent | None
    hosted_by: str
    presentations: list[TalkCard]
    within: PartOfCard
    proposals: list[ProposalCard]
    marks: list[tuple[str, str]]  # as ``change_badges`` gives them
    was: StruckWords


class ShownCard(Card):
    """A card at a moment, among what a reader looks for."""

    is_now: bool
    is_out: bool  # not among it


class TimeSlot(TypedDict):
    """What begins at one time."""

    starts_at: str
    ends_at: str
    is_now: bool
    is_passing: bool  # nothing in it has a page
    is_out: bool
    cards: list[ShownCard]


class CardGroup(TypedDict):
    """A part on one day, or neighbours outside every part."""

    part: PartContent | None
    id: str
    slots: list[TimeSlot]
    is_out: bool


def sessions_with_parts(current: Current) -> Iterator[tuple[PartContent | None, SessionContent]]:
    """Every session with its part, in printed order."""
    for block in blocks(current.sections):
        for row in block["sessions"]:
            yield block["part"], row


def session_days(current: Current) -> list[date]:
    """The days on which something begins, in order."""
    timed = [*parts(current.sections), *sessions(current.sections)]
    return [date.fromisoformat(day) for day in sorted({row["starts_at"][:10] for row in timed if row["starts_at"]})]


def current_day(current: Current, at: datetime) -> date | None:
    """The day on which what is under way began, the latest of several."""
    on = [row["starts_at"][:10] for _part, row in sessions_with_parts(current) if _is_running(row, at)]
    return date.fromisoformat(max(on)) if on else None


def groups(
    current: Current, at: datetime, day: date | None, *, keeps: Callable[[SessionContent], bool] | None = None
) -> Iterator[CardGroup]:
    """Yield ``{"part": …|None, "id", "slots": [slot], "is_out"}`` of a day in printed order.

    That is each part which has something then, and neighbours outside every part in one group. A part without times and
    sessions is of the first day. ``keeps``, where given, is asked of every session: of cards, slots and groups that
    nobody wants now ``is_out`` is true.
    """
    number, said, language = 0, str(day), get_language()
    first = current.derived(session_days)[:1]
    for is_part, run in groupby(blocks(current.sections), key=lambda block: block["part"] is not None):
        for part, found in [(b["part"], b["sessions"]) for b in run] if is_part else [(None, _sessions_of(run))]:
            number += is_part
            of_day = sorted((row for row in found if row["starts_at"][:10] == said), key=itemgetter("starts_at"))
            its_day = [date.fromisoformat(part["starts_at"][:10])] if part and part["starts_at"] else first
            if of_day or (not found and its_day in ([], [day])):
                cards: list[ShownCard] = [
                    {
                        **current.derived(session_card, row["code"], language),
                        "is_out": bool(keeps and not keeps(row)),
                        "is_now": _is_running(row, at),
                    }
                    for row in of_day
                ]
                slots = list(_slots(cards))
                is_out = all(slot["is_out"] for slot in slots) if slots else bool(keeps)
                yield {"part": part, "id": f"part-{number}", "slots": slots, "is_out": is_out}


def session_with_neighbours(
    current: Current, code: str
) -> tuple[SessionContent | None, Card | None, SessionContent | None]:
    """Return the session of that code as ``session_card`` makes it, between its neighbours that have a page, by time."""
    turns = current.derived(_neighbours)
    if code not in turns:
        return None, None, None
    before, after = turns[code]
    return before, current.derived(session_card, code, get_language()), after


def _neighbours(current: Current) -> dict[str, tuple[SessionContent | None, SessionContent | None]]:
    """The neighbours of every session that has a page."""
    found = sorted((row for _part, row in sessions_with_parts(current) if has_page(row)), key=itemgetter("starts_at"))
    around = [None, *found, None]
    return {row["code"]: (around[i], around[i + 2]) for i, row in enumerate(found)}


def has_page(row: SessionFactsContent) -> bool:
    """Whether there is more to read of the session than its line in the programme."""
    return row["kind"] not in BREAK_KINDS


def session_card(current: Current, code: str, _language: str) -> Card:
    """A released session with what a page says of it beside, in the language of the page: its place, topic and host."""
    districts, (part, row) = current.derived(_districts), current.derived(_sessions_by_code)[code]
    within: PartOfCard = part or {"places": [], "label": ""}
    host = districts.get(row["host"])
    to, said = [row["destination"]] if row["destination"] else [], event_facts.room_words(current)
    return {
        **row,
        "has_page": has_page(row),
        "own_rooms": row["rooms"],
        "rooms": row["rooms"] or to or within["places"],
        "place": wording.rooms(row["rooms"] or to, said),  # the part's own stand at its head
        "topic": current.derived(_topics).get(row["topic"]),
        "host": host,
        "hosted_by": filled(_("{} 주관"), wording.words(host, "name")) if host else "",
        "presentations": [{**talk, "district": districts.get(talk["district"])} for talk in row["presentations"]],
        "within": within,
        "proposals": proposals_with_state(row),
        "marks": list(change_badges(row)),
        "was": _first_announced(row, said),
    }


def change_badges(row: SessionContent) -> Iterator[tuple[str, str]]:
    """What became different on the day, as (kind of badge, words)."""
    was = row.get("was", {})
    if row.get("is_cancelled"):
        yield "error", _("취소")
    elif "starts_at" in was or "ends_at" in was:
        late = _minutes_between(was.get("starts_at", row["starts_at"]), row["starts_at"])
        later = _minutes_between(was.get("ends_at", row["ends_at"]), row["ends_at"])
        if late == later > 0:
            yield "warning", _("%(minutes)d분 지연") % {"minutes": late}
        elif not late and later > 0:
            yield "warning", _("%(minutes)d분 연장") % {"minutes": later}
        else:
            yield "warning", _("시간 변경")
    if "rooms" in was and not row.get("is_cancelled"):
        yield "warning", _("장소 변경")


def _first_announced(row: SessionContent, said: Callable[[RoomNameInVenue], str]) -> StruckWords:
    """The times and the place that were announced first, struck through; empty where they are the same."""
    was = row.get("was", {})
    hours = ""
    if "starts_at" in was or "ends_at" in was:
        hours = wording.hours(was.get("starts_at", row["starts_at"]), was.get("ends_at", row["ends_at"]))
    return {"hours": _struck_through(hours), "place": _struck_through(wording.rooms(was.get("rooms") or [], said))}


def _struck_through(text: str) -> str:
    return filled('<span class="sr-only">{} </span><s>{}</s>', _("처음 안내:"), text) if text else ""


def _minutes_between(old: str, new: str) -> int:
    return int((datetime.fromisoformat(new) - datetime.fromisoformat(old)).total_seconds() // 60)


def _slots(cards: list[ShownCard]) -> Iterator[TimeSlot]:
    for starts_at, found in groupby(cards, key=itemgetter("starts_at")):
        together = list(found)
        yield {
            "starts_at": starts_at,
            "ends_at": max(row["ends_at"] for row in together),
            "is_now": any(row["is_now"] for row in together),
            "is_passing": not any(row["has_page"] for row in together),
            "is_out": all(row["is_out"] for row in together),
            "cards": together,
        }


def _is_running(row: SessionContent, at: datetime) -> bool:
    """Whether it is under way."""
    is_in_time = datetime.fromisoformat(row["starts_at"]) <= at < datetime.fromisoformat(row["ends_at"])
    return is_in_time and not row.get("is_cancelled")


def _sessions_by_code(current: Current) -> dict[str, tuple[PartContent | None, SessionContent]]:
    return {row["code"]: (part, row) for part, row in sessions_with_parts(current)}


def _districts(current: Current) -> dict[str, DistrictContent]:
    return {row["name"]: row for row in event(current.sections)["districts"]}


def _topics(current: Current) -> dict[str, event_facts.TopicFacts]:
    return {row["name"]: row for row in event_facts.topics(current)}


def _sessions_of(neighbours: Iterable[BlockContent[SessionContent]]) -> list[SessionContent]:
    return [row for block in neighbours for row in block["sessions"]]


def session_facts(row: Card) -> list[event_facts.Fact]:
    """Return (label, lines) of a card; pairs without lines are for the template to leave out."""
    houses = dict.fromkeys(f"{room['within']} {room['venue']}".strip() for room in row["rooms"])
    return [
        (_("시간"), [wording.span(row["starts_at"], row["ends_at"]), row["was"]["hours"]]),
        (_("장소"), [wording.rooms(row["rooms"]), *map(wording.korean, houses), row["was"]["place"]]),
        (_("주관"), [wording.words(row["host"], "name")] if row["host"] else []),
        (_("사회"), [wording.person(row["moderator"])]),
        (_("진행"), [wording.korean(row["conduct"])]),
        (_("발표"), [wording.korean(row["performers"])]),
        (_("참여"), [wording.korean(row["participants"])]),
    ]


def proposals_with_state(row: SessionContent) -> list[ProposalCard]:
    """Return the released proposals of a session, each with ``came``: what became of it, in words."""
    states = app_registry.codes("programme", "state")
    return [{**found, "came": str(states.get(found["state"], ""))} for found in row.get("proposals", [])]
