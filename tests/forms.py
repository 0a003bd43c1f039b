"""Forms and controls as a browser holds them: named by the words on the page, sending what is successful."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urljoin

from lxml import etree, html

TYPED = set("text textarea number email url tel date search password".split())  # noqa: SIM905 (read as a line)
CHOSEN = {"radio", "checkbox"}
BUTTONS = {"submit", "image"}
UNSENT = {"button", "reset"}
GROUPS = ("li", "tr", "fieldset", "section", "details", "form")  # what a person means by "in that line"
Element = html.HtmlElement


@dataclass(frozen=True)
class Upload:
    """A file to attach."""

    name: str
    content: bytes
    media_type: str = "application/octet-stream"


NO_FILE = Upload("", b"")  # what a browser sends where none was chosen


def visible_text(element: Element, *, seen: bool = False) -> str:
    """What is read out of an element, or ``seen`` on it: its text in one line."""
    apart = ".//*[@class='sr-only']" if seen else ".//*[@aria-hidden='true']"
    hidden = {*element.iterfind(apart), *element.iter("textarea", "select", "script", etree.Comment)}
    return _one_line("".join(_texts(element, hidden)))


def _texts(element: Element, hidden: set[Element]) -> Iterator[str]:
    yield element.text or ""
    for inner in element:
        if inner not in hidden:
            yield from _texts(inner, hidden)
        yield inner.tail or ""


def _one_line(text: str) -> str:
    return " ".join(text.replace("(필수)", " ").split())


@dataclass(eq=False)
class Control:
    """One control. ``values``: what it sends, [] where a browser sends nothing of it; ``choices``: value → words."""

    page: Any  # tests.visitor.Page
    element: Element
    name: str
    kind: str
    values: list[Any] = field(default_factory=list)
    choices: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, page: Any, element: Element) -> Control:
        """Read a control as it is drawn."""
        kind = (element.get("type") or "text").lower() if element.tag == "input" else element.tag
        if element.tag == "button":
            kind = (element.get("type") or "submit").lower()
        found = cls(page, element, element.get("name") or "", kind)
        value = element.get("value") or ""
        if kind == "textarea":
            found.values = [(element.text or "").replace("\r\n", "\n").removeprefix("\n")]
        elif kind == "select":
            found._options()
        elif kind in CHOSEN:
            found.choices = {element.get("value", "on"): ""}
            found.values = [element.get("value", "on")] if "checked" in element.attrib else []
        elif kind == "file":
            found.values = [NO_FILE]
        else:
            found.values = [value]
        return found

    def _options(self) -> None:
        options = [option for option in self.element.iter("option") if "disabled" not in option.attrib]
        said = {id(option): option.get("value", _one_line(option.text_content())) for option in options}
        self.choices = {said[id(option)]: _one_line(option.text_content()) for option in options}
        self.values = [said[id(option)] for option in options if "selected" in option.attrib]
        if "multiple" not in self.element.attrib:  # a browser sends the last that is selected, else the first
            self.values = self.values[-1:] or list(self.choices)[:1]

    @cached_property
    def is_disabled(self) -> bool:
        """Whether it can neither be used nor is sent."""
        outer = self.element.iterancestors("fieldset")
        return "disabled" in self.element.attrib or any("disabled" in fieldset.attrib for fieldset in outer)

    @cached_property
    def labels(self) -> list[str]:
        """Every name that the page gives it; of a cell of a table the last is its column's."""
        element, page = self.element, self.page
        found = [element.get("aria-label"), element.get("title"), element.get("placeholder")]
        found += [visible_text(label) for label in element.iterancestors("label")]
        found += [visible_text(label) for label in page.labels.get(element.get("id"), ())]
        texts = [
            visible_text(page.ids[key]) for key in (element.get("aria-labelledby") or "").split() if key in page.ids
        ]
        found += [" ".join(texts), *texts[-1:]]
        if element.tag == "button":
            found += [visible_text(element), visible_text(element, seen=True)]
        if self.kind in BUTTONS and element.tag == "input":
            found.append(element.get("value"))
        return [_one_line(text) for text in found if text]

    @cached_property
    def legend(self) -> str:
        """The words above a group of radios or boxes."""
        legends = (fieldset.find("legend") for fieldset in self.element.iterancestors("fieldset"))
        return next((visible_text(legend) for legend in legends if legend is not None), "")

    def group(self, text: str) -> Element | None:
        """Return the nearest line, row, fieldset or section around it that says so, or has it typed in a field."""
        return next((group for group in self.element.iterancestors(*GROUPS) if text in group_text(group)), None)


