"""A stranger who follows every link of the public pages, in both languages."""

from __future__ import annotations

import re
from html import unescape

from django.http import HttpResponse
from django.test import Client

LINK = re.compile(r'(?:href|src)="([^"]+)"')
ELSEWHERE = ("/static/", "/accounts/", "http", "tel:", "mailto:", "#", "data:")
STARTS = ("/", "/en/", "/dongbuk4-2015/version.json", "/en/dongbuk4-2015/version.json")


def crawl_public_pages(client: Client | None = None, starts: tuple[str, ...] = STARTS) -> dict[str, HttpResponse]:
    """Return the answer of every address that can be reached from ``starts``, the starts included."""
    client = client or Client()
    found: dict[str, HttpResponse] = {}
    to_see = list(starts)
    while to_see:
        path = to_see.pop()
        if path in found:
            continue
        found[path] = client.get(path)
        if found[path]["Content-Type"].startswith("text/html"):
            links = map(unescape, LINK.findall(found[path].content.decode()))
            to_see += [link.partition("#")[0] for link in links if not link.startswith(ELSEWHERE)]
    return found
