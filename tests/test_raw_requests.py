"""Requests that no browser sends: without a path, for another machine, cut or malformed. They cost no error of ours."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils.module_loading import import_string

from config import middleware
from publishing import page_cache

METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "WHATEVER")
PATHS = ("*", "", "x", "en", "//", "///x", "/en//x/", "portal.example.test:443", "\xff\xfe", "/\0")
REFUSED = {200, 302, 400, 401, 403, 404, 405}


# ── the middlewares, and all of Django ──────────────────────────────────────────────────────────
def test_every_middleware_takes_a_request_without_a_path() -> None:
    for name in settings.MIDDLEWARE:
        for path in PATHS:
            request = RequestFactory().generic("OPTIONS", "/", PATH_INFO=path)
            request.session = {}
            try:
                answer = import_string(name)(lambda _request: HttpResponse("ok"))(request)
            except Exception as error:  # noqa: BLE001 (whatever it is, it is named)
                pytest.fail(f"{name} {path!r}: {error!r}")
            assert answer.status_code in {200, 404}


@pytest.mark.django_db
def test_django_answers_whatever_the_path_is() -> None:
    for method in METHODS:
        for path in PATHS:
            answer = Client().generic(method, "/", PATH_INFO=path)
            assert (method, path, answer.status_code in REFUSED) == (method, path, True)


def test_a_server_may_leave_the_path_out() -> None:
    """PEP 3333: SCRIPT_NAME, PATH_INFO and QUERY_STRING may be absent where they are empty."""
    application = page_cache.serve_before_django(
        middleware.refuse_other_encodings(lambda environ, _start: [environ["REQUEST_METHOD"].encode()])
    )
    for method in ("GET", "HEAD", "OPTIONS"):
        assert application({"REQUEST_METHOD": method, "SERVER_NAME": "localhost", "wsgi.url_scheme": "http"}, None) == [
            method.encode()
        ]


# ── through a socket ────────────────────────────────────────────────────────────────────────────
HOST = b"Host: localhost\r\n"
END = b"Connection: close\r\n\r\n"
RAW = [
    b"OPTIONS * HTTP/1.1\r\n" + HOST + END,
    b"GET * HTTP/1.1\r\n" + HOST + END,
    b"OPTIONS * HTTP/1.0\r\n\r\n",
    b"GET http://localhost/ HTTP/1.1\r\n" + HOST + END,
    b"GET http://localhost HTTP/1.1\r\n" + HOST + END,
    b"GET http:// HTTP/1.1\r\n" + HOST + END,
    b"GET http://elsewhere.example/x HTTP/1.1\r\n" + HOST + END,
    b"GET http://[::1 HTTP/1.1\r\n" + HOST + END,
    b"CONNECT localhost:443 HTTP/1.1\r\n" + HOST + END,
    b"CONNECT [::1]:443 HTTP/1.1\r\n" + HOST + END,
    b"GET localhost HTTP/1.1\r\n" + HOST + END,
    b"GET ?page=2 HTTP/1.1\r\n" + HOST + END,
    b"GET #top HTTP/1.1\r\n" + HOST + END,
    b"GET // HTTP/1.1\r\n" + HOST + END,
    b"GET //elsewhere.example/ HTTP/1.1\r\n" + HOST + END,
    b"GET /en//elsewhere.example/ HTTP/1.1\r\n" + HOST + END,
    b"GET /../../etc/passwd HTTP/1.1\r\n" + HOST + END,
    b"GET /%00 HTTP/1.1\r\n" + HOST + END,
    b"GET /%ff%fe HTTP/1.1\r\n" + HOST + END,
    b"GET /%zz%2 HTTP/1.1\r\n" + HOST + END,
    b"GET /\xff\xfe HTTP/1.1\r\n" + HOST + END,
    b"GET /?page=" + b"9" * 3_000 + b" HTTP/1.1\r\n" + HOST + END,
    b"GET /desk/" + b"9" * 3_000 + b"/ HTTP/1.1\r\n" + HOST + END,
    b"GET /" + b"x" * 9_000 + b" HTTP/1.1\r\n" + HOST + END,
    b"GET / HTTP/1.1\r\n" + END,
    b"GET / HTTP/1.1\r\nHost: \r\n" + END,
    b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n" + END,
    b"GET / HTTP/1.1\r\nHost: local host/<b>\r\n" + END,
    b"GET / HTTP/1.1\r\nHost: localhost:99999999999\r\n" + END,
    b"GET / HTTP/9.9\r\n" + HOST + END,
    b"GET /\r\n",
    b"\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 80,  # TLS at a port that speaks none
    b"get / HTTP/1.1\r\n" + HOST + END,
    b"WHATEVER / HTTP/1.1\r\n" + HOST + END,
    b"TRACE / HTTP/1.1\r\n" + HOST + END,
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"GET / HTTP/1.1\r\n" + HOST + b"Cookie: sessionid=" + b"\xff" * 40 + b"; csrftoken=;;=\r\n" + END,
    b'GET /accounts/login/ HTTP/1.1\r\nCookie: sessionid="\\000x"\r\n' + HOST + END,
    b"GET / HTTP/1.1\r\n" + HOST + b"If-None-Match: \xff\r\nIf-Modified-Since: 99\r\nRange: bytes=9-1\r\n" + END,
    b"GET / HTTP/1.1\r\n" + HOST + b"If-Modified-Since: " + b"9" * 5_000 + b"\r\n" + END,
    b"GET / HTTP/1.1\r\n" + HOST + b"Accept-Language: " + b"x" * 5_000 + b"\r\n" + END,
    b"GET / HTTP/1.1\r\n" + HOST + b"X-Forwarded-Proto: \xff\r\nX-Forwarded-For: \xff, ,,\r\n" + END,
    b"GET / HTTP/1.1\r\n" + HOST + b"No colon here\r\n" + END,
    b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: -1\r\n" + END,
    b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: " + b"9" * 5_000 + b"\r\n" + END,
    b"POST /accounts/login/ HTTP/1.1\r\n"
    + HOST
    + b"Content-Length: 4\r\nContent-Type: \xff; charset=x\r\n"
    + END
    + b"a=b&",
    b"POST /accounts/login/ HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n" + END + b"zz\r\n",
    b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n" + END + b"0\r\n\r\n",
    b"POST / HTTP/1.1\r\n" + HOST + b"Expect: 200-maybe\r\nContent-Length: 0\r\n" + END,
]


def database_url() -> str:
    """DATABASE_URL of the tests' own database: the server here reads it, and makes none of its own."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite://{name}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[tuple[int, Path]]:
    """The portal under gunicorn as it is shipped, empty: its port, and the file of its log."""
    folder = tmp_path_factory.mktemp("served")
    shutil.copytree(settings.STATIC_ROOT, folder / "static")
    (folder / "files").mkdir()  # as after the first migrate
    mine = {"PORTAL_DATA": str(folder), "DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "config.settings"}
    run = {"cwd": settings.BASE_DIR, "env": os.environ | mine}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = folder / "log"
    gunicorn = [Path(sys.executable).with_name("gunicorn"), "--bind", f"127.0.0.1:{port}", "config.wsgi"]
    with log.open("wb") as file:
        process = subprocess.Popen(gunicorn, stdout=file, stderr=file, **run)
    try:
        for _turn in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port, log
    finally:
        process.terminate()
        process.wait(30)


def status(port: int, sent: bytes) -> int:
    """Send the bytes as they are; return the status of the answer, 0 where the connection was closed without one."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as peer:
        peer.sendall(sent)
        peer.shutdown(socket.SHUT_WR)
        try:
            answer = peer.makefile("rb").readline().split()
        except ConnectionResetError:
            return 0
    return int(answer[1]) if answer[:1] and answer[0].startswith(b"HTTP/") else 0


def test_malformed_requests_are_refused_without_a_trace(served: tuple[int, Path]) -> None:
    port, log = served
    found = {sent[:60]: status(port, sent) for sent in RAW}
    assert {sent: code for sent, code in found.items() if code >= 500} == {}
    assert found[RAW[0][:60]] == 404
    assert found[RAW[3][:60]] == 200
    assert status(port, b"GET /healthz HTTP/1.1\r\n" + HOST + END) == 200
    written = log.read_text("utf-8", errors="replace")
    assert [line for line in written.splitlines() if "Traceback" in line or " ERROR " in line] == []
