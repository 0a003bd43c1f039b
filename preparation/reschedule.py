"""Moves deadlines and milestones when an event gets another date. Meetings keep theirs, because they have taken place."""

from __future__ import annotations

from collections.abc import Collection

from accounts.models import User
from conference import reschedule
from conference.models import Conference
from preparation.models import Deadline, Milestone
from rows import labels


def related_dates(conference: Conference) -> list[reschedule.RelatedDate]:
    """Return the rows that can be moved with the event."""
    return [
        reschedule.RelatedDate(_key(row), labels.kind_name(type(row)), f"{row.track.title}: {row.label}", row.date)
        for row in _rows(conference)
    ]


def move_selected(conference: Conference, keys: Collection[str], *, days: int, by: User) -> None:
    """Move the rows with these keys by so many days."""
    for row in _rows(conference):
        if _key(row) in keys:
            reschedule.move_row(row, days=days, by=by)


def _rows(conference: Conference) -> list[Deadline | Milestone]:
    return [
        *Deadline.objects.filter(track__conference=conference).select_related("track"),
        *Milestone.objects.filter(track__conference=conference).select_related("track"),
    ]


def _key(row: Deadline | Milestone) -> str:
    return f"{row._meta.model_name}-{row.pk}-{row.version}"
