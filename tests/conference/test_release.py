"""Publishing: what is frozen, what is carried over, what is left out, what changed, and what is in force."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from conference import outage
from conference.models import Conference, DraftVersion
from publishing import difference, releases
from publishing.models import Release


@pytest.fixture
def chair(unsigned: Conference) -> User:
    return User.objects.get(username="chair")


def sections(conference: Conference) -> dict:
    releases.clear_cache()
    return releases.live_release(conference.slug).sections


def test_calendars_are_told_of_a_session_when_it_changes_and_after_every_withdrawal(unsigned, chair) -> None:
    """Its sequence never falls, and rises exactly where what was shown differs."""
    talk = unsigned.sessions.get(code="mayor")
    told = []

    def look() -> None:
        releases.clear_cache()
        now = releases.live_release(unsigned.slug)
        told.append((now.sequence("mayor"), now.sequence("social-economy")))

    def publish(title: str) -> Release:
        talk.title = title
        talk.save()
        return releases.publish(unsigned, by=chair, name=title, names_reason="공개 행사")

    look()
    publish("둘"), look()
    last = publish("셋")
    look()
    publish("셋"), look()
    releases.withdraw(unsigned.releases.first(), by=chair), look()
    releases.withdraw(last, by=chair), look()
    publish("넷"), look()
    assert told == [(1, 1), (2, 1), (3, 1), (3, 1), (7, 5), (9, 8), (12, 8)]


def test_a_section_not_published_is_carried_over(unsigned: Conference, chair: User) -> None:
    before = sections(unsigned)
    unsigned.sessions.filter(code="mayor").update(title="초안 제목")
    unsigned.notices.create(title="장소가 바뀌었습니다", is_urgent=True)
    made = releases.publish(unsigned, by=chair, name="긴급 공지", sections=["notices"])
    now = sections(unsigned)
    assert (made.number, now["programme"] == before["programme"], [found["title"] for found in now["notices"]]) == (
        2,
        True,
        ["장소가 바뀌었습니다"],
    )


def test_a_name_without_a_basis_needs_a_reason(unsigned: Conference, chair: User) -> None:
    releases.publish(unsigned, by=chair, name="성명 없이")
    hidden = str(sections(unsigned))
    releases.publish(unsigned, by=chair, name="성명과 함께", names_reason="동의를 받는 중")
    shown = str(sections(unsigned))
    assert [name in hidden for name in ("이원영", "정명훈", "양주환", "서울시장")] == [False, False, True, True]
    assert [name in shown for name in ("이원영", "정명훈", "양주환", "서울시장")] == [True] * 4


def test_what_is_not_for_strangers_is_not_frozen(unsigned: Conference, chair: User) -> None:
    hidden = unsigned.photos.get(caption="성북구 발표")
    type(unsigned.photos.first()).objects.filter(pk=hidden.pk).update(may_be_public=False)
    made = releases.publish(unsigned, by=chair, name="사진 하나 없이", names_reason="시험")
    words = ("성북구 발표", "강북구 발표", "동북4구 발전협의회 간담회", "사업단", "unknown", "각 100", "stated")
    assert [word in made.content for word in words] == [False, True, False, False, False, False, False]


def test_changes_are_named_by_what_changed(unsigned: Conference, chair: User) -> None:
    unsigned.sessions.filter(code="mayor").update(title="바뀐 강연")
    unsigned.sessions.get(code="social-economy").presentations.filter(title__startswith="노원").delete()
    made = releases.publish(unsigned, by=chair, name="변경", names_reason="시험")
    titles = [found for found in made.changes if found["where"][-1] == "title"]
    assert titles == [
        {
            "where": ["programme", "blocks", "2부", "sessions", "mayor", "title"],
            "old": "서울시의 사회혁신 실험과 동북4구",
            "new": "바뀐 강연",
        }
    ]
    gone = [found for found in made.changes if found["new"] is None]
    assert [found["where"][-1] for found in gone] == ["우순영"]


def test_nothing_changed_is_no_change(unsigned: Conference, chair: User) -> None:
    assert releases.publish(unsigned, by=chair, name="다시", names_reason="시험").changes == []


def test_a_withdrawn_release_gives_way_to_the_one_before(unsigned: Conference, chair: User) -> None:
    unsigned.sessions.filter(code="mayor").update(title="잘못 낸 제목")
    wrong = releases.publish(unsigned, by=chair, name="잘못", names_reason="시험")
    releases.withdraw(wrong, by=chair)
    assert "잘못 낸 제목" not in str(sections(unsigned))
    releases.withdraw(unsigned.releases.get(number=1), by=chair)
    releases.clear_cache()
    assert releases.live_release(unsigned.slug) is None


def test_what_this_process_publishes_or_withdraws_is_shown_at_once(
    unsigned: Conference, chair: User, django_capture_on_commit_callbacks: Callable
) -> None:
    shown = [releases.live_release(unsigned.slug).number]
    with django_capture_on_commit_callbacks(execute=True):
        made = releases.publish(unsigned, by=chair, name="다시", names_reason="시험")
    shown.append(releases.live_release(unsigned.slug).number)
    with django_capture_on_commit_callbacks(execute=True):
        releases.withdraw(made, by=chair)
    assert [*shown, releases.live_release(unsigned.slug).number] == [1, 2, 1]


def test_what_another_process_published_is_shown_when_the_database_is_asked_again(
    unsigned: Conference, chair: User
) -> None:
    """As long as nothing was, the release that is known is not read again."""

    def asked_again() -> releases.LiveRelease:
        for known in releases._lookups.values():
            known.asked_at -= releases.LOOKUP_SECONDS
        return releases.live_release(unsigned.slug)

    first = releases.live_release(unsigned.slug)
    assert asked_again() is first
    releases.publish(unsigned, by=chair, name="다시", names_reason="시험")  # nothing is forgotten: no commit in a test
    assert (asked_again().number, first.number) == (2, 1)


def test_after_a_release_and_a_withdrawal_the_live_rows_are_compared_again(unsigned: Conference, chair: User) -> None:
    def token() -> str:
        return DraftVersion.objects.values_list("token", flat=True).get(conference=unsigned)

    difference.mark_changed([unsigned])
    tokens = [token()]
    made = releases.publish(unsigned, by=chair, name="다시", names_reason="시험")
    tokens.append(token())
    releases.withdraw(made, by=chair)
    assert len({*tokens, token()}) == 3


VERBS = {
    "publish": lambda made, **by: releases.publish(made.conference, name="다시", names_reason="시험", **by),
    "amend": lambda made, **by: releases.amend(made.conference, name="다시", change=lambda _sections: None, **by),
    "withdraw": releases.withdraw,
}


@pytest.mark.parametrize("verb", VERBS.values(), ids=VERBS)
def test_every_verb_locks_its_conference_first(unsigned: Conference, chair: User, verb: Callable) -> None:
    """Of two people at once the second sees what the first did."""
    made = unsigned.releases.get()
    with CaptureQueriesContext(connection) as asked:
        verb(made, by=chair)
    table = connection.ops.quote_name(Conference._meta.db_table)
    first = next(query["sql"] for query in asked if query["sql"].startswith("SELECT"))
    assert (f"FROM {table} WHERE" in first, first.endswith("FOR UPDATE")) == (True, connection.vendor == "postgresql")


def test_an_unknown_section_is_refused(unsigned: Conference, chair: User) -> None:
    with pytest.raises(ValueError, match="minutes"):
        releases.publish(unsigned, by=chair, name="x", sections=["minutes"])
    assert unsigned.releases.count() == 1


def test_invented_addresses_do_not_fill_the_memory(unsigned: Conference) -> None:
    for number in range(releases.LOOKUPS_MAX + 10):
        releases.live_release(f"invented-{number}")
    assert len(releases._lookups) <= releases.LOOKUPS_MAX


def test_pages_of_the_list_do_not_fill_the_memory(unsigned: Conference) -> None:
    for count in range(releases.LISTS_MAX):
        releases.list_events(first=0, count=count)
    assert len(releases._event_lists) == releases.LISTS_MAX
    releases.list_events(first=0, count=releases.LISTS_MAX)
    assert len(releases._event_lists) == 1


def test_the_list_names_the_venues_in_which_something_happens(unsigned: Conference) -> None:
    """A release of 행사 안내 alone says of no venue that something happens there: then each of them is named."""
    released = releases.current_release(unsigned).value["sections"]
    [event] = releases.list_events(first=0, count=1)
    without_programme = releases._event_card({"event": released["event"]})
    names = [[venue["name"] for venue in card["venues"]] for card in (event, without_programme, released["event"])]
    assert (names[1], len(names[0]) < len(names[1])) == (names[2], True)


def test_a_release_is_read_once_for_the_list(unsigned: Conference) -> None:
    digest = unsigned.releases.get().digest
    [event] = releases.list_events(first=0, count=1)
    assert releases._event_cards == {digest: event}
    releases._event_cards[digest] = {"title": "as it was read"}
    assert releases.list_events(first=0, count=2) == [{"title": "as it was read"}]
    releases.clear_cache()
    assert (releases._lookups, releases._event_lists, releases._event_cards) == ({}, {}, {})


def test_what_is_unknown_is_not_asked_for_while_the_database_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a database here: whoever asks fails with another error."""
    monkeypatch.setattr(releases, "_silent_until", [time.monotonic() + 60])
    with pytest.raises(outage.DatabaseUnavailable):
        releases.live_release("unknown")


