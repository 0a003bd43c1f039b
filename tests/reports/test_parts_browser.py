"""The lists of a report in a browser: filled from a spreadsheet, by the keyboard, undone, and on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from conference.models import Conference
from reports.models import Report
from tests.conference.test_photos import jpeg
from tests.reports.report_pages import BASE, fill_lists
from tests.test_axe_browser import signed_in_as

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASTE = """text => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def report(unsigned: Conference) -> Report:
    return fill_lists(unsigned.reports.get())


def opened(page: Page, part: str) -> Page:
    page.goto(f"{BASE}rows/{part}/")
    return page


def save(page: Page) -> None:
    page.keyboard.press("Control+Enter")
    expect(page.locator(".message.is-success")).to_be_visible()


def test_cells_are_pasted_filled_down_and_saved_by_the_keyboard(browse, report: Report) -> None:
    page = opened(signed_in_as(browse("desk"), "wook"), "budget")
    page.locator("[name=r2-item]").focus()
    page.evaluate(PASTE, "수당\t1,000,000\t900,000\n여비\t30\t20")
    expect(page.locator("[name=r3-item]")).to_have_value("여비")
    page.locator("[name=r4-item]").fill("간식비")
    page.locator("[name=r4-planned]").focus()
    page.keyboard.press("Control+d")
    page.locator("[name=r4-spent]").focus()
    page.keyboard.press("Control+d")
    save(page)
    assert list(report.budget.values_list("item", "planned", "spent"))[2:] == [
        ("수당", 1_000_000, 900_000),
        ("여비", 30, 20),
        ("간식비", 30, 20),
    ]


def test_lines_pasted_into_a_paragraph_are_items(browse, report: Report) -> None:
    page = opened(signed_in_as(browse("desk"), "wook"), "problems")
    page.locator("[name=r2-text]").focus()
    page.evaluate(PASTE, "이동 시간이 짧음\n안내 부족\n음향이 고르지 못함")
    expect(page.locator("[name=r4-text]")).to_have_value("음향이 고르지 못함")
    page.locator("[name=r3-level]").select_option("○")
    page.locator("[name=r4-level]").focus()
    page.keyboard.press("Control+d")
    save(page)
    rows = report.paragraphs.filter(section="problems").values_list("text", "level")
    assert list(rows)[2:] == [("이동 시간이 짧음", 1), ("안내 부족", 2), ("음향이 고르지 못함", 2)]


def test_a_photo_is_taken_out_kept_after_all_taken_out_and_restored(browse, report: Report) -> None:
    page = opened(signed_in_as(browse("desk"), "wook"), "shots")
    shots = list(report.report_photos.all())
    title = str(shots[0])
    remove = page.get_by_role("button", name="1번 줄 지우기")
    remove.click()
    page.get_by_role("button", name=f"{title} 지우지 않기").click()
    expect(page.locator("[data-line]")).to_have_count(len(shots))
    remove.click()
    expect(page.locator("[data-line]")).to_have_count(len(shots) - 1)
    page.get_by_role("button", name="저장", exact=True).click()
    page.get_by_role("button", name=f"{title} 되돌리기").click()
    expect(page.locator("[data-line]")).to_have_count(len(shots))
    assert list(report.report_photos.all()) == shots


def test_files_that_are_chosen_together_are_lines(browse, report: Report) -> None:
    page = opened(signed_in_as(browse("desk"), "wook"), "attachments")
    files = [
        {"name": f"{name}.jpg", "mimeType": "image/jpeg", "buffer": jpeg(colour)}
        for name, colour in (("입구", "navy"), ("객석", "teal"))
    ]
    page.get_by_label("파일", exact=True).set_input_files(files)
    page.get_by_role("button", name="고른 파일 붙이기").click()
    expect(page.get_by_text("파일 2개를 붙였습니다.")).to_be_visible()
    assert [row.name for row in report.attachments.all()][2:] == ["입구", "객석"]


def test_on_a_phone_a_line_is_a_card_that_opens(browse, report: Report) -> None:
    page = opened(signed_in_as(browse("phone"), "wook"), "budget")
    expect(page.locator("[name=r0-spent]")).to_be_hidden()
    page.locator("summary", has_text="인쇄비").click()
    page.locator("[name=r0-spent]").fill("1,000,000")
    page.get_by_role("button", name="저장", exact=True).click()
    expect(page.locator(".message.is-success")).to_be_visible()
    assert report.budget.first().spent == 1_000_000
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"]
