"""Every page at every width: nobody is shut out (axe finds nothing), and nothing scrolls sideways on a phone."""

from __future__ import annotations

from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Page, expect

from conference.models import Conference
from tests.conftest import SIZES
from tests.scale_data import grow
from tests.screenshots import pages, show
from tests.test_addresses import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.django_db(transaction=True)]
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
# "violations" alone: what axe has to leave to people is not its finding
RUN = """async () => {
  const found = await axe.run(document, {resultTypes: ["violations"]});
  const faults = found.violations.flatMap(fault => fault.nodes.map(node => `${fault.id}: ${node.target}`));
  const page = document.documentElement;
  return page.scrollWidth > page.clientWidth ? [...faults, `scrolls sideways: ${page.scrollWidth}`] : faults;
}"""


@pytest.mark.parametrize("half", [0, 1])
def test_nobody_is_shut_out(half: int, browse, example: Conference) -> None:
    grow(example, range(1))  # so that there is a row of every kind
    found = list(pages(example))
    assert len(found) > 140
    windows = {username: signed_in_as(browse(), username) for username in {username for *_page, username in found}}
    faults = {}
    for name, path, username in found[half::2]:  # two tests, for two processes
        page = windows[username]
        show(page, path)
        page.evaluate(AXE)  # put in from outside: the page's own policy would refuse it
        for size, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            if said := page.evaluate(RUN):
                faults[f"{name} ({size})"] = said
    assert faults == {}


def signed_in_as(page: Page, username: str) -> Page:
    """Let the window be somebody's; "" for a stranger."""
    if username:
        kept = sign_in(username).cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": kept, "domain": "127.0.0.1", "path": "/"}])
    return page


@pytest.mark.parametrize("options", [{"color_scheme": "dark"}, {"forced_colors": "active"}], ids=["dark", "forced"])
def test_public_pages_in_other_colours(options: dict[str, str], browse, unsigned: Conference) -> None:
    page, faults = browse(**options), {}
    for path in (
        "../",
        "",
        "programme/",
        "programme/2015-11-24/",
        "programme/?q=없는말",
        "programme/?view=table",
        "programme/social-economy/",
        "exhibits/",
    ):
        page.goto(f"/{unsigned.slug}/{path}")
        page.context.set_offline(True)
        page.evaluate("dispatchEvent(new Event('offline'))")
        if path != "../":
            expect(page.locator("[data-live]")).to_be_visible()  # what a page says of itself is looked at, too
        page.evaluate(AXE)
        for size, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            if said := page.evaluate(RUN, True):
                faults[f"{path} ({size})"] = said
        page.context.set_offline(False)
    assert faults == {}


def test_twice_the_text_size_fits_a_phone(browse, unsigned: Conference) -> None:
    page = browse("phone")
    for path in ("", "programme/", "programme/?view=table", "programme/social-economy/"):
        page.goto(f"/{unsigned.slug}/{path}")
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate("document.documentElement.scrollWidth") == SIZES["phone"][0], path
