"""Findings in the expo."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from conference.checks import Check, Finding, weekdays
from conference.models import Conference
from exhibits.models import Exhibition
from korean.dates import span
from publishing import releases
from publishing.checks import told_otherwise


def read_exhibitions(conference: Conference) -> list[Exhibition]:
    """The exhibitions in order, fetched once a conference."""
    if not hasattr(conference, "exhibitions_read"):
        conference.exhibitions_read = list(conference.exhibitions.select_related("room"))
    return conference.exhibitions_read


def weekday(conference: Conference) -> Iterator[Finding]:
    """The weekday written beside a time of an exhibition."""
    yield from weekdays(conference, read_exhibitions(conference), fields=("starts_at", "ends_at"))


def differs_from_release(conference: Conference) -> Iterator[Finding]:
    """Exhibitions of which visitors are still told another time or room."""
    current = releases.current(conference.slug)
    shown = {row["slug"]: row for row in (current.sections.get("expo") or [])} if current else {}
    both = [(row, shown[row.slug]) for row in read_exhibitions(conference) if row.slug in shown]
    times = [(row.name, span(old["starts_at"], old["ends_at"]), span(row.starts_at, row.ends_at)) for row, old in both]
    rooms = [(row.name, (old["room"] or {}).get("name", ""), row.room.name if row.room else "") for row, old in both]
    yield from told_otherwise(conference, _("전시 시간"), times)
    yield from told_otherwise(conference, _("전시 장소"), rooms)


CHECKS: list[Check] = [weekday]
RELEASE_CHECKS: list[Check] = [differs_from_release]
