"""What becomes of each thing that a schedule says: it comes over, or a note says what became of it."""

from __future__ import annotations

from typing import Any

import pytest

from conference.exchange import FileRefused
from sessions.schedule import mapping, reading
from sessions.schedule.notes import CHANGED, NOT_IMPORTED, NOTES, REASSIGNED
from tests.schedule import schedules
from tests.schedule.schedules import event


def moved(*events: dict[str, Any], **other: Any) -> mapping.ImportResult:
    return mapping.convert_schedule(reading.parse_schedule(schedules.of(*events, **other)))


def session(**other: Any) -> dict[str, Any]:
    return moved(event(**other)).file["sessions"][0]


def said(found: mapping.ImportResult, kind: str) -> dict[str, list[str]]:
    return {note.label: note.lines() for note in found.notes.of(kind)}


def refused(*events: dict[str, Any], **other: Any) -> list[str]:
    with pytest.raises(FileRefused) as found:
        moved(*events, **other)
    return [problem.text for problem in found.value.problems]


def test_the_whole_of_one_file() -> None:
    found = mapping.convert_schedule(reading.parse_schedule(schedules.XML))
    file = found.file
    assert file["conference"] == {
        "slug": "",
        "title": "마을 기술 모임 2026",
        "title_en": "",
        "summary": "",
        "starts_at": "2026-10-09T10:00+09:00",
        "ends_at": "2026-10-10T10:30+09:00",
    }
    assert found.slug == "maeul2026"
    assert file["topics"] == [{"name": "기술"}, {"name": "마을"}]
    assert file["venues"] == [
        {"name": "행사장", "rooms": [{"name": "큰홀", "kind": "hall"}, {"name": "작은방", "kind": "meeting"}]}
    ]
    assert file["persons"] == [{"name": "연사 1"}, {"name": "연사 2"}, {"name": "연사 3"}]
    assert [
        (row["code"], row["part"], row["kind"], row["starts_at"][5:16], row["ends_at"][5:16])
        for row in file["sessions"]
    ] == [
        ("opening", "1일차", "ceremony", "10-09T10:00", "10-09T10:45"),
        ("102", "1일차", "talk", "10-09T11:00", "10-09T12:30"),
        ("103", "1일차", "break", "10-09T12:30", "10-09T13:30"),
        ("104", "1일차", "talk", "10-10T00:30", "10-10T01:30"),
        ("105", "1일차", "talk", "10-10T01:00", "10-10T01:30"),
        ("106", "2일차", "talk", "10-10T10:00", "10-10T10:30"),
    ]
    assert [[use["room"][1] for use in row.get("room_uses", [])] for row in file["sessions"]] == [
        ["큰홀"], ["큰홀"], ["큰홀"], ["작은방"], ["작은방"], ["큰홀", "작은방"],
    ]  # fmt: skip
    assert file["sessions"][0]["presentations"] == [
        {"presenter": "연사 1", "points": ["함께 엽니다.", "인사", "안내도 (https://example.org/map)"]},
        {"presenter": "연사 2"},
    ]
    assert (file["sessions"][0]["title_en"], file["sessions"][1]["title_en"]) == ("Opening", "Open data in the village")
    assert file["sessions"][1]["presentations"] == [
        {"presenter": "연사 3", "points": ["What we learned", "First line.", "Second line.", "진행 언어: 영어"]}
    ]


def test_what_the_file_says_and_nobody_here_keeps_is_listed() -> None:
    found = mapping.convert_schedule(reading.parse_schedule(schedules.XML))
    assert said(found, NOT_IMPORTED) == {
        "들어오지 못하는 일정": ["‘길이가 없는 것’(10. 10.(토) 11:00)"],
        "일정의 관련 주소": ["소개 · https://example.org/opening"],
        "일정의 붙임 파일": ["자료 · https://example.org/opening.pdf · slides"],
        "일정의 녹화 이용 조건": ["CC BY 4.0"],
        "찍지 않을 일정": ["여는 말"],
        "분야의 색": ["#004488", "#aa3300"],
        "일정의 ‘mood’": ["들뜬"],
        "일정의 ‘mood colour’": ["blue"],
    }
    assert list(said(found, CHANGED)) == [
        "자정을 넘겨 시작하는 일정",
        "일정의 종류",
        "부제",
        "한국어 제목의 영문 부제",
        "요약과 설명",
        "요약과 같은 설명",
        "꾸민 글",
        "진행 언어",
        "여러 사람이 하는 일정",
        "여러 방에 같은 때 같은 말로 적힌 일정",
        "같은 시간에 같은 방을 쓰는 일정",
        "행사의 시작과 끝",
        "방이 있는 건물",
        "방의 구분",
    ]
    assert said(found, REASSIGNED)["파일을 만든 프로그램"] == ["frab · 0.9"]


