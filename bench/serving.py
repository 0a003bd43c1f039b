"""The stored programme beside bare Django under the same gunicorn, and behind nginx: rate, server time, memory, start."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from django.conf import settings

from bench import Figure
from conference.models import Conference
from publishing import releases

PATH = "/dongbuk4-2015/programme/"
ROUNDS, SECONDS, CLIENTS = 5, 2.0, 8
QUICK = {"ROUNDS": 1, "SECONDS": 0.1}
TICK = os.sysconf("SC_CLK_TCK")
LOADED = (
    "",
    "programme/",
    "programme/social-economy/",
    "exhibits/",
    "programme.ics",
    "programme.json",
    "programme.xml",
)
NO_NGINX = "nginx가 없어 재지 못했습니다. 입력하세요: sudo apt-get install -y nginx-light"


# ── servers ─────────────────────────────────────────────────────────────────────────────────────
def free_port() -> int:
    """Return a port that nobody listens to."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextmanager
def running(command: list[str], port: int, **environment: str) -> Iterator[tuple[int, int, float]]:
    """Start a server that will listen to ``port``; give (port, pid, seconds until it answered)."""
    start = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 (ours)
        command, cwd=settings.BASE_DIR, env={**os.environ, **environment}, stdout=subprocess.DEVNULL
    )
    try:
        _wait_for(port, process)
        _get(port, "/")
        yield port, process.pid, time.perf_counter() - start
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


@contextmanager
def server(application: str, **environment: str) -> Iterator[tuple[int, int, float]]:
    """Start gunicorn with the project's own configuration."""
    port = free_port()
    command = [str(Path(sys.executable).with_name("gunicorn")), "--bind", f"127.0.0.1:{port}", application]
    with running(command, port, ALLOWED_HOSTS="127.0.0.1,localhost", **environment) as found:
        yield found


@contextmanager
def nginx(upstream: int, *, stored: str = "") -> Iterator[tuple[int, int, float]]:
    """Start nginx with docs/nginx.conf before the server at port ``upstream``; ``stored``: the folder that it sends files from."""
    port = free_port()
    written = (settings.BASE_DIR / "docs" / "nginx.conf").read_text("utf-8")
    if stored:
        block = re.search(r"^    # location /stored/ .*?^    # }$", written, re.MULTILINE | re.DOTALL)[0]
        opened = re.sub("^    # ", "    ", block, flags=re.MULTILINE).replace("/srv/data/files", stored)
        written = written.replace(block, opened)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # nginx's worker is another user
        for old, new in {
            "127.0.0.1:8000": f"127.0.0.1:{upstream}",
            "listen 80": f"listen 127.0.0.1:{port}",
            "/var/cache/nginx-portal": f"{folder}/cache",
        }.items():
            if old not in written:
                raise SystemExit(f"bench: docs/nginx.conf has no {old}")
            written = written.replace(old, new)
        frame = f"error_log stderr crit; pid {folder}/pid; events {{}} http {{ access_log off; {written} }}"
        Path(folder, "nginx.conf").write_text(frame, "utf-8")
        command = [shutil.which("nginx"), "-p", folder, "-c", "nginx.conf", "-g", "daemon off;"]
        with running(command, port) as found:
            yield found


def _wait_for(port: int, process: subprocess.Popen) -> None:
    while process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise SystemExit("bench: the server did not start")


# ── measures ────────────────────────────────────────────────────────────────────────────────────
def family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *map(int, children)]


def _seconds_of(pids: list[int]) -> float:
    """Give the cpu seconds of processes and their children (Linux)."""
    total = 0.0
    for each in {found for pid in pids for found in family(pid)}:
        fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        total += (int(fields[11]) + int(fields[12])) / TICK
    return total


def _megabytes_of(pid: int) -> float:
    """Give the largest resident set among the workers of a server, in MB."""
    status = [Path(f"/proc/{child}/status").read_text() for child in family(pid)[1:]]
    return max(int(text.partition("VmRSS:")[2].split()[0]) for text in status) / 1024


def _ask(port: int, path: str, known: str, until: float, done: list[int]) -> None:
    """Ask again and again over one connection. Read with the socket alone: the client must cost little."""
    known = f"If-None-Match: {known}\r\n" if known else ""
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n{known}\r\n".encode()
    status = b"HTTP/1.1 304" if known else b"HTTP/1.1 200"
    count = 0
    connection = socket.create_connection(("127.0.0.1", port))
    while time.perf_counter() < until:
        connection.sendall(request)
        head, _, body = connection.recv(65536).partition(b"\r\n\r\n")
        if not head.startswith(status):
            raise SystemExit(f"bench: {path} answers {head[:60]!r}")
        length = 0 if known else int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
        while len(body) < length:
            body += connection.recv(65536)
        count += 1
        if b"connection: close" in head.lower():  # nginx ends a connection after a thousand requests
            connection.close()
            connection = socket.create_connection(("127.0.0.1", port))
    connection.close()
    done.append(count)


