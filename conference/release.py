"""Publishing: live rows are collected, frozen as a numbered release, and shown until a newer one or a withdrawal."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, F, JSONField, Max, OuterRef, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.utils import timezone

from conference import house
from conference.frozen import canonical, digest
from conference.models import Conference, Release, User

SECTIONS = ("event", "programme", "expo", "notices")
LOOKED_UP_FOR = 1.0  # seconds; a publication is seen by every process within this
REMEMBERED = 500  # slugs a process remembers, so that invented addresses cannot fill its memory


@transaction.atomic
def publish(  # noqa: PLR0913 (each is a decision of the publisher)
    conference: Conference,
    *,
    by: User,
    name: str,
    sections: Iterable[str] = SECTIONS,
    comment: str = "",
    names_reason: str = "",
    at: datetime | None = None,
) -> Release:
    """Freeze ``sections`` anew and carry the others over from the release before, drafts untouched.

    A person's name whose basis is 미확인 is left out unless ``names_reason`` says why it may be shown.
    ``at`` is for the example's loader alone. Raises ValueError for a section that there is not.
    """
    wanted = set(sections)
    if unknown := wanted - set(SECTIONS):
        raise ValueError(sorted(unknown))
    # one number to one release, and what is stored now, not what the caller read before
    conference = Conference.objects.select_for_update().get(pk=conference.pk)
    last = conference.releases.first()
    before = last.value["sections"] if last else {}
    fresh = {
        key: _public(value, shows_names=bool(names_reason))
        for key, value in _collect(conference).items()
        if key in wanted
    }
    now = {key: fresh.get(key, before.get(key)) for key in SECTIONS if key in fresh or key in before}
    content = canonical({"format": 1, "sections": now})
    return Release.objects.create(
        conference=conference,
        number=last.number + 1 if last else 1,
        name=name,
        comment=comment,
        names_reason=names_reason,
        changes=list(changes(before, now)) if last else [],
        content=content,
        digest=digest(content),
        frozen_at=at or timezone.now(),
        frozen_by=by,
    )


@transaction.atomic
def withdraw(release: Release, *, by: User) -> None:
    """Take a release off the air; the newest one before it that is not withdrawn is in force again."""
    release.withdrawn_at, release.withdrawn_by = timezone.now(), by
    release.save(update_fields=["withdrawn_at", "withdrawn_by"])


def _collect(conference: Conference) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for room in house.rooms("collect").values():
        if hasattr(room, "release"):
            found |= room.release(conference)
    return found


def _public(value: Any, *, shows_names: bool) -> Any:
    """Drop what is not for strangers: pictures not meant to be public, names without a basis, materials, the bases."""
    if isinstance(value, list):
        return [
            _public(item, shows_names=shows_names)
            for item in value
            if not (isinstance(item, dict) and item.get("is_public") is False)
        ]
    if not isinstance(value, dict):
        return value
    kept = {
        key: _public(item, shows_names=shows_names)
        for key, item in value.items()
        if key not in {"basis", "materials", "is_public"}
    }
    if value.get("basis") == "unknown" and value["kind"] == "person" and not shows_names:
        kept["name"] = ""
    return kept


# ── what changed ────────────────────────────────────────────────────────────────────────────────
NAMES = ("code", "slug", "label", "name", "title", "digest")  # what tells one item of a list from another


def changes(old: Any, new: Any, where: tuple[str, ...] = ()) -> Iterator[dict[str, Any]]:
    """Yield ``{"where": […], "old": …, "new": …}`` for every leaf or list item that differs; absent is None."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(old.keys() | new.keys()):
            yield from changes(old.get(key), new.get(key), (*where, key))
    elif isinstance(old, list) and isinstance(new, list) and all(isinstance(item, dict) for item in old + new):
        befores, afters = _by_name(old), _by_name(new)
        for key in [*befores, *(key for key in afters if key not in befores)]:
            yield from changes(befores.get(key), afters.get(key), (*where, key))
    elif old != new:
        yield {"where": list(where), "old": old, "new": new}


def _by_name(items: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    named: dict[str, dict[str, Any]] = {}
    for i, item in enumerate(items):
        name = _name(item) or str(i)
        named[name if name not in named else f"{name} {i}"] = item
    return named


def _name(item: dict[str, Any]) -> str:
    """What stays the same when the rest of an item changes: a talk is its presenter's, a block its part's."""
    own = next((str(item[key]) for key in NAMES if item.get(key)), "")
    first = [*item["sessions"][:1]] if "sessions" in item else []
    inner = [found for found in (item.get("presenter"), item.get("part"), *first) if isinstance(found, dict)]
    return next((name for name in map(_name, inner) if name), own)


# ── what is in force ────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Current:
    """The release in force of one conference, parsed once a process."""

    slug: str
    number: int
    digest: str
    at: datetime
    sections: dict[str, Any]

    @cached_property
    def files(self) -> dict[str, dict[str, Any]]:
        """Every upload the release names, by digest."""
        return {value["digest"]: value for value in _dicts(self.sections) if "digest" in value}

    @cached_property
    def moments(self) -> list[datetime]:
        """Every start and end the release names, in order: when a page may say something else."""
        named = {value[key] for value in _dicts(self.sections) for key in ("starts_at", "ends_at") if value.get(key)}
        return sorted(map(datetime.fromisoformat, named))


def _dicts(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _dicts(item)


_seen: dict[str, tuple[float, Any]] = {}  # slug ("" for the list of all) → looked up when, and what was found
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
    return (found.number, found.digest) if found else None


def listed(*, first: int, count: int) -> list[dict[str, Any]]:
    """Give the released ``event`` sections of all conferences with one in force, the latest event first.

    One query, whatever there is; nothing comes from a live row, not even the order.
    """
    newer = _shown().filter(conference=OuterRef("conference"), number__gt=OuterRef("number"))
    rows = _shown().filter(~Exists(newer)).annotate(parsed=Cast("content", JSONField()))
    rows = rows.annotate(event=F("parsed__sections__event"), starts_at=KT("parsed__sections__event__starts_at"))
    found = rows.filter(starts_at__isnull=False).order_by("-starts_at", "-pk")
    return list(found.values_list("event", flat=True)[first : first + count])


def forget() -> None:
    """Look everything up anew: after publishing in this process, and between tests."""
    _seen.clear()


def _shown() -> QuerySet[Release]:
    return Release.objects.filter(withdrawn_at=None)


def _looked_up(key: str, find: Callable[[Any], Any]) -> Any:
    checked_at, known = _seen.get(key, (0.0, None))
    now = time.monotonic()
    if now - checked_at < LOOKED_UP_FOR and key in _seen:
        return known
    found = find(known)
    if len(_seen) >= REMEMBERED:
        _seen.clear()
    _seen[key] = now, found
    return found


def _in_force(slug: str, known: Current | None) -> Current | None:
    rows = _shown().filter(conference__slug=slug).order_by("-number")
    row = rows.values_list("number", "digest", "frozen_at").first()
    if row is None:
        return None
    if known and (known.number, known.digest) == row[:2]:
        return known
    content = Release.objects.values_list("content", flat=True).get(conference__slug=slug, number=row[0])
    return Current(slug, *row, json.loads(content)["sections"])
