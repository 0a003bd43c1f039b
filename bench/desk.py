"""The desk: tables and forms of about 20 rows, a table of 100 lines saved at once, the dashboard of 240 sessions."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench import Figure
from conference.models import Conference, User
from conference.sheets import Sheet, sheets
from sessions.models import Session
from tests.growth import grow
from tests.sheets.screen import Screen

DESK = "/desk/dongbuk4-2015/"
TIMES = 5
LINES = 100
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
        client = Client(HTTP_HOST="127.0.0.1")
        client.force_login(User.objects.get(username="chair"))
        grow(conference, range(10))
        for sheet in sheets().values():
            yield from _pages(client, sheet, conference)
        for name in MADE:
            yield from _saved(client, sheets()[name], conference)
        yield _dashboard(client, conference)
        transaction.set_rollback(True)


def _pages(client: Client, sheet: Sheet, conference: Conference) -> Iterator[Figure]:
    count, first = sheet.rows(conference).count(), sheet.rows(conference).first()
    root = f"{DESK}rows/{sheet.name}"
    for what, path in ((f"표({count}줄)", f"{root}/"), ("새로 등록", f"{root}/new/"), ("한 건", f"{root}/{first.pk}/")):
        yield Figure(f"{sheet.title} {what}", _cost(client, path), PAGE_BAR)


def _cost(client: Client, path: str) -> str:
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    count = len(queries)  # the next request empties Django's log
    start = time.process_time()
    for _ in range(TIMES):
        client.get(path)
    return f"{(time.process_time() - start) / TIMES * 1000:.0f} ms cpu · SQL {count}"


def _saved(client: Client, sheet: Sheet, conference: Conference) -> Iterator[Figure]:
    with transaction.atomic():
        if sheet.model is Session:
            conference.sessions.all().delete()
            house = conference.venues.create(name="큰 집")
            house.rooms.bulk_create(
                house.rooms.model(venue=house, name=f"{n + 1}호", kind="numbered", position=n)
                for n in range(LINES // 8 + 1)
            )
        screen = Screen(client, f"{DESK}rows/{sheet.name}/")
        there = int(screen.data["count"]) - 3
        screen.data["count"] = str(there + LINES)
        for number in range(LINES):
            screen.fill(f"r{there + number}-", **MADE[sheet.name](number))
        yield Figure(f"{sheet.title} 새 {LINES}줄 저장", _pressed(screen), SAVE_BAR)
        screen = Screen(client, screen.path)
        name = "title" if sheet.model is Session else "name"
        lines = [key.removesuffix("id") for key in screen.data if key.endswith("-id")][-LINES:]
        for at in lines:
            screen.fill(at, **{name: f"{screen.data[f'{at}{name}']} 고침"})
        yield Figure(f"{sheet.title} {LINES}줄 이름을 고쳐 저장", _pressed(screen), SAVE_BAR)
        if sheet.model is Session:
            screen = Screen(client, screen.path)
            for at in lines:
                screen.fill(at, end=screen.data[f"{at}end"].replace(":50", ":40"))
            yield Figure(f"{sheet.title} {LINES}줄 시각을 고쳐 저장", _pressed(screen), SAVE_BAR)
        transaction.set_rollback(True)


def _pressed(screen: Screen) -> str:
    """Save twice: to count, which costs time itself and is taken back, and to measure."""
    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        screen.press()
        count = len(queries)  # the next request empties Django's log
        transaction.set_rollback(True)
    start = time.perf_counter()
    answer = screen.press()
    seconds = time.perf_counter() - start
    if answer.status_code != 302:  # noqa: PLR2004
        raise SystemExit(f"bench: {screen.path} answers {answer.status_code}")
    return f"{seconds * 1000:.0f} ms · SQL {count}"


def _dashboard(client: Client, conference: Conference) -> Figure:
    for number in range(240):
        start = conference.starts_at + timedelta(minutes=number)
        times: dict[str, Any] = {"starts_at": start, "ends_at": start + timedelta(minutes=5)}
        host = conference.districts.all()[number % 4]
        topic = host.hosted_topics.first()
        conference.sessions.create(title=f"강연 {number}", kind=Session.Kind.TALK, host=host, topic=topic, **times)
    return Figure("현황판, 자치구 4곳 × 세션 60개", _cost(client, DESK), "SQL ≤ 15")
