"""Who guesses passwords is held up; who has the right one, and whoever shares an address with a guesser, is not."""

from __future__ import annotations

import time
import unicodedata
from datetime import datetime
from http.cookies import SimpleCookie

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts import passwords
from accounts.models import SignInRecord, User
from config import environment
from config.settings import ACCOUNT_RATE_LIMITS
from korean.dates import SEOUL
from tests import redis_server
from tests.factories import make_people

pytestmark = pytest.mark.django_db
PASSWORD = "four-words-are-enough"
MORNING = datetime(2026, 11, 24, 10, 30, 20, tzinfo=SEOUL)
MINUTE, HOUR = 60, 3600
STRANGER = Client()  # one for all, for each makes its own middlewares


@pytest.fixture(params=["database", "redis", "redis gone"])
def shared_cache(request, settings):
    """Every cache that counts for all processes."""
    port = redis_server.free_port()
    settings.CACHES = {"default": environment.cache({"CACHE_URL": f"redis://127.0.0.1:{port}"})}
    if request.param == "redis":
        with redis_server.running(port):
            yield
        return
    if request.param == "database":
        settings.CACHES = {"default": environment.cache({})}
    yield


@pytest.fixture
def limits(settings):
    """The limits of the portal itself; tests have none otherwise."""
    settings.ACCOUNT_RATE_LIMITS = ACCOUNT_RATE_LIMITS
    cache.clear()


@pytest.fixture
def clock(monkeypatch):
    """A clock that ``clock(minutes)`` moves on, from 10:30:20 in the morning."""
    now = [MORNING.timestamp()]
    monkeypatch.setattr(time, "time", lambda: now[0])
    monkeypatch.setattr(timezone, "now", lambda: datetime.fromtimestamp(now[0], SEOUL))

    def move(minutes: float) -> None:
        now[0] += minutes * MINUTE

    return move


@pytest.fixture
def heedong(limits):
    user = make_people().heedong
    user.set_password(PASSWORD)
    user.save()
    return user


def tried(typed="wrong", *, login="heedong", address="203.0.113.5", browser=None, **headers):
    """Send the form; return its status: 302 signed in, 200 wrong, 429 not looked at."""
    if browser is None:
        browser = STRANGER
        browser.cookies.clear()
    data = {"login": login, "password": typed}
    return browser.post("/accounts/login/", data, REMOTE_ADDR=address, headers=headers).status_code


@pytest.mark.usefixtures("heedong", "shared_cache")
def test_five_wrong_tries_of_one_address_and_no_other_address_is_held_up():
    assert [tried() for _ in range(6)] == [200] * 5 + [429]
    assert tried(PASSWORD) == 429
    assert tried(PASSWORD, address="203.0.113.6") == 302
    assert tried(PASSWORD, login="wook") == 200  # another name from the same address is looked at


@pytest.mark.usefixtures("heedong")
def test_the_steps_are_five_in_five_minutes_ten_an_hour_twenty_a_day(clock):
    assert [tried() for _ in range(6)] == [200] * 5 + [429]
    clock(5)
    assert [tried() for _ in range(6)] == [200] * 5 + [429]
    clock(50)
    assert tried() == 429  # the five minutes are over, the hour of the first is not
    clock(6)
    for _ in range(2):
        assert [tried() for _ in range(6)] == [200] * 5 + [429]
        clock(5)
    found = []
    for _ in range(22):  # until 9:41 of the next day
        clock(60)
        found.append(tried())
    assert found == [429] * 22
    clock(60)
    assert tried() == 200


@pytest.mark.usefixtures("heedong")
@pytest.mark.parametrize("before", [0, 1])
def test_the_answer_says_when_one_may_try_again(clock, before):
    for _ in range(before):
        tried(address="203.0.113.9")  # of another address, so no matter
    for _ in range(5):
        tried()
    clock(1)
    data = {"login": "heedong", "password": PASSWORD}
    answer = Client().post("/accounts/login/", data, REMOTE_ADDR="203.0.113.5")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "240")
    assert answer.content.decode().count("10:36부터 다시 할 수 있습니다.") == 1  # 10:35:20, and minutes are whole
    assert answer.headers["Cache-Control"].count("no-store") == 1
    clock(4)
    assert tried(PASSWORD) == 302


@pytest.mark.usefixtures("heedong")
def test_tomorrow_is_named_with_its_date(clock):
    clock(14 * 60 - 31)  # 23:59
    for _ in range(5):
        tried()
    data = {"login": "heedong", "password": "wrong"}
    page = Client().post("/accounts/login/", data, REMOTE_ADDR="203.0.113.5").content.decode()
    assert page.count("11월 25일 00:05부터 다시 할 수 있습니다.") == 1


