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
from publishing.content import Sections, release
from publishing.models import Release
from publishing.release_diff import changes
from publishing.release_draft import SECTIONS, draft, in_force
from rows.canonical_json import canonical_json, digest

LOOKED_UP_FOR = 1.0  # seconds; a publication is seen by every process within this
SILENCE = 2.0  # seconds for which readers do not ask a database again that did not answer
T = TypeVar("T")
LISTED = 21  # conferences on a page of the list, and one that says there are more
LISTS = 20  # pages of the list that a process remembers
CARDS = 200  # releases of which a process remembers what the list says
KNOWN_AHEAD = 5  # conferences that a process knows before anybody asks
log = logging.getLogger(__name__)
REMEMBERED = 500  # slugs a process remembers, so that invented addresses cannot fill its memory


class Stale(Exception):
    """What would be published is no longer what the publisher was shown."""


@transaction.atomic
def publish(
    conference: Conference,
    *,
    by: User,
    name: str,
    sections: Iterable[str] = SECTIONS,
    comment: str = "",
    names_reason: str = "",
    shown: dict[str, str] | None = None,
    at: datetime | None = None,
) -> Release:
    """Freeze ``sections`` anew and carry the others over from the release in force, drafts untouched.

    A person's name whose basis is 미확인 is left out unless ``names_reason`` says why it may be shown.
    ``shown`` is the ``Draft.stamp`` of the page that the publisher read; Stale where rows or releases changed since.
    ``at`` is for the example's loader alone. Raises ValueError for a section that there is not.
    """
    wanted = [key for key in SECTIONS if key in set(sections)]
    if unknown := set(sections) - set(SECTIONS):
        raise ValueError(sorted(unknown))
    # one number to one release, and what is stored now, not what the caller read before
    conference = Conference.objects.select_for_update().get(pk=conference.pk)
    found = draft(conference)
    stamp = found.stamp(wanted, shows_names=bool(names_reason))
    if shown is not None and stamp != {key: shown.get(key) for key in stamp}:
        raise Stale
    now = found.sections(wanted, shows_names=bool(names_reason))
    words = {"name": name, "comment": comment, "names_reason": names_reason}
    return _freeze(conference, before=found.before, now=now, by=by, at=at, **words)


@transaction.atomic
def amend(conference: Conference, *, by: User, name: str, change: Callable[[Sections], None]) -> Release | None:
    """Change what visitors see at one place and release that, with nothing of the live rows.

    ``change`` gets the sections in force and alters them. None where nothing is released, or nothing was altered.
    """
    conference = Conference.objects.select_for_update().get(pk=conference.pk)
    shown = in_force(conference)
    if shown is None:
        return None
    before, now = shown.value["sections"], shown.value["sections"]
    change(now)
    if now == before:
        return None
    return _freeze(conference, before=before, now=now, by=by, name=name, names_reason=shown.names_reason)


@transaction.atomic
def withdraw(release: Release, *, by: User) -> None:
    """Take a release off the air; the newest one before it that is not withdrawn is in force again.

    Raises ValidationError where somebody has withdrawn it already.
    """
    Conference.objects.select_for_update().get(pk=release.conference_id)
    release.refresh_from_db()
    if release.withdrawn_at:
        raise ValidationError(_("이미 철회한 공개본입니다."), code="withdrawn")
    release.withdrawn_at, release.withdrawn_by = timezone.now(), by
    release.save(update_fields=["withdrawn_at", "withdrawn_by"])
    difference.touch([release.conference])
    transaction.on_commit(forget)


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
    old = _coded(before)
    difference.touch([conference])
    transaction.on_commit(forget)
    return Release.objects.create(
        conference=conference,
        number=number,
        name=name,
        comment=comment,
        names_reason=names_reason,
        changes=list(changes(before, now)) if before else [],
        revisions={
            code: known.get(code, number) if old.get(code) == value else number for code, value in _coded(now).items()
        },
        content=content,
        digest=digest(content),
        frozen_at=at or timezone.now(),
        frozen_by=by,
    )


