"""Stored files that the last check could not mend: in a cache that all processes share, so that every page may ask."""

from __future__ import annotations

from typing import NamedTuple

from django.core.cache import caches

KEY = "lost_files"


class Lost(NamedTuple):
    """``name`` in the storage; ``state``: "missing" or "damaged"; ``slug`` of its conference. ``is_upload``: nothing remakes it."""

    name: str
    title: str
    state: str
    slug: str
    is_upload: bool


def tell(found: list[Lost]) -> None:
    """Keep what a check found, in place of what the one before it did."""
    caches["shared"].set(KEY, [tuple(each) for each in found], timeout=None)


def lost() -> list[Lost]:
    """Give what is lost."""
    return [Lost(*each) for each in caches["shared"].get(KEY, [])]


def forget(name: str) -> None:
    """Take a file off the list: it has been written again."""
    known = lost()
    left = [each for each in known if each.name != name]
    if left != known:
        tell(left)


def for_conference(slug: str) -> dict[str, list[str]]:
    """Give the titles of what a conference has lost: "uploads", which can be sent again, and "made", which a backup holds.

    A small form is left out: it comes back with its picture.
    """
    found = [each for each in lost() if each.slug == slug and "." not in each.name]
    return {
        "uploads": [each.title for each in found if each.is_upload],
        "made": [each.title for each in found if not each.is_upload],
    }