@pytest.mark.usefixtures("heedong")
def test_a_program_is_answered_in_json(clock):
    for _ in range(5):
        tried()
    data = {"login": "heedong", "password": PASSWORD}
    headers = {"X-Requested-With": "XMLHttpRequest"}
    answer = Client().post("/accounts/login/", data, REMOTE_ADDR="203.0.113.5", headers=headers)
    said = {"error": "10:36부터 다시 할 수 있습니다.", "retry_at": "2026-11-24T10:36:00+09:00"}
    assert (answer.status_code, answer.headers["Retry-After"], answer.json()) == (429, "300", said)


@pytest.mark.usefixtures("shared_cache")
def test_strangers_never_lock_out_a_browser_that_the_account_knows(heedong):
    office = Client()
    assert tried(PASSWORD, browser=office) == 302
    office.post("/accounts/logout/")
    for number in range(40):
        tried(address=f"198.51.100.{number}")
    for _ in range(6):
        tried()  # behind the very address of the office
    assert tried(PASSWORD, address="198.51.100.77") == 429  # thirty an hour for the name, from wherever
    assert tried(PASSWORD) == 429
    assert tried(PASSWORD, browser=office) == 302


@pytest.mark.usefixtures("heedong")
def test_a_known_browser_has_the_steps_for_itself():
    office = Client()
    tried(PASSWORD, browser=office)
    office.post("/accounts/logout/")
    assert [tried(browser=office) for _ in range(6)] == [200] * 5 + [429]
    assert tried(PASSWORD, browser=office) == 429
    assert tried(PASSWORD) == 302


@pytest.mark.usefixtures("heedong")
@pytest.mark.parametrize("change", ["value", "none", "other account"])
def test_a_cookie_that_is_not_ours_makes_no_browser_known(change):
    office = Client()
    tried(PASSWORD, browser=office)
    signed = office.cookies["known-browser"].value
    forged = {"value": signed.replace(signed[:1], "x", 1), "none": "", "other account": signed}[change]
    stranger = Client()
    stranger.cookies = SimpleCookie({"known-browser": forged})
    name = "youngbun" if change == "other account" else "heedong"
    for number in range(30):
        tried(login=name, address=f"198.51.100.{number}")
    assert tried(login=name, browser=stranger) == 429


@pytest.mark.usefixtures("heedong")
def test_the_cookie_of_a_known_browser_is_for_the_sign_in_alone():
    office = Client()
    tried(PASSWORD, browser=office)
    cookie = office.cookies["known-browser"]
    found = [cookie[name] for name in ("path", "httponly", "samesite", "max-age")]
    assert found == ["/accounts/", True, "Lax", 400 * 24 * HOUR]
    assert "heedong" not in cookie.value


@pytest.mark.usefixtures("limits")
def test_who_gets_a_new_password_by_the_link_is_let_in_at_once():
    user = make_people().heedong
    for number in range(31):
        tried(address=f"198.51.100.{number}")
    browser = Client()
    assert tried("new-words-for-all", browser=browser) == 429
    both = {"new_password1": "new-words-for-all", "new_password2": "new-words-for-all"}
    assert browser.post(f"/accounts/password/new/{passwords.reset_key(user)}/", both).status_code == 302
    assert tried("new-words-for-all", browser=browser) == 302


@pytest.mark.long
@pytest.mark.usefixtures("limits")
def test_an_office_of_two_hundred_behind_one_address_signs_in_at_nine(settings):
    settings.CACHES = {"default": environment.cache({})}
    users = User.objects.bulk_create(User(username=f"staff{number}", name="직원") for number in range(200))
    for user in users:
        user.set_password(PASSWORD)
    User.objects.bulk_update(users, ["password"])
    found = []
    for number, user in enumerate(users):
        found += [tried(login=user.username) for _ in range(number % 3)]  # none, one or two typos
        found.append(tried(PASSWORD, login=user.username))
    assert (found.count(302), found.count(200), found.count(429)) == (200, 199, 0)


@pytest.mark.usefixtures("heedong")
def test_one_address_that_tries_one_password_at_many_names_is_held_up(settings):
    settings.ACCOUNT_RATE_LIMITS = {**ACCOUNT_RATE_LIMITS, "login_failed_address": "20/h/ip"}
    assert [tried(login=f"name{number}") for number in range(21)] == [200] * 20 + [429]
    assert tried(login="name99", address="203.0.113.6") == 200


