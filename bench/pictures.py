"""Twenty photos of 12 megapixels from four people at once, then eight PNGs of 50: memory, time, and what a visitor waits."""

from __future__ import annotations

import http.client
import io
import logging
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path

from django.test import Client
from PIL import Image

from accounts.models import User
from bench import Figure
from bench.serving import server
from conference.models import Conference

SIZE, BOMB = (4000, 3000), (8000, 6250)
PEOPLE, EACH, BOMBS = 4, 5, 8
QUICK = {"PEOPLE": 1, "EACH": 1, "BOMBS": 1, "SIZE": (400, 300), "BOMB": (800, 600), "IDLE": 0.1}
TOKEN = "b" * 32  # of the CSRF check: any word, as cookie and as header
BOUNDARY = "pictures-of-the-bench"
POOL = "/desk/dongbuk4-2015/photos/add/"
READ = ("/dongbuk4-2015/programme/", "/dongbuk4-2015/programme/?topic=1")  # stored, and drawn each time
IDLE = 3.0  # seconds before the server is called idle
PAUSE = 0.1  # seconds between two looks at the memory, and of a visitor between two pages


def figures() -> Iterator[Figure]:
    """Measure a server with the example; the photos are taken out again."""
    conference = Conference.objects.get(slug="dongbuk4-2015")
    cookie = signed_in("chair")
    known = set(conference.photos.values_list("pk", flat=True))
    with server("config.wsgi") as (port, pid, _seconds):
        try:
            shots = [[_jpeg(5 * person + n) for n in range(EACH)] for person in range(PEOPLE)]
            loads = {"12메가픽셀 사진 20장, 네 사람": shots, "50메가픽셀 PNG 8장": [[_png()] for _ in range(BOMBS)]}
            for name, load in loads.items():
                yield from (Figure(f"{name}: {what}", *rest) for what, *rest in _load(port, pid, load, cookie))
        finally:
            for photo in conference.photos.exclude(pk__in=known).select_related("file"):
                photo.delete()
                photo.file.delete()


def _load(port: int, pid: int, shots: list[list[bytes]], cookie: str) -> Iterator[tuple[str, str, str]]:
    """Send each list from a thread of its own, and watch the memory and a visitor meanwhile."""
    answers: list[int] = []
    for path in READ:
        _visit(port, path)
    time.sleep(IDLE)
    idle, start = _pss(pid), time.perf_counter()
    threads = [threading.Thread(target=_send, args=(port, each, cookie, answers)) for each in shots]
    with _repeated(lambda: _pss(pid)) as memory, _repeated(lambda: max(_visit(port, path) for path in READ)) as waits:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    seconds, counts = time.perf_counter() - start, {status: answers.count(status) for status in sorted(set(answers))}
    yield "답(429: 조금 뒤 다시)", ", ".join(f"{status} × {count}" for status, count in counts.items()), "5xx 없음"
    yield "걸린 시간", f"{seconds:.1f} s", "–"
    yield f"쉬는 때({idle:.0f} MB)보다 더 쓴 메모리(PSS)", f"{max(memory) - idle:.0f} MB", "≤ 500 MB"
    yield "그동안 방문자가 가장 오래 기다린 때", f"{max(waits):.2f} s", "≤ 1 s"


def _send(port: int, shots: list[bytes], cookie: str, answers: list[int]) -> None:
    """Send one after the other, as the page's script does: again where the answer says when."""
    for shot in shots:
        status = HTTPStatus.TOO_MANY_REQUESTS
        while status == HTTPStatus.TOO_MANY_REQUESTS:
            connection = http.client.HTTPConnection("127.0.0.1", port)
            connection.request("POST", POOL, _form(shot), _headers(cookie))
            answer = connection.getresponse()
            answer.read()
            connection.close()
            status = answer.status
            answers.append(status)
            if status == HTTPStatus.TOO_MANY_REQUESTS:
                time.sleep(int(answer.headers["Retry-After"]))


def _form(shot: bytes) -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="pictures"; filename="IMG.jpg"\r\n\r\n'
    return head.encode() + shot + f"\r\n--{BOUNDARY}--\r\n".encode()


def _headers(cookie: str) -> dict[str, str]:
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    return {"Content-Type": kind, "Accept": "application/json", "Cookie": cookie, "X-CSRFToken": TOKEN}


def signed_in(username: str) -> str:
    logging.disable(logging.INFO)
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(User.objects.get(username=username))
    return f"sessionid={client.cookies['sessionid'].value}; csrftoken={TOKEN}"


def _visit(port: int, path: str) -> float:
    """Return the seconds until the page was there."""
    start = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    if answer.status != HTTPStatus.OK:
        raise SystemExit(f"bench: {path} answers {answer.status}")
    return time.perf_counter() - start


@contextmanager
def _repeated(measure: Callable[[], float]) -> Iterator[list[float]]:
    """Measure again and again while the block runs; give what came out."""
    found, is_over = [measure()], threading.Event()

    def run() -> None:
        while not is_over.wait(PAUSE):
            found.append(measure())

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield found
    finally:
        is_over.set()
        thread.join()


def _pss(pid: int) -> float:
    """Give the proportional set size of a process and all below it, in MB (Linux)."""
    total, below = 0.0, [pid]
    while below:
        each = below.pop()
        try:
            text = Path(f"/proc/{each}/smaps_rollup").read_text()
            below += [
                int(child)
                for task in Path(f"/proc/{each}/task").iterdir()
                for child in (task / "children").read_text().split()
            ]
        except OSError:  # it has ended
            continue
        total += int(re.search(r"^Pss:\s+(\d+)", text, re.MULTILINE)[1]) / 1024
    return total


def _jpeg(number: int) -> bytes:
    """Return what a telephone sends: 12 megapixels that differ from every other, some 7 MB."""
    out = io.BytesIO()
    Image.effect_noise(SIZE, 40 + number).convert("RGB").save(out, "JPEG", quality=85)
    return out.getvalue()


def _png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", BOMB).save(out, "PNG")
    return out.getvalue()
