"""When and where: the only writer of RoomUse. A room use always has its session's times."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from conference.models import Room, User
from conference.notation import hours
from sessions.models import RoomUse, Session


class Taken(ValidationError):  # noqa: N818 (timetable.Taken reads as what it says)
    """A room is held by ``session`` at that time."""

    def __init__(self, room: Room, session: Session) -> None:
        self.room, self.session = room, session
        super().__init__(
            _("%(room)s: %(hours)s에 ‘%(title)s’이(가) 쓰고 있습니다. 시간이나 장소를 바꾸십시오.")
            % {"room": room, "hours": hours(session.starts_at, session.ends_at), "title": session.title},
            code="taken",
        )


@transaction.atomic
def place(session: Session, *, rooms: Iterable[Room], is_deliberate: bool = False, by: User | None) -> list[RoomUse]:
    """Give the session exactly these rooms for its time; none takes them all away.

    ``is_deliberate``: two things in one room at once, and meant so. Raises Taken, or ValidationError for a floor
    (층, a place to print, not to hold) and for a room of another conference.
    """
    uses = give(session, rooms=rooms, is_deliberate=is_deliberate)
    _record(session, by=by)
    return uses


@transaction.atomic
def give(session: Session, *, rooms: Iterable[Room], is_deliberate: bool = False) -> list[RoomUse]:
    """Do what ``place`` does for a session that is being saved with its other facts."""
    rooms = list(rooms)
    for room in rooms:
        if room.kind == Room.Kind.FLOOR:
            raise ValidationError(floor_refused(room.name), code="floor")
        if room.venue.conference_id != session.conference_id:
            raise ValidationError(_("%(room)s: 이 행사의 장소가 아닙니다.") % {"room": room}, code="foreign")
    if not is_deliberate:
        _free(rooms, session=session)
    session.room_uses.all().delete()
    uses = [align(RoomUse(session=session, room=room, is_deliberate=is_deliberate)) for room in rooms]
    return RoomUse.objects.bulk_create(uses)


def clear(session: Session) -> None:
    """Take its rooms away for the moment: several sessions may trade their rooms in one go."""
    session.room_uses.all().delete()


@transaction.atomic
def move(session: Session, *, starts_at: datetime, ends_at: datetime, by: User | None) -> None:
    """Give the session other times; its rooms go along. Raises Taken, or ValidationError when it ends before it starts."""
    if ends_at <= starts_at:
        raise ValidationError({"ends_at": _("끝나는 시각이 시작보다 빠릅니다.")}, code="times")
    session.starts_at, session.ends_at = starts_at, ends_at
    uses = list(session.room_uses.select_related("room"))
    _free([use.room for use in uses if not use.is_deliberate], session=session)
    for use in uses:
        align(use).save()
    _record(session, by=by)


def align(use: RoomUse) -> RoomUse:
    """Give a room use the times of its session."""
    use.starts_at, use.ends_at = use.session.starts_at, use.session.ends_at
    return use


def floor_refused(name: str) -> str:
    """Why a session cannot hold a floor."""
    return _("%(room)s: 층은 쓸 자리로 잡을 수 없습니다. 그 층의 방을 고르십시오.") % {"room": name}


def _free(rooms: list[Room], *, session: Session) -> None:
    """Raise Taken where another session holds one of ``rooms`` in the session's time.

    The rooms' rows are locked first: of two people who want one room at once the second sees the first. What
    slips past all the same, the database refuses (triggers.py).
    """
    list(Room.objects.select_for_update().filter(pk__in=[room.pk for room in rooms]).order_by("pk"))
    clash = (
        RoomUse.objects.filter(room__in=rooms, is_deliberate=False)
        .filter(starts_at__lt=session.ends_at, ends_at__gt=session.starts_at)
        .exclude(session=session)
        .select_related("room", "session")
        .first()
    )
    if clash:
        raise Taken(clash.room, clash.session)


def _record(session: Session, *, by: User | None) -> None:
    """Save the session with a line in its history that says who moved it."""
    session._history_user = by  # noqa: SLF001 (simple-history's own way to be told)
    session.save()
