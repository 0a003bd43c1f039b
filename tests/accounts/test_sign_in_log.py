"""The record of sign-ins: complete, unchangeable until its date, and without what was typed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import login_names, passwords, sign_in_log
from accounts.models import SignInRecord
from config import jobs
from config.settings import ACCOUNT_RATE_LIMITS
from rows import database_rules
from tests.factories import make_people
from tests.visitor import Visitor

pytestmark = pytest.mark.django_db
PASSWORD = "four-words-are-enough"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/142.0 Safari/537.36 Edg/142.0"
PAGE = "/desk/accounts/sign-ins/"


@pytest.fixture
def people(settings):
    settings.ACCOUNT_RATE_LIMITS = ACCOUNT_RATE_LIMITS
    cache.clear()
    people = make_people()
    people.wook.set_password(PASSWORD)
    people.wook.save()
    return people


@pytest.fixture
def admin(people):
    client = Client()
    client.force_login(people.admin)
    return client


def visitor(username: str = "") -> Visitor:
    return Visitor(username, REMOTE_ADDR="2001:db8::17", headers={"User-Agent": EDGE})


def tried(login: str, password: str) -> int:
    return visitor().sign_in(login, password).status


def records() -> list[tuple]:
    rows = SignInRecord.objects.order_by("pk")
    return [(row.result, row.account and row.account.username, row.address, row.browser) for row in rows]


def test_everything_that_happens_is_written_down(people):
    wook = visitor()
    wook.sign_in("WOOK", "wrong"), wook.sign_in("wook", PASSWORD).follow().press("로그아웃")
    place = ("2001:db8::17", EDGE)
    assert records() == [("failed", "wook", *place), ("in", "wook", *place), ("out", "wook", *place)]


def test_a_stopped_account_is_a_failure_and_says_so_to_who_has_the_password(people):
    people.wook.is_active = False
    people.wook.save()
    assert tried("wook", PASSWORD) == 302
    assert [row[:2] for row in records()] == [("failed", "wook")]


def test_a_new_password_is_written_down_both_ways(people):
    form = visitor("wook").open("/accounts/password/change/").form("비밀번호 바꾸기").fill("현재 비밀번호", PASSWORD)
    for label in ("새 비밀번호", "새 비밀번호 (확인)"):
        form.fill(label, "new-words-for-all")
    form.press("비밀번호 바꾸기")
    people.wook.refresh_from_db()
    form = visitor().open(f"/accounts/password/new/{passwords.reset_key(people.wook)}/").form("새 비밀번호로 정하기")
    for label in ("새 비밀번호", "새 비밀번호 (확인)"):
        form.fill(label, "other-words-again")
    form.press("새 비밀번호로 정하기")
    assert [row[:2] for row in records()] == [("password", "wook"), ("password", "wook")]


def test_a_flood_is_one_line_a_minute(people):
    assert [tried("wook", "wrong") for _ in range(12)] == [200] * 5 + [429] * 7
    assert [row[0] for row in records()] == ["failed"] * 5 + ["limited"]


@pytest.mark.parametrize("typed", [PASSWORD, "010-1234-5678", "없는사람"])
def test_what_was_typed_is_nowhere(people, typed):
    tried(typed, "secret-wrong-word")
    tried("wook", "secret-wrong-word")
    rows = SignInRecord.objects.order_by("pk").values()
    assert [(row["account_id"], len(row["name_mark"])) for row in rows] == [(None, 6), (people.wook.pk, 0)]
    text = str(list(rows))
    assert [word for word in (typed, "secret-wrong-word") if word in text] == []


def test_equal_names_have_equal_marks(settings):
    found = [login_names.short_hash(name) for name in ("nobody", " NoBody", "other")]
    settings.SECRET_KEY = "another-secret-" * 4
    assert (found[0] == found[1], found[0] == found[2], found[0] == login_names.short_hash("nobody")) == (
        True,
        False,
        False,
    )


def kept_until(day: date, people) -> SignInRecord:
    return SignInRecord.objects.create(
        result="in", account=people.wook, address="203.0.113.5", keep_until=day, browser=EDGE
    )


def test_until_its_date_a_record_stays_as_it_was(people):
    row = kept_until(timezone.now().date(), people)
    for act in (row.delete, lambda: SignInRecord.objects.filter(pk=row.pk).update(address="203.0.113.6")):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            act()
    assert SignInRecord.objects.get().address == "203.0.113.5"


def test_after_its_date_it_is_not_changed_but_deleted_by_the_worker(people):
    today = timezone.now().date()
    old, new = kept_until(today - timedelta(days=1), people), kept_until(today, people)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        SignInRecord.objects.filter(pk=old.pk).update(address="203.0.113.6")
    assert jobs.find_jobs()["accounts.sign-in log"] is sign_in_log.delete_expired
    assert (sign_in_log.delete_expired(), sign_in_log.delete_expired()) == (1, 0)
    assert list(SignInRecord.objects.values_list("pk", flat=True)) == [new.pk]


def test_nothing_to_delete_writes_nothing(people):
    kept_until(timezone.now().date(), people)
    with CaptureQueriesContext(connection) as queries:
        sign_in_log.delete_expired()
    assert [query["sql"][:6] for query in queries] == ["SELECT"]


@pytest.mark.parametrize("years", [1, 2])
def test_it_is_kept_for_as_many_years_as_is_set(people, settings, years, monkeypatch):
    settings.SIGN_IN_LOG_YEARS = years
    monkeypatch.setattr(timezone, "localdate", lambda: date(2028, 2, 29))
    tried("wook", "wrong")
    assert SignInRecord.objects.get().keep_until == date(2028, 2, 29) + timedelta(days=366 * years)


def test_a_rule_that_was_lost_is_named(people):
    assert database_rules.missing_rules() == []
    with connection.cursor() as cursor:
        on = "" if connection.vendor == "sqlite" else " ON accounts_signinrecord"
        cursor.execute(f"DROP TRIGGER accounts_signinrecord_no_delete{on}")
    assert database_rules.missing_rules() == ["accounts_signinrecord_no_delete"]
    database_rules.install()
    assert database_rules.missing_rules() == []


# ── the pages ───────────────────────────────────────────────────────────────────────────────────
def shown(answer) -> list[tuple[str, str | None]]:
    return [(row.result, row.account and row.account.username) for row, _device in answer.context["rows"]]


def test_the_administrator_finds_by_account_and_by_day(people, admin):
    tried("wook", "wrong"), tried("youngbun", "wrong"), tried("없는 사람", "wrong")
    everything = [("failed", None), ("failed", "youngbun"), ("failed", "wook")]
    today = timezone.localdate()
    found = {
        query: shown(admin.get(PAGE, query))
        for query in ((), (("q", "이욱"),), (("q", "WOOK"),), (("q", "없는사람"),), (("q", "사람"),))
    }
    assert list(found.values()) == [everything, everything[2:], everything[2:], everything[:1], []]
    days = [shown(admin.get(PAGE, {"day": day})) for day in (today, today - timedelta(days=1), "0001-01-01", "x")]
    assert days == [everything, [], everything, everything]
    page = admin.get(PAGE, {"q": "wook"}).content.decode()
    assert [page.count(text) for text in ("2001:db8::17", "Edge · Windows", EDGE)] == [1, 1, 1]


@pytest.mark.parametrize("bad", ["%", "\0", "가" * 60, "' or 1=1 --"])
def test_no_search_fails(admin, bad):
    assert admin.get(PAGE, {"q": bad, "page": "9" * 5000}).status_code == 200


def test_the_page_costs_the_same_with_many(people, admin):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            admin.get(PAGE)
        return len(queries)

    kept_until(date(2030, 1, 1), people)
    before = cost()
    for user in (people.youngbun, people.dobong, people.admin, None):
        SignInRecord.objects.create(result="in", account=user, address="::1", keep_until=date(2030, 1, 1))
    for _ in range(60):
        kept_until(date(2030, 1, 1), people)
    assert cost() == before
    assert len(shown(admin.get(PAGE))) == 50


def test_pages_keep_what_was_looked_for(people, admin):
    for _ in range(51):
        kept_until(date(2030, 1, 1), people)
    today = timezone.localdate()
    page = admin.get(PAGE, {"q": "wook", "day": today}).content.decode()
    assert page.count(f'href="?q=wook&amp;day={today}&amp;page=2"') == 1


def test_my_account_shows_my_own_last_ones(people):
    tried("wook", "wrong"), tried("youngbun", "wrong")
    page = visitor().sign_in("wook", PASSWORD).visitor.open("/accounts/")
    assert [row.result for row, _device in page.answer.context["records"]] == ["in", "failed"]
    assert page.text.count("최근 로그인") == 1
