"""Every act of the day and its undo, by the buttons of the pages; after each of them 공개 opens and publishes."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from conference.models import Conference
from korean.dates import SEOUL
from sessions import today
from sessions.models import DayChange
from tests.sessions.day_helpers import live, released
from tests.visitor import Page, Visitor, picture

DESK = "/desk/dongbuk4-2015/"
MAYOR = f"{DESK}today/mayor/"
NOW, START = (datetime(2015, 11, 24, 15, minute, tzinfo=SEOUL) for minute in (30, 21))
Kind = DayChange.Kind
# kind → the button that does it, in the order of a day, and what is chosen before it is pressed
ACTS = {
    Kind.START: ("시작", {}),
    Kind.DELAY: ("지연 공개", {"얼마나": "15분"}),
    Kind.PLACE: ("장소 변경 공개", {"새 장소": ["3층 회의실"]}),
    Kind.COUNT: ("인원 저장", {"참석 인원(명)": "35"}),
    Kind.PHOTOS: ("사진 올리기", {"이 세션의 사진": picture()}),
    Kind.FINISH: ("종료", {}),
    Kind.CANCEL: ("세션 취소 공개", {}),
}


@pytest.fixture
def visitor(unsigned: Conference, chair: User, monkeypatch: pytest.MonkeyPatch) -> Visitor:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    return Visitor("chair")


def published(visitor: Visitor, conference: Conference) -> int:
    """Open 공개, publish something, and return what was answered."""
    conference.notices.create(title="알림", text="오늘")
    page = visitor.open(f"{DESK}publish/")
    return (
        page.form("공개")
        .fill("공개본 이름", "당일 공개")
        .fill("성명 공개 사유", "지난 공개 때와 같음")
        .press("공개")
        .status
        if page.status == 200
        else page.status
    )


def done(visitor: Visitor, kind: str) -> Page:
    button, typed = ACTS[kind]
    return visitor.open(MAYOR).form(button).fill_all(typed).press(button)


def test_every_kind_of_act_is_known_here() -> None:
    assert set(ACTS) == set(Kind)


@pytest.mark.parametrize("kind", ACTS)
def test_after_every_act_and_its_undo_one_can_publish(visitor: Visitor, unsigned: Conference, kind: str) -> None:
    before = released(unsigned)
    if kind == Kind.FINISH:
        today.start(live(unsigned), by=User.objects.get(username="chair"), form_key="a", at=START)
    assert (done(visitor, kind).status, live(unsigned).day_changes.first().kind) == (302, kind)
    assert published(visitor, unsigned) == 302
    undo = reverse("today-undo", args=[unsigned.slug, live(unsigned).day_changes.first().pk])
    assert visitor.open(f"{DESK}today/").form(action=undo).press("되돌리기").status == 302
    assert live(unsigned).day_changes.first().undone_at is not None
    assert (published(visitor, unsigned), released(unsigned)) == (302, before)
