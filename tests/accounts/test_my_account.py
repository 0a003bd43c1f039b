"""My account: the mail address, the devices that are signed in, and the way back for who forgot the password."""

from __future__ import annotations

import re

import pytest
from allauth.usersessions.models import UserSession
from django.core.cache import cache

from accounts import passwords, user_sessions
from accounts.models import Mail, User
from tests.factories import make_people
from tests.visitor import Page, Visitor

KEEP, SEND = "전자우편 저장", "주소 보내기"
pytestmark = pytest.mark.django_db
OLD, NEW = "four-words-are-enough", "a-new-word-for-wook"
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"
SAMSUNG = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 SamsungBrowser/28.0 Chrome/130.0 Mobile Safari/537.36"


@pytest.fixture
def wook():
    user = make_people().wook
    user.set_password(OLD)
    user.save()
    return user


def signed_in(agent: str = CHROME, password: str = OLD) -> Visitor:
    visitor = Visitor(headers={"user-agent": agent})
    assert visitor.sign_in("wook", password).status == 302
    return visitor


def is_signed_in(visitor: Visitor) -> bool:
    return visitor.open("/accounts/").status == 200


def choose(page: Page, password: str) -> Page:
    """Choose a password on the page that the mailed address leads to."""
    form = page.form("새 비밀번호로 정하기").fill("새 비밀번호", password)
    return form.fill("새 비밀번호 (확인)", password).press("새 비밀번호로 정하기")


def ask_for_password(username: str) -> Page:
    form = Visitor().open("/accounts/password/reset/").form(SEND)
    return form.fill("아이디", username).press(SEND)


def mailed_link() -> str:
    return re.search(r"http://localhost:8000(/accounts/password/new/\S+)", Mail.objects.get().text)[1]


# ── mail ────────────────────────────────────────────────────────────────────────────────────────
def test_my_page_says_who_i_am(wook):
    page = signed_in().open("/accounts/").text
    assert re.findall(r"<dd>([^<]*)</dd>", page) == ["이욱", "wook", "강북구 일자리지원과", "주무관"]
    assert page.count('href="/accounts/"') == 1  # where the name stands in the head


def test_my_mail_changes_with_my_password_only(wook):
    form = Visitor("wook").open("/accounts/").form(KEEP).fill("전자우편", "new@example.test")
    page = form.fill("현재 비밀번호", "wrong").press(KEEP)
    assert (page.status, User.objects.get(pk=wook.pk).mail) == (422, "wook@example.test")
    assert page.form(KEEP).fill("현재 비밀번호", OLD).press(KEEP).status == 302
    assert User.objects.get(pk=wook.pk).mail == "new@example.test"


def test_no_mail_address_is_kept_and_shown_again(wook):
    form = Visitor("wook").open("/accounts/").form(KEEP)
    page = form.fill("전자우편", "이메일").fill("현재 비밀번호", OLD).press(KEEP)
    assert (page.status, list(page.answer.context["form"].errors)) == (422, ["mail"])
    assert [page.text.count(text) for text in ('value="이메일"', OLD)] == [1, 0]


# ── devices ─────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (CHROME, "Chrome · Windows"),
        (SAMSUNG, "삼성 인터넷 · Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19 Safari/604", "Safari · iPhone"),
        ("curl/8", "알 수 없는 기기"),
        ("", "알 수 없는 기기"),
    ],
)
def test_a_device_is_named_as_people_do(agent, name):
    assert user_sessions.describe_device(agent) == name


def devices(visitor: Visitor) -> list[str]:
    return re.findall(r"<h2>([^<]*)</h2>", visitor.open("/accounts/sessions/").text)


def test_each_device_is_listed_and_this_one_first(wook):
    here, phone = signed_in(), signed_in(SAMSUNG)
    assert devices(here) == ["Chrome · Windows", "삼성 인터넷 · Android"]
    assert devices(phone) == ["삼성 인터넷 · Android", "Chrome · Windows"]
    phone.open("/accounts/sessions/").press("로그아웃")
    assert devices(here) == ["Chrome · Windows"]


def test_one_device_or_all_others_are_signed_out(wook):
    here, phone, tablet = signed_in(), signed_in(SAMSUNG), signed_in(SAMSUNG)
    first, page = UserSession.objects.order_by("pk")[1], here.open("/accounts/sessions/")
    assert page.form(action=f"/accounts/sessions/{first.pk}/end/").press("로그아웃시키기").status == 302
    assert [is_signed_in(visitor) for visitor in (here, phone, tablet)] == [True, False, True]
    assert page.press("다른 기기 모두 로그아웃시키기").status == 302
    assert [is_signed_in(visitor) for visitor in (here, phone, tablet)] == [True, False, False]


