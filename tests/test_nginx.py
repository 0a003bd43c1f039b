"""docs/nginx.conf before a portal that answers less and less. Where no nginx is installed there is nothing to look at."""

from __future__ import annotations

import http.client
import shutil
import threading
import time
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bench import serving

pytestmark = pytest.mark.skipif(shutil.which("nginx") is None, reason="no nginx")


class Portal(BaseHTTPRequestHandler):
    """A page that may be kept for a second, until ``status`` says otherwise."""

    status = 200
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = b"a page" if self.status == 200 else b"trouble"
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "public, max-age=0, s-maxage=1" if self.status == 200 else "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


def get(port: int) -> tuple[int, bytes, str | None]:
    with closing(http.client.HTTPConnection("127.0.0.1", port)) as connection:
        connection.request("GET", "/dongbuk4-2015/")
        answer = connection.getresponse()
        return answer.status, answer.read(), answer.headers["X-Cache"]


def test_a_portal_in_trouble_is_still_read():
    server = ThreadingHTTPServer(("127.0.0.1", serving.free_port()), Portal)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with serving.nginx(server.server_port) as (port, _pid, _seconds):
        assert get(port) == (200, b"a page", "MISS")
        time.sleep(2.1)  # its second is over; nginx counts whole ones
        for status in (500, 502, 503, 504):
            Portal.status = status
            assert get(port) == (200, b"a page", "STALE")
        server.shutdown()
        server.server_close()
        assert get(port) == (200, b"a page", "STALE")
