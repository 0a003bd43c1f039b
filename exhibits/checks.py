"""Findings in the expo."""

from __future__ import annotations

from collections.abc import Iterator

from conference.checks import Check, Finding, weekdays
from conference.models import Conference
from exhibits.models import Exhibition


def exhibitions(conference: Conference) -> list[Exhibition]:
    """The exhibitions in order, fetched once a conference."""
    if not hasattr(conference, "exhibitions_read"):
        conference.exhibitions_read = list(conference.exhibitions.all())
    return conference.exhibitions_read


def weekday(conference: Conference) -> Iterator[Finding]:
    """The weekday written beside a time of an exhibition."""
    yield from weekdays(conference, exhibitions(conference), fields=("starts_at", "ends_at"))


CHECKS: list[Check] = [weekday]
