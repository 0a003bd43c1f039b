"""A released programme in reading order: groups of a day (parts, and sessions between them), their slots, their cards.

Pure functions of a release and a moment. A slot holds the sessions that begin at one time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import NotRequired, TypedDict

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from conference.content import DistrictContent, RoomContent, RoomNameInVenue, event
from publishing import event_facts, wording
from publishing.releases import LiveRelease
from rows import app_registry
from sessions import programme_search
from sessions.content import (
    BlockContent,
    PartContent,
    ProposalContent,
    SessionBaseContent,
    SessionContent,
    TalkContent,
    blocks,
    parts,
    sessions,
)

BREAK_KINDS = ("move", "break")  # kinds of session that have no page of their own
MAX_OPEN = 6  # parallel sessions shown at once; if there are more, all are folded


class ProposalCard(ProposalContent):
    state_label: str


class TalkCard(TalkContent):
    district: DistrictContent | None


class StruckWords(TypedDict):
    """What was announced first, struck through, as HTML; "" if it did not change."""

    hours: str
    place: str


class PartOfCard(TypedDict):
    label: str
    places: list[RoomContent]


class Card(SessionBaseContent):
    """A released session with what pages show beside it, in the language of the page."""

    is_cancelled: NotRequired[bool]
    has_page: bool
    own_rooms: list[RoomContent]
    place: str
    topic: event_facts.TopicFacts | None
    tone: str  # class of the colour of its topic; "" without a topic
    topic_chip: event_facts.TopicFacts | None  # the topic, unless the title is its name
    host: DistrictContent | None
    hosted_by: str
    presentations: list[TalkCard]
    talk_count: int  # 0 for a single one, whose presenter is named in full
    presenter_names: list[str]  # that may be shown
    within: PartOfCard
    proposals: list[ProposalCard]
    badges: list[tuple[str, str]]  # from ``change_badges``
    was: StruckWords
    search: programme_search.SearchEntry


class ShownCard(Card):
    """A card at a moment, and whether the search matches it."""

    is_now: bool
    is_filtered_out: bool


class TimeSlot(TypedDict):
    """The sessions that begin at one time."""

    starts_at: str
    ends_at: str
    is_now: bool
    is_break: bool  # no session in it has a page
    is_filtered_out: bool
    is_crowded: bool  # folded unless it is running
    cards: list[ShownCard]


class CardGroup(TypedDict):
    """A part on one day, or consecutive sessions outside every part."""

    part: PartContent | None
    id: str
    place: str  # the rooms of the part
    slots: list[TimeSlot]
    is_filtered_out: bool


def sessions_with_parts(current: LiveRelease) -> Iterator[tuple[PartContent | None, SessionContent]]:
    """Yield (part or None, session) in printed order."""
    for block in blocks(current.sections):
        for row in block["sessions"]:
            yield block["part"], row


def session_days(current: LiveRelease) -> list[date]:
    """Return the days on which a part or session begins, in order."""
    timed = [*parts(current.sections), *sessions(current.sections)]
    return [date.fromisoformat(day) for day in sorted({row["starts_at"][:10] for row in timed if row["starts_at"]})]


def current_day(current: LiveRelease, at: datetime) -> date | None:
    """Return the day on which the session running at ``at`` began; the latest such day if several run."""
    running = [row["starts_at"][:10] for _part, row in sessions_with_parts(current) if _is_running(row, at)]
    return date.fromisoformat(max(running)) if running else None


def groups(
    current: LiveRelease, at: datetime, day: date | None, *, matches: Callable[[SessionContent], bool] | None = None
) -> Iterator[CardGroup]:
    """Yield the groups of a day in printed order.

    Each part of the day is a group, and so are consecutive sessions outside every part. A part without times and sessions
    belongs to the first day. ``matches``, if given, is called for each session: a card that it rejects, and a slot or group
    with only such cards, is marked ``is_filtered_out``.
    """
    number, day_text, language, room_text = 0, str(day), get_language(), event_facts.room_text_for(current)
    first = current.cached(session_days)[:1]
    for is_part, run in groupby(blocks(current.sections), key=lambda block: block["part"] is not None):
        for part, of_part in [(b["part"], b["sessions"]) for b in run] if is_part else [(None, _sessions_of(run))]:
            number += is_part
            of_day = sorted((row for row in of_part if row["starts_at"][:10] == day_text), key=itemgetter("starts_at"))
            its_day = [date.fromisoformat(part["starts_at"][:10])] if part and part["starts_at"] else first
            if of_day or (not of_part and its_day in ([], [day])):
                cards: list[ShownCard] = [
                    {
                        **current.cached(session_card, row["code"], language),
                        "is_filtered_out": bool(matches and not matches(row)),
                        "is_now": _is_running(row, at),
                    }
                    for row in of_day
                ]
                slots = list(_slots(cards))
                is_filtered_out = all(slot["is_filtered_out"] for slot in slots) if slots else bool(matches)
                yield {
                    "part": part,
                    "id": f"part-{number}",
                    "place": wording.rooms(part["places"], room_text) if part else "",
                    "slots": slots,
                    "is_filtered_out": is_filtered_out,
                }


def session_with_neighbours(
    current: LiveRelease, code: str
) -> tuple[SessionContent | None, Card | None, SessionContent | None]:
    """Return (previous, this, next) by time. The neighbours are sessions with a page; what is missing is None."""
    neighbours = current.cached(_neighbours)
    if code not in neighbours:
        return None, None, None
    before, after = neighbours[code]
    return before, current.cached(session_card, code, get_language()), after


def _neighbours(current: LiveRelease) -> dict[str, tuple[SessionContent | None, SessionContent | None]]:
    """Return (previous, next) by the code of every session that has a page."""
    with_page = (row for _part, row in sessions_with_parts(current) if has_page(row))
    padded = [None, *sorted(with_page, key=itemgetter("starts_at")), None]
    return {row["code"]: (padded[i - 1], padded[i + 1]) for i, row in enumerate(padded) if row}


def has_page(row: SessionBaseContent) -> bool:
    """Whether the session has a page of its own; moves and breaks have none."""
    return row["kind"] not in BREAK_KINDS


def session_card(current: LiveRelease, code: str, _language: str) -> Card:
    """Return a released session with its place, topic, host and badges in the language of the page."""
    districts, (part, row) = current.cached(_districts), current.cached(_sessions_by_code)[code]
    within: PartOfCard = part or {"places": [], "label": ""}
    host = districts.get(row["host"])
    destination, room_text = [row["destination"]] if row["destination"] else [], event_facts.room_text_for(current)
    topic, talks = current.cached(_topics).get(row["topic"]), row["presentations"]
    return {
        **row,
        "has_page": has_page(row),
        "own_rooms": row["rooms"],
        "rooms": row["rooms"] or destination or within["places"],
        "place": wording.rooms(row["rooms"] or destination, room_text),  # the head of a part names the part's places
        "topic": topic,
        "tone": topic["tone"] if topic else "",
        "topic_chip": topic if topic and topic["name"] != row["title"] else None,
        "host": host,
        "hosted_by": format_html(_("{} 주관"), wording.words(host, "name")) if host else "",
        "presentations": [{**talk, "district": districts.get(talk["district"])} for talk in talks],
        "talk_count": len(talks) if len(talks) > 1 else 0,
        "presenter_names": [name for talk in talks if (name := talk["presenter"] and talk["presenter"]["name"])],
        "within": within,
        "proposals": proposals_with_state(row),
        "badges": list(change_badges(row)),
        "was": _first_announced(row, room_text),
        "search": current.cached(programme_search.search_index)[code],
    }


def change_badges(row: SessionContent) -> Iterator[tuple[str, str]]:
    """Yield (kind of badge, words) for each change made on the day."""
    was = row.get("was", {})
    if row.get("is_cancelled"):
        yield "error", _("취소")
    elif "starts_at" in was or "ends_at" in was:
        start_delay = _minutes_between(was.get("starts_at", row["starts_at"]), row["starts_at"])
        end_delay = _minutes_between(was.get("ends_at", row["ends_at"]), row["ends_at"])
        if start_delay == end_delay > 0:
            yield "warning", _("%(minutes)d분 지연") % {"minutes": start_delay}
        elif not start_delay and end_delay > 0:
            yield "warning", _("%(minutes)d분 연장") % {"minutes": end_delay}
        else:
            yield "warning", _("시간 변경")
    if "rooms" in was and not row.get("is_cancelled"):
        yield "warning", _("장소 변경")


def _first_announced(row: SessionContent, room_text: Callable[[RoomNameInVenue], str]) -> StruckWords:
    """Return times and place as first announced, struck through; "" if they did not change."""
    was = row.get("was", {})
    hours = ""
    if "starts_at" in was or "ends_at" in was:
        hours = wording.hours(was.get("starts_at", row["starts_at"]), was.get("ends_at", row["ends_at"]))
    return {"hours": _struck_through(hours), "place": _struck_through(wording.rooms(was.get("rooms") or [], room_text))}


def _struck_through(text: str) -> str:
    return render_to_string("sessions/_first_announced.html", {"text": text}) if text else ""


def _minutes_between(old: str, new: str) -> int:
    return int((datetime.fromisoformat(new) - datetime.fromisoformat(old)).total_seconds() // 60)


def _slots(cards: list[ShownCard]) -> Iterator[TimeSlot]:
    for starts_at, same_time in groupby(cards, key=itemgetter("starts_at")):
        together = list(same_time)
        yield {
            "starts_at": starts_at,
            "ends_at": max(row["ends_at"] for row in together),
            "is_now": any(row["is_now"] for row in together),
            "is_break": not any(row["has_page"] for row in together),
            "is_filtered_out": all(row["is_filtered_out"] for row in together),
            "is_crowded": len(together) > MAX_OPEN,
            "cards": together,
        }


def _is_running(row: SessionContent, at: datetime) -> bool:
    """Whether the session is running then."""
    is_in_time = datetime.fromisoformat(row["starts_at"]) <= at < datetime.fromisoformat(row["ends_at"])
    return is_in_time and not row.get("is_cancelled")


def _sessions_by_code(current: LiveRelease) -> dict[str, tuple[PartContent | None, SessionContent]]:
    return {row["code"]: (part, row) for part, row in sessions_with_parts(current)}


def _districts(current: LiveRelease) -> dict[str, DistrictContent]:
    return {row["name"]: row for row in event(current.sections)["districts"]}


def _topics(current: LiveRelease) -> dict[str, event_facts.TopicFacts]:
    return {row["name"]: row for row in event_facts.coloured_topics(current)}


def _sessions_of(group: Iterable[BlockContent[SessionContent]]) -> list[SessionContent]:
    return [row for block in group for row in block["sessions"]]


def session_facts(row: Card) -> list[event_facts.Fact]:
    """Return (label, lines) of a card; the template leaves out pairs without lines."""
    venues = dict.fromkeys(f"{room['within']} {room['venue']}".strip() for room in row["rooms"])
    return [
        (_("시간"), [wording.span(row["starts_at"], row["ends_at"]), row["was"]["hours"]]),
        (_("장소"), [wording.rooms(row["rooms"]), *map(wording.korean, venues), row["was"]["place"]]),
        (_("주관"), [wording.words(row["host"], "name")] if row["host"] else []),
        (_("사회"), [wording.person(row["moderator"])]),
        (_("진행"), [wording.korean(row["conduct"])]),
        (_("발표"), [wording.korean(row["performers"])]),
        (_("참여"), [wording.korean(row["participants"])]),
    ]


def proposals_with_state(row: SessionContent) -> list[ProposalCard]:
    """Return the released proposals of a session, each with ``state_label``, the name of its state."""
    rows = row.get("proposals", [])
    states = app_registry.code_labels("programme", "state") if rows else {}
    return [{**proposal, "state_label": str(states.get(proposal["state"], ""))} for proposal in rows]
