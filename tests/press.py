"""Buttons pressed in a browser with its scripts: as a form is drawn, twice in a row, again where that led, with a field changed.

The database is a file on which a copy in memory is put back after each press.
"""

from __future__ import annotations

import sqlite3
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.urls import Resolver404
from playwright.sync_api import Error, Locator, Request

from conference import pages, release
from tests.forms import Upload
from tests.test_addresses import signed_in
from tests.visitor import Page
from tests.walk import Kind, Seen, another, pressing

LASTS = 10_000  # ms that a press may take
BUTTONS = "button:not(.sr-only, [disabled], [hidden])"  # what is there for Enter alone cannot be clicked
OPEN = "document.querySelectorAll('details').forEach(found => { found.open = true; })"
# what each button sends where; of one that sends nothing what it looks like
SENDS = """found => found.map((one, at) => {
  const form = one.type === "submit" && one.form;
  if (!form) return [at, "", "", one.className, Object.keys(one.dataset).join()];
  const [action, method] = ["action", "method"].map(name => one.getAttribute("form" + name) ?? form.getAttribute(name));
  const goal = new URL(action ?? "", location);
  return [at, goal.pathname + goal.search, (method ?? "get").toLowerCase(), one.name, one.value];
})"""
# two clicks of a hand; a page that is being left is marked
CLICK = """async button => {
  const page = document.documentElement.dataset;
  const see = event => {
    const form = event.target, goal = new URL(form.getAttribute("action") ?? "", location);
    if (form.method === "get") goal.search = new URLSearchParams(new FormData(form, event.submitter));
    const stays = form.method === "get" && goal.hash && goal.href.split("#")[0] === location.href.split("#")[0];
    if (!event.defaultPrevented && !event.submitter?.formTarget && !stays) page.left = "";
  };
  addEventListener("submit", see);
  button.click();
  if ("left" in page) return void setTimeout(() => button.click(), 1);
  await new Promise(done => setTimeout(done, 50));
  button.click();
}"""
THERE = "document.readyState === 'complete' && !('left' in document.documentElement.dataset)"
ERRORS = "[...document.querySelectorAll('.error, .is-error, .errors li')].map(one => one.textContent.trim())"
FILL = """(button, [name, values]) => {
  for (const field of button.form.elements) {
    if (field.name !== name) continue;
    if (["checkbox", "radio"].includes(field.type)) field.checked = values.includes(field.value);
    else field.value = values[0];
    for (const type of ["input", "change"]) field.dispatchEvent(new Event(type, { bubbles: true }));
  }
}"""


class Copy:
    """The database as it was, to be put back."""

    def __init__(self) -> None:
        connection.ensure_connection()
        self.kept = sqlite3.connect(":memory:")
        connection.connection.backup(self.kept)

    def close(self) -> None:
        self.kept.close()

    def put_back(self) -> None:
        self.kept.backup(connection.connection)
        for each in (cache.clear, release.forget, pages.forget):
            each()


def cookie(username: str) -> list[dict[str, Any]]:
    """What a browser of that person has; a stranger's has nothing."""
    if not username:
        return []
    key = signed_in(username).cookies[settings.SESSION_COOKIE_NAME].value
    return [{"name": settings.SESSION_COOKIE_NAME, "value": key, "domain": "127.0.0.1", "path": "/"}]


