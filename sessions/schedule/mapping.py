"""Converts a parsed schedule to an exchange file (docs/conference.schema.json) and notes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, TypedDict

from django.utils.translation import gettext as _

from conference.exchange import FileProblem, FileRefused
from conference.exchange.reading import PROBLEMS_MAX
from conference.exchange.row_lists import FORMAT
from conference.models import Conference, Room, Topic
from korean.dates import format_clock, format_full_day, format_hours, format_short_day
from rows.canonical_json import iso_moment
from rows.fields import max_length
from rows.whole_numbers import parse_whole_number
from sessions.models import Session
from sessions.schedule import texts, times
from sessions.schedule.event_converter import EventConverter, EventPlace, room_name, slug
from sessions.schedule.notes import Notes
from sessions.schedule.parsed_node import ParsedNode, as_text

SLUG_MAX = 50
NAMES_SHOWN = 30
CAPACITY_MAX = 999_999  # people
# words in a room's name → its kind; every other room is a meeting room
ROOM_KINDS = {
    Room.Kind.HALL: ("강당", "홀", "hall", "saal", "auditorium", "theatre", "theater", "stage"),
    Room.Kind.LOBBY: ("로비", "lobby", "foyer"),
    Room.Kind.NUMBERED: ("호",),
}


class ImportedDay(TypedDict):
    """A day of the schedule on which something begins."""

    label: str
    count: int  # sessions
    starts_at: str
    ends_at: str


@dataclass
class ImportResult:
    """A schedule converted to an exchange file, and what was noted."""

    file: dict[str, Any]  # an exchange file
    notes: Notes
    places: dict[str, str]  # JSON pointer into ``file`` → place in the schedule
    days: list[ImportedDay]
    slug: str  # its acronym or title as an address

    @property
    def facts(self) -> list[tuple[str, str | list[str]]]:
        """What is imported: (label, text or lines), with numbers and names."""
        event, venues = self.file["conference"], self.file["venues"]
        rooms = [room["name"] for venue in venues for room in venue["rooms"]]
        kinds = Counter(str(Session.Kind(session["kind"]).label) for session in self.file["sessions"])
        days = [
            f"{day['label']} {format_short_day(day['starts_at'])} {format_hours(day['starts_at'], day['ends_at'])}, "
            + _count_text(day["count"], _("건"))
            for day in self.days
        ]
        return [
            (_("행사명"), event["title"]),
            (
                _("기간"),
                f"{format_full_day(event['starts_at'])} {format_clock(event['starts_at'])} ~ {format_full_day(event['ends_at'])} {format_clock(event['ends_at'])}",
            ),
            (_("날"), days),
            (
                _("세션"),
                [
                    _count_text(len(self.file["sessions"]), _("건")),
                    ", ".join(f"{kind} {count:,}" for kind, count in kinds.items()),
                ],
            ),
            (_("장소"), _count_and_names(rooms, _("곳"))),
            (_("분야"), _count_and_names([topic["name"] for topic in self.file["topics"]], _("개"))),
            (_("인물"), _count_and_names([person["name"] for person in self.file["persons"]], _("명"))),
        ]


def convert_schedule(source: ParsedNode) -> ImportResult:
    """Convert the schedule. Raises FileRefused with all problems found."""
    notes, problems = Notes(), list[FileProblem]()
    zone, acronym = times.time_zone(source.text("time_zone_name"), notes), source.text("acronym")
    converter = EventConverter(notes, problems, zone, slug(acronym, SLUG_MAX))
    rooms: dict[str, dict[str, Any]] = {}
    for room in source.pop("rooms"):
        _convert_room(room, rooms, notes)
    for track in source.pop("tracks"):
        _convert_track(track, converter)
    days = _convert_days(source.pop("days"), converter, rooms)
    notes.report_unused("file", source.pop("file"))
    place = source.place
    conference = _convert_conference(source, acronym, converter)
    if problems:
        raise FileRefused(problems[:PROBLEMS_MAX])
    _mark_shared_rooms(converter)
    _report_namesakes(converter)
    file: dict[str, Any] = {
        "format": FORMAT,
        "conference": conference,
        "topics": [{"name": name} for name in converter.topics],
        "venues": [{"name": _("행사장"), "rooms": list(rooms.values())}] if rooms else [],
        "persons": [{"name": name} for name in converter.people],
        "parts": [{name: day[name] for name in ("label", "starts_at", "ends_at")} for day in days[1:] and days],
        "sessions": [_exchange_session(session, has_parts=len(days) > 1) for session in converter.sessions],
    }
    if rooms:
        notes.add("room.venue", file["venues"][0]["name"])
    places = {f"/sessions/{index}": name for index, name in enumerate(converter.places)} | {"/conference": place}
    return ImportResult(file, notes, places, days, slug(acronym or conference["title"], SLUG_MAX))


def _count_text(count: int, unit: str) -> str:
    return f"{count:,}{unit}"


def _count_and_names(names: list[str], unit: str) -> list[str]:
    """Return the number of names, and the first of them."""
    if not names:
        return [_("없음")]
    more = (
        _(" 외 %(count)s") % {"count": _count_text(len(names) - NAMES_SHOWN, unit)} if len(names) > NAMES_SHOWN else ""
    )
    return [_count_text(len(names), unit), ", ".join(names[:NAMES_SHOWN]) + more]


def _convert_days(
    nodes: Sequence[ParsedNode], converter: EventConverter, rooms: dict[str, dict[str, Any]]
) -> list[ImportedDay]:
    """Convert the events of every day; return the days that have events."""
    days: list[ImportedDay] = []
    for day in nodes:
        begins, on = day.get("day_start"), times.parse_day(as_text(day.get("date")))
        begins = times.parse_moment(as_text(begins).strip(), converter.zone, Notes()) if begins else None
        label, before = _("%(number)d일차") % {"number": len(days) + 1}, len(converter.sessions)
        for room in day.pop("rooms"):
            name = _convert_room(room, rooms, converter.notes)
            for event in room["events"]:
                converter.add(event, EventPlace(on or (begins and begins.date()), begins, label, name))
        date_text = day.text("date")
        converter.notes.report_unused("day", day)
        if spans := converter.spans[before:]:
            starts_at, ends_at = min(start for start, _end in spans), max(end for _start, end in spans)
            begin, end = iso_moment(starts_at), iso_moment(ends_at)
            days.append({"label": label, "count": len(spans), "starts_at": begin, "ends_at": end})
        else:
            converter.notes.add("day.empty", date_text or day.place)
    return days


def _convert_room(node: ParsedNode, rooms: dict[str, dict[str, Any]], notes: Notes) -> str:
    """Add a room, or what this node adds to it; return its name, "" if the event has no room."""
    name = texts.line(room_name(node.text("name")), max_length(Room, "name"), notes)
    capacity = node.pop("capacity", None)
    room = rooms.setdefault(name, {}) if name else {}
    if name and not room:
        kind = next((kind for kind, words in ROOM_KINDS.items() if any(word in name.lower() for word in words)), None)
        kind = kind or Room.Kind.MEETING
        room |= {"name": name, "kind": kind.value}
        notes.add("room.kind", f"{name} → {kind.label}")
    people = parse_whole_number(as_text(capacity), maximum=CAPACITY_MAX)
    if name and people is not None:
        room["capacity"] = people
    elif capacity is not None:
        node["capacity"] = capacity
    notes.report_unused("room", {key: value for key, value in node.items() if key != "events"})
    return name


def _convert_track(track: ParsedNode, converter: EventConverter) -> None:
    if name := texts.line(track.text("name"), max_length(Topic, "name"), converter.notes):
        converter.topics.setdefault(name)
    converter.notes.report_unused("track", track)


def _convert_conference(source: ParsedNode, acronym: str, converter: EventConverter) -> dict[str, Any]:
    """Return the conference. If the schedule has only its days, it begins with the first event and ends with the last."""
    title = source.pop("title", None)
    limit = max_length(Conference, "title")
    name = texts.line(as_text(title), limit, converter.notes)
    if not name and acronym:
        name = texts.line(acronym, limit, converter.notes)
        converter.notes.add("conference.name", name)
    if not name:
        converter.problems.append(FileProblem(source.place, _("행사 이름이 없습니다.")))
    summary = texts.lines(as_text(source.pop("description", None)), converter.notes)
    starts_at, ends_at = _event_times(source, converter)
    converter.notes.report_unused("conference", source)
    return {
        "slug": "",
        "title": name,
        "title_en": texts.line(as_text(title.get("en")), limit, converter.notes) if isinstance(title, dict) else "",
        "summary": "\n".join(summary),
        "starts_at": iso_moment(starts_at),
        "ends_at": iso_moment(ends_at),
    }


def _event_times(source: ParsedNode, converter: EventConverter) -> tuple[datetime | None, datetime | None]:
    date_texts = [source.text(name) for name in ("start", "end")]
    first, last = (times.parse_moment(text, converter.zone, converter.notes) for text in date_texts)
    if first and last and first < last:
        return first, last
    if converter.spans:
        converter.notes.add("conference.times", " ~ ".join(filter(None, date_texts)) or _("(없음)"))
        return min(start for start, _end in converter.spans), max(end for _start, end in converter.spans)
    first_day, last_day = (times.parse_day(text) for text in date_texts)
    if first_day is None or last_day is None or last_day < first_day:
        text = _("시작하는 날과 끝나는 날을 읽을 수 없습니다: %(said)s")
        converter.problems.append(
            FileProblem(source.place, text % {"said": " ~ ".join(filter(None, date_texts)) or _("(없음)")})
        )
        return None, None
    first = datetime.combine(first_day, time(), converter.zone)
    return first, datetime.combine(last_day, time(), converter.zone) + timedelta(days=1)


def _mark_shared_rooms(converter: EventConverter) -> None:
    """Mark sessions that share a room at one time as deliberate, because an exchange file must say so."""
    by_room: dict[str, list[int]] = {}
    for index, session in enumerate(converter.sessions):
        for room in session["rooms"]:
            by_room.setdefault(room, []).append(index)
    for room, uses in by_room.items():
        uses.sort(key=lambda index: converter.spans[index])
        last = None
        for index, after in zip(uses, [*uses[1:], None], strict=True):
            starts_at, ends_at = converter.spans[index]
            if (last and starts_at < last) or (after is not None and converter.spans[after][0] < ends_at):
                converter.sessions[index]["rooms"][room] = True
                at = f"{format_short_day(starts_at)} {format_hours(starts_at, ends_at)}"
                converter.notes.add("event.overlap", f"{room}: {at} {converter.sessions[index]['title']}")
            last = max(last or ends_at, ends_at)


def _report_namesakes(converter: EventConverter) -> None:
    for name, numbers in converter.people.items():
        if len(numbers) > 1:
            converter.notes.add("person.namesakes", name)


def _exchange_session(session: dict[str, Any], *, has_parts: bool) -> dict[str, Any]:
    """Return a session as the exchange file has it: with room uses, and with a part if there are several days."""
    rooms = session.pop("rooms").items()
    session["room_uses"] = [{"room": [_("행사장"), room], "is_deliberate": is_shared} for room, is_shared in rooms]
    if not has_parts:
        del session["part"]
    return {name: value for name, value in session.items() if value}
