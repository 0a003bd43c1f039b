"""What the feeds say of a released session: plain words in the language of the feed, and names that last.

The name of a session (``uid``) is made of its code, the conference's and the portal's host, so that a calendar knows it again
after every change. Addresses begin with PORTAL_URL, never with what a request calls the portal.
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
from korean.dates import hours, local
from publishing import event_facts, wording
from publishing.releases import Current
from sessions import programme_cards
from sessions.content import PartContent, PresentationContent, SessionContent

LINE_ENDS = re.compile("\r\n|[\r\u2028\u2029]")
# what XML 1.0 cannot hold, and what some readers take for the end of a line
UNSUPPORTED = re.compile("[^\t\n\u0020-\u007e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class FeedEntry:
    """One session; texts are plain, of one line but for ``about`` and ``talks``."""

    row: SessionContent  # as released
    uid: str
    url: str
    title: str
    starts_at: datetime  # in Seoul
    ends_at: datetime
    rooms: list[str]  # each as one reads it; a session whose room nobody has named has one of all its part's places
    spots: list[str]  # the rooms where ``house`` is said beside them
    house: str  # where they are
    topic: str
    host: str
    about: str  # who conducts, who is invited; what became different on the day stands first
    talks: str  # presenters and their points
    persons: list[str]  # presenters in order, then the moderator
    attachments: list[tuple[str, str]]  # (name, address) of public materials

    @property
    def is_cancelled(self) -> bool:
        return bool(self.row.get("is_cancelled"))

    @property
    def place(self) -> str:
        return ", ".join(filter(None, (*self.spots, self.house)))


@dataclass(frozen=True)
class FeedContext:
    """What all entries of a feed have in common."""

    slug: str
    root: str  # where the conference begins for who comes from outside, in the language of the feed
    files: str  # where its uploads lie
    domain: str  # end of the names of its things
    names: dict[str, DistrictContent | TopicContent]  # districts and topics
    rooms: dict[tuple[str, str, str], str]
    spots: dict[tuple[str, str, str], str]  # the same where the house is said anyway

    def named(self, what: str) -> str:
        """Return a name in the world for something of the conference."""
        return f"{what}@{self.domain}"

    def guid(self, what: str) -> str:
        """Return the same UUID for the same thing, for ever."""
        return str(uuid5(NAMESPACE_URL, self.named(what)))

    def name(self, known: str) -> str:
        """Return a district or topic in the language of the feed."""
        return clean_text(wording.plain(self.names[known], "name")) if known in self.names else ""

    def room(self, room: RoomContent, *, is_beside_its_house: bool = False) -> str:
        known = self.spots if is_beside_its_house else self.rooms
        return known.get((room["venue"], room["floor"], room["name"])) or clean_text(wording.room(room))


def feed_context(current: Current) -> FeedContext:
    """Look up once what every entry needs."""
    about = event(current.sections)
    base = settings.PORTAL_URL
    return FeedContext(
        slug=current.slug,
        root=base + reverse("event", args=[current.slug]),
        files=f"{base}/{current.slug}/files/",
        domain=f"{current.slug}.{urlsplit(base).hostname}",
        names={row["name"]: row for row in [*about["districts"], *about["topics"]]},
        rooms=room_labels(about, is_in_one=len(current.derived(event_facts.venues)) < 2),  # noqa: PLR2004 (houses)
        spots=room_labels(about, is_in_one=True),
    )


def feed_entries(
    current: Current, around: FeedContext, *, only: Collection[str] | None = None, with_passing: bool = False
) -> list[FeedEntry]:
    """Return the sessions in the order of time; ``only`` those codes; moves and breaks where they are asked for."""
    found = [
        _entry(row, part, around)
        for part, row in programme_cards.sessions_with_parts(current)
        if (with_passing or row["kind"] not in programme_cards.BREAK_KINDS) and (only is None or row["code"] in only)
    ]
    return sorted(found, key=lambda entry: entry.starts_at)


def room_labels(event: EventContent, *, is_in_one: bool) -> dict[tuple[str, str, str], str]:
    """Return what each (house, floor, name) is called, in the order of the houses.

    It is called with its house where the conference is not in one alone, or where two sound alike.
    """
    found = [(house["name"], room["floor"], room["name"], room) for house in event["venues"] for room in house["rooms"]]
    words = Counter(wording.room(room) for *_, room in found)
    return {
        (house, floor, name): clean_text(word if is_in_one and words[word] == 1 else f"{word} ({house})")
        for house, floor, name, room in found
        for word in [wording.room(room)]
    }


def clean_text(text: str) -> str:
    """Return the text without signs that a format cannot hold, and with one kind of end of line."""
    return text if text.isprintable() else UNSUPPORTED.sub("", LINE_ENDS.sub("\n", text))


def person_text(value: PersonContent | None) -> str:
    """``성명 소속 직위``; a name that may not be shown is not in the release."""
    return clean_text(" ".join(filter(None, (value["name"], value["affiliation"], value["job"])))) if value else ""


def _entry(row: SessionContent, part: PartContent | None, around: FeedContext) -> FeedEntry:
    places = row["rooms"] or [place for place in [row["destination"]] if place] or (part["places"] if part else [])
    words = list(dict.fromkeys(map(around.room, places)))
    page = "" if row["kind"] in programme_cards.BREAK_KINDS else f"{row['code']}/"
    talks, host = row["presentations"], around.name(row["host"])
    return FeedEntry(
        row=row,
        uid=around.named(row["code"]),
        url=f"{around.root}programme/{page}",
        title=clean_text(wording.plain(row, "title")),
        starts_at=local(row["starts_at"]),
        ends_at=local(row["ends_at"]),
        rooms=words if row["rooms"] else [", ".join(words)] if words else [],
        spots=list(dict.fromkeys(around.room(place, is_beside_its_house=True) for place in places)),
        house=clean_text(", ".join(dict.fromkeys(f"{room['within']} {room['venue']}".strip() for room in places))),
        topic=around.name(row["topic"]),
        host=host,
        about="\n".join(_description(row, host)),
        talks="\n".join(line for talk in talks for line in _presentation_lines(talk, around)),
        persons=list(_person_names([*(talk["presenter"] for talk in talks), row["moderator"]])),
        attachments=[
            (clean_text(file["name"]), around.files + file["digest"]) for talk in talks for file in talk["materials"]
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
    """``10분 지연 (처음 안내: 13:00~14:40, 6층 601호)``."""
    was, told = row.get("was", {}), list[str]()
    if "starts_at" in was or "ends_at" in was:
        told.append(hours(was.get("starts_at", row["starts_at"]), was.get("ends_at", row["ends_at"])))
    told += dict.fromkeys(wording.room(room) for room in was.get("rooms", []))
    return clean_text(f"{changed} ({_('처음 안내:')} {', '.join(told)})" if told else changed)


def _presentation_lines(talk: PresentationContent, around: FeedContext) -> Iterator[str]:
    """``성북구 · 발표 제목 – 성명 소속 직위`` and a line for each point."""
    head = " · ".join(filter(None, (around.name(talk["district"]), clean_text(wording.plain(talk, "title")))))
    yield " – ".join(filter(None, (head, person_text(talk["presenter"]))))
    yield from (f"- {clean_text(point)}" for point in talk["points"])


def _person_names(values: Iterable[PersonContent | None]) -> Iterator[str]:
    """Each once: by name; whose name may not be shown, by office and post."""
    return iter(
        dict.fromkeys(filter(None, (clean_text(value["name"]) or person_text(value) for value in values if value)))
    )
