"""A schedule becomes a conference by the one importer: all of it or nothing, quick enough, and out again the same."""

from __future__ import annotations

import json
import time
from collections import Counter
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as some

from accounts.models import User
from conference.exchange import FileRefused, exporting, importing
from conference.models import Conference, Membership, Person
from publishing import releases
from sessions.models import Session
from sessions.schedule import mapping, reading, schedule_import
from sessions.schedule.notes import CHANGED, NOT_IMPORTED
from tests.factories import make_people
from tests.schedule import schedules
from tests.schedule.schedules import event

pytestmark = pytest.mark.django_db
FILE = Path(schedules.__file__).parents[1] / "data" / "schedule.xml"


def test_it_becomes_a_conference() -> None:
    wook = make_people().wook
    made = schedule_import.create_conference(schedule_import.preview(schedules.XML), by=wook)
    assert (made.slug, made.title, made.sessions.count()) == ("maeul2026", "마을 기술 모임 2026", 6)
    assert [(row.user, row.role) for row in made.memberships.all()] == [(wook, Membership.Role.CHAIR)]
    assert {person.name_basis for person in made.persons.all()} == {Person.NameBasis.UNKNOWN}
    assert [part.label for part in made.parts.all()] == ["1일차", "2일차"]
    talk = made.sessions.get(code="106")
    assert [use.room.name for use in talk.room_uses.all()] == ["큰홀", "작은방"]
    assert [use.is_deliberate for use in made.sessions.get(code="105").room_uses.all()] == [True]


def test_what_was_made_leaves_by_the_exchange_and_comes_again() -> None:
    made = schedule_import.create_conference(schedule_import.preview(schedules.XML), by=None)
    written = exporting.dump(made)
    again = importing.load(json.dumps(json.loads(written.replace("maeul2026", "again"))).encode())
    assert exporting.dump(again).replace('"again"', '"maeul2026"') == written


def test_a_taken_address_gets_a_number() -> None:
    assert [
        schedule_import.create_conference(schedule_import.preview(schedules.XML), by=None).slug for _ in range(3)
    ] == [
        "maeul2026",
        "maeul2026-2",
        "maeul2026-3",
    ]


@pytest.mark.parametrize(
    ("acronym", "slug"), [("desk", "desk-2"), ("한글", "schedule"), ("x" * 60, "x" * 50), ("Mae_ul 26", "mae-ul-26")]
)
def test_addresses_from_names(acronym: str, slug: str) -> None:
    assert schedule_import.preview(schedules.of(event(), acronym=acronym)).file["conference"]["slug"] == slug


def test_nothing_is_kept_of_what_is_refused() -> None:
    found = schedule_import.preview(schedules.XML)
    schedule_import.create_conference(found, by=None)
    with pytest.raises(FileRefused) as refused:
        schedule_import.create_conference(found, by=None)
    assert [str(it) for it in refused.value.problems] == ["5줄 <conference>: ‘maeul2026’은(는) 이미 있는 행사입니다."]
    assert (Conference.objects.count(), Session.objects.count()) == (1, 6)


def test_a_problem_of_our_own_file_is_told_by_its_place_in_the_schedule() -> None:
    late = event(date="2199-12-31T23:00:00+09:00", duration="02:00")
    with pytest.raises(FileRefused) as refused:
        schedule_import.preview(schedules.of(late))
    assert "/schedule/conference/days/0/rooms/큰홀/0" in {problem.pointer for problem in refused.value.problems}


# ── the command ─────────────────────────────────────────────────────────────────────────────────
def command(*words: str) -> list[str]:
    out = StringIO()
    call_command("import_schedule", *words, stdout=out)
    return out.getvalue().splitlines()


