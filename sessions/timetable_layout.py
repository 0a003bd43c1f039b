"""A day of a programme as a table true to scale: a column for each room, a row from each start or end to the next.

Pure functions of cards (sessions.programme_cards). A session without any parallel session takes the full width. An exhibition
that is open during the talks has a column at the edge. Sessions without a known room have columns of their own.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from conference.content import RoomNameInVenue
from publishing import wording
from sessions.programme_cards import MAX_OPEN, CardGroup, ShownCard

ColumnKey = tuple[
    int, int, int, str
]  # 0, UNKNOWN_ROOM or AT_EDGE; position of the venue; position of the room; its name
STEP_MINUTES = 5  # minutes of the smallest height
MAX_STEPS = 36  # steps: height of the tallest row
UNKNOWN_ROOM, AT_EDGE = 1, 2
EDGE_KIND = "exhibition"  # kind of session


@dataclass
class TableCell:
    """A cell with a session, or an empty one, and its size in rows and columns."""

    row: int
    column: int
    rows: int
    columns: int
    is_across: bool  # over the full width
    card: ShownCard | None


@dataclass
class TableRow:
    """A row from one start or end to the next. ``heads``: groups whose part begins here, unless a session crosses the line."""

    starts_at: str
    steps: int
    is_now: bool
    heads: list[CardGroup] = field(default_factory=list)
    cells: list[TableCell] = field(default_factory=list)

    @property
    def has_running(self) -> bool:
        """Whether a session that begins here is running."""
        return any(cell.card and cell.card["is_now"] for cell in self.cells)


@dataclass
class RoomTable:
    """The rooms with their number of columns ("" for sessions without a known room), and the rows."""

    heads: list[tuple[str, int]]
    rows: list[TableRow]
    ends_at: str

    @property
    def width(self) -> int:
        return sum(columns for _name, columns in self.heads)

    @property
    def is_wide(self) -> bool:
        """Whether it is wider than a screen."""
        return self.width > MAX_OPEN


def build_table(
    groups: Iterable[CardGroup], at: datetime, room_text: Callable[[RoomNameInVenue], str] = wording.room
) -> RoomTable | None:
    """Return the table of a day, or None if it has no parallel sessions, because a list says as much then.

    ``room_text`` returns the heading of a room's column.
    """
    groups = list(groups)
    cards = sorted((c for group in groups for slot in group["slots"] for c in slot["cards"]), key=_times)
    full_width = _full_width_codes(cards)
    columns = _columns([card for card in cards if card["code"] not in full_width], room_text)
    if len(columns) <= 1:
        return None
    times = sorted({moment for card in cards for moment in _times(card)})
    row_numbers = {moment: i for i, moment in enumerate(times)}
    filled = _fill_columns(cards, full_width, columns, row_numbers)
    rows = [_row(start, end, at) for start, end in itertools.pairwise(times)]
    for group in groups:
        if group["part"] and group["slots"]:
            first = row_numbers[group["slots"][0]["starts_at"]]
            if first == 0 or not any(line[first - 1] and line[first - 1] is line[first] for line in filled):
                rows[first].heads.append(group)
    for cell in _cells(filled, rows):
        rows[cell.row].cells.append(cell)
    return RoomTable(_column_headings(columns), rows, times[-1])


def _full_width_codes(cards: list[ShownCard]) -> set[str]:
    """Return the codes of sessions without a parallel session other than exhibitions."""
    codes: set[str] = set()
    running: list[ShownCard] = []
    for card in cards:
        if card["kind"] == EDGE_KIND:
            continue
        running = [other for other in running if other["ends_at"] > card["starts_at"]]
        codes -= {other["code"] for other in running}
        if not running:
            codes.add(card["code"])
        running.append(card)
    return codes


def _columns(
    cards: list[ShownCard], room_text: Callable[[RoomNameInVenue], str]
) -> list[tuple[ColumnKey, list[ShownCard]]]:
    """Return (room, its sessions) of each column, in the order of the rooms. A room whose sessions overlap has several columns."""
    lanes: dict[ColumnKey, list[list[ShownCard]]] = {}
    for card in cards:
        for key in _column_keys(card, room_text):
            of_room = lanes.setdefault(key, [])
            free = next((lane for lane in of_room if lane[-1]["ends_at"] <= card["starts_at"]), None)
            if free is None:
                of_room.append(free := [])
            free.append(card)
    return [(key, lane) for key in sorted(lanes) for lane in lanes[key]]


def _column_keys(card: ShownCard, room_text: Callable[[RoomNameInVenue], str]) -> list[ColumnKey]:
    edge = AT_EDGE if card["kind"] == EDGE_KIND else 0
    own = [(edge, room["venue_position"], room["position"], room_text(room)) for room in card["own_rooms"]]
    return own or [(edge or UNKNOWN_ROOM, 0, 0, "")]


def _fill_columns(
    cards: list[ShownCard],
    full_width: set[str],
    columns: list[tuple[ColumnKey, list[ShownCard]]],
    row_numbers: dict[str, int],
) -> list[list[ShownCard | None]]:
    """Return for each column the session in each of its rows, or None."""
    filled: list[list[ShownCard | None]] = [[None] * (len(row_numbers) - 1) for _column in columns]
    wide = [card for card in cards if card["code"] in full_width]
    for line, ((edge, *_room), own) in zip(filled, columns, strict=True):
        for card in own if edge == AT_EDGE else [*own, *wide]:
            start, end = (row_numbers[moment] for moment in _times(card))
            line[start:end] = [card] * (end - start)
    return filled


def _cells(filled: list[list[ShownCard | None]], rows: list[TableRow]) -> Iterator[TableCell]:
    """Join equal neighbours of the columns to cells. An empty cell ends where a part begins."""
    width, seen = len(filled), set()
    for row in range(len(rows)):
        for column in range(width):
            if (row, column) in seen:
                continue
            card, right, below = filled[column][row], column + 1, row + 1
            while card and right < width and filled[right][row] is card:
                right += 1
            while below < len(rows) and filled[column][below] is card and (card or not rows[below].heads):
                below += 1
            seen |= {(r, c) for r in range(row, below) for c in range(column, right)}
            yield TableCell(row, column, below - row, right - column, right - column == width, card)


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
