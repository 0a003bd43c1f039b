"""Findings in the programme."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import combinations

from django.utils.translation import gettext as _

from conference.checks import Check, Finding, weekdays
from conference.frozen import SEOUL
from conference.models import Conference, Person
from conference.notation import hours
from sessions.models import RoomUse, Session

SILENT = (Session.Kind.MOVE, Session.Kind.BREAK, Session.Kind.EXHIBITION)  # nobody speaks there


def overlap(conference: Conference) -> Iterator[Finding]:
    """One room, or one person, in two places at once."""
    busy: dict[str, list[tuple[datetime, datetime, Session]]] = {}
    for use in RoomUse.objects.filter(session__conference=conference, is_deliberate=False).select_related(
        "session", "room"
    ):
        busy.setdefault(str(use.room), []).append((use.starts_at, use.ends_at, use.session))
    for session in conference.sessions.select_related("moderator").prefetch_related("presentations__presenter"):
        people = {row.presenter for row in session.presentations.all()} | {session.moderator}
        for person in people:
            if person and person.kind == Person.Kind.PERSON:
                busy.setdefault(f"{person.name}({person.affiliation} {person.job})", []).append(
                    (session.starts_at, session.ends_at, session)
                )
    for who, times in busy.items():
        for (start, end, one), (other_start, other_end, other) in combinations(times, 2):
            if start < other_end and other_start < end:
                yield Finding(
                    "block",
                    "overlap",
                    who,
                    _("같은 시간에 두 곳에 잡혀 있습니다: %(one)s, %(other)s")
                    % {
                        "one": f"{one.title} {hours(start, end)}",
                        "other": f"{other.title} {hours(other_start, other_end)}",
                    },
                    _("한쪽의 시간이나 배정을 바꾸십시오."),
                )


def gap(conference: Conference) -> Iterator[Finding]:
    """Minutes between consecutive items of the programme that nothing fills, within one day."""
    last: Session | None = None
    for session in conference.sessions.exclude(kind=Session.Kind.EXHIBITION).order_by("starts_at"):
        same_day = last and last.ends_at.astimezone(SEOUL).date() == session.starts_at.astimezone(SEOUL).date()
        if last and same_day and session.starts_at > last.ends_at:
            minutes = (session.starts_at - last.ends_at).seconds // 60
            yield Finding(
                "warn",
                "gap",
                _("프로그램 %(hours)s") % {"hours": hours(last.ends_at, session.starts_at)},
                _("%(before)s과(와) %(after)s 사이 %(minutes)d분이 비어 있습니다.")
                % {"before": f"‘{last.title}’", "after": f"‘{session.title}’", "minutes": minutes},
                _("휴식이나 이동을 넣거나 시각을 확인하십시오."),
            )
        last = session if last is None or session.ends_at > last.ends_at else last


def no_speaker(conference: Conference) -> Iterator[Finding]:
    """An item at which somebody should speak, with neither presenter, performer nor moderator."""
    rows = conference.sessions.filter(presentations=None, performer_text="", moderator=None).exclude(kind__in=SILENT)
    for session in rows.order_by("starts_at", "position"):
        yield Finding(
            "warn",
            "no_speaker",
            f"{hours(session.starts_at, session.ends_at)} {session.title}",
            _("발표자나 진행자가 없습니다."),
            _("발표자, 공연·발표(글) 또는 사회자를 입력하십시오."),
        )


def weekday(conference: Conference) -> Iterator[Finding]:
    """The weekday written beside a time of a part or session."""
    yield from weekdays(conference.parts.all(), fields=("starts_at", "ends_at"))
    yield from weekdays(conference.sessions.all(), fields=("starts_at", "ends_at"))


CHECKS: list[Check] = [overlap, gap, no_speaker, weekday]
