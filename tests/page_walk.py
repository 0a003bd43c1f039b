"""People who open a page of every kind within reach, send every form as it is drawn, and press its buttons.

The people of a scene do it together: what is the same for two of them one of them presses.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import parse_qs, urljoin, urlsplit

from django.db import transaction
from django.urls import Resolver404, resolve
from django.utils import translation

from tests.forms import Control, Element, Form
from tests.scenarios import Scenario
from tests.test_permissions import SHEETS
from tests.visitor import Page, Visitor, picture

Kind = tuple[str, ...]
MADE_LATER = {"programme-pdf", "door", "og"}  # by the worker, which no test starts
FINE = {200, 302}
TWICE = FINE | {409, 422}  # what a button answers that was pressed already
MORE = " 덧붙임"
LEAVING = {"member-remove"}  # who takes the own role away and presses again has no such page any more
SEARCHES = {"people": "?q=%EC%9D%B4", "reports:line": "?q=%ED%8C%80%EC%9E%A5"}  # 이, 팀장: whom one adds is looked for
TOLD_APART = {"tab", "source", "q"}  # questions that open another page
STAFF = ("/desk/", "/approvals/", "/accounts/")  # whose pages are not the same for everybody
OF_THE_DRAWING = {"csrfmiddlewaretoken", "form_key"}  # other at each time that a page is drawn
# what an untouched form may ask for, where there is nothing in it yet or nothing was chosen
ASKED = (
    "필수 항목입니다.",
    "시작하는 시각을 적어 주세요.",
    "기관을 고르거나 이름을 적되, 둘 가운데 하나만 적어 주세요.",
    "파일을 골라 주세요.",
    "지금 장소와 같습니다. 다른 곳을 고르세요.",
    "새 장소를 고르세요.",
    "마지막 총괄입니다. 다른 사람을 먼저 총괄로 정해 주세요.",
    "담당하는 자치구와 분야의 자료만 저장할 수 있습니다.",
    "의견을 적어 주세요.",
    "반려 사유를 적어 주세요.",
    "공개할 부분을 하나 이상 고르세요.",
    "처음 공개할 때에는 ‘행사 안내’를 함께 골라야 공개 화면이 생깁니다.",
)


@cache
def kind(path: str) -> Kind:
    """What an address is one of: sheets are told apart by whose rows they hold, other pages by their view."""
    parts = urlsplit(path)
    is_english = parts.path.startswith("/en/")
    with translation.override("en" if is_english else "ko"):
        match = resolve(parts.path)
    about = [group for group, names in SHEETS.items() if match.kwargs.get("sheet") in names.split()]
    about += [str(match.kwargs[name]) for name in ("act", "look") if name in match.kwargs]
    asked = set(parse_qs(parts.query)) - {"more", "page", "next"}
    asked = {"of"} if asked and match.view_name == "sheet-new" else asked & TOLD_APART
    return (match.view_name, *about, *sorted(asked), *(["en"] if is_english else []))


@cache
def pressing(action: str, method: str, name: str, value: str) -> Kind:
    """What a button is one of: those of a line by what they do, those of a table alike in every table."""
    value = value.partition(":")[0] if name in {"do", "source"} else ""
    found = kind(action)
    if name == "do" and value != "save":
        found = (found[0],)
    return (*found, method, name, value)


def sends(page: Page, button: Element) -> Kind:
    """What a button of a page is one of."""
    form = page.owner(button)
    action = urljoin(page.path, button.get("formaction") or form.get("action") or "")
    method = (button.get("formmethod") or form.get("method") or "get").lower()
    return pressing(action, method, button.get("name") or "", button.get("value") or "")


@dataclass
class Seen:
    """What the people of a scene have opened and pressed, each kind with where it was, and what went wrong."""

    pages: dict[Kind, str] = field(default_factory=dict)
    buttons: dict[Kind, str] = field(default_factory=dict)
    files: set[Kind] = field(default_factory=set)  # what a link downloads is alike for everybody
    forms: set[tuple[object, ...]] = field(default_factory=set)  # by what they would send
    links: set[str] = field(default_factory=set)
    parts: set[Kind] = field(default_factory=set)  # what the pages that a browser opened are made of
    wrong: list[tuple[object, ...]] = field(default_factory=list)

    def asked(self, about: tuple[object, ...], errors: list[str]) -> None:
        """Take down what a form complains of that nobody touched."""
        if unasked := [text for text in errors if not any(one in text for one in ASKED)] or not errors:
            self.wrong.append((*about, 422, unasked))

    def __str__(self) -> str:
        found = {name: len(getattr(self, name)) for name in ("pages", "links", "forms", "buttons")}
        return ", ".join(f"{count} {name}" for name, count in found.items())


def pages(visitor: Visitor, scene: Scenario, seen: Seen) -> Iterator[Page]:
    """Open the pages that a person reaches by links: one of each kind, in another look only where nobody was before."""
    waiting, mine, known = deque(scene.starts), set(), set()
    while waiting:
        path = waiting.popleft()
        if path in known:
            continue
        known.add(path)
        try:
            found = kind(path)
        except Resolver404:
            seen.wrong.append((path, "no address"))
            continue
        own = found[:2] if SHEETS.keys() & {*found[1:2]} else (found[0].removesuffix("-more"),)
        is_known = found in seen.pages and (own in mine or found in seen.files or not path.startswith(STAFF))
        if is_known or not path.startswith(scene.within):
            continue
        mine.add(own)
        seen.pages.setdefault(found, path)
        page = visitor.open(path)
        if page.status == 302:
            waiting += [page.answer["Location"]] if page.answer["Location"].startswith("/") else []
        elif page.status != 200 and not (page.status == 404 and found[0] in MADE_LATER):
            seen.wrong.append((path, page.status))
        elif page.is_html:
            yield page
            seen.links.update(page.links)
            waiting += page.links
            waiting += [path + SEARCHES[found[0]]] if found[0] in SEARCHES and "?" not in path else []
        else:
            seen.files.add(found)


@dataclass
class Walk:
    """One person's way through a scene, without scripts. ``is_thorough``: each button twice, and a field changed."""

    visitor: Visitor
    seen: Seen
    is_thorough: bool = True

    def run(self, scene: Scenario) -> None:
        for page in pages(self.visitor, scene, self.seen):
            for number, form in enumerate(page.forms):
                sent = [(name, str(value)) for name, value in form.sent if name not in OF_THE_DRAWING]
                for button in form.buttons:
                    self._look(page, number, button, sent)

    def _look(self, page: Page, number: int, button: Control, sent: list[tuple[str, str]]) -> None:
        """Press a button that nobody has pressed; the first of a form also where what it sends is new."""
        pressed = sends(page, button.element)
        is_new = pressed not in self.seen.buttons
        if is_new or (button is page.forms[number].buttons[0] and (pressed, *sent) not in self.seen.forms):
            self.seen.buttons.setdefault(pressed, page.path)
            self.seen.forms.add((pressed, *sent))
            self._press(page, number, button, is_new=is_new)

    def _press(self, page: Page, number: int, button: Control, *, is_new: bool) -> None:
        """Press a button of the form as it is drawn; one that nobody has pressed once more, and with a field changed."""
        about = (page.path, page.forms[number].action, button.labels[:1], button.values)
        is_new = is_new and self.is_thorough and page.forms[number].method == "post"
        with _Undone(self.visitor):
            answer = page.forms[number].send(button)
            led = self._judge(about, answer, FINE)
            if is_new and answer.status in FINE:
                self._judge((*about, "twice"), page.forms[number].send(button), TWICE, led)
        if is_new and button.name != "do":
            with _Undone(self.visitor):
                form = Page(self.visitor, page.path, page.answer).forms[number]
                if changed := another(form):
                    sent = form.send(form.same(button))
                    self._judge((*about, changed.name, changed.values), sent, FINE, led)

    def _judge(self, about: tuple[object, ...], answer: Page, fine: set[int], led: str = "") -> str:
        """Look at the answer, or where it leads if not ``led`` there before. Return where that was."""
        led, before = answer.answer.get("Location", ""), led
        if answer.status == 302 and led.startswith("/") and led != before:
            answer = answer.follow()
        if answer.status == 404 and kind(str(about[1]))[0] in LEAVING:
            return led
        if answer.status == 422 and 422 not in fine:
            self.seen.asked(about, answer.errors)
        elif answer.status not in fine:
            self.seen.wrong.append((*about, answer.status, answer.errors))
        return led