def nearest(controls: list[Control], text: str) -> list[Control]:
    """Return those whose group says so, without those of an outer group where an inner one has some, too."""
    groups = {control: group for control in controls if (group := control.group(text)) is not None}
    outer = {id(around) for group in groups.values() for around in group.iterancestors()}
    return [control for control, group in groups.items() if id(group) not in outer]


def group_text(group: Element) -> str:
    typed = [control.get("value") or "" for control in group.iter("input") if control.get("type") != "hidden"]
    typed += [control.text or "" for control in group.iter("textarea")]
    named = [
        element.get("aria-label") for element in group.iter("button", "ul", "section") if element.get("aria-label")
    ]
    return " · ".join([visible_text(group), *typed, *named])


class Form:
    """A form of a page. ``controls``: also those that stand outside it and name it."""

    def __init__(self, page: Any, element: Element) -> None:
        self.page, self.element = page, element
        self.controls = [Control.of(page, control) for control in page.owned.get(element, ())]

    @property
    def action(self) -> str:
        """Where it goes."""
        action = self.element.get("action") or ""
        assert action.startswith("/"), f"a form of {self.page.path} says {action!r}, which is no address of its own"
        return action.partition("#")[0]

    def same(self, button: Control) -> Control:
        """Return its own button for one of the same form, drawn another time."""
        return next(one for one in self.buttons if (one.name, one.values) == (button.name, button.values))

    @property
    def method(self) -> str:
        return (self.element.get("method") or "get").lower()

    @property
    def is_multipart(self) -> bool:
        return self.element.get("enctype") == "multipart/form-data"

    @property
    def fields(self) -> dict[str, Control]:
        """Its controls by name, those of one name as one."""
        found: dict[str, Control] = {}
        for control in self._successful():
            one = found.setdefault(control.name, Control(self.page, control.element, control.name, control.kind))
            one.values += control.values
            one.choices |= control.choices
        return found

    @cached_property
    def buttons(self) -> list[Control]:
        """What may be pressed."""
        return [control for control in self.controls if control.kind in BUTTONS and not control.is_disabled]

    @property
    def sent(self) -> list[tuple[str, Any]]:
        """What a browser sends of it without a button, in the order of the page; files are (name, file)."""
        return [(control.name, value) for control in self._successful() for value in control.values]

    def _successful(self) -> Iterator[Control]:
        for control in self.controls:
            if control.name and control.kind not in BUTTONS | UNSENT and not control.is_disabled:
                yield control

    # ── by hand ──
    def find(self, label: str, *, within: str | Iterable[str] = (), at: int | None = None) -> list[Control]:
        """Return the control of that label, or all of a group; fails where it is not there, or where several are."""
        places = [within] if isinstance(within, str) else list(within)
        usable = [control for control in self._successful() if control.kind != "hidden"]
        found = [control for control in usable if label in control.labels]
        if not found:
            found = [control for control in usable if control.kind in CHOSEN and control.legend == label]
        for text in places:
            found = nearest(found, text)
        groups = {control.name if control.kind in CHOSEN else id(control): control.name for control in found}
        key = list(groups)[at or 0] if groups else None
        known = sorted({text for control in usable for text in (*control.labels, control.legend)})
        assert key is not None, f"no field is called {label!r} in {places}; there are {known}"
        assert len(groups) == 1 or at is not None, f"{len(groups)} fields are called {label!r} in {places}"
        return [control for control in found if key in {control.name, id(control)}]

    def fill(self, label: str, value: Any, *, within: str | Iterable[str] = (), at: int | None = None) -> Form:
        """Type, choose by the words shown, tick (True, False, or the labels of all to be ticked), or attach files.

        ``within``: words of the line, row or section that is meant; ``at``: which of several, from 0.
        """
        found = self.find(label, within=within, at=at)
        control = found[0]
        assert "readonly" not in control.element.attrib
        if control.kind in CHOSEN:
            _tick(found, value)
            for other in self.controls if control.kind == "radio" else ():
                other.values = [] if other.name == control.name and other not in found else other.values
        elif control.kind == "select":
            control.values = [_option(control, one) for one in ([value] if isinstance(value, str) else value)]
        elif control.kind == "file":
            control.values = value if isinstance(value, list) else [value]
            assert len(control.values) == 1 or "multiple" in control.element.attrib
        else:
            assert len(str(value)) <= int(control.element.get("maxlength") or len(str(value)))
            control.values = [str(value)]
        return self

    def tamper(self, name: str, *values: Any) -> Form:
        """Put values under a field's name as somebody does who edits the page: whatever it offers and allows."""
        found = [control for control in self.controls if control.name == name and control.kind not in BUTTONS]
        for control in found:
            control.values = []
        if not found:
            found = [Control(self.page, html.Element("input"), name, "hidden")]
            self.controls += found
        found[0].values = list(values)
        return self

    def fill_all(self, typed: dict[str, Any], *, within: str | Iterable[str] = (), at: int | None = None) -> Form:
        """Fill in several: label → value."""
        for label, value in typed.items():
            self.fill(label, value, within=within, at=at)
        return self

    def send_without_button(self, **added: Any) -> Any:
        """Send it as a script of ours does, with what the script adds."""
        return self.page.visitor.send(
            self.method, self.action, [*self.sent, *added.items()], is_multipart=self.is_multipart
        )

    def press(self, button: str = "", *, within: str | Iterable[str] = ()) -> Any:
        """Press the button of those words ("" the first, as Enter does) and return the page that answers."""
        return self.send(self._button(button, [within] if isinstance(within, str) else list(within)))

    def send(self, pressed: Control) -> Any:
        """Press one of its buttons."""
        method = (pressed.element.get("formmethod") or self.method).lower()
        action = urljoin(self.page.path, pressed.element.get("formaction") or self.action).partition("#")[0]
        sending = {*self._successful(), *([pressed] if pressed.name else [])}
        sent = [(control.name, value) for control in self.controls if control in sending for value in control.values]
        return self.page.visitor.send(method, action, sent, is_multipart=self.is_multipart)

    def _button(self, text: str, places: list[str]) -> Control:
        assert self.buttons, "the form has no button"
        if not text:
            return self.buttons[0]
        found = [button for button in self.buttons if text in button.labels]
        for place in places:
            found = nearest(found, place)
        assert found, f"no button says {text!r}; there are {[button.labels for button in self.buttons]}"
        assert len({(button.name, *button.values) for button in found}) == 1, f"{len(found)} buttons say {text!r}"
        return found[-1]


def _tick(group: list[Control], value: Any) -> None:
    if isinstance(value, bool):
        assert len(group) == 1
        group[0].values = list(group[0].choices) if value else []
        return
    chosen = [value] if isinstance(value, str) else list(value)
    known = [text for control in group for text in control.labels]
    assert set(chosen) <= set(known), f"{chosen} of {known}"
    for control in group:
        control.values = list(control.choices) if set(control.labels) & set(chosen) else []


def _option(control: Control, text: str) -> str:
    found = [value for value, said in control.choices.items() if said == _one_line(text)]
    assert len(found) == 1, f"{text!r} is not offered, but {list(control.choices.values())}"
    return found[0]
