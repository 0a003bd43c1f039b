"""The same pages rendered afresh: cpu and SQL of one request."""

from __future__ import annotations

import time
from collections.abc import Iterator

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench import Figure

PAGES = {
    "행사": "/dongbuk4-2015/",
    "프로그램": "/dongbuk4-2015/programme/",
    "전시": "/dongbuk4-2015/exhibits/",
}
TIMES = 30


def figures() -> Iterator[Figure]:
    """Ask with a query string, for only bare paths are stored."""
    client = Client(HTTP_HOST="127.0.0.1")
    for name, path in PAGES.items():
        status = client.get(path, {"afresh": 0}).status_code
        if status != 200:  # noqa: PLR2004
            raise SystemExit(f"bench: {path} answers {status}")
        _forget()
        with CaptureQueriesContext(connection) as queries:
            client.get(path, {"afresh": 1})
        count = len(queries)  # the next request empties Django's log
        start = time.process_time()
        for number in range(TIMES):
            client.get(path, {"afresh": number})
        milliseconds = (time.process_time() - start) / TIMES * 1000
        yield Figure(f"{name} 쪽을 새로 그리기", f"{milliseconds:.1f} ms cpu · SQL {count}", "≤ 3 ms · SQL ≤ 4")


def _forget() -> None:
    """Let the process forget which release is in force, as it does every second."""
    from conference import pages, release

    pages.forget()
    release.forget()
