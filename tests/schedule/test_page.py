"""`/desk/new/schedule/`: look at what would come, then make it; nothing is kept between the two."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from conference.models import Conference, Membership
from sessions.schedule import forms, reading
from tests.factories import make_people
from tests.forms import Upload
from tests.schedule import schedules
from tests.schedule.schedules import event
from tests.visitor import Page, Visitor

pytestmark = pytest.mark.django_db
ADDRESS = "/desk/new/schedule/"
LOOK, MAKE = "들여올 내용 보기", "행사 만들기"


@pytest.fixture
def wook() -> Visitor:
    make_people()
    return Visitor("wook")


def looked(visitor: Visitor, content: bytes = schedules.XML, name: str = "schedule.xml") -> Page:
    form = visitor.open(ADDRESS).form(LOOK)
    return form.fill("일정 파일", Upload(name, content)).press(LOOK)


def made(visitor: Visitor, slug: str = "maeul2026") -> Page:
    return looked(visitor).form(MAKE).fill("웹 주소", slug).press(MAKE)


def text(page: Page) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page.text)).split())


def test_first_it_is_shown_and_nothing_is_made(wook) -> None:
    page = looked(wook)
    assert (page.status, Conference.objects.count()) == (200, 0)
    shown = [page.form(MAKE).find(label)[0].values for label in ("행사명", "웹 주소")]
    assert shown == [["마을 기술 모임 2026"], ["maeul2026"]]
    said = text(page)
    wanted = [
        "아직 아무것도 저장하지 않았습니다",
        "큰홀, 작은방",
        "연사 1, 연사 2, 연사 3",
        "‘미확인’",
        "옮기지 않는 것",
        "‘길이가 없는 것’",
    ]
    assert [words for words in wanted if words not in said] == []


def test_then_it_is_made(wook) -> None:
    page = looked(wook).form(MAKE).fill("행사명", "우리 마을 모임").fill("웹 주소", "ours").press(MAKE).follow()
    found = Conference.objects.get()
    assert (page.path, page.status) == ("/desk/ours/", 200)
    assert (found.title, found.slug, found.sessions.count()) == ("우리 마을 모임", "ours", 6)
    assert found.memberships.get().role == Membership.Role.CHAIR
    assert wook.open("/ours/").status == 404  # nothing is public


def test_json_does_as_well(wook) -> None:
    looked(wook, schedules.of(event()), "schedule.json").press(MAKE)
    assert Conference.objects.get().sessions.get().title == "이야기 1"


@pytest.mark.parametrize(
    ("field", "bad"),
    [
        ("slug", "desk"),
        ("slug", "taken"),
        ("slug", ""),
        ("slug", "Not A Slug"),
        ("title", ""),
        ("title", "가" * 201),
        ("title", "두\r\n줄"),
    ],
)
def test_what_cannot_be_is_told_at_the_field_and_nothing_typed_is_lost(wook, field, bad) -> None:
    made(wook, "taken")
    form = looked(wook).form(MAKE).tamper(field, bad)
    page = form.press(MAKE)
    kept = page.answer.context["form"]
    assert (page.status, list(kept.errors), Conference.objects.count()) == (422, [field], 1)
    assert {name: [kept[name].value()] for name in kept.fields} == {
        name: form.fields[name].values for name in kept.fields
    }


def test_a_taken_address_proposes_another(wook) -> None:
    made(wook)
    form = looked(wook).form(MAKE)
    assert form.find("웹 주소")[0].values == ["maeul2026-2"]
    page = form.fill("웹 주소", "maeul2026").press(MAKE)
    assert page.answer.context["form"].errors["slug"] == [
        "‘maeul2026’은(는) 이미 쓰는 주소입니다. ‘maeul2026-2’은(는) 비어 있습니다."
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<!DOCTYPE a><a/>", "1줄: DOCTYPE 선언이 든 파일은 받지 않습니다."),
        (b"nothing", "일정 파일(frab XML 또는 JSON)이 아닙니다."),
        (
            schedules.of(event(date="어제")),
            "/schedule/conference/days/0/rooms/큰홀/0: ‘이야기 1’: 시작하는 때를 읽을 수 없습니다",
        ),
        (
            schedules.of(event(title="<script>alert(1)</script>", date="x")),
            "‘<script>alert(1)</script>’: 시작하는 때를",
        ),
    ],
)
def test_a_file_with_faults_is_refused_with_all_of_them(wook, content, said) -> None:
    page = looked(wook, content)
    assert (page.status, said in text(page), Conference.objects.count()) == (422, True, 0)
    assert "<script>alert" not in page.text


def test_no_file_an_empty_one_and_one_too_large(wook, monkeypatch) -> None:
    monkeypatch.setattr(reading, "SIZE_MAX", 100)
    found = [wook.open(ADDRESS).press(LOOK), looked(wook, b""), looked(wook, b"<" * 101)]
    assert [page.status for page in found] == [422, 422, 422]
    assert [page.answer.context["form"].errors["file"][0] for page in found[1:]] == [
        "빈 파일입니다.",
        "파일이 너무 큽니다. 0MB까지 받습니다.",
    ]


@pytest.mark.parametrize("packed", ["", "x", "가", "AAAA", "eJw=", forms.pack(b"<" + b" " * 400)[:-8]])
def test_a_file_that_came_back_broken_is_asked_for_again(wook, packed) -> None:
    page = looked(wook).form(MAKE).tamper("packed", packed).press(MAKE)
    assert (page.status, page.answer["Location"], Conference.objects.count()) == (302, ADDRESS, 0)


def test_a_file_never_grows_on_its_way_back(monkeypatch) -> None:
    monkeypatch.setattr(reading, "SIZE_MAX", 1000)
    with pytest.raises(ValueError, match="larger than a file may be"):
        forms.unpack(forms.pack(b"0" * 1001))
    assert forms.unpack(forms.pack(b"0" * 1000)) == b"0" * 1000


def test_a_file_too_large_for_a_form_is_for_the_command(wook, monkeypatch) -> None:
    monkeypatch.setattr(forms, "PACKED_MAX", 10)
    page = looked(wook)
    assert ("import_schedule" in text(page), page.has(MAKE)) == (True, False)


def sent_raw(visitor: Visitor) -> int:
    return visitor.post_raw(ADDRESS, {"file": SimpleUploadedFile("schedule.xml", schedules.XML)}).status


def test_who_may() -> None:
    make_people()
    User.objects.create_user("nobody", name="소속 없는 계정")
    assert [looked(Visitor(name)).status for name in ("admin", "chair")] == [200, 200]
    nobody = Visitor("nobody")
    assert (nobody.open(ADDRESS).status, sent_raw(nobody)) == (403, 403)


def test_a_stranger_is_asked_to_sign_in(client) -> None:
    assert client.get(ADDRESS)["Location"] == f"/accounts/login/?next={ADDRESS}"
    assert (sent_raw(Visitor()), client.put(ADDRESS).status_code in {302, 401, 405}) == (401, True)


def test_new_conferences_lead_there(wook) -> None:
    assert f'href="{ADDRESS}"' in wook.open("/desk/new/").text


def test_a_preview_costs_few_queries_however_large(wook, django_assert_max_num_queries) -> None:
    form = wook.open(ADDRESS).form(LOOK).fill("일정 파일", Upload("a.xml", schedules.many(days=2, rooms=3, slots=10)))
    with django_assert_max_num_queries(8):
        form.press(LOOK)
