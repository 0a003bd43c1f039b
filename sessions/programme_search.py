"""What a visitor looks for in a released programme: words, initial consonants (ㅅㅎㅈㄱㅈ), and what a session belongs to.

``static/js/programme.js`` asks the same questions of ``data-find`` and the other attributes of a drawn session, which
come from here: the two agree because the text they look in is the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from conference.content import RoomNameInVenue, event
from publishing import event_facts, wording
from publishing.releases import Current
from sessions import programme_cards
from sessions.content import PartContent, SessionContent
from sessions.models import Session

VIEWS = ("table", "list")
TEXT_SEPARATOR = "\n"  # between the texts of a session: no search runs over it
NAME_SEPARATOR = "\n"  # between the names in one attribute of a drawn session: no name has a line end
INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
FIRST_SYLLABLE, LAST_SYLLABLE, SYLLABLES_PER_INITIAL = (
    ord("가"),
    ord("힣"),
    21 * 28,
)  # a syllable is one of 21 vowels and 28 endings


@dataclass(frozen=True)
class ProgrammeQuery:
    """What the address asks for: the text as typed, a name for each facet that is chosen, and the view."""

    text: str = ""
    chosen: dict[str, str] = field(default_factory=dict)
    view: str = ""

    @property
    def narrows(self) -> bool:
        return bool(self.text or self.chosen)

    @property
    def query(self) -> str:
        """Its part of an address, from the question mark on."""
        return self.viewed(self.view)

    def viewed(self, view: str) -> str:
        """Like ``query``, with another view."""
        pairs = {"q": self.text, **self.chosen, "view": view}
        said = urlencode({key: value for key, value in pairs.items() if value})
        return f"?{said}" if said else ""

    def fits(self, look: SearchEntry) -> bool:
        """Whether the session that ``look`` tells of is wanted."""
        return _contains(look.text, self.text) and all(name in look.names[key] for key, name in self.chosen.items())


@dataclass(frozen=True)
class SearchEntry:
    """What a session is found by: its texts, and its names by facet."""

    text: str
    names: dict[str, list[str]]


@dataclass(frozen=True)
class FacetOption:
    """A choice of a facet: what stands in the address, what is read, and whether that is Korean on an English page."""

    value: str
    words: str
    is_korean: bool


def parse_query(asked: Mapping[str, str]) -> ProgrammeQuery:
    """Read a query string; what it asks of no facet of ours is passed over."""
    chosen = {key: asked[key] for key in facet_labels() if asked.get(key)}
    view = asked.get("view", "")
    return ProgrammeQuery(asked.get("q", "").strip()[:100], chosen, view if view in VIEWS else "")


def facet_labels() -> dict[str, str]:
    """The facets with what a form calls them."""
    return {"district": _("자치구"), "topic": _("분야"), "part": _("부"), "room": _("장소"), "kind": _("종류")}


def search_index(current: Current) -> dict[str, SearchEntry]:
    """Every session of the release by code, in printed order."""
    there = event(current.sections)
    named = [*there["districts"], *there["topics"]]
    english = {row["name"]: row["name_en"] for row in named}
    said = event_facts.room_words(current)
    return {
        row["code"]: _search_entry(row, part, english, said)
        for part, row in programme_cards.sessions_with_parts(current)
    }


def facet_options(current: Current, _language: str) -> list[tuple[str, str, list[FacetOption]]]:
    """Return (facet, label, its choices) of each facet in which there is something to choose."""
    overview, found = event(current.sections), current.derived(search_index).values()
    there = {key: dict.fromkeys(name for look in found for name in look.names[key]) for key in facet_labels()}
    english = {
        "district": {row["name"]: wording.plain(row, "name") for row in overview["districts"]},
        "topic": {row["name"]: wording.plain(row, "name") for row in overview["topics"]},
    }
    kinds = {str(code): str(label) for code, label in Session.Kind.choices}
    said = event_facts.room_words(current)
    rooms = [
        said({"name": room["name"], "floor": room["floor"], "venue": house["name"]})
        for house in overview["venues"]
        for room in house["rooms"]
    ]
    order: dict[str, Iterable[str]] = {**english, "kind": kinds, "room": dict.fromkeys([*rooms, *there["room"]])}

    def option(key: str, name: str) -> FacetOption:
        words = kinds[name] if key == "kind" else english.get(key, {}).get(name) or name
        return FacetOption(name, words, is_korean=wording.is_english() and key != "kind" and words == name)

    return [
        (key, label, [option(key, name) for name in order.get(key, there[key]) if name in there[key]])
        for key, label in facet_labels().items()
        if len(there[key]) > 1
    ]


def count_by_day(current: Current, wish: ProgrammeQuery) -> Counter[str]:
    """How many sessions of each day are wanted."""
    known = current.derived(search_index)
    return Counter(
        row["starts_at"][:10]
        for _part, row in programme_cards.sessions_with_parts(current)
        if wish.fits(known[row["code"]])
    )


def initial_consonants(text: str) -> str:
    """``사회적경제`` → ``ㅅㅎㅈㄱㅈ``; what is no Korean syllable stays."""
    return "".join(
        INITIALS[(ord(sign) - FIRST_SYLLABLE) // SYLLABLES_PER_INITIAL]
        if FIRST_SYLLABLE <= ord(sign) <= LAST_SYLLABLE
        else sign
        for sign in text
    )


def normalise(text: str) -> str:
    """The text as it is compared: small letters, no spaces."""
    return "".join(text.lower().split())


def _contains(text: str, wanted: str) -> bool:
    """Whether what is wanted stands in the text as one, or each of its words does."""
    if set(normalise(wanted)) <= set(INITIALS):
        text = initial_consonants(text)
    return normalise(wanted) in text or all(normalise(word) in text for word in wanted.split())


def _search_entry(
    row: SessionContent, part: PartContent | None, english: dict[str, str], said: Callable[[RoomNameInVenue], str]
) -> SearchEntry:
    talks, to = row["presentations"], row["destination"]
    rooms = row["rooms"] or ([to] if to else part["places"] if part else [])
    persons = [found for found in (row["moderator"], *(talk["presenter"] for talk in talks)) if found]
    districts = list(dict.fromkeys(name for name in (row["host"], *(talk["district"] for talk in talks)) if name))
    names = {
        "district": districts,
        "topic": [row["topic"]] if row["topic"] else [],
        "part": [part["label"]] if part else [],
        "room": [said(room) for room in rooms],
        "kind": [row["kind"]],
    }
    texts = (
        row["title"],
        row["title_en"],
        *(title for talk in talks for title in (talk["title"], talk["title_en"])),
        *(point for talk in talks for point in talk["points"]),
        *(" ".join((found["name"], found["affiliation"], found["job"])) for found in persons),
        *(f"{wording.room(room)} {room['venue']}" for room in rooms),
        *(name for named in (row["topic"], *districts) for name in (named, english.get(named, ""))),
        *((part["label"], part["title"], part["title_en"]) if part else ()),
        *(row["performers"], row["conduct"], row["participants"]),
    )
    return SearchEntry(TEXT_SEPARATOR.join(dict.fromkeys(text for text in map(normalise, texts) if text)), names)
