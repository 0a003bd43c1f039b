"""A table's form as a browser holds it: read off the page, filled in by the names of its cells, sent."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import Model
from django.test import Client
from django.utils.datastructures import MultiValueDict

from tests.visitor import Page

ROOT = "/desk/dongbuk4-2015/rows"


class Screen:
    """What stands in the page's form ``name → values``, as the browser would send it. ``status``: of the answer."""

    def __init__(self, client: Client, path: str) -> None:
        self.client, self.path = client, path
        self.show(client.get(path))

    def show(self, answer: Any) -> Any:
        """Be the page of that answer, as a browser is, if it has a form."""
        self.page = Page(None, self.path, answer)
        self.answer, self.status, self.text = answer, answer.status_code, self.page.text
        self.data: MultiValueDict[str, str] = MultiValueDict()
        for name, value in next(
            (form.sent for form in self.page.forms if form.method == "post" and "logout" not in form.action), []
        ):
            self.data.appendlist(name, value)
        return answer

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
