"""Findings in the expo."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import prefetch_related_objects

from conference.checks import Check, Finding, weekdays
from conference.models import Conference
from exhibits.models import Exhibition


def exhibitions(conference: Conference) -> list[Exhibition]:
    """The exhibitions in order, fetched once a conference."""
    prefetch_related_objects([conference], "exhibitions")
    return list(conference.exhibitions.all())


def weekday(conference: Conference) -> Iterator[Finding]:
    """The weekday written beside a time of an exhibition."""
    yield from weekdays(conference, exhibitions(conference), fields=("starts_at", "ends_at"))


CHECKS: list[Check] = [weekday]