def test_the_command_says_what_comes_over_and_what_does_not() -> None:
    lines = command(str(FILE))
    assert lines[:2] == ["행사명: 마을 기술 모임 2026", "기간: 2026. 10. 9.(금) 10:00 ~ 2026. 10. 10.(토) 10:30"]
    assert "- 들어오지 못하는 일정 1: 길이가 0분인 일정은 둘 수 없습니다." in lines
    assert [line for line in lines if line and line[0] not in " -"][-4:] == [
        "옮기지 않는 것",
        "바꾸어 옮기는 것",
        "포털이 새로 정하는 것",
        "‘마을 기술 모임 2026’을 들여왔습니다(maeul2026).",
    ]
    assert Conference.objects.get().slug == "maeul2026"


def test_the_command_only_looks() -> None:
    assert command(str(FILE), "--dry-run")[-1] == "아무것도 들여오지 않았습니다(--dry-run)."
    assert Conference.objects.count() == 0


def test_the_command_tells_every_word_where_it_is_asked_to(tmp_path) -> None:
    (tmp_path / "a.json").write_bytes(schedules.of(event(persons=[{"name": "연사", "biography": "긴 소개 " * 100}])))
    short, whole = (
        command(str(tmp_path / "a.json"), "--dry-run"),
        command(str(tmp_path / "a.json"), "--dry-run", "--all"),
    )
    assert f"    {'긴 소개 ' * 99}긴 소개" in whole
    assert f"    {('긴 소개 ' * 100)[:200]}…" in short


def test_another_address() -> None:
    command(str(FILE), "--slug", "other")
    assert Conference.objects.get().slug == "other"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<!DOCTYPE a><a/>", "DOCTYPE 선언이 든 파일은 받지 않습니다."),
        (schedules.of(event(date="어제")), "‘이야기 1’: 시작하는 때를 읽을 수 없습니다: 어제 10:00"),
        (b"x" * (reading.SIZE_MAX + 1), "파일이 너무 큽니다. 20MB까지 받습니다."),
    ],
)
def test_the_command_refuses(tmp_path, content: bytes, said: str) -> None:
    (tmp_path / "a").write_bytes(content)
    with pytest.raises(CommandError) as error:
        command(str(tmp_path / "a"))
    assert said in str(error.value)
    assert (error.value.returncode, Conference.objects.count()) == (1, 0)


@pytest.mark.parametrize("words", [["nowhere.xml"], [str(FILE), "--slug", "Not A Slug"], [str(FILE), "--slug", "desk"]])
def test_the_command_refuses_words(words: list[str]) -> None:
    with pytest.raises(CommandError):
        command(*words)
    assert Conference.objects.count() == 0


# ── large, and mangled ──────────────────────────────────────────────────────────────────────────
def test_two_thousand_events_are_read_quickly() -> None:
    content = schedules.many(days=5, rooms=20, slots=20)
    began = time.process_time()
    found = schedule_import.preview(content)
    assert (len(found.file["sessions"]), len(found.file["persons"]), found.notes.of(NOT_IMPORTED)) == (2000, 2000, [])
    assert time.process_time() - began < 10  # some 1.5 s; an order of magnitude would be a fault


VALUES = some.none() | some.booleans() | some.integers() | some.floats() | some.text(max_size=8)
VALUES |= some.lists(some.text(max_size=3), max_size=2) | some.dictionaries(
    some.text(max_size=3), some.text(max_size=3)
)
VALUES |= some.sampled_from(
    ["가" * 30_000, "\0", "\ud800", "2026-10-09T10:00:00+09:00", "25:99", "9" * 30, "<b>", "1:00"]
)
WHOLE = schedules.schedule(
    event(1, links=[{"url": "x"}]),
    event(2, room="작은방"),
    rooms=[{"name": "큰홀", "capacity": 5}],
    tracks=[{"name": "가"}],
)


