"""Findings in the programme."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import combinations

from django.utils.translation import gettext as _

from conference import reschedule, row_addresses
from conference.checks import Check, Finding, weekdays
from conference.models import Conference
from korean.dates import SEOUL, clock, hours, short_day, span
from publishing import releases
from publishing.checks import told_otherwise
from sessions.content import sessions
from sessions.models import Part, Presentation, Session
from sessions.programme_facts import SessionFacts, read_sessions

MIN_STEM = 3  # letters that make two words the same, whatever particle follows


def read_parts(conference: Conference) -> list[Part]:
    """The parts in order, fetched once a conference."""
    if not hasattr(conference, "parts_read"):
        conference.parts_read = list(conference.parts.all())
    return conference.parts_read


def edit_link(conference: Conference, slot: SessionFacts, field: str) -> str:
    """Where a field of the session is edited."""
    return row_addresses.page(Session, slot.pk, conference, field=field)


def hours_with_day(conference: Conference, starts_at: datetime, ends_at: datetime) -> str:
    """Return the hours; with the day where the event has several."""
    days = {at.astimezone(SEOUL).date() for at in (conference.starts_at, conference.ends_at, starts_at, ends_at)}
    said = hours(starts_at, ends_at)
    return said if len(days) == 1 else f"{short_day(starts_at)} {said}"


def format_minutes(minutes: int) -> str:
    """Return so many minutes as people say them: 50분, 3시간, 1시간 30분."""
    whole, rest = divmod(minutes, 60)
    said = [_("%(count)d시간") % {"count": whole}] if whole else []
    return " ".join([*said, *([_("%(count)d분") % {"count": rest}] if rest else [])])


def overlap(conference: Conference) -> Iterator[Finding]:
    """One room, or one person, in two places at once."""
    busy: dict[str, list[SessionFacts]] = {}
    for slot in read_sessions(conference):
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
                        "one": f"{one.title} {hours_with_day(conference, one.starts_at, one.ends_at)}",
                        "other": f"{other.title} {hours_with_day(conference, other.starts_at, other.ends_at)}",
                    },
                    _("한쪽의 시간이나 배정을 바꾸십시오."),
                    edit_link(conference, other, "start"),
                )


def gap(conference: Conference) -> Iterator[Finding]:
    """Minutes between consecutive items of the programme that nothing fills, within one day."""
    last: SessionFacts | None = None
    for session in read_sessions(conference):
        if session.kind == Session.Kind.EXHIBITION:
            continue
        same_day = last and last.ends_at.astimezone(SEOUL).date() == session.starts_at.astimezone(SEOUL).date()
        if last and same_day and session.starts_at > last.ends_at:
            minutes = (session.starts_at - last.ends_at).seconds // 60
            yield Finding(
                "warn",
                "gap",
                _("프로그램 %(hours)s") % {"hours": hours_with_day(conference, last.ends_at, session.starts_at)},
                _("%(before)s과(와) %(after)s 사이 %(length)s이 비어 있습니다.")
                % {"before": f"‘{last.title}’", "after": f"‘{session.title}’", "length": format_minutes(minutes)},
                _("휴식이나 이동을 넣거나 시각을 확인하십시오."),
                edit_link(conference, session, "start"),
            )
        last = session if last is None or session.ends_at > last.ends_at else last


def outside_event(conference: Conference) -> Iterator[Finding]:
    """A part or session that is not wholly within the event, which visitors would be told otherwise."""
    timed = [(Part, part) for part in read_parts(conference) if part.starts_at]
    for model, row in [*timed, *((Session, slot) for slot in read_sessions(conference))]:
        starts_at, ends_at = row.starts_at, row.ends_at or row.starts_at
        if reschedule.is_outside(conference, starts_at, ends_at):
            yield Finding(
                "warn",
                "outside_event",
                str(row),
                _("%(said)s: 행사 시간 밖입니다.") % {"said": span(starts_at, row.ends_at)},
                _("행사는 %(span)s입니다. 행사의 일시나 이 시각을 바꾸십시오.")
                % {"span": span(conference.starts_at, conference.ends_at)},
                row_addresses.page(model, row.pk, conference, field=_field_outside(conference, starts_at)),
            )


def _field_outside(conference: Conference, starts_at: datetime) -> str:
    """Name the field that puts it outside."""
    days = [at.astimezone(SEOUL).date() for at in (conference.starts_at, starts_at, conference.ends_at)]
    if not days[0] <= days[1] <= days[2]:
        return "day"
    return "start" if starts_at < conference.starts_at else "end"


def no_speaker(conference: Conference) -> Iterator[Finding]:
    """An item at which somebody should speak, with neither presenter, performer nor moderator."""
    said, wanted = _("발표자나 사회자가 없습니다."), _("발표자, 공연·발표(글) 또는 사회자를 입력하십시오.")
    for session in read_sessions(conference):
        if session.is_silent or session.talks or session.performer_text or session.moderator:
            continue
        where = f"{hours_with_day(conference, session.starts_at, session.ends_at)} {session.title}"
        yield Finding("warn", "no_speaker", where, said, wanted, edit_link(conference, session, "moderator"))


def weekday(conference: Conference) -> Iterator[Finding]:
    """The weekday written beside a time of a part or session. It is mended in the cells of which its form makes the time."""
    for rows, model in ((read_parts(conference), Part), (read_sessions(conference), Session)):
        for field, cell in (("starts_at", "day"), ("ends_at", "end")):
            for found in weekdays(conference, rows, fields=[field], model=model):
                yield replace(found, link=found.link.replace(f"id_{field}", f"id_{cell}"))


def part_times(conference: Conference) -> Iterator[Finding]:
    """A part that says another time than its first or last row."""
    for part in read_parts(conference):
        slots = [slot for slot in read_sessions(conference) if slot.part == part.pk]
        if not slots:
            continue
        first, last = min(slot.starts_at for slot in slots), max(slot.ends_at for slot in slots)
        for field, said, found, name in (
            ("start", part.starts_at, first, _("첫 세션의 시작")),
            ("end", part.ends_at, last, _("마지막 세션의 끝")),
        ):
            if said and said != found:
                yield Finding(
                    "info",
                    "part_times",
                    str(part),
                    _("%(said)s이라고 적었으나 %(name)s은 %(found)s입니다.")
                    % {"said": clock(said), "name": name, "found": clock(found)},
                    _("부의 시각이나 세션의 시각을 확인하십시오."),
                    row_addresses.page(Part, part.pk, conference, field=field),
                )


def repeated_word(conference: Conference) -> Iterator[Finding]:
    """One word twice within three words of a title."""
    titled = [
        (Part, part.pk, name, getattr(part, name)) for part in read_parts(conference) for name in ("title", "heading")
    ]
    for slot in read_sessions(conference):
        titled.append((Session, slot.pk, "title", slot.title))
        titled += [(Presentation, talk.pk, "title", talk.title) for talk in slot.talks]
    for model, pk, field, title in titled:
        words = title.split()
        if found := next((word for at, word in enumerate(words) if _is_repeated(word, words[at + 1 : at + 3])), ""):
            yield Finding(
                "info",
                "repeated_word",
                title,
                _("‘%(word)s’이(가) 되풀이됩니다.") % {"word": found},
                _("일부러 그런 것이 아니면 하나를 지우십시오."),
                row_addresses.page(model, pk, conference, field=field),
            )


def _is_repeated(word: str, soon: list[str]) -> bool:
    """Whether the word, with or without its particle (지역협력을 … 지역협력), is among those after it."""
    return any(
        min(len(word), len(other)) >= MIN_STEM and (word.startswith(other) or other.startswith(word)) for other in soon
    )


def district_order(conference: Conference) -> Iterator[Finding]:
    """Talks of several districts that stand in another order than the conference's."""
    for slot in read_sessions(conference):
        places = [talk.place for talk in slot.talks if talk.place is not None]
        if places != sorted(places) and len(set(places)) == len(places):
            yield Finding(
                "info",
                "district_order",
                slot.title,
                _("발표의 자치구 순서가 행사에서 정한 자치구 순서와 다릅니다."),
                _("일부러 그런 것이 아니면 순서를 맞추십시오."),
                f"{row_addresses.table('presentations', conference)}?session={slot.pk}",
            )


def differs_from_release(conference: Conference) -> Iterator[Finding]:
    """Sessions of which visitors are still told another time or room."""
    current = releases.current(conference.slug)
    shown = {row["code"]: row for row in sessions(current.sections)} if current else {}
    both = [(slot, shown[slot.code]) for slot in read_sessions(conference) if slot.code in shown]
    times = [
        (slot.title, span(row["starts_at"], row["ends_at"]), span(slot.starts_at, slot.ends_at)) for slot, row in both
    ]
    rooms = [
        (
            slot.title,
            _join_names(room["name"] for room in row["rooms"]),
            _join_names(name for name, _is_shared in slot.rooms),
        )
        for slot, row in both
    ]
    yield from told_otherwise(conference, _("세션 시간"), times)
    yield from told_otherwise(conference, _("세션 장소"), rooms)


def _join_names(rooms: Iterable[str]) -> str:
    return ", ".join(sorted(rooms))


RELEASE_CHECKS: list[Check] = [differs_from_release]
CHECKS: list[Check] = [overlap, gap, outside_event, no_speaker, weekday, part_times, repeated_word, district_order]
