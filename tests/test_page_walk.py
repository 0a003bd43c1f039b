"""Every role opens a page of every kind within its reach, sends every form as it is drawn, and presses its buttons.

In the small scenes of tests/scenarios.py, all of it taken back each time, so that it is seen in a minute. In a browser
test_scenarios_browser.py walks through these and the large ones; test_unchanged_forms.py has every single sheet.
"""

from __future__ import annotations

import logging

import pytest

from tests import scenarios
from tests.page_walk import Seen, Walk
from tests.visitor import Visitor

pytestmark = [pytest.mark.django_db, pytest.mark.long, pytest.mark.postgresql_is_enough]
ROUND, REPORT = "approvals:round", "reports:report"
REACHED = {  # among others
    "signing": {ROUND, REPORT},
    "signed": {ROUND, REPORT},
    "blank": {REPORT, "overview", "publish"},
}


@pytest.mark.parametrize("name", REACHED)
def test_everybody_walks_through_everything(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    scene, seen = scenarios.prepare(name, request, monkeypatch), Seen()
    monkeypatch.setattr(logging.root.manager, "disable", logging.CRITICAL)  # hundreds of refusals
    for username in scene.people:
        visitor = Visitor(username, raise_request_exception=False)
        Walk(visitor, seen, is_thorough=name != "blank").run(scene)
    assert seen.wrong == []
    assert REACHED[name] - {view for view, *_ in (*seen.pages, *seen.buttons)} == set()
