"""What a visitor waits for while others hold the portal up: silent sockets, halves of a request, readers that take nothing."""

from __future__ import annotations

import http.client
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.files.storage import default_storage

from bench import Figure
from bench.serving import NO_NGINX, nginx, server
from conference.uploads import storage
from publishing import releases

SLUG = "dongbuk4-2015"
READ = (f"/{SLUG}/programme/", f"/{SLUG}/programme/?topic=1")  # stored, and drawn each time
SIZE = 60 * 1024**2  # bytes of the file that slow readers ask for
LONGEST = 10.0  # seconds after which a visitor gives up
SETTLE, CUT = 3.0, 14.0  # seconds after the last client came; the portal ends halves of a request after 10
LOADS = {"말 없는 연결": (16, 200), "요청의 절반": (16,), "받지 않는 방문자": (8, 16)}
QUICK = {"SIZE": 1024**2, "SETTLE": 0.1, "CUT": 0.1, "LONGEST": 1.0, "LOADS": dict.fromkeys(LOADS, (1,))}


def figures() -> Iterator[Figure]:
    """Measure each load directly and behind nginx, each with a server of its own."""
    with _large_file() as path:
        for kind, counts in LOADS.items():
            for count in counts:
                with server("config.wsgi") as (port, *_):
                    yield Figure(f"{kind} {count}개, 직접", _worst(port, kind, count, path), "–")
                yield Figure(f"{kind} {count}개, nginx 뒤", _behind_nginx(kind, count, path), "≤ 1 s")


def _behind_nginx(kind: str, count: int, path: str) -> str:
    if shutil.which("nginx") is None:
        return NO_NGINX
    with server("config.wsgi") as (port, *_), nginx(port) as (front, *_):
        return _worst(front, kind, count, path)


@contextmanager
def _large_file() -> Iterator[str]:
    """Give the address of a public file that is large meanwhile."""
    name = next(iter(releases.live_release(SLUG).files))
    place = Path(default_storage.path(storage.storage_path(name)))
    content = place.read_bytes()
    place.write_bytes(bytes(SIZE))
    try:
        yield f"/{SLUG}/files/{name}"
    finally:
        place.write_bytes(content)


def _worst(port: int, kind: str, count: int, path: str) -> str:
    """Let ``count`` clients come, then say what the slowest of a visitor's six pages took."""
    said = {
        "요청의 절반": "GET / HTTP/1.1\r\nHost: 127",
        "받지 않는 방문자": f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    }
    clients = [_client(port, said.get(kind, "").encode()) for _ in range(count)]
    try:
        time.sleep(CUT if kind == "요청의 절반" else SETTLE)
        waits = [_visit(port, page) for _ in range(3) for page in READ]
    finally:
        for client in clients:
            client.close()
    return f"{max(waits):.2f} s" if max(waits) < LONGEST else f"{LONGEST:.0f} s 안에 답이 없음"


def _client(port: int, said: bytes) -> socket.socket:
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)  # so that the server's own buffers fill at once
    client.connect(("127.0.0.1", port))
    client.sendall(said)
    return client


def _visit(port: int, path: str) -> float:
    """Return the seconds until the page was there, LONGEST where it did not come."""
    start = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LONGEST)
    try:
        connection.request("GET", path)
        connection.getresponse().read()
    except OSError:
        return LONGEST
    finally:
        connection.close()
    return time.perf_counter() - start
