"""Checks of the programme: each yields findings for the page 점검."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import combinations

from django.utils.translation import gettext as _

from conference import reschedule, row_addresses
from conference.checks import Check, Finding, check_weekdays
from conference.models import Conference
from conference.read_once import read_once
from korean.dates import SEOUL, format_clock, format_hours, format_short_day, format_span
from publishing import releases
from publishing.checks import outdated_findings
from sessions.content import sessions
from sessions.models import Part, Presentation, Session
from sessions.programme_facts import SessionFacts, read_sessions

MIN_STEM = 3  # letters; two words count as the same if one begins with the other and the shorter has at least so many


@read_once
def read_parts(conference: Conference) -> list[Part]:
    """Return the parts in order."""
    return list(conference.parts.all())


def edit_link(conference: Conference, session: SessionFacts, field: str) -> str:
    """Return the address at which a field of the session is edited."""
    return row_addresses.row_address(Session, session.pk, conference, field=field)


def hours_with_day(conference: Conference, starts_at: datetime, ends_at: datetime) -> str:
    """Return the hours, with the day if the event has several."""
    days = {at.astimezone(SEOUL).date() for at in (conference.starts_at, conference.ends_at, starts_at, ends_at)}
    text = format_hours(starts_at, ends_at)
    return text if len(days) == 1 else f"{format_short_day(starts_at)} {text}"


def format_minutes(minutes: int) -> str:
    """Return a number of minutes in words: 50분, 3시간, 1시간 30분."""
    whole, rest = divmod(minutes, 60)
    words = [_("%(count)d시간") % {"count": whole}] if whole else []
    return " ".join([*words, *([_("%(count)d분") % {"count": rest}] if rest else [])])


def overlap(conference: Conference) -> Iterator[Finding]:
    """A room or a person that has two sessions at the same time."""
    busy: dict[str, list[SessionFacts]] = {}
    for session in read_sessions(conference):
        people = {talk.presenter for talk in session.talks} | {session.moderator}
        rooms = [name for name, is_deliberate in session.rooms if not is_deliberate]
        for name in [*rooms, *(str(who) for who in people if who and who.is_person)]:
            busy.setdefault(name, []).append(session)
    for name, same in busy.items():
        for one, other in combinations(same, 2):
            if one.starts_at < other.ends_at and other.starts_at < one.ends_at:
                yield Finding(
                    "block",
                    "overlap",
                    name,
                    _("같은 시간에 두 곳에 잡혀 있습니다: %(one)s, %(other)s")
                    % {
                        "one": f"{one.title} {hours_with_day(conference, one.starts_at, one.ends_at)}",
                        "other": f"{other.title} {hours_with_day(conference, other.starts_at, other.ends_at)}",
                    },
                    _("한쪽의 시간이나 배정을 바꾸십시오."),
                    edit_link(conference, other, "start"),
                )


def gap(conference: Conference) -> Iterator[Finding]:
    """A time between two consecutive sessions of a day in which nothing happens."""
    last: SessionFacts | None = None
    for session in read_sessions(conference):
        if session.kind == Session.Kind.EXHIBITION:
            continue
        same_day = last and last.ends_at.astimezone(SEOUL).date() == session.starts_at.astimezone(SEOUL).date()
        if last and same_day and session.starts_at > last.ends_at:
            length = format_minutes((session.starts_at - last.ends_at).seconds // 60)
            yield Finding(
                "warn",
                "gap",
                _("프로그램 %(hours)s") % {"hours": hours_with_day(conference, last.ends_at, session.starts_at)},
                _("%(before)s과(와) %(after)s 사이 %(length)s이 비어 있습니다.")
                % {"before": f"‘{last.title}’", "after": f"‘{session.title}’", "length": length},
                _("휴식이나 이동을 넣거나 시각을 확인하십시오."),
                edit_link(conference, session, "start"),
            )
        last = session if last is None or session.ends_at > last.ends_at else last


def outside_event(conference: Conference) -> Iterator[Finding]:
    """A part or session outside the hours of the event, which visitors see."""
    timed: list[tuple[type[Part | Session], Part | SessionFacts]] = [
        (Part, part) for part in read_parts(conference) if part.starts_at
    ]
    for model, row in [*timed, *((Session, session) for session in read_sessions(conference))]:
        starts_at = row.starts_at
        if starts_at and reschedule.is_outside(conference, starts_at, row.ends_at or starts_at):
            yield Finding(
                "warn",
                "outside_event",
                str(row),
                _("%(said)s: 행사 시간 밖입니다.") % {"said": format_span(starts_at, row.ends_at)},
                _("행사는 %(span)s입니다. 행사의 일시나 이 시각을 바꾸십시오.")
                % {"span": format_span(conference.starts_at, conference.ends_at)},
                row_addresses.row_address(model, row.pk, conference, field=_field_outside(conference, starts_at)),
            )


def _field_outside(conference: Conference, starts_at: datetime) -> str:
    """Return the form field whose value is outside the event."""
    first, day, last = (at.astimezone(SEOUL).date() for at in (conference.starts_at, starts_at, conference.ends_at))
    if not first <= day <= last:
        return "day"
    return "start" if starts_at < conference.starts_at else "end"


def no_speaker(conference: Conference) -> Iterator[Finding]:
    """A session that needs a speaker and has neither presenter, performer nor moderator."""
    problem, advice = _("발표자나 사회자가 없습니다."), _("발표자, 공연·발표(글) 또는 사회자를 입력하십시오.")
    for session in read_sessions(conference):
        if session.is_silent or session.talks or session.performer_text or session.moderator:
            continue
        where = f"{hours_with_day(conference, session.starts_at, session.ends_at)} {session.title}"
        yield Finding("warn", "no_speaker", where, problem, advice, edit_link(conference, session, "moderator"))


def weekday(conference: Conference) -> Iterator[Finding]:
    """A weekday in a written time that does not fit its date. The link leads to the form's field ``day`` or ``end``."""
    for rows, model in ((read_parts(conference), Part), (read_sessions(conference), Session)):
        for field, cell in (("starts_at", "day"), ("ends_at", "end")):
            for finding in check_weekdays(conference, rows, fields=[field], model=model):
                yield replace(finding, link=finding.link.replace(f"id_{field}", f"id_{cell}"))


