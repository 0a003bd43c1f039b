"""Findings in the expo."""

from __future__ import annotations

from collections.abc import Iterator

from conference.checks import Check, Finding, weekdays
from conference.models import Conference


def weekday(conference: Conference) -> Iterator[Finding]:
    """The weekday written beside a time of an exhibition."""
    yield from weekdays(conference.exhibitions.all(), fields=("starts_at", "ends_at"))


CHECKS: list[Check] = [weekday]
