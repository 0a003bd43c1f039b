"""Requests a second and server time a request, of the stored programme beside bare Django, under the same gunicorn."""

from __future__ import annotations

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


def _ask(port: int, path: str, until: float, done: list[int]) -> None:
    """Ask again and again over one connection. Read with the socket alone: the client must cost little."""
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n\r\n".encode()
    count = 0
    with socket.create_connection(("127.0.0.1", port)) as connection:
        while time.perf_counter() < until:
            connection.sendall(request)
            head, _, body = connection.recv(65536).partition(b"\r\n\r\n")
            if not head.startswith(b"HTTP/1.1 200"):
                raise SystemExit(f"bench: {path} answers {head[:60]!r}")
            length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
            while len(body) < length:
                body += connection.recv(65536)
            count += 1
    done.append(count)


def measure(port: int, pid: int, path: str) -> tuple[float, float]:
    """Give (requests a second, server cpu seconds a request) of one round."""
    done: list[int] = []
    before, start = _seconds_of(pid), time.perf_counter()
    threads = [threading.Thread(target=_ask, args=(port, path, start + SECONDS, done)) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    count = sum(done)
    return count / (time.perf_counter() - start), (_seconds_of(pid) - before) / count


def figures() -> Iterator[Figure]:
    """Measure both in turn, so that whatever else the machine does falls on both."""
    rates, costs = [], []
    with server("bench.bare") as bare, server("conference.wsgi") as portal:
        for _ in range(ROUNDS + 1):
            (bare_rate, bare_cost), (rate, cost) = measure(*bare, "/"), measure(*portal, PATH)
            rates.append((rate, bare_rate, rate / bare_rate))
            costs.append((cost, bare_cost, cost / bare_cost))
    rate, bare_rate, times = (statistics.median(column) for column in zip(*rates[1:], strict=True))  # first: warming up
    yield Figure("프로그램 쪽, 초당 요청", f"{rate:,.0f}/s · 맨 Django {bare_rate:,.0f}/s · {times:.2f} ×", "≥ 0.5 ×")
    cost, bare_cost, times = (statistics.median(column) * 1000 for column in zip(*costs[1:], strict=True))
    text = f"{cost:.3f} ms · 맨 Django {bare_cost:.3f} ms · {times / 1000:.2f} ×"
    yield Figure("프로그램 쪽, 요청당 서버 cpu", text, "≤ 2 ×")
