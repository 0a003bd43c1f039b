"""Sheets of the programme, and who may edit their rows: a topic office its topic's sessions and its own presentations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference.models import Conference, Person, Room
from conference.permissions import ConferencePermissions
from korean.dates import SEOUL, format_hours
from sessions import forms, reschedule
from sessions.models import Presentation, RoomUse, Session
from sessions.programme_facts import SILENT_KINDS
from sheets.conference_forms import ContactForm, PersonForm
from sheets.declaration import Sheet, can_edit_all
from sheets.row_form import RowForm
from sheets.table import SentLine, TableLines
from sheets.times import EndTimeCell, TimeCell, format_end

TimeRange = tuple[datetime, datetime]
HOUR_FIELDS = {"start": TimeCell(), "end": EndTimeCell()}


def can_edit_session(permissions: ConferencePermissions, session: Session) -> bool:
    """Whether the person may edit the session: everybody who may edit all rows, and the topic office of its host."""
    return permissions.can_edit_all or permissions.can_edit_session(session.topic)


def can_edit_presentation(permissions: ConferencePermissions, talk: Presentation) -> bool:
    """Whether the person may edit the presentation, as the topic office of its district in its topic."""
    return permissions.can_edit_all or permissions.can_edit_presentation(talk.session.topic_id, talk.district_id)


def has_topic_office(permissions: ConferencePermissions) -> bool:
    """Whether the person may add presentations; the form checks which."""
    return permissions.can_edit_all or bool(permissions.topic_offices)


def can_edit_row_of_session(permissions: ConferencePermissions, row: Any) -> bool:
    """Whether the person may edit questions and proposals of the session: as the session itself."""
    return can_edit_session(permissions, row.session)


def can_edit_speaker(permissions: ConferencePermissions, person: Person) -> bool:
    """Whether the person may edit a speaker: one who speaks only in their own presentations, and is no guest and no office."""
    if permissions.can_edit_all:
        return True
    talks, moderated = person.presentations.all(), person.moderated_sessions.all()
    is_own = bool(talks) and all(
        permissions.can_edit_presentation(talk.session.topic_id, talk.district_id) for talk in talks
    )
    is_own = is_own and all(permissions.can_edit_session(session.topic) for session in moderated)
    return is_own and not person.guest_entries.all() and person.kind == Person.Kind.PERSON


# ── order by time ───────────────────────────────────────────────────────────────────────────────
def move_line(lines: TableLines, at: int, to: int) -> int:
    """Move a line; it exchanges times with the lines it passes, and each keeps its length. Return its new position.

    Lines with the same hours are parallel: they are passed together, and among them only the order changes.
    """
    step = 1 if to > at else -1
    hours_of_others = [_read_hours(line) for line in lines.sent]
    hours_of_line = hours_of_others.pop(at)
    last = to - 1 if step > 0 else to  # of the others, the line that is passed last
    while (
        hours_of_others[last] != hours_of_line
        and 0 <= last + step < len(hours_of_others)
        and hours_of_others[last + step] == hours_of_others[last]
    ):
        last += step
    to = last + 1 if step > 0 else last
    passed = lines.sent[at + 1 : to + 1] if step > 0 else lines.sent[to:at]
    hours_passed = [_read_hours(line) for line in passed]
    to = lines.move(at, to)
    known_hours = [hours for hours in hours_passed if hours]
    if hours_of_line is None or len(known_hours) < len(passed) or hours_of_line in hours_of_others:
        return to  # times that cannot be read, or that a parallel line has too, are left for the person to type
    (start, end), first = hours_of_line, min(start for start, _end in known_hours)
    shift = start - first if step > 0 else end - start
    for line, (starts_at, ends_at) in zip(passed, known_hours, strict=True):
        _set_hours(line, starts_at + shift, ends_at + shift)
    begin = max(end for _start, end in known_hours) + shift if step > 0 else first
    _set_hours(lines.sent[to], begin, begin + (end - start))
    return to


def _read_hours(line: SentLine) -> TimeRange | None:
    """Return the hours of a line on an arbitrary day; None if they cannot be read."""
    try:
        start, end = (cell.to_python("".join(line.get(name, []))) for name, cell in HOUR_FIELDS.items())
    except ValidationError:
        return None
    if start is None or end is None or end.day:
        return None
    first = datetime.combine(date(2000, 1, 1), start, SEOUL)
    return first, end.after(first)


def _set_hours(line: SentLine, start: datetime, end: datetime) -> None:
    line["start"], line["end"] = [f"{start:%H:%M}"], [format_end(start, end)]


# ── warnings ────────────────────────────────────────────────────────────────────────────────────
def row_warnings(conference: Conference, lines: Sequence[RowForm]) -> dict[int, list[str]]:
    """Return warnings by number of line: a gap, a room or person with two sessions at once, no speaker."""
    warnings: dict[int, list[str]] = {}
    readable = [(number, facts) for number, form in enumerate(lines) if (facts := _read_line(form))]
    for number, facts in readable:
        if facts["kind"] not in SILENT_KINDS and not facts["people"] and not facts["words"]:
            warnings.setdefault(number, []).append(_("발표자나 사회자가 없습니다."))
        if not conference.starts_at <= facts["starts_at"] or not facts["ends_at"] <= conference.ends_at:
            warnings.setdefault(number, []).append(_("행사 시간 밖입니다."))
    for number, facts in readable:
        for other, others in readable:
            if other < number and facts["starts_at"] < others["ends_at"] and others["starts_at"] < facts["ends_at"]:
                for what in sorted(facts["busy"] & others["busy"]):
                    text = _("%(what)s: %(line)d번 줄(%(hours)s)과 시간이 겹칩니다.")
                    hours = format_hours(others["starts_at"], others["ends_at"])
                    values = {"what": what, "line": other + 1, "hours": hours}
                    warnings.setdefault(number, []).append(text % values)
    _warn_of_gaps(readable, warnings)
    return warnings


def _warn_of_gaps(readable: Sequence[tuple[int, dict[str, Any]]], warnings: dict[int, list[str]]) -> None:
    last: datetime | None = None
    for number, facts in sorted(readable, key=lambda pair: pair[1]["starts_at"]):
        if (
            last
            and last.astimezone(SEOUL).date() == facts["starts_at"].astimezone(SEOUL).date()
            and facts["starts_at"] > last
        ):
            minutes = (facts["starts_at"] - last).seconds // 60
            warnings.setdefault(number, []).append(_("앞 순서와 %(minutes)d분이 비어 있습니다.") % {"minutes": minutes})
        last = max(last, facts["ends_at"]) if last else facts["ends_at"]


def _read_line(form: RowForm) -> dict[str, Any] | None:
    """Return the facts of a line as stored or as typed; None if it is blank or cannot be read yet."""
    row = form.instance
    if form.is_bound and form.touched_fields:
        if not form.is_valid() or not form.cleaned_data:  # it has errors, or is not complete
            return None
        values = form.cleaned_data
        rooms, people = values.get("rooms", []), [*values.get("presenters", []), values.get("moderator")]
    elif form.is_new:
        return None
    else:
        rooms, people = form.initial["rooms"], [*form.initial["presenters"], row.moderator]
    persons = [person for person in people if person]
    own_rooms = set() if form.initial["shares_room"] else {str(room) for room in rooms if room.kind != Room.Kind.FLOOR}
    return {
        "kind": row.kind,
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
        "people": persons,
        "words": row.performer_text,
        "busy": own_rooms | {str(person) for person in persons if person.kind == Person.Kind.PERSON},
    }


SHEETS = (
    Sheet(
        "persons",
        gettext_lazy("인물"),
        "people",
        PersonForm,
        "name kind affiliation job name_basis",
        child_sheets=("contacts",),
        can_edit=can_edit_speaker,
        prefetched=("presentations__session", "guest_entries", "moderated_sessions__topic"),
        hint=gettext_lazy("행사에 이름이 나오는 사람, 직위, 단체입니다."),
        wide=frozenset({"affiliation"}),
    ),
    Sheet(
        "contacts",
        gettext_lazy("연락처"),
        "people",
        ContactForm,
        "person mail phone purpose keep_until",
        parent_field="person",
        related=("person",),
        can_view=can_edit_all,
        hint=gettext_lazy("연락처는 공개 화면, 보고서, 바뀐 내용 어디에도 나가지 않습니다."),
    ),
    Sheet(
        "sessions",
        gettext_lazy("프로그램"),
        "programme",
        forms.SessionForm,
        "part day start end kind title rooms topic host moderator presenters",
        parent_field="part",
        filter_fields=("topic", "host"),
        child_sheets=("presentations", "questions", "proposals"),
        annotations=reschedule.one_day_annotation,
        related=("topic", "moderator", "destination"),
        prefetched=(
            Prefetch("room_uses", RoomUse.objects.select_related("room")),
            Prefetch("presentations", Presentation.objects.select_related("presenter")),
        ),
        can_edit=can_edit_session,
        row_warnings=row_warnings,
        move=move_line,
        hint=gettext_lazy(
            "시각은 1300, 13:00, 오후 1시처럼 적습니다. 시작을 비우면 앞줄이 끝나는 시각입니다. 밤을 새우면 끝에 ‘다음날 09:00’처럼 적습니다."
        ),
        wide=frozenset({"title", "presenters"}),
    ),
    Sheet(
        "parts",
        gettext_lazy("부"),
        "programme",
        forms.PartForm,
        "kind label title day start end participants_text places",
        child_sheets=("sessions",),
        prefetched=("places__venue",),
        wide=frozenset({"title", "participants_text"}),
    ),
    Sheet(
        "presentations",
        gettext_lazy("발표"),
        "programme",
        forms.PresentationForm,
        "session district presenter title points",
        parent_field="session",
        filter_fields=("district",),
        links=((gettext_lazy("발표자료"), "materials"),),
        related=("session__topic", "presenter", "district"),
        can_edit=can_edit_presentation,
        can_add=has_topic_office,
        wide=frozenset({"presenter", "title", "points"}),
    ),
    Sheet(
        "questions",
        gettext_lazy("질의응답"),
        "programme",
        forms.QuestionForm,
        "session text answer",
        parent_field="session",
        related=("session__topic",),
        can_edit=can_edit_row_of_session,
        can_add=has_topic_office,
        wide=frozenset({"text", "answer"}),
    ),
    Sheet(
        "proposals",
        gettext_lazy("제안사항"),
        "programme",
        forms.ProposalForm,
        "session text department state may_be_public",
        parent_field="session",
        filter_fields=("session__host",),
        related=("session__topic",),
        can_edit=can_edit_row_of_session,
        can_add=has_topic_office,
        wide=frozenset({"text"}),
    ),
)
