"""Sitemaps for search engines: every conference with a release in force, and of each every page in both languages.

One file for each conference, and one that lists these: so no file comes near the limit of the protocol.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings

from publishing import releases
from publishing.releases import LiveRelease
from rows import app_registry

ADDRESSES_MAX = 50_000  # addresses that one file may have (sitemaps.org)


def conference_sitemaps() -> list[tuple[str, datetime]]:
    """Return (address of its sitemap, when it was released) of every conference in force, the latest first. One query."""
    rows = releases.current_releases().filter(content__contains='"event":').order_by("-pk")[:ADDRESSES_MAX]
    pairs = rows.values_list("conference__slug", "frozen_at")
    return [(f"{settings.PORTAL_URL}/sitemap-{slug}.xml", at) for slug, at in pairs]


def page_addresses(current: LiveRelease) -> list[dict[str, str]]:
    """Return the whole address of every page, by language; ``urls.sitemap_paths`` of each app returns its own."""
    paths = [
        path
        for urls in app_registry.modules("urls").values()
        if hasattr(urls, "sitemap_paths")
        for path in urls.sitemap_paths(current)
    ]
    most = ADDRESSES_MAX // len(settings.LANGUAGES)
    return [dict(_languages(f"/{current.slug}/{path}")) for path in ["", *paths][:most]]


def _languages(path: str) -> Iterator[tuple[str, str]]:
    for language, _name in settings.LANGUAGES:
        prefix = "" if language == settings.LANGUAGE_CODE else f"/{language}"
        yield language, f"{settings.PORTAL_URL}{prefix}{path}"
