"""An event is put off in the browser: what goes along, what staff are told everywhere, and what a visitor reads when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from conference import reschedule
from conference.models import Conference, Membership
from publishing import difference, releases
from tests.test_axe_browser import signed_in_as

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BAR = "공개 상태"


@dataclass(frozen=True)
class Case:
    """``typed``: 시작 and 끝; ``old`` and ``new``: when a visitor reads that it is."""

    conference: str  # a fixture
    chair: str
    typed: tuple[str, str]
    old: str
    new: str


CASES = [
    Case(
        "unsigned",
        "chair",
        ("2015-12-01 13:00", "2015-12-01 18:00"),
        "2015. 11. 24.(화) 13:00~18:00",
        "2015. 12. 1.(화) 13:00~18:00",
    ),
    Case(
        "fair",
        "damdang",
        ("2026-11-19 09:00", "2026-11-20 18:00"),
        "2026. 11. 12.(목) 09:00~11. 13.(금) 18:00",
        "2026. 11. 19.(목) 09:00~11. 20.(금) 18:00",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.conference)
def test_the_move(case: Case, browse, request: pytest.FixtureRequest) -> None:
    conference = request.getfixturevalue(case.conference)
    desk = f"/desk/{conference.slug}/"
    reader = prepared(conference, case)
    staff, other, visitor = signed_in_as(browse(), case.chair), signed_in_as(browse("phone"), reader), browse("phone")
    assert when(visitor, conference) == case.old

    put_off(staff, desk, case.typed)
    late = f"방문자에게는 아직 행사 일시가 {case.old}로 보입니다. 공개본과 다른 내용"
    assert bar(staff) == f"{late} 1건 · 공개하기"
    before = dated(conference)
    left = take_along(staff, list(before))
    assert {name: (at - before[name]).days for name, at in dated(conference).items()} == {
        name: 0 if name == left else 7 for name in before
    }

    count = 1 + timed(conference)  # the event itself and all that followed it; what leads up to it no visitor sees
    said = f"{late} {count}건"
    for path in staff.eval_on_selector_all(".is-desk-nav a", "links => links.map(link => link.pathname)"):
        if path != f"{desk}publish/":
            staff.goto(path)
            other.goto(path)
            assert (path, bar(staff), bar(other)) == (
                path,
                f"{said} · 공개하기",
                f"{said} · 공개 권한이 있는 사람이 공개하면 보입니다.",
            )
    staff.goto(desk)
    expect(staff.get_by_role("main").get_by_role("link", name=said)).to_be_visible()  # the task
    staff.goto(f"{desk}checks/")
    finding = staff.get_by_text(f"방문자에게는 아직 공개본대로 보입니다: {case.old}")
    expect(finding).to_be_visible()
    assert when(visitor, conference) == case.old

    staff.get_by_role("complementary", name=BAR).get_by_role("link", name="공개하기").click()
    assert staff.locator(".change-set > .changes li").count() == count  # the names are another decision
    staff.get_by_role("link", name="공개될 화면 미리보기").click()
    assert (time_on(staff), when(visitor, conference)) == (case.new, case.old)
    staff.goto(f"{desk}publish/")
    staff.get_by_label("공개본 이름").fill("날짜를 옮긴 공개본")
    staff.get_by_role("button", name="공개", exact=True).click()
    expect(staff.get_by_text("‘날짜를 옮긴 공개본’").first).to_be_visible()
    for page in (staff, other):
        page.goto(desk)
        expect(page.get_by_role("complementary", name=BAR)).to_have_count(0)
    assert when(visitor, conference) == case.new


def prepared(conference: Conference, case: Case) -> str:
    """Publish it, ask a district for something, and let somebody read the desk; return who that is."""
    if not conference.releases.exists():
        releases.publish(conference, by=User.objects.get(username=case.chair), name="1차", names_reason="시험")
        difference.refresh(conference)  # as the request that publishes does
    district = conference.districts.first()
    conference.data_requests.create(district=district, items=["points"], due=conference.starts_at.date().replace(day=5))
    reader = User.objects.exclude(memberships__conference=conference).filter(is_admin=False).order_by("pk").first()
    conference.memberships.create(user=reader, role=Membership.Role.READER)
    return reader.username


def dated(conference: Conference) -> dict[str, date]:
    """The day of everything that may follow, by its name."""
    return {offer.companion.name: offer.date for offer in reschedule.proposed_dates(conference, days=0)}


def timed(conference: Conference) -> int:
    """Count what has a time on the public pages: parts, sessions, exhibitions."""
    rows = (conference.parts.exclude(starts_at=None), conference.sessions, conference.exhibitions)
    return sum(kind.count() for kind in rows)


def put_off(page: Page, desk: str, typed: tuple[str, str]) -> None:
    """Type the new times of the event."""
    page.goto(f"{desk}overview/")
    for label, time in zip(("시작", "끝"), typed, strict=True):
        page.get_by_label(label).fill(time)
    page.get_by_role("button", name="저장", exact=True).click()
    expect(page.get_by_text("행사 개요를 저장했습니다.")).to_be_visible()


def take_along(page: Page, names: list[str]) -> str:
    """Let everything follow but the last of what is offered; return what stays."""
    offered = page.get_by_role("table", name="함께 옮길 일정")
    assert [box.inner_text() for box in offered.locator("label").all()] == names
    for name in names:
        offered.get_by_label(name).set_checked(name != names[-1])
    page.get_by_role("button", name="프로그램·전시 일정을 7일 옮기기").click()
    done = f"프로그램·전시 일정을 7일 옮겼습니다. 제출기한·준비단계·제출 요청 {len(names) - 1}건도 옮겼습니다."
    expect(page.get_by_text(done)).to_be_visible()
    return names[-1]


def bar(page: Page) -> str:
    """The sentence of the bar of the page."""
    return " ".join(page.get_by_role("complementary", name=BAR).inner_text().split())


def when(visitor: Page, conference: Conference) -> str:
    """When the event is, as a visitor reads it now."""
    visitor.goto(f"/{conference.slug}/")
    return time_on(visitor)


def time_on(page: Page) -> str:
    fact = page.locator(".facts div").filter(has=page.get_by_text("일시", exact=True))
    return " ".join(fact.locator("dd").first.inner_text().split())
