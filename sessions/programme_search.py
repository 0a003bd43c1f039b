"""Search in a released programme: by words, by initial consonants (ㅅㅎㅈㄱㅈ), by district, topic, part, room and kind.

``static/js/programme.js`` searches in the browser, in the attributes ``data-find``, ``data-topic`` … of each session. They
come from here, so that server and browser find the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from conference.content import RoomNameInVenue, event
from publishing import event_facts, wording
from publishing.releases import LiveRelease
from sessions.content import PartContent, SessionContent, blocks, sessions
from sessions.models import Session

VIEWS = ("table", "list")
TEXT_SEPARATOR = "\n"  # between the texts of a session: no word of a query contains it
NAME_SEPARATOR = "\n"  # between the names in one HTML attribute: no name contains it
INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
FIRST_SYLLABLE, LAST_SYLLABLE = ord("가"), ord("힣")
SYLLABLES_PER_INITIAL = 21 * 28  # syllables of one initial: 21 vowels with 28 endings each


@dataclass(frozen=True)
class ProgrammeQuery:
    """A search as the address states it: the text as typed, a name for each chosen facet, and the view."""

    text: str = ""
    chosen: dict[str, str] = field(default_factory=dict)
    view: str = ""

    @property
    def has_filters(self) -> bool:
        """Whether it can leave out sessions."""
        return bool(self.text or self.chosen)

    @property
    def query_string(self) -> str:
        """The query string of an address, with its question mark; "" if there is none."""
        return self.query_string_for(self.view)

    def query_string_for(self, view: str) -> str:
        """Return ``query_string`` with another view."""
        pairs = {"q": self.text, **self.chosen, "view": view}
        text = urlencode({key: value for key, value in pairs.items() if value})
        return f"?{text}" if text else ""

    def matches(self, entry: SearchEntry) -> bool:
        """Whether the session with that entry is found."""
        return _contains(entry.text, self.text) and all(name in entry.names[key] for key, name in self.chosen.items())


@dataclass(frozen=True)
class SearchEntry:
    """Texts and names by which a session is found; names by facet."""

    text: str
    names: dict[str, list[str]]

    @property
    def attributes(self) -> dict[str, str]:
        """The ``data-`` attributes of its card, in which the browser searches."""
        return {"find": self.text, **{key: NAME_SEPARATOR.join(names) for key, names in self.names.items()}}


@dataclass(frozen=True)
class FacetOption:
    """A value of a facet: ``value`` for the address, ``words`` for the page, ``is_korean`` if these are Korean on an English page."""

    value: str
    words: str
    is_korean: bool


@dataclass(frozen=True)
class Facet:
    """What the programme is narrowed down by, with the values that its sessions have."""

    key: str
    label: str
    options: list[FacetOption]

    def chosen(self, query: ProgrammeQuery) -> str:
        """Return the value that the query has chosen; "" for none, and for one that is not offered."""
        name = query.chosen.get(self.key, "")
        return name if any(option.value == name for option in self.options) else ""


def parse_query(params: Mapping[str, str]) -> ProgrammeQuery:
    """Read the parameters of an address; unknown ones are ignored."""
    chosen = {key: params[key] for key in facet_labels() if params.get(key)}
    view = params.get("view", "")
    return ProgrammeQuery(params.get("q", "").strip()[:100], chosen, view if view in VIEWS else "")


def facet_labels() -> dict[str, str]:
    """Return the label of each facet."""
    return {"district": _("자치구"), "topic": _("분야"), "part": _("부"), "room": _("장소"), "kind": _("종류")}


def search_index(current: LiveRelease) -> dict[str, SearchEntry]:
    """Return the entry of every session of the release by its code, in printed order."""
    there = event(current.sections)
    named = [*there["districts"], *there["topics"]]
    english = {row["name"]: row["name_en"] for row in named}
    room_text = event_facts.room_text_for(current)
    return {
        row["code"]: _search_entry(row, block["part"], english, room_text)
        for block in blocks(current.sections)
        for row in block["sessions"]
    }


def facets(current: LiveRelease, _language: str) -> list[Facet]:
    """Return the facets with more than one value."""
    overview, entries = event(current.sections), current.cached(search_index).values()
    present = {key: dict.fromkeys(name for entry in entries for name in entry.names[key]) for key in facet_labels()}
    english = {
        "district": {row["name"]: wording.plain(row, "name") for row in overview["districts"]},
        "topic": {row["name"]: wording.plain(row, "name") for row in overview["topics"]},
    }
    kinds = {str(code): str(label) for code, label in Session.Kind.choices}
    room_text = event_facts.room_text_for(current)
    rooms = [
        room_text({"name": room["name"], "floor": room["floor"], "venue": venue["name"]})
        for venue in overview["venues"]
        for room in venue["rooms"]
    ]
    order: dict[str, Iterable[str]] = {**english, "kind": kinds, "room": dict.fromkeys([*rooms, *present["room"]])}

    def option(key: str, name: str) -> FacetOption:
        words = kinds[name] if key == "kind" else english.get(key, {}).get(name) or name
        return FacetOption(name, words, is_korean=wording.is_english() and key != "kind" and words == name)

    return [
        Facet(key, label, [option(key, name) for name in order.get(key, present[key]) if name in present[key]])
        for key, label in facet_labels().items()
        if len(present[key]) > 1
    ]


def count_by_day(current: LiveRelease, query: ProgrammeQuery) -> Counter[date]:
    """Return the number of matching sessions of each day."""
    index = current.cached(search_index)
    return Counter(
        date.fromisoformat(row["starts_at"][:10])
        for row in sessions(current.sections)
        if query.matches(index[row["code"]])
    )


def initial_consonants(text: str) -> str:
    """Return ``ㅅㅎㅈㄱㅈ`` for ``사회적경제``; what is no Korean syllable stays."""
    return "".join(
        INITIALS[(ord(sign) - FIRST_SYLLABLE) // SYLLABLES_PER_INITIAL]
        if FIRST_SYLLABLE <= ord(sign) <= LAST_SYLLABLE
        else sign
        for sign in text
    )


def normalise(text: str) -> str:
    """Return the text as it is compared: lower case, no spaces."""
    return "".join(text.lower().split())


def _contains(text: str, query: str) -> bool:
    """Whether the text contains ``query`` as a whole, or each of its words."""
    if set(normalise(query)) <= set(INITIALS):
        text = initial_consonants(text)
    return normalise(query) in text or all(normalise(word) in text for word in query.split())


def _search_entry(
    row: SessionContent, part: PartContent | None, english: dict[str, str], room_text: Callable[[RoomNameInVenue], str]
) -> SearchEntry:
    talks, to = row["presentations"], row["destination"]
    rooms = row["rooms"] or ([to] if to else part["places"] if part else [])
    persons = [person for person in (row["moderator"], *(talk["presenter"] for talk in talks)) if person]
    districts = list(dict.fromkeys(name for name in (row["host"], *(talk["district"] for talk in talks)) if name))
    names = {
        "district": districts,
        "topic": [row["topic"]] if row["topic"] else [],
        "part": [part["label"]] if part else [],
        "room": [room_text(room) for room in rooms],
        "kind": [row["kind"]],
    }
    texts = (
        row["title"],
        row["title_en"],
        *(title for talk in talks for title in (talk["title"], talk["title_en"])),
        *(point for talk in talks for point in talk["points"]),
        *(" ".join((person["name"], person["affiliation"], person["job"])) for person in persons),
        *(f"{wording.room(room)} {room['venue']}" for room in rooms),
        *(name for named in (row["topic"], *districts) for name in (named, english.get(named, ""))),
        *((part["label"], part["title"], part["title_en"]) if part else ()),
        *(row["performers"], row["conduct"], row["participants"]),
    )
    return SearchEntry(TEXT_SEPARATOR.join(dict.fromkeys(text for text in map(normalise, texts) if text)), names)
