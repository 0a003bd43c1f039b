"""Every fact of a conference that the public or the 결과보고 can be told, to hold one conference against another."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from django.test import Client

from conference import collect
from conference.models import Conference
from exhibits.collect import exhibitions
from preparation.collect import tracks
from publishing import page_cache, releases

# what nobody can type, key → why
NOT_TYPED = {
    "code": "the portal makes up the address of a session",
    "position": "the number behind a row's place in its list; the lists themselves are held against each other",
    "venue_position": "likewise",
    "photos": "pictures are brought into the pool on a page of its own",
}


def facts(conference: Conference) -> dict[str, Any]:
    """The release in force, and what only the report says, without NOT_TYPED."""
    newest = conference.releases.order_by("-number").first()
    found = {"sections": json.loads(newest.content)["sections"]}
    del found["sections"]["notices"]  # there was none in 2015
    found |= {"result": collect.result(conference), "tracks": tracks(conference), "expo": exhibitions(conference)}
    return dict(_flat(found))


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every single fact under the way that leads to it."""
    if not isinstance(value, dict | list):
        yield path, value
        return
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
        if key not in NOT_TYPED:
            yield from _flat(inner, f"{path}/{key}")


PICTURES = re.compile(
    r'<section[^>]*aria-labelledby="photos".*?</section>|<figure\b.*?</figure>'
    r'|<details class="more-photos">.*?</details>|<li><a[^>]*href="#photos".*?</li>',
    re.DOTALL,
)


def words(conference: Conference) -> dict[str, str]:
    """The words of every public page; sessions by their place in the programme, since their addresses differ."""
    releases.clear_cache()
    page_cache.clear_cache()
    root = f"/{conference.slug}/"
    codes = list(conference.sessions.values_list("code", flat=True))
    paths = {name: f"{root}{name}" for name in ("", "programme/", "exhibits/")}
    paths |= {f"session {number}": f"{root}programme/{code}/" for number, code in enumerate(codes)}
    return {name: _words(path) for name, path in paths.items()}


def _words(path: str) -> str:
    answer = Client().get(path)
    if answer.status_code != 200:
        return str(answer.status_code)  # a move has no page of its own
    body = PICTURES.sub("", answer.content.decode().partition("<main")[2])
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())
