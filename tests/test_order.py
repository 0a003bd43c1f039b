"""What is shown in a row has an order of its own: no page draws otherwise where the database gives rows the other way round.

PostgreSQL gives rows that nobody put in order as it likes, so an order that is missing, or leaves two rows equal, is seen
there on some days. SQLite can be told to turn every such row round.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import User
from conference.models import Conference, File, TopicOffice
from conference.uploads import storage
from desk.labels import ITEMS
from publishing import page_cache, release_draft, releases
from publishing.models import FailedFile
from sessions.models import Presentation
from tests import scenarios
from tests.page_walk import Seen, kind, pages
from tests.visitor import Page, Visitor

pytestmark = [pytest.mark.django_db, pytest.mark.long, pytest.mark.sqlite_is_enough]
BRACKETS = re.compile(r"\([^()]*\)")  # the innermost
ORDERED = re.compile(r'(?P<order>SELECT .*? FROM (?P<table>"\w+")(?!.* UNION ).* ORDER BY .*?)( LIMIT .*)?', re.DOTALL)
NEW_EACH_TIME = re.compile(r'(name="(?:csrfmiddlewaretoken|form_key)" value=")[^"]*')
PEOPLE = ("", "wook", "chair", "admin")
OWN = {("desk:desk",), ("desk:dashboard",)}  # pages that show each person something else


@contextmanager
def turned() -> Iterator[None]:
    """Give rows that have no order the other way round (SQLite does it), and those that an order leaves equal (``_ties``)."""
    page_cache.clear_cache()
    releases.clear_cache()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA reverse_unordered_selects = ON")
    with connection.execute_wrapper(_ties):
        yield
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA reverse_unordered_selects = OFF")


def _ties(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Let the newest of the first table come first among what the outermost ORDER BY leaves equal."""
    outer = sql
    while BRACKETS.search(outer):
        outer = BRACKETS.sub(lambda found: "_" * len(found[0]), outer)
    if found := ORDERED.fullmatch(outer):
        end = found.end("order")
        sql = f"{sql[:end]}, {found['table']}.rowid DESC{sql[end:]}"
    return execute(sql, params, many, context)


def make_equal(conference: Conference) -> None:
    """Add rows that are equal in what orders them but for their keys."""
    now, user = timezone.now(), User.objects.get(username="wook")
    Conference.objects.update(starts_at=conference.starts_at, ends_at=conference.ends_at)
    talk = Presentation.objects.filter(session__conference=conference).first()
    for number in (1, 2):
        digest = storage.store(f"%PDF {number}".encode())
        talk.materials.add(File.objects.create(conference=conference, digest=digest, name=f"{number}.pdf", size=1))
        FailedFile.objects.create(name="visitors.card", key=f"{conference.slug}/{number}/card/ko", failed_at=now)
        User.objects.create(
            username=f"same-{number}", name="같은 이름", position=f"팀장 {number}", level=2, department=user.department
        )
    TopicOffice.objects.update(officer=user)
    for district in [*conference.districts.all()] * 2:
        conference.data_requests.create(district=district, due=date(2015, 11, 20), items=[*ITEMS])


def drawn(page: Page) -> str:
    return NEW_EACH_TIME.sub(r"\1", page.text)


def test_no_page_depends_on_the_databases_own_order(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene, seen, found, drawn_already = scenarios.prepare("2015", request, monkeypatch), Seen(), [], set()
    monkeypatch.setattr(logging.root.manager, "disable", logging.CRITICAL)
    make_equal(request.getfixturevalue("unsigned"))
    for visitor in map(Visitor, PEOPLE):
        for page in pages(visitor, scene, seen):
            if kind(page.path) not in drawn_already - OWN:
                with turned():
                    found += [page.path] * (drawn(visitor.open(page.path)) != drawn(page))
            drawn_already.add(kind(page.path))
    assert found == []
    assert len(drawn_already) > 90


def test_what_is_released_does_not_depend_on_it_either(unsigned: Conference) -> None:
    make_equal(unsigned)
    before = release_draft.build_draft(unsigned).collected
    with turned():
        assert release_draft.build_draft(unsigned).collected == before


def test_rows_without_an_order_and_equal_ones_are_turned() -> None:
    for name in "ab":
        User.objects.create(username=name, name="같은 이름")
    rows = [
        User.objects.order_by("name"),
        User.objects.all(),
        User.objects.filter(pk__in=User.objects.order_by("name")),
    ]
    with turned():
        assert [[user.username for user in found] for found in rows] == [["b", "a"]] * 3
    assert [[user.username for user in found.all()] for found in rows] == [["a", "b"]] * 3
