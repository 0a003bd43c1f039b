"""Every problem is named with its JSON pointer, in Korean, and nothing is written."""

import base64
import copy
import hashlib
import json
import struct
import zlib

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from accounts.models import Organisation, User
from conference.exchange import FileRefused, importing, reading
from conference.models import Conference
from reports.sections import SECTIONS

EXAMPLE = json.loads((settings.BASE_DIR / "examples" / "dongbuk4-2015.json").read_text("utf-8"))
STP = "서울 테크노 파크"

pytestmark = pytest.mark.django_db


def problems(content: bytes) -> list[str]:
    with pytest.raises(FileRefused) as refused:
        importing.load(content)
    assert (Conference.objects.count(), User.objects.count(), Organisation.objects.count()) == (0, 0, 0)
    return [str(problem) for problem in refused.value.problems]


def changed(*changes) -> bytes:
    """The example with values set at pointers: ("/sessions/3/title", 5)."""
    data = copy.deepcopy(EXAMPLE)
    for pointer, value in changes:
        *path, last = pointer.strip("/").split("/")
        place = data
        for step in path:
            place = place[int(step)] if isinstance(place, list) else place[step]
        if isinstance(place, list):
            place[int(last) : int(last) + 1] = [value]
        elif value is ...:
            del place[last]
        else:
            place[last] = value
    return json.dumps(data).encode()


def upload(content: bytes) -> bytes:
    """The example with other bytes as its first picture."""
    digest = hashlib.sha256(content).hexdigest()
    return changed(("/files/0/content", base64.b64encode(content).decode()), ("/files/0/digest", digest))


