"""The plain values of a schedule → a file of our own exchange (docs/conference.schema.json), and the notes beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext as _

from conference.exchange import Problem, Refused
from conference.exchange.reading import PROBLEMS_MAX
from conference.exchange.row_lists import FORMAT
from conference.models import Conference, Room, Topic
from korean.dates import clock, full_day, hours, short_day
from rows.canonical_json import moment
from rows.whole_numbers import whole_number
from sessions.models import Session
from sessions.schedule import texts, times
from sessions.schedule.event_converter import EventConverter, EventPlace, room_name, slug
from sessions.schedule.notes import Notes
from sessions.schedule.parsed_node import ParsedNode, as_text

Value = dict[str, Any]
SLUG_MAX = 50
NAMES_SHOWN = 30
CAPACITY_MAX = 999_999  # people
# words in a room's name → its kind; every other room is a meeting room
ROOM_KINDS = {
    Room.Kind.HALL: ("강당", "홀", "hall", "saal", "auditorium", "theatre", "theater", "stage"),
    Room.Kind.LOBBY: ("로비", "lobby", "foyer"),
    Room.Kind.NUMBERED: ("호",),
}


@dataclass
class ImportResult:
    """A schedule as it would be here."""

    file: Value  # of our exchange
    notes: Notes
    places: dict[str, str]  # JSON pointer into ``file`` → place in the schedule
    days: list[Value]  # {"label", "starts_at", "ends_at", "count"}
    slug: str  # what it calls itself, as an address

    @property
    def facts(self) -> list[tuple[str, str | list[str]]]:
        """What comes over, counted and named."""
        event, houses = self.file["conference"], self.file["venues"]
        rooms = [room["name"] for house in houses for room in house["rooms"]]
        kinds = Counter(str(Session.Kind(session["kind"]).label) for session in self.file["sessions"])
        days = [
            f"{day['label']} {short_day(day['starts_at'])} {hours(day['starts_at'], day['ends_at'])}, "
            + _count_text(day["count"], _("건"))
            for day in self.days
        ]
        return [
            (_("행사명"), event["title"]),
            (
                _("기간"),
                f"{full_day(event['starts_at'])} {clock(event['starts_at'])} ~ {full_day(event['ends_at'])} {clock(event['ends_at'])}",
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
    """Return the conference that the schedule becomes. Raises Refused with every problem that can be seen in it."""
    notes, problems = Notes(), []
    zone, acronym = times.time_zone(source.text("time_zone_name"), notes), source.text("acronym")
    book = EventConverter(notes, problems, zone, slug(acronym, SLUG_MAX))
    rooms = {}
    for listed in source.pop("rooms"):
        _convert_room(listed, rooms, notes)
    for track in source.pop("tracks"):
        _convert_track(track, book)
    days = _convert_days(source.pop("days"), book, rooms)
    notes.rest("file", source.pop("file"))
    place = source.place
    conference = _convert_conference(source, acronym, book)
    if problems:
        raise Refused(problems[:PROBLEMS_MAX])
    _mark_shared_rooms(book)
    _report_namesakes(book)
    file = {
        "format": FORMAT,
        "conference": conference,
        "topics": [{"name": name} for name in book.topics],
        "venues": [{"name": _("행사장"), "rooms": list(rooms.values())}] if rooms else [],
        "persons": [{"name": name} for name in book.people],
        "parts": [{name: day[name] for name in ("label", "starts_at", "ends_at")} for day in days[1:] and days],
        "sessions": [_exchange_session(session, has_parts=len(days) > 1) for session in book.sessions],
    }
    if rooms:
        notes.add("room.venue", file["venues"][0]["name"])
    places = {f"/sessions/{index}": found for index, found in enumerate(book.places)} | {"/conference": place}
    return ImportResult(file, notes, places, days, slug(acronym or conference["title"], SLUG_MAX))


def _count_text(count: int, unit: str) -> str:
    return f"{count:,}{unit}"


def _count_and_names(names: list[str], unit: str) -> list[str]:
    """How many, and the first names."""
    if not names:
        return [_("없음")]
    more = (
        _(" 외 %(count)s") % {"count": _count_text(len(names) - NAMES_SHOWN, unit)} if len(names) > NAMES_SHOWN else ""
    )
    return [_count_text(len(names), unit), ", ".join(names[:NAMES_SHOWN]) + more]


def _convert_days(listed: Sequence[ParsedNode], book: EventConverter, rooms: dict[str, Value]) -> list[Value]:
    """Take the events of every day; return the days that have any."""
    days: list[Value] = []
    for day in listed:
        begins, on = day.get("day_start"), times.parse_day(as_text(day.get("date")))
        begins = times.parse_moment(as_text(begins).strip(), book.zone, Notes()) if begins else None
        label, before = _("%(number)d일차") % {"number": len(days) + 1}, len(book.sessions)
        for listed_room in day.pop("rooms"):
            name = _convert_room(listed_room, rooms, book.notes)
            for event in listed_room["events"]:
                book.add(event, EventPlace(on or (begins and begins.date()), begins, label, name))
        said = day.text("date")
        book.notes.rest("day", day)
        if spans := book.spans[before:]:
            starts_at, ends_at = min(start for start, _end in spans), max(end for _start, end in spans)
            times_ = {"starts_at": moment(starts_at), "ends_at": moment(ends_at)}
            days.append({"label": label, "count": len(spans), **times_})
        else:
            book.notes.add("day.empty", said or day.place)
    return days


def _convert_room(listed: ParsedNode, rooms: dict[str, Value], notes: Notes) -> str:
    """Note a room, or what another list says of it; return its name, "" for what stands in no room."""
    name = texts.line(room_name(listed.text("name")), Room._meta.get_field("name").max_length, notes)
    capacity = listed.pop("capacity", None)
    room = rooms.setdefault(name, {}) if name else {}
    if name and not room:
        kind = next((kind for kind, words in ROOM_KINDS.items() if any(word in name.lower() for word in words)), None)
        kind = kind or Room.Kind.MEETING
        room |= {"name": name, "kind": kind.value}
        notes.add("room.kind", f"{name} → {kind.label}")
    people = whole_number(as_text(capacity), most=CAPACITY_MAX)
    if name and people is not None:
        room["capacity"] = people
    elif capacity is not None:
        listed["capacity"] = capacity
    notes.rest("room", {key: value for key, value in listed.items() if key != "events"})
    return name


def _convert_track(track: ParsedNode, book: EventConverter) -> None:
    name = texts.line(track.text("name"), Topic._meta.get_field("name").max_length, book.notes)
    if name:
        book.topics.setdefault(name)
    book.notes.rest("track", track)


def _convert_conference(source: ParsedNode, acronym: str, book: EventConverter) -> Value:
    """What and when. A schedule that says the days alone begins with its first event and ends with its last."""
    title = source.pop("title", None)
    limit = Conference._meta.get_field("title").max_length
    name = texts.line(as_text(title), limit, book.notes)
    if not name and acronym:
        name = texts.line(acronym, limit, book.notes)
        book.notes.add("conference.name", name)
    if not name:
        book.problems.append(Problem(source.place, _("행사 이름이 없습니다.")))
    summary = texts.lines(as_text(source.pop("description", None)), book.notes)
    starts_at, ends_at = _event_times(source, book)
    book.notes.rest("conference", source)
    return {
        "slug": "",
        "title": name,
        "title_en": texts.line(as_text(title.get("en")), limit, book.notes) if isinstance(title, dict) else "",
        "summary": "\n".join(summary),
        "starts_at": moment(starts_at),
        "ends_at": moment(ends_at),
    }


def _event_times(source: ParsedNode, book: EventConverter) -> tuple[datetime | None, datetime | None]:
    said = [source.text(name) for name in ("start", "end")]
    first, last = (times.parse_moment(text, book.zone, book.notes) for text in said)
    if first and last and first < last:
        return first, last
    if book.spans:
        book.notes.add("conference.times", " ~ ".join(filter(None, said)) or _("(없음)"))
        return min(start for start, _end in book.spans), max(end for _start, end in book.spans)
    days = [times.parse_day(text) for text in said]
    if not all(days) or days[1] < days[0]:
        text = _("시작하는 날과 끝나는 날을 읽을 수 없습니다: %(said)s")
        book.problems.append(Problem(source.place, text % {"said": " ~ ".join(filter(None, said)) or _("(없음)")}))
        return None, None
    first = datetime.combine(days[0], time(), book.zone)
    return first, datetime.combine(days[1], time(), book.zone) + timedelta(days=1)


def _mark_shared_rooms(book: EventConverter) -> None:
    """Mark the sessions that use one room at one time: here that must be meant so."""
    held: dict[str, list[int]] = {}
    for index, session in enumerate(book.sessions):
        for room in session["rooms"]:
            held.setdefault(room, []).append(index)
    for room, uses in held.items():
        uses.sort(key=lambda index: book.spans[index])
        last = None
        for index, after in zip(uses, [*uses[1:], None], strict=True):
            starts_at, ends_at = book.spans[index]
            if (last and starts_at < last) or (after is not None and book.spans[after][0] < ends_at):
                book.sessions[index]["rooms"][room] = True
                at = f"{short_day(starts_at)} {hours(starts_at, ends_at)}"
                book.notes.add("event.overlap", f"{room}: {at} {book.sessions[index]['title']}")
            last = max(last or ends_at, ends_at)


def _report_namesakes(book: EventConverter) -> None:
    for name, numbers in book.people.items():
        if len(numbers) > 1:
            book.notes.add("person.namesakes", name)


def _exchange_session(session: Value, *, has_parts: bool) -> Value:
    """Give a session its rooms as our exchange has them; a single day is no part of its own."""
    rooms = session.pop("rooms").items()
    session["room_uses"] = [{"room": [_("행사장"), room], "is_deliberate": is_shared} for room, is_shared in rooms]
    if not has_parts:
        del session["part"]
    return {name: value for name, value in session.items() if value}
