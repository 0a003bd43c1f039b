"""Addresses that are the portal's own are no conference's, at every way in."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.utils import translation

from conference import reserved_slugs
from conference.models import Conference
from sessions.schedule import schedule_import
from tests.addresses import patterns
from tests.factories import make_people
from tests.visitor import Visitor

pytestmark = pytest.mark.django_db
BEGINS, ENDS = datetime(2026, 11, 24, 4, tzinfo=UTC), datetime(2026, 11, 24, 9, tzinfo=UTC)


def test_the_words_of_the_urlconf_are_reserved():
    own = {"desk", "accounts", "approvals", "healthz", "new", "en", "ko", "static"}
    assert own <= reserved_slugs.reserved_slugs()
    assert {"api", "admin", "register", "tickets", "speakers"} <= reserved_slugs.reserved_slugs()
    assert {"dongbuk4-2015", "2026-11-24", "people", "programme"} & reserved_slugs.reserved_slugs() == set()


def test_no_address_of_the_portal_can_be_a_conferences():
    """Where a route has a word in the place of the conference, that word is reserved."""
    routes = [route.split("/") for route, _name, _pattern in patterns()]
    words = {route[0] for route in routes} | {route[1] for route in routes if route[0] == "desk"}
    free = {word for word in words if word and "<" not in word and "." not in word} - reserved_slugs.reserved_slugs()
    assert free == set()


def test_the_language_of_the_page_is_no_matter():
    in_korean = reserved_slugs.reserved_slugs()
    reserved_slugs.reserved_slugs.cache_clear()
    with translation.override("en"):
        assert reserved_slugs.reserved_slugs() == in_korean


def test_a_schedule_that_moves_in_is_given_another():
    assert schedule_import.free_slug("api") == "api-2"


@pytest.mark.parametrize("slug", ["api", "desk", "en"])
def test_the_form_refuses_it(slug):
    make_people()
    typed = {"행사명": "행사", "시작": "2026-11-24 13:00", "끝": "2026-11-24 18:00", "웹 주소": slug}
    page = Visitor("wook").open("/desk/new/").form("행사 만들기").fill_all(typed).press("행사 만들기")
    refusal = f"‘{slug}’은(는) 포털이 쓰는 주소입니다. 다른 주소를 적어 주세요."
    assert (page.status, page.answer.context["form"].errors["slug"]) == (422, [refusal])
    assert Conference.objects.count() == 0


def warnings() -> list[str]:
    return [found.msg for found in run_checks(databases=["default"]) if found.id == "conference.W003"]


def test_one_that_was_taken_before_is_named_and_goes_on(client, capsys):
    assert warnings() == []
    Conference.objects.create(slug="tickets", title="행사", starts_at=BEGINS, ends_at=ENDS)
    assert [text.count("tickets") for text in warnings()] == [2]
    call_command("check", databases=["default"])
    assert capsys.readouterr().err.count("conference.W003") == 1