def test_what_was_never_published_or_withdrawn_has_the_first_sequence(unsigned: Conference) -> None:
    """A preview has no revisions: its calendar begins at 0."""
    current = releases.live_release(unsigned.slug)
    preview = releases.LiveRelease(current.slug, 2, "", current.at, current.sections)
    assert [found.sequence("unknown") for found in (current, preview)] == [0, 0]


def test_a_release_says_which_format_it_has(unsigned: Conference) -> None:
    assert json.loads(unsigned.releases.get().content)["format"] == 1


def test_the_release_is_dated_by_its_publication(unsigned: Conference) -> None:
    assert abs((timezone.now() - unsigned.releases.get().frozen_at).total_seconds()) < 3600


def test_a_damaged_release_does_not_end_the_thread_that_knows_ahead(db, monkeypatch, caplog):
    rounds = iter([None, None])

    def damaged(**_page):
        raise KeyError("sections")

    monkeypatch.setattr("publishing.releases.time.sleep", lambda _seconds: next(rounds))  # StopIteration at the third
    monkeypatch.setattr("publishing.releases.close_old_connections", lambda: None)
    monkeypatch.setattr(releases, "list_events", damaged)
    with pytest.raises(StopIteration):
        releases.refresh_periodically()
    assert [record.exc_info[0] for record in caplog.records] == [KeyError] * 3
