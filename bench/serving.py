"""Requests a second and server time a request, of the stored programme beside bare Django, under the same gunicorn."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from bench import Figure

PATH = "/dongbuk4-2015/programme/"
ROUNDS, SECONDS, CLIENTS = 5, 2.0, 8
TICK = os.sysconf("SC_CLK_TCK")


@contextmanager
def server(application: str) -> Iterator[tuple[int, int]]:
    """Start gunicorn with the project's own configuration; give (port, pid)."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).with_name("gunicorn")), "--bind", f"127.0.0.1:{port}", application]
    environment = {**os.environ, "ALLOWED_HOSTS": "127.0.0.1"}
    process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stdout=subprocess.DEVNULL)  # noqa: S603
    try:
        _wait_for(port, process)
        yield port, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def _wait_for(port: int, process: subprocess.Popen) -> None:
    while process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit("bench: the server did not start")


def _seconds_of(pid: int) -> float:
    """Give the cpu seconds of a process and its children (Linux)."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    total = 0.0
    for each in (str(pid), *children):
        fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        total += (int(fields[11]) + int(fields[12])) / TICK
    return total


def _ask(port: int, path: str, known: str, until: float, done: list[int]) -> None:
    """Ask again and again over one connection. Read with the socket alone: the client must cost little."""
    known = f"If-None-Match: {known}\r\n" if known else ""
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n{known}\r\n".encode()
    status = b"HTTP/1.1 304" if known else b"HTTP/1.1 200"
    count = 0
    with socket.create_connection(("127.0.0.1", port)) as connection:
        while time.perf_counter() < until:
            connection.sendall(request)
            head, _, body = connection.recv(65536).partition(b"\r\n\r\n")
            if not head.startswith(status):
                raise SystemExit(f"bench: {path} answers {head[:60]!r}")
            length = 0 if known else int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
            while len(body) < length:
                body += connection.recv(65536)
            count += 1
    done.append(count)


def measure(port: int, pid: int, path: str, known: str = "") -> tuple[float, float]:
    """Give (requests a second, server cpu seconds a request) of one round; ``known``: the ETag that visitors have."""
    done: list[int] = []
    before, start = _seconds_of(pid), time.perf_counter()
    threads = [threading.Thread(target=_ask, args=(port, path, known, start + SECONDS, done)) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    count = sum(done)
    return count / (time.perf_counter() - start), (_seconds_of(pid) - before) / count


def figures() -> Iterator[Figure]:
    """Measure them in turn, so that whatever else the machine does falls on all."""
    with server("bench.bare") as bare, server("conference.wsgi") as portal:
        answer = _head(portal[0])
        rounds = [
            (measure(*bare, "/"), measure(*portal, PATH), measure(*portal, PATH, answer["etag"]))
            for _ in range(ROUNDS + 1)
        ]
    hello, whole, unchanged = ([found[i] for found in rounds[1:]] for i in range(3))  # the first warms up
    yield Figure("프로그램 쪽, 초당 요청", _beside(whole, hello, 0, "{:,.0f}/s", 1), "≥ 1.0 ×")
    yield Figure("프로그램 쪽, 요청당 서버 cpu", _beside(whole, hello, 1, "{:.3f} ms", 1000), "≤ 1 ×")
    yield Figure("바뀌지 않은 쪽(304), 초당 요청", _beside(unchanged, hello, 0, "{:,.0f}/s", 1), "≥ 1.0 ×")
    yield Figure("프로그램 쪽 크기(gzip)", f"{int(answer['content-length']) / 1024:.1f} kB", "≤ 40 kB")


def _beside(ours: list, bare: list, column: int, written: str, times: int) -> str:
    """Give both medians and the median of the ratios, each taken within one round."""
    mine, theirs = ([found[column] * times for found in rounds] for rounds in (ours, bare))
    ratio = statistics.median(mine_ / theirs_ for mine_, theirs_ in zip(mine, theirs, strict=True))
    mine, theirs = (written.format(statistics.median(found)) for found in (mine, theirs))
    return f"{mine} · 맨 Django {theirs} · {ratio:.2f} ×"


def _head(port: int) -> dict[str, str]:
    """Give the headers of the page, names in small letters."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("HEAD", PATH, headers={"Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    return {name.lower(): value for name, value in answer.getheaders()}
