"""Changes of buildings and rooms between two releases, reported once instead of for each session there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypedDict

from rows.canonical_json import canonical_json

VENUE_DEPTH, ROOM_DEPTH = 3, 5  # steps of ``where`` that lead to a building, and to a room of it
ROOM_LISTS = {"rooms", "places"}  # of a session, of a part
SINGLE_ROOMS = {"room", "destination"}  # of an exhibition, of a session that leads elsewhere


class Leaf(TypedDict):
    """A value or list item that differs, as ``release_diff.diff_leaves`` yields it and ``Release.changes`` stores it."""

    where: list[str]  # the keys that lead to it; an item of a list has its name as key
    old: Any  # None if it was not there
    new: Any


def without_repeats(leaves: Iterable[Leaf]) -> list[Leaf]:
    """Leave out leaves that only repeat a change of a building or room, because every session there has its name and place.

    A building or room that was only renamed is one leaf, that of its name, instead of a removed and an added item.
    """
    leaves = list(leaves)
    of_venues = [leaf for leaf in leaves if leaf["where"][:2] == ["event", "venues"]]
    renamed = {id(gone): (gone, come) for gone, come in _renamed(of_venues)}
    renamed_to = {id(come) for _gone, come in renamed.values()}
    changed = _Changed.of(leaves, of_venues, renamed.values())
    leaves_left: list[Leaf] = []
    for leaf in leaves:
        if id(leaf) in renamed:
            gone, come = renamed[id(leaf)]
            where = [*gone["where"], "name"]
            leaves_left.append({"where": where, "old": gone["old"]["name"], "new": come["new"]["name"]})
        elif id(leaf) not in renamed_to and not changed.is_repeated_by(leaf):
            leaves_left.append(leaf)
    return leaves_left


def _renamed(of_venues: list[Leaf]) -> Iterator[tuple[Leaf, Leaf]]:
    """Yield (removed, added) of buildings and of rooms that differ in nothing but the name."""
    gone: dict[str, list[Leaf]] = {}
    come: dict[str, list[Leaf]] = {}
    for leaf in of_venues:
        if _is_gone(leaf) or _is_come(leaf):
            item = leaf["old"] or leaf["new"]
            alike = canonical_json({"list": leaf["where"][:-1], "item": item | {"name": ""}})
            (gone if _is_gone(leaf) else come).setdefault(alike, []).append(leaf)
    for alike, leaves in gone.items():
        if len(leaves) == len(come.get(alike, ())):
            yield from zip(leaves, come[alike], strict=True)


def _is_gone(leaf: Leaf) -> bool:
    return isinstance(leaf["old"], dict) and leaf["new"] is None


def _is_come(leaf: Leaf) -> bool:
    return isinstance(leaf["new"], dict) and leaf["old"] is None


@dataclass(frozen=True)
class _Changed:
    """The changes of buildings and rooms, as (old, new)."""

    places: set[tuple[str, str]]  # places of buildings
    venues: set[tuple[str, str]]  # names of buildings
    rooms: set[tuple[str, str]]  # names of rooms and floors
    lists: set[tuple[str, ...]]  # items removed from or added to lists of rooms: where the list is, and their names

    @classmethod
    def of(cls, leaves: list[Leaf], of_venues: list[Leaf], renamed: Iterable[tuple[Leaf, Leaf]]) -> _Changed:
        venues = [leaf for leaf in of_venues if len(leaf["where"]) == VENUE_DEPTH]
        rooms = [pair for pair in renamed if len(pair[0]["where"]) == ROOM_DEPTH]
        return cls(
            places={(leaf["old"], leaf["new"]) for leaf in of_venues if leaf["where"][VENUE_DEPTH:] == ["within"]},
            venues={
                (gone["old"]["name"], come["new"]["name"])
                for gone in filter(_is_gone, venues)
                for come in filter(_is_come, venues)
            },
            rooms={(gone["old"]["name"], come["new"]["name"]) for gone, come in rooms},
            lists={_item(leaf) for leaf in leaves if _is_of_a_list(leaf)},
        )

    def is_repeated_by(self, leaf: Leaf) -> bool:
        """Whether the leaf only repeats one of these changes."""
        *place, last = leaf["where"]
        change = leaf["old"], leaf["new"]
        if last == "within":
            return place[:2] != ["event", "venues"] and change in self.places
        if last == "venue":
            return change in self.venues
        if last == "floor" or (last == "name" and place[-1] in SINGLE_ROOMS):
            return change in self.rooms
        if _is_of_a_list(leaf):  # a session that moved to another room has only one of the two leaves
            *place, name = _item(leaf)
            pairs = [pair for pair in self.rooms if name in pair]
            return any({(*place, old), (*place, new)} <= self.lists for old, new in pairs)
        return False


def _is_of_a_list(leaf: Leaf) -> bool:
    is_elsewhere = leaf["where"][:2] != ["event", "venues"]
    return is_elsewhere and not ROOM_LISTS.isdisjoint(leaf["where"][-2:-1]) and (_is_gone(leaf) or _is_come(leaf))


def _item(leaf: Leaf) -> tuple[str, ...]:
    return (*leaf["where"][:-1], (leaf["old"] or leaf["new"])["name"])
