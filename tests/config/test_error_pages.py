"""Nothing typed is lost by a sign-in that ran out. What comes is mostly no form of ours: raw on purpose."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from conference.models import Conference
from config.middleware import refuse_other_encodings
from tests.factories import make_people
from tests.visitor import Visitor

pytestmark = pytest.mark.django_db
OURS, ELSEWHERE = "http://testserver", "https://evil.example"
ADDRESS = "/desk/dongbuk4-2015/reports/1/texts/?from=desk"
PASSWORD = "four-words-are-enough"
NEW = {"title": "다음 컨퍼런스", "starts_at": "2026-11-24 13:00", "ends_at": "2026-11-24 18:00"}
TYPED = {"title": "<b>결과보고</b>", "preamble": "첫 줄\r\n둘째 줄", "new_Password": "secret-word"}


def fields(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page))


def kept(answer) -> dict[str, str]:
    return {name: value for name, value in fields(answer.content.decode()).items() if name != "csrfmiddlewaretoken"}


def test_a_form_after_the_sign_in_ran_out_is_kept(client):
    answer = client.post(ADDRESS, TYPED)
    page = answer.content.decode()
    assert answer.status_code == 401
    assert kept(answer) == {"title": "&lt;b&gt;결과보고&lt;/b&gt;", "preamble": "첫 줄\r\n둘째 줄"}
    assert re.findall(r'<form method="post" action="([^"]*)"', page) == [ADDRESS]
    assert re.findall(r'<a class="button[^"]*" href="([^"]*)"', page) == ["/accounts/login/?next=/accounts/"]
    assert "no-store" in answer.headers["Cache-Control"]
    assert page.count("파일은 보관하지 못했습니다") == 0


def test_files_cannot_be_kept_and_are_named(client):
    answer = client.post(ADDRESS, {"title": "제목", "file": SimpleUploadedFile("a.txt", b"text")})
    page = answer.content.decode()
    assert (answer.status_code, kept(answer)) == (401, {"title": "제목"})
    assert page.count('enctype="multipart/form-data"') == 1
    assert page.count("파일은 보관하지 못했습니다") == 1


def test_a_field_that_came_twice_is_kept_twice(client):
    answer = client.post(ADDRESS, {"accepted": ["gap", "no_speaker"]})
    assert re.findall(r'name="accepted" value="(\w+)"', answer.content.decode()) == ["gap", "no_speaker"]


def test_a_page_of_a_stranger_leads_to_the_sign_in(client):
    assert client.get(ADDRESS)["Location"] == "/accounts/login/?next=/desk/dongbuk4-2015/reports/1/texts/%3Ffrom%3Ddesk"


@pytest.mark.parametrize(
    ("origin", "status", "is_kept"), [(OURS, 403, True), (ELSEWHERE, 403, False), ("", 403, False)]
)
def test_without_a_good_token_only_a_page_of_ours_is_kept(origin, status, is_kept):
    answer = Client(enforce_csrf_checks=True).post(ADDRESS, TYPED, headers={"origin": origin} if origin else {})
    assert answer.status_code == status
    assert kept(answer) == ({"title": "&lt;b&gt;결과보고&lt;/b&gt;", "preamble": "첫 줄\r\n둘째 줄"} if is_kept else {})


@pytest.fixture
def wook() -> User:
    user = make_people().wook
    user.set_password(PASSWORD)
    user.save()
    return user


def test_after_signing_in_again_sending_once_more_saves(wook):
    """The whole way without JavaScript: open, be signed out, send, sign in elsewhere, send again."""
    visitor = Visitor(headers={"origin": OURS})
    visitor.sign_in("wook", PASSWORD)
    typed = {"행사명": NEW["title"], "시작": NEW["starts_at"], "끝": NEW["ends_at"]}
    form = visitor.open("/desk/new/").form("행사 만들기").fill_all(typed)
    del visitor.client.cookies["sessionid"]

    first = form.press("행사 만들기")
    assert first.status == 401
    visitor.sign_in("wook", PASSWORD)
    second = first.press("다시 보내기")
    assert (second.status, Conference.objects.count()) == (403, 0)  # the token is from before
    third = second.press("다시 보내기")
    assert (third.status, Conference.objects.get().title) == (302, "다음 컨퍼런스")


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"title": "가" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 3 + 1)}, "5MB를 넘습니다"),
        (dict.fromkeys(map(str, range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)), ""), "줄이 너무 많습니다"),
        ({"file": [SimpleUploadedFile("a", b"x")] * (settings.DATA_UPLOAD_MAX_NUMBER_FILES + 1)}, "한 번에 40개까지"),
    ],
)
def test_too_much_at_once_is_refused_in_words(wook, sent, said):
    client = Client()
    client.force_login(wook)
    answer = client.post("/desk/new/", sent)
    page = answer.content.decode()
    assert (answer.status_code, said in page, "담당자 로그인" in page) == (413, True, False)
    assert Conference.objects.count() == 0


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"])
@pytest.mark.parametrize(
    ("charset", "is_read"),
    [
        ("", True),
        ("; charset=UTF-8", True),
        ("; charset=euc-kr", False),
        ("; charset=base64", False),  # no encoding of a text: Django would fail
        ("; charset=none", False),
        ("; charset*=none''x", False),
        (f"; charset={'x' * 20_000}", False),
    ],
)
def test_what_is_not_utf_8_is_refused_before_django(kind, charset, is_read):
    told = []
    application = refuse_other_encodings(lambda *_: [b"read"])
    [body] = application({"CONTENT_TYPE": f"{kind}{charset}"}, lambda *said: told.append(said[0]))
    assert (told, body == b"read") == ([] if is_read else ["400 Bad Request"], is_read)
    assert is_read or "UTF-8로 적혀 있지 않아" in body.decode()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_in_a_browser_one_press_saves(browse, wook):
    """With JavaScript the button fetches the fresh token by itself."""
    page = browse("phone")
    page.goto("/accounts/login/")
    sign_in(page)
    page.goto("/desk/new/")
    for name, text in NEW.items():
        page.fill(f"[name={name}]", text)
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="행사 만들기").click()
    page.wait_for_selector("h1:has-text('아직 저장하지 않았습니다')")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="새 창에서 로그인").click()
    sign_in(opened.value)
    page.get_by_role("button", name="다시 보내기").click()
    page.wait_for_selector("text=행사를 만들었습니다.")
    assert Conference.objects.get().title == "다음 컨퍼런스"


def sign_in(page) -> None:
    page.fill("[name=login]", "wook")
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="로그인", exact=True).click()
    page.wait_for_url(re.compile("/(approvals|accounts)/$"))
