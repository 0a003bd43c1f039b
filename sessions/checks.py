"""Findings in the programme."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from django.utils.translation import gettext as _

from conference import kinds
from conference.checks import Check, Finding, weekdays
from conference.frozen import SEOUL
from conference.models import Conference
from conference.notation import hours
from sessions.models import Part, Session
from sessions.outline import Slot, programme


def parts(conference: Conference) -> list[Part]:
    """The parts in order, fetched once a conference."""
    if not hasattr(conference, "parts_read"):
        conference.parts_read = list(conference.parts.all())
    return conference.parts_read


def link(conference: Conference, slot: Slot, field: str) -> str:
    """Where a field of the session is edited."""
    return kinds.page(Session, slot.pk, conference, field=field)


def overlap(conference: Conference) -> Iterator[Finding]:
    """One room, or one person, in two places at once."""
    busy: dict[str, list[Slot]] = {}
    for slot in programme(conference):
        people = {talk.presenter for talk in slot.talks} | {slot.moderator}
        rooms = [name for name, is_deliberate in slot.rooms if not is_deliberate]
        for name in [*rooms, *(str(who) for who in people if who and who.is_person)]:
            busy.setdefault(name, []).append(slot)
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
                    link(conference, other, "starts_at"),
                )


def gap(conference: Conference) -> Iterator[Finding]:
    """Minutes between consecutive items of the programme that nothing fills, within one day."""
    last: Slot | None = None
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
                link(conference, session, "starts_at"),
            )
        last = session if last is None or session.ends_at > last.ends_at else last


def no_speaker(conference: Conference) -> Iterator[Finding]:
    """An item at which somebody should speak, with neither presenter, performer nor moderator."""
    for session in programme(conference):
        if session.is_silent or session.talks or session.performer_text or session.moderator:
            continue
        yield Finding(
            "warn",
            "no_speaker",
            f"{hours(session.starts_at, session.ends_at)} {session.title}",
            _("발표자나 진행자가 없습니다."),
            _("발표자, 공연·발표(글) 또는 사회자를 입력하십시오."),
            link(conference, session, "moderator"),
        )


def weekday(conference: Conference) -> Iterator[Finding]:
    """The weekday written beside a time of a part or session."""
    yield from weekdays(conference, parts(conference), fields=("starts_at", "ends_at"))
    yield from weekdays(conference, programme(conference), fields=("starts_at", "ends_at"), model=Session)


CHECKS: list[Check] = [overlap, gap, no_speaker, weekday]
