"""Findings in the programme."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from django.db.models import Exists, OuterRef, Prefetch, prefetch_related_objects
from django.utils.translation import gettext as _

from conference import kinds
from conference.checks import Check, Finding, weekdays
from conference.frozen import SEOUL
from conference.models import Conference, Person
from conference.notation import hours
from sessions.models import Part, Presentation, Proposal, RoomUse, Session

SILENT = (Session.Kind.MOVE, Session.Kind.BREAK, Session.Kind.EXHIBITION)  # nobody speaks there


def programme(conference: Conference) -> list[Session]:
    """The sessions with talks (``has_materials``), rooms and ``has_proposals``, in order; three queries, once a conference."""
    files = Presentation.materials.through.objects.filter(presentation=OuterRef("pk"))
    talks = Presentation.objects.select_related("presenter").annotate(has_materials=Exists(files))
    sessions = (
        Session.objects.select_related("part", "topic", "moderator")
        .annotate(has_proposals=Exists(Proposal.objects.filter(session=OuterRef("pk"))))
        .prefetch_related(
            Prefetch("presentations", talks), Prefetch("room_uses", RoomUse.objects.select_related("room"))
        )
    )
    prefetch_related_objects([conference], Prefetch("sessions", sessions))
    return list(conference.sessions.all())


def parts(conference: Conference) -> list[Part]:
    """The parts in order, fetched once a conference."""
    prefetch_related_objects([conference], "parts")
    return list(conference.parts.all())


def link(session: Session, field: str = "") -> str:
    """Where a field of the session is edited."""
    return kinds.page(Session, session.pk, session.conference, field=field)


def overlap(conference: Conference) -> Iterator[Finding]:
    """One room, or one person, in two places at once."""
    busy: dict[str, list[Session]] = {}
    for session in programme(conference):
        people = {row.presenter for row in session.presentations.all()} | {session.moderator}
        names = [str(use.room) for use in session.room_uses.all() if not use.is_deliberate]
        names += [
            f"{person.name}({person.affiliation} {person.job})"
            for person in people
            if person and person.kind == Person.Kind.PERSON
        ]
        for name in names:
            busy.setdefault(name, []).append(session)
    for who, held in busy.items():
        for one, other in combinations(held, 2):
            if one.starts_at < other.ends_at and other.starts_at < one.ends_at:
                yield Finding(
                    "block",
                    "overlap",
                    who,
                    _("같은 시간에 두 곳에 잡혀 있습니다: %(one)s, %(other)s")
                    % {
                        "one": f"{one.title} {hours(one.starts_at, one.ends_at)}",
                        "other": f"{other.title} {hours(other.starts_at, other.ends_at)}",
                    },
                    _("한쪽의 시간이나 배정을 바꾸십시오."),
                    link(other, "starts_at"),
                )


def gap(conference: Conference) -> Iterator[Finding]:
    """Minutes between consecutive items of the programme that nothing fills, within one day."""
    last: Session | None = None
    for session in programme(conference):
        if session.kind == Session.Kind.EXHIBITION:
            continue
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
                link(session, "starts_at"),
            )
        last = session if last is None or session.ends_at > last.ends_at else last


def no_speaker(conference: Conference) -> Iterator[Finding]:
    """An item at which somebody should speak, with neither presenter, performer nor moderator."""
    for session in programme(conference):
        if session.kind in SILENT or session.presentations.all() or session.performer_text or session.moderator:
            continue
        yield Finding(
            "warn",
            "no_speaker",
            f"{hours(session.starts_at, session.ends_at)} {session.title}",
            _("발표자나 진행자가 없습니다."),
            _("발표자, 공연·발표(글) 또는 사회자를 입력하십시오."),
            link(session, "moderator"),
        )


def weekday(conference: Conference) -> Iterator[Finding]:
    """The weekday written beside a time of a part or session."""
    yield from weekdays(conference, parts(conference), fields=("starts_at", "ends_at"))
    yield from weekdays(conference, programme(conference), fields=("starts_at", "ends_at"))


CHECKS: list[Check] = [overlap, gap, no_speaker, weekday]
