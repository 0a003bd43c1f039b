"""Every role opens a page of every kind within its reach, sends every form as it is drawn, and presses its buttons.

On the conference of 2015 on its day, while its report is drafted and while it is signed, on one of which nothing is
typed yet, and on a large one. 총괄 and the drafter press every button, each of them twice, and change one field of
each form; what was done is taken back every time. test_as_drawn.py has every single sheet.
"""

from __future__ import annotations

import logging
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from conference.frozen import SEOUL
from conference.models import Conference, User
from tests import cast
from tests.approvals import acting
from tests.desk import roles
from tests.visitor import Visitor
from tests.walk import Walk

pytestmark = pytest.mark.django_db
NOW = datetime(2015, 11, 24, 15, 10, tzinfo=SEOUL)  # so that the day's own buttons are there
STARTS = ("/", "/desk/", "/approvals/", "/accounts/")
# what an untouched form may ask for, where there is nothing in it yet or nothing was chosen
ASKED = (
    "필수 항목입니다.",
    "시작하는 시각을 적어 주세요.",
    "기관을 고르거나 이름을 적되, 둘 가운데 하나만 적어 주세요.",
    "파일을 골라 주세요.",
    "지금 장소와 같습니다. 다른 곳을 고르세요.",
    "새 장소를 고르세요.",
    "마지막 총괄입니다. 다른 사람을 먼저 총괄로 정해 주세요.",
    "담당하는 자치구와 분야의 자료만 저장할 수 있습니다.",
    "의견을 적어 주세요.",
    "반려하는 까닭을 적어 주세요.",
    "처음 공개할 때에는 ‘행사 안내’를 함께 골라야 공개 화면이 생깁니다.",
)


@pytest.fixture(autouse=True)
def _on_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    monkeypatch.setattr(logging.root.manager, "disable", logging.CRITICAL)  # hundreds of refusals


def walked(username: str, *starts: str, **how: Any) -> Walk:
    visitor = Visitor(username, raise_request_exception=False)
    return Walk(visitor, starts or STARTS, **how).run()


def unasked(walk: Walk) -> dict[str, list[str]]:
    """What a form complained of that nobody touched."""
    found = {
        path: [text for text in texts if not any(one in text for one in ASKED)] for path, texts in walk.asked.items()
    }
    return {path: texts for path, texts in found.items() if texts}


@pytest.mark.parametrize("role", roles.ROLES)
def test_every_role_in_2015(unsigned: Conference, role: str) -> None:
    users = roles.assemble(unsigned)
    username = users[role].username if role in users else ""
    walk = walked(username, is_thorough=role == "chair")
    assert (walk.wrong, unasked(walk)) == ([], {})
    assert ("reports:dashboard",) in walk.seen or role in {"stranger", "elsewhere", "admin", "colleague", "signer"}


@pytest.mark.parametrize("is_running", [False, True])
def test_the_report_of_2015(unsigned: Conference, is_running: bool) -> None:
    """Its drafter, a colleague of his who is the first to sign, and who decides."""
    report = unsigned.reports.get()
    cast.set_line(report, SimpleNamespace(**{user.username: user for user in User.objects.all()}))
    if is_running:
        acting.submit(report, reasons={"gap": "확인함", "no_speaker": "확인함"})
    base = f"/desk/dongbuk4-2015/reports/{report.number}/"
    for username in ("wook", "youngbun", "heedong") if is_running else ("wook", "youngbun"):
        walk = walked(username, base, within=base, is_thorough=True)
        rounds = walked(username, "/approvals/", within="/approvals/", is_thorough=True)
        assert (username, walk.wrong + rounds.wrong, unasked(walk), unasked(rounds)) == (username, [], {}, {})
        assert {"reports:report"} <= {view for view, *_ in walk.seen}


@pytest.mark.parametrize(
    ("case", "username"), [("blank", "wook"), ("blank", "admin"), ("fair", "damdang"), ("fair", "")]
)
def test_other_conferences(request: pytest.FixtureRequest, case: str, username: str) -> None:
    request.getfixturevalue(case)
    walk = walked(username, is_thorough=(case, username) == ("blank", "wook"))
    assert (walk.wrong, unasked(walk)) == ([], {})