class Press:
    """One person's browser. ``page``: of Playwright."""

    def __init__(self, page: Any, cookies: list[dict[str, Any]], copy: Copy, seen: Seen) -> None:
        self.page, self.cookies, self.copy, self.seen = page, cookies, copy, seen
        self.loading: set[Request] = set()
        self.answers: list[tuple[str, int]] = []
        self.sent = 0
        self.about: tuple[object, ...] = ()
        context = page.context
        context.on("request", self._on_request)
        context.on("requestfinished", self._on_end)
        context.on("requestfailed", self._on_end)
        context.on("response", lambda answer: self.answers.append((answer.url, answer.status)))
        context.on("console", self._on_console)
        page.on("dialog", lambda dialog: dialog.accept())
        page.set_default_timeout(LASTS)
        context.add_cookies(cookies)

    def look(self, drawn: Page) -> None:
        """Open a page that was ``drawn`` for the walk, and press those of its buttons that nobody has pressed."""
        if drawn.status != HTTPStatus.OK:  # what the worker makes later
            return
        self.about = (drawn.path,)
        self._open(drawn.path)
        for pressed, at in self._buttons().items():
            if pressed not in self.seen.buttons and self.page.locator(BUTTONS).nth(at).is_visible():
                self.seen.buttons[pressed] = drawn.path
                self._press(drawn, pressed, at)

    def _press(self, drawn: Page, pressed: Kind, at: int) -> None:
        self.about = (drawn.path, *pressed)
        self._open(drawn.path)
        self._click(at)
        again = self._buttons().get(pressed)
        if again is not None and self.page.locator(BUTTONS).nth(again).is_visible():
            self.about += ("again",)
            self._click(again)
        self._put_back()
        if pressed[-3:-1] in {("post", ""), ("post", "do")} and pressed[-1] in {"", "save"}:
            self._change(drawn, pressed, at)

    def _change(self, drawn: Page, pressed: Kind, at: int) -> None:
        """Save the form with one field changed."""
        self._open(drawn.path)
        button = self.page.locator(BUTTONS).nth(at)
        number = button.evaluate("button => [...document.querySelectorAll('form')].indexOf(button.form)")
        changed = another(Page(drawn.visitor, drawn.path, drawn.answer).forms[number])
        if not changed:
            return
        self.about = (drawn.path, *pressed, changed.name, str(changed.values)[:40])
        if isinstance(changed.values[0] if changed.values else "", Upload):
            one = changed.values[0]
            file = {"name": one.name, "mimeType": one.media_type, "buffer": one.content}
            button.evaluate_handle(
                "(button, name) => button.form.elements[name]", changed.name
            ).as_element().set_input_files(file)
        else:
            button.evaluate(FILL, [changed.name, changed.values])
        self._click(at)
        self._put_back()

    def _open(self, path: str) -> None:
        self.page.goto(path)
        self._settle()
        self.page.evaluate(OPEN)

    def _buttons(self) -> dict[Kind, int]:
        """The first button of each kind, with its place among all."""
        self.page.evaluate(OPEN)
        found: dict[Kind, int] = {}
        for at, action, method, name, value in self.page.locator(BUTTONS).evaluate_all(SENDS):
            try:
                found.setdefault(pressing(action, method, name, value) if action else ("", name, value), at)
            except Resolver404:
                self.seen.wrong.append((*self.about, action, "no address"))
        return found

    def _click(self, at: int) -> None:
        button: Locator = self.page.locator(BUTTONS).nth(at)
        self.sent, opens_another = 0, button.get_attribute("formtarget")
        try:
            button.click(trial=True)  # nothing lies over it
            button.evaluate(CLICK)
        except Error as error:
            self.seen.wrong.append((*self.about, str(error).partition("\n")[0]))
        self._settle()
        if self.sent > 1 and not opens_another:
            self.seen.wrong.append((*self.about, f"sent {self.sent} times"))

    def _settle(self) -> None:
        """Wait until the page that a press leads to is there, and all that it asks for; then look at every answer."""
        for _turn in range(LASTS // 10):
            if not self.loading and self._is_there():
                break
            self.page.wait_for_timeout(10)
        else:
            self.seen.wrong.append((*self.about, "does not end", *(request.url for request in self.loading)))
        for other in self.page.context.pages:
            if other != self.page:
                other.close()
        for url, status in self.answers:
            if status == 422:
                self.seen.asked(self.about, self.page.evaluate(ERRORS))
            elif status >= 400:
                self.seen.wrong.append((*self.about, status, url))
        self.answers.clear()

    def _is_there(self) -> bool:
        try:
            return self.page.evaluate(THERE)
        except Error:  # the page is just being left
            return False

    def _put_back(self) -> None:
        self.page.context.clear_cookies()
        self.page.context.add_cookies(self.cookies)
        self.copy.put_back()

    def _on_request(self, request: Request) -> None:
        self.loading.add(request)
        self.sent += request.method == "POST" and request.is_navigation_request()

    def _on_end(self, request: Request) -> None:
        self.loading.discard(request)

    def _on_console(self, said: Any) -> None:
        if said.type == "error" and "Failed to load resource" not in said.text:  # its status is looked at
            self.seen.wrong.append((*self.about, said.text))
