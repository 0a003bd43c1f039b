"""Every kind of button that somebody reaches, pressed in a browser with its scripts, in every scene of tests/scenarios.py.

A scene's pages are opened by its people one after another: each kind of page once, and again for another person or
address where that draws what no page of its kind drew before. Of each kind of button one is pressed: twice in a row as
the page is drawn, then once more where that led, and there what saves has a field changed. Not pressed are the same
button of another line, nor that of another sheet with as many rights, nor in the large conference those that arrange
lines on more than one page; test_page_walk.py sends what differs without scripts, as every role.
"""

from __future__ import annotations

import logging

import pytest
from django.db import connection

from tests import scenarios
from tests.button_presses import Copy, Press, cookies_of
from tests.page_walk import Seen, pages
from tests.visitor import Visitor

pytestmark = [
    pytest.mark.long,
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="the browser's run is on SQLite, whose file is copied"),
]
PRESSED = {"2015": 125, "blank": 80, "fair": 80, "signing": 5, "signed": 1}  # kinds of buttons, at least


@pytest.mark.parametrize("name", PRESSED)
def test_every_button_is_pressed_and_pressed_again(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, browse, name: str
) -> None:
    scene, seen = scenarios.prepare(name, request, monkeypatch), Seen()
    monkeypatch.setattr(logging.root.manager, "disable", logging.CRITICAL)  # hundreds of refusals
    cookies = {username: cookies_of(username) for username in scene.people}
    visitors = {username: Visitor(username) for username in scene.people}
    copy = Copy()
    press = Press(browse("desk", service_workers="block"), copy, seen, is_thorough=name != "fair")
    for username in scene.people:
        press.sit_down(cookies[username])
        for page in pages(visitors[username], scene, seen):
            press.look(page)
    copy.close()
    assert seen.wrong == []
    assert len(seen.buttons) >= PRESSED[name]
