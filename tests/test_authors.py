"""A verb that saves without an author fails the suite, whatever way it saves; in production it is logged."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from conference.models import Conference, Venue
from rows import recording
from rows.recording import HistoryEntry, record_changes, without_author
from tests import authors

WAYS: dict[str, Callable[[Conference], Any]] = {
    "save": lambda conference: conference.venues.first().save(),
    "create": lambda conference: conference.venues.create(name="구청"),
    "delete": lambda conference: conference.main_items.first().delete(),
    "bulk_create": lambda conference: Venue.objects.bulk_create([Venue(conference=conference, name="구청")]),
    "bulk_update": lambda conference: Venue.objects.bulk_update(conference.venues.all(), ["name"]),
    "update": lambda conference: conference.venues.update(address="주소"),
    "many": lambda conference: conference.sessions.first().photos.add(conference.photos.last()),
    "cascade": lambda conference: conference.topics.create(name="새").delete(),
}


def told(conference: Conference, way: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Save that way as if this file were the portal's; return what the check of the suite noticed, and forget it."""
    monkeypatch.setattr(authors, "TESTS", {"bench"})
    WAYS[way](conference)
    noticed = [place.split(":")[0] for place in authors.unsigned]
    authors.unsigned.clear()
    monkeypatch.undo()
    return noticed


@pytest.mark.parametrize("way", WAYS)
def test_every_way_to_save_needs_an_author(unsigned: Conference, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    assert {*told(unsigned, way, monkeypatch)} == {Path(__file__).relative_to(authors.ROOT).as_posix()}


@pytest.mark.parametrize("way", WAYS)
def test_a_command_says_why_it_has_none(unsigned: Conference, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    with without_author("a command"):
        assert told(unsigned, way, monkeypatch) == []


def test_an_author_for_one_kind_is_none_for_another(unsigned: Conference, monkeypatch: pytest.MonkeyPatch) -> None:
    chair = User.objects.get(username="chair")
    with record_changes([unsigned.venues.first()], by=chair):
        assert told(unsigned, "bulk_update", monkeypatch) == []
    with record_changes([unsigned.main_items.first()], by=chair):
        assert len(told(unsigned, "bulk_update", monkeypatch)) == 1


def test_a_sign_in_changes_no_account(unsigned: Conference, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(authors, "TESTS", {"bench"})
    before, user = HistoryEntry.objects.count(), User.objects.get(username="chair")
    user.last_login = unsigned.starts_at
    user.save(update_fields=["last_login"])
    assert (authors.unsigned, HistoryEntry.objects.count()) == ([], before)


def test_production_logs_it_and_goes_on(
    unsigned: Conference, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(recording.log, "disabled", False)
    venue = unsigned.venues.first()
    venue.name = "구청"
    with caplog.at_level(logging.ERROR):
        venue.save()
    assert [record.getMessage() for record in caplog.records] == ["conference.venue was saved without an author"]
    assert venue.history.values_list("verb", "by", "reason").first() == ("~", None, "")
