"""The verbs: look at what a schedule would become, and make it. All or nothing, through the importer of the exchange."""

from __future__ import annotations

import json
from itertools import chain, count

from django.db import transaction

from accounts.models import User
from conference import memberships, reserved_slugs
from conference.exchange import Problem, Refused, importing
from conference.exchange import reading as exchange
from conference.models import Conference, Membership
from sessions.schedule import reading
from sessions.schedule.mapping import SLUG_MAX, ImportResult, convert_schedule

DEFAULT_SLUG = "schedule"  # address of a conference whose name has nothing that an address may hold


def preview(content: bytes) -> ImportResult:
    """Return what the schedule becomes, under an address that is free. Raises Refused with every problem."""
    found = convert_schedule(reading.parse_schedule(content))
    found.file["conference"]["slug"] = free_slug(found.slug)
    try:
        exchange.entries(_exchange_file(found))
    except Refused as refused:
        raise _with_schedule_places(refused, found) from refused
    return found


@transaction.atomic
def create_conference(found: ImportResult, *, slug: str = "", title: str = "", by: User | None) -> Conference:
    """Make the conference; ``by`` becomes its 총괄. ``slug``, ``title``: other ones than the schedule's.

    Raises Refused, and nothing is kept.
    """
    found.file["conference"] |= {name: text for name, text in (("slug", slug), ("title", title)) if text}
    try:
        conference = importing.load(_exchange_file(found))
    except Refused as refused:
        raise _with_schedule_places(refused, found) from refused
    if by:
        memberships.give(conference, by, role=Membership.Role.CHAIR, by=by)
    return conference


def free_slug(wanted: str) -> str:
    """Return an address like the wanted one that nobody has."""
    wanted = wanted or DEFAULT_SLUG
    stem = wanted[: SLUG_MAX - 6].rstrip("-")
    taken = {
        *reserved_slugs.reserved(),
        *Conference.objects.filter(slug__startswith=stem).values_list("slug", flat=True),
    }
    return next(slug for slug in chain([wanted], (f"{stem}-{number}" for number in count(2))) if slug not in taken)


def _exchange_file(found: ImportResult) -> bytes:
    return json.dumps(found.file, ensure_ascii=False).encode()


def _with_schedule_places(refused: Refused, found: ImportResult) -> Refused:
    """Say the places of the schedule in place of those of our own file."""

    def told(problem: Problem) -> Problem:
        place = next(
            (found.places[near] for near in _pointer_and_ancestors(problem.pointer) if near in found.places), ""
        )
        return Problem(place, problem.text)

    return Refused(list(map(told, refused.problems)))


def _pointer_and_ancestors(pointer: str) -> list[str]:
    """Return the pointer and those above it, nearest first."""
    parts = pointer.split("/")
    return ["/".join(parts[:end]) for end in range(len(parts), 1, -1)]