def test_every_word_of_an_event_comes_over_or_is_noted() -> None:
    """Fields that exist, fields that do not, at every level: each value is found again somewhere."""
    person = {
        "id": 7,
        "name": "연사 7",
        "biography": "소개 글",
        "avatar": "https://a.example/7.png",
        "nonsense": "말 1",
    }
    file = schedules.schedule(
        event(
            persons=[person],
            links=[{"url": "https://l.example", "title": "고리"}],
            unknown={"deep": ["말 2", {"er": "말 3"}]},
        ),
        rooms=[
            {
                "name": "큰홀",
                "guid": "g-1",
                "capacity": 120,
                "description": "말 4",
                "features": {"recording": "unknown"},
            }
        ],
        tracks=[{"name": "마을", "color": "#123456", "odd": "말 5"}],
        keywords=["말 6"],
        meta={"x": "말 7"},
    )
    file["generator"] = {"name": "누군가", "version": "말 8"}
    file["schedule"]["odd"] = "말 9"
    found = mapping.convert_schedule(reading.parse_schedule(schedules.written(file)))
    words = " ".join(
        line for kind in (NOT_IMPORTED, CHANGED, REASSIGNED) for lines in said(found, kind).values() for line in lines
    )
    wanted = [
        "소개 글",
        "https://a.example/7.png",
        "고리",
        "https://l.example",
        "#123456",
        "g-1",
        *(f"말 {n}" for n in range(1, 10)),
    ]
    assert [word for word in wanted if word not in words] == []
    assert found.file["venues"][0]["rooms"] == [{"name": "큰홀", "kind": "hall", "capacity": 120}]


@pytest.mark.parametrize(
    ("fields", "times"),
    [
        ({}, ("2026-10-09T10:00+09:00", "2026-10-09T10:50+09:00")),
        ({"date": "2026-10-09T03:00:00+02:00"}, ("2026-10-09T10:00+09:00", "2026-10-09T10:50+09:00")),
        ({"date": "2026-10-09T01:00:00Z"}, ("2026-10-09T10:00+09:00", "2026-10-09T10:50+09:00")),
        ({"date": "2026-10-09T03:00:00+0200"}, ("2026-10-09T10:00+09:00", "2026-10-09T10:50+09:00")),
        ({"date": "2026-10-09T10:00"}, ("2026-10-09T10:00+09:00", "2026-10-09T10:50+09:00")),
        ({"date": "2026-10-09T10:00:30.5+09:00"}, ("2026-10-09T10:00:30+09:00", "2026-10-09T10:50:30+09:00")),
        ({"date": None}, ("2026-10-09T10:00+09:00", "2026-10-09T10:50+09:00")),
        ({"date": "2026-10-09", "start": "9:30"}, ("2026-10-09T09:30+09:00", "2026-10-09T10:20+09:00")),
        ({"date": None, "start": "01:30"}, ("2026-10-10T01:30+09:00", "2026-10-10T02:20+09:00")),
        ({"duration": "1:30"}, ("2026-10-09T10:00+09:00", "2026-10-09T11:30+09:00")),
        ({"duration": "90"}, ("2026-10-09T10:00+09:00", "2026-10-09T11:30+09:00")),
        ({"duration": 90}, ("2026-10-09T10:00+09:00", "2026-10-09T11:30+09:00")),
        ({"duration": "01:30:00"}, ("2026-10-09T10:00+09:00", "2026-10-09T11:30+09:00")),
        ({"duration": "1:02:30"}, ("2026-10-09T10:00+09:00", "2026-10-10T12:30+09:00")),
        ({"duration": "26:00"}, ("2026-10-09T10:00+09:00", "2026-10-10T12:00+09:00")),
        ({"duration": None, "end": "2026-10-09T11:00:00+09:00"}, ("2026-10-09T10:00+09:00", "2026-10-09T11:00+09:00")),
        ({"end": "2026-10-09T11:00:00+09:00"}, ("2026-10-09T10:00+09:00", "2026-10-09T11:00+09:00")),
        ({"end": "11:00"}, ("2026-10-09T10:00+09:00", "2026-10-09T10:50+09:00")),
    ],
)
def test_times(fields: dict[str, Any], times: tuple[str, str]) -> None:
    found = session(**fields)
    assert (found["starts_at"], found["ends_at"]) == times


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"date": "어제"}, "‘이야기 1’: 시작하는 때를 읽을 수 없습니다: 어제 10:00"),
        (
            {"date": "2026-13-09T10:00:00+09:00"},
            "‘이야기 1’: 시작하는 때를 읽을 수 없습니다: 2026-13-09T10:00:00+09:00 10:00",
        ),
        (
            {"date": "0001-01-01T00:00:00+14:00"},
            "‘이야기 1’: 시작하는 때를 읽을 수 없습니다: 0001-01-01T00:00:00+14:00 10:00",
        ),
        ({"date": None, "start": "25:00"}, "‘이야기 1’: 시작하는 때를 읽을 수 없습니다: 25:00"),
        ({"duration": None}, "‘이야기 1’: 길이를 읽을 수 없습니다: (없음)"),
        ({"duration": "곧"}, "‘이야기 1’: 길이를 읽을 수 없습니다: 곧"),
        ({"duration": "9999:00"}, "‘이야기 1’: 길이를 읽을 수 없습니다: 9999:00"),
    ],
)
def test_times_that_nobody_can_read(fields: dict[str, Any], text: str) -> None:
    assert refused(event(**fields)) == [text]


