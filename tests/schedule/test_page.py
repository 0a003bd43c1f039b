"""`/desk/new/schedule/`: look at what would come, then make it; nothing is kept between the two."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from conference.models import Conference, Membership, User
from sessions.schedule import forms, reading
from tests.cast import assemble
from tests.schedule import schedules
from tests.schedule.schedules import event

pytestmark = pytest.mark.django_db
ADDRESS = "/desk/new/schedule/"


@pytest.fixture
def wook(client: Client) -> Client:
    client.force_login(assemble().wook)
    return client


def looked(client: Client, content: bytes = schedules.XML, name: str = "schedule.xml"):
    return client.post(ADDRESS, {"file": SimpleUploadedFile(name, content)})


def fields(answer) -> dict[str, str]:
    """What the second form would send if nothing were changed."""
    html = answer.content.decode()
    found = re.findall(r"<input[^>]*>", html)
    values = [(re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)) for tag in found]
    return {
        name[1]: unescape(value[1])
        for name, value in values
        if name and value and name[1] in {"title", "slug", "packed"}
    }


def text(answer) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", answer.content.decode())).split())


def test_first_it_is_shown_and_nothing_is_made(wook) -> None:
    answer = looked(wook)
    assert (answer.status_code, Conference.objects.count()) == (200, 0)
    assert {name: value for name, value in fields(answer).items() if name != "packed"} == {
        "title": "마을 기술 모임 2026",
        "slug": "maeul2026",
    }
    said = text(answer)
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
    answer = wook.post(ADDRESS, fields(looked(wook)) | {"title": "우리 마을 모임", "slug": "ours"})
    made = Conference.objects.get()
    assert (answer["Location"], made.title, made.slug, made.sessions.count()) == (
        "/desk/ours/",
        "우리 마을 모임",
        "ours",
        6,
    )
    assert made.memberships.get().role == Membership.Role.CHAIR
    assert wook.get("/desk/ours/").status_code == 200
    assert wook.get("/ours/").status_code == 404  # nothing is public


def test_json_does_as_well(wook) -> None:
    wook.post(ADDRESS, fields(looked(wook, schedules.of(event()), "schedule.json")))
    assert Conference.objects.get().sessions.get().title == "이야기 1"


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"slug": "desk"}, "slug"),
        ({"slug": "taken"}, "slug"),
        ({"slug": ""}, "slug"),
        ({"slug": "Not A Slug"}, "slug"),
        ({"title": ""}, "title"),
        ({"title": "가" * 201}, "title"),
        ({"title": "두\n줄"}, "title"),
    ],
)
def test_what_cannot_be_is_told_at_the_field_and_nothing_typed_is_lost(wook, typed, field) -> None:
    wook.post(ADDRESS, fields(looked(wook)) | {"slug": "taken"})
    sent = fields(looked(wook)) | typed
    answer = wook.post(ADDRESS, sent)
    assert (answer.status_code, list(answer.context["form"].errors), Conference.objects.count()) == (422, [field], 1)
    assert {name: answer.context["form"][name].value() for name in sent} == sent


def test_a_taken_address_proposes_another(wook) -> None:
    wook.post(ADDRESS, fields(looked(wook)))
    again = fields(looked(wook))
    assert again["slug"] == "maeul2026-2"
    answer = wook.post(ADDRESS, again | {"slug": "maeul2026"})
    assert answer.context["form"].errors["slug"] == [
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
    answer = looked(wook, content)
    assert (answer.status_code, said in text(answer), Conference.objects.count()) == (422, True, 0)
    assert b"<script>alert" not in answer.content


def test_no_file_an_empty_one_and_one_too_large(wook, monkeypatch) -> None:
    monkeypatch.setattr(reading, "SIZE_MAX", 100)
    found = [wook.post(ADDRESS, {}), looked(wook, b""), looked(wook, b"<" * 101)]
    assert [answer.status_code for answer in found] == [422, 422, 422]
    assert [answer.context["form"].errors["file"][0] for answer in found[1:]] == [
        "빈 파일입니다.",
        "파일이 너무 큽니다. 0MB까지 받습니다.",
    ]


@pytest.mark.parametrize("packed", ["", "x", "가", "AAAA", "eJw=", forms.packed(b"<" + b" " * 400)[:-8]])
def test_a_file_that_came_back_broken_is_asked_for_again(wook, packed) -> None:
    answer = wook.post(ADDRESS, {"packed": packed, "title": "a", "slug": "b"})
    assert (answer.status_code, answer["Location"], Conference.objects.count()) == (302, ADDRESS, 0)


def test_a_file_never_grows_on_its_way_back(monkeypatch) -> None:
    monkeypatch.setattr(reading, "SIZE_MAX", 1000)
    with pytest.raises(ValueError, match="larger than a file may be"):
        forms.unpacked(forms.packed(b"0" * 1001))
    assert forms.unpacked(forms.packed(b"0" * 1000)) == b"0" * 1000


def test_a_file_too_large_for_a_form_is_for_the_command(wook, monkeypatch) -> None:
    monkeypatch.setattr(forms, "PACKED_MAX", 10)
    answer = looked(wook)
    assert ("import_schedule" in text(answer), b'name="packed"' in answer.content) == (True, False)


@pytest.mark.parametrize(("username", "status"), [("admin", 200), ("chair", 200), ("nobody", 403)])
def test_who_may(client, username, status) -> None:
    assemble()
    User.objects.create_user("nobody", name="소속 없는 계정")
    client.force_login(User.objects.get(username=username))
    assert (client.get(ADDRESS).status_code, looked(client).status_code) == (status, status)


def test_a_stranger_is_asked_to_sign_in(client) -> None:
    assert client.get(ADDRESS)["Location"] == f"/accounts/login/?next={ADDRESS}"
    assert (looked(client).status_code, client.put(ADDRESS).status_code in {302, 401, 405}) == (401, True)


def test_new_conferences_lead_there(wook) -> None:
    assert f'href="{ADDRESS}"' in wook.get("/desk/new/").content.decode()


def test_a_preview_costs_few_queries_however_large(wook, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(8):
        looked(wook, schedules.many(days=2, rooms=3, slots=10))
