"""How long a practised person types the programme of 2015: ``python -m pytest -sm browser tests/desk/typing_benchmark.py``.

A real browser gets every stroke at the pace of a person, and pages take the time that they take; the minutes are those
of a clock on the wall. It is run by hand, with PACED_KEY=0.28 in the environment for a slower hand; PACED_MODEL=1 does
the same without waiting and adds the times up.

The pace is that of the keystroke-level model (Card, Moran and Newell, The Keystroke-Level Model for User Performance
Time with Interactive Systems, CACM 23 (7), 1980): KEY a stroke, of an average skilled typist 0.20 s (55 words a
minute), of an average non-secretary typist 0.28 s (40 words a minute); POINT at a target with the mouse; CLICK its button down and up;
HOME the hand from keyboard to mouse or back; MIND to make up one's mind. The portal's response is measured.

MIND stands before each unit that is thought of as one. The person copies a paper that lies there, so a unit is a line of
it, and of a line with many cells as many as are held in mind at once (GROUP); then each line of a long text, the choice
in a list, a command (save, another page), and looking a table over before it is saved. Within a text there is none
(the model's rule 0; the strokes a minute of a typist are those of copying, reading included). The last column shows what
one more MIND at each glance on the paper would cost (GLANCE characters, about seven short words).

Hangul is typed on the keyboard of two sets: a stroke a letter, two for those that are put together (ㅘ, ㄺ), one
more for Shift (ㄲ, ㅒ, brackets), for the switch to Latin letters and back. The person knows the portal: leaves to it
what it proposes (LEFT), says by Ctrl+D what stands above, goes on by Tab and Enter, saves by Ctrl+Enter.
Districts, topics, rooms and persons are there already; they are set up once, and no programme.

Measured on 2 cores (wall; by the model): at 0.20 s 12.1; 12.1 minutes for all ten tables, 13.0 with a glance more at
each seven words; at 0.28 s, while the machine had much else to do, 17.0; 16.2. Of the 2,752 strokes some 2,200 are words
that nobody but the person knows.
"""

from __future__ import annotations

import os
import re
import sys
import time
from collections import Counter
from types import SimpleNamespace

import pytest
from playwright.sync_api import Locator, Page, expect

from conference.models import Conference
from sheets.declaration import get_sheet
from tests.desk import entry_data
from tests.desk.browser_steps import FOCUSED, MENU, NAME, REQUIRED, SAVED, Paster
from tests.desk.facts import facts, words
from tests.factories import make_people
from tests.test_desk_browser import as_, found, imported, publish

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
__all__ = ["imported"]  # the fixture

KEY = float(os.environ.get("PACED_KEY", "0.20"))  # seconds
POINT, CLICK, HOME, MIND = 1.1, 0.2, 0.4, 1.35
GROUP, GLANCE = 4, 20  # cells, characters
IS_REAL = "PACED_MODEL" not in os.environ
SCREEN = {"width": 1920, "height": 1080}  # of an office
PATIENCE = 120_000  # milliseconds; a slow answer is measured, and fails nothing
REDRAWN = 1.2  # seconds in which a table answers what was typed: table.js waits 0.6 of them

LEFT = {  # what the portal proposes by what else is typed, or because there is one only
    "sessions": {"부", "구분", "주관"},
    **{sheet: {"준비과정"} for sheet in ("meetings", "deadlines", "milestones")},
    **{sheet: {"전시"} for sheet in ("exhibitors", "giveaways")},
}
CELLS = f"""() => {{ {NAME}
  return [...document.querySelectorAll("#sheet td :is(input, select, textarea)")].map(cell => [name(cell), cell.id, cell.value]);
}}"""
PAIRED, SHIFTED = "ㅘㅙㅚㅝㅞㅟㅢㄳㄵㄶㄺㄻㄼㄽㄾㄿㅀㅄ", "ㄲㄸㅃㅆㅉㅒㅖ"
FIRST, MIDDLE, LAST = (
    "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ",
    "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ",
    " ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ",
)
WITH_SHIFT = '()!?":+~'
FAR = {"·": 4}  # out of a list of signs: ㄱ, the key 한자, the choice, Enter