def test_nobody_signs_others_out(wook, client):
    device = signed_in()
    client.force_login(User.objects.get(username="youngbun"))
    answer = client.post(f"/accounts/sessions/{UserSession.objects.get(user=wook).pk}/end/")
    assert answer.url == "/accounts/sessions/"  # as where one's own has ended meanwhile
    assert client.get("/accounts/sessions/end/").status_code == 405
    assert is_signed_in(device) is True


def test_a_new_password_signs_the_other_devices_out(wook):
    here, phone = signed_in(), signed_in(SAMSUNG)
    form = here.open("/accounts/password/change/").form("비밀번호 바꾸기").fill("현재 비밀번호", OLD)
    form.fill("새 비밀번호", NEW).fill("새 비밀번호 (확인)", NEW)
    assert form.press("비밀번호 바꾸기").answer["Location"] == "/accounts/"
    assert [is_signed_in(visitor) for visitor in (here, phone)] == [True, False]
    assert devices(here) == ["Chrome · Windows"]


# ── who forgot the password ─────────────────────────────────────────────────────────────────────
def test_a_mail_brings_the_way_back(wook):
    phone = signed_in(SAMSUNG)
    page = ask_for_password("wook")
    assert page.answer["Location"] == "/accounts/password/reset/done/"
    assert (Mail.objects.get().to, Mail.objects.get().subject) == ("wook@example.test", "비밀번호를 새로 정하는 주소")
    page = page.visitor.open(mailed_link())
    assert choose(page, NEW).answer["Location"] == "/accounts/login/"
    assert is_signed_in(phone) is False
    assert is_signed_in(signed_in(password=NEW)) is True
    assert page.visitor.open(mailed_link()).status == 410
    assert choose(page, OLD).status == 410
    assert User.objects.get(pk=wook.pk).check_password(NEW) is True


def answers(username: str) -> tuple[int, str, str]:
    page = ask_for_password(username)
    return page.status, page.answer["Location"], page.follow().text


@pytest.mark.parametrize("login", ["nobody", "admin", "heedong", "wook@example.test"])
def test_the_answer_does_not_tell_whether_there_is_such_an_account(wook, login):
    """Nobody of that name, one without an address, one who has left, and a mail address: all as for wook."""
    User.objects.filter(username="heedong").update(is_active=False)
    found = answers(login)
    assert Mail.objects.count() == 0
    assert answers("wook") == found
    assert Mail.objects.count() == 1


@pytest.mark.parametrize("bad", ["", "wo\x00ok", "w" * 51, "wo\x1bok"])
def test_a_name_that_is_none_is_told_so(wook, bad):
    page = Visitor().open("/accounts/password/reset/").form(SEND).tamper("login", bad).press(SEND)
    assert (page.status, Mail.objects.count()) == (422, 0)


def test_who_asks_again_and_again_is_held_up(wook, settings):
    settings.ACCOUNT_RATE_LIMITS = {"reset_password": "3/m/ip"}
    cache.clear()
    found = [ask_for_password("wook") for _ in range(4)]
    assert [page.status for page in found] == [302, 302, 302, 429]
    assert found[3].text.count("<h1>여러 번 시도해 잠시 막았습니다</h1>") == 1


@pytest.mark.parametrize("key", ["1-nothing", "nothing", "-", "٣-x", "9" * 40 + "-x", "1-" + "a" * 300])
def test_a_key_that_is_none_leads_to_a_new_one(wook, client, key):
    answer = client.get(f"/accounts/password/new/{key}/")
    assert (answer.status_code, answer.content.decode().count('href="/accounts/password/reset/"')) == (410, 1)


def test_a_weak_password_is_refused_in_korean(wook):
    page = choose(Visitor().open(f"/accounts/password/new/{passwords.reset_key(wook)}/"), "1234")
    assert (page.status, list(page.answer.context["form"].errors)) == (422, ["new_password2"])
    assert User.objects.get(pk=wook.pk).check_password(OLD) is True


@pytest.mark.parametrize("page", ["login", "password/reset", "password/reset/done", "logout", "inactive"])
def test_pages_of_the_entrance_are_korean(wook, page):
    visitor = Visitor("wook" if page == "logout" else "")
    text = re.sub(r"<[^>]*>|https?://\S+", " ", visitor.open(f"/accounts/{page}/").text)
    assert re.findall(r"[A-Za-z]{2,}", text) == []


def test_an_account_without_a_password_gets_one_as_who_forgot_it(client):
    client.force_login(make_people().wook)
    answer = client.get("/accounts/password/change/", follow=True)
    assert answer.redirect_chain == [("/accounts/password/set/", 302), ("/accounts/password/reset/", 302)]
    assert answer.status_code == 200
