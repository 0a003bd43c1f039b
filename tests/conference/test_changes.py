"""The list of changes: every kind of row, in words, with who and when; nobody's contact, nobody's report."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from conference import history, trash
from conference.exchange.row_lists import all_row_lists, flatten
from conference.models import Conference, Contact, Membership, Person
from rows import labels
from rows.models import Row
from rows.recording import HistoryEntry, record_changes
from sessions.models import Presentation

PRIVATE = {"approvals", "reports"}  # an office's own papers
FOR_THE_PROGRAM = {"id", "conference", "version", "created_at", "changed_at", "code", "slug"}


@pytest.fixture
def wook(unsigned) -> User:
    return User.objects.get(username="wook")


def newest(conference: Conference, count: int = 1) -> list[tuple]:
    found = history.lines(history.entries_of(conference)[:count], conference)
    return [
        (
            line.who,
            line.kind,
            line.verb,
            line.title,
            tuple((field.name, field.before, field.after) for field in line.fields),
        )
        for line in found
    ]


def saved(row: Row, *, by: User, **values) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.save_by(by)


def test_every_kind_and_field_of_a_conference_has_a_name_in_korean():
    shown = [rows.model for rows in flatten(all_row_lists()) if rows.parent_field or rows.name == "conference"]
    ours = {model for model in shown if model._meta.app_label not in PRIVATE and issubclass(model, Row)}
    assert {model._meta.label_lower for model in ours} == set(labels.row_kinds())
    nameless = {
        f"{model._meta.label}.{field.name}"
        for model in ours
        for field in model._meta.concrete_fields
        if field.name not in FOR_THE_PROGRAM and not labels.HANGUL.search(labels.field_name(model, field.attname))
    }
    assert nameless == set()


def test_a_change_says_which_fields(unsigned, wook):
    talk = Presentation.objects.filter(session__conference=unsigned).exclude(title="").first()
    before = Presentation.objects.get(pk=talk.pk)
    saved(talk, by=wook, title="새 제목", points=["하나"])
    fields = (("발표 제목", before.title, "새 제목"), ("발표 내용", "\n".join(before.points), "하나"))
    assert newest(unsigned) == [("이욱 주무관", "발표", "고침", "새 제목", fields)]
    (line,) = history.lines(history.entries_of(unsigned)[:1], unsigned)
    assert line.link == f"/desk/dongbuk4-2015/rows/presentations/{talk.pk}/"
    assert line.entry == talk.history.get(verb="~")


def test_rows_without_a_name_are_called_by_others(unsigned, wook):
    guest, desk = unsigned.guests.first(), unsigned.topics.first().topic_offices.first()
    attendance, officer = guest.get_attendance_display(), str(desk.officer)
    saved(guest, by=wook, attendance="present")
    saved(desk, by=wook, officer=wook)
    member = Membership(conference=unsigned, user=User.objects.get(username="heedong"), role="reader")
    saved(member, by=wook)
    saved(Presentation.objects.filter(title="").first(), by=wook, title_en="A talk")
    talk = Presentation.objects.filter(title="").first()
    assert newest(unsigned, 4) == [
        ("이욱 주무관", "발표", "고침", talk.session.title, (("발표 제목(영문)", "", "A talk"),)),
        ("이욱 주무관", "역할", "추가", "김희동 주민생활국장 열람", ()),
        ("이욱 주무관", "담당부서", "고침", f"{desk.district} {desk.topic}", (("담당자", officer, "이욱 주무관"),)),
        ("이욱 주무관", "주요 참석인사", "고침", guest.person.name, (("참석", attendance, "참석"),)),
    ]


def test_what_was_deleted_with_all_above_it_is_still_told(unsigned, wook):
    track = unsigned.tracks.first()
    track.meetings.first().decisions.create(text="순서를 정함").tasks.create(text="원고 취합")
    kept = trash.delete(track, conference=unsigned, by=wook)
    gone = history.recent_lines(unsigned, since=kept.deleted_at - timedelta(seconds=5), limit=50)
    deleted = [(change.kind, change.title, change.link) for change in gone if change.verb == "지움"]
    assert ("준비과정", track.title, "") in deleted
    assert ("조치사항", "원고 취합", "") in deleted
    assert len(deleted) == len(kept.content["rows"])
    line = history.group(change for change in gone if change.kind == "준비회의" and change.verb == "지움")
    assert [(told.count, told.newest.who) for told in line] == [(3, "이욱 주무관")]


def test_things_are_counted_once_and_the_numbers_add_up(unsigned, wook):
    since = timezone.now()
    sessions = list(unsigned.sessions.all()[:5])
    for session in [*sessions, *sessions[:3]]:  # three of them are changed twice
        session.title = f"{session.title}."
        session.save()
    (line,) = history.group(history.recent_lines(unsigned, since=since, limit=50))
    named, _, more = line.title.partition(" 외 ")
    assert (line.count, len(named.split(", ")), more) == (5, 2, "3건")


def test_only_this_conference_and_only_since(unsigned, wook):
    other = Conference.objects.create(
        slug="two", title="둘", starts_at=unsigned.starts_at, ends_at=unsigned.ends_at, purpose="목적"
    )
    other.venues.create(name="다른 행사의 장소")
    assert [(kind, title) for _who, kind, _verb, title, _fields in newest(other, 9)] == [
        ("장소", "다른 행사의 장소"),
        ("행사 개요", "둘"),
    ]
    assert history.recent_lines(unsigned, since=timezone.now(), limit=9) == []
    assert history.entries_of(other).count() == 2


def test_contacts_never_appear(unsigned, wook):
    person = unsigned.persons.create(name="도봉구 발표자", kind=Person.Kind.GROUP)
    before = history.entries_of(unsigned).count()
    Contact.objects.create(person=person, phone="02-901-0000", purpose="연락", keep_until=date(2015, 12, 31))
    assert history.entries_of(unsigned).count() == before


def test_nothing_of_a_contact_is_ever_written(unsigned, wook):
    person = unsigned.persons.create(name="도봉구 발표자")
    Contact.objects.create(person=person, phone="02-901-0000", purpose="연락", keep_until=date(2015, 12, 31))
    kept = trash.delete(person, conference=unsigned, by=wook)
    trash.restore(kept, by=wook)
    written = [(entry.kind, entry.title, entry.changes) for entry in HistoryEntry.objects.all()]
    assert ("conference.person", "도봉구 발표자") in {(kind, title) for kind, title, _changes in written}
    assert "02-901-0000" not in str(written)


def test_what_an_office_writes_in_its_report_is_recorded_and_on_no_list(unsigned, wook):
    report = unsigned.reports.get(number=1)
    before = history.entries_of(unsigned).count()
    row = report.paragraphs.create(section="plans", text="초안")
    saved(row, by=wook, text="다음 해의 계획")
    entry = row.history.first()
    assert (entry.by, entry.conference, entry.changes) == (wook, None, {"text": ["초안", "다음 해의 계획"]})
    assert history.entries_of(unsigned).count() == before


def test_a_reference_keeps_the_title_that_people_read_then(unsigned, wook):
    session = unsigned.sessions.exclude(host=None).first()
    old, new = session.host, unsigned.districts.exclude(pk=session.host_id).first()
    saved(session, by=wook, host=new)
    then = [{"key": row.pk, "title": str(row)} for row in (old, new)]
    saved(new, by=wook, name="새 이름")
    assert session.history.first().changes == {"host": then}


def test_several_rows_of_a_field_are_told_by_their_names(unsigned, wook):
    session, (one, other) = unsigned.sessions.filter(photos=None).first(), unsigned.photos.all()[:2]
    with record_changes([session], by=wook, many=["photos"]):
        session.photos.set([one, other])
    assert newest(unsigned)[0][4] == (
        ("사진", "", ", ".join(str(row) for row in sorted((one, other), key=lambda row: row.pk))),
    )


def test_one_query_whatever_is_told(unsigned):
    counts = []
    for limit in (40, 100):
        with CaptureQueriesContext(connection) as found:
            history.lines(history.entries_of(unsigned)[:limit], unsigned)
        counts.append(len(found))
    assert counts == [1, 1]