def part_times(conference: Conference) -> Iterator[Finding]:
    """A part whose times differ from those of its first or last session."""
    for part in read_parts(conference):
        sessions = [session for session in read_sessions(conference) if session.part == part.pk]
        if not sessions:
            continue
        first, last = min(session.starts_at for session in sessions), max(session.ends_at for session in sessions)
        for field, stated, actual, name in (
            ("start", part.starts_at, first, _("첫 세션의 시작")),
            ("end", part.ends_at, last, _("마지막 세션의 끝")),
        ):
            if stated and stated != actual:
                yield Finding(
                    "info",
                    "part_times",
                    str(part),
                    _("%(said)s이라고 적었으나 %(name)s은 %(found)s입니다.")
                    % {"said": format_clock(stated), "name": name, "found": format_clock(actual)},
                    _("부의 시각이나 세션의 시각을 확인하십시오."),
                    row_addresses.row_address(Part, part.pk, conference, field=field),
                )


def repeated_word(conference: Conference) -> Iterator[Finding]:
    """A title that has a word twice within three words."""
    titled: list[tuple[type[Part | Session | Presentation], int, str, str]] = [
        (Part, part.pk, name, getattr(part, name)) for part in read_parts(conference) for name in ("title", "heading")
    ]
    for session in read_sessions(conference):
        titled.append((Session, session.pk, "title", session.title))
        titled += [(Presentation, talk.pk, "title", talk.title) for talk in session.talks]
    for model, pk, field, title in titled:
        words = title.split()
        if repeated := next((word for at, word in enumerate(words) if _is_repeated(word, words[at + 1 : at + 3])), ""):
            yield Finding(
                "info",
                "repeated_word",
                title,
                _("‘%(word)s’이(가) 되풀이됩니다.") % {"word": repeated},
                _("일부러 그런 것이 아니면 하나를 지우십시오."),
                row_addresses.row_address(model, pk, conference, field=field),
            )


def _is_repeated(word: str, following: list[str]) -> bool:
    """Whether one of the following words is the same, with or without a particle (지역협력을 … 지역협력)."""
    pairs = (sorted((word, other), key=len) for other in following)
    return any(len(shorter) >= MIN_STEM and longer.startswith(shorter) for shorter, longer in pairs)


def district_order(conference: Conference) -> Iterator[Finding]:
    """Presentations whose districts are in another order than the conference has chosen."""
    for session in read_sessions(conference):
        positions = [talk.district_position for talk in session.talks if talk.district_position is not None]
        if positions != sorted(positions) and len(set(positions)) == len(positions):
            yield Finding(
                "info",
                "district_order",
                session.title,
                _("발표의 자치구 순서가 행사에서 정한 자치구 순서와 다릅니다."),
                _("일부러 그런 것이 아니면 순서를 맞추십시오."),
                f"{row_addresses.table_address('presentations', conference)}?session={session.pk}",
            )


def differs_from_release(conference: Conference) -> Iterator[Finding]:
    """Sessions whose time or room differs from what visitors see."""
    current = releases.live_release(conference.slug)
    released = {row["code"]: row for row in sessions(current.sections)} if current else {}
    pairs = [(session, released[session.code]) for session in read_sessions(conference) if session.code in released]
    times = [
        (session.title, format_span(row["starts_at"], row["ends_at"]), format_span(session.starts_at, session.ends_at))
        for session, row in pairs
    ]
    rooms = [
        (session.title, _join(room["name"] for room in row["rooms"]), _join(name for name, _shared in session.rooms))
        for session, row in pairs
    ]
    yield from outdated_findings(conference, _("세션 시간"), times)
    yield from outdated_findings(conference, _("세션 장소"), rooms)


def _join(rooms: Iterable[str]) -> str:
    return ", ".join(sorted(rooms))


RELEASE_CHECKS: list[Check] = [differs_from_release]
CHECKS: list[Check] = [overlap, gap, outside_event, no_speaker, weekday, part_times, repeated_word, district_order]
