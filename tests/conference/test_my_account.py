"""My account: the mail address, the devices that are signed in, and the way back for who forgot the password."""

from __future__ import annotations

import re

import pytest
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.test import Client

from conference import sign_ins
from conference.models import Mail, User
from tests.cast import assemble

pytestmark = pytest.mark.django_db
OLD, NEW = "four-words-are-enough", "a-new-word-for-wook"
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"
SAMSUNG = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 SamsungBrowser/28.0 Chrome/130.0 Mobile Safari/537.36"


@pytest.fixture
def wook():
    user = assemble().wook
    user.set_password(OLD)
    user.save()
    return user


def signed_in(agent: str = CHROME, password: str = OLD) -> Client:
    client = Client(headers={"user-agent": agent})
    assert client.post("/accounts/login/", {"login": "wook", "password": password}).status_code == 302
    return client


def is_signed_in(client: Client) -> bool:
    return client.get("/accounts/").status_code == 200


def mailed_link() -> str:
    return re.search(r"http://localhost:8000(/accounts/password/new/\S+)", Mail.objects.get().text)[1]


# ── mail ────────────────────────────────────────────────────────────────────────────────────────
def test_my_page_says_who_i_am(wook):
    page = signed_in().get("/accounts/").content.decode()
    assert re.findall(r"<dd>([^<]*)</dd>", page) == ["이욱", "wook", "강북구 일자리지원과", "주무관"]
    assert page.count('href="/accounts/"') == 1  # where the name stands in the head


def test_my_mail_changes_with_my_password_only(wook):
    client = signed_in()
    assert client.post("/accounts/", {"mail": "new@example.test", "password": "wrong"}).status_code == 422
    assert User.objects.get(pk=wook.pk).mail == "wook@example.test"
    assert client.post("/accounts/", {"mail": "new@example.test", "password": OLD}).status_code == 302
    assert User.objects.get(pk=wook.pk).mail == "new@example.test"


def test_no_mail_address_is_kept_and_shown_again(wook):
    answer = signed_in().post("/accounts/", {"mail": "이메일", "password": OLD})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["mail"])
    assert answer.content.decode().count('value="이메일"') == 1
    assert answer.content.decode().count(OLD) == 0


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
    assert sign_ins.device(agent) == name


def devices(client: Client) -> list[str]:
    return re.findall(r"<h2>([^<]*)</h2>", client.get("/accounts/sessions/").content.decode())


def test_each_device_is_listed_and_this_one_first(wook):
    here, phone = signed_in(), signed_in(SAMSUNG)
    assert devices(here) == ["Chrome · Windows", "삼성 인터넷 · Android"]
    assert devices(phone) == ["삼성 인터넷 · Android", "Chrome · Windows"]
    phone.post("/accounts/logout/")
    assert devices(here) == ["Chrome · Windows"]


def test_one_device_or_all_others_are_signed_out(wook):
    here, phone, tablet = signed_in(), signed_in(SAMSUNG), signed_in(SAMSUNG)
    first = UserSession.objects.order_by("pk")[1]
    assert here.post(f"/accounts/sessions/{first.pk}/end/").status_code == 302
    assert [is_signed_in(client) for client in (here, phone, tablet)] == [True, False, True]
    assert here.post("/accounts/sessions/end/").status_code == 302
    assert [is_signed_in(client) for client in (here, phone, tablet)] == [True, False, False]


def test_nobody_signs_others_out(wook, client):
    device = signed_in()
    client.force_login(User.objects.get(username="youngbun"))
    answer = client.post(f"/accounts/sessions/{UserSession.objects.get(user=wook).pk}/end/")
    assert answer.url == "/accounts/sessions/"  # as where one's own has ended meanwhile
    assert client.get("/accounts/sessions/end/").status_code == 405
    assert is_signed_in(device) is True


def test_a_new_password_signs_the_other_devices_out(wook):
    here, phone = signed_in(), signed_in(SAMSUNG)
    changed = {"oldpassword": OLD, "password1": NEW, "password2": NEW}
    assert here.post("/accounts/password/change/", changed)["Location"] == "/accounts/"
    assert [is_signed_in(client) for client in (here, phone)] == [True, False]
    assert devices(here) == ["Chrome · Windows"]