# ── what is in force ────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Current:
    """The release in force of one conference, parsed once a process."""

    slug: str
    number: int
    digest: str
    at: datetime
    sections: Sections
    revisions: dict[str, int] = field(default_factory=dict)  # Release.revisions
    raised: int = 0  # sum of the numbers of withdrawn releases
    preview: Any = None  # what the bar of a preview says; None: visitors are looking

    @property
    def version(self) -> tuple[int, str, int]:
        """Tells it from every other state in which its pages would read otherwise."""
        return self.number, self.digest, self.raised

    @property
    def root(self) -> str:
        """Where its pages begin: the public address in the language of the page, or that of the preview."""
        return self.preview.root if self.preview else self.derived(_root, get_language())

    @property
    def files_root(self) -> str:
        """Where its uploads lie."""
        return self.preview.files_root if self.preview else f"/{self.slug}/files/"

    def sequence(self, code: str) -> int:
        """How often calendars were told of the session: rises with each of its changes, and with every withdrawal."""
        return self.revisions.get(code, 0) + self.raised

    def derived(self, make: Callable[..., T], *of: str) -> T:
        """Return ``make(self, *of)``, made once as long as the release is in force. What has words is ``of`` a language."""
        return self.kept((make, *of), lambda: make(self, *of))

    def kept(self, key: Any, make: Callable[[], T]) -> T:
        """Return ``make()``, made once as long as the release is in force."""
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]

    @cached_property
    def _kept(self) -> dict[Any, Any]:
        return {}

    @cached_property
    def files(self) -> dict[str, FileContent]:
        """Every upload the release names, by digest."""
        return {value["digest"]: cast("FileContent", value) for value in _dicts(self.sections) if "digest" in value}

    @cached_property
    def moments(self) -> list[datetime]:
        """Every start and end the release names, in order: when a page may say something else."""
        named = {value[key] for value in _dicts(self.sections) for key in ("starts_at", "ends_at") if value.get(key)}
        return sorted(map(datetime.fromisoformat, named))


def _root(current: Current, _language: str) -> str:
    return reverse("event", args=[current.slug])


def _coded(sections: Sections) -> dict[str, dict[str, Any]]:
    """Return what has an address of its own, which others copy into their calendars."""
    return {value["code"]: value for value in _dicts(sections) if "code" in value}


