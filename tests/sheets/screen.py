"""A form as a browser holds it: read off the page, filled in, sent."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

from django.db.models import Model
from django.test import Client
from django.utils.datastructures import MultiValueDict

ROOT = "/desk/dongbuk4-2015/rows"


class Screen(HTMLParser):
    """What stands in the page's form ``name → values``, as the browser would send it. ``status``: of the answer."""

    def __init__(self, client: Client, path: str) -> None:
        super().__init__()
        self.client, self.path = client, path
        self.show(client.get(path))

    def show(self, answer: Any) -> Any:
        """Be the page of that answer, as a browser is, if it has a form."""
        self.answer, self.status, self.text = answer, answer.status_code, answer.content.decode()
        self.data: MultiValueDict[str, str] = MultiValueDict()
        self._name = self._box = self._form = ""
        self._first: str | None = None
        self.reset()
        self.feed(self.text)
        return answer

    # ── reading ──
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        name, value = said.get("name") or "", said.get("value") or ""
        if tag == "form":
            self._form = said.get("method", "")
        elif self._form != "post" or "disabled" in said:
            return
        elif tag == "input" and name:
            if said.get("type") not in {"radio", "checkbox", "submit"} or "checked" in said:
                self.data.appendlist(name, value)
        elif tag == "textarea":
            self._name, self._box = name, "\r"
        elif tag == "select":
            self._name, self._first, self._is_chosen = name, None, False
        elif tag == "option" and self._name:
            self._box, self._is_picked = "\r", "selected" in said

    def handle_data(self, data: str) -> None:
        if self._box:
            self._box += data

    def handle_endtag(self, tag: str) -> None:
        text, self._box = self._box[1:], ""
        if tag == "form":
            self._form = ""
        elif tag == "textarea" and self._name:
            self.data.appendlist(self._name, text.removeprefix("\n"))
            self._name = ""
        elif tag == "option" and self._name:
            self._first = text if self._first is None or self._is_picked else self._first
        elif tag == "select" and self._name:
            self.data.appendlist(self._name, self._first or "")
            self._name = ""

    # ── lines of a table ──
    def line(self, row: Model) -> str:
        """Return the prefix of the line of a row."""
        return next(
            key.removesuffix("id") for key, value in self.data.items() if key.endswith("-id") and value == str(row.pk)
        )

    def blank(self, number: int = 0) -> str:
        """Return the prefix of a new line."""
        new = [
            at
            for at in range(int(self.data["count"]))
            if f"r{at}-id" not in self.data and f"r{at}-version" in self.data
        ]
        return f"r{new[number]}-"

    def fill(self, prefix: str = "", **texts: str) -> Screen:
        """Type into cells; the screen is returned, to go on with."""
        for name, text in texts.items():
            self.data[f"{prefix}{name}"] = text
        return self

    # ── sending ──
    def press(self, do: str = "save", **more: str) -> Any:
        """Press a button; the screen is the answer's then, unless it leads elsewhere."""
        sent = MultiValueDict({name: self.data.getlist(name) for name in self.data} | {"do": [do]})
        for name, value in more.items():
            sent[name] = value
        body = urlencode(list(sent.lists()), doseq=True)
        answer = self.client.post(self.path, body, content_type="application/x-www-form-urlencoded")
        return answer if answer.status_code == 302 else self.show(answer)

    def errors(self) -> list[str]:
        """Return what the page says is wrong, cell by cell, then of lines and the whole."""
        lines = [line for line in self.answer.context["lines"] if line["form"].is_bound]
        cells = [text for line in lines for found in line["form"].errors.values() for text in found]
        return [*cells, *self.answer.context.get("refused", [])]