def strokes(text: str) -> list[int]:
    """Return how many strokes each character takes."""
    found, is_latin = [], False
    for letter in text:
        at = ord(letter) - ord("가")
        if is_hangul := 0 <= at <= ord("힣") - ord("가"):
            parts = (FIRST[at // 588] + MIDDLE[at // 28 % 21] + LAST[at % 28]).strip()
            count = sum(2 if part in PAIRED + SHIFTED else 1 for part in parts)
        else:
            count = FAR.get(letter, 1) + (letter in WITH_SHIFT or letter.isupper())
        is_other = (is_hangul and is_latin) or (letter.isascii() and letter.isalpha() and not is_latin)
        is_latin ^= is_other
        found.append(count + is_other)
    return found


def as_typed(label: str, text: str) -> str:
    """Say a day of the conference's year as one would: ``10/26``."""
    return f"{int(text[5:7])}/{int(text[8:])}" if label == "날짜" and text.startswith("2015-") else text


def plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace(":", "").strip()


class Person(Paster):
    """Types at a pace; what was spent stands in ``spent`` (seconds, strokes, minds) of each table."""

    def __init__(self, page: Page, slug: str) -> None:
        super().__init__(page, slug)
        self.due = self.acted = time.monotonic()
        self.spent, self.here = {}, Counter()
        self.glance, self.is_at_mouse = 0, False

    # ── the pace ──
    def take(self, seconds: float, what: str = "") -> None:
        """Let so much time pass since the last act; the machine's own share in acting is not added to it."""
        self.here["seconds"] += seconds
        self.here[what] += 1
        if IS_REAL:
            self.due = max(self.due, time.monotonic() - seconds) + seconds
            time.sleep(max(0.0, self.due - time.monotonic()))

    def think(self) -> None:
        self.take(MIND, "minds")
        self.glance = 0

    def answered(self) -> None:
        """Count how long the portal took since the last act."""
        self.due = time.monotonic()
        for what in ("seconds", "response"):
            self.here[what] += self.due - self.acted

    def key(self, name: str, count: int = 1) -> None:
        if self.is_at_mouse:
            self.take(HOME)
            self.is_at_mouse = False
        for _ in range(count):
            for _ in range(1 + name.count("+")):
                self.take(KEY, "strokes")
            self.acted = time.monotonic()
            self.page.keyboard.press(name)

    def click(self, target: Locator) -> None:
        if not self.is_at_mouse:
            self.take(HOME)
            self.is_at_mouse = True
        self.take(POINT)
        self.take(CLICK)
        self.acted = time.monotonic()
        target.click()

    def write(self, text: str) -> None:
        for letter, count in zip(text, strokes(text), strict=True):
            self.glance += 1
            self.here["glances"] += self.glance % GLANCE == 0
            if letter == "\n":
                self.key("Enter")
                self.think()
                continue
            for _ in range(count):
                self.take(KEY, "strokes")
            self.page.keyboard.insert_text(letter)

    # ── the ways about ──
    def open(self, sheet: str) -> None:
        """Go to a table by the menu, and by the tabs beside it."""
        tabs = self.page.get_by_role("navigation", name="자료 종류")
        tab = tabs.get_by_role("link", name=str(get_sheet(sheet).title), exact=True)
        if not tab.count():
            menu = self.page.get_by_role("navigation", name="행사 관리 메뉴")
            self.go(menu.get_by_role("link", name=MENU[get_sheet(sheet).menu], exact=True))
        if tab.get_attribute("aria-current") is None:
            self.go(tab)

    def go(self, link: Locator) -> None:
        self.think()
        with self.page.expect_navigation():
            self.click(link)
        self.answered()

    # ── a table ──
    def enter(self, page: entry_data.Page) -> None:
        """Type a table, with what else could stand on the pages of its rows."""
        self.here = self.spent.setdefault(page.sheet, Counter())
        begin = time.monotonic()
        self.open(page.sheet)
        lines = [self.line(page, line) for line in page.lines]
        labels = {label for line in lines for label, text in line.items() if text}
        if not labels <= {name.partition(" ")[2] for name in self.cells()}:
            self.go(self.page.get_by_role("link", name="열 더 보기"))
        first = self.page.get_by_role("link", name=re.compile(" 자세히$"), include_hidden=True).count() + 1
        above: entry_data.Line = {}
        for number, line in enumerate(lines, first):
            self.type_line(page.sheet, number, line, above)
            above = line
        self.look_over(dict(enumerate(lines, first)))
        self.think()
        with self.page.expect_navigation():
            self.key("Control+Enter")
        self.answered()
        expect(self.page.get_by_text(SAVED).first).to_be_visible()
        self.here["wall"] += time.monotonic() - begin

    @staticmethod
    def line(page: entry_data.Page, line: entry_data.Line) -> entry_data.Line:
        """Return all that is to stand in a line."""
        title = next((title for title in page.more if title in line.values()), "")
        whole = ({"세션": page.of[1]} if page.of else {}) | line | page.more.get(title, {})
        return {label: as_typed(label, text) for label, text in whole.items()}

    def cells(self) -> dict[str, tuple[str, str]]:
        """Return (id, text) of every cell by its name."""
        return {REQUIRED.sub("", name): (place, text) for name, place, text in self.page.evaluate(CELLS)}

    @staticmethod
    def is_left(sheet: str, label: str, line: entry_data.Line, above: entry_data.Line) -> bool:
        """Whether the person trusts the portal to fill in a cell."""
        if sheet == "sessions" and label == "구분" and line[label] == "주제":
            return bool(line["분야"]) or (line["시작"] == above.get("시작") and line[label] == above[label])
        if label in LEFT.get(sheet, ()) or (label == "세션" and above):
            return True
        return sheet == "sessions" and (
            (label == "제목" and line[label] == line["분야"])
            or (label == "시작" and line[label] == above.get("끝"))
            or (label == "끝" and line["시작"] == above.get("시작") and line[label] == above[label])
        )

    def type_line(self, sheet: str, number: int, line: entry_data.Line, above: entry_data.Line) -> None:
        shown = self.cells()
        order = [name.partition(" ")[2] for name in shown if name.startswith(f"{number} ")]
        todo = [
            label
            for label in order
            if line.get(label)
            and plain(line[label]) != plain(shown[f"{number} {label}"][1])
            and not self.is_left(sheet, label, line, above)
        ]
        for at, label in enumerate(todo):
            if at % GROUP == 0:
                self.think()
            self.reach(number, label, is_first=at == 0, is_start=not above)
            self.fill(line[label], above.get(label, ""))

    def reach(self, number: int, label: str, *, is_first: bool, is_start: bool) -> None:
        """Go to a cell: to the first that is typed with the mouse, to that of the next line by Enter, else by Tab."""
        place = self.cells()[f"{number} {label}"][0]
        if is_first and is_start:
            self.click(self.page.locator(f"#{place}"))
            return
        if is_first and not self.page.evaluate("document.activeElement.matches('textarea:not([data-one])')"):
            self.key("Enter")
            self.page.wait_for_function(f"document.activeElement.name?.startsWith('r{number - 1}-')")
        names = [*self.cells()]
        for _ in range(40):
            at = self.focused()
            if at == f"{number} {label}":
                return
            is_past = at in names and names.index(at) > names.index(f"{number} {label}")
            self.key("Shift+Tab" if is_past else "Tab")
        raise AssertionError(f"no way to {number} {label}")

    def focused(self) -> str:
        return REQUIRED.sub("", self.page.evaluate(FOCUSED)[1])

    def fill(self, text: str, above: str) -> None:
        """Fill in the cell that has the focus."""
        tag, _name, shown, *_rest = self.page.evaluate(FOCUSED)
        if text == above and sum(strokes(text)) > 2:
            self.key("Control+d")
        elif tag == "SELECT":
            self.choose_paced(shown, text)
        else:
            if shown and tag == "TEXTAREA":
                self.key("Control+a")
            self.write(text)

    def choose_paced(self, shown: str, text: str) -> None:
        texts = self.page.evaluate("[...document.activeElement.options].map(option => option.label)")
        steps = texts.index(text) - texts.index(shown)
        self.think()
        self.key("ArrowDown" if steps > 0 else "ArrowUp", abs(steps))

    def look_over(self, lines: dict[int, entry_data.Line]) -> None:
        """Read the table before it is saved, and mend what the portal proposed otherwise."""
        for _ in range(9):
            self.think()
            if not IS_REAL:
                time.sleep(REDRAWN)
            shown = self.cells()
            wrong = [
                (number, label, text)
                for number, line in lines.items()
                for label, text in line.items()
                if plain(shown[f"{number} {label}"][1]) != plain(text)
            ]
            if not wrong:
                return
            number, label, text = wrong[0]
            self.here["mended"] += 1
            say(f"  mended: {number} {label}: {shown[f'{number} {label}'][1]!r} → {text!r}")
            self.click(self.page.locator(f"#{shown[f'{number} {label}'][0]}"))
            self.page.keyboard.press("Escape")
            self.fill(text, "")
        raise AssertionError(wrong)


def test_the_programme_of_2015_at_a_pace(browse, imported: SimpleNamespace) -> None:
    make_people()
    page = as_(browse("desk"), "chair")
    page.set_viewport_size(SCREEN)
    helper, person = Paster(page, entry_data.EVENT["slug"]), Person(page, entry_data.EVENT["slug"])
    found(helper)
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    for table in entry_data.SET_UP:
        helper.enter(table)
    page.goto(f"{person.desk}")
    for table in (*entry_data.PROGRAMME, *entry_data.TIMELINE, *entry_data.SHOW):
        person.enter(table)
    tell(person.spent)
    publish(helper)
    made = Conference.objects.get()
    assert facts(made) == imported.facts
    assert words(made) == imported.words


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def tell(spent: dict[str, Counter]) -> None:
    """Print the minutes of each table and their sum."""
    total = Counter()
    for said in spent.values():
        total.update(said)
    say(f"\nKEY {KEY} s, POINT {POINT}, CLICK {CLICK}, HOME {HOME}, MIND {MIND} (Card, Moran and Newell 1980)")
    say(f"{'':>16} {'wall':>6} {'model':>6} {'strokes':>8} {'minds':>6} {'response':>9}  with glances")
    for name, said in [*((str(get_sheet(name).title), said) for name, said in spent.items()), ("all", total)]:
        strict = said["seconds"] + said["glances"] * MIND
        wall = f"{said['wall'] / 60:6.2f}" if IS_REAL else " " * 6
        say(
            f"{name:>16} {wall} {said['seconds'] / 60:6.2f} {said['strokes']:8} {said['minds']:6} "
            f"{said['response']:7.1f} s  {strict / 60:6.2f} min"
        )
