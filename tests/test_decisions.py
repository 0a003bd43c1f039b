"""Every page of docs/adr is one decision, with its number, date and status in one form."""

from __future__ import annotations

import re

import pytest
from django.conf import settings

from tests.test_house import PACKAGES

PAGES = sorted((settings.BASE_DIR / "docs" / "adr").iterdir())
HEAD = re.compile(
    r"# (?P<number>\d+)\. .+\n\n"
    r"\d{4}-\d\d-\d\d · (accepted|replaced by \d{4})(, changed \d{4}-\d\d-\d\d)?\n\n"
    r"\*\*(Context|Decision)\.\*\* "
)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_begins_with_number_date_and_status(page) -> None:
    text = page.read_text("utf-8")
    head = HEAD.match(text)
    assert head is not None
    assert f"{int(head['number']):04}" == page.name[:4]
    assert re.findall(r"^# .*", text, re.MULTILINE) == [text.splitlines()[0]]
    assert text.count("**Decision.**") == 1


def test_no_number_is_used_twice_or_left_out() -> None:
    assert [page.name[:4] for page in PAGES] == [f"{number:04}" for number in range(1, len(PAGES) + 1)]


def test_the_names_of_modules_by_which_apps_meet_are_all_there() -> None:
    (page,) = (settings.BASE_DIR / "docs" / "adr").glob("0005-*")
    (names,) = re.findall(r"^The names: (.*)\.$", page.read_text("utf-8"), re.MULTILINE)
    asked = {
        name
        for app in PACKAGES
        for path in (settings.BASE_DIR / app).rglob("*.py")
        for name in re.findall(r"\bmodules\(\"(\w+)\"\)", path.read_text("utf-8"))
    }
    assert asked == set(re.findall(r"`(\w+)`", names))
