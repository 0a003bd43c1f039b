"""The whole way in a real browser: a stranger reads, a drafter submits again what came back, three people sign, the PDF is there."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from approvals import chain, verification
from approvals.models import Document, Step
from conference.models import Conference
from config.management.commands import load_example
from reports import drafting
from reports.models import Report

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DRAFT = "/desk/dongbuk4-2015/reports/1/"


@pytest.fixture
def returned(unsigned: Conference) -> Report:
    """The 2015 report, sent back by its first reviewer."""
    report = unsigned.reports.get(number=1)
    drafting.apply_saved_route(report, report.department.approval_routes.get(), by=report.drafter)
    reasons = {"gap": "원자료에 없음", "no_speaker": "원자료에 없음"}
    lock = Report.objects.get().lock_version
    chain.submit(report, by=report.drafter, reasons=reasons, form_key="first", lock_version=lock)
    step = Step.objects.select_related("round", "signer").get(state=Step.State.CURRENT)
    lock = Report.objects.get().lock_version
    chain.send_back(
        step,
        by=step.signer,
        opinion="머리말을 다듬어 주십시오.",
        digest=step.round.digest,
        form_key="back",
        lock_version=lock,
    )
    return report


def sign_in(page: Page, username: str) -> Page:
    page.goto("/accounts/login/")
    page.fill("[name=login]", username)
    page.fill("[name=password]", load_example.password())
    page.click("main button[type=submit], main form button")
    page.wait_for_url("**/approvals/**")
    return page


def sign(page: Page, username: str) -> None:
    sign_in(page, username)
    page.get_by_role("link", name=re.compile("결과보고")).first.click()
    expect(page.locator(".paper h1")).to_have_text("동북4구 지역혁신 컨퍼런스 결과보고")
    page.locator(".sign-confirm summary").click()
    page.locator(".sign-confirm form button").click()
    page.wait_for_load_state()


def fits(page: Page) -> bool:
    """Whether nothing scrolls sideways."""
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_stranger_reads_the_programme_on_a_phone(browse, unsigned: Conference) -> None:
    page = browse("phone", java_script_enabled=False)
    page.goto("/")
    page.get_by_role("link", name=re.compile("동북4구 지역혁신 컨퍼런스")).first.click()
    expect(page.locator("h1")).to_have_text("동북4구 지역혁신 컨퍼런스")
    page.goto("/dongbuk4-2015/programme/")
    for words in ("도시재생 사업", "서울시의 사회혁신 실험과 동북4구", "동북4구 문화자원의 벨트화와 지역자산화 전략"):
        expect(page.get_by_text(words).filter(visible=True).first).to_be_visible()  # (filters name it too, folded)
    page.get_by_role("link", name=re.compile("마을과 사회적경제 사업")).first.click()
    for words in ("이원영", "함께사는 가치에 도전하는 사람들", "601호"):
        expect(page.get_by_text(words).first).to_be_visible()
    page.goto("/dongbuk4-2015/exhibits/")
    expect(page.get_by_role("heading", name="수상한 가게")).to_be_visible()


@pytest.mark.parametrize("path", ["", "programme/", "programme/social-economy/", "exhibits/"])
@pytest.mark.parametrize("language", ["", "/en"])
def test_no_public_page_scrolls_sideways_on_a_phone(browse, unsigned: Conference, path: str, language: str) -> None:
    page = browse("phone")
    page.goto(f"{language}/dongbuk4-2015/{path}")
    assert fits(page)


def test_a_returned_report_is_submitted_again_and_signed_by_three(browse, returned: Report) -> None:
    desk = sign_in(browse("desk"), "wook")
    desk.goto("/approvals/?tab=returned")
    desk.get_by_role("link", name=re.compile("결과보고")).first.click()
    expect(desk.get_by_text("머리말을 다듬어 주십시오.").first).to_be_visible()
    desk.get_by_role("button", name="다시 기안하기").click()
    desk.wait_for_url(f"**{DRAFT}")
    desk.get_by_role("link", name="본문 글").click()
    desk.fill("[name=preamble]", "네 자치구가 함께 연 컨퍼런스의 결과를 보고합니다.")
    desk.get_by_role("button", name="저장", exact=True).click()
    expect(desk.get_by_text("저장했습니다.")).to_be_visible()
    desk.goto(DRAFT)
    desk.get_by_role("button", name="결재 올리기").click()
    desk.wait_for_url("**/approvals/*/")

    for username, size in (("youngbun", "phone"), ("wontaek", "tablet"), ("heedong", "phone")):
        page = browse(size)
        sign(page, username)
        assert fits(page)

    report = Report.objects.get()
    assert (report.state, [edition.number for edition in report.editions.all()]) == (Document.State.APPROVED, [1, 2])
    assert [fault for _, faults in verification.verify_all() for fault in faults] == []

    desk.goto(f"{DRAFT}editions/2/")
    expect(desk.locator(".paper")).to_contain_text("네 자치구가 함께 연 컨퍼런스의 결과를 보고합니다.")
    answer = desk.request.get(f"{DRAFT}editions/2.pdf")
    assert (answer.status, answer.headers["content-type"], answer.body()[:5]) == (200, "application/pdf", b"%PDF-")