@pytest.mark.parametrize(
    ("login", "variants"),
    [
        ("heedong", ["HeeDong", " heedong ", "ｈｅｅｄｏｎｇ", "hee dong"]),
        ("nobody", ["NOBODY", " nobody", "no body", "ｎobody"]),
        ("김국장", [unicodedata.normalize("NFD", "김국장"), " 김국장", "김 국장", "김국장\t"]),
        ("kiss", ["KISS", "kıss", "\u212aiss", "kiſs"]),  # what some database folds: dotless ı, Kelvin, long s
    ],
)
@pytest.mark.usefixtures("heedong")
def test_ways_of_writing_one_name_count_as_one(login, variants):
    found = [tried(login=name) for name in [login, *variants]]
    assert (found, tried(login=login)) == ([200] * 5, 429)


@pytest.mark.usefixtures("heedong")
def test_a_name_without_an_account_is_answered_as_one_with():
    def answers(login: str) -> list[tuple]:
        found = []
        for _ in range(7):
            data = {"login": login, "password": "wrong"}
            answer = Client().post("/accounts/login/", data, REMOTE_ADDR="203.0.113.5")
            text = answer.content.decode().replace(login, "NAME")
            found.append((answer.status_code, sorted(answer.headers), sorted(answer.cookies), "틀렸" in text))
        return found

    User.objects.filter(username="wontaek").update(is_active=False)
    assert answers("heedong") == answers("nobody") == answers("wontaek")


@pytest.mark.parametrize(
    ("action", "limit", "path", "data"),
    [
        ("reset_password", "1/h/key", "/accounts/password/reset/", {"login": "heedong"}),
        ("change_password", "1/h/user", "/accounts/password/change/", {"oldpassword": "wrong"}),
        ("change_password", "1/h/user", "/accounts/", {"mail": "a@example.test", "password": "wrong"}),
        ("reauthenticate", "1/h/user", "/accounts/reauthenticate/", {"password": "wrong"}),
        ("login_failed", "1/h/key", "/accounts/reauthenticate/", {"password": "wrong"}),
        ("reset_password_from_key", "1/h/ip", "/accounts/password/new/1-x/", {"new_password1": "x"}),
    ],
)
@pytest.mark.usefixtures("heedong", "clock")
def test_every_limit_answers_429_and_says_when(action, limit, path, data, settings):
    settings.ACCOUNT_RATE_LIMITS = {action: limit}
    client = Client()
    if "password/reset" not in path and "password/new" not in path:
        client.force_login(User.objects.get(username="heedong"))
    first, second = client.post(path, data), client.post(path, data)
    assert (first.status_code == 429, second.status_code, second.headers["Retry-After"]) == (False, 429, "3600")
    assert second.content.decode().count("11:31부터 다시 할 수 있습니다.") == 1


@pytest.mark.usefixtures("heedong")
def test_behind_a_proxy_only_its_own_word_counts(settings):
    """The last entry is the proxy's; what stands before it anybody may write."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    proxy = {"address": "10.0.0.1"}
    forged = [tried(**proxy, X_Forwarded_For=f"192.0.2.{number}, 203.0.113.5") for number in range(6)]
    assert forged == [200] * 5 + [429]
    assert tried(PASSWORD, **proxy, X_Forwarded_For="203.0.113.5, 203.0.113.6") == 302  # nobody else is locked


@pytest.mark.usefixtures("heedong")
def test_without_a_proxy_its_header_is_passed_over():
    assert [tried(X_Forwarded_For=f"192.0.2.{number}") for number in range(6)] == [200] * 5 + [429]


@pytest.mark.usefixtures("heedong")
@pytest.mark.parametrize(
    ("first", "second", "is_one"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),  # a /64 is one subscriber
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:203.0.113.5", "203.0.113.5", True),  # the same machine, met over a socket for both
        ("::ffff:203.0.113.5", "::ffff:203.0.113.6", False),
    ],
)
def test_addresses_of_the_sixth_version(first, second, is_one):
    assert [tried(address=first) for _ in range(5)] == [200] * 5
    assert tried(address=second) == (429 if is_one else 200)
    assert SignInRecord.objects.filter(result="failed").first().address == first.removeprefix("::ffff:")


@pytest.mark.usefixtures("heedong")
def test_the_right_password_fills_no_counter():
    found = []
    for _ in range(8):
        browser = Client()
        found.append(tried(PASSWORD, browser=browser))
    assert (found, [tried() for _ in range(6)]) == ([302] * 8, [200] * 5 + [429])


def test_visitors_write_nothing(client, limits, settings, django_assert_num_queries, example):
    settings.CACHES = {"default": environment.cache({})}
    client.get("/dongbuk4-2015/")
    with django_assert_num_queries(0):
        client.get("/dongbuk4-2015/")


@pytest.mark.usefixtures("heedong")
def test_refused_tries_do_not_fill_the_log_of_the_server(caplog):
    assert [tried() for _ in range(8)] == [200] * 5 + [429] * 3
    assert [record.getMessage() for record in caplog.records if record.name == "django.request"] == []
