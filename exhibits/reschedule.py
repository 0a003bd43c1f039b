"""Moves exhibitions when an event gets another date."""

from __future__ import annotations

from accounts.models import User
from conference import reschedule
from conference.models import Conference


def time_ranges(conference: Conference) -> list[reschedule.TimeRange]:
    """Return start and end of every exhibition."""
    return list(conference.exhibitions.values_list("starts_at", "ends_at"))


def move_dates(conference: Conference, *, days: int, by: User) -> None:
    """Move every exhibition by so many days."""
    for exhibition in conference.exhibitions.select_for_update():
        reschedule.move_row(exhibition, days=days, by=by)
