"""Checks of the expo: each yields findings for the page 점검."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from conference.checks import Check, Finding, check_weekdays
from conference.models import Conference
from conference.read_once import read_once
from exhibits.content import exhibitions as released_exhibitions
from exhibits.models import Exhibition
from korean.dates import format_span
from publishing import releases
from publishing.checks import outdated_findings


@read_once
def read_exhibitions(conference: Conference) -> list[Exhibition]:
    """Return the exhibitions in order."""
    return list(conference.exhibitions.select_related("room"))


def weekday(conference: Conference) -> Iterator[Finding]:
    """A weekday in a written time of an exhibition that does not fit its date."""
    yield from check_weekdays(conference, read_exhibitions(conference), fields=("starts_at", "ends_at"))


def differs_from_release(conference: Conference) -> Iterator[Finding]:
    """Exhibitions whose time or room differs from what visitors see."""
    current = releases.live_release(conference.slug)
    released = {row["slug"]: row for row in released_exhibitions(current.sections)} if current else {}
    pairs = [(row, released[row.slug]) for row in read_exhibitions(conference) if row.slug in released]
    times = [
        (row.name, format_span(old["starts_at"], old["ends_at"]), format_span(row.starts_at, row.ends_at))
        for row, old in pairs
    ]
    rooms = [
        (row.name, old["room"]["name"] if old["room"] else "", row.room.name if row.room else "") for row, old in pairs
    ]
    yield from outdated_findings(conference, _("전시 시간"), times)
    yield from outdated_findings(conference, _("전시 장소"), rooms)


CHECKS: list[Check] = [weekday]
RELEASE_CHECKS: list[Check] = [differs_from_release]
