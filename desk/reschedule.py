"""제출 요청, for an event that goes to another day: the officers are told of the new day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from accounts.models import User
from conference import reschedule
from conference.models import Conference
from desk import data_requests
from desk.models import Call
from rows import labels


def companions(conference: Conference) -> list[reschedule.Companion]:
    """Return what may follow the event."""
    return [
        reschedule.Companion(_key(call), labels.kind_name(Call), str(call.district), call.due)
        for call in conference.calls.select_related("district")
    ]


def follow(conference: Conference, wanted: Collection[str], *, days: int, by: User) -> None:
    """Ask for the same until so many days later."""
    moved = [call for call in conference.calls.all() if _key(call) in wanted]
    lines = data_requests.lines_of(conference) if moved else {}
    for call in moved:
        asked = data_requests.Asked(call.items, call.due + timedelta(days=days), call.note)
        data_requests.change(call, asked, version=call.version, by=by, lines=lines)


def _key(call: Call) -> str:
    return f"call-{call.pk}-{call.version}"
