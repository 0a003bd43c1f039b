"""Buttons pressed in a browser with its scripts: as a form is drawn, twice in a row, and once more where that led.

What saves is sent with a field changed then. A page is opened where it draws something that no page of its kind drew
before. The database is a file on which a copy in memory is put back after each button.
"""

from __future__ import annotations

import re
import sqlite3
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.middleware.csrf import CSRF_SECRET_LENGTH
from django.urls import Resolver404
from playwright.sync_api import Error, Request

from publishing import page_cache, releases
from tests.forms import Upload
from tests.page_walk import Kind, Seen, another, kind, pressing, sends
from tests.test_addresses import sign_in
from tests.visitor import Page

LASTS = 60_000  # ms that a press may take, on a machine that does much else
BUTTONS = "button:not(.sr-only, [disabled], [hidden])"  # what is there for Enter alone cannot be clicked
OPEN = """addEventListener("DOMContentLoaded", () => {
  for (const found of document.querySelectorAll("details")) {
    found.removeAttribute("name"); // of one name only one stays open
    found.open = true;
  }
})"""
# what each button that is seen sends where; of one that sends nothing what it looks like
SENDS = """found => found.map((one, at) => [one, at]).filter(([one]) => one.checkVisibility()).map(([one, at]) => {
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
        for each in (cache.clear, releases.clear_cache, page_cache.clear_cache):
            each()


def cookies_of(username: str) -> list[dict[str, Any]]:
    """What a browser of that person has; a stranger's has no session."""
    held = {settings.CSRF_COOKIE_NAME: "t" * CSRF_SECRET_LENGTH}
    if username:
        held[settings.SESSION_COOKIE_NAME] = sign_in(username).cookies[settings.SESSION_COOKIE_NAME].value
    return [{"name": name, "value": value, "domain": "127.0.0.1", "path": "/"} for name, value in held.items()]


class Press:
    """A browser at which one person after another sits down. ``page``: of Playwright.

    ``is_thorough``: what arranges the lines of a table is pressed on each kind of page that has one, not on the first.
    """

    def __init__(self, page: Any, copy: Copy, seen: Seen, *, is_thorough: bool = True) -> None:
        self.page, self.copy, self.seen, self.is_thorough = page, copy, seen, is_thorough
        self.cookies: list[dict[str, Any]] = []
        self.loading: set[Request] = set()
        self.answers: list[tuple[str, int]] = []
        self.sent = 0
        self.about: tuple[object, ...] = ()
        context = page.context
        page.on("request", self._on_request)
        page.on("requestfinished", self._on_end)
        page.on("requestfailed", self._on_end)
        context.on("response", lambda answer: self.answers.append((answer.url, answer.status)))
        context.on("console", self._on_console)
        page.on("dialog", lambda dialog: dialog.accept())
        page.set_default_timeout(LASTS)
        context.add_init_script(OPEN)

    def sit_down(self, cookies: list[dict[str, Any]]) -> None:
        self.cookies = cookies
        self._put_back()

    def look(self, drawn: Page) -> None:
        """Open a page that was ``drawn`` for the walk, unless it holds nothing new; press what nobody has pressed."""
        parts = _parts(drawn)
        if drawn.status != HTTPStatus.OK or parts <= self.seen.parts:  # another status: what the worker makes later
            return
        self.seen.parts |= parts
        self.about = (drawn.path,)
        self._open(drawn.path)
        is_as_drawn = True
        for pressed, at in self._buttons().items():
            arranges = pressed[-2] == "do" and pressed[-1] != "save"
            known_as = pressed[-3:] if arranges and not self.is_thorough else pressed
            if known_as not in self.seen.buttons:
                self.seen.buttons[known_as] = drawn.path
                self._press(drawn, pressed, at, is_open=is_as_drawn)
                is_as_drawn = False

    def _press(self, drawn: Page, pressed: Kind, at: int, *, is_open: bool) -> None:
        self.about = (drawn.path, *pressed)
        if not is_open:
            self._open(drawn.path)
        self._click(at)
        saves = pressed[-3:-1] in {("post", ""), ("post", "do")} and pressed[-1] in {"", "save"}
        again = self._buttons().get(pressed)
        if again is None and saves:
            self._put_back()
            self._open(drawn.path)
            again = at
        if again is not None:
            self.about += self._change(drawn, again) if saves else ("again",)
            self._click(again)
        self._put_back()

    def _change(self, drawn: Page, at: int) -> tuple[str, ...]:
        """Change one field of the button's form. Return its name, and to what it was changed."""
        button = self.page.locator(BUTTONS).nth(at)
        number = button.evaluate("button => [...document.forms].indexOf(button.form)")
        here = Page(drawn.visitor, drawn.path, HttpResponse(self.page.content()))
        changed = another(here.forms[number])
        if not changed:
            return ("again",)
        if isinstance(changed.values[0] if changed.values else "", Upload):
            one = changed.values[0]
            file = {"name": one.name, "mimeType": one.media_type, "buffer": one.content}
            button.evaluate_handle(
                "(button, name) => button.form.elements[name]", changed.name
            ).as_element().set_input_files(file)
        else:
            button.evaluate(FILL, [changed.name, changed.values])
        return (changed.name, str(changed.values)[:40])

    def _open(self, path: str) -> None:
        self.page.goto(path)
        self._settle()

    def _buttons(self) -> dict[Kind, int]:
        """The first button of each kind, with its place among all."""
        found: dict[Kind, int] = {}
        for at, action, method, name, value in self.page.locator(BUTTONS).evaluate_all(SENDS):
            try:
                found.setdefault(pressing(action, method, name, value) if action else ("", name, value), at)
            except Resolver404:
                self.seen.wrong.append((*self.about, action, "no address"))
        return found

    def _click(self, at: int) -> None:
        button, self.sent = self.page.locator(BUTTONS).nth(at), 0
        try:
            button.click(trial=True)  # nothing lies over it
            button.evaluate(CLICK)
        except Error as error:
            self.seen.wrong.append((*self.about, str(error).partition("\n")[0]))
        self._settle()
        if self.sent > 1:
            self.seen.wrong.append((*self.about, f"sent {self.sent} times"))

    def _settle(self) -> None:
        """Wait until the page that a press leads to is there, and all that it asks for; then look at every answer."""
        quiet = 0  # turns; a script sends the second of two presses when the first is answered
        for _turn in range(LASTS // 10):
            quiet = 0 if self.loading or not self._is_there() else quiet + 1
            if quiet == 2:
                break
            self.page.wait_for_timeout(10)
        else:
            self.seen.wrong.append((*self.about, "does not end", *(request.url for request in self.loading)))
        for other in self.page.context.pages:
            if other != self.page:
                other.wait_for_load_state()
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
        self.page.evaluate("location.origin === 'null' || sessionStorage.clear()")
        self.page.context.clear_cookies(
            name=re.compile(f"(?!{settings.SESSION_COOKIE_NAME}|{settings.CSRF_COOKIE_NAME})")
        )
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


def _parts(page: Page) -> set[Kind]:
    """What a page is made of: its elements by what styles and scripts know them by, its buttons by what they do."""
    found = {(element.tag, element.get("class") or "", *sorted(element.attrib)) for element in page.tree.iter("*")}
    found |= {("sends", *sends(page, button)) for button in page.tree.iter("button") if button.get("type") != "button"}
    return {(*kind(page.path), *part) for part in found}
