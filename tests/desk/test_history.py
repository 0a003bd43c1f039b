"""The page of changes: who looks, who brings back what was deleted, and what is said when it cannot be."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from conference import trash
from conference.models import Conference, DeletedRow
from tests.visitor import Page, Visitor

BASE = "/desk/dongbuk4-2015/changes/"


def signed_in(username: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=username))
    return client


@pytest.fixture
def removed(unsigned: Conference) -> DeletedRow:
    """A place that a desk (강북구) deleted."""
    venue = unsigned.venues.create(name="강북구청")
    return trash.delete(venue, conference=unsigned, by=User.objects.get(username="gangbuk"))


def restored(username: str) -> Page:
    return Visitor(username).open(f"{BASE}?tab=removed").press("되돌리기: 강북구청")


def test_the_page_tells_what_changed_and_what_was_deleted(removed):
    page = signed_in("chair").get(BASE).content.decode()
    assert "장소 지움: 강북구청" in page
    page = signed_in("chair").get(f"{BASE}?tab=removed").content.decode()
    assert page.count(f'action="{BASE}{removed.pk}/restore/"') == 1


def test_pages_of_a_long_list(unsigned):
    page = signed_in("chair").get(f"{BASE}?page=2").content.decode()
    assert 'rel="prev" href="?page=1"' in page
    assert 'rel="next" href="?page=3"' in page


@pytest.mark.parametrize("username", ["chair", "admin", "gangbuk"])
def test_who_brings_back(removed, unsigned, username):
    assert restored(username).status == 302
    assert unsigned.venues.filter(name="강북구청").count() == 1


@pytest.mark.parametrize(("username", "status"), [("seongbuk", 403), ("heedong", 404)])
def test_who_does_not(removed, unsigned, username, status):
    """They see no such button."""
    answer = signed_in(username).post(f"{BASE}{removed.pk}/restore/")
    assert (answer.status_code, unsigned.venues.filter(name="강북구청").count()) == (status, 0)


def test_looking_changes_nothing(removed):
    client = signed_in("chair")
    assert client.get(f"{BASE}{removed.pk}/restore/").status_code == 405
    assert Client().get(BASE).status_code == 302
    assert signed_in("heedong").get(BASE).status_code == 404
    assert DeletedRow.objects.get(pk=removed.pk).restored_at is None


def test_a_removal_of_another_conference_stays(removed, unsigned):
    other = Conference.objects.create(slug="two", title="둘", starts_at=unsigned.starts_at, ends_at=unsigned.ends_at)
    late = Visitor("chair").open(f"{BASE}?tab=removed")
    DeletedRow.objects.filter(pk=removed.pk).update(conference=other)
    assert late.press("되돌리기: 강북구청").messages == ["이미 되돌렸거나 없는 자료입니다."]
    assert DeletedRow.objects.get(pk=removed.pk).restored_at is None


def test_what_cannot_come_back_is_told(removed, unsigned):
    unsigned.venues.create(name="강북구청")
    refusal = "‘강북구청’의 이름이나 시간·장소를 그 사이 다른 것이 차지해 되돌릴 수 없습니다. 그것을 먼저 바꾸십시오."
    assert restored("chair").messages == [refusal]
    page = signed_in("gangbuk").get(f"{BASE}?tab=removed&page=x").content.decode()
    assert page.count("restore/") == 1
