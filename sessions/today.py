"""Acts of the day: start, finish, count, delay, move or cancel a session, and undo it.

An act changes the live row and, if visitors see it, that session alone in the release in force. Changes that are not
published yet stay unpublished. Each act can be undone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from datetime import datetime, timedelta
from typing import cast
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from accounts.models import User
from conference import collect, trash
from conference.models import Conference, Person, Photo, Room
from korean.dates import SEOUL
from publishing import releases
from publishing.content import Sections
from publishing.models import Release
from rows.canonical_json import iso_moment
from rows.recording import record_changes
from sessions import timetable
from sessions.collect import order_blocks
from sessions.content import AnnouncedContent, SessionContent, blocks
from sessions.content import sessions as sessions_of
from sessions.delays import DelayItem, compute_delays
from sessions.models import DayChange, Effects, FieldValues, Outcome, Session

SAME_ROOMS, WHOLE_DAY = "rooms", "day"  # which later sessions are delayed too
MAX_GAP = timedelta(days=1)  # a session that begins later than that after another does not wait for it
MAX_DISTANCE = timedelta(hours=12)  # from the planned times; 시작 and 종료 are refused beyond it as pressed by mistake


# ── acts that change live rows only ─────────────────────────────────────────────────────────────
def start(session: Session, *, by: User, form_key: str, at: datetime | None = None) -> DayChange:
    """시작: record the time at which it really began."""
    at = (at or timezone.now()).replace(microsecond=0)

    def change_row(row: Session) -> str:
        if row.actual_starts_at:
            raise ValidationError(_("이미 시작한 세션입니다."), code="started")
        if not is_near(row, at):
            raise ValidationError(_("오늘 여는 세션이 아닙니다."), code="day")
        row.actual_starts_at = at
        row.save_by(by)
        return _("%(clock)s 시작") % {"clock": f"{at.astimezone(SEOUL):%H:%M}"}

    return _perform_act(session, DayChange.Kind.START, change_row, by=by, form_key=form_key)


def finish(session: Session, *, by: User, form_key: str, at: datetime | None = None) -> DayChange:
    """종료: record the time at which it really ended."""
    at = (at or timezone.now()).replace(microsecond=0)

    def change_row(row: Session) -> str:
        if not row.actual_starts_at or row.actual_ends_at:
            raise ValidationError(_("진행 중인 세션이 아닙니다."), code="running")
        if at <= row.actual_starts_at:
            raise ValidationError(_("방금 시작한 세션입니다. 잠시 뒤에 눌러 주세요."), code="times")
        row.actual_ends_at = at
        row.save_by(by)
        return _("%(clock)s 종료") % {"clock": f"{at.astimezone(SEOUL):%H:%M}"}

    return _perform_act(session, DayChange.Kind.FINISH, change_row, by=by, form_key=form_key)


def record_headcount(session: Session, *, headcount: int, by: User, form_key: str) -> DayChange:
    """인원: record how many people came."""

    def change_row(row: Session) -> str:
        row.headcount = headcount
        row.save_by(by)
        return _("참석 인원 %(count)d명") % {"count": headcount}

    return _perform_act(session, DayChange.Kind.COUNT, change_row, by=by, form_key=form_key)


def attach_photos(session: Session, *, photos: Sequence[Photo], by: User) -> DayChange:
    """사진: attach new photos to the session. Undoing it deletes them."""
    with record_changes([session], by=by, many=["photos"]):
        session.photos.add(*photos)
    return DayChange.objects.create(
        conference=session.conference,
        session=session,
        kind=DayChange.Kind.PHOTOS,
        text=_("사진 %(count)d장") % {"count": len(photos)},
        form_key=uuid4().hex,  # the upload itself refuses a photo that is there already
        content=Effects(photos=[(photo.pk, photo.version) for photo in photos]).to_json(),
        by=by,
    )


def is_near(session: Session, at: datetime) -> bool:
    """Whether the session can begin or end at that moment, up to MAX_DISTANCE from its planned times."""
    return session.starts_at - MAX_DISTANCE <= at <= session.ends_at + MAX_DISTANCE


# ── acts that visitors see ──────────────────────────────────────────────────────────────────────
def delay(session: Session, *, minutes: int, also: str = "", by: User, form_key: str) -> DayChange:
    """지연: the session begins and ends later; if it is running, it only ends later.

    ``also``: SAME_ROOMS delays the sessions that must wait for it (sessions/delays.py), WHOLE_DAY all later ones, until gaps
    have absorbed the delay. Raises timetable.RoomTaken if a session that is not delayed has a room then.
    """
    length = timedelta(minutes=minutes)
    others_delays: dict[str, timedelta] = {}
    running: set[str] = set()

    def other_codes(row: Session) -> Iterable[str]:
        others_delays.update(delayed_sessions(row, length, also=also))
        return others_delays

    def change_row(row: Session) -> str:
        _refuse_cancelled(row)
        running.update([row.code] if row.actual_starts_at else [])
        others = row.conference.sessions.filter(code__in=others_delays).order_by("-starts_at", "-pk")
        for other in [*others, row]:  # from the last, so that no session moves into another
            later = others_delays.get(other.code, length)
            starts_at = other.starts_at if other.code in running else other.starts_at + later
            timetable.move(other, starts_at=starts_at, ends_at=other.ends_at + later, by=by)
        text = _("%(minutes)d분 연장") if running else _("%(minutes)d분 지연")
        words = _(", 이어지는 세션 %(count)d개 함께") % {"count": len(others_delays)} if others_delays else ""
        return text % {"minutes": minutes} + words

    def change_release(value: SessionContent) -> None:
        later = others_delays.get(value["code"], length)
        if value["code"] not in running:
            _replace_fact(value, {"starts_at": _later(value["starts_at"], later)})
        _replace_fact(value, {"ends_at": _later(value["ends_at"], later)})

    return _perform_act(
        session, DayChange.Kind.DELAY, change_row, change_release, other_codes, by=by, form_key=form_key
    )


def move(session: Session, *, rooms: Iterable[Room], by: User, form_key: str) -> DayChange:
    """장소 변경. Raises timetable.RoomTaken if another session has one of the rooms."""
    rooms = list(rooms)

    def change_row(row: Session) -> str:
        _refuse_cancelled(row)
        if {room.pk for room in rooms} == {use.room_id for use in row.room_uses.all()}:
            raise ValidationError(_("지금 장소와 같습니다. 다른 곳을 고르세요."), code="same")
        timetable.set_rooms(row, rooms=rooms, by=by)
        return _("장소 변경: %(rooms)s") % {"rooms": ", ".join(map(str, rooms))}

    def change_release(value: SessionContent) -> None:
        _replace_fact(value, {"rooms": [collect.room(room) for room in rooms]})

    return _perform_act(session, DayChange.Kind.PLACE, change_row, change_release, by=by, form_key=form_key)


def cancel(session: Session, *, by: User, form_key: str) -> DayChange:
    """취소. The session keeps its rooms on paper; others may use them."""

    def change_row(row: Session) -> str:
        _refuse_cancelled(row)
        if row.actual_ends_at:
            raise ValidationError(_("이미 끝난 세션입니다."), code="finished")
        row.outcome = Outcome.CANCELLED
        timetable.set_rooms(row, rooms=[use.room for use in row.room_uses.all()], is_deliberate=True, by=by)
        return _("취소")

    def change_release(value: SessionContent) -> None:
        value["is_cancelled"] = True

    return _perform_act(session, DayChange.Kind.CANCEL, change_row, change_release, by=by, form_key=form_key)


def delayed_sessions(session: Session, by: timedelta, *, also: str) -> dict[str, timedelta]:
    """Return by how much each later session is delayed if this one is, by code."""
    if not also:
        return {}
    rows = session.conference.sessions.filter(
        ends_at__gt=session.starts_at, starts_at__lt=session.ends_at + MAX_GAP
    ).exclude(outcome=Outcome.CANCELLED)
    rows = rows.exclude(kind=Session.Kind.EXHIBITION).prefetch_related("room_uses", "presentations__presenter")
    items = {row.code: _delay_item(row) for row in rows.select_related("moderator")}
    late = items.pop(session.code, None)  # None if it is cancelled, which is refused later
    return compute_delays(late, by, list(items.values()), of_all=also == WHOLE_DAY) if late else {}


def _delay_item(row: Session) -> DelayItem:
    people = [row.moderator, *(talk.presenter for talk in row.presentations.all())]
    rooms = {f"room {use.room_id}" for use in row.room_uses.all()}
    persons = {f"person {person.pk}" for person in people if person and person.kind == Person.Kind.PERSON}
    is_for_all = row.kind in (Session.Kind.MOVE, Session.Kind.BREAK) and not rooms
    return DelayItem(
        row.code, row.starts_at, row.ends_at, frozenset(rooms | persons), is_for_all, bool(row.actual_starts_at)
    )


def _refuse_cancelled(session: Session) -> None:
    if session.outcome == Outcome.CANCELLED:
        raise ValidationError(_("취소한 세션입니다. 먼저 취소를 되돌리세요."), code="cancelled")


# ── performing and undoing an act ───────────────────────────────────────────────────────────────
@transaction.atomic
def _perform_act(
    session: Session,
    kind: str,
    change_row: Callable[[Session], str],
    change_release: Callable[[SessionContent], None] | None = None,
    other_codes: Callable[[Session], Iterable[str]] = lambda _session: (),
    *,
    by: User,
    form_key: str,
) -> DayChange:
    """Call ``change_row`` with the row and ``change_release`` with its released value; store what they replaced.

    ``change_row`` returns the act in words, ``other_codes`` the codes of further sessions that change. If an act with this
    ``form_key`` exists already, it is returned and nothing is done.
    """
    conference = Conference.objects.select_for_update().get(pk=session.conference_id)  # one act at a time
    if earlier := DayChange.objects.filter(form_key=form_key).first():
        return earlier
    session = conference.sessions.get(pk=session.pk)
    codes = [session.code, *other_codes(session)]
    before = _facts_by_code(conference, codes)
    text = change_row(session)
    after = _facts_by_code(conference, codes)
    released: dict[str, list[FieldValues]] = {}

    def change(sections: Sections) -> None:
        for value in sessions_of(sections):
            if change_release and value["code"] in codes:
                old = deepcopy(value)
                change_release(value)
                released[value["code"]] = _changed_facts(old, value)
        _reorder_sessions(sections, conference)

    if change_release:
        name = _("당일 변경: ‘%(title)s’ %(text)s") % {"title": session.title, "text": text}
        releases.amend(conference, by=by, name=Truncator(name).chars(Release.NAME_MAX), change=change)
    effects = Effects(live={code: _changed_facts(before[code], after[code]) for code in codes}, released=released)
    about = {"kind": kind, "text": text, "form_key": form_key, "content": effects.to_json()}
    return DayChange.objects.create(conference=conference, session=session, by=by, **about)


@transaction.atomic
def undo(change: DayChange, *, by: User) -> None:
    """되돌리기: restore what the act replaced, in the live rows and in the release in force.

    Raises ValidationError if it is undone already, or if something it changed has changed again since.
    """
    conference = Conference.objects.select_for_update().get(pk=change.conference_id)
    change.refresh_from_db()
    if change.undone_at:
        raise ValidationError(_("이미 되돌렸습니다."), code="undone")
    _delete_photos(change, by=by)
    effects = change.effects.live
    rows = {row.code: row for row in conference.sessions.filter(code__in=effects)}
    facts = _facts_by_code(conference, rows)
    for code, (_before, after) in effects.items():
        if code not in rows or not _has_facts(facts[code], after):
            raise _changed_since_error(rows[code].title if code in rows else code)
    _restore_rows(rows, {code: before for code, (before, _after) in effects.items()}, by=by)

    def restore(sections: Sections) -> None:
        for value in sessions_of(sections):
            before, after = change.effects.released.get(value["code"], ({}, {}))
            if _has_facts(value, after):
                _set_facts(value, before)
            elif not _has_facts(value, before):  # restored already, when the release was withdrawn
                raise _changed_since_error(value["title"])
        _reorder_sessions(sections, conference)

    name = _("되돌림: ‘%(title)s’ %(text)s") % {"title": change.session.title, "text": change.text}
    releases.amend(conference, by=by, name=Truncator(name).chars(Release.NAME_MAX), change=restore)
    change.undone_at, change.undone_by = timezone.now(), by
    change.save(update_fields=["undone_at", "undone_by"])


def _changed_since_error(title: str) -> ValidationError:
    text = _("‘%(title)s’이(가) 그 뒤에 다시 바뀌어 되돌릴 수 없습니다. 나중에 한 것부터 되돌리거나 직접 고쳐 주세요.")
    return ValidationError(text % {"title": title}, code="changed")


def _delete_photos(change: DayChange, *, by: User) -> None:
    """Delete the photos that the act added; they can be restored like any deleted row."""
    versions = dict(change.effects.photos)
    for photo in change.conference.photos.filter(pk__in=versions).select_related("file"):
        if photo.version != versions[photo.pk]:
            raise _changed_since_error(str(photo))
        trash.delete(photo, conference=change.conference, by=by)


def _restore_rows(rows: dict[str, Session], facts: dict[str, FieldValues], *, by: User) -> None:
    """Set the facts of the rows: in order of time if all move earlier, else from the last, so that none moves into another."""
    order = sorted(rows.values(), key=lambda row: row.starts_at)
    for row in order if all(_becomes_earlier(facts[row.code], row) for row in order) else reversed(order):
        fields = {key: value for key, value in facts[row.code].items() if key not in {"rooms", "is_deliberate"}}
        for key, value in fields.items():
            setattr(row, key, datetime.fromisoformat(value) if value and key.endswith("_at") else value)
        if {"starts_at", "ends_at"} & set(fields):
            timetable.move(row, starts_at=row.starts_at, ends_at=row.ends_at, by=by)
        elif "rooms" in facts[row.code] or "is_deliberate" in facts[row.code]:
            now = _facts_by_code(row.conference, [row.code])[row.code] | facts[row.code]
            rooms = Room.objects.filter(pk__in=now["rooms"]).select_related("venue")
            timetable.set_rooms(row, rooms=rooms, is_deliberate=now["is_deliberate"], by=by)
        else:
            row.save_by(by)


def _becomes_earlier(facts: FieldValues, row: Session) -> bool:
    return datetime.fromisoformat(facts.get("ends_at") or iso_moment(row.ends_at)) <= row.ends_at


def _facts_by_code(conference: Conference, codes: Iterable[str]) -> dict[str, FieldValues]:
    """Return what an act may change of live rows, as plain values by code."""
    rows = conference.sessions.filter(code__in=list(codes)).prefetch_related("room_uses")
    return {
        row.code: {
            "starts_at": iso_moment(row.starts_at),
            "ends_at": iso_moment(row.ends_at),
            "outcome": row.outcome,
            "actual_starts_at": iso_moment(row.actual_starts_at),
            "actual_ends_at": iso_moment(row.actual_ends_at),
            "headcount": row.headcount,
            "rooms": [use.room_id for use in row.room_uses.all()],
            "is_deliberate": any(use.is_deliberate for use in row.room_uses.all()),
        }
        for row in rows
    }


def _reorder_sessions(sections: Sections, conference: Conference) -> None:
    """Put the released sessions in the order of the live rows, because one may have moved past another."""
    released = blocks(sections)
    released[:] = order_blocks(released, conference.sessions.values_list("code", flat=True))


def _later(at: str, by: timedelta) -> str:
    return iso_moment(datetime.fromisoformat(at) + by)


def _replace_fact(value: SessionContent, new: AnnouncedContent) -> None:
    """Change released facts and keep their first announced values under ``was``, unless the new value equals them."""
    announced = {key: value.get(key) for key in new} | value.get("was", {})
    value.update(new)
    value.pop("was", None)
    if was := {key: old for key, old in announced.items() if value.get(key) != old}:
        value["was"] = cast("AnnouncedContent", was)


def _changed_facts(old: Mapping[str, object], new: Mapping[str, object]) -> list[FieldValues]:
    keys = [key for key in {**old, **new} if old.get(key) != new.get(key)]
    return [{key: value.get(key) for key in keys} for value in (old, new)]


def _has_facts(value: Mapping[str, object], facts: FieldValues) -> bool:
    return all(value.get(key) == fact for key, fact in facts.items())


def _set_facts(value: SessionContent, facts: FieldValues) -> None:
    """Set the facts of a released value; ``was`` and ``is_cancelled`` are removed if None."""
    value.update(cast("SessionContent", facts))
    if value.get("was") is None:
        value.pop("was", None)
    if value.get("is_cancelled") is None:
        value.pop("is_cancelled", None)
