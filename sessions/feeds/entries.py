"""The sessions of a release as feeds show them: plain text in the language of the feed, with permanent identifiers.

The ``uid`` of a session consists of its code, the conference's slug and the portal's host, so that a calendar recognises it
after every change. Addresses begin with PORTAL_URL, never with the host of a request.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from conference.content import (
    DistrictContent,
    EventContent,
    PersonContent,
    RoomContent,
    TopicContent,
    event,
)
from korean.dates import format_hours, to_seoul
from publishing import event_facts, wording
from publishing.releases import LiveRelease
from sessions import programme_cards
from sessions.content import PartContent, PresentationContent, SessionContent

LINE_ENDS = re.compile("\r\n|[\r\u2028\u2029]")
# characters that XML 1.0 forbids, and those that some programs read as the end of a line
UNSUPPORTED = re.compile("[^\t\n\u0020-\u007e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class FeedEntry:
    """A session in plain text; only ``about`` and ``talks`` have several lines."""

    row: SessionContent  # as released
    uid: str
    url: str
    title: str
    starts_at: datetime  # in Seoul
    ends_at: datetime
    rooms: list[str]  # a session without rooms has one entry with all places of its part
    rooms_without_venue: list[str]  # rooms as written beside ``venue``
    venue: str  # venues of the rooms
    topic: str
    host: str
    about: str  # changes made on the day, then host, moderator, participants
    talks: str  # presenters and their points
    persons: list[str]  # presenters in order, then the moderator
    attachments: list[tuple[str, str]]  # (name, address) of public materials

    @property
    def is_cancelled(self) -> bool:
        return bool(self.row.get("is_cancelled"))

    @property
    def place(self) -> str:
        return ", ".join(filter(None, (*self.rooms_without_venue, self.venue)))


@dataclass(frozen=True)
class FeedContext:
    """What all entries of a feed share."""

    slug: str
    root: str  # address of the conference in the language of the feed
    files: str  # address of its uploaded files
    domain: str  # end of its global identifiers
    names: dict[str, DistrictContent | TopicContent]  # districts and topics
    rooms: dict[tuple[str, str, str], str]
    rooms_without_venue: dict[tuple[str, str, str], str]  # the same without the venue

    def global_id(self, what: str) -> str:
        """Return a globally unique identifier of something in the conference."""
        return f"{what}@{self.domain}"

    def guid(self, what: str) -> str:
        """Return a UUID that is always the same for the same thing."""
        return str(uuid5(NAMESPACE_URL, self.global_id(what)))

    def label(self, name: str) -> str:
        """Return a district or topic in the language of the feed; "" if it is unknown."""
        return clean_text(wording.plain(self.names[name], "name")) if name in self.names else ""

    def room(self, room: RoomContent, *, is_beside_venue: bool = False) -> str:
        labels = self.rooms_without_venue if is_beside_venue else self.rooms
        return labels.get((room["venue"], room["floor"], room["name"])) or clean_text(wording.room(room))


def feed_context(current: LiveRelease) -> FeedContext:
    """Return what all entries need."""
    about = event(current.sections)
    base = settings.PORTAL_URL
    return FeedContext(
        slug=current.slug,
        root=base + reverse("event", args=[current.slug]),
        files=f"{base}/{current.slug}/files/",
        domain=f"{current.slug}.{urlsplit(base).hostname}",
        names={row["name"]: row for row in [*about["districts"], *about["topics"]]},
        rooms=room_labels(about, is_in_one=len(current.cached(event_facts.used_venues)) <= 1),
        rooms_without_venue=room_labels(about, is_in_one=True),
    )


def feed_entries(
    current: LiveRelease, context: FeedContext, *, only: Collection[str] | None = None, include_breaks: bool = False
) -> list[FeedEntry]:
    """Return the sessions in order of time, or those with the codes in ``only``; moves and breaks with ``include_breaks``."""
    unsorted = [
        _entry(row, part, context)
        for part, row in programme_cards.sessions_with_parts(current)
        if (include_breaks or row["kind"] not in programme_cards.BREAK_KINDS) and (only is None or row["code"] in only)
    ]
    return sorted(unsorted, key=lambda entry: entry.starts_at)


def room_labels(event: EventContent, *, is_in_one: bool) -> dict[tuple[str, str, str], str]:
    """Return the label of each (venue, floor, name), in the order of the venues.

    The label contains the venue unless all rooms are in one and no other room has the same label.
    """
    rooms = [(venue["name"], room["floor"], room["name"], room) for venue in event["venues"] for room in venue["rooms"]]
    uses = Counter(wording.room(room) for *_, room in rooms)
    return {
        (venue, floor, name): clean_text(word if is_in_one and uses[word] == 1 else f"{word} ({venue})")
        for venue, floor, name, room in rooms
        for word in [wording.room(room)]
    }


def clean_text(text: str) -> str:
    """Return the text without unsupported characters; every line end becomes a line feed."""
    return text if text.isprintable() else UNSUPPORTED.sub("", LINE_ENDS.sub("\n", text))


def person_text(value: PersonContent | None) -> str:
    """Return ``성명 소속 직위``. A release contains no name that may not be shown."""
    return clean_text(" ".join(filter(None, (value["name"], value["affiliation"], value["job"])))) if value else ""


def _entry(row: SessionContent, part: PartContent | None, context: FeedContext) -> FeedEntry:
    places = row["rooms"] or [place for place in [row["destination"]] if place] or (part["places"] if part else [])
    labels = list(dict.fromkeys(map(context.room, places)))
    page = "" if row["kind"] in programme_cards.BREAK_KINDS else f"{row['code']}/"
    talks, host = row["presentations"], context.label(row["host"])
    return FeedEntry(
        row=row,
        uid=context.global_id(row["code"]),
        url=f"{context.root}programme/{page}",
        title=clean_text(wording.plain(row, "title")),
        starts_at=to_seoul(row["starts_at"]),
        ends_at=to_seoul(row["ends_at"]),
        rooms=labels if row["rooms"] else [", ".join(labels)] if labels else [],
        rooms_without_venue=list(dict.fromkeys(context.room(place, is_beside_venue=True) for place in places)),
        venue=clean_text(", ".join(dict.fromkeys(f"{room['within']} {room['venue']}".strip() for room in places))),
        topic=context.label(row["topic"]),
        host=host,
        about="\n".join(_description(row, host)),
        talks="\n".join(line for talk in talks for line in _presentation_lines(talk, context)),
        persons=list(_person_names([*(talk["presenter"] for talk in talks), row["moderator"]])),
        attachments=[
            (clean_text(file["name"]), context.files + file["digest"]) for talk in talks for file in talk["materials"]
        ],
    )


def _description(row: SessionContent, host: str) -> Iterator[str]:
    if changed := ", ".join(words for _kind, words in programme_cards.change_badges(row)):
        yield _change_note(row, changed)
    if host:
        yield _("{} 주관").format(host)
    for label, text in (
        (_("사회"), person_text(row["moderator"])),
        (_("진행"), row["conduct"]),
        (_("발표"), row["performers"]),
        (_("참여"), row["participants"]),
    ):
        if text:
            yield f"{label}: {clean_text(text)}"


def _change_note(row: SessionContent, changed: str) -> str:
    """Return ``10분 지연 (처음 안내: 13:00~14:40, 6층 601호)``."""
    was, parts = row.get("was", {}), list[str]()
    if "starts_at" in was or "ends_at" in was:
        parts.append(format_hours(was.get("starts_at", row["starts_at"]), was.get("ends_at", row["ends_at"])))
    parts += dict.fromkeys(wording.room(room) for room in was.get("rooms", []))
    return clean_text(f"{changed} ({_('처음 안내:')} {', '.join(parts)})" if parts else changed)


def _presentation_lines(talk: PresentationContent, context: FeedContext) -> Iterator[str]:
    """Yield ``성북구 · 발표 제목 – 성명 소속 직위`` and a line for each point."""
    head = " · ".join(filter(None, (context.label(talk["district"]), clean_text(wording.plain(talk, "title")))))
    yield " – ".join(filter(None, (head, person_text(talk["presenter"]))))
    yield from (f"- {clean_text(point)}" for point in talk["points"])


def _person_names(values: Iterable[PersonContent | None]) -> Iterator[str]:
    """Yield each person once: the name, or office and position if the name may not be shown."""
    return iter(
        dict.fromkeys(filter(None, (clean_text(value["name"]) or person_text(value) for value in values if value)))
    )
