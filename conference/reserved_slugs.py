"""Slugs that no conference may have: words of the URLconf, and a few names reserved for later.

The URLconf has a conference's slug at many places (``/<slug>/``, ``/desk/<slug>/``). Every word that another address has
at one of those places is reserved, so a new page needs no migration.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import URLResolver, get_resolver
from django.utils import translation

from conference.models import Conference
from conference.models.event import validate_slug

SLUG = "<slug:slug>"  # how every route writes the address of a conference
RESERVED_WORDS = (
    "admin api assets blog calendar contact docs en feed feeds files help ja ko login logout media news pages privacy "
    "register registration robots rss search sitemap speakers sponsors static status support talks terms tickets "
    "today user users verify www zh"
)
RESERVED_FOR_LATER = frozenset(RESERVED_WORDS.split())


@cache
def reserved_slugs() -> frozenset[str]:
    """Return every reserved address."""
    with translation.override(settings.LANGUAGE_CODE):  # pages in this language have no prefix
        routes = [route.split("/") for route in _routes(get_resolver())]
    places = {tuple(route[: route.index(SLUG)]) for route in routes if SLUG in route}
    own = {
        route[len(place)]
        for place in places
        for route in routes
        if tuple(route[: len(place)]) == place and len(route) > len(place)
    }
    prefixes = {settings.STATIC_URL.strip("/"), *dict(settings.LANGUAGES)}
    return RESERVED_FOR_LATER | {word for word in own | prefixes if _can_be_slug(word)}


def conferences_with_reserved_slugs() -> list[str]:
    """Return the slugs of conferences that are reserved now, although they were free before; [] before the first migrate."""
    if Conference._meta.db_table not in connection.introspection.table_names():
        return []
    return list(Conference.objects.filter(slug__in=reserved_slugs()).order_by("slug").values_list("slug", flat=True))


def _routes(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        yield from _routes(pattern, route) if isinstance(pattern, URLResolver) else [route]


def _can_be_slug(word: str) -> bool:
    try:
        validate_slug(word)
    except ValidationError:
        return False
    return True
