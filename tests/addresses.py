"""Every address of the portal with an example of each of its parts, for tests that walk them all."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from conference.models import Conference

# who needs no sign-in: what the public reads, and the way in
OPEN = {"", "en/"}


def patterns(resolver: URLResolver | None = None, prefix: str = "", namespace: str = "") -> Iterator[tuple[str, str, URLPattern]]:
    """Yield (route, full name, pattern) of every address."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = ":".join(filter(None, (namespace, pattern.namespace or "")))
            yield from patterns(pattern, route, inner)
        else:
            yield route, ":".join(filter(None, (namespace, pattern.name or ""))), pattern


def examples(conference: Conference) -> dict[str, object]:
    """Return a value for every part of an address, from the example conference."""
    report = conference.reports.get(number=1)
    return {
        "slug": conference.slug,
        "code": "mayor",
        "number": report.number,
        "edition_number": 1,
        "digest": conference.photos.first().file.digest,
        "round_id": report.rounds.first().pk,
    }
