"""One day of a programme as a table true to scale: a column a room, a row from each start or end to the next.

Pure functions of cards (sessions.programme_cards). What nothing runs beside, or what takes every room, lies across; an exhibition
that is open beside the talks has its column at the edge. Sessions whose room is not said stand in columns of their own.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from conference.content import RoomNameInVenue
from publishing import wording
from sessions.programme_cards import CardGroup, ShownCard

ColumnKey = tuple[int, int, int, str]  # edge or not, place of the house, place of the room, its name
STEP_MINUTES = 5  # minutes of the smallest height
MAX_STEPS = 36  # steps: a row that lasts longer is no taller
UNKNOWN_ROOM, AT_EDGE = 1, 2
EDGE_KIND = "exhibition"  # kind of session


@dataclass
class TableCell:
    """A session, or nothing, over rows and columns."""

    row: int
    column: int
    rows: int
    columns: int
    card: ShownCard | None = None


@dataclass
class TableRow:
    """From a start or end to the next. ``heads`` are groups whose part begins here, where nothing crosses the line."""

    starts_at: str
    steps: int
    is_now: bool
    heads: list[CardGroup] = field(default_factory=list)
    cells: list[TableCell] = field(default_factory=list)


@dataclass
class RoomTable:
    """The rooms with the number of columns of each ("": of sessions whose room is not said), and the rows."""

    heads: list[tuple[str, int]]
    rows: list[TableRow]
    ends_at: str

    @property
    def width(self) -> int:
        return sum(columns for _name, columns in self.heads)


def build_table(
    groups: Iterable[CardGroup], at: datetime, said: Callable[[RoomNameInVenue], str] = wording.room
) -> RoomTable | None:
    """Return the table of a day, or None where nothing runs side by side: then a list says as much.

    ``said`` of a room is the head of its column.
    """
    groups = list(groups)
    cards = sorted((c for group in groups for slot in group["slots"] for c in slot["cards"]), key=_times)
    across = _full_width_codes(cards)
    columns = _columns([card for card in cards if card["code"] not in across], said)
    if len(columns) < 2:  # noqa: PLR2004 (side by side)
        return None
    times = sorted({moment for card in cards for moment in _times(card)})
    places = {moment: i for i, moment in enumerate(times)}
    held = _fill_columns(cards, across, columns, places)
    rows = [_row(start, end, at) for start, end in itertools.pairwise(times)]
    for group in groups:
        if group["part"] and group["slots"]:
            first = places[group["slots"][0]["starts_at"]]
            if first == 0 or not any(line[first - 1] and line[first - 1] is line[first] for line in held):
                rows[first].heads.append(group)
    for cell in _cells(held, rows):
        rows[cell.row].cells.append(cell)
    return RoomTable(_column_headings(columns), rows, times[-1])


def _full_width_codes(cards: list[ShownCard]) -> set[str]:
    """Codes of what lies across: nothing runs beside it but exhibitions."""
    found: set[str] = set()
    running: list[ShownCard] = []
    for card in cards:
        if card["kind"] == EDGE_KIND:
            continue
        running = [other for other in running if other["ends_at"] > card["starts_at"]]
        found -= {other["code"] for other in running}
        if not running:
            found.add(card["code"])
        running.append(card)
    return found


def _columns(cards: list[ShownCard], said: Callable[[RoomNameInVenue], str]) -> list[tuple[ColumnKey, list[ShownCard]]]:
    """Return (room, its sessions) of each column, in the order of the house; one room has more where sessions clash."""
    lanes: dict[ColumnKey, list[list[ShownCard]]] = {}
    for card in cards:
        for key in _column_keys(card, said):
            of_room = lanes.setdefault(key, [])
            free = next((lane for lane in of_room if lane[-1]["ends_at"] <= card["starts_at"]), None)
            if free is None:
                of_room.append(free := [])
            free.append(card)
    return [(key, lane) for key in sorted(lanes) for lane in lanes[key]]


def _column_keys(card: ShownCard, said: Callable[[RoomNameInVenue], str]) -> list[ColumnKey]:
    edge = AT_EDGE if card["kind"] == EDGE_KIND else 0
    own = [(edge, room["venue_position"], room["position"], said(room)) for room in card["own_rooms"]]
    return own or [(edge or UNKNOWN_ROOM, 0, 0, "")]


def _fill_columns(
    cards: list[ShownCard], across: set[str], columns: list[tuple[ColumnKey, list[ShownCard]]], places: dict[str, int]
) -> list[list[ShownCard | None]]:
    """Return for each column what it holds in each row."""
    held: list[list[ShownCard | None]] = [[None] * (len(places) - 1) for _column in columns]
    lying = [card for card in cards if card["code"] in across]
    for line, ((edge, *_room), own) in zip(held, columns, strict=True):
        for card in own if edge == AT_EDGE else [*own, *lying]:
            start, end = (places[moment] for moment in _times(card))
            line[start:end] = [card] * (end - start)
    return held


def _cells(held: list[list[ShownCard | None]], rows: list[TableRow]) -> Iterator[TableCell]:
    """Cut what the columns hold into rectangles, by row and column; an empty one ends where a part begins."""
    width, seen = len(held), set()
    for row in range(len(rows)):
        for column in range(width):
            if (row, column) in seen:
                continue
            card, right, below = held[column][row], column + 1, row + 1
            while card and right < width and held[right][row] is card:
                right += 1
            while below < len(rows) and held[column][below] is card and (card or not rows[below].heads):
                below += 1
            seen |= {(r, c) for r in range(row, below) for c in range(column, right)}
            yield TableCell(row, column, below - row, right - column, card)


def _column_headings(columns: list[tuple[ColumnKey, list[ShownCard]]]) -> list[tuple[str, int]]:
    heads: list[tuple[str, int]] = []
    for (*_place, name), _cards in columns:
        if heads and heads[-1][0] == name:
            heads[-1] = (name, heads[-1][1] + 1)
        else:
            heads.append((name, 1))
    return heads


def _row(start: str, end: str, at: datetime) -> TableRow:
    begins, ends = datetime.fromisoformat(start), datetime.fromisoformat(end)
    steps = round((ends - begins).total_seconds() / 60 / STEP_MINUTES)
    return TableRow(start, min(max(steps, 1), MAX_STEPS), begins <= at < ends)


def _times(card: ShownCard) -> tuple[str, str]:
    return card["starts_at"], card["ends_at"]
