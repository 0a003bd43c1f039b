"""Every page of the portal as a picture, at three widths: ``./portal shots [FOLDER]``.

It asserts nothing of the looks, which are for eyes; it fails as any test in the browser does, on a script's error or a
breach of the Content-Security-Policy.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from html import escape
from itertools import chain
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Page

from conference.models import Conference
from tests.addresses import named_addresses
from tests.conftest import SIZES
from tests.scale_data import grow
from tests.test_addresses import READERS, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
STAFF = ("/desk/", "/approvals/", "/accounts/")
OUTSIDE = "/accounts/login/", "/accounts/password/reset/"  # nobody sees them who is signed in
CHAIRS = ("publish", "urgent", "withdraw", "people")  # who may publish sees more of them
FRAGMENTS = {"reports:draft"}  # drawn beside a form by a script, never a page of its own
# pictures wait for being scrolled to; these do not
LOOK = """() => Promise.all([...document.images].map(image => { image.loading = "eager"; return image.decode(); }))"""
HEAD = """<!doctype html><html lang="ko"><meta charset="utf-8"><title>Pages</title>
<style>body{font:14px/1.4 sans-serif;margin:1rem}section{border-top:1px solid #999;padding:.5rem 0}
div{display:flex;gap:1rem;align-items:start}a{max-height:40rem;overflow:hidden}img{border:1px solid #ccc}
.phone{width:12rem}.tablet{width:20rem}.desk{width:34rem}</style><h1>Pages</h1>
"""


def pages(conference: Conference) -> Iterator[tuple[str, str, str]]:
    """Yield (name, path, username or "") of every address that answers with a page; wants one row of growth.

    Forms of a report that is signed are shut: those pages are the draft's, the second report.
    """
    readers = READERS | dict.fromkeys(CHAIRS, "chair")
    clients = {"": Client()} | {username: sign_in(username) for username in {"wook", *readers.values()}}
    seen = FRAGMENTS.copy()
    for name, sheet, path in chain(named_addresses(conference), named_addresses(conference, number=2)):
        is_staffs = path.startswith(STAFF) and not path.startswith(OUTSIDE)
        username = readers.get(name, "wook") if is_staffs else ""
        label = f"{name} {sheet}".strip()
        if label in seen:
            continue
        answer = clients[username].get(path)
        if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
            seen.add(label)
            yield label, path, username


def show(page: Page, path: str) -> None:
    """Open a page and wait for what its scripts draw."""
    page.goto(path)
    if page.locator("[data-draft]").count():
        page.wait_for_selector("[data-draft]:not([hidden]) .paper")


def test_every_page_is_drawn(example: Conference, browse, live_server) -> None:
    grow(example, range(1))  # so that there is a row of every kind
    folder = Path(os.environ["SHOTS"])
    folder.mkdir(parents=True, exist_ok=True)
    found = list(pages(example))
    for size in SIZES:
        windows = {username: browse(size) for username in {username for *_page, username in found}}
        for username, page in windows.items():
            if username:
                kept = sign_in(username).cookies["sessionid"].value
                page.context.add_cookies([{"name": "sessionid", "value": kept, "url": live_server.url}])
        for name, path, username in found:
            page = windows[username]
            show(page, path)
            page.evaluate(LOOK)
            page.screenshot(path=folder / _file(name, size), full_page=True)
    (folder / "index.html").write_text(HEAD + "".join(_row(*page) for page in found))


def _file(name: str, size: str) -> str:
    return f"{name.replace(' ', '-').replace(':', '-').replace('/', '-')}.{size}.png"


def _row(name: str, path: str, username: str) -> str:
    files = [(size, escape(_file(name, size))) for size in SIZES]
    drawn = "".join(
        f'<a href="{file}"><img class="{size}" src="{file}" alt="" loading="lazy"></a>' for size, file in files
    )
    return f"<section><h2>{escape(name)}</h2><p>{escape(path)} {escape(username)}</p><div>{drawn}</div></section>\n"
