"""Somebody at a desk, over HTTP: opens pages, fills in the forms that they draw, and knows what was acknowledged."""

from __future__ import annotations

import http.client
import secrets
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.http import HttpResponse

from tests.faults.server import PASSWORD
from tests.forms import Form, Upload
from tests.visitor import Page


class NoAnswer(Exception):
    """The connection broke, or the answer was no page."""


class Person:
    """A signed-in account with the cookies of its browser; a form's ``press`` comes back to ``send``."""

    def __init__(self, port: int, username: str) -> None:
        self.port, self.username = port, username
        self.cookies: dict[str, str] = {}
        self.colleague: Person | None = None  # who has to do with the same document

    @property
    def is_signed_in(self) -> bool:
        return "sessionid" in self.cookies

    def sign_in(self) -> None:
        """Send the sign-in form."""
        [form] = [form for form in self.open("/accounts/login/").forms if "login" in form.fields]
        form.find("아이디")[0].values, form.find("비밀번호")[0].values = [self.username], [PASSWORD]
        answer = form.press()
        if answer.status != http.client.FOUND:
            raise NoAnswer(f"{self.username} was not signed in: {answer.status}")

    def open(self, path: str) -> Page:
        """Return a page; NoAnswer where it is none."""
        page = self._ask("GET", path)
        if page.status != http.client.OK:
            raise NoAnswer(f"{path}: {page.status}")
        return page

    def send(self, method: str, action: str, sent: list[tuple[str, Any]], *, is_multipart: bool) -> Page:
        """Send the pairs of a form as a browser does."""
        if is_multipart:
            body, kind = _multipart(sent)
        else:
            body, kind = urlencode(sent).encode(), "application/x-www-form-urlencoded"
        return self._ask(method.upper(), action, body, {"Content-Type": kind})

    def upload(self, form: Form, field: str, upload: Upload) -> int:
        """Send a file as static/js/upload.js does; return the status."""
        sent = [(name, value) for name, value in form.sent if name != field]
        body, kind = _multipart([*sent, (field, upload)])
        return self._ask("POST", form.action, body, {"Content-Type": kind, "Accept": "application/json"}).status

    def _ask(self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> Page:
        address = urlsplit(path)
        headers = {"Cookie": "; ".join(f"{key}={value}" for key, value in self.cookies.items()), **(headers or {})}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, f"{address.path}?{address.query}", body, headers)
            answer = connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException) as error:
            raise NoAnswer(str(error)) from error
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie") or ():
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        kept = HttpResponse(content, status=answer.status, content_type=answer.headers["Content-Type"])
        return Page(self, path, kept)


def _multipart(sent: list[tuple[str, Any]]) -> tuple[bytes, str]:
    line, parts = secrets.token_hex(16), []
    for name, value in sent:
        head, content = f'Content-Disposition: form-data; name="{name}"', value
        if isinstance(value, Upload):
            head, content = f'{head}; filename="{value.name}"', value.content
        content = content if isinstance(content, bytes) else str(content).encode()
        parts.append(b"--%b\r\n%b\r\n\r\n%b\r\n" % (line.encode(), head.encode(), content))
    return b"".join([*parts, f"--{line}--\r\n".encode()]), f"multipart/form-data; boundary={line}"