def test_a_zone_of_its_own() -> None:
    found = moved(event(date="2026-10-09T10:00:00"), time_zone_name="Europe/Berlin")
    assert found.file["sessions"][0]["starts_at"] == "2026-10-09T17:00+09:00"
    assert said(found, CHANGED)["다른 시간대의 시각"] == ["10. 9.(금) 10:00(+0200) → 10. 9.(금) 17:00"]
    assert said(found, CHANGED)["시간대가 없는 시각"] == ["CEST"]


def test_a_clock_of_another_zone_is_told() -> None:
    """A day and a clock, without a word of the zone beside them, are the file's zone's."""
    day = {"index": 1, "date": "2026-10-09", "rooms": {"큰홀": [event(date="2026-10-09", start="10:00")]}}
    found = moved(time_zone_name="Europe/Berlin", days=[day])
    assert found.file["sessions"][0]["starts_at"] == "2026-10-09T17:00+09:00"
    assert said(found, CHANGED)["다른 시간대의 시각"] == ["10. 9.(금) 10:00(+0200) → 10. 9.(금) 17:00"]


def test_a_code_that_is_a_days_is_no_address() -> None:
    assert [row["code"] for row in moved(event(slug="", code="2026-10-09")).file["sessions"]] == ["2026-10-09-2"]


@pytest.mark.parametrize("name", ["Nowhere/Nothing", "../../etc/passwd", "/etc/passwd", "\0"])
def test_a_zone_that_is_none(name: str) -> None:
    found = moved(event(date="2026-10-09T10:00:00"), time_zone_name=name)
    assert found.file["sessions"][0]["starts_at"] == "2026-10-09T10:00+09:00"
    assert "모르는 시간대 이름" in said(found, CHANGED)


def test_an_event_without_length_stays_out_and_is_named() -> None:
    found = moved(event(1), event(2, duration="00:00"))
    assert len(found.file["sessions"]) == 1
    assert said(found, NOT_IMPORTED) == {"들어오지 못하는 일정": ["‘이야기 2’(10. 9.(금) 11:00)"]}


@pytest.mark.parametrize(
    ("event_type", "kind"),
    [
        ("talk", "talk"),
        ("강연", "talk"),
        ("휴식", "break"),
        ("Lecture", "talk"),
        ("hands-on", "talk"),
        ("", "talk"),
        ("exhibition", "exhibition"),
    ],
)
def test_kinds(event_type: str, kind: str) -> None:
    assert session(type=event_type, persons=[], abstract="")["kind"] == kind


def test_a_break_at_which_somebody_speaks_is_a_talk() -> None:
    assert session(type="break")["kind"] == "talk"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, "talk"),  # of maeul-1-talk: neither the conference nor the number again
        ({"code": "ABC123"}, "abc123"),
        ({"slug": None}, "1"),
        ({"slug": None, "id": "id_7"}, "id-7"),
        ({"slug": "maeul-mayor-1"}, "mayor"),
        ({"slug": "한글"}, None),
        ({"slug": None, "id": None}, None),
        ({"slug": "a" * 80}, "a" * 50),
    ],
)
def test_codes(fields: dict[str, Any], code: str | None) -> None:
    assert session(**fields).get("code") == code


def test_codes_that_come_twice_get_a_number() -> None:
    found = moved(event(1, code="AAA"), event(2, code="aaa"), event(3, code="AAA"))
    assert [row["code"] for row in found.file["sessions"]] == ["aaa", "aaa-2", "aaa-3"]


def test_persons() -> None:
    people = [
        {"id": 1, "name": "연사 1", "public_name": "연사 1"},
        {"id": 2, "name": "연사 1"},
        {"id": 3, "public_name": " "},
        {"name": "가" * 60},
    ]
    found = moved(event(persons=people))
    assert found.file["persons"] == [{"name": "연사 1"}, {"name": "가" * 49 + "…"}]
    assert said(found, CHANGED)["한 일정에 두 번 적힌 사람"] == ["연사 1"]
    assert said(found, CHANGED)["너무 긴 글"] == ["가" * 60]
    assert said(found, NOT_IMPORTED) == {"이름이 없는 사람": ["3"]}


