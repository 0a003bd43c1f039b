"""Times and rooms of sessions: a RoomUse always has the times of its session.

While people work, only this module writes RoomUse. An import and the restoring of a row write it too, so the rules in
``sessions.database_rules`` refuse an overlap in any case.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from conference import reschedule
from conference.models import Conference, Room
from korean.dates import format_hours
from rows.recording import record_changes
from sessions.models import RoomUse, Session


class RoomTaken(ValidationError):
    """``session`` has that room at that time."""

    def __init__(self, room: Room, session: Session) -> None:
        self.room, self.session = room, session
        super().__init__(
            _("%(room)s: %(hours)s에 ‘%(title)s’이(가) 쓰고 있습니다. 시간이나 장소를 바꾸십시오.")
            % {"room": room, "hours": format_hours(session.starts_at, session.ends_at), "title": session.title},
            code="taken",
        )


@dataclass(frozen=True)
class RoomRequest:
    """A session shall have exactly these rooms for its time."""

    session: Session
    rooms: Sequence[Room]
    is_deliberate: bool = False  # other sessions may use the rooms at the same time


@transaction.atomic
def set_rooms(session: Session, *, rooms: Iterable[Room], is_deliberate: bool = False, by: User) -> list[RoomUse]:
    """Give the session exactly these rooms for its time; an empty list takes all rooms away.

    Raises RoomTaken, or ValidationError for a floor (층), which is only printed, and for a room of another conference.
    """
    with record_changes([session], by=by, many=["rooms"]):
        for error in assign_rooms([RoomRequest(session, list(rooms), is_deliberate)]).values():
            raise error
        session.save()
    return list(session.room_uses.all())


@transaction.atomic
def assign_rooms(requests: Sequence[RoomRequest]) -> dict[Session, ValidationError]:
    """Give all these sessions their rooms at once, so that they may exchange rooms. Return the errors by session.

    With any error nothing is changed. The caller saves the sessions themselves.
    """
    if not (errors := _invalid_requests(requests) or _taken_rooms(requests)):
        RoomUse.objects.filter(session__in=[request.session for request in requests]).delete()
        RoomUse.objects.bulk_create(
            copy_times(RoomUse(session=request.session, room=room, is_deliberate=request.is_deliberate))
            for request in requests
            for room in request.rooms
        )
    return errors


@transaction.atomic
def move(session: Session, *, starts_at: datetime, ends_at: datetime, by: User) -> None:
    """Give the session other times; it keeps its rooms. Raises RoomTaken, or ValidationError if it ends before it starts."""
    if ends_at <= starts_at:
        raise ValidationError({"ends_at": _("끝나는 시각이 시작보다 빠릅니다.")}, code="times")
    session.starts_at, session.ends_at = starts_at, ends_at
    uses = list(session.room_uses.select_related("room"))
    for error in _taken_rooms([RoomRequest(session, [use.room for use in uses if not use.is_deliberate])]).values():
        raise error
    with record_changes([session], by=by):
        for use in uses:
            copy_times(use).save()
        session.save()


@transaction.atomic
def move_dates(conference: Conference, *, days: int, by: User) -> None:
    """Move every session by so many days, all at once, because one may get the hours that another has now. They keep their rooms."""
    uses = list(RoomUse.objects.filter(session__conference=conference))
    sessions = {session.pk: session for session in conference.sessions.select_for_update().order_by("pk")}
    with record_changes([*sessions.values()], by=by):
        RoomUse.objects.filter(session__conference=conference).delete()
        for session in sessions.values():
            reschedule.move_row(session, days=days, by=by)
        for use in uses:
            use.pk, use.session = None, sessions[use.session_id]
        RoomUse.objects.bulk_create(map(copy_times, uses))


def overlapping_room_uses(session: Session) -> QuerySet[RoomUse]:
    """Return the room uses of other sessions that overlap with this one."""
    uses = RoomUse.objects.filter(is_deliberate=False, session__conference=session.conference)
    return (
        uses.filter(starts_at__lt=session.ends_at, ends_at__gt=session.starts_at)
        .exclude(session=session)
        .select_related("session")
    )


def copy_times(use: RoomUse) -> RoomUse:
    """Set the times of a room use to those of its session and return it."""
    use.starts_at, use.ends_at = use.session.starts_at, use.session.ends_at
    return use


def floor_error_message(name: str) -> str:
    """Return the error message for a session that is given a floor."""
    return _("%(room)s: 층은 쓸 자리로 잡을 수 없습니다. 그 층의 방을 고르십시오.") % {"room": name}


def _invalid_requests(requests: Iterable[RoomRequest]) -> dict[Session, ValidationError]:
    errors: dict[Session, ValidationError] = {}
    for request in requests:
        for room in request.rooms:
            if room.kind == Room.Kind.FLOOR:
                errors[request.session] = ValidationError(floor_error_message(room.name), code="floor")
            elif room.venue.conference_id != request.session.conference_id:
                text = _("%(room)s: 이 행사의 장소가 아닙니다.") % {"room": room}
                errors[request.session] = ValidationError(text, code="foreign")
    return errors


def _taken_rooms(requests: Sequence[RoomRequest]) -> dict[Session, ValidationError]:
    """Return errors for sessions whose room another session has at that time, or an earlier request takes.

    The rows of the rooms are locked first, so that two concurrent requests for one room see each other. The rule
    ``room_taken`` of the database (database_rules.py) refuses what this misses.
    """
    requests = [request for request in requests if request.rooms and not request.is_deliberate]
    if not requests:
        return {}
    rooms = {room.pk for request in requests for room in request.rooms}
    list(Room.objects.select_for_update().filter(pk__in=rooms).order_by("pk"))
    uses = (
        RoomUse.objects.filter(room__in=rooms, is_deliberate=False)
        .filter(starts_at__lt=max(request.session.ends_at for request in requests))
        .filter(ends_at__gt=min(request.session.starts_at for request in requests))
        .exclude(session__in=[request.session for request in requests])
        .select_related("room", "session")
    )
    by_room: dict[int, list[Session]] = {}
    for use in uses:
        by_room.setdefault(use.room_id, []).append(use.session)
    errors: dict[Session, ValidationError] = {}
    for request in requests:
        session = request.session
        for room in request.rooms:
            others = by_room.setdefault(room.pk, [])
            overlapping = (it for it in others if it.starts_at < session.ends_at and session.starts_at < it.ends_at)
            if other := next(overlapping, None):
                errors.setdefault(session, RoomTaken(room, other))
            others.append(session)
    return errors
