"""The difference between the released pages and what is typed, shown on every staff page.

The comparison is slow. The request that changes something makes it once (signal ``conference_changed``) and stores it in the
conference's ``DraftVersion``, where all processes read it.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any
from uuid import uuid4

from django.utils.translation import gettext as _

from conference.content import VenueContent, event
from conference.models import Conference, DraftVersion
from korean.dates import format_span
from publishing.release_diff import diff_leaves
from publishing.release_draft import SECTIONS, Draft, build_draft
from publishing.venue_changes import without_repeats
from rows.canonical_json import iso_moment

SLOW_SECONDS = 0.3  # of cpu; after a comparison that took longer, a save makes none: the next page makes it
SLOW_RESULT_SECONDS = 5.0  # seconds for which a process uses the result of a slow comparison again
CONFERENCES_MAX = 200  # conferences of which a process remembers a result


@dataclass(frozen=True)
class Difference:
    """What differs between the release that visitors see and what is typed."""

    number: int  # of the release in force; 0: none
    withdrawn: int  # number of the newest release if it is withdrawn; else 0
    count: int  # changes that the page 공개 lists
    shown_span: str  # the times of the event that visitors see, if they have changed since; else ""
    places: tuple[str, str] = ("", "")  # the places of the event that visitors see, and those typed

    @property
    def is_there(self) -> bool:
        """Whether there is anything to publish, also for the first time."""
        return not self.number or self.count > 0

    @property
    def text(self) -> str:
        """The difference in one to three sentences."""
        if not self.number and not self.withdrawn:
            return _("아직 공개하지 않았습니다. 방문자에게는 아무것도 보이지 않습니다.")
        if not self.number:
            return _("공개본 %(withdrawn)d을(를) 철회하여 방문자에게 아무것도 보이지 않습니다.") % self.__dict__
        sentences = [_("공개본과 다른 내용 %(count)d건") % self.__dict__]
        if self.shown_span:
            sentences.insert(0, _("방문자에게는 아직 행사 일시가 %(shown_span)s로 보입니다.") % self.__dict__)
        if self.withdrawn:
            text = _("공개본 %(withdrawn)d을(를) 철회하여 지금은 공개본 %(number)d이(가) 보입니다.")
            sentences.insert(0, text % self.__dict__)
        return " ".join(sentences)


@dataclass(frozen=True)
class _CachedDifference:
    version: str
    at: float
    is_slow: bool
    difference: Difference


_cached: dict[int, _CachedDifference] = {}


def difference(conference: Conference) -> Difference:
    """Return the difference as of now; if the comparison is slow, of a few seconds ago (SLOW_RESULT_SECONDS)."""
    version, compared = _stored(conference)
    if compared is not None:
        return Difference(**compared)
    known = _cached.get(conference.pk)
    if known and (known.version == version or (known.is_slow and time.monotonic() - known.at < SLOW_RESULT_SECONDS)):
        return known.difference
    return _remember(conference, version)


def mark_changed(conferences: Iterable[Conference]) -> None:
    """Give the conferences a new version. Call it in the transaction that changes something, or after it."""
    rows = [DraftVersion(conference=conference, token=uuid4().hex) for conference in conferences]
    fields = ["token", "compared"]
    DraftVersion.objects.bulk_create(rows, update_conflicts=True, unique_fields=["conference"], update_fields=fields)


def mark_all_changed(**_signal: object) -> None:
    """Give every conference a new version, because the name of an office is on the pages of many."""
    mark_changed(Conference.objects.only("pk"))


def refresh(conference: Conference) -> None:
    """Give the conference a new version and store its difference for the next pages. Call it after the commit."""
    mark_changed([conference])
    known = _cached.get(conference.pk)
    if known is None or not known.is_slow:
        now = Conference.objects.select_related("draft_version").get(pk=conference.pk)
        # The version is read before the rows: if they change meanwhile, the version is another, and nothing is stored.
        version, _compared = _stored(now)
        same_version = DraftVersion.objects.filter(conference=now, token=version)
        same_version.update(compared=asdict(_remember(now, version)))


def refresh_changed(*, conference: Conference, **_signal: object) -> None:
    """Receive the signal that a conference changed, and compare it."""
    refresh(conference)


def clear_cache() -> None:
    """Forget the results of this process; for tests."""
    _cached.clear()


def _stored(conference: Conference) -> tuple[str, dict[str, Any] | None]:
    try:
        return conference.draft_version.token, conference.draft_version.compared
    except DraftVersion.DoesNotExist:
        return "", None


def _remember(conference: Conference, version: str) -> Difference:
    started = time.thread_time()
    difference = _compare(conference)
    if len(_cached) >= CONFERENCES_MAX:
        _cached.clear()
    is_slow = time.thread_time() - started > SLOW_SECONDS
    _cached[conference.pk] = _CachedDifference(version, time.monotonic(), is_slow, difference)
    return difference


def _compare(conference: Conference) -> Difference:
    newest = conference.releases.values_list("number", "withdrawn_at").first()
    withdrawn = newest[0] if newest and newest[1] else 0
    draft = build_draft(conference) if newest else None
    if draft is None or not draft.base:
        return Difference(0, withdrawn, 0, "")
    shown_span, venues = "", list[VenueContent]()
    if draft.before.get("event"):
        shown = event(draft.before)
        venues, times = shown["venues"], (shown["starts_at"], shown["ends_at"])
        is_moved = times != (iso_moment(conference.starts_at), iso_moment(conference.ends_at))
        shown_span = format_span(*times) if is_moved else ""
    places = _places(venues), _places(event(draft.collected)["venues"])
    return Difference(draft.base, withdrawn, _count(draft), shown_span, places)


def _places(venues: Iterable[VenueContent]) -> str:
    texts = [" ".join(filter(None, (venue["name"], venue["within"], venue["address"]))) for venue in venues]
    return ", ".join(texts) or _("없음")


def _count(draft: Draft) -> int:
    """Count the sentences of the page 공개; a section that changed without a sentence counts once."""
    shows_names = bool(draft.current and draft.current.names_reason)
    sentences = draft.change_sentences(shows_names=shows_names)
    leaves = without_repeats(diff_leaves(draft.before, draft.sections(SECTIONS, shows_names=shows_names)))
    return len(sentences) + len({leaf["where"][0] for leaf in leaves} - {change.section for change in sentences})
