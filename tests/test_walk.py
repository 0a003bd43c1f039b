"""Every role walks through everything within its reach: each page opens, each form is taken as drawn, each button works."""

from __future__ import annotations

import logging
from datetime import datetime
import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from conference.frozen import SEOUL
from conference.models import Conference, User
from tests.desk import roles
from tests.visitor import Visitor
from tests.walk import Walk

pytestmark = pytest.mark.django_db
NOW = datetime(2015, 11, 24, 15, 10, tzinfo=SEOUL)
STARTS = ("/", "/en/", "/desk/", "/approvals/", "/accounts/")


@pytest.mark.parametrize("who", [*roles.ROLES, "wook"])
def test_roles(unsigned, who, monkeypatch):
    import time

    monkeypatch.setattr(timezone, "now", lambda: NOW); monkeypatch.setattr(logging.root.manager, "disable", logging.CRITICAL)
    users = roles.assemble(unsigned)
    name = users[who].username if who in users else "" if who == "stranger" else who
    t = time.process_time()
    walk = Walk(Visitor(name, raise_request_exception=False), STARTS[:2] if who == "stranger" else STARTS, is_thorough=who in {"chair", "wook"}).run()
    print(who, time.process_time() - t, len(walk.seen), len(walk.pressed))
    for w in walk.wrong:
        print("   ", w)
    for w in walk.asked.items():
        print("    asked", w)
