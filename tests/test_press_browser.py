"""Every button of every kind of page, pressed in a browser with its scripts, then pressed again where it is still there.

The database is put back after each press. test_walk.py does the same for every role without scripts.
"""

from __future__ import annotations

import sqlite3
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from conference import pages, release
from conference.models import Conference, Organisation, User
from tests import cast
from tests.approvals import acting
from tests.test_addresses import signed_in

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="the browser's run is on SQLite, whose file is copied"),
]
DESK, REPORT = "/desk/dongbuk4-2015/", "/desk/dongbuk4-2015/reports/1/"
# who presses on which pages
PAGES = [
    *(
        ("chair", DESK + path)
        for path in (
            "overview/", "people/?q=이영분", "rows/topics/", "rows/sessions/", "rows/main-items/{item}/", "rows/persons/new/",
            "photos/", "publish/", "urgent/", "releases/1/withdraw/", "today/mayor/", "calls/new/", "reports/actuals/",
        )
    ),
    *(("wook", REPORT + path) for path in ("", "texts/", "texts/overview/", "lists/", "photos/", "form/", "line/?q=팀장")),
    ("seongbuk", f"{DESK}rows/presentations/"), ("seongbuk", f"{DESK}today/social-economy/"),
    ("youngbun", "/approvals/"), ("wook", "/approvals/"), ("wook", "/accounts/"), ("wook", "/desk/new/"),
    ("admin", "/desk/accounts/"), ("admin", "/desk/accounts/new/"), ("admin", "/desk/accounts/offices/{office}/"),
    ("", "/dongbuk4-2015/programme/"), ("", "/accounts/login/"),
]  # fmt: skip
BUTTONS = "main form button:not([type=button], .sr-only)"  # what is there for Enter alone cannot be clicked
OPEN = "document.querySelectorAll('details').forEach(found => { found.open = true; })"
# what each does and where its form goes, without the numbers of rows: one of each is pressed
KINDS = """found => found.map(one =>
  [one.name, one.value.split(":")[0], one.form.getAttribute("action").replace(/\\d+/g, "#")].join(" "))"""


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
        release.forget()
        pages.forget()


def cookies(username: str) -> list[dict[str, Any]]:
    key = signed_in(username).cookies[settings.SESSION_COOKIE_NAME].value
    return [{"name": settings.SESSION_COOKIE_NAME, "value": key, "domain": "127.0.0.1", "path": "/"}]


@pytest.mark.parametrize(("username", "path"), PAGES)
def test_every_button_is_pressed_and_pressed_again(unsigned: Conference, browse, username: str, path: str) -> None:
    if path.startswith("/approvals/"):
        report = unsigned.reports.get()
        cast.set_line(report, SimpleNamespace(**{user.username: user for user in User.objects.all()}))
        path = f"/approvals/{acting.submit(report, reasons={'gap': '확인함', 'no_speaker': '확인함'}).pk}/"
    path = path.format(item=unsigned.main_items.first().pk, office=Organisation.objects.first().pk)
    unsigned.notices.create(title="알림", text="공개할 것")
    page, wrong = browse("desk"), []
    if username:
        page.context.add_cookies(cookies(username))
    page.on("response", lambda answer: wrong.append((answer.status, answer.url)) if _is_wrong(answer.status) else None)
    page.on("console", lambda said: wrong.append(said.text) if _is_error(said) else None)
    page.on("dialog", lambda dialog: dialog.accept())
    page.set_default_timeout(10_000)
    kept = Copy()
    page.goto(path)
    found = page.locator(BUTTONS).evaluate_all(KINDS)
    for at in sorted({kind: at for at, kind in reversed(list(enumerate(found)))}.values()):
        page.goto(path)
        for _turn in range(2):
            page.evaluate(OPEN)
            button = page.locator(BUTTONS).nth(at)
            if button.count() and button.is_visible() and button.is_enabled():
                button.click()
                page.wait_for_load_state("networkidle")
        kept.put_back()
    kept.close()
    assert (wrong, found != []) == ([], True)


def _is_wrong(status: int) -> bool:
    return status >= 500 or status in {403, 404, 405, 413}


def _is_error(said: Any) -> bool:
    return said.type == "error" and "Failed to load resource" not in said.text  # its status is looked at above
