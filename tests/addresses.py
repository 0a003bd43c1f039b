"""Every address of the portal with an example of each of its parts, for tests that walk them all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from accounts import passwords
from accounts.models import User
from conference.models import Conference
from desk.models import DataRequest
from sheets.declaration import all_sheets, get_sheet


def patterns(
    resolver: URLResolver | None = None, prefix: str = "", namespace: str = ""
) -> Iterator[tuple[str, str, URLPattern]]:
    """Yield (route, full name, pattern) of every address."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = ":".join(filter(None, (namespace, pattern.namespace or "")))
            yield from patterns(pattern, route, inner)
        else:
            yield route, ":".join(filter(None, (namespace, pattern.name or ""))), pattern


def named_addresses(conference: Conference, **other: Any) -> Iterator[tuple[str, str, str]]:
    """Yield (name, sheet, path) of every address: one that speaks of a sheet once for each sheet, else "" for it.

    ``other``: parts of addresses in place of the usual ones.
    """
    known = route_arguments(conference)
    for route, name, _pattern in patterns():
        for sheet in all_sheets() if "<slug:sheet>" in route else [""]:
            yield name or route, sheet, fill_route(route, conference, sheet, **{**known, **other})


def fill_route(route: str, conference: Conference, sheet: str = "", **other: Any) -> str:
    """Return the address of ``route`` with parts that exist in the example conference.

    ``other``: parts in place of those; a row's primary key by the name of its sheet.
    """
    wanted = {*re.findall(r"<(?:\w+:)?(\w+)>", route)}
    own: dict[str, Any] = {"sheet": sheet, "pk": other.get(sheet, 1)}
    if sheet and "pk" in wanted and sheet not in other:
        row = get_sheet(sheet).rows(conference).first()
        own["pk"] = row.pk if row else 1
    known = own | other if wanted <= {*own, *other} else route_arguments(conference) | own | other
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda part: str(known[part[1]]), route)


def route_arguments(conference: Conference) -> dict[str, Any]:
    """Return an example of each part of an address but ``sheet`` and the ``pk`` of its row."""
    report = conference.reports.get(number=1)
    last = report.rounds.last()
    return {
        "slug": conference.slug,
        "code": "mayor",
        "day": "2015-11-24",
        "choice": "event-programme-expo-notices-names",
        "look": "phone",
        "act": "delay",
        "change_id": 1,
        "rest": "programme/mayor/",
        "number": report.number,
        "edition_number": 1,
        "digest": conference.photos.first().file.digest,
        "deleted_row_id": 1,
        "entry_id": 1,
        "section": "overview",
        "part": "attachments",
        "row_id": report.attachments.values_list("pk", flat=True).first() or 1,
        "table": "sessions",
        "data_request_id": _call(conference).pk,
        **_material(conference),
        "round_id": last.pk if last else 0,
        "document_id": report.pk,
        "order": 1,
        "key": passwords.reset_key(User.objects.get(username="wook")),
        "session_id": 1,
        "user_id": report.drafter_id,
        "organisation_id": report.department.organisation_id,
        "department_id": report.department_id,
        "member_id": conference.memberships.first().pk,
    }


def _call(conference: Conference) -> DataRequest:
    """One 제출 요청; the conference of 2015 had none of ours."""
    asked = {"district": conference.districts.first(), "due": date(2015, 11, 18), "items": ["points"]}
    return conference.data_requests.first() or conference.data_requests.create(**asked)


def _material(conference: Conference) -> dict[str, int]:
    """A presentation with one file; those of 2015 were not handed down."""
    talk = conference.sessions.get(code="social-economy").presentations.first()
    file = conference.photos.first().file
    talk.materials.add(file)
    return {"talk_id": talk.pk, "file_id": file.pk}
