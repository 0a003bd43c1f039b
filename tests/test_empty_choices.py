"""A list that has nothing to choose says what is to be made first, and leads who may make it there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from accounts.models import User
from conference.models import Conference
from sheets.declaration import all_sheets
from tests import scenarios
from tests.forms import Control, Element, visible_text
from tests.page_walk import Seen, pages
from tests.visitor import Page, Visitor

pytestmark = pytest.mark.django_db
SAID = "고를 수 있는 "
OWN = {"속한 층"}  # lists of the very rows that the page makes


def without_choice(page: Page) -> Iterator[tuple[str, Element]]:
    """Every list and group of boxes of a page that offers nothing: what it is called, and where its sentence stands."""
    for form in page.forms:
        for control in form.controls:
            if control.kind == "select" and not any(control.choices):
                yield control.labels[-1].removesuffix(" *"), _around(page, control)
    for group in page.tree.iter("fieldset"):
        if group.find(".//input") is None and group.find(".//select") is None and group.find(".//textarea") is None:
            yield visible_text(group.find("legend")), group


def _around(page: Page, control: Control) -> Element:
    """The field; of a cell of a table the list above the table."""
    if control.element.getparent().tag != "td":
        return control.element.getparent()
    label = control.labels[-1].removesuffix(" *")
    if label in OWN:
        return control.element.getparent()
    return next(line for line in page.tree.iter("li") if visible_text(line).startswith(f"{label}: {SAID}"))


def of_every_kind(visitor: Visitor, scene: scenarios.Scenario) -> Iterator[Page]:
    """The pages that a person reaches by links, and every table and form of a row."""
    yield from pages(visitor, scene, Seen())
    rows = [f"/desk/blank/rows/{name}/{page}" for name in all_sheets() for page in ("", "new/")]
    yield from (page for page in map(visitor.open, rows) if page.status == 200)


@pytest.mark.parametrize(("who", "least"), [("wook", 60), ("role-colleague", 1)])
def test_every_list_of_a_blank_conference(
    blank: Conference,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    who: str,
    least: int,
) -> None:
    scene = scenarios.prepare("blank", request, monkeypatch)
    visitor, said, led = Visitor(who), [], set()
    for page in of_every_kind(visitor, scene):
        for name, around in without_choice(page):
            if name in OWN:
                assert f"{name}: {SAID}" not in page.text
                continue
            assert SAID in visible_text(around), (page.path, name)
            said.append((page.path, name))
            led.update(around.xpath(".//a/@href"))
    assert len(said) >= least
    assert {visitor.open(path).status for path in led} == ({200} if who == "wook" else set())


def test_every_list_of_an_empty_portal() -> None:
    User.objects.create(username="first", name="관리자", is_admin=True)
    page = Visitor("first").open("/desk/accounts/new/")
    [(name, around)] = without_choice(page)
    assert (name, visible_text(around.find("span[@class='hint is-nothing']"))) == (
        "소속 부서",
        "고를 수 있는 처리과가 없습니다. 먼저 처리과를 등록하십시오.",
    )
    assert Visitor("first").open(around.xpath(".//a/@href")[0]).status == 200
