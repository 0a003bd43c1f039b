"""The rows of the programme in an exchange file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference.exchange import FileEntry, FileProblem, RowList, ends_after_start
from conference.models import Room
from korean.dates import format_hours
from sessions import timetable
from sessions.models import Part, Presentation, Proposal, Question, RoomUse, Session

COPIED_AS = gettext_lazy("프로그램")
OUTCOME = dict.fromkeys(("outcome", "actual_starts_at", "actual_ends_at", "headcount", "note"))


def _copy_times(use: Any, _entry: FileEntry) -> None:
    timetable.copy_times(use)


ROWS = (
    RowList("parts", Part, key="label", names={"exhibition_slug": "exhibitions"}, checks=(ends_after_start(),)),
    RowList(
        "sessions",
        Session,
        children=(
            RowList(
                "room_uses",
                RoomUse,
                parent_field="session",
                key="room",
                leave_out="starts_at ends_at",
                before_save=_copy_times,
            ),
            RowList("presentations", Presentation, parent_field="session", copy_overrides={"outcome": None}),
            RowList("questions", Question, parent_field="session", is_copied=False),
            RowList("proposals", Proposal, parent_field="session", is_copied=False),
        ),
        copy_overrides=OUTCOME,
        checks=(ends_after_start(), ends_after_start("actual_starts_at", "actual_ends_at")),
    ),
)


def check(entries: list[FileEntry]) -> Iterator[FileProblem]:
    """Yield a problem for each session on a floor, and for two sessions in one room at one time."""
    floors = {entry.key for entry in entries if entry.rows.model is Room and entry.values["kind"] == Room.Kind.FLOOR}
    by_room: dict[tuple[str, ...], list[FileEntry]] = {}
    for entry in entries:
        if entry.rows.model is RoomUse and _session_of(entry).is_sound:
            if entry.values["room"] in floors:
                yield FileProblem(f"{entry.pointer}/room", timetable.floor_error_message(entry.values["room"][-1]))
            elif not entry.values["is_deliberate"]:
                by_room.setdefault(entry.values["room"], []).append(entry)
    for room, uses in by_room.items():
        yield from _overlaps(room[-1], uses)


def _session_of(use: FileEntry) -> FileEntry:
    return cast("FileEntry", use.parent)  # a room's use is listed in its session


def _overlaps(room: str, uses: list[FileEntry]) -> Iterator[FileProblem]:
    """Compare each use with the earlier one that ends last; comparing all would repeat the same problem."""
    uses.sort(key=lambda use: _session_of(use).values["starts_at"])
    last: FileEntry | None = None
    for use in uses:
        one, other = last and _session_of(last).values, _session_of(use).values
        if one and other["starts_at"] < one["ends_at"]:
            text = _("%(room)s: ‘%(one)s’(%(one_hours)s)와 ‘%(other)s’(%(other_hours)s)의 시간이 겹칩니다.")
            yield FileProblem(
                f"{use.pointer}/room",
                text
                % {
                    "room": room,
                    "one": one["title"],
                    "one_hours": format_hours(one["starts_at"], one["ends_at"]),
                    "other": other["title"],
                    "other_hours": format_hours(other["starts_at"], other["ends_at"]),
                },
            )
        last = use if not one or other["ends_at"] > one["ends_at"] else last
