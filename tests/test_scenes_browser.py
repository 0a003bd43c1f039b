"""Every button of every page of a report and its round, pressed in a browser with its scripts.

While a report is signed, and once it is. The other scenes of tests/scenes.py take minutes each: test_press_browser.py
presses on pages of 2015 that are named there, test_walk.py walks through every scene without scripts.
"""

from __future__ import annotations

import pytest
from django.db import connection

from tests import scenes
from tests.press import Copy, Press, cookie
from tests.visitor import Visitor
from tests.walk import Seen, pages

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="the browser's run is on SQLite, whose file is copied"),
]


@pytest.mark.parametrize("name", ["signing", "signed"])
def test_every_button_is_pressed_and_pressed_again(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, browse, name: str
) -> None:
    scene, seen = scenes.prepare(name, request, monkeypatch), Seen()
    cookies = {username: cookie(username) for username in scene.people}
    visitors = {username: Visitor(username) for username in scene.people}
    copy = Copy()
    for username in scene.people:
        press = None
        for page in pages(visitors[username], scene, seen):
            press = press or Press(browse("desk", service_workers="block"), cookies[username], copy, seen)
            press.look(page)
    copy.close()
    assert seen.wrong == []