class _Undone:
    """What happens inside did not happen, to the database and to the browser's cookies."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor, self.atomic = visitor, transaction.atomic()

    def __enter__(self) -> None:
        self.cookies = {name: morsel.value for name, morsel in self.visitor.client.cookies.items()}
        self.atomic.__enter__()

    def __exit__(self, *failed: object) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(*failed)
        self.visitor.client.cookies.clear()
        self.visitor.client.cookies.load(self.cookies)


# ── one field changed ───────────────────────────────────────────────────────────────────────────
def another(form: Form) -> Control | None:
    """Change one field as a person might, and return it; None where there is only what is not typed yet."""
    for is_fit, change in CHANGES:
        for control in form.controls:
            if control.name and not control.is_disabled and is_fit(control):
                control.values = change(control)
                return control
    return None


def _is_prose(control: Control) -> bool:
    """Words that may be any: no number, time or name of something else."""
    is_open = control.kind in {"text", "textarea"} and "list" not in control.element.attrib
    return is_open and control.values[0][:1].isalpha()


# what may be changed, and how; the first that a form has
CHANGES = [
    (_is_prose, lambda control: [control.values[0] + MORE]),
    (lambda control: "image" in control.element.get("accept", ""), lambda _control: [picture()]),
    (
        lambda control: (
            control.kind == "select" and control.values[0] and control.choices.keys() > {*control.values, ""}
        ),
        lambda control: [next(value for value in control.choices if value not in {*control.values, ""})],
    ),
    (
        lambda control: control.kind == "checkbox" and "together" not in control.name,  # that is for 협조 only
        lambda control: [] if control.values else list(control.choices),
    ),
]
