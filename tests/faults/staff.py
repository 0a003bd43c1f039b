"""Somebody at a desk, over HTTP: opens pages, fills the forms that they draw, and knows what was acknowledged."""

from __future__ import annotations

import http.client
import secrets
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from tests.faults.server import PASSWORD
from tests.forms import Form, read


class NoAnswer(Exception):  # noqa: N818 (what came: no answer)
    """The connection broke, or the answer was no page."""


class Person:
    """A signed-in account with the cookies of its browser."""

    def __init__(self, port: int, username: str) -> None:
        self.port, self.username = port, username
        self.cookies: dict[str, str] = {}

    def sign_in(self) -> None:
        """Send the sign-in form."""
        [form] = [form for form in self.forms("/accounts/login/") if "login" in form.fields]
        status, where, _text = self.send(form, login=self.username, password=PASSWORD)
        if status != 302 or "login" in where:
            raise NoAnswer(f"{self.username} was not signed in: {status}")

    def get(self, path: str) -> str:
        """Return a page; NoAnswer where it is none."""
        status, _where, text = self._ask("GET", path)
        if status != 200:
            raise NoAnswer(f"{path}: {status}")
        return text

    def forms(self, path: str) -> list[Form]:
        """Return the forms that a page draws."""
        return read(self.get(path), path)

    def send(self, form: Form, **changed: str) -> tuple[int, str, str]:
        """Send a form as drawn with fields changed; return status, Location and text."""
        sent = [(name, value) for name, value in form.sent if name not in changed] + list(changed.items())
        if form.is_multipart:
            body, kind = _multipart(sent, {})
        else:
            body, kind = urlencode(sent).encode(), "application/x-www-form-urlencoded"
        return self._ask("POST", form.action, body, {"Content-Type": kind})

    def upload(self, form: Form, field: str, name: str, content: bytes) -> int:
        """Send a file as static/js/upload.js does; return the status."""
        body, kind = _multipart(form.sent, {field: (name, content)})
        return self._ask("POST", form.action, body, {"Content-Type": kind, "Accept": "application/json"})[0]

    def _ask(self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> tuple:
        address = urlsplit(path)
        headers = {"Cookie": "; ".join(f"{key}={value}" for key, value in self.cookies.items()), **(headers or {})}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, f"{address.path}?{address.query}", body, headers)
            answer = connection.getresponse()
            text = answer.read().decode(errors="replace")
        except (OSError, http.client.HTTPException) as error:
            raise NoAnswer(str(error)) from error
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie") or ():
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return answer.status, answer.headers.get("Location", ""), text


def _multipart(sent: list[tuple[str, str]], files: dict[str, tuple[str, bytes]]) -> tuple[bytes, str]:
    line = secrets.token_hex(16)
    parts = [
        f'--{line}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode() for name, value in sent
    ]
    for name, (filename, content) in files.items():
        head = f'--{line}\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n\r\n'
        parts += [head.encode(), content, b"\r\n"]
    return b"".join([*parts, f"--{line}--\r\n".encode()]), f"multipart/form-data; boundary={line}"
