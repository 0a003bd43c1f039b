"""What is no schedule is refused with its place, and nothing in a file is ever expanded or fetched."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as some

from conference.exchange import FileRefused
from sessions.schedule import mapping, reading
from sessions.schedule.trees import DEPTH_MAX
from tests.schedule import schedules

NO_DTD = "DOCTYPE 선언이 든 파일은 받지 않습니다. 파일 밖의 것을 읽거나 내용을 불리는 데 쓰일 수 있습니다."
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {name} "{"&" + before + ";" * 1}{("&" + before + ";") * 9}">'
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
BODY = "<schedule><version>1</version><conference><title>{}</title></conference></schedule>"


def refused(content: bytes) -> list[str]:
    with pytest.raises(FileRefused) as found:
        mapping.convert_schedule(reading.parse_schedule(content))
    return [str(problem) for problem in found.value.problems]


@pytest.mark.parametrize(
    "dtd",
    [
        LAUGHS + "]>",
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "http://127.0.0.1:9/">]>',
        '<!DOCTYPE x [<!ENTITY % a SYSTEM "http://127.0.0.1:9/"> %a;]>',
        '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
        '<!DOCTYPE x PUBLIC "-//x//y" "file:///etc/passwd">',
        "<!DOCTYPE schedule>",
    ],
)
def test_no_entities_of_its_own(dtd: str) -> None:
    assert refused((HEAD + dtd + BODY.format("&a;")).encode()) == [f"2줄: {NO_DTD}"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "파일 전체: 일정 파일(frab XML 또는 JSON)이 아닙니다."),
        (b"BEGIN:VCALENDAR", "파일 전체: 일정 파일(frab XML 또는 JSON)이 아닙니다."),
        (b"PK\x03\x04", "파일 전체: 일정 파일(frab XML 또는 JSON)이 아닙니다."),
        (b"[]", "파일 전체: 일정 파일(frab XML 또는 JSON)이 아닙니다."),
        (b"{}", "/schedule/conference: 일정 파일(frab XML 또는 JSON)이 아닙니다."),
        (b'{"schedule": 1}', "/schedule/conference: 일정 파일(frab XML 또는 JSON)이 아닙니다."),
        (b"{", "파일 전체: 1줄 2칸: JSON이 아닙니다. 큰따옴표로 묶은 이름이 있어야 합니다."),
        (b"\n<rss/>", "2줄 <rss>: 일정 파일(frab XML 또는 JSON)이 아닙니다."),
        (b"<schedule/>", "1줄 <schedule>: 일정 파일(frab XML 또는 JSON)이 아닙니다."),
        (b"<schedule>", "파일 전체: 1줄 11칸: XML이 아닙니다. 파일이 중간에 끝났습니다."),
        (b"<a>\n</b>", "파일 전체: 2줄 3칸: XML이 아닙니다. 여는 태그와 닫는 태그가 다릅니다."),
        (b"<a>&nbsp;</a>", "파일 전체: 1줄 4칸: XML이 아닙니다. 뜻을 알 수 없는 기호(&…;)가 있습니다."),
        (b"<a>\x00</a>", "파일 전체: 1줄 4칸: XML이 아닙니다. 쓸 수 없는 글자가 있습니다."),
        (b"<?xml version='1.0' encoding='euc-kr'?><a/>", "파일 전체: 모르는 문자 부호입니다. UTF-8로 저장해 주세요."),
        (b"<?xml version='1.0' encoding='nothing'?><a/>", "파일 전체: 모르는 문자 부호입니다. UTF-8로 저장해 주세요."),
        (b"<a>" * (DEPTH_MAX + 2), "1줄: 태그가 너무 깊이 겹치거나 너무 많습니다."),
        (b"[" * 100_000, "파일 전체: 일정 파일(frab XML 또는 JSON)이 아닙니다."),
        (b'{"a":' * 100_000, "파일 전체: 괄호가 너무 깊이 겹쳐 있습니다."),
        (b'{"schedule":{"conference":{"days":{}}}}', None),
        (b"<" + b" " * reading.SIZE_MAX, "파일 전체: 파일이 너무 큽니다. 20MB까지 받습니다."),
    ],
)
def test_what_is_no_schedule(content: bytes, said: str | None) -> None:
    found = refused(content)
    assert found == [said] if said else len(found) > 0


def test_too_many_events(monkeypatch) -> None:
    monkeypatch.setattr(reading, "EVENTS_MAX", 2)
    three = schedules.of(*map(schedules.event, range(1, 4)))
    assert refused(three) == ["파일 전체: 일정이 3건입니다. 한 행사에 2건까지 받습니다."]


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("days",), {}, None),
        (("days",), "x", "/schedule/conference/days: 필요한 값은 목록, 적힌 값은 글입니다."),
        (("days", 0), 1, "/schedule/conference/days/0: 필요한 값은 묶음, 적힌 값은 정수입니다."),
        (("days", 0, "rooms"), ["x"], "/schedule/conference/days/0/rooms: 필요한 값은 묶음, 적힌 값은 목록입니다."),
        (
            ("days", 0, "rooms", "큰홀"),
            {"x": 1},
            "/schedule/conference/days/0/rooms/큰홀: 필요한 값은 목록, 적힌 값은 묶음입니다.",
        ),
        (
            ("days", 0, "rooms", "큰홀", 0),
            "x",
            "/schedule/conference/days/0/rooms/큰홀/0: 필요한 값은 묶음, 적힌 값은 글입니다.",
        ),
        (
            ("days", 0, "rooms", "큰홀", 0, "persons"),
            "x",
            "/schedule/conference/days/0/rooms/큰홀/0: 사람(persons)의 목록이 아닙니다.",
        ),
        (("days", 0, "rooms", "큰홀", 0, "title"), "", "/schedule/conference/days/0/rooms/큰홀/0: 제목이 없습니다."),
    ],
)
def test_shapes_of_json(path: tuple, value: object, said: str | None) -> None:
    file = schedules.changed(schedules.schedule(schedules.event()), ("schedule", "conference", *path), value)
    if said:
        assert refused(schedules.written(file)) == [said]
    else:  # no days are no fault
        assert mapping.convert_schedule(reading.parse_schedule(schedules.written(file))).file["sessions"] == []


def test_a_name_twice() -> None:
    assert refused(b'{"schedule": {"conference": {"title": "a", "title": "b"}}}') == [
        "/schedule/conference/title: 같은 이름이 두 번 있습니다."
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
def test_encodings_of_xml(encoding: str) -> None:
    title = "모임" if encoding.startswith("utf") else "Café"
    declared = HEAD.replace("UTF-8", encoding.removesuffix("-sig"))
    events = '<day index="1" date="2026-10-09"><room name="a"><event><title>x</title><start>10:00</start><duration>0:30</duration></event></room></day>'
    whole = declared + BODY.format(title).replace("</schedule>", f"{events}</schedule>")
    assert mapping.convert_schedule(reading.parse_schedule(whole.encode(encoding))).file["conference"]["title"] == title


@examples(max_examples=150, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(
    changes=some.lists(
        some.tuples(some.integers(0, len(schedules.XML)), some.integers(0, 30), some.binary(max_size=12)),
        min_size=1,
        max_size=4,
    )
)
def test_mangled_bytes_are_read_or_refused(changes) -> None:
    content = schedules.XML
    for at, length, new in changes:
        content = content[:at] + new + content[at + length :]
    try:
        json.dumps(mapping.convert_schedule(reading.parse_schedule(content)).file)
    except FileRefused as found:
        assert found.problems != []  # noqa: PT017 (either is right, and nothing else)
