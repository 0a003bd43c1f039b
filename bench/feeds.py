"""The feeds of 20 talks rendered afresh, and those of 2,000: cpu and SQL of one request."""

from __future__ import annotations

from collections.abc import Iterator

from django.test import Client

from bench import Figure
from bench.fresh import cost, many_talks, twenty_talks

TIMES = 30
DAYS = 5  # of 400 talks
QUICK = {"TIMES": 1, "DAYS": 2}
FEEDS = {
    "iCalendar": "programme.ics",
    "JSON": "programme.json",
    "frab XML": "programme.xml",
    "frab JSON": "schedule.json",
    "Atom": "releases.atom",
    "version.json": "version.json",
}


def figures() -> Iterator[Figure]:
    """Ask with a query string, for only bare paths are stored."""
    client = Client(HTTP_HOST="127.0.0.1")
    twenty_talks()
    many_talks(DAYS)
    for name, path in FEEDS.items():
        yield Figure(f"강연 20개의 {name} 새로 쓰기", cost(client, f"/twenty-talks/{path}", TIMES), "≤ 5 ms")
    for name, path in FEEDS.items():
        yield Figure(
            f"강연 2,000개의 {name} 새로 쓰기", cost(client, f"/many-talks/{path}", TIMES), "SQL은 20개와 같게"
        )