def places(value, path=()):
    """Every place in the schedule, as a path."""
    if path:
        yield path
    for step, inner in (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        yield from places(inner, (*path, step))


@examples(max_examples=120, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(changes=some.lists(some.tuples(some.sampled_from(list(places(WHOLE))), VALUES), min_size=1, max_size=3))
def test_a_mangled_schedule_is_imported_or_refused(changes) -> None:
    file = WHOLE
    for path, value in changes:
        try:
            file = schedules.changed(file, path, value)
        except (LookupError, TypeError):
            continue  # an earlier change took the place away
    with transaction.atomic():
        try:
            schedule_import.create_conference(schedule_import.preview(schedules.written(file)), by=None)
            found = "imported"
        except FileRefused as refused:
            found = "refused" if refused.problems else "refused for nothing"
        assert (Conference.objects.count(), found) in {(1, "imported"), (0, "refused")}
        transaction.set_rollback(True)


# ── out again ───────────────────────────────────────────────────────────────────────────────────
def published(conference: Conference) -> Conference:
    chair = User.objects.filter(username="chair").first() or User.objects.create_user(
        "chair", name="총괄", is_admin=True
    )
    releases.publish(conference, by=chair, name="첫 공개", names_reason="시험")
    releases.clear_cache()
    return conference


def told(xml: bytes) -> Counter[tuple]:
    """Every event of a frab XML: what it is, when and for how long, where, and who."""
    found: Counter[tuple] = Counter()
    for room in ET.fromstring(xml).iter("room"):  # noqa: S314 (ours)
        for row in room.findall("event"):
            length = row.findtext("duration", "").rjust(5, "0")
            who = tuple(sorted(person.text or "" for person in row.iter("person")))
            found[
                row.findtext("title"), row.findtext("date"), length, room.get("name"), row.findtext("track") or "", who
            ] += 1
    return found


def test_out_again_every_event_person_room_and_time(client) -> None:
    """What differs, and why: a break is no session of the public feed unless asked for, and what has no length stays out."""
    published(schedule_import.create_conference(schedule_import.preview(schedules.XML), by=None))
    before, after = told(schedules.XML), told(client.get("/maeul2026/programme.xml").content)
    assert after - before == Counter()
    assert sorted((row[0], row[2]) for row in before - after) == [("길이가 없는 것", "00:00"), ("점심", "01:00")]


@pytest.mark.parametrize("address", ["programme.xml", "schedule.json"])
def test_our_own_schedule_comes_in_and_goes_out_the_same(client, address: str) -> None:
    """Of a conference that came in once, the second journey changes no byte but for the file's own number."""
    first = published(schedule_import.create_conference(schedule_import.preview(schedules.XML), by=None))
    out = client.get(f"/maeul2026/{address}").content
    first.slug = "moved-away"
    first.save()
    published(schedule_import.create_conference(schedule_import.preview(out), by=None))
    releases.clear_cache()
    assert client.get(f"/maeul2026/{address}?fresh").content == out


def test_the_conference_of_2015_moves_with_every_session_that_is_public(client, example: Conference) -> None:
    out = client.get(f"/{example.slug}/programme.xml").content
    found = schedule_import.preview(out)
    made = published(schedule_import.create_conference(found, by=None))
    again = client.get(f"/{made.slug}/programme.xml").content
    assert told(again) == told(out)
    assert made.slug == "dongbuk4-2015-2"
    assert [note.label for note in found.notes.of(NOT_IMPORTED)] == ["행사 누리집"]


def test_nothing_of_2000_events_is_lost_between_file_and_values() -> None:
    content = schedules.many(days=5, rooms=20, slots=20)
    file = mapping.convert_schedule(reading.parse_schedule(content)).file
    rows = Counter(
        (row["title"], row["starts_at"][:16], row["room_uses"][0]["room"][1], row["presentations"][0]["presenter"])
        for row in file["sessions"]
    )
    assert rows == Counter(
        (title, date[:16], room, who[0]) for title, date, _length, room, _track, who in told(content)
    )
    assert CHANGED in {note.kind for note in mapping.convert_schedule(reading.parse_schedule(content)).notes.values()}
