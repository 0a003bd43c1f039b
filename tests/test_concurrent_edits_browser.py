"""Two people at once, in two browsers: nothing of either is lost; and a desk that edits its own words alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from conference.models import Conference
from korean.dates import format_clock
from sessions.models import Presentation, Session
from tests.test_axe_browser import signed_in_as

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ROWS = "/desk/dongbuk4-2015/rows/"


def test_who_was_second_sees_both_and_chooses(browse, unsigned: Conference) -> None:
    session = unsigned.sessions.get(code="opening")
    first, second = (signed_in_as(browse(size), name) for size, name in (("desk", "chair"), ("phone", "wook")))
    for page in (first, second):
        page.goto(f"{ROWS}sessions/{session.pk}/")
    fill(first, {"제목": "개회선언", "끝": "15:04"})
    save(first, 200)
    fill(second, {"제목": "개회 및 인사 소개", "진행": "사회자 진행"})
    save(second, 409)

    title, end, conduct = (second.get_by_role("row", name=name) for name in ("제목", "끝", "진행"))
    for words in ("개회선언", "개회 및 인사 소개"):
        expect(title.get_by_text(words, exact=True)).to_be_visible()
    for words in ("15:05", "15:04"):
        expect(end.get_by_text(words, exact=True)).to_be_visible()
    expect(conduct.get_by_text("사회자 진행", exact=True)).to_be_visible()
    assert said(session) == ("개회선언", "15:04", "사회진행")  # nothing of the second is stored yet

    title.get_by_role("radio").nth(1).check()  # theirs for the title; the rest stays as it is proposed
    second.get_by_role("button", name="고른 대로 저장").click()
    expect(second.get_by_text("저장했습니다")).to_be_visible()
    assert said(session) == ("개회선언", "15:04", "사회자 진행")


def said(session: Session) -> tuple[str, str, str]:
    session.refresh_from_db()
    return session.title, format_clock(session.ends_at), session.conduct_text


def fill(page: Page, texts: dict[str, str]) -> None:
    for label, text in texts.items():
        page.get_by_label(label).first.fill(text)


def save(page: Page, status: int) -> None:
    with page.expect_navigation() as answer:
        page.get_by_role("button", name="저장", exact=True).click()
    assert answer.value.status == status


def test_a_desk_edits_its_presentation_in_the_session_of_another(browse, unsigned: Conference) -> None:
    """강북구's desk in 마을과 사회적경제 사업, which 성북구 hosts."""
    session = unsigned.sessions.get(code="social-economy")
    user = User.objects.get(username="gangbuk")
    session.topic.topic_offices.filter(district__name="강북구").update(officer=user)
    before = others(session)
    page = signed_in_as(browse("phone"), "gangbuk")
    own = session.presentations.get(district__name="강북구")
    page.goto(f"{ROWS}presentations/{own.pk}/")
    page.get_by_label("발표 내용").fill("하나\n둘")
    save(page, 200)
    own.refresh_from_db()
    assert own.points == ["하나", "둘"]

    for row in (session, *session.presentations.exclude(pk=own.pk)):
        sheet = "sessions" if isinstance(row, Session) else "presentations"
        page.goto(f"{ROWS}{sheet}/{row.pk}/")
        expect(page.get_by_role("button", name="저장", exact=True)).to_have_count(0)
        expect(page.get_by_text("보기만 할 수 있습니다")).to_be_visible()
    assert others(session) == before


def others(session: Session) -> list:
    """All of the session but 강북구's presentation."""
    talks = Presentation.objects.exclude(session=session, district__name="강북구").order_by("pk").values()
    return [*Session.objects.order_by("pk").values(), *talks]


def test_going_back_puts_no_old_words_into_new_rows(browse, unsigned: Conference) -> None:
    """What a browser remembers by the names of fields belongs to rows that stand elsewhere now, or say something newer."""
    page = signed_in_as(browse("desk"), "chair")
    page.goto(f"{ROWS}districts/")
    page.fill("[name=r0-name_en]", "Typed")
    page.get_by_role("button", name="저장", exact=True).click()
    expect(page.get_by_text("저장했습니다")).to_be_visible()
    unsigned.districts.filter(name_en="Typed").update(name_en="Newer", version=7)
    page.goto("/desk/")
    page.go_back()
    page.go_back()
    expect(page.locator("[name=r0-name_en]")).to_have_value("Newer")

    session = unsigned.sessions.get(code="opening")
    page.goto(f"{ROWS}sessions/{session.pk}/")
    page.fill("[name=conduct_text]", "옛 말")
    save(page, 200)
    Session.objects.filter(pk=session.pk).update(conduct_text="새 말", version=9)
    page.goto("/desk/")
    page.go_back()
    page.go_back()
    expect(page.locator("[name=conduct_text]")).to_have_value("새 말")
