"""docs/nginx.conf before a portal that answers less and less. Where no nginx is installed there is nothing to look at."""

from __future__ import annotations

import http.client
import re
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.test import Client

from accounts.models import User
from bench import serving
from conference.uploads import storage
from desk.views.photos import CACHE_FOREVER
from publishing.page_cache import CACHE_CONTROL

WITHDRAWN = "/withdrawn/"
pytestmark = pytest.mark.skipif(shutil.which("nginx") is None, reason="no nginx")


class Portal(BaseHTTPRequestHandler):
    """A page that may be kept for a second, until ``status`` says otherwise; that at WITHDRAWN can be taken back."""

    status = 200
    is_withdrawn = False
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        status = 404 if self.is_withdrawn and self.path == WITHDRAWN else self.status
        body = b"a page" if status == 200 else b"none"
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header(
            "Cache-Control", CACHE_CONTROL if status in {200, 404} else "no-store"
        )  # as tests/conference/test_pages.py
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


def get(port: int, path: str = "/dongbuk4-2015/") -> tuple[int, bytes, str | None]:
    with closing(http.client.HTTPConnection("127.0.0.1", port)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read(), answer.headers["X-Cache"]


def asked(port: int, path: str, **headers: str) -> http.client.HTTPResponse:
    """Ask nginx; ``body`` of the answer holds what came."""
    with closing(http.client.HTTPConnection("127.0.0.1", port)) as connection:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.body = answer.read()
        return answer


@pytest.fixture
def sending(example, live_server, settings) -> Iterator[int]:
    """Give the port of an nginx that sends the portal's stored files from a folder that its user can read."""
    settings.ACCEL = "/stored/"
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(default_storage.path(""), folder, dirs_exist_ok=True)
        for path in [Path(folder), *Path(folder).rglob("*")]:
            path.chmod(0o755)
        with serving.nginx(int(live_server.url.rpartition(":")[2]), stored=folder) as (port, _pid, _seconds):
            yield port


def test_nginx_sends_a_public_file(sending, example):
    file = example.photos.filter(may_be_public=True).first().file
    path, content = f"/{example.slug}/files/{file.digest}", storage.read(file.digest)
    whole, part = asked(sending, path), asked(sending, path, Range="bytes=5-9")
    assert (whole.status, whole.body == content, whole.headers["Content-Type"]) == (200, True, file.media_type)
    assert (part.status, part.body) == (206, content[5:10])
    assert asked(sending, path, **{"If-None-Match": whole.headers["ETag"]}).status == 304
    straight = Client().get(path)
    for name in ("Cache-Control", "Content-Disposition", "X-Content-Type-Options", "Content-Security-Policy"):
        assert (name, whole.headers[name]) == (name, straight.headers.get(name))
    assert (straight.content, "X-Accel-Redirect" in straight.headers) == (b"", True)  # the portal itself sent nothing
    assert "X-Accel-Redirect" not in whole.headers


def test_nginx_sends_a_private_file_to_who_may_have_it(sending, example):
    photo = example.photos.select_related("file").first()
    path, content = f"/desk/{example.slug}/photos/{photo.file.digest}?whole=1", storage.read(photo.file.digest)
    client = Client()
    client.force_login(User.objects.get(username="chair"))
    mine = asked(sending, path, Cookie=f"sessionid={client.cookies['sessionid'].value}")
    assert (mine.status, mine.body == content, mine.headers["Cache-Control"]) == (200, True, CACHE_FOREVER)
    stranger = asked(sending, path)  # right after it: nothing was kept for the next one
    assert (stranger.status, stranger.body) == (302, b"")


def test_nobody_asks_for_a_stored_file_by_its_place(sending, example):
    digest = example.photos.first().file.digest
    found = [
        asked(sending, path).status
        for path in (f"/stored/{digest[:2]}/{digest}", f"/stored/../stored/{digest[:2]}/{digest}")
    ]
    assert found == [404, 404]


def test_nginx_can_make_its_own_folder():
    """It makes the last folder of the path and no other, and a new Debian has no /var/cache/nginx."""
    [path] = re.findall(
        r"^proxy_cache_path (\S+)", (settings.BASE_DIR / "docs" / "nginx.conf").read_text("utf-8"), re.MULTILINE
    )
    assert Path(path).parent == Path("/var/cache")


def test_a_portal_in_trouble_is_still_read():
    server = ThreadingHTTPServer(("127.0.0.1", serving.free_port()), Portal)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with serving.nginx(server.server_port) as (port, _pid, _seconds):
        assert get(port) == (200, b"a page", "MISS")
        assert get(port, WITHDRAWN) == (200, b"a page", "MISS")
        time.sleep(2.1)  # its second is over; nginx counts whole ones
        Portal.is_withdrawn = True
        assert get(port, WITHDRAWN)[:2] == (404, b"none")
        for status in (500, 502, 503, 504):
            Portal.status = status
            assert get(port) == (200, b"a page", "STALE")
        server.shutdown()
        server.server_close()
        assert get(port) == (200, b"a page", "STALE")
        assert get(port, WITHDRAWN)[:2] == (404, b"none")  # what was withdrawn does not come back with the trouble
