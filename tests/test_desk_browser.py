"""A newcomer builds the conference of 2015 from nothing, in a real browser, and visitors see what they saw of the imported one."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.db import transaction
from django.test import Client
from playwright.sync_api import Page, expect

from accounts.models import User
from conference.models import Conference
from config.management.commands import load_example
from tests import snapshot
from tests.desk import entry_data
from tests.desk.browser_steps import Keyboard, Paster, Typist
from tests.desk.facts import facts, words
from tests.factories import make_people

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def imported(transactional_db: None) -> SimpleNamespace:
    """What the imported conference says; nothing of it stays."""
    with transaction.atomic():
        conference = snapshot.once(load_example.publish)
        found = SimpleNamespace(facts=facts(conference), words=words(conference))
        transaction.set_rollback(True)
    return found


def as_(page: Page, username: str) -> Page:
    """Let the page's browser be signed in."""
    client = Client()
    client.force_login(User.objects.get(username=username))
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "domain": "127.0.0.1", "path": "/"}
    page.context.add_cookies([cookie])
    return page


@pytest.mark.parametrize(
    ("hands", "size"), [(Typist, "desk"), (Typist, "phone"), (Paster, "desk"), (Paster, "phone"), (Keyboard, "desk")]
)
def test_the_conference_of_2015(browse, imported: SimpleNamespace, hands: type[Typist], size: str) -> None:
    make_people()
    page = as_(browse(size), "chair")
    writer = hands(page, entry_data.EVENT["slug"])
    found(writer)
    for table in (*entry_data.SET_UP, *entry_data.PROGRAMME, *entry_data.TIMELINE, *entry_data.SHOW):
        writer.enter(table)
    publish(writer)
    made = Conference.objects.get()
    assert len(imported.facts) > 300
    assert facts(made) == imported.facts
    assert words(made) == imported.words


def found(writer: Typist) -> None:
    """Make the empty conference, and say what its own form asks."""
    writer.page.goto("/desk/new/")
    writer.put(entry_data.NEW_CONFERENCE)
    writer.press("행사 만들기")
    writer.page.wait_for_url(f"**{writer.desk}")
    writer.page.goto(f"{writer.desk}overview/")
    writer.fields(entry_data.OVERVIEW)


def publish(writer: Typist) -> None:
    writer.page.goto(f"{writer.desk}publish/")
    writer.put({"공개본 이름": "2015년 프로그램", "성명 공개 사유": load_example.PUBLISHED_BEFORE})
    writer.press("공개")
    expect(writer.page.get_by_text("공개했습니다")).to_be_visible()