# ── who forgot the password ─────────────────────────────────────────────────────────────────────
def test_a_mail_brings_the_way_back(wook, client):
    phone = signed_in(SAMSUNG)
    assert client.post("/accounts/password/reset/", {"login": "wook"})["Location"] == "/accounts/password/reset/done/"
    assert (Mail.objects.get().to, Mail.objects.get().subject) == ("wook@example.test", "비밀번호를 새로 정하는 주소")
    link = mailed_link()
    assert client.get(link).status_code == 200
    assert client.post(link, {"new_password1": NEW, "new_password2": NEW})["Location"] == "/accounts/login/"
    assert is_signed_in(phone) is False
    assert is_signed_in(signed_in(password=NEW)) is True
    assert client.get(link).status_code == 410
    assert client.post(link, {"new_password1": OLD, "new_password2": OLD}).status_code == 410
    assert User.objects.get(pk=wook.pk).check_password(NEW) is True


def answers(client: Client, login: str) -> tuple[int, str, str]:
    answer = client.post("/accounts/password/reset/", {"login": login})
    return answer.status_code, answer["Location"], client.get(answer["Location"]).content.decode()


@pytest.mark.parametrize("login", ["nobody", "admin", "heedong", "wook@example.test"])
def test_the_answer_does_not_tell_whether_there_is_such_an_account(wook, client, login):
    """Nobody of that name, one without an address, one who has left, and a mail address: all as for wook."""
    User.objects.filter(username="heedong").update(is_active=False)
    found = answers(client, login)
    assert Mail.objects.count() == 0
    assert answers(Client(), "wook") == found
    assert Mail.objects.count() == 1


@pytest.mark.parametrize("bad", ["", "wo\x00ok", "w" * 51, "wo\x1bok"])
def test_a_name_that_is_none_is_told_so(wook, client, bad):
    answer = client.post("/accounts/password/reset/", {"login": bad})
    assert (answer.status_code, Mail.objects.count()) == (422, 0)


def test_who_asks_again_and_again_is_held_up(wook, client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"reset_password": "3/m/ip"}
    cache.clear()
    found = [client.post("/accounts/password/reset/", {"login": "wook"}) for _ in range(4)]
    assert [answer.status_code for answer in found] == [302, 302, 302, 429]
    assert found[3].content.decode().count("<h1>여러 번 시도해 잠시 막았습니다</h1>") == 1


@pytest.mark.parametrize("key", ["1-nothing", "nothing", "-", "٣-x", "9" * 40 + "-x", "1-" + "a" * 300])
def test_a_key_that_is_none_leads_to_a_new_one(wook, client, key):
    answer = client.get(f"/accounts/password/new/{key}/")
    assert (answer.status_code, answer.content.decode().count('href="/accounts/password/reset/"')) == (410, 1)


def test_a_weak_password_is_refused_in_korean(wook, client):
    link = f"/accounts/password/new/{sign_ins.key(wook)}/"
    answer = client.post(link, {"new_password1": "1234", "new_password2": "1234"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["new_password2"])
    assert User.objects.get(pk=wook.pk).check_password(OLD) is True


@pytest.mark.parametrize("page", ["login", "password/reset", "password/reset/done", "logout", "inactive"])
def test_pages_of_the_entrance_are_korean(wook, page):
    client = signed_in() if page == "logout" else Client()
    text = re.sub(r"<[^>]*>|https?://\S+", " ", client.get(f"/accounts/{page}/").content.decode())
    assert re.findall(r"[A-Za-z]{2,}", text) == []


def test_an_account_without_a_password_gets_one_as_who_forgot_it(client):
    client.force_login(assemble().wook)
    answer = client.get("/accounts/password/change/", follow=True)
    assert answer.redirect_chain == [("/accounts/password/set/", 302), ("/accounts/password/reset/", 302)]
    assert answer.status_code == 200
