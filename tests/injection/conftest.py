"""The conference of 2015 on its day, with markup in every text: released, changed since, deleted, told on the day."""

from __future__ import annotations

import logging
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth import middleware
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.utils import timezone

from accounts.models import User
from conference import trash
from conference.models import Conference, Room
from publishing import releases, urgent_notices
from reports import document, drafting
from reports.forms.report_sheets import SHEETS
from reports.models import Report
from sessions import today
from tests.addresses import named_addresses
from tests.approvals import act_helpers
from tests.desk import roles
from tests.injection.markup import FULL, inject, one_of_every_kind
from tests.test_hostile import NOW

ROUND = "0" * 9  # stands in the addresses for the round that is begun last


@pytest.fixture
def world(unsigned: Conference, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """``paths``: every address, by (name, sheet); ``users``: who has each role; the report of 2015 is a draft."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    monkeypatch.setattr(logging.root.manager, "disable", logging.CRITICAL)
    users = {"stranger": AnonymousUser(), **roles.make_role_users(unsigned)}
    people = {user.username: user for user in User.objects.all()}
    chair = people["chair"]
    parts = roles.route_arguments(unsigned, by=chair)
    addresses = named_addresses(unsigned, **parts, round_id=ROUND)
    paths = {
        (name, sheet): path for name, sheet, path in addresses if not name.endswith("xlsx")
    }  # no browser draws those
    paths |= {("reports:sheet", part): f"/desk/{unsigned.slug}/reports/1/rows/{part}/" for part in SHEETS}
    session = unsigned.sessions.get(code="proposals")
    report = Report.objects.get(conference=unsigned, number=1)
    UserSession.objects.create(user=chair, session_key="x", ip="127.0.0.1", user_agent="Firefox")
    Client(headers={"User-Agent": FULL}).post("/accounts/login/", {"login": "nobody", "password": "x"})
    one_of_every_kind()
    unsigned.guests.filter(pk=unsigned.guests.first().pk).update(attendance="represented")
    people["wook"].approval_routes.create(name="늘 쓰는 결재선").steps.create(
        order=1, group=1, kind="review", position="과장"
    )
    inject()
    releases.publish(unsigned, by=chair, name=FULL[:100], comment=FULL, names_reason=FULL)
    today.start(session, by=chair, form_key="start")
    today.move(session, rooms=[Room.objects.exclude(kind=Room.Kind.FLOOR).latest("pk")], by=chair, form_key="move")
    urgent_notices.announce(unsigned, title=FULL, text=FULL, by=chair)
    trash.delete(unsigned.main_items.create(name=FULL, text=FULL), conference=unsigned, by=chair)
    line = report.budget.create(item=FULL[:100], planned=1, spent=1)
    trash.delete(line, conference=unsigned, by=people["wook"])
    inject("2")
    return SimpleNamespace(conference=unsigned, users=users, people=people, paths=paths, report=report)


@pytest.fixture
def running(world: SimpleNamespace) -> SimpleNamespace:
    """The same with the report under way: an opinion has been given, and the decision is still to come."""
    report, people = Report.objects.get(pk=world.report.pk), world.people
    drafting.apply_saved_route(report, report.department.approval_routes.get(), by=people["wook"])
    report.refresh_from_db()
    reasons = {found.code: FULL for found in document.findings(report) if found.level == "warn"}
    round_ = act_helpers.submit(report, by=people["wook"], reasons=reasons)
    act_helpers.opine(round_, people["youngbun"], opinion=FULL)
    world.paths = {key: path.replace(ROUND, str(round_.pk)) for key, path in world.paths.items()}
    return world


@pytest.fixture
def sign_in(monkeypatch: pytest.MonkeyPatch) -> Any:
    """``sign_in(user)``: whoever asks from now on is that person."""
    return lambda user: monkeypatch.setattr(middleware, "get_user", lambda _request: user)
