"""Ways of entering the same facts: with keys and mouse, by pasting out of a spreadsheet, by the keyboard alone."""

from __future__ import annotations

import csv
import re
from io import StringIO

from playwright.sync_api import Page, expect

from sheets.declaration import get_sheet
from tests.desk import entry_data

REQUIRED = re.compile(r" ?\(필수\)$")
MENU = {"overview": "개요", "people": "사람", "preparation": "준비과정", "programme": "프로그램", "exhibits": "전시"}
SAVED = re.compile("저장했습니다")
# what a screen reader calls an element (the parts of the rule that our pages use)
NAME = """const name = (found) => {
  const by = found.getAttribute("aria-labelledby");
  const from = by ? by.split(" ").map(id => document.getElementById(id)) : found.labels?.length ? [...found.labels] : [found];
  const said = one => {
    const copy = one.cloneNode(true);
    copy.querySelectorAll("[aria-hidden=true]").forEach(hidden => hidden.remove());
    return copy.textContent.replace(/\\s+/g, " ").trim();
  };
  return found.getAttribute("aria-label") ?? from.map(said).join(" ");
};"""
FIELDS = f"""() => {{ {NAME}
  const fields = document.querySelectorAll("main :is(input:not([type=hidden]), select, textarea)");
  return [...fields].map(field => [name(field), field.id, field.type]);
}}"""
FOCUSED = f"""() => {{ {NAME}
  const found = document.activeElement;
  const shown = found.tagName === "SELECT" ? found.selectedOptions[0]?.label : found.value;
  return [found.tagName, name(found), shown ?? "", found.type ?? "", !!found.checked];
}}"""
TAGS, TABS_MAX = ("INPUT", "SELECT", "TEXTAREA"), 700


def link_pattern(link: str) -> re.Pattern[str]:
    """The name of a link; some say how many rows there are behind them. Playwright reads no bare slash there."""
    return re.compile(f"^{re.escape(link).replace('/', '.')}( \\d+)?$")


class Typist:
    """Fills in cell by cell."""

    def __init__(self, page: Page, slug: str) -> None:
        self.page, self.desk = page, f"/desk/{slug}/"
        page.set_default_timeout(10_000)  # what is not there by then is not there

    # ── the ways about ──
    def open(self, sheet: str) -> None:
        self.page.goto(f"{self.desk}rows/{sheet}/")

    def follow(self, link: str) -> None:
        self.page.get_by_role("link", name=link_pattern(link)).first.click()
        self.page.wait_for_load_state()

    def press(self, button: str) -> None:
        self.page.get_by_role("button", name=button, exact=True).click()
        self.page.wait_for_load_state()

    def save(self) -> None:
        self.press("저장")
        expect(self.page.get_by_text(SAVED).first).to_be_visible()

    # ── fields ──
    def put(self, texts: entry_data.Line) -> None:
        """Fill in fields by their names. A table has hundreds: they are looked up together."""
        there = {REQUIRED.sub("", name): (place, kind) for name, place, kind in self.page.evaluate(FIELDS)}
        for name, text in texts.items():
            place, kind = there[name]
            field = self.page.locator(f"#{place}")
            if kind == "select-one":
                field.select_option(label=text)
            elif kind == "checkbox":
                field.set_checked(bool(text))
            else:
                field.fill(text)

    # ── tables and pages of rows ──
    def enter(self, page: entry_data.Page) -> None:
        """Enter a table, and what stands on the pages of its rows alone."""
        if page.of:
            self.open(page.of[0])
            self.whole(page.of[1])
            self.follow(page.of_title)
        else:
            self.open(page.sheet)
        self.table(page.lines)
        for title, line in page.more.items():
            self.whole(title)
            self.fields(line)

    def whole(self, title: str) -> None:
        """Open the page of a row; where there is little room its line is folded until it is touched."""
        name = f"{title} 자세히"
        link = self.page.get_by_role("link", name=name, exact=True, include_hidden=True).first
        if not link.is_visible():
            link.locator("xpath=ancestor::tr").locator("summary").click()
        self.follow(name)

    def fields(self, line: entry_data.Line) -> None:
        self.put(line)
        self.save()

    def table(self, lines: list[entry_data.Line]) -> None:
        first = self.page.get_by_role("link", name=re.compile(" 자세히$"), include_hidden=True).count() + 1
        self.add(first + len(lines) - 1)
        typed = [
            (f"{number} {label}", text) for number, line in enumerate(lines, first) for label, text in line.items()
        ]
        self.put(dict(typed))
        self.save()

    def add(self, wanted: int) -> None:
        """Add lines until there are so many."""
        places = self.page.get_by_role("rowheader")
        for number in range(places.count() + 1, wanted + 1):
            self.press("줄 추가")
            expect(places).to_have_count(number)


