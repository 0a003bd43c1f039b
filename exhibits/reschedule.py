"""When the exhibitions are, for an event that goes to another day."""

from __future__ import annotations

from accounts.models import User
from conference import reschedule
from conference.models import Conference


def spans(conference: Conference) -> list[reschedule.Span]:
    """Return when each begins and ends."""
    return list(conference.exhibitions.values_list("starts_at", "ends_at"))


def shift(conference: Conference, *, days: int, by: User) -> None:
    """Hold every exhibition so many days later."""
    for exhibition in conference.exhibitions.select_for_update():
        reschedule.move_row(exhibition, days=days, by=by)
