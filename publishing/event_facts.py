"""Facts of the released event for pages, PDF files and feeds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, cast

from conference.content import RoomContent, RoomNameInVenue, TopicContent, VenueContent, event
from publishing import wording
from publishing.releases import LiveRelease

Fact = tuple[str, Sequence[str]]  # a label and its lines, as templates/_facts.html takes them
TOPIC_COLOURS = 6  # colours in static/css/components.css, .tone-1 …


class TopicFacts(TopicContent):
    tone: str  # class of its colour


class VenueFacts(VenueContent):
    floors: str  # those in use, separated by commas


def coloured_topics(current: LiveRelease) -> list[TopicFacts]:
    """Return the topics, each with the class of its colour."""
    rows = event(current.sections)["topics"]
    return [{**row, "tone": f"tone-{i % TOPIC_COLOURS + 1}"} for i, row in enumerate(rows)]


def used_venues(current: LiveRelease) -> list[VenueFacts]:
    """Return the venues that programme and expo use, each with the ``floors`` used; all venues if no room is named.

    A venue that has preparatory meetings only is left out, because visitors do not go there.
    """
    floors: dict[str, list[str]] = {}
    for room in _rooms([current.sections.get("programme"), current.sections.get("expo")]):
        floor = room["floor"] or (room["name"] if room["kind"] == "floor" else "")
        floors.setdefault(room["venue"], []).append(floor)
    return [
        {**venue, "floors": ", ".join(sorted({floor for floor in floors.get(venue["name"], []) if floor}))}
        for venue in event(current.sections)["venues"]
        if venue["name"] in floors or not floors
    ]


def room_text_for(current: LiveRelease) -> Callable[[RoomNameInVenue], str]:
    """Return the function that puts a room in words: with its venue if the conference has several."""
    return wording.room_with_venue if len(current.cached(used_venues)) > 1 else wording.room


def _rooms(value: Any) -> Iterator[RoomContent]:
    """Yield every room in the released value, at any depth."""
    if isinstance(value, dict):
        if "venue" in value:
            yield cast("RoomContent", value)
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            if isinstance(item, (dict, list)):
                yield from _rooms(item)
