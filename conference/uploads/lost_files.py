"""Stored files that the last check could not repair, kept in a cache that all processes share."""

from __future__ import annotations

from typing import NamedTuple

from django.core.cache import caches

KEY = "lost_files"


class LostFile(NamedTuple):
    """``name`` in the storage; ``state``: "missing" or "damaged"; ``slug`` of its conference. ``is_upload``: it cannot be made again."""

    name: str
    title: str
    state: str
    slug: str
    is_upload: bool


def replace(files: list[LostFile]) -> None:
    """Store the result of a check and drop the result before it."""
    caches["shared"].set(KEY, [tuple(each) for each in files], timeout=None)


def known() -> list[LostFile]:
    """Return the lost files of the last check."""
    return [LostFile(*each) for each in caches["shared"].get(KEY, [])]


def remove(name: str) -> None:
    """Remove a file from the list, because it was written again."""
    files = known()
    if any(each.name == name for each in files):
        replace([each for each in files if each.name != name])


def for_conference(slug: str) -> dict[str, list[str]]:
    """Return the titles of a conference's lost files: "uploads", which can be sent again, and "made", which a backup contains.

    Small forms are left out, because they come back with their picture.
    """
    lost = [each for each in known() if each.slug == slug and "." not in each.name]
    return {
        "uploads": [each.title for each in lost if each.is_upload],
        "made": [each.title for each in lost if not each.is_upload],
    }
