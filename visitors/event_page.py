"""The values of the overview of a release: the phase of the event at a moment, what is on, where to go."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from typing import NotRequired, TypedDict
from urllib.parse import urlsplit

from django.template.loader import render_to_string
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from conference.content import EventContent, PhotoContent, RoomContent, event
from conference.models import Conference, HostRole
from korean.dates import SEOUL, to_seoul
from publishing import wording
from publishing.event_facts import Fact, VenueFacts, room_text_for, used_venues
from publishing.releases import LiveRelease
from sessions.content import PartContent, PresentationContent, SessionContent, blocks, sessions
from sessions.programme_cards import ProposalCard, has_page, proposals_with_state, sessions_with_parts

SESSIONS_MAX = 4  # sessions listed as under way or next; the page gives the number of the others


class Phase(StrEnum):
    """Whether an event is to come, under way or over; the value is the kind of its badge."""

    BEFORE = "waiting"
    ON = "info"
    AFTER = ""


class EventPhase(TypedDict):
    """The phase of an event, in words and as the kind of a badge."""

    label: str
    kind: Phase
    is_over: NotRequired[bool]


class PlacedSession(SessionContent):
    """A session with its place in words, and whether it has a page."""

    place: str
    has_page: bool


class MaterialTalk(PresentationContent):
    session: PlacedSession


class PartCard(PartContent):
    """A part as the overview lists it; ``ends_at`` is that of its last session."""

    place: str
    is_now: bool
    day: str  # in words; "" if the event lasts one day
    date: date | str  # for the address, likewise


class ProposingSession(TypedDict):
    """A session with the proposals that everybody may read."""

    code: str
    title: str
    title_en: str
    proposals: list[ProposalCard]


def event_phase(event: EventContent, at: datetime) -> EventPhase:
    """Return the phase of the event at that time: days to go, today, under way or over."""
    starts_at, ends_at = _parse_time(event["starts_at"]), _parse_time(event["ends_at"])
    if at >= ends_at:
        return {"label": _("행사가 끝났습니다"), "kind": Phase.AFTER, "is_over": True}
    if at >= starts_at:
        return {"label": _("지금 열리고 있습니다"), "kind": Phase.ON}
    days = (starts_at.astimezone(SEOUL).date() - at.astimezone(SEOUL).date()).days
    return (
        {"label": _("D-%(days)d") % {"days": days}, "kind": Phase.BEFORE}
        if days
        else {"label": _("오늘 열립니다"), "kind": Phase.ON}
    )


def event_boundaries(events: list[EventContent]) -> list[datetime]:
    """Every start and end of the events, in order."""
    return sorted(_parse_time(at) for event in events for at in (event["starts_at"], event["ends_at"]))


def now_and_next(current: LiveRelease, at: datetime) -> dict[str, object]:
    """Return the sessions under way (``now``) and those that begin next (``next``); {} before and after the event.

    At most SESSIONS_MAX of each, as a phone shows no more at once. ``more_now`` and ``more_next``: how many others there
    are. ``each_now`` and ``each_next``: whether the hours of the listed sessions differ.
    """
    if event_phase(event(current.sections), at)["kind"] != Phase.ON:
        return {}
    announced = [session for session in _sessions(current) if not session.get("is_cancelled")]
    now = [
        session for session in announced if _parse_time(session["starts_at"]) <= at < _parse_time(session["ends_at"])
    ]
    to_come = [session for session in announced if _parse_time(session["starts_at"]) > at]
    first = min((session["starts_at"] for session in to_come), default="")
    then = [session for session in to_come if session["starts_at"] == first]
    return {
        "now": now[:SESSIONS_MAX],
        "next": then[:SESSIONS_MAX],
        "more_now": max(len(now) - SESSIONS_MAX, 0),
        "more_next": max(len(then) - SESSIONS_MAX, 0),
        "each_now": _have_different_hours(now[:SESSIONS_MAX]),
        "each_next": _have_different_hours(then[:SESSIONS_MAX]),
    }


def _have_different_hours(sessions: list[PlacedSession]) -> bool:
    """Whether not all of them have the same hours."""
    return len({(session["starts_at"], session["ends_at"]) for session in sessions}) > 1


def programme_parts(current: LiveRelease, at: datetime) -> list[PartCard]:
    """Return the parts in printed order; they have ``day`` and ``date`` only if the event lasts longer than one day."""
    about = event(current.sections)
    first, last = to_seoul(about["starts_at"]).date(), to_seoul(about["ends_at"]).date()
    return [
        _part(current, part, block["sessions"], at, first, has_days=first != last)
        for block in blocks(current.sections)
        if (part := block["part"])
    ]


def essentials(current: LiveRelease) -> list[Fact]:
    """Return (label, lines) of what a visitor needs to come: times, the way, admission, telephone."""
    about = event(current.sections)
    return [
        (_("일시"), [wording.span(about["starts_at"], about["ends_at"])]),
        *(pair for venue in current.cached(used_venues) for pair in _venue_facts(venue)),
        (_("참가 방법"), [wording.label(Conference.Admission, about["admission"])]),
        (_("전화"), [wording.phone(about["contact_phone"])]),
    ]


def facts(current: LiveRelease) -> list[Fact]:
    """Return (label, lines) of the other facts of the event, without those that are not known."""
    about = event(current.sections)
    every_fact: list[Fact] = [
        (_("참석대상"), [wording.korean(about["audience"])]),
        (_("주요 참석인사"), [wording.persons(about["guests"])]),
        *_hosts(about),
        (_("담당부서"), [wording.korean(about["contact_department"])]),
    ]
    return [(label, lines) for label, lines in every_fact if any(lines)]


def materials(current: LiveRelease) -> list[MaterialTalk]:
    """Return the presentations with files that everybody may have, each with its ``session``."""
    talks = ((talk, row) for row in _sessions(current) for talk in row["presentations"])
    return [{**talk, "session": row} for talk, row in talks if talk["materials"]]


def proposals(current: LiveRelease) -> list[ProposingSession]:
    """Return the sessions with proposals that everybody may read."""
    return [
        {
            "code": row["code"],
            "title": row["title"],
            "title_en": row["title_en"],
            "proposals": proposals_with_state(row),
        }
        for row in sessions(current.sections)
        if row.get("proposals")
    ]


def photos(current: LiveRelease) -> list[PhotoContent]:
    """Return the pictures of the sessions, each once."""
    return list({photo["digest"]: photo for row in _sessions(current) for photo in row["photos"]}.values())


def _venue_facts(venue: VenueFacts) -> Iterator[Fact]:
    name = f"{venue['name']} ({venue['floors']})" if venue["floors"] else venue["name"]
    name = f"{venue['within']} {name}" if venue["within"] else name
    yield _("장소"), [wording.korean(line) for line in (name, venue["address"]) if line]
    yield _("오시는 길"), [*_text_lines(venue["transit"]), *_map_link(venue["map_url"])]
    yield _("주차"), _text_lines(venue["parking"])
    yield _("편의시설"), _text_lines(venue["access_note"])


def _text_lines(text: str) -> list[SafeString]:
    return [wording.korean(line) for line in text.splitlines() if line.strip()]


def _map_link(url: str) -> list[SafeString]:
    if urlsplit(url).scheme not in {"http", "https"}:
        return []
    return [render_to_string("visitors/_map_link.html", {"url": url})]


def _hosts(event: EventContent) -> list[Fact]:
    roles: dict[str, list[SafeString]] = {}
    for host in event["hosts"]:
        roles.setdefault(host["role"], []).append(wording.korean(host["name"]))
    return [
        (wording.label(HostRole.Role, role), [format_html_join(", ", "{}", ([name] for name in roles[role]))])
        for role in HostRole.Role.values
        if role in roles
    ]


def _part(
    current: LiveRelease,
    part: PartContent,
    sessions: list[SessionContent],
    at: datetime,
    first: date,
    *,
    has_days: bool,
) -> PartCard:
    rooms = part["places"] or _in_order(current, [room for session in sessions for room in session["rooms"]])
    last = max((session["ends_at"] for session in sessions), default=None)
    if any("was" in session for session in sessions):  # changed on the day: a part is as long as its sessions
        part = {**part, "starts_at": min(session["starts_at"] for session in sessions), "ends_at": last}
    ends_at = part["ends_at"] or last
    begins = to_seoul(part["starts_at"]).date() if part["starts_at"] else first
    day = wording.short_day(begins) if has_days and part["starts_at"] else ""
    is_now = bool(part["starts_at"] and ends_at and _parse_time(part["starts_at"]) <= at < _parse_time(ends_at))
    return {
        **part,
        "ends_at": ends_at,
        "place": wording.rooms(rooms, room_text_for(current)),
        "is_now": is_now,
        "day": day,
        "date": begins if has_days else "",
    }


def _in_order(current: LiveRelease, rooms: list[RoomContent]) -> list[RoomContent]:
    """Return the rooms in the order in which the venues list them."""
    keys = [(venue["name"], room["name"]) for venue in event(current.sections)["venues"] for room in venue["rooms"]]
    places = {key: at for at, key in enumerate(keys)}
    return sorted(rooms, key=lambda room: places.get((room["venue"], room["name"]), len(places)))


def _sessions(current: LiveRelease) -> Iterator[PlacedSession]:
    for part, session in sessions_with_parts(current):
        rooms = session["rooms"] or [room for room in [session["destination"]] if room]
        place = wording.rooms(rooms or (part["places"] if part else []), room_text_for(current))
        yield {**session, "place": place, "has_page": has_page(session)}


def _parse_time(text: str) -> datetime:
    return datetime.fromisoformat(text)
