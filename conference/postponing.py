"""The event goes to another day, and with it what has times of its own (``<app>.dates``: ``spans`` and ``shift``)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from conference import house
from conference.frozen import SEOUL
from conference.models import Conference, Row, User

Span = tuple[datetime, datetime]


def adrift(conference: Conference) -> tuple[int, int]:
    """Return how many parts, sessions and exhibitions lie outside the event, and by how many days all belong elsewhere.

    That is as many as lead from their first day to the event's, if fewer lie outside then; else 0.
    """
    spans = [span for room in house.rooms("dates").values() for span in room.spans(conference)]
    outside = _outside(conference, spans, timedelta())
    if not outside:
        return 0, 0
    first = min(starts_at for starts_at, _ends_at in spans)
    by = conference.starts_at.astimezone(SEOUL).date() - first.astimezone(SEOUL).date()
    return outside, by.days if _outside(conference, spans, by) < outside else 0


def _outside(conference: Conference, spans: list[Span], by: timedelta) -> int:
    return sum(is_outside(conference, starts_at + by, ends_at + by) for starts_at, ends_at in spans)


def is_outside(conference: Conference, starts_at: datetime, ends_at: datetime) -> bool:
    """Whether something is not wholly within the event."""
    return starts_at < conference.starts_at or ends_at > conference.ends_at


@transaction.atomic
def shift(conference: Conference, *, days: int, by: User) -> None:
    """Let everything follow the event by so many days. Raises ValidationError where it is not (or no longer) adrift so far."""
    now = Conference.objects.select_for_update().get(pk=conference.pk)  # who presses twice shifts once
    if not days or adrift(now)[1] != days:
        raise ValidationError(_("그 사이 일정이 바뀌어 옮기지 않았습니다. 날짜를 다시 확인해 주세요."))
    for room in house.rooms("dates").values():
        room.shift(now, days=days, by=by)


def put_off(row: Row, *, days: int, by: User) -> None:
    """Give a row its times so many days later; what its source said was of the old ones."""
    for name in ("starts_at", "ends_at"):
        if at := getattr(row, name):
            setattr(row, name, at + timedelta(days=days))
        row.as_written.pop(name, None)
    row._history_user = by  # noqa: SLF001 (simple-history's own way to be told)
    row.save()
