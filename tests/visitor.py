"""The pages of the portal as a person uses them: found by their words, filled in by their labels, sent whole.

    page = Visitor("wook").open("/desk/new/")
    page.form("만들기").fill("행사 이름", "시험 행사").press("만들기")

Whoever stands for a person in a test fills in and presses; what the page does not draw cannot be sent.
"""

from __future__ import annotations

import re
from functools import cached_property
from io import BytesIO
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.test import Client
from lxml import html
from PIL import Image

from accounts.models import User
from tests.forms import Element, Form, Upload, group_text, visible_text

MULTIPART = "multipart/form-data; boundary=edge"
URLENCODED = "application/x-www-form-urlencoded"


class Page:
    """An answer as a person sees it: ``status``, ``path`` it was asked for at, its forms and links."""

    def __init__(self, visitor: Visitor, path: str, answer: HttpResponse) -> None:
        self.visitor, self.path, self.answer, self.status = visitor, path, answer, answer.status_code
        if self.is_html:
            leads = [form.get("action") or "" for form in self.tree.iter("form")] + self.tree.xpath("//@formaction")
            relative = [address for address in leads if not re.match("/(?!/)", address)]
            assert relative == [], f"forms of {path} lead elsewhere where it answers another address"

    @cached_property
    def text(self) -> str:
        """The page's source; of what is streamed nothing."""
        return "" if self.answer.streaming else self.answer.content.decode(errors="replace")

    @property
    def is_html(self) -> bool:
        return self.answer.get("Content-Type", "").startswith("text/html") and bool(self.text.strip())

    @cached_property
    def tree(self) -> Element:
        return html.document_fromstring(self.text if self.is_html else "<html></html>")

    @cached_property
    def controls(self) -> list[Element]:
        """Every control of the page, in its order."""
        return list(self.tree.iter("input", "select", "textarea", "button"))

    @cached_property
    def ids(self) -> dict[str, Element]:
        return {element.get("id"): element for element in self.tree.xpath("//*[@id]")}

    @cached_property
    def labels(self) -> dict[str, list[Element]]:
        """The labels of each id."""
        found: dict[str, list[Element]] = {}
        for label in self.tree.iter("label"):
            found.setdefault(label.get("for") or "", []).append(label)
        return found

    def owner(self, control: Element) -> Element | None:
        """Return the form of a control: the one that it names, else the one that it stands in."""
        if key := control.get("form"):
            return self.ids.get(key)
        return next(control.iterancestors("form"), None)

    @cached_property
    def owned(self) -> dict[Element | None, list[Element]]:
        """The controls of each form."""
        found: dict[Element | None, list[Element]] = {}
        for control in self.controls:
            found.setdefault(self.owner(control), []).append(control)
        return found

    @cached_property
    def forms(self) -> list[Form]:
        return [Form(self, element) for element in self.tree.iter("form")]

    @property
    def links(self) -> list[str]:
        """Where its links lead on this server, without what stands behind #."""
        found = [link.get("href") or "" for link in self.tree.iter("a")]
        paths = [urljoin(self.path, link).partition("#")[0] for link in found]
        return [path for path in dict.fromkeys(paths) if path.startswith("/")]

    def form(self, button: str = "", *, action: str = "", within: str = "") -> Form:
        """Return the form with that button, or the one that goes there; fails where there is none, or several."""
        found = [form for form in self.forms if not action or form.action.partition("?")[0] == action]
        found = [form for form in found if not button or any(button in one.labels for one in form.buttons)]
        found = [form for form in found if within in group_text(form.element.getparent())] if within else found
        known = [(form.action, [one.labels for one in form.buttons]) for form in self.forms]
        assert len(found) == 1, f"{len(found)} forms with {button or action!r} on {self.path}; there are {known}"
        return found[0]

    def has(self, button: str) -> bool:
        """Whether a button of those words may be pressed."""
        return any(button in one.labels for form in self.forms for one in form.buttons)

    def press(self, button: str, **which: Any) -> Page:
        """Press a button of a form that is sent as it is drawn."""
        return self.form(button).press(button, **which)

    def follow(self) -> Page:
        """Go where it leads."""
        assert self.status == 302, f"{self.status} leads nowhere: {self.errors}"
        return self.visitor.open(urljoin(self.path, self.answer["Location"]).partition("#")[0])

    @property
    def errors(self) -> list[str]:
        """What the page says is wrong."""
        found = self.tree.xpath(
            "//*[contains(concat(' ', @class, ' '), ' error ')] | //*[contains(@class, 'is-error')]"
        )
        return list(
            dict.fromkeys(visible_text(element) for element in [*found, *self.tree.xpath("//*[@class='errors']//li")])
        )

    @property
    def messages(self) -> list[str]:
        """What is told once, on this page or the one that it leads to."""
        return [str(message) for message in get_messages(self.answer.wsgi_request)]


