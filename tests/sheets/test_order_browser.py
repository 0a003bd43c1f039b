"""A line moved by its button takes the focus along, however many it passes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from conference.models import Conference
from tests.test_axe_browser import signed_in_as

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LINE = "document.activeElement.closest('[data-line]')?.querySelector('[name$=-title]').value"

LINES_OF_TEXT = "said => Math.round(said.clientHeight / parseFloat(getComputedStyle(said).lineHeight))"


def test_the_focus_goes_along_past_parallel_sessions(browse, unsigned: Conference) -> None:
    first = unsigned.sessions.first()
    beside = unsigned.sessions.filter(starts_at=first.starts_at, ends_at=first.ends_at).count()
    after = unsigned.sessions.filter(starts_at__gte=first.ends_at).first()
    page = signed_in_as(browse("desk"), "chair")
    page.goto("/desk/dongbuk4-2015/rows/sessions/")
    line = page.locator("[data-line]").nth(beside)
    expect(line.locator("[name$=-title]")).to_have_value(after.title)
    line.locator(".is-up").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#sheet[data-went]")).to_have_count(1)
    assert (beside > 1, page.evaluate(LINE)) == (True, after.title)
    page.locator("[data-line]").nth(0).locator(".is-down").focus()
    page.keyboard.press("Enter")
    expect(page.locator(f'#sheet[data-went="{beside}"]')).to_have_count(1)
    assert page.evaluate(LINE) == after.title


def test_what_is_refused_at_a_cell_is_seen_and_kept(browse, unsigned: Conference) -> None:
    page = signed_in_as(browse("desk"), "chair")
    page.goto("/desk/dongbuk4-2015/rows/main-items/")
    cell = page.locator("[name=r0-text]")
    cell.focus()
    page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.setData("text/plain", "하나\\t둘");
            document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }"""
    )
    expect(page.locator("#sheet .message.is-error")).to_be_in_viewport()
    expect(page.locator("#id_paste")).to_have_value("하나\t둘")


@pytest.mark.parametrize("how", ["click", "focus"])
def test_what_is_pasted_into_a_list_fills_the_table(browse, unsigned: Conference, how: str) -> None:
    page = signed_in_as(browse("desk"), "chair")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/desk/dongbuk4-2015/rows/rooms/")
    at = page.locator("tr [name$=-id]").count()
    page.evaluate("text => navigator.clipboard.writeText(text)", "서울테크노파크\t다락방")
    getattr(page.locator(f"[name=r{at}-venue]"), how)()
    page.keyboard.press("Control+v")
    expect(page.locator(f"[name=r{at}-name]")).to_have_value("다락방")


def test_a_refused_save_leads_to_the_first_wrong_cell(browse, unsigned: Conference) -> None:
    page = signed_in_as(browse("desk"), "chair")
    page.goto("/desk/dongbuk4-2015/rows/sessions/")
    at = page.locator("tr [name$=-id]").count() - 1
    page.locator(f"[name=r{at}-end]").fill("17:60")
    page.locator(".sheet-buttons [value=save]").click()
    expect(page.locator(f"[name=r{at}-end]")).to_be_focused()
    said = page.locator(f"[data-of=r{at}-end]")
    assert said.evaluate(LINES_OF_TEXT) == 1
    assert said.evaluate(
        "said => document.elementsFromPoint(...Object.values(said.getBoundingClientRect().toJSON()).slice(0, 2).map(at => at + 2))[0] === said"
    )


def test_what_is_wrong_is_said_while_typing_and_what_is_missing_is_not(browse, unsigned: Conference) -> None:
    page = signed_in_as(browse("desk"), "chair")
    page.goto("/desk/dongbuk4-2015/rows/sessions/")
    at = page.locator("tr [name$=-id]").count()
    page.locator(f"[name=r{at}-end]").fill("17:60")
    page.keyboard.press("Tab")
    note = page.locator(f"#note-r{at}")
    expect(note).to_contain_text("시각을 읽을 수 없습니다")
    cell = page.locator(f"[name=r{at}-end]")
    expect(cell).to_have_attribute("aria-describedby", f"id_r{at}-end_error")
    assert (note.locator("p").count(), page.locator(f"[name=r{at}-title]").get_attribute("aria-invalid")) == (1, None)
    cell.fill("18:30")
    page.keyboard.press("Tab")
    expect(cell).not_to_have_attribute("aria-invalid", "true")
    expect(note.locator(".error")).to_have_count(0)


def test_dates_times_and_rooms_are_seen_whole(browse, unsigned: Conference) -> None:
    """A date without its last digit is another date, as a room without its last letter is another room.

    An end on the next day is the longest that a narrow column holds.
    """
    row = unsigned.sessions.order_by("starts_at").last()
    row.ends_at += timedelta(days=1)
    row.save()
    room = unsigned.sessions.get(code="social-economy").room_uses.get().room
    room.name = "세미나실 B"
    room.save()
    page = signed_in_as(browse("desk"), "chair")
    page.goto("/desk/dongbuk4-2015/rows/sessions/")
    cells = page.locator("tbody :is([name$=-day], [name$=-start], [name$=-end], [value='세미나실 B'])")
    cut = "cells => cells.filter(cell => cell.scrollWidth > cell.clientWidth).map(cell => cell.value)"
    assert (cells.count() > 0, cells.evaluate_all(cut)) == (True, [])
