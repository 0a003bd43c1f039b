"""What pages, papers and feeds say of the released event."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from publishing import wording
from publishing.releases import Current

Value = dict[str, Any]
Fact = tuple[str, list[str]]  # a label and its lines, as templates/_facts.html takes them
TONES = 6  # colours in static/css/components.css, .tone-1 …


def topics(current: Current) -> list[Value]:
    """Return the topics, each with the class of its colour."""
    rows = current.sections["event"]["topics"]
    return [row | {"tone": f"tone-{i % TONES + 1}"} for i, row in enumerate(rows)]


def venues(current: Current) -> list[Value]:
    """Return the houses where something happens, each with the ``floors`` used, or all houses where no room is named.

    A house where only preparatory meetings were held is nobody's way on the day.
    """
    used = list(_rooms(current.sections.get("programme"))) + list(_rooms(current.sections.get("expo")))
    floors: dict[str, list[str]] = {}
    for room in used:
        floor = room["floor"] or (room["name"] if room["kind"] == "floor" else "")
        floors.setdefault(room["venue"], []).append(floor)
    houses = current.sections["event"]["venues"]
    return [
        house | {"floors": ", ".join(sorted({floor for floor in floors.get(house["name"], []) if floor}))}
        for house in houses
        if house["name"] in floors or not floors
    ]


def room_words(current: Current) -> Callable[[Value], str]:
    """How a room is said: with its house where the conference is in several, for ``6층 강당`` is no way then."""
    return wording.room_of_house if len(current.derived(venues)) > 1 else wording.room


def _rooms(value: Any) -> Iterator[Value]:
    """Every room that the released value names, however deep."""
    if isinstance(value, dict):
        if "venue" in value:
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _rooms(item)