def test_namesakes_are_one_person_and_named() -> None:
    found = moved(event(1, persons=[{"id": 1, "name": "연사"}]), event(2, persons=[{"id": 2, "name": "연사"}]))
    assert said(found, CHANGED)["번호가 다른 같은 이름"] == ["연사"]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("한 줄\n\n둘째 줄\r\n  ", ["한 줄", "둘째 줄"]),
        ("- 하나\n* 둘\n• 셋", ["하나", "둘", "셋"]),
        ("a < b && c > d &amp;", ["a < b && c > d &amp;"]),
        ("<p>하나<br>둘</p><script>alert(1)</script>", ["하나", "둘"]),
        ("<p>셋 &amp; 넷&nbsp;다섯</p>", ["셋 & 넷 다섯"]),
        ('<a href="https://e.example">https://e.example</a>', ["https://e.example"]),
        ("<ul><li>하나<li>둘</ul", ["하나", "둘"]),
        ("쓸 수 \x0b없는\u202e 글자", ["쓸 수", "없는 글자"]),
        ({"en": "English", "ko": "한국어"}, ["한국어"]),
    ],
)
def test_texts(text: object, lines: list[str]) -> None:
    assert session(abstract=text)["presentations"][0]["points"] == lines


def test_titles_in_two_languages() -> None:
    found = session(title={"ko": "이야기", "en": "A story"})
    assert (found["title"], found["title_en"]) == ("이야기", "A story")


def test_one_talk_in_many_rooms_is_one_session_and_other_talks_are_not() -> None:
    same = {"title": "모두", "persons": [], "abstract": ""}
    found = moved(event(1, **same), event(1, **same, room="작은방"), event(1, **same | {"title": "따로"}, room="셋째"))
    assert [(row["title"], [use["room"][1] for use in row["room_uses"]]) for row in found.file["sessions"]] == [
        ("모두", ["큰홀", "작은방"]),
        ("따로", ["셋째"]),
    ]


def test_one_room_at_one_time_is_deliberate_and_listed() -> None:
    found = moved(event(1), event(10, title="겹침", duration="00:10"), event(2))
    shared = [[use["is_deliberate"] for use in row["room_uses"]] for row in found.file["sessions"]]
    assert shared == [[True], [True], [False]]
    assert said(found, CHANGED)["같은 시간에 같은 방을 쓰는 일정"] == [
        "큰홀: 10. 9.(금) 10:00~10:10 겹침",
        "큰홀: 10. 9.(금) 10:00~10:50 이야기 1",
    ]


@pytest.mark.parametrize("room", ["", "장소 미정", None])
def test_an_event_in_no_room(room: str | None) -> None:
    found = moved(event(room=room))
    assert ("room_uses" in found.file["sessions"][0], found.file["venues"]) == (False, [])


@pytest.mark.parametrize(
    ("fields", "times"),
    [
        ({}, ("2026-10-09T10:00+09:00", "2026-10-09T10:50+09:00")),
        (
            {"start": "2026-10-09T09:00:00+09:00", "end": "2026-10-09T18:00:00+09:00"},
            ("2026-10-09T09:00+09:00", "2026-10-09T18:00+09:00"),
        ),
        ({"start": None, "end": None}, ("2026-10-09T10:00+09:00", "2026-10-09T10:50+09:00")),
        ({"days": []}, ("2026-10-09T00:00+09:00", "2026-10-10T00:00+09:00")),
    ],
)
def test_when_the_conference_is(fields: dict[str, Any], times: tuple[str, str]) -> None:
    found = moved(event(), **fields).file["conference"]
    assert (found["starts_at"], found["ends_at"]) == times


def test_neither_days_nor_events() -> None:
    assert refused(days=[], start=None, end=None, title=None, acronym=None) == [
        "행사 이름이 없습니다.",
        "시작하는 날과 끝나는 날을 읽을 수 없습니다: (없음)",
    ]


def test_an_acronym_is_a_name_where_there_is_no_other() -> None:
    found = moved(event(), title=None)
    assert (found.file["conference"]["title"], said(found, CHANGED)["행사 이름이 없음"]) == ("maeul", ["maeul"])


def test_every_note_says_what_and_why() -> None:
    assert [
        name
        for name, (kind, label, reason) in NOTES.items()
        if kind not in {NOT_IMPORTED, CHANGED, REASSIGNED} or not label or not reason
    ] == []