def png(width: int, height: int) -> bytes:
    """A true PNG of one bit a pixel, all black."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(b"\0" * ((width // 8 + 1) * height), 9))
    return b"\x89PNG\r\n\x1a\n" + head + body + chunk(b"IEND", b"")


FILES = {
    "no colon": (
        b'{"format": 1,\n "conference": {"slug" "x"}}',
        ["파일 전체: 2줄 24칸: JSON이 아닙니다. 쌍점(:)이 있어야 합니다."],
    ),
    "cut off": (b'{"format": 1, "conf', ["파일 전체: 1줄 15칸: JSON이 아닙니다. 닫는 따옴표가 없습니다."]),
    "empty": (b"", ["파일 전체: 1줄 1칸: JSON이 아닙니다. 값이 있어야 합니다."]),
    "not UTF-8": (b'{"a": "\xb0\xad"}', ["파일 전체: UTF-8로 쓴 글이 아닙니다(8번째 바이트)."]),
    "a list": (b"[]", ["파일 전체: 필요한 값은 묶음, 적힌 값은 목록입니다."]),
    "deep": (b"[" * 100_000, ["파일 전체: 괄호가 너무 깊이 겹쳐 있습니다."]),
    "nothing in it": (
        b"{}",
        ["/format: 이 프로그램이 읽는 형식은 1입니다.", "/conference: 행사(conference)가 없습니다."],
    ),
    "twice": (
        b'{"format": 1, "format": 1, "conference": {"a/b~": 1}}',
        [
            "/format: 같은 이름이 두 번 있습니다.",
            "/conference/a~1b~0: 모르는 이름입니다.",
            "/conference: ‘slug’이(가) 없습니다.",
            "/conference: ‘title’이(가) 없습니다.",
            "/conference: ‘starts_at’이(가) 없습니다.",
            "/conference: ‘ends_at’이(가) 없습니다.",
        ],
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_none(name):
    content, expected = FILES[name]
    assert problems(content) == expected


CHANGES = {
    "end before start": (
        [("/sessions/3/ends_at", "2015-11-24T12:00+09:00")],
        ["/sessions/3/ends_at: 끝나는 시각이 시작보다 빠릅니다."],
    ),
    "end without start": (
        [("/parts/0/ends_at", "2015-11-24T12:00+09:00")],
        ["/parts/0/ends_at: 시작하는 시각 없이 끝나는 시각만 있습니다."],
    ),
    "wrong types": (
        [("/sessions/0/title", 5), ("/sessions/0/headcount", True), ("/sessions/0/photos", "x"), ("/guests", None)],
        [
            "/guests: 필요한 값은 목록, 적힌 값은 빈 값(null)입니다.",
            "/sessions/0/title: 필요한 값은 글, 적힌 값은 정수입니다.",
            "/sessions/0/headcount: 필요한 값은 정수, 적힌 값은 참·거짓입니다.",
            "/sessions/0/photos: 필요한 값은 목록, 적힌 값은 글입니다.",
        ],
    ),
    "unknown names": (
        [("/sesions", []), ("/sessions/3/end_at", "x")],
        [
            "/sesions: 모르는 이름입니다. ‘sessions’을(를) 쓰려던 것입니까?",
            "/sessions/3/end_at: 모르는 이름입니다. ‘ends_at’을(를) 쓰려던 것입니까?",
        ],
    ),
    "unknown references": (
        [("/sessions/3/host", "성북"), ("/parts/0/exhibition_slug", "expo"), ("/topics/1/desks/0/officer", "nobody")],
        [
            "/topics/1/desks/0/officer: ‘nobody’: accounts에 없는 이름입니다.",
            "/parts/0/exhibition_slug: ‘expo’: exhibitions에 없는 이름입니다. ‘open-expo’을(를) 쓰려던 것입니까?",
            "/sessions/3/host: ‘성북’: districts에 없는 이름입니다. ‘성북구’을(를) 쓰려던 것입니까?",
        ],
    ),
    "overlap of one room": (
        [("/sessions/0/room_uses", [{"room": [STP, "601호"]}])],
        [
            "/sessions/1/room_uses/0/room: 601호: ‘도시재생 사업’(13:00~14:40)와 ‘마을과 사회적경제 사업’(13:00~14:40)의 시간이 겹칩니다."
        ],
    ),
    "a floor is no room": (
        [("/sessions/0/room_uses", [{"room": [STP, "3층"]}])],
        ["/sessions/0/room_uses/0/room: 3층: 층은 쓸 자리로 잡을 수 없습니다. 그 층의 방을 고르십시오."],
    ),
    "long title": (
        [("/sessions/3/title", "가" * 40_000)],
        ["/sessions/3/title: 글이 너무 깁니다(40,000자). 200자까지 쓸 수 있습니다."],
    ),
    "NUL": (
        [("/sessions/3/title", "a\0b")],
        ["/sessions/3/title: 쓸 수 없는 문자(U+0000)가 들어 있습니다. 지우고 다시 적어 주세요."],
    ),
    "lone surrogates": (
        [("/sessions/3/title", "a\ud800b"), ("/sessions/3/\udfff", 1)],
        [
            "/sessions/3/\\udfff: 모르는 이름입니다.",
            "/sessions/3/title: 쓸 수 없는 문자(U+D800)가 들어 있습니다. 지우고 다시 적어 주세요.",
        ],
    ),
    "empty title": ([("/sessions/3/title", " ")], ["/sessions/3/title: 비워 둘 수 없습니다."]),
    "huge numbers": (
        [
            ("/sessions/3/headcount", 10**30),
            ("/tracks/0/attendee_count", 2**40),
            ("/sessions/2/headcount", float("nan")),
        ],
        [
            "/tracks/0/attendee_count: 0부터 2,147,483,647까지의 정수여야 합니다.",
            "/sessions/2/headcount: 필요한 값은 정수, 적힌 값은 소수나 너무 큰 수입니다.",
            "/sessions/3/headcount: 필요한 값은 정수, 적힌 값은 소수나 너무 큰 수입니다.",
        ],
    ),
    "dates that are none": (
        [
            ("/tracks/0/meetings/0/date", "0000-01-01"),
            ("/tracks/0/meetings/1/date", "9999-12-31"),
            ("/tracks/0/meetings/2/date", "2015-02-30"),
            ("/sessions/0/starts_at", "2015-11-24T13:00"),
            ("/sessions/1/ends_at", "2015-11-24T25:00+09:00"),
        ],
        [
            "/tracks/0/meetings/0/date: 연도는 1900년부터 2199년까지입니다.",
            "/tracks/0/meetings/1/date: 연도는 1900년부터 2199년까지입니다.",
            "/tracks/0/meetings/2/date: 없는 날짜이거나 시각입니다: 2015-02-30",
            "/sessions/0/starts_at: 2015-11-24T13:00+09:00 꼴로 적어야 합니다.",
            "/sessions/1/ends_at: 없는 날짜이거나 시각입니다: 2015-11-24T25:00+09:00",
        ],
    ),
    "no choice": (
        [("/sessions/0/kind", "tlk"), ("/reports/0/kind", "plan")],
        [
            "/sessions/0/kind: ‘tlk’은(는) 쓸 수 없습니다. 쓸 수 있는 값: topic, talk, ceremony, move, break, exhibition",
            "/reports/0/kind: 모르는 문서 종류입니다. 쓸 수 있는 값: result",
        ],
    ),
    "missing": ([("/sessions/0/title", ...)], ["/sessions/0: ‘title’이(가) 없습니다."]),
    "twice the same": (
        [("/sessions/14", EXAMPLE["sessions"][2]), ("/accounts/9", EXAMPLE["accounts"][0])],
        [
            "/accounts/9/username: /accounts/0과(와) 같습니다. 두 번 쓸 수 없습니다.",
            "/sessions/14/code: /sessions/2과(와) 같습니다. 두 번 쓸 수 없습니다.",
        ],
    ),
    "a name twice": (
        [("/sessions/1/photos", ["photo-1.png", "photo-1.png"])],
        ["/sessions/1/photos: 같은 이름이 두 번 있습니다."],
    ),
    "rooms in a circle": (
        [("/venues/0/rooms/0/parent", [STP, "6층"]), ("/venues/0/rooms/1/parent", [STP, "3층"])],
        [
            "/venues/0/rooms/0/parent: 방이 자기 안에 들어 있습니다.",
            "/venues/0/rooms/1/parent: 방이 자기 안에 들어 있습니다.",
        ],
    ),
    "rules of one row": (
        [
            ("/lines/0/department", ...),
            ("/lines/0/steps/0/position", "과장"),
            ("/hosts", [{"role": "host"}]),
            ("/guests/0/represented_by", "부시장"),
            ("/reports/0/paragraphs", [{"section": "problems", "text": "글", "level": 4}]),
        ],
        [
            "/hosts/0/name: 기관(organisation)과 이름(name) 가운데 하나만 적어야 합니다.",
            "/guests/0/represented_by: 대리 참석자는 대리참석(represented)일 때만 적습니다.",
            "/lines/0/department: 결재선의 처리과(department)가 없습니다.",
            "/lines/0/steps/0/user: 사람(user)과 직위(position) 가운데 하나만 적어야 합니다.",
            "/reports/0/paragraphs/0/level: 단계는 1, 2, 3 가운데 하나입니다.",
        ],
    ),
    "an order of sections that there are not, or twice": (
        [("/reports/0/section_order", ["basis", "basis", "nothing"])],
        [
            "/reports/0/section_order: 차례는 다음 이름을 한 번씩 적습니다: " + ", ".join(SECTIONS),
        ],
    ),
    "two lines in a title": ([("/conference/title", "가\n나")], ["/conference/title: 한 줄로 적어 주세요."]),
    "addresses": ([("/conference/slug", "desk")], ["/conference/slug: ‘desk’은(는) 포털이 쓰는 주소입니다."]),
    "address in capitals": (
        [("/conference/slug", "A b")],
        ["/conference/slug: 영문 소문자, 숫자와 붙임표(-)만 쓸 수 있습니다."],
    ),
    "no base64": ([("/files/0/content", "@가")], ["/files/0/content: base64로 쓴 글이 아닙니다."]),
    "another digest": ([("/files/0/digest", "0" * 64)], ["/files/0/digest: 내용의 SHA-256 값과 다릅니다."]),
    "another media type": (
        [("/files/0/media_type", "image/jpeg")],
        ["/files/0/media_type: 내용은 image/png인데 image/jpeg(이)라고 적혀 있습니다."],
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_fault_in_the_example(name):
    changes, expected = CHANGES[name]
    assert problems(changed(*changes)) == expected


def test_deep_nesting_inside_a_value():
    deep = b'{"a":' * 900 + b"1" + b"}" * 900
    content = changed(("/conference/as_written", "HERE")).replace(b'"HERE"', deep)
    assert problems(content) == ["/conference/as_written: 필요한 값은 글, 적힌 값은 묶음입니다."]


def test_a_number_of_ten_thousand_digits():
    assert problems(b'{"format": ' + b"9" * 10_000 + b"}") == FILES["nothing in it"][1]


def test_pictures_that_are_none():
    assert problems(upload(b"GIF89a")) == ["/files/0/content: 사진이 아닙니다. JPEG나 PNG 사진만 받습니다."]
    assert problems(upload(png(100, 100)[:60])) == ["/files/0/content: 사진 파일이 망가졌습니다."]


def test_a_hundred_megapixels_are_refused():
    [problem] = problems(upload(png(10_000, 10_000)))
    assert problem.startswith("/files/0/content: 사진이 너무 큽니다(10000×10000화소). PNG는 2500만 화소까지 받습니다.")


def test_a_conference_that_is_there():
    importing.load(json.dumps(EXAMPLE).encode())
    with pytest.raises(FileRefused) as refused:
        importing.load(json.dumps(EXAMPLE).encode())
    assert str(refused.value) == "/conference/slug: ‘dongbuk4-2015’은(는) 이미 있는 행사입니다."
    assert Conference.objects.count() == 1


def test_a_file_of_nothing_but_faults_ends_at_a_thousand():
    assert len(problems(changed(("/sessions", [0] * 100_000)))) == 1000


def test_the_command_says_everything_and_fails(tmp_path):
    file = tmp_path / "bad.json"
    file.write_bytes(changed(("/sessions/3/title", 5), ("/sessions/4/kind", 6)))
    with pytest.raises(CommandError) as error:
        call_command("import_conference", str(file))
    assert error.value.returncode == 1
    assert str(error.value).splitlines() == [
        f"{file}: 고칠 곳 2곳. 아무것도 들여오지 않았습니다.",
        "/sessions/3/title: 필요한 값은 글, 적힌 값은 정수입니다.",
        "/sessions/4/kind: 필요한 값은 글, 적힌 값은 정수입니다.",
    ]


def test_files_that_cannot_be_read(tmp_path, monkeypatch):
    with pytest.raises(CommandError) as error:
        call_command("import_conference", str(tmp_path / "nothing.json"))
    assert str(error.value) == f"{tmp_path / 'nothing.json'}: 읽을 수 없습니다(No such file or directory)."
    monkeypatch.setattr(reading, "SIZE_MAX", 10)
    (tmp_path / "large.json").write_bytes(b" " * 11)
    with pytest.raises(CommandError) as error:
        call_command("import_conference", str(tmp_path / "large.json"))
    assert str(error.value) == f"{tmp_path / 'large.json'}: 파일이 너무 큽니다. 0MB까지 받습니다."


def test_what_only_the_database_sees_is_a_problem_of_its_row(monkeypatch):
    monkeypatch.setattr(reading, "_uniqueness", lambda _found, _problems: None)
    found = problems(changed(("/sessions/14", EXAMPLE["sessions"][2])))
    assert [problem.split(":")[:2] for problem in found] == [["/sessions/14", " 데이터베이스의 규칙에 어긋납니다"]]
