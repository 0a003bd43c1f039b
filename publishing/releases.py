"""Publishing: live rows are collected, frozen as a numbered release, and shown until a newer one or a withdrawal."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar, cast

from django.core.exceptions import ValidationError
from django.db import Error, close_old_connections, transaction
from django.db.models import Count, Exists, F, JSONField, Max, OuterRef, QuerySet, Subquery, Sum
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from conference import outage
from conference.content import EventContent, FileContent, event
from conference.models import Conference
from publishing import difference
from publishing.content import Sections, parse_release
from publishing.models import Release
from publishing.release_diff import diff_leaves
from publishing.release_draft import SECTIONS, build_draft, current_release
from rows.canonical_json import canonical_json, digest

LOOKUP_SECONDS = 1.0  # seconds; a publication is seen by every process within this
SILENCE_SECONDS = 2.0  # seconds for which readers do not ask a database again that did not answer
T = TypeVar("T")
LIST_SIZE = 21  # conferences on a page of the list, and one more: then there is a next page
LISTS_MAX = 20  # pages of the list that a process remembers
CARDS_MAX = 200  # releases of which a process remembers the entry in the list
PRELOADED = 5  # conferences that a process looks up before the first request
log = logging.getLogger(__name__)
LOOKUPS_MAX = 500  # slugs that a process remembers; the limit keeps invented addresses from filling its memory


class StaleDraft(Exception):
    """What would be published is no longer what the page showed to the publisher."""


@transaction.atomic
def publish(
    conference: Conference,
    *,
    by: User,
    name: str,
    sections: Iterable[str] = SECTIONS,
    comment: str = "",
    names_reason: str = "",
    seen_fingerprint: dict[str, str] | None = None,
    at: datetime | None = None,
) -> Release:
    """Freeze ``sections`` from the live rows into a new release; take the other sections over from the release in force.

    A person's name whose basis is 미확인 is left out unless ``names_reason`` says why it may be shown.
    ``seen_fingerprint``: ``Draft.fingerprint`` of the page that the publisher read; StaleDraft if rows or releases changed since.
    ``at`` is only for the loader of the example. Raises ValueError for an unknown section.
    """
    keys = [key for key in SECTIONS if key in set(sections)]
    if unknown := set(sections) - set(SECTIONS):
        raise ValueError(sorted(unknown))
    # the lock gives each release its own number; the row is read again, because it may have changed since the caller read it
    conference = Conference.objects.select_for_update().get(pk=conference.pk)
    draft = build_draft(conference)
    fingerprint = draft.fingerprint(keys, shows_names=bool(names_reason))
    if seen_fingerprint is not None and fingerprint != {key: seen_fingerprint.get(key) for key in fingerprint}:
        raise StaleDraft
    now = draft.sections(keys, shows_names=bool(names_reason))
    texts = {"name": name, "comment": comment, "names_reason": names_reason}
    return _freeze(conference, before=draft.before, now=now, by=by, at=at, **texts)


@transaction.atomic
def amend(conference: Conference, *, by: User, name: str, change: Callable[[Sections], None]) -> Release | None:
    """Change the sections in force at one place and release them, without other changes of the live rows.

    ``change`` alters the sections that it gets. Returns None if nothing is released, or if nothing was altered.
    """
    conference = Conference.objects.select_for_update().get(pk=conference.pk)
    current = current_release(conference)
    if current is None:
        return None
    before, now = current.value["sections"], current.value["sections"]  # parsed twice: two values
    change(now)
    if now == before:
        return None
    return _freeze(conference, before=before, now=now, by=by, name=name, names_reason=current.names_reason)


@transaction.atomic
def withdraw(release: Release, *, by: User) -> None:
    """Withdraw a release; the newest one before it that is not withdrawn is in force again.

    Raises ValidationError if it is withdrawn already.
    """
    Conference.objects.select_for_update().get(pk=release.conference_id)
    release.refresh_from_db()
    if release.withdrawn_at:
        raise ValidationError(_("이미 철회한 공개본입니다."), code="withdrawn")
    release.withdrawn_at, release.withdrawn_by = timezone.now(), by
    release.save(update_fields=["withdrawn_at", "withdrawn_by"])
    difference.mark_changed([release.conference])
    transaction.on_commit(clear_cache)


def _freeze(
    conference: Conference,
    *,
    before: Sections,
    now: Sections,
    by: User,
    name: str,
    names_reason: str,
    comment: str = "",
    at: datetime | None = None,
) -> Release:
    content = canonical_json({"format": 1, "sections": now})
    number = (conference.releases.aggregate(last=Max("number"))["last"] or 0) + 1
    known = conference.releases.filter(withdrawn_at=None).values_list("revisions", flat=True).first() or {}
    old = _items_by_code(before)
    difference.mark_changed([conference])
    transaction.on_commit(clear_cache)
    return Release.objects.create(
        conference=conference,
        number=number,
        name=name,
        comment=comment,
        names_reason=names_reason,
        changes=list(diff_leaves(before, now)) if before else [],
        revisions={
            code: known.get(code, number) if old.get(code) == value else number
            for code, value in _items_by_code(now).items()
        },
        content=content,
        digest=digest(content),
        frozen_at=at or timezone.now(),
        frozen_by=by,
    )


# ── what is in force ────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class LiveRelease:
    """The release in force of one conference, parsed once a process."""

    slug: str
    number: int
    digest: str
    at: datetime
    sections: Sections
    revisions: dict[str, int] = field(default_factory=dict)  # Release.revisions
    withdrawn_sum: int = 0  # sum of the numbers of withdrawn releases
    preview: Any = None  # the bar of a preview; None on the public pages

    @property
    def version(self) -> tuple[int, str, int]:
        """Cache key: it changes whenever the rendered pages may change."""
        return self.number, self.digest, self.withdrawn_sum

    @property
    def root(self) -> str:
        """Address of its first page: the public one in the language of the page, or that of the preview."""
        return self.preview.root if self.preview else self.cached(_root, get_language())

    @property
    def files_root(self) -> str:
        """Beginning of the addresses of its uploads."""
        return self.preview.files_root if self.preview else f"/{self.slug}/files/"

    def sequence(self, code: str) -> int:
        """SEQUENCE of the session in calendars: it rises with each change of the session and with every withdrawal."""
        return self.revisions.get(code, 0) + self.withdrawn_sum

    def cached(self, make: Callable[..., T], *of: str) -> T:
        """Return ``make(self, *of)``, computed once per release. If the result has words, ``of`` names their language."""
        return self.cached_as((make, *of), lambda: make(self, *of))

    def cached_as(self, key: Any, make: Callable[[], T]) -> T:
        """Return ``make()``, computed once per release under that key."""
        if key not in self._cache:
            self._cache[key] = make()
        return self._cache[key]

    @cached_property
    def _cache(self) -> dict[Any, Any]:
        return {}

    @cached_property
    def files(self) -> dict[str, FileContent]:
        """Every upload in the release, by digest."""
        return {
            value["digest"]: cast("FileContent", value) for value in iterate_dicts(self.sections) if "digest" in value
        }

    @cached_property
    def moments(self) -> list[datetime]:
        """Every start and end in the release, in order; a page may change at each of them."""
        named = {
            value[key] for value in iterate_dicts(self.sections) for key in ("starts_at", "ends_at") if value.get(key)
        }
        return sorted(map(datetime.fromisoformat, named))


def _root(current: LiveRelease, _language: str) -> str:
    return reverse("event", args=[current.slug])


def _items_by_code(sections: Sections) -> dict[str, dict[str, Any]]:
    """Return the items with an address of their own (sessions), which calendars copy."""
    return {value["code"]: value for value in iterate_dicts(sections) if "code" in value}


def iterate_dicts(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            if isinstance(item, (dict, list)):
                yield from iterate_dicts(item)


@dataclass(slots=True)
class _Lookup:
    """An answer of the database, and when it was asked: seconds of ``time.monotonic``."""

    found: Any
    answered_at: float
    asked_at: float  # later than ``answered_at`` while a thread waits for a new answer


_lookups: dict[str, _Lookup] = {}  # by slug; "" for the list of all
_silent_until = [0.0]
_event_lists: dict[tuple[Any, int, int], list[EventContent]] = {}
_event_cards: dict[str, EventContent] = {}  # by the release's digest
_ALL = ""


def live_release(slug: str) -> LiveRelease | None:
    """Return the release in force, looked up at most once a second a process."""
    return _cached_lookup(slug, lambda known: _load_live_release(slug, known))


def version(slug: str = _ALL) -> tuple[Any, ...] | None:
    """Return the version that pages of the conference depend on; without slug, that of the list of all conferences.

    A withdrawn release stays withdrawn. So every set of releases that are not withdrawn differs from all earlier sets
    in its count or its highest id. Each process looks this up at most once a second.
    """
    if slug == _ALL:
        return _cached_lookup(_ALL, lambda _: tuple(_not_withdrawn().aggregate(n=Count("pk"), last=Max("pk")).values()))
    found = live_release(slug)
    return found.version if found else None


def is_fresh(slug: str) -> bool:
    """Whether ``version`` answers without asking the database."""
    known = _lookups.get(slug)
    return known is not None and not _is_due(known)


def age(slug: str) -> float | None:
    """Return the seconds since the database last answered which release is in force; None if it never did."""
    known = _lookups.get(slug)
    return time.monotonic() - known.answered_at if known else None


def list_events(*, first: int, count: int) -> list[EventContent]:
    """Return the released ``event`` sections of all conferences with a release in force, the latest event first.

    Venues without a session or exhibition are left out, as in ``event_facts.used_venues``. A process reads each release once
    for that, because a release never changes. Nothing comes from live rows, not even the order.
    """
    key = version(), first, count
    events = _event_lists.get(key)
    if events is None:
        if len(_event_lists) >= LISTS_MAX:
            _event_lists.clear()
        events = _event_lists[key] = _read_list(first, count)
    return events


def _read_list(first: int, count: int) -> list[EventContent]:
    rows = current_releases().annotate(parsed=Cast("content", JSONField()))
    rows = rows.annotate(sections=F("parsed__sections"), starts_at=KT("parsed__sections__event__starts_at"))
    found = rows.filter(starts_at__isnull=False).order_by("-starts_at", "-pk")
    wanted = list(found.values_list("digest", flat=True)[first : first + count])
    cards = {key: card for key in wanted if (card := _event_cards.get(key))}
    unread = rows.filter(digest__in=set(wanted) - set(cards)).values_list("digest", "sections")
    cards |= {key: _event_card(sections) for key, sections in unread.iterator(chunk_size=1)}
    if len(_event_cards) >= CARDS_MAX:
        _event_cards.clear()
    _event_cards.update(cards)
    return [cards[key] for key in wanted if key in cards]  # a release may have been withdrawn between the queries


def _event_card(sections: Sections) -> EventContent:
    card = event(sections)
    used = {
        value["venue"] for value in iterate_dicts([sections.get("programme"), sections.get("expo")]) if "venue" in value
    }
    return {**card, "venues": [venue for venue in card["venues"] if venue["name"] in used or not used]}


def current_releases() -> QuerySet[Release]:
    """Return the releases in force of all conferences."""
    newer = _not_withdrawn().filter(conference=OuterRef("conference"), number__gt=OuterRef("number"))
    return _not_withdrawn().filter(~Exists(newer))


def refresh_periodically(*, every: float = 30.0) -> None:
    """Look up the list and the latest conferences every so many seconds, for ever; it runs in a thread of its own.

    Without it a process that got no request yet could show nothing when the database fails.
    """
    while True:
        try:
            close_old_connections()
            list_events(first=0, count=LIST_SIZE)
            for slug in current_releases().order_by("-pk").values_list("conference__slug", flat=True)[:PRELOADED]:
                live_release(slug)
        except Error as error:
            log.warning("the releases in force were not looked up: %s", error)
        except Exception:  # for example a damaged release; the thread must go on, for nothing starts it again
            log.exception("the releases in force were not looked up")
        time.sleep(every)


def clear_cache() -> None:
    """Forget all lookups; called after publishing in this process, and between tests."""
    _lookups.clear()
    _event_lists.clear()
    _event_cards.clear()
    _silent_until[0] = 0.0
    difference.clear_cache()


def _not_withdrawn() -> QuerySet[Release]:
    return Release.objects.filter(withdrawn_at=None)


def _is_due(known: _Lookup) -> bool:
    now = time.monotonic()
    return now >= _silent_until[0] and now - known.asked_at >= LOOKUP_SECONDS


def _cached_lookup(key: str, find: Callable[[Any], Any]) -> Any:
    """Return the result of ``find``, called once a second by one thread; the last result while the database fails.

    Raises the error of the database if there is no earlier result.
    """
    known = _lookups.get(key)
    if known and not _is_due(known):
        return known.found
    if time.monotonic() < _silent_until[0]:
        raise outage.DatabaseUnavailable
    if known:
        known.asked_at = time.monotonic()  # other threads use the last result while this thread waits
    try:
        with outage.short_database_wait():
            found = find(known.found if known else None)
    except Error as error:
        if not outage.outage_kind(error):
            raise
        _silent_until[0] = time.monotonic() + SILENCE_SECONDS
        if known is None:
            raise
        return known.found
    if len(_lookups) >= LOOKUPS_MAX:
        _lookups.clear()
    now = time.monotonic()
    _lookups[key] = _Lookup(found, now, now)
    return found


def _load_live_release(slug: str, known: LiveRelease | None) -> LiveRelease | None:
    rows = _not_withdrawn().filter(conference__slug=slug).order_by("-number")
    withdrawn = Release.objects.filter(conference=OuterRef("conference")).exclude(withdrawn_at=None).order_by()
    withdrawn_sum = Subquery(withdrawn.values("conference").annotate(sum=Sum("number")).values("sum"))
    rows = rows.annotate(withdrawn_sum=Coalesce(withdrawn_sum, 0))
    large_fields = ("content", "revisions")  # large, so they are not read each second
    row = rows.values_list("number", "digest", "withdrawn_sum", "frozen_at", *(() if known else large_fields)).first()
    if row is None:
        return None
    number, digest, withdrawn_sum, at = row[:4]
    if known and known.version == row[:3]:
        return known
    content, revisions = row[4:] or Release.objects.values_list(*large_fields).get(conference__slug=slug, number=number)
    return LiveRelease(slug, number, digest, at, parse_release(content)["sections"], revisions, withdrawn_sum)
