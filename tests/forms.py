"""The forms of a page as a browser knows them: where they go, what they ask, what stands in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

TYPED = {
    "text",
    "textarea",
    "number",
    "email",
    "url",
    "tel",
    "date",
    "search",
}  # kinds of controls whose words are somebody's


@dataclass
class Field:
    """One control: its kind (``text``, ``hidden``, ``file``, ``select``, ``checkbox``, …), what it sends, what it may send."""

    name: str
    kind: str
    values: list[str] = field(default_factory=list)
    choices: list[str] = field(default_factory=list)


@dataclass
class Form:
    """A form, its fields by name, and the (name, value) of each of its buttons."""

    action: str
    method: str
    is_multipart: bool
    fields: dict[str, Field] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    @property
    def sent(self) -> list[tuple[str, str]]:
        """What a browser sends of it untouched, without a button."""
        return [(name, value) for name, found in self.fields.items() for value in found.values]


class _Reader(HTMLParser):
    """Collects forms while it reads; a disabled control sends nothing."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path
        self.found: list[Form] = []
        self._open: Form | None = None
        self._list: Field | None = None  # of options
        self._text: Field | None = None  # of a textarea

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "form":
            is_multipart = said.get("enctype") == "multipart/form-data"
            self._open = Form(
                urljoin(self.path, said.get("action") or "").partition("#")[0],
                said.get("method") or "get",
                is_multipart,
            )
            self.found.append(self._open)
        elif self._open is None or "disabled" in said:
            return
        elif tag == "button" and said.get("name"):
            self._open.buttons.append((said["name"], said.get("value") or ""))
        elif tag == "option" and self._list is not None:
            self._list.choices.append(said.get("value") or "")
            if "selected" in said:
                self._list.values.append(said.get("value") or "")
        elif tag in {"input", "select", "textarea"} and said.get("name"):
            self._control(tag, said)

    def _control(self, tag: str, said: dict[str, str | None]) -> None:
        kind = said.get("type") or "text" if tag == "input" else tag
        if kind == "submit":
            self._open.buttons.append((said["name"], said.get("value") or ""))
            return
        found = self._open.fields.setdefault(said["name"], Field(said["name"], kind))
        if tag == "select":
            self._list = found
        elif tag == "textarea":
            self._text = found
            found.values.append("")
        elif kind in {"radio", "checkbox"}:
            found.choices.append(said.get("value") or "on")
            found.values += [said.get("value") or "on"] if "checked" in said else []
        elif kind != "file":
            found.values.append(said.get("value") or "")

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.values[-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "select" and self._list is not None:
            if not self._list.values and self._list.choices:
                self._list.values.append(self._list.choices[0])  # a browser sends the first where none is chosen
            self._list = None
        elif tag == "textarea" and self._text is not None:
            self._text.values[-1] = self._text.values[-1].removeprefix("\n")
            self._text = None


def read(page: str, path: str) -> list[Form]:
    """Return the forms of ``page``, which was asked for at ``path``."""
    reader = _Reader(path)
    reader.feed(page)
    return reader.found