class Visitor:
    """Somebody with a browser: a person's user name, or a stranger. Tokens are checked as they are outside tests."""

    def __init__(self, username: str = "", **options: Any) -> None:
        self.client = Client(enforce_csrf_checks=True, **options)
        if username:
            self.client.force_login(User.objects.get(username=username))

    def open(self, path: str) -> Page:
        """Return the page of an address of this server."""
        return Page(self, path, self.client.get(path))

    def sign_in(self, username: str, password: str) -> Page:
        """Sign in by the page, where it matters how; else name the person to the visitor."""
        form = self.open("/accounts/login/").form("로그인")
        return form.fill_all({"아이디": username, "비밀번호": password}).press("로그인")

    def post_raw(self, path: str, fields: Any = None, **options: Any) -> Page:
        """Send fields that no page draws for this person: what a script sends, or somebody who has no such page.

        The token is right here; tests of the token have a client of their own.
        """
        handler = self.client.handler
        is_checked, handler.enforce_csrf_checks = handler.enforce_csrf_checks, False
        try:
            return Page(self, path, self.client.post(path, fields, **options))
        finally:
            handler.enforce_csrf_checks = is_checked

    def send(self, method: str, action: str, sent: list[tuple[str, Any]], *, is_multipart: bool) -> Page:
        """Send the pairs of a form as a browser does: in their order, with CRLF at the ends of lines."""
        pairs = [
            (name, value if isinstance(value, Upload) else re.sub(r"\r?\n", "\r\n", str(value))) for name, value in sent
        ]
        named = [
            (name, value.name if isinstance(value, Upload) else value) for name, value in pairs
        ]  # where no file can go
        if method == "get":
            return self.open(f"{urlsplit(action).path}?{urlencode(named)}")
        content, kind = (_multipart(pairs), MULTIPART) if is_multipart else (urlencode(named), URLENCODED)
        return Page(self, action, self.client.post(action, content, content_type=kind))


def _multipart(pairs: list[tuple[str, Any]]) -> bytes:
    parts = []
    for name, value in pairs:
        head, body = f'Content-Disposition: form-data; name="{name}"', value
        if isinstance(value, Upload):
            head += f'; filename="{value.name}"\r\nContent-Type: {value.media_type}'
            body = value.content
        parts.append(
            b"--edge\r\n%b\r\n\r\n%b\r\n" % (head.encode(), body if isinstance(body, bytes) else body.encode())
        )
    return b"".join(parts) + b"--edge--\r\n"


def picture(name: str = "photo.jpg", colour: str = "navy") -> Upload:
    """Return a small photo to attach."""
    out = BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "JPEG")
    return Upload(name, out.getvalue(), "image/jpeg")


def read(page: str, path: str) -> list[Form]:
    """Return the forms of a page that was asked for at ``path``."""
    return Page(Visitor(), path, HttpResponse(page)).forms
