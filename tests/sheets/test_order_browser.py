"""A line moved by its button takes the focus along, however many it passes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from conference.models import Conference
from tests.test_axe_browser import signed_in_as

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LINE = "document.activeElement.closest('[data-line]')?.querySelector('[name$=-title]').value"


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


def test_dates_and_times_are_seen_whole(browse, unsigned: Conference) -> None:
    """A date without its last digit is another date; an end on the next day is the longest that a narrow column holds."""
    row = unsigned.sessions.order_by("starts_at").last()
    row.ends_at += timedelta(days=1)
    row.save()
    page = signed_in_as(browse("desk"), "chair")
    page.goto("/desk/dongbuk4-2015/rows/sessions/")
    cells = page.locator("tbody :is([name$=-day], [name$=-start], [name$=-end])")
    cut = "cells => cells.filter(cell => cell.scrollWidth > cell.clientWidth).map(cell => cell.value)"
    assert (cells.count() > 0, cells.evaluate_all(cut)) == (True, [])