def _dicts(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _dicts(item)


@dataclass(slots=True)
class _Lookup:
    """What the database said, and when it was asked: seconds of ``time.monotonic``."""

    found: Any
    answered_at: float
    asked_at: float  # a thread may still be waiting for this answer


_seen: dict[str, _Lookup] = {}  # by slug; "" for the list of all
_silent_until = [0.0]
_lists: dict[tuple[Any, int, int], list[EventContent]] = {}
_cards: dict[str, EventContent] = {}  # by the release's digest
_ALL = ""


def current(slug: str) -> Current | None:
    """Return the release in force, looked up at most once a second a process."""
    return _looked_up(slug, lambda known: _in_force(slug, known))


def version(slug: str = _ALL) -> tuple[Any, ...] | None:
    """What pages of the conference are made from; without slug, what the list of all conferences is made from.

    Releases are never brought back, so the count and the highest id of those not withdrawn tell every set apart
    from the sets that were before it. Looked up at most once a second a process.
    """
    if slug == _ALL:
        return _looked_up(_ALL, lambda _: tuple(_shown().aggregate(n=Count("pk"), last=Max("pk")).values()))
    found = current(slug)
    return found.version if found else None


def is_fresh(slug: str) -> bool:
    """Whether ``version`` answers without asking the database."""
    known = _seen.get(slug)
    return known is not None and not _is_due(known)


def age(slug: str) -> float | None:
    """Return the seconds since the database last said which release is in force; None where it did not."""
    known = _seen.get(slug)
    return time.monotonic() - known.answered_at if known else None


def listed(*, first: int, count: int) -> list[EventContent]:
    """Give the released ``event`` sections of all conferences with one in force, the latest event first.

    Of its venues those alone in which something happens, as ``event_facts.venues`` has them. A release is read whole for
    that, once in a process: it never changes. Nothing comes from a live row, not even the order.
    """
    key = version(), first, count
    events = _lists.get(key)
    if events is None:
        if len(_lists) >= LISTS:
            _lists.clear()
        events = _lists[key] = _read_list(first, count)
    return events


def _read_list(first: int, count: int) -> list[EventContent]:
    rows = newest().annotate(parsed=Cast("content", JSONField()))
    rows = rows.annotate(sections=F("parsed__sections"), starts_at=KT("parsed__sections__event__starts_at"))
    found = rows.filter(starts_at__isnull=False).order_by("-starts_at", "-pk")
    wanted = list(found.values_list("digest", flat=True)[first : first + count])
    cards = {key: card for key in wanted if (card := _cards.get(key))}
    unread = rows.filter(digest__in=set(wanted) - set(cards)).values_list("digest", "sections")
    cards |= {key: _card(sections) for key, sections in unread.iterator(chunk_size=1)}
    if len(_cards) >= CARDS:
        _cards.clear()
    _cards.update(cards)
    return [cards[key] for key in wanted if key in cards]  # one may have been withdrawn meanwhile


def _card(sections: Sections) -> EventContent:
    card = event(sections)
    used = {value["venue"] for value in _dicts([sections.get("programme"), sections.get("expo")]) if "venue" in value}
    return {**card, "venues": [venue for venue in card["venues"] if venue["name"] in used or not used]}


def newest() -> QuerySet[Release]:
    """The releases in force, of all conferences."""
    newer = _shown().filter(conference=OuterRef("conference"), number__gt=OuterRef("number"))
    return _shown().filter(~Exists(newer))


def stay_informed(*, every: float = 30.0) -> None:
    """Know the list and the latest conferences before anybody asks, and go on asking: the life of a thread of its own.

    Without it a process that just started, or that few have asked, has nothing to show when the database is lost.
    """
    while True:
        try:
            close_old_connections()
            listed(first=0, count=LISTED)
            for slug in newest().order_by("-pk").values_list("conference__slug", flat=True)[:KNOWN_AHEAD]:
                current(slug)
        except Error as error:
            log.warning("the releases in force were not looked up: %s", error)
        except Exception:  # one damaged release, say: nobody would miss a thread that ended
            log.exception("the releases in force were not looked up")
        time.sleep(every)


def forget() -> None:
    """Look everything up anew: after publishing in this process, and between tests."""
    _seen.clear()
    _lists.clear()
    _cards.clear()
    _silent_until[0] = 0.0
    difference.forget()


def _shown() -> QuerySet[Release]:
    return Release.objects.filter(withdrawn_at=None)


def _is_due(known: _Lookup) -> bool:
    now = time.monotonic()
    return now >= _silent_until[0] and now - known.asked_at >= LOOKED_UP_FOR


def _looked_up(key: str, find: Callable[[Any], Any]) -> Any:
    """Return what ``find`` finds, asked once a second by one thread; the last answer while the database gives none.

    Raises what the database raises where nothing is known yet.
    """
    known = _seen.get(key)
    if known and not _is_due(known):
        return known.found
    if time.monotonic() < _silent_until[0]:
        raise outage.Unanswered
    if known:
        known.asked_at = time.monotonic()  # the others go on with what is known while this thread waits
    try:
        with outage.short_wait():
            found = find(known.found if known else None)
    except Error as error:
        if not outage.kind(error):
            raise
        _silent_until[0] = time.monotonic() + SILENCE
        if known is None:
            raise
        return known.found
    if len(_seen) >= REMEMBERED:
        _seen.clear()
    now = time.monotonic()
    _seen[key] = _Lookup(found, now, now)
    return found


def _in_force(slug: str, known: Current | None) -> Current | None:
    rows = _shown().filter(conference__slug=slug).order_by("-number")
    gone = Release.objects.filter(conference=OuterRef("conference")).exclude(withdrawn_at=None).order_by()
    raised = Subquery(gone.values("conference").annotate(sum=Sum("number")).values("sum"))
    rows = rows.annotate(raised=Coalesce(raised, 0))
    whole = ("content", "revisions")  # large, and so not asked for each second
    row = rows.values_list("number", "digest", "raised", "frozen_at", *(() if known else whole)).first()
    if row is None:
        return None
    number, digest, raised, at = row[:4]
    if known and known.version == row[:3]:
        return known
    content, revisions = row[4:] or Release.objects.values_list(*whole).get(conference__slug=slug, number=number)
    return Current(slug, number, digest, at, release(content)["sections"], revisions, raised)
