"""A visit in a browser: what changes meanwhile is said, and the programme stays readable without a network."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from conference.models import Conference
from publishing import releases
from sessions import today
from tests.sessions.day_helpers import act_params

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
EVENT = "/dongbuk4-2015/"
PROGRAMME = f"{EVENT}programme/"
KEPT = """async () => {
  const names = (await caches.keys()).filter(name => name.startsWith("programme:"));
  const kept = await Promise.all(names.map(async name => (await (await caches.open(name)).keys()).map(each => each.url)));
  return kept.flat().map(url => new URL(url).pathname).filter(path => !path.startsWith("/static/")).sort();
}"""


def chair() -> User:
    return User.objects.get(username="chair")


def look(page: Page) -> None:
    """Let the page look for news at once; it does so by itself twice a minute."""
    page.evaluate("dispatchEvent(new Event('online'))")


def kept(page: Page, *, whole: bool = True) -> list[str]:
    """Wait until the release is kept whole, or no longer; return what is there."""
    for _turn in range(100):
        if ("/stand" in (found := page.evaluate(KEPT))) == whole:
            return found
        page.wait_for_timeout(100)
    raise AssertionError(found)


def visited(page: Page, path: str) -> None:
    page.goto(path)
    look(page)
    kept(page)


def test_everything_released_is_kept(browse, unsigned: Conference) -> None:
    page = browse("phone")
    page.goto(f"/en{EVENT}")
    look(page)
    found = kept(page)
    codes = unsigned.sessions.exclude(kind="move").values_list("code", flat=True)
    of_sessions = {f"/en{PROGRAMME}{code}/" for code in codes}
    assert set(found) - of_sessions == {"/stand", f"/en{EVENT}", f"/en{PROGRAMME}", f"/en{EVENT}exhibits/"}
    assert of_sessions - set(found) == set()


def test_without_a_network_it_is_read_and_says_how_old_it_is(browse, unsigned: Conference) -> None:
    page = browse("phone")
    visited(page, EVENT)
    page.context.set_offline(True)
    page.goto(f"{PROGRAMME}social-economy/")  # never seen before
    expect(page.get_by_role("heading", level=1)).to_have_text("마을과 사회적경제 사업")
    said = page.get_by_text(re.compile(r"지금은 연결되지 않습니다\. \d+\. \d+\. \d\d:\d\d에 받은 내용입니다\."))
    expect(said).to_be_visible()
    page.goto(f"{PROGRAMME}?q=ㅅㅎㅈㄱㅈ")  # what no server answers the page itself does
    expect(page.get_by_role("status").first).to_have_text("찾은 세션 1개")
    expect(page.get_by_role("link", name="도시재생 사업")).to_be_hidden()
    page.goto(f"{PROGRAMME}?view=table")
    expect(page.get_by_role("table")).to_be_visible()
    page.get_by_label("프로그램 찾기").fill("도시재생")
    assert page.locator("td[data-code]:not(.is-out)").first.get_attribute("data-code") == "urban-regeneration"
    page.goto(f"{EVENT}programme/nowhere/")
    page.wait_for_url(f"**{PROGRAMME}")
    page.context.set_offline(False)
    look(page)
    expect(said).to_be_hidden()


def test_the_network_goes_while_one_reads(browse, unsigned: Conference) -> None:
    page = browse("phone")
    visited(page, PROGRAMME)
    page.context.set_offline(True)
    look(page)
    expect(page.get_by_text("지금은 연결되지 않습니다.")).to_be_visible()
    page.context.set_offline(False)
    look(page)
    expect(page.get_by_text("지금은 연결되지 않습니다.")).to_be_hidden()


def test_a_change_is_told_in_words_and_shown(browse, unsigned: Conference) -> None:
    page = browse("phone")
    visited(page, f"{PROGRAMME}social-economy/")
    today.delay(unsigned.sessions.get(code="social-economy"), minutes=10, also="", **act_params(chair()))
    releases.clear_cache()
    look(page)
    bar = page.locator("[data-live]")
    expect(bar).to_contain_text("이 화면을 여신 뒤에 안내가 바뀌었습니다.")
    expect(bar).to_contain_text("‘마을과 사회적경제 사업’ 시간: 13:00~14:40 → 13:10~14:50")
    bar.get_by_role("button", name="새로 보기").click()
    expect(page.get_by_text("13:10").first).to_be_visible()
    expect(page.locator("[data-live]")).to_be_hidden()
    page.context.set_offline(True)
    page.goto(f"{PROGRAMME}social-economy/")
    expect(page.get_by_text("13:10").first).to_be_visible()  # the new one is kept in place of the old


def test_many_changes_are_counted(browse, unsigned: Conference) -> None:
    page = browse("desk")
    page.goto(f"/en{PROGRAMME}")
    for code in ("proposals", "mayor", "superintendent", "keynote", "cooperation"):
        if unsigned.sessions.filter(code=code).exists():
            today.cancel(unsigned.sessions.get(code=code), **act_params(chair()))
    releases.clear_cache()
    look(page)
    bar = page.locator("[data-live]")
    expect(bar.get_by_role("listitem")).to_have_count(4)
    expect(bar).to_contain_text(re.compile(r"and \d more"))


def test_what_is_withdrawn_is_kept_nowhere(browse, unsigned: Conference) -> None:
    page = browse("phone")
    visited(page, PROGRAMME)
    releases.withdraw(unsigned.releases.get(), by=chair())
    releases.clear_cache()
    look(page)
    expect(page.get_by_text("이 행사의 안내를 내렸습니다.")).to_be_visible()
    assert kept(page, whole=False) == []


def test_a_phone_may_put_it_among_its_programs(browse, unsigned: Conference) -> None:
    page = browse("phone")
    page.goto(f"/en{EVENT}")
    manifest = page.evaluate("async () => (await fetch(document.querySelector('[rel=manifest]').href)).json()")
    assert (manifest["lang"], manifest["start_url"], manifest["scope"]) == ("en", f"/en{EVENT}", f"/en{EVENT}")
    sizes = page.evaluate(
        """sources => Promise.all(sources.map(async src => {
          const image = Object.assign(new Image(), {src});
          await image.decode();
          return [image.naturalWidth, image.naturalHeight];
        }))""",
        [icon["src"] for icon in manifest["icons"]],
    )
    assert [[f"{width}x{height}"] for width, height in sizes] == [[icon["sizes"]] for icon in manifest["icons"]]


def test_a_release_that_comes_while_another_is_fetched_is_kept_whole(browse, unsigned: Conference) -> None:
    """What was fetched of the older one is not taken for the newer."""
    page = browse("phone")
    page.goto(EVENT)
    worker = "navigator.serviceWorker.ready.then(({active}) => active.postMessage({digest: 'f'.repeat(64)}))"
    page.evaluate(worker)  # as if the page had been told of a release that the server does not serve yet
    page.wait_for_timeout(1500)
    assert "/stand" not in page.evaluate(KEPT)
    look(page)
    assert f"{PROGRAMME}mayor/" in kept(page)


def test_a_page_that_is_gone_forgets_the_others_in_both_languages(browse, unsigned: Conference) -> None:
    page = browse("phone")
    visited(page, EVENT)
    visited(page, f"/en{EVENT}")
    releases.withdraw(unsigned.releases.get(), by=chair())
    releases.clear_cache()
    page.goto(EVENT)
    assert kept(page, whole=False) == []


def test_news_of_what_was_withdrawn_is_taken_back(browse, unsigned: Conference) -> None:
    page = browse("phone")
    visited(page, PROGRAMME)
    today.cancel(unsigned.sessions.get(code="mayor"), **act_params(chair()))
    releases.clear_cache()
    look(page)
    expect(page.locator("[data-live]")).to_be_visible()
    releases.withdraw(unsigned.releases.get(number=2), by=chair())
    releases.clear_cache()
    look(page)
    expect(page.locator("[data-live]")).to_be_hidden()