def measure(port: int, pids: list[int], path: str, known: str = "") -> tuple[float, float]:
    """Give (requests a second, server cpu seconds a request) of one round; ``known``: the ETag that visitors have."""
    done: list[int] = []
    before, start = _seconds_of(pids), time.perf_counter()
    threads = [threading.Thread(target=_ask, args=(port, path, known, start + SECONDS, done)) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    count = sum(done)
    return count / (time.perf_counter() - start), (_seconds_of(pids) - before) / count


def figures() -> Iterator[Figure]:
    """Measure them in turn, so that whatever else the machine does falls on all."""
    with server("bench.bare") as bare, server("config.wsgi") as portal:
        has_nginx = shutil.which("nginx") is not None
        with nginx(portal[0]) if has_nginx else nullcontext(portal) as front:
            answer = _head(portal[0])
            asked = {
                "hello": (bare[0], [bare[1]], "/"),
                "whole": (portal[0], [portal[1]], PATH),
                "unchanged": (portal[0], [portal[1]], PATH, answer["etag"]),
                **({"cached": (front[0], [front[1], portal[1]], PATH)} if has_nginx else {}),
            }
            rounds = [{name: measure(*what) for name, what in asked.items()} for _ in range(ROUNDS + 1)][1:]  # warm
        for path in LOADED:
            for language in ("", "/en"):
                _get(portal[0], f"{language}/dongbuk4-2015/{path}")
        memory = _megabytes_of(portal[1])
        yield Figure("프로그램 쪽, 초당 요청", _beside(rounds, "whole", 0, "{:,.0f}/s", 1), "≥ 1.0 ×")
        yield Figure("프로그램 쪽, 요청당 서버 cpu", _beside(rounds, "whole", 1, "{:.3f} ms", 1000), "≤ 1 ×")
        yield Figure("바뀌지 않은 쪽(304), 초당 요청", _beside(rounds, "unchanged", 0, "{:,.0f}/s", 1), "≥ 1.0 ×")
        cached = _beside(rounds, "cached", 1, "{:.3f} ms", 1000) if has_nginx else NO_NGINX
        yield Figure("nginx 뒤, 요청당 서버 cpu(nginx와 포털)", cached, "≤ 0.10 ×")
        yield Figure("프로그램 쪽 크기(gzip)", f"{int(answer['content-length']) / 1024:.1f} kB", "≤ 40 kB")
        yield Figure("웹 일꾼 하나의 메모리, 요청이 지나간 뒤", f"{memory:.0f} MB", "≤ 90 MB")
        yield Figure("서버가 첫 답을 할 때까지", f"{portal[2]:.2f} s", "≤ 0.8 s")
        yield from _seen(portal[0])


def _seen(port: int) -> Iterator[Figure]:
    """Publish, then withdraw, and ask every 10 ms over new connections until no process has said the old for a while."""
    conference = Conference.objects.get(slug="dongbuk4-2015")
    by = conference.releases.first().frozen_by
    made: list[int] = []

    def publish() -> None:
        made.append(releases.publish(conference, by=by, name="bench", names_reason="bench").number)

    def withdraw() -> None:
        releases.withdraw(conference.releases.get(number=made[-1]), by=by)

    for act, what in ((publish, "공개"), (withdraw, "철회")):
        old = _get(port, "/dongbuk4-2015/version.json")
        act()
        start, last = time.perf_counter(), 0.0
        while (now := time.perf_counter() - start) < 3:  # noqa: PLR2004 (seconds)
            last = now if _get(port, "/dongbuk4-2015/version.json") == old else last
            time.sleep(0.01)
        yield Figure(f"{what}한 것이 어느 프로세스에서나 보일 때까지", f"{last:.2f} s", "≤ 2 s")


def _beside(rounds: list, name: str, column: int, written: str, times: int) -> str:
    """Give both medians and the median of the ratios, each taken within one round."""
    mine, theirs = ([found[key][column] * times for found in rounds] for key in (name, "hello"))
    ratio = statistics.median(mine_ / theirs_ for mine_, theirs_ in zip(mine, theirs, strict=True))
    mine, theirs = (written.format(statistics.median(found)) for found in (mine, theirs))
    return f"{mine} · 맨 Django {theirs} · {ratio:.2f} ×"


def _get(port: int, path: str) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", path)
    body = connection.getresponse().read()
    connection.close()
    return body


def _head(port: int) -> dict[str, str]:
    """Give the headers of the page, names in small letters."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("HEAD", PATH, headers={"Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    return {name.lower(): value for name, value in answer.getheaders()}
