"""The programme in a browser: finding, stars and the mark of now, on a phone that is somewhere else in the world."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from conference.models import Conference

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PROGRAMME = "/dongbuk4-2015/programme/"


def shown(page: Page) -> list[str]:
    """Codes of the sessions that are to be seen in the list."""
    return page.eval_on_selector_all(
        ".programme [data-code]", "found => found.filter(one => one.offsetParent).map(one => one.dataset.code)"
    )


def test_it_finds_while_one_types_and_keeps_it_in_the_address(browse, unsigned: Conference) -> None:
    page = browse("phone")
    page.goto(PROGRAMME)
    assert len(shown(page)) == 14
    page.get_by_label("프로그램 찾기").fill("ㅅㅎㅈㄱㅈ")
    assert shown(page) == ["social-economy"]
    expect(page.get_by_role("status").first).to_have_text("찾은 세션 1개")
    assert page.evaluate("new URLSearchParams(location.search).get('q')") == "ㅅㅎㅈㄱㅈ"
    page.reload()
    assert shown(page) == ["social-economy"]
    page.get_by_label("프로그램 찾기").fill("없는 말")
    expect(page.get_by_role("heading", name="조건에 맞는 세션이 없습니다")).to_be_visible()
    expect(page.locator("[data-shown]")).to_be_hidden()
    page.get_by_label("프로그램 찾기").fill("")
    page.get_by_text("조건으로 좁히기").click()
    page.get_by_label("자치구").select_option("노원구")
    assert shown(page) == ["social-economy", "sustainable-city"]
    assert "자치구" not in page.url
    page.set_viewport_size({"width": 1280, "height": 900})
    assert shown(page) == ["social-economy", "sustainable-city"]  # who looks for something gets a list
    expect(page.get_by_role("table")).to_be_hidden()


def test_without_javascript_the_form_finds_the_same(browse, unsigned: Conference) -> None:
    page = browse("phone", java_script_enabled=False)
    page.goto(PROGRAMME)
    page.get_by_label("프로그램 찾기").fill("ㅅㅎㅈㄱㅈ")
    page.get_by_role("button", name="찾기").click()
    expect(page.get_by_role("status").first).to_have_text("찾은 세션 1개")
    expect(page.get_by_role("link", name="마을과 사회적경제 사업")).to_be_visible()
    expect(page.get_by_role("link", name="도시재생 사업")).to_be_hidden()
    assert page.get_by_role("button", name="별표").count() == 0
    page.get_by_role("link", name="모두 보기").first.click()
    page.get_by_text("조건으로 좁히기").click()
    page.get_by_label("자치구").select_option("노원구")
    page.get_by_role("button", name="찾기").click()
    assert shown(page) == ["social-economy", "sustainable-city"]
    page.get_by_role("link", name="장소별 시간표로 보기").click()
    expect(page.get_by_role("table")).to_be_visible()
    assert page.locator("td[data-code]:not(.is-out) h3").all_inner_texts() == [
        "마을과 사회적경제 사업",
        "지속가능도시 사업(재생에너지)",
    ]


def test_stars_stay_on_the_phone(browse, unsigned: Conference) -> None:
    page = browse("phone")
    page.goto(f"{PROGRAMME}mayor/")
    star = page.get_by_role("button", name="별표: 서울시의 사회혁신 실험과 동북4구")
    star.click()
    expect(star).to_have_attribute("aria-pressed", "true")
    page.goto(PROGRAMME)
    page.get_by_label("별표한 것만").check()
    assert shown(page) == ["mayor"]
    page.reload()
    assert shown(page) == ["mayor"]
    link = page.get_by_role("link", name="별표한 세션을 달력에 넣기")
    assert link.get_attribute("href") == "/dongbuk4-2015/programme.ics?only=mayor"
    page.get_by_role("button", name="별표: 서울시의 사회혁신 실험과 동북4구").click()
    expect(link).to_be_hidden()


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Seoul"])
def test_now_is_now_in_korea(browse, unsigned: Conference, zone: str) -> None:
    page = browse("desk", timezone_id=zone)
    page.clock.install(time="2015-11-24T05:30:00Z")  # half past two in Seoul
    page.goto(PROGRAMME)
    assert page.locator("td.is-now").count() == 4
    middle = "() => [document.querySelector('.now-line'), ...document.querySelectorAll('.raster tbody tr:not(.raster-part)')]"
    line, first, second = page.evaluate(f"({middle})().slice(0, 3).map(one => one.getBoundingClientRect().top)")
    assert round((line - first) / (second - first), 1) == 0.9  # 90 of 100 minutes
    page.clock.run_for(10 * 60 * 1000)
    assert page.locator("td.is-now h3").all_inner_texts() == ["2부 진행을 위한 이동"]
