"""The desk: every page of it with about 20 rows, a table of 100 lines saved at once, the dashboard of 240 sessions."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from bench import Figure
from conference.models import Conference
from reports.models import Report
from sessions.models import Session
from sheets.declaration import Sheet, all_sheets
from tests.addresses import named_addresses
from tests.scale_data import grow
from tests.sheets.table_page import TablePage

DESK = "/desk/dongbuk4-2015/"
PLACES = ("/desk/", "/approvals/", "/accounts/")
DRAFT = 2  # number of a report that is being written
TIMES = 5
LINES = 100
SESSIONS = 240
QUICK = {"TIMES": 1, "LINES": 4, "SESSIONS": 4}
PAGE_BAR, SAVE_BAR = "≤ 60 ms · SQL ≤ 12", "≤ 400 ms"
MADE = {  # sheet → what is typed in line n of the hundred
    "persons": lambda n: {"name": f"위원 {n}", "kind": "개인", "affiliation": "강북구", "name_basis": "미확인"},
    "exhibitors": lambda n: {
        "name": f"기업 {n}",
        "kind": "기업",
        "district": "강북구",
        "state": "확정",
        "exhibition": "오픈 전시마당",
    },
    "sessions": lambda n: {
        "start": f"{n % 8 + 8}00",
        "end": f"{n % 8 + 8}50",
        "title": f"강연 {n}",
        "kind": "강연",
        "rooms": f"{n // 8 + 1}호",
        "presenters": f"위원 {n}(강북구 주무관)",
    },
}


def figures() -> Iterator[Figure]:
    """Measure in a database that is left as it was."""
    with transaction.atomic():
        conference = Conference.objects.get(slug="dongbuk4-2015")
        readers = [_signed_in(username) for username in ("wook", "chair", "admin")]
        grow(conference, range(10))
        _write(conference.reports.get(number=DRAFT), as_in=conference.reports.get(number=1))
        yield from _pages(readers, conference)
        for name in MADE:
            yield from _saved(readers[0], all_sheets()[name], conference)
        yield _dashboard(readers[0], conference)
        transaction.set_rollback(True)


def _signed_in(username: str) -> Client:
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(User.objects.get(username=username))
    return client


def _write(draft: Report, *, as_in: Report) -> None:
    """Give a draft what the signed report says, for the pages on which reports are written."""
    draft.topics.set(as_in.topics.all())
    for rows in (as_in.report_photos, as_in.paragraphs, as_in.budget, as_in.followups, as_in.publicity):
        rows.update(report=draft)


def _pages(readers: list[Client], conference: Conference) -> Iterator[Figure]:
    """Measure every page of the desk, as the first reader to whom it is open; of the signed report and of a draft."""
    found = [path for _name, _sheet, path in named_addresses(conference) if path.startswith(PLACES)]
    found += [path for _name, _sheet, path in named_addresses(conference, number=DRAFT) if f"/reports/{DRAFT}/" in path]
    logging.disable()  # who is refused, and what there is not
    for path in found:
        reader = next((reader for reader in readers if _is_page(reader.get(path))), None)
        if reader:
            yield Figure(path, _cost(reader, path), PAGE_BAR)
    logging.disable(logging.NOTSET)


def _is_page(answer: HttpResponse) -> bool:
    return answer.status_code == HTTPStatus.OK and answer.headers["Content-Type"].startswith("text/html")


def _cost(client: Client, path: str) -> str:
    """Count a page's queries, and take the least time of several: what others do on the machine is no matter."""
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    count = len(queries)  # the next request empties Django's log
    return f"{min(_seconds(client, path) for _ in range(TIMES)) * 1000:.0f} ms cpu · SQL {count}"


def _seconds(client: Client, path: str) -> float:
    start = time.process_time()
    client.get(path)
    return time.process_time() - start


def _saved(client: Client, sheet: Sheet, conference: Conference) -> Iterator[Figure]:
    with transaction.atomic():
        if sheet.model is Session:
            conference.sessions.all().delete()
            venue = conference.venues.create(name="큰 집")
            venue.rooms.bulk_create(
                venue.rooms.model(venue=venue, name=f"{n + 1}호", kind="numbered", position=n)
                for n in range(LINES // 8 + 1)
            )
        screen = TablePage(client, f"{DESK}rows/{sheet.name}/")
        there = int(screen.data["count"]) - 3
        screen.tamper("count", str(there + LINES))
        for number in range(LINES):  # as table.js adds lines to what the page draws
            for name, value in MADE[sheet.name](number).items():
                screen.tamper(f"r{there + number}-{name}", value)
        yield Figure(f"{sheet.title} 새 {LINES}줄 저장", _pressed(screen), SAVE_BAR)
        screen = TablePage(client, screen.path)
        name = "title" if sheet.model is Session else "name"
        lines = [key.removesuffix("id") for key in screen.data if key.endswith("-id")][-LINES:]
        for at in lines:
            screen.fill(at, **{name: f"{screen.data[f'{at}{name}']} 고침"})
        yield Figure(f"{sheet.title} {LINES}줄 이름을 고쳐 저장", _pressed(screen), SAVE_BAR)
        if sheet.model is Session:
            screen = TablePage(client, screen.path)
            for at in lines:
                screen.fill(at, end=screen.data[f"{at}end"].replace(":50", ":40"))
            yield Figure(f"{sheet.title} {LINES}줄 시각을 고쳐 저장", _pressed(screen), SAVE_BAR)
        transaction.set_rollback(True)


def _pressed(screen: TablePage) -> str:
    """Save twice: to count, which costs time itself and is taken back, and to measure."""
    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        screen.press()
        count = len(queries)  # the next request empties Django's log
        transaction.set_rollback(True)
    start = time.perf_counter()
    answer = screen.press()
    seconds = time.perf_counter() - start
    if answer.status_code != HTTPStatus.FOUND:
        raise SystemExit(f"bench: {screen.path} answers {answer.status_code}")
    return f"{seconds * 1000:.0f} ms · SQL {count}"


def _dashboard(client: Client, conference: Conference) -> Figure:
    for number in range(SESSIONS):
        start = conference.starts_at + timedelta(minutes=number)
        times: dict[str, Any] = {"starts_at": start, "ends_at": start + timedelta(minutes=5)}
        host = conference.districts.all()[number % 4]
        topic = host.hosted_topics.first()
        conference.sessions.create(title=f"강연 {number}", kind=Session.Kind.TALK, host=host, topic=topic, **times)
    return Figure(f"현황판, 자치구 4곳 × 세션 {SESSIONS // 4}개", _cost(client, DESK), "SQL ≤ 15")
