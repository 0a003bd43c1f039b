"""When and where: the only writer of RoomUse. A room use always has its session's times."""

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
from korean.dates import hours
from sessions.models import RoomUse, Session


class RoomTaken(ValidationError):
    """A room is held by ``session`` at that time."""

    def __init__(self, room: Room, session: Session) -> None:
        self.room, self.session = room, session
        super().__init__(
            _("%(room)s: %(hours)s에 ‘%(title)s’이(가) 쓰고 있습니다. 시간이나 장소를 바꾸십시오.")
            % {"room": room, "hours": hours(session.starts_at, session.ends_at), "title": session.title},
            code="taken",
        )


@dataclass(frozen=True)
class RoomRequest:
    """A session is to have exactly these rooms for its time."""

    session: Session
    rooms: Sequence[Room]
    is_deliberate: bool = False  # two things in one room at once, and meant so


@transaction.atomic
def set_rooms(
    session: Session, *, rooms: Iterable[Room], is_deliberate: bool = False, by: User | None
) -> list[RoomUse]:
    """Give the session exactly these rooms for its time; none takes them all away.

    Raises Taken, or ValidationError for a floor (층, a place to print, not to hold) and for a room of another conference.
    """
    for error in assign_rooms([RoomRequest(session, list(rooms), is_deliberate)]).values():
        raise error
    _save_with_history(session, by=by)
    return list(session.room_uses.all())


@transaction.atomic
def assign_rooms(wishes: Sequence[RoomRequest]) -> dict[Session, ValidationError]:
    """Give all these sessions their rooms at once; they may trade them. Return why not, by session: none got any then.

    The sessions themselves are being saved by whoever asks.
    """
    refused = _invalid_requests(wishes) or _taken_rooms(wishes)
    if not refused:
        RoomUse.objects.filter(session__in=[wish.session for wish in wishes]).delete()
        RoomUse.objects.bulk_create(
            copy_times(RoomUse(session=wish.session, room=room, is_deliberate=wish.is_deliberate))
            for wish in wishes
            for room in wish.rooms
        )
    return refused


@transaction.atomic
def move(session: Session, *, starts_at: datetime, ends_at: datetime, by: User | None) -> None:
    """Give the session other times; its rooms go along. Raises Taken, or ValidationError when it ends before it starts."""
    if ends_at <= starts_at:
        raise ValidationError({"ends_at": _("끝나는 시각이 시작보다 빠릅니다.")}, code="times")
    session.starts_at, session.ends_at = starts_at, ends_at
    uses = list(session.room_uses.select_related("room"))
    held = [use.room for use in uses if not use.is_deliberate]
    for error in _taken_rooms([RoomRequest(session, held)]).values():
        raise error
    for use in uses:
        copy_times(use).save()
    _save_with_history(session, by=by)


@transaction.atomic
def move_dates(conference: Conference, *, days: int, by: User) -> None:
    """Hold every session so many days later, all at once: one may get the hours that another has now. Rooms go along."""
    uses = list(RoomUse.objects.filter(session__conference=conference))
    sessions = {session.pk: session for session in conference.sessions.select_for_update().order_by("pk")}
    RoomUse.objects.filter(session__conference=conference).delete()
    for session in sessions.values():
        reschedule.move_row(session, days=days, by=by)
    for use in uses:
        use.pk, use.session = None, sessions[use.session_id]
    RoomUse.objects.bulk_create(map(copy_times, uses))


def overlapping_room_uses(session: Session) -> QuerySet[RoomUse]:
    """Return which rooms other sessions hold while this one goes on."""
    standing = RoomUse.objects.filter(is_deliberate=False, session__conference=session.conference)
    return (
        standing.filter(starts_at__lt=session.ends_at, ends_at__gt=session.starts_at)
        .exclude(session=session)
        .select_related("session")
    )


def copy_times(use: RoomUse) -> RoomUse:
    """Give a room use the times of its session."""
    use.starts_at, use.ends_at = use.session.starts_at, use.session.ends_at
    return use


def floor_error_message(name: str) -> str:
    """Why a session cannot hold a floor."""
    return _("%(room)s: 층은 쓸 자리로 잡을 수 없습니다. 그 층의 방을 고르십시오.") % {"room": name}


def _invalid_requests(wishes: Iterable[RoomRequest]) -> dict[Session, ValidationError]:
    refused: dict[Session, ValidationError] = {}
    for wish in wishes:
        for room in wish.rooms:
            if room.kind == Room.Kind.FLOOR:
                refused[wish.session] = ValidationError(floor_error_message(room.name), code="floor")
            elif room.venue.conference_id != wish.session.conference_id:
                told = {"room": room}
                refused[wish.session] = ValidationError(
                    _("%(room)s: 이 행사의 장소가 아닙니다.") % told, code="foreign"
                )
    return refused


def _taken_rooms(wishes: Sequence[RoomRequest]) -> dict[Session, ValidationError]:
    """Say which sessions want a room that another holds in their time, or one before them wants.

    The rooms' rows are locked first: of two people who want one room at once the second sees the first. What
    slips past all the same, the database refuses (database_rules.py).
    """
    wishes = [wish for wish in wishes if wish.rooms and not wish.is_deliberate]
    if not wishes:
        return {}
    rooms = {room.pk for wish in wishes for room in wish.rooms}
    list(Room.objects.select_for_update().filter(pk__in=rooms).order_by("pk"))
    standing = (
        RoomUse.objects.filter(room__in=rooms, is_deliberate=False)
        .filter(starts_at__lt=max(wish.session.ends_at for wish in wishes))
        .filter(ends_at__gt=min(wish.session.starts_at for wish in wishes))
        .exclude(session__in=[wish.session for wish in wishes])
        .select_related("room", "session")
    )
    held: dict[int, list[Session]] = {}
    for use in standing:
        held.setdefault(use.room_id, []).append(use.session)
    refused: dict[Session, ValidationError] = {}
    for wish in wishes:
        mine = wish.session
        for room in wish.rooms:
            others = held.setdefault(room.pk, [])
            if clash := next(
                (it for it in others if it.starts_at < mine.ends_at and mine.starts_at < it.ends_at), None
            ):
                refused.setdefault(mine, RoomTaken(room, clash))
            others.append(mine)
    return refused


def _save_with_history(session: Session, *, by: User | None) -> None:
    """Save the session with a line in its history that says who moved it."""
    session._history_user = by
    session.save()
