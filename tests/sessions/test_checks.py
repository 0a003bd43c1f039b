"""What 점검 finds in the programme and in the timeline, beside what 2015's report is held against."""

from __future__ import annotations

from datetime import timedelta

import pytest

from conference import checks
from conference.models import Conference
from tests.test_addresses import sign_in

TIMES = ("gap", "outside_event", "part_times", "weekday")
INFOS = ("columns", "district_order", "part_times", "repeated_word")


def found(conference: Conference, code: str) -> list[tuple[str, str, str]]:
    fresh = Conference.objects.get(pk=conference.pk)
    return [(f.level, f.where, f.text) for f in checks.find_all(fresh) if f.code == code]


def test_what_2015_could_be_read_otherwise(unsigned):
    titles = {code: [where for _level, where, _text in found(unsigned, code)] for code in INFOS}
    assert titles == {
        "columns": ["사전 발표 준비 회의"],
        "district_order": ["마을과 사회적경제 사업"],
        "part_times": [],
        "repeated_word": ["학습의 장: 지역협력을 통한 지역협력 성과만들기"],
    }
    assert found(unsigned, "columns")[0][2] == "회의는 3회인데 일정표는 4칸입니다."


def test_a_part_says_another_time_than_its_rows(unsigned):
    part = unsigned.parts.exclude(starts_at=None).filter(sessions__isnull=False).first()
    part.starts_at -= timedelta(minutes=10)
    part.save()
    first = part.sessions.order_by("starts_at").first()
    assert found(unsigned, "part_times") == [
        ("info", part.label, "12:50이라고 적었으나 첫 세션의 시작은 13:00입니다."),
    ]
    assert first.starts_at - part.starts_at == timedelta(minutes=10)


@pytest.mark.parametrize(
    ("title", "is_found"),
    [
        ("마을과 마을과 사람", True),
        ("지역협력을 통한 지역협력", True),
        ("나눔 그리고 또한 나눔", False),
        ("장 그리고 장", False),
    ],
)
def test_a_word_twice_within_three(unsigned, title, is_found):
    session = unsigned.sessions.first()
    session.title = title
    session.save()
    assert ("info", title, f"‘{title.split()[0]}’이(가) 되풀이됩니다.") in found(
        unsigned, "repeated_word"
    ) or not is_found
    assert [where for _level, where, _text in found(unsigned, "repeated_word") if where == title] == [title] * is_found


def test_one_room_and_one_person_in_two_places(unsigned):
    session = unsigned.sessions.filter(presentations__presenter__kind="person").first()
    talk = session.presentations.filter(presenter__kind="person").first()
    other = unsigned.sessions.create(
        kind="talk", title="다른 강연", starts_at=session.starts_at, ends_at=session.ends_at, moderator=talk.presenter
    )
    person = talk.presenter
    levels = {(level, where) for level, where, _text in found(unsigned, "overlap")}
    assert levels == {("block", f"{person.name}({person.affiliation} {person.job})")}
    other.delete()
    assert found(unsigned, "overlap") == []


def test_every_finding_about_a_time_leads_to_its_cell(unsigned):
    part, session = unsigned.parts.exclude(starts_at=None).first(), unsigned.sessions.get(code="mayor")
    part.starts_at -= timedelta(days=1)
    for row in (part, session):
        row.as_written = {"starts_at": "11/24(금)", "ends_at": "11/24(금)"}
        row.save()
    client = sign_in("chair")
    links = {f.link for f in checks.find_all(Conference.objects.get(pk=unsigned.pk)) if f.code in TIMES}
    cells = {link.partition("#")[2] for link in links}
    assert cells == {"id_day", "id_start", "id_end"}
    for link in links:
        assert f'id="{link.partition("#")[2]}"' in client.get(link).content.decode()


@pytest.mark.parametrize(("minutes", "said"), [(50, "50분"), (60, "1시간"), (90, "1시간 30분"), (180, "3시간")])
def test_a_gap_is_as_long_as_people_say_it(unsigned, minutes, said):
    last = unsigned.sessions.order_by("ends_at").last()
    starts = last.ends_at + timedelta(minutes=minutes)
    unsigned.sessions.create(kind="talk", title="끝난 뒤", starts_at=starts, ends_at=starts + timedelta(minutes=5))
    told = [text for *_, text in found(unsigned, "gap")][-1]
    assert told.endswith(f"‘끝난 뒤’ 사이 {said}이 비어 있습니다.")


def test_findings_of_an_event_of_two_days_name_the_day(unsigned):
    before = [where for _level, where, _text in found(unsigned, "gap") + found(unsigned, "no_speaker")]
    Conference.objects.update(ends_at=unsigned.ends_at + timedelta(days=1))
    after = [where for _level, where, _text in found(unsigned, "gap") + found(unsigned, "no_speaker")]
    assert before[0] == "프로그램 16:00~16:10"
    assert after[0] == "프로그램 11. 24.(화) 16:00~16:10"
    assert len(after) == len(before) > 3
    assert all("11. 24.(화) " in where for where in after)
