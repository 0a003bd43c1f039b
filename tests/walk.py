"""A person who opens a page of every kind within reach, sends every form as it is drawn, and presses every button."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Self
from urllib.parse import parse_qs, urlsplit

from django.db import transaction
from django.urls import Resolver404, resolve
from django.utils import translation

from tests.forms import Control, Form
from tests.test_permissions import SHEETS
from tests.visitor import Page, Visitor, picture

Kind = tuple[str, ...]
MADE_LATER = {"programme-pdf", "door", "og"}  # by the worker, which no test starts
FINE = {200, 302}
TWICE = FINE | {409, 422}  # what a button answers that was pressed already
MORE = " 덧붙임"
LEAVING = {"member-remove"}  # who takes the own role away and presses again has no such page any more
TOLD_APART = {"tab", "source", "q"}  # questions that open another page


def kind(path: str) -> Kind:
    """What an address is one of: sheets are told apart by whose rows they hold, other pages by their view."""
    parts = urlsplit(path)
    is_english = parts.path.startswith("/en/")
    with translation.override("en" if is_english else "ko"):
        match = resolve(parts.path)
    about = [str(match.kwargs[name]) for name in ("act", "look") if name in match.kwargs]
    about += [group for group, names in SHEETS.items() if match.kwargs.get("sheet") in names.split()]
    asked = set(parse_qs(parts.query)) - {"more", "page", "next"}
    asked = {"of"} if asked and match.view_name == "sheet-new" else asked & TOLD_APART
    return (match.view_name, *about, *sorted(asked), *(["en"] if is_english else []))


def pressing(form: Form, button: Control) -> Kind:
    """What a button is one of: those of a line by what they do, those of a table alike in every table."""
    value = str(button.values[0]).partition(":")[0] if button.name in {"do", "source"} else ""
    found = kind(form.action)
    if button.name == "do" and value != "save":
        found = (found[0],)
    return (*found, form.method, button.name, value)


@dataclass
class Walk:
    """``is_thorough``: every button, each of them twice, and one field changed; else the first button of every form.

    ``within``: the walk stays among addresses that begin so.
    """

    visitor: Visitor
    starts: tuple[str, ...]
    is_thorough: bool = False
    within: str = ""
    wrong: list[tuple[object, ...]] = field(default_factory=list)
    seen: dict[Kind, str] = field(default_factory=dict)
    pressed: dict[Kind, str] = field(default_factory=dict)
    asked: dict[str, list[str]] = field(default_factory=dict)  # what a form that is empty says when it is sent so

    def run(self) -> Self:
        """Walk until there is no page of another kind; what went wrong is in ``wrong``."""
        waiting = list(self.starts)
        while waiting:
            path = waiting.pop(0)
            try:
                found = kind(path)
            except Resolver404:
                self.wrong.append((path, "no address"))
                continue
            if found not in self.seen and path.startswith(self.within):
                self.seen[found] = path
                waiting += self._look(path, found)
        return self

    def _look(self, path: str, found: Kind) -> list[str]:
        page = self.visitor.open(path)
        if page.status == 302:
            return [page.answer["Location"]] if page.answer["Location"].startswith("/") else []
        if page.status != 200 and not (page.status == 503 and found[0] in MADE_LATER):
            self.wrong.append((path, page.status))
        if page.status != 200 or not page.is_html:
            return []
        self.look_at_forms(page)
        return page.links

    def look_at_forms(self, page: Page) -> None:
        """Press what has not been pressed on another page."""
        for number, form in enumerate(page.forms):
            buttons = form.buttons if self.is_thorough else form.buttons[:1]
            for button in buttons:
                pressed = pressing(form, button)
                if pressed not in self.pressed:
                    self.pressed[pressed] = page.path
                    self._press(page, number, button)

    def _press(self, page: Page, number: int, button: Control) -> None:
        """Press a button of the form as it is drawn, once more, and where it saves with one field changed."""
        about = (page.path, page.forms[number].action, button.labels[:1], button.values)
        with self._undone():
            answer = page.forms[number].send(button)
            self._judge(about, answer, FINE)
            if self.is_thorough and page.forms[number].method == "post" and answer.status in FINE:
                self._judge((*about, "twice"), page.forms[number].send(button), TWICE)
        if self.is_thorough and page.forms[number].method == "post":
            with self._undone():
                form = self.visitor.open(page.path).forms[number]
                if changed := another(form):
                    answer = form.send(form.same(button))
                    self._judge((*about, changed.name, changed.values), answer, FINE)

    def _judge(self, about: tuple[object, ...], answer: Page, fine: set[int]) -> None:
        if answer.status == 302 and answer.answer["Location"].startswith("/"):
            answer = answer.follow()
        if answer.status == 404 and kind(str(about[1]))[0] in LEAVING:
            return
        if answer.status == 422 and 422 not in fine:
            self.asked.setdefault(str(about[1]), []).extend(answer.errors)
        elif answer.status not in fine:
            self.wrong.append((*about, answer.status, answer.errors))

    def _undone(self) -> _Undone:
        return _Undone(self.visitor)


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
