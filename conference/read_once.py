"""Decorator that caches on a conference what was read of it, so that checks of one request share their queries."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from conference.models import Conference

Rows = TypeVar("Rows")


def read_once(read: Callable[[Conference], Rows]) -> Callable[[Conference], Rows]:
    """Call ``read`` once for each instance of the conference; a conference that is fetched again is a new instance."""
    key = f"{read.__module__}.{read.__qualname__}"

    @wraps(read)
    def cached(conference: Conference) -> Rows:
        values = vars(conference)
        if key not in values:
            values[key] = read(conference)
        return values[key]

    return cached
