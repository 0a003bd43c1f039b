"""Deadlines and milestones, for an event that goes to another day. Meetings stay: what was held was held."""

from __future__ import annotations

from collections.abc import Collection

from accounts.models import User
from conference import reschedule
from conference.models import Conference
from preparation.models import Deadline, Milestone, TimelineEntry
from rows import labels


def companions(conference: Conference) -> list[reschedule.Companion]:
    """Return what may follow the event."""
    return [
        reschedule.Companion(_key(row), labels.name(type(row)), f"{row.track.title}: {row.label}", row.date)
        for row in _rows(conference)
    ]


def follow(conference: Conference, wanted: Collection[str], *, days: int, by: User) -> None:
    """Put off those of the keys."""
    for row in _rows(conference):
        if _key(row) in wanted:
            reschedule.move_row(row, days=days, by=by)


def _rows(conference: Conference) -> list[TimelineEntry]:
    return [
        row
        for model in (Deadline, Milestone)
        for row in model.objects.filter(track__conference=conference).select_related("track")
    ]


def _key(row: TimelineEntry) -> str:
    return f"{row._meta.model_name}-{row.pk}-{row.version}"
