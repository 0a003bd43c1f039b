"""Converts events of a schedule to sessions of an exchange file."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from conference.exchange import FileProblem
from conference.exchange.values import shorten
from conference.models import Person, Topic
from rows.canonical_json import iso_moment
from rows.fields import max_length
from sessions.models import Session
from sessions.schedule import texts, times
from sessions.schedule.notes import Notes
from sessions.schedule.parsed_node import ParsedNode, as_text

TimeRange = tuple[datetime, datetime]
Kind = Session.Kind
# kind → words that schedules use for it; every other word means a talk
KIND_WORDS = {
    Kind.TOPIC: "topic",
    Kind.TALK: "talk lecture presentation keynote speech 발표",
    Kind.CEREMONY: "ceremony opening closing 개회 폐회 개회식 폐회식",
    Kind.MOVE: "move",
    Kind.BREAK: "break pause lunch coffee 점심",
    Kind.EXHIBITION: "exhibition expo poster",
}
KINDS = {word: kind for kind, words in KIND_WORDS.items() for word in (*words.split(), str(kind.label))}
BREAK_KINDS = {Kind.MOVE, Kind.BREAK}
KOREAN, ENGLISH = "ko", "en"
HANGUL = re.compile("[가-힣]")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
LIST_MARK = re.compile(r"^[-*•·◦]\s+")  # mark before an item of a list; our pages draw their own


@dataclass(frozen=True)
class EventPlace:
    """Place of an event: its day in the file, when that day begins, its part and its room here."""

    day: date | None
    begins: datetime | None
    part: str
    room: str


@dataclass
class EventConverter:
    """Collects the sessions to which events have been converted."""

    notes: Notes
    problems: list[FileProblem]
    zone: tzinfo
    acronym: str
    sessions: list[dict[str, Any]] = field(
        default_factory=list
    )  # of an exchange file, but ``rooms`` is name → is_deliberate
    spans: list[TimeRange] = field(default_factory=list)  # one for each session
    places: list[str] = field(default_factory=list)  # one for each session: its place in the file
    people: dict[str, set[str]] = field(default_factory=dict)  # name → its identifiers in the file
    topics: dict[str, None] = field(default_factory=dict)
    codes: set[str] = field(default_factory=set)
    known: dict[Any, int] = field(default_factory=dict)  # what events of one session share → its index

    def add(self, event: ParsedNode, place: EventPlace) -> None:
        """Convert an event. Events with the same time and content in several rooms are one session in all of them."""
        title, title_en = self._titles(event)
        span = self._span(event, place, title)
        people, language = self._people(event), event.text("language")
        points, english = self._points(event, title, people)
        topic, kind = self._topic(event), self._kind(event, is_spoken=bool(points or people))
        if room_name(event.text("room")) not in {"", place.room}:
            self.notes.add("event.room", f"{title} → {place.room}")
        known = self.known.setdefault((title, span, kind, topic, *people, *points), len(self.sessions))
        if span and known < len(self.sessions) and place.room and place.room not in self.sessions[known]["rooms"]:
            self.sessions[known]["rooms"][place.room] = False
            self.notes.add("event.rooms", f"{title}: {', '.join(self.sessions[known]['rooms'])}")
            event = ParsedNode(
                event.place, {key: event[key] for key in event if key not in {"code", "slug", "id", "guid"}}
            )
        elif span:
            self.sessions.append({"code": self._code(event), "part": place.part, "topic": topic, "kind": kind})
            self._language(language, points, kind)
            session = self.sessions[-1]
            session |= {
                "title": title,
                "title_en": title_en or english or (title if _language_code(language) == ENGLISH else ""),
            }
            session |= {"starts_at": iso_moment(span[0]), "ends_at": iso_moment(span[1])}
            session |= {
                "rooms": {place.room: False} if place.room else {},
                "presentations": _presentations(points, people),
            }
            self.spans.append(span)
            self.places.append(event.place)
        self._recording(event, title)
        self.notes.report_unused("event", event)

    def _titles(self, event: ParsedNode) -> tuple[str, str]:
        """Return the title as it is, or if it has several languages the Korean and the English one."""
        value = event.pop("title", None)
        limit = max_length(Session, "title")
        title = texts.line(as_text(value), limit, self.notes)
        if not title:
            self.problems.append(FileProblem(event.place, _("제목이 없습니다.")))
        if not isinstance(value, dict):
            return title, ""
        self.notes.report_unused(
            "event.title", {name: text for name, text in value.items() if name not in {KOREAN, ENGLISH}}
        )
        return title, texts.line(as_text(value.get(ENGLISH)), limit, self.notes)

    def _span(self, event: ParsedNode, place: EventPlace, title: str) -> TimeRange | None:
        """Return start and end; unreadable times are problems, an event without a length is noted."""
        starts_at = self._start(event, place, title)
        duration, end = event.text("duration"), event.text("end")
        length = times.parse_length(duration, self.notes) if duration else None
        ends_at = times.parse_moment(end, self.zone, self.notes) if end else None
        if length is None and ends_at is None:
            self._refuse(event, _("‘%(title)s’: 길이를 읽을 수 없습니다: %(said)s"), title, duration or end)
        if starts_at is None or (length is None and ends_at is None):
            return None
        if (
            (duration and length is None)
            or (end and ends_at is None)
            or (length and ends_at and starts_at + length != ends_at)
        ):
            self.notes.add(
                "event.end",
                _("‘%(title)s’: 길이 %(said)s, 끝 %(end)s") % {"title": title, "said": duration, "end": end},
            )
        ends_at = ends_at or starts_at + (length or timedelta())
        if ends_at <= starts_at:
            self.notes.add("event.out", _("‘%(title)s’(%(at)s)") % {"title": title, "at": times.local_text(starts_at)})
            return None
        return starts_at, ends_at

    def _start(self, event: ParsedNode, place: EventPlace, title: str) -> datetime | None:
        date_text, clock = event.text("date"), event.text("start")
        at = times.parse_moment(date_text, self.zone, self.notes)
        if at is None and not times.MOMENT.match(date_text):
            day = times.parse_day(date_text) if date_text else place.day
            at = times.moment_on_day(day, clock, place.begins, self.zone, self.notes) if day else None
        elif at and clock and clock[:5].rjust(5, "0") != f"{at:%H:%M}":
            self.notes.add("event.start", _("‘%(title)s’: %(clock)s") % {"title": title, "clock": clock})
        if at is None:
            date_text = f"{date_text} {clock}".strip()
            self._refuse(event, _("‘%(title)s’: 시작하는 때를 읽을 수 없습니다: %(said)s"), title, date_text)
        elif place.day and at.date() > place.day:
            self.notes.add("event.next_day", _("‘%(title)s’(%(at)s)") % {"title": title, "at": times.local_text(at)})
        return at

    def _refuse(self, event: ParsedNode, text: str, title: str, value: str) -> None:
        words = {"title": shorten(title) or _("제목 없음"), "said": shorten(value) or _("(없음)")}
        self.problems.append(FileProblem(event.place, text % words))

    def _points(self, event: ParsedNode, title: str, people: list[str]) -> tuple[list[str], str]:
        """Return the lines of subtitle, abstract and description, and an English subtitle of a Korean title as its translation.

        A line with title and speaker alone is left out, because this portal writes it into its own schedules.
        """
        redundant = {title, *people, *(f"{title} – {name}" for name in people)}
        points: list[str] = []
        english = ""
        for name in ("subtitle", "abstract", "description"):
            lines = texts.lines(as_text(event.pop(name, None)), self.notes)
            if name != "subtitle":
                lines = [line for part in lines if (line := LIST_MARK.sub("", part)) and line not in redundant]
            elif len(lines) == 1 and not HANGUL.search(lines[0]) and (HANGUL.search(title) or lines[0] == title):
                english = texts.line(lines.pop(), max_length(Session, "title_en"), self.notes)
                self.notes.add("event.subtitle_en", english)
            if lines and name == "description" and lines == points[-len(lines) :]:
                self.notes.add("event.same", lines[0])
            elif lines:
                self.notes.add("event.subtitle" if name == "subtitle" else "event.abstract", lines[0])
                points += lines
        return points, english

    def _people(self, event: ParsedNode) -> list[str]:
        """Return the names of the speakers, each once."""
        persons, names = event.pop("persons", None) or [], []
        if not isinstance(persons, list) or not all(isinstance(person, ParsedNode) for person in persons):
            self.problems.append(FileProblem(event.place, _("사람(persons)의 목록이 아닙니다.")))
            return []
        for person in persons:
            forms = [person.text(name) for name in ("name", "public_name", "full_public_name")]
            name = texts.line(next(filter(None, forms), ""), max_length(Person, "name"), self.notes)
            number = as_text(person.get("guid") or person.get("code") or person.get("id"))
            self.notes.report_unused("event.persons", person)
            if not name:
                self.notes.add("event.persons.nameless", number or person.place)
            elif name in names:
                self.notes.add("person.twice", name)
            else:
                names.append(name)
                self.people.setdefault(name, set()).update([number] if number else [])
        if len(names) > 1:
            self.notes.add("event.persons", ", ".join(names))
        return names

    def _code(self, event: ParsedNode) -> str:
        """Return the code of the session: its slug in the schedule, without acronym and number around it."""
        limit = max_length(Session, "code")
        name = next((name for name in ("code", "slug", "id") if as_text(event.get(name)).strip()), "")
        stem = slug(event.text(name), 400) if name else ""
        if name == "slug":
            event_id = slug(as_text(event.get("id")), limit)
            core = stem.removeprefix(f"{self.acronym}-").removesuffix(f"-{event_id}").removeprefix(f"{event_id}-")
            stem = core or stem
        code = stem = stem[:limit].strip("-")
        number = 1
        while code and (code in self.codes or DAY.fullmatch(code)):  # a date is the address of a day
            number += 1
            code = f"{stem[: limit - 6].strip('-')}-{number}"
        if code != stem:
            self.notes.add("event.code", f"{stem} → {code}")
        self.codes.add(code)
        return code

    def _topic(self, event: ParsedNode) -> str:
        if name := texts.line(event.text("track"), max_length(Topic, "name"), self.notes):
            self.topics.setdefault(name)
        return name

    def _kind(self, event: ParsedNode, *, is_spoken: bool) -> str:
        event_type = event.text("type")
        kind = KINDS.get(event_type.lower(), Kind.TALK)
        if is_spoken and kind in BREAK_KINDS:  # a break has no page that could show it
            kind = Kind.TALK
        if event_type not in {kind.value, kind.label}:
            self.notes.add("event.type", f"{event_type or _('(없음)')} → {kind.label}")
        return kind.value

    def _language(self, language: str, points: list[str], kind: str) -> None:
        """Add the language to the points if it is not Korean."""
        if (code := _language_code(language)) in {"", KOREAN}:
            return
        name = language_name(code)
        self.notes.add("event.silent" if kind in BREAK_KINDS else "event.language", name)
        if kind not in BREAK_KINDS:
            points.append(_("진행 언어: %(language)s") % {"language": name})

    def _recording(self, event: ParsedNode, title: str) -> None:
        """Note the sessions that must not be recorded or streamed."""
        recording = event.get("recording")
        optout = recording.pop("optout", None) if isinstance(recording, ParsedNode) else None
        refusals = {
            "do_not_record": [optout, event.pop("do_not_record", None)],
            "do_not_stream": [event.pop("do_not_stream", None)],
        }
        for name, values in refusals.items():
            if any(str(value).strip().lower() in {"true", "1", "yes"} for value in values):
                self.notes.add(f"event.{name}", title)


def language_name(code: str) -> str:
    """Return the Korean name of a language, or its code."""
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return shorten(code)


def room_name(name: str) -> str:
    """Return the name, or "" for the words that this portal writes for a session without a room."""
    return "" if name == _("장소 미정") else name


def slug(text: str, limit: int) -> str:
    """Return the text as part of an address; "" if nothing of it may be in one."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:limit].strip("-")


def _language_code(language: str) -> str:
    """Return ``en`` for ``en_GB``."""
    return language.lower().replace("_", "-").partition("-")[0]


def _presentations(points: list[str], people: list[str]) -> list[dict[str, Any]]:
    """Return a presentation for each person; the first has the points."""
    presentations: list[dict[str, Any]] = [{"presenter": name} for name in people] or ([{}] if points else [])
    if points:
        presentations[0]["points"] = points
    return presentations
