"""Previews the import of a schedule and imports it, as an exchange file: completely or not at all."""

from __future__ import annotations

import json
from itertools import chain, count

from django.db import transaction

from accounts.models import User
from conference import memberships, reserved_slugs
from conference.exchange import FileProblem, FileRefused, importing
from conference.exchange import reading as exchange
from conference.models import Conference, Membership
from sessions.schedule import reading
from sessions.schedule.mapping import SLUG_MAX, ImportResult, convert_schedule

DEFAULT_SLUG = "schedule"  # if no character of the name may be in an address


def preview(content: bytes) -> ImportResult:
    """Return the converted schedule with a free slug. Raises FileRefused with every problem."""
    result = convert_schedule(reading.parse_schedule(content))
    result.file["conference"]["slug"] = free_slug(result.slug)
    try:
        exchange.read_entries(_exchange_file(result))
    except FileRefused as refused:
        raise _with_schedule_places(refused, result) from refused
    return result


@transaction.atomic
def create_conference(result: ImportResult, *, slug: str = "", title: str = "", by: User | None) -> Conference:
    """Create the conference; ``by`` becomes its 총괄. ``slug`` and ``title`` replace those of the schedule.

    Raises FileRefused, and nothing is stored then.
    """
    result.file["conference"] |= {name: text for name, text in (("slug", slug), ("title", title)) if text}
    try:
        conference = importing.load(_exchange_file(result), by=by)
    except FileRefused as refused:
        raise _with_schedule_places(refused, result) from refused
    if by:
        memberships.add(conference, by, role=Membership.Role.CHAIR, by=by)
    return conference


def free_slug(slug: str) -> str:
    """Return the slug, with a number after it if it is taken."""
    slug = slug or DEFAULT_SLUG
    stem = slug[: SLUG_MAX - 6].rstrip("-")
    taken = {
        *reserved_slugs.reserved_slugs(),
        *Conference.objects.filter(slug__startswith=stem).values_list("slug", flat=True),
    }
    return next(free for free in chain([slug], (f"{stem}-{number}" for number in count(2))) if free not in taken)


def _exchange_file(result: ImportResult) -> bytes:
    return json.dumps(result.file, ensure_ascii=False).encode()


def _with_schedule_places(refused: FileRefused, result: ImportResult) -> FileRefused:
    """Return the refusal with places in the schedule instead of those in the exchange file."""

    def with_place(problem: FileProblem) -> FileProblem:
        place = next(
            (result.places[near] for near in _pointer_and_ancestors(problem.pointer) if near in result.places), ""
        )
        return FileProblem(place, problem.text)

    return FileRefused(list(map(with_place, refused.problems)))


def _pointer_and_ancestors(pointer: str) -> list[str]:
    """Return the pointer and its ancestors, nearest first."""
    parts = pointer.split("/")
    return ["/".join(parts[:end]) for end in range(len(parts), 1, -1)]
