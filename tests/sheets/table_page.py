"""A table, or a row's page, in a browser: cells are filled in by the names of their columns, which are their labels."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.db.models import Model
from django.test import Client
from django.utils.datastructures import MultiValueDict
from openpyxl import load_workbook

from tests.forms import CHOSEN, Control, Form
from tests.visitor import Page, Visitor

ROWS_PATH = "/desk/dongbuk4-2015/rows"


def read_workbook(client: Client, path: str) -> list[list[str]]:
    """Return the cells of the workbook of that address, line by line."""
    page = load_workbook(BytesIO(client.get(path).content)).active
    return [[str(cell.value or "") for cell in row] for row in page.iter_rows()]


def copied(rows: list[list[str]]) -> str:
    """Return the cells as a spreadsheet puts them into the clipboard."""

    def cell(text: str) -> str:
        return '"' + text.replace('"', '""') + '"' if set(text) & set('\t\n"') else text

    return "\r\n".join("\t".join(map(cell, row)) for row in rows) + "\r\n"


class TablePage:
    """The page that is shown and its form. ``status``: of the newest answer that was a page."""

    form: Form | None

    def __init__(self, client: Client, path: str) -> None:
        self.client, self.path = client, path
        self.visitor = Visitor()
        self.visitor.client = client
        self.show(self.visitor.open(path))

    def show(self, page: Page) -> Any:
        """Be the page of that answer, as a browser is."""
        self.page, self.answer, self.status, self.text = page, page.answer, page.status, page.text
        forms = [form for form in page.forms if form.method == "post" and "logout" not in form.action]
        tables = [form for form in forms if form.element.get("id") == "sheet"]
        self.form = next(iter(tables or forms), None)
        return page.answer

    @property
    def data(self) -> MultiValueDict[str, str]:
        """What the form would send, by name; {} where there is none."""
        data: MultiValueDict[str, str] = MultiValueDict()
        for name, value in self.form.sent if self.form else []:
            data.appendlist(name, value)
        return data

    # ── lines of a table ──
    def line(self, row: Model) -> str:
        """Return the prefix of the line of a row."""
        return next(
            key.removesuffix("id") for key, value in self.data.items() if key.endswith("-id") and value == str(row.pk)
        )

    def blank(self, number: int = 0) -> str:
        """Return the prefix of a new line."""
        data = self.data
        new = [at for at in range(int(data["count"])) if f"r{at}-id" not in data and f"r{at}-version" in data]
        return f"r{new[number]}-"

    def fill(self, prefix: str = "", **texts: str) -> TablePage:
        """Type into cells that the page shows with a label, or choose; the screen is returned, to go on with."""
        for name, text in texts.items():
            found = [control for control in self.form.controls if control.name == f"{prefix}{name}"]
            found = [control for control in found if control.kind != "hidden" and not control.is_disabled]
            assert found, f"{self.path} shows no {prefix}{name}"
            assert all(control.labels for control in found)
            for control in found:
                assert control.kind != "select" or text in control.choices, f"{text!r} is not offered"
                control.values = [text] if control.kind not in CHOSEN or text in control.choices else []
        return self

    def tamper(self, name: str, *values: str) -> TablePage:
        """Send what the page does not offer."""
        self.form.tamper(name, *values)
        return self

    # ── sending ──
    def press(self, do: str = "save", **more: str) -> Any:
        """Press a button that the page has, and be the page that answers; the same one still if it leads elsewhere."""
        return self._sent(self.fill(**more).form.send(self._button(do)))

    def send_by_script(self, do: str, **more: str) -> Any:
        """Send what no button does: table.js and keep.js do so, or somebody who edits the page."""
        return self._sent(self.form.send_without_button(do=do, **more))

    def _button(self, do: str) -> Control:
        found = [button for button in self.form.buttons if button.values == [do]]
        if do == "save" and not found:
            found = self.form.buttons[:1]  # of a row's page the button says it in Korean
        assert found, f"no button does {do!r}; there are {[button.values for button in self.form.buttons]}"
        return found[0]

    def _sent(self, page: Page) -> Any:
        return page.answer if page.status == 302 else self.show(page)

    def errors(self) -> list[str]:
        """Return what the page says is wrong, cell by cell, then of lines and the whole."""
        lines = [line for line in self.answer.context["lines"] if line["form"].is_bound]
        cells = [text for line in lines for found in line["form"].errors.values() for text in found]
        return [*cells, *self.answer.context.get("refusals", [])]