class Paster(Typist):
    """Copies whole tables out of a spreadsheet, with the line of headings."""

    def table(self, lines: list[entry_data.Line]) -> None:
        self.page.get_by_text("표 계산 프로그램에서 붙여 넣기").click()
        self.page.get_by_label("복사한 칸").fill(to_clipboard(lines))
        self.press("표에 채우기")
        self.save()


def to_clipboard(lines: list[entry_data.Line]) -> str:
    """The cells as a spreadsheet gives them to the clipboard."""
    out = StringIO()
    writer = csv.DictWriter(out, fieldnames=list(lines[0]), dialect="excel-tab")
    writer.writeheader()
    writer.writerows(lines)
    return out.getvalue()


def label_pattern(name: str) -> re.Pattern[str]:
    return re.compile(f"^{re.escape(name)}( ?\\(필수\\))?$")


class Keyboard(Typist):
    """Has no mouse: walks by Tab, presses Enter and Space, chooses by arrows."""

    def walk(self, name: re.Pattern[str], *tags: str) -> list:
        """Tab until what has the focus bears that name."""
        for _ in range(TABS_MAX):
            self.page.keyboard.press("Tab")
            found = self.page.evaluate(FOCUSED)
            if found[0] in tags and name.search(found[1]):
                return found
        raise AssertionError(f"no way by keyboard to {name.pattern}")

    def press(self, button: str) -> None:
        self.walk(re.compile(f"^{re.escape(button)}$"), "BUTTON", "INPUT")
        self.page.keyboard.press("Enter")
        self.page.wait_for_load_state()

    def follow(self, link: str, *, skips: bool = True) -> None:
        if skips:
            self.walk(re.compile("^본문 바로가기$"), "A")
            self.page.keyboard.press("Enter")
        self.walk(link_pattern(link), "A")
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def open(self, sheet: str) -> None:
        found = get_sheet(sheet)
        self.follow(MENU[found.menu], skips=False)
        if self.page.url.rstrip("/").rsplit("/", 1)[-1] != sheet:
            self.follow(str(found.title))

    def save(self) -> None:
        self.walk(re.compile("^저장$"), "BUTTON", "INPUT")
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        expect(self.page.get_by_text(SAVED).first).to_be_visible()

    def put(self, texts: entry_data.Line) -> None:
        for name, text in texts.items():
            self.put_one(name, text)

    def put_one(self, name: str, text: str) -> None:
        _tag, _name, shown, kind, is_ticked = self.walk(label_pattern(name), *TAGS)
        keys = self.page.keyboard
        if kind == "checkbox":
            if is_ticked != bool(text):
                keys.press("Space")
        elif kind == "select-one":
            self.choose(name, text)
        elif shown != text:
            keys.press("Control+A")
            keys.insert_text(text) if text else keys.press("Delete")

    def choose(self, name: str, text: str) -> None:
        """Go through the choices of a list by arrows."""
        self.page.keyboard.press("Home")
        seen = []
        while (shown := self.page.evaluate(FOCUSED)[2]) != text:
            assert shown not in seen, f"{name}: no choice {text} among {seen}"
            seen.append(shown)
            self.page.keyboard.press("ArrowDown")
