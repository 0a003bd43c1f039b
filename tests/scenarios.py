"""The portal as somebody finds it who walks through it: who is there, where each begins, what time it is.

2015 on its day: its report a draft, under signature, signed. A conference of which nothing is typed yet. A large one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace

import pytest
from django.utils import timezone

from accounts.models import User
from conference.models import Conference
from korean.dates import SEOUL
from reports import drafting
from reports.models import Report
from tests import factories
from tests.approvals import act_helpers
from tests.desk import roles

START_PATHS = ("/", "/desk/", "/approvals/", "/accounts/")


@dataclass
class Scenario:
    """``people``: user names ("" a stranger), who may most before the others. ``within``: the walk stays in there."""

    people: list[str]
    starts: tuple[str, ...] = START_PATHS
    within: tuple[str, ...] = ("/",)
    now: datetime = field(default_factory=lambda: datetime(2015, 11, 24, 15, 10, tzinfo=SEOUL))


def prepare(name: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Scenario:
    """Set the scene of that name."""
    fixture, make = SCENARIOS[name]
    scene = make(request.getfixturevalue(fixture))
    monkeypatch.setattr(timezone, "now", lambda: scene.now)
    return scene


def _drafted(conference: Conference) -> Scenario:
    users = roles.make_role_users(conference)
    conference.notices.create(title="알림", text="공개할 것")
    _line(conference.reports.get(number=1))
    return Scenario(_names(users, "wook"))


def _running(conference: Conference) -> Scenario:
    report = conference.reports.get()
    _line(report)
    act_helpers.submit(report, reasons={"gap": "확인함", "no_speaker": "확인함"})
    return _of_the_report(report, ["wook", "youngbun", "heedong"])


def _signed(conference: Conference) -> Scenario:
    return _of_the_report(conference.reports.get(), ["wook", "heedong"])


def _blank(conference: Conference) -> Scenario:
    wook = User.objects.get(username="wook")
    users = roles.assign_roles(conference, wook.department, signer="heedong")
    drafting.start_report(conference, by=wook)
    return Scenario(_names(users, "wook"), now=datetime(2026, 11, 24, 15, 10, tzinfo=SEOUL))


def _fair(conference: Conference) -> Scenario:
    report = conference.reports.get()
    users = roles.assign_roles(conference, report.department, signer="gukjang")
    topic = conference.topics.first()
    others = conference.districts.exclude(pk=topic.host_id)
    for name, district in (("host", topic.host), ("desk", others[0]), ("other", others[1])):
        topic.topic_offices.create(district=district, officer=users[name])
    return Scenario(_names(users, "damdang"), now=datetime(2026, 11, 12, 10, 40, tzinfo=SEOUL))


SCENARIOS = {
    "2015": ("unsigned", _drafted),
    "signing": ("unsigned", _running),
    "signed": ("example", _signed),
    "blank": ("blank", _blank),
    "fair": ("fair", _fair),
}


def _names(users: dict[str, User], drafter: str) -> list[str]:
    """Everybody's user name, those who may most before the others."""
    return [
        "",
        users["chair"].username,
        drafter,
        *(users[name].username for name in reversed(roles.ROLES) if name in users and name != "chair"),
    ]


def _line(report: Report) -> None:
    factories.set_route(report, SimpleNamespace(**{user.username: user for user in User.objects.all()}))


def _of_the_report(report: Report, people: list[str]) -> Scenario:
    places = ("/approvals/", f"/desk/{report.conference.slug}/reports/{report.number}/")
    return Scenario(people, starts=places, within=places)
