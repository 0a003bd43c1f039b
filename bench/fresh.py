"""The same pages rendered afresh: cpu and SQL of one request."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import product

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench import Figure
from conference.models import Conference
from publishing import page_cache, releases
from publishing.models import Release
from rows.canonical_json import canonical_json, digest, iso_moment

PAGES = {
    "행사": "/dongbuk4-2015/",
    "프로그램": "/dongbuk4-2015/programme/",
    "전시": "/dongbuk4-2015/exhibits/",
    "강연 20개의 프로그램": "/twenty-talks/programme/",
    "강연 2,000개, 장소 40곳, 닷새 가운데 하루": "/many-talks/programme/2015-11-25/",
}
TIMES = 30
DAYS = 5
QUICK = {"TIMES": 1, "DAYS": 2}
OK = 200


def figures() -> Iterator[Figure]:
    """Ask with a query string, for only bare paths are stored."""
    client = Client(HTTP_HOST="127.0.0.1")
    twenty_talks()
    many_talks(DAYS)
    for name, path in PAGES.items():
        bar = "≤ 60 ms · SQL ≤ 2" if "2,000" in name else "≤ 3 ms · SQL ≤ 2"
        yield Figure(f"{name} 쪽을 새로 그리기", cost(client, path, TIMES), bar)


def cost(client: Client, path: str, times: int) -> str:
    """Count the queries of the first request after a publication; take its cpu, and the least of ``times`` further ones."""
    if (status := client.get(path, {"afresh": "warm"}).status_code) != OK:
        raise SystemExit(f"bench: {path} answers {status}")
    _forget()
    with CaptureQueriesContext(connection) as queries:
        client.get(path, {"afresh": 0})
    count = len(queries)  # the next request empties Django's log
    first = []
    for number in range(3):
        _forget()
        first.append(_milliseconds(client, path, number))
    again = min(_milliseconds(client, path, number) for number in range(times))
    return f"{again:.1f} ms cpu (공개 뒤 처음 {min(first):.1f} ms) · SQL {count}"


def _milliseconds(client: Client, path: str, number: int) -> float:
    start = time.process_time()
    client.get(path, {"afresh": number})
    return (time.process_time() - start) * 1000


def twenty_talks() -> None:
    """Release a conference of 20 talks: those of 2015, again and again."""
    known = releases.live_release("dongbuk4-2015")
    part = next(block for block in known.sections["programme"]["blocks"] if len(block["sessions"]) > 4)  # noqa: PLR2004
    talks = [part["sessions"][i % 5] | {"code": f"talk-{i}"} for i in range(20)]
    _release("twenty-talks", known.sections, [part | {"sessions": talks}])


def many_talks(days: int) -> None:
    """Release 400 talks a day, 10 in each of 40 rooms, each with four presenters."""
    known = releases.live_release("dongbuk4-2015")
    every = [row for block in known.sections["programme"]["blocks"] for row in block["sessions"]]
    talk = next(row for row in every if row["code"] == "social-economy")
    first = datetime.fromisoformat("2015-11-24T09:00+09:00")
    talks = []
    for day, turn, room in product(range(days), range(10), range(40)):
        starts_at = first + timedelta(days=day, minutes=50 * turn)
        times = {"starts_at": iso_moment(starts_at), "ends_at": iso_moment(starts_at + timedelta(minutes=45))}
        rooms = [talk["rooms"][0] | {"name": f"{room + 1}호", "position": room}]
        talks.append(talk | times | {"code": f"talk-{day}-{turn}-{room}", "rooms": rooms})
    _release("many-talks", known.sections, [{"part": None, "sessions": talks}])


def _release(slug: str, sections: dict, blocks: list) -> None:
    first = Conference.objects.get(slug="dongbuk4-2015")
    times = {"starts_at": first.starts_at, "ends_at": first.ends_at}
    conference, is_new = Conference.objects.get_or_create(slug=slug, defaults={"title": slug, **times})
    if is_new:
        content = canonical_json({"format": 1, "sections": sections | {"programme": {"blocks": blocks}}})
        who = {"frozen_by": first.releases.first().frozen_by, "frozen_at": first.ends_at}
        Release.objects.create(conference=conference, number=1, content=content, digest=digest(content), **who)


def _forget() -> None:
    """Let the process forget which release is in force, as it does every second."""
    page_cache.clear_cache()
    releases.clear_cache()
