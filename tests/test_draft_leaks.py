"""No draft anywhere for those outside: every address asked, before and after publishing and withdrawing, warm and cold."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import User
from conference.models import Conference, Membership
from publishing import page_cache, releases
from tests.addresses import named_addresses
from tests.crawl import crawl_public_pages
from tests.draft_marks import SHARED_MODELS, is_marked, mark_texts
from tests.scale_data import grow

SLUG = "/dongbuk4-2015/"


def stranger(_conference: Conference) -> Client:
    return Client()


def elsewhere(conference: Conference) -> Client:
    """총괄 of another conference."""
    times = {"starts_at": conference.starts_at, "ends_at": conference.ends_at + timedelta(hours=1)}
    other = Conference.objects.create(slug="elsewhere", title="다른 행사", **times)
    user = User.objects.create_user("elsewhere", name="다른 담당", position="담당", password="pass-1234-other")
    other.memberships.create(user=user, role=Membership.Role.CHAIR)
    client = Client()
    client.force_login(user)
    return client


def paths(conference: Conference) -> set[str]:
    """Every address of the conference, the public ones in both languages."""
    asked = {path for _name, _sheet, path in named_addresses(conference)}
    public = {f"{language}{path}" for path in asked if path.startswith(SLUG) for language in ("", "/en")}
    return asked | public | set(crawl_public_pages())


def forget() -> None:
    releases.clear_cache()
    page_cache.clear_cache()


@pytest.mark.long
@pytest.mark.sqlite_is_enough
@pytest.mark.parametrize("who", [stranger, elsewhere])
def test_drafts_are_nowhere(who: Callable[[Conference], Client], unsigned: Conference, monkeypatch) -> None:
    monkeypatch.setattr(logging.root.manager, "disable", logging.CRITICAL)  # thousands of refusals
    grow(unsigned, range(1))  # so that there is a row of every kind
    client = who(unsigned)
    asked = paths(unsigned)
    beside = {f"{path}?fresh=1" for path in asked if path.startswith((SLUG, f"/en{SLUG}"))}  # beside what is stored
    if who is elsewhere:  # to whom public pages are the same bytes (test_pages.py)
        asked = {path for path in asked if not path.startswith(f"/en{SLUG}")} | {f"/en{SLUG}programme/"}
    assert len(asked | beside) > 300

    def leaks(asked: set[str] = asked) -> list[str]:
        return sorted(path for path in asked if is_marked(client.get(path)))

    assert leaks() == []  # and every memory is warm
    assert mark_texts(without=SHARED_MODELS) > 180
    Conference.objects.filter(slug="elsewhere").update(title="다른 행사")  # their own is no draft to them
    assert leaks(asked | beside) == []
    forget()
    assert leaks() == []
    assert leaks({path.replace(SLUG, "/elsewhere/") for path in asked}) == []  # our rows' numbers under their name

    chair = User.objects.get(username="chair")
    made = releases.publish(Conference.objects.get(slug="dongbuk4-2015"), by=chair, name="시험", names_reason="시험")
    forget()
    shown = set(leaks())
    assert {"/", SLUG, f"{SLUG}programme/", f"{SLUG}exhibits/", f"/en{SLUG}programme/"} <= shown
    assert [path for path in shown if not path.startswith(("/dong", "/en/")) and path.partition("?")[0] != "/"] == []

    releases.withdraw(made, by=chair)
    forget()
    assert leaks() == []
    for older in unsigned.releases.filter(withdrawn_at=None):
        releases.withdraw(older, by=chair)
    forget()
    assert leaks() == []
    assert client.get(SLUG).status_code == 404
