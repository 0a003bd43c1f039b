"""A table of rows as it stands on a page: what was typed, in which order, and what is to go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.forms import BoundField
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from korean.particles import particles
from rows.models import Row
from rows.whole_numbers import sent_keys, whole_number
from sheets import unique
from sheets.cells import TextCell, YesCell, as_text
from sheets.fast_widgets import Chooser, Line, Several, drawn
from sheets.references import NamedCell, Names, PersonCell
from sheets.row_form import VERSION, RowForm
from sheets.sheet_context import ROWS_MAX, Opened

BLANK = 3  # new lines offered
LETTERS_OF_XS, LETTERS_OF_DAY = 7, 10  # that a narrow column holds, and a date
LETTERS_OF_S = 4  # of the longest choice of a list in a narrow column
NAMING = ("title", "name", "number", "item", "label", "text")  # the first of them that a row has is what it is called
BROAD = 7  # columns from which a table is too wide for a tablet
LINES_MAX = 2 * ROWS_MAX  # of one form: a page full of rows, and as many pasted
ID, COUNT, GONE, PREFIX = "id", "count", "gone", "r"

Typed = dict[str, list[str]]  # one line: field → what was typed


@dataclass
class Lines:
    """The lines of a posted table: each what was typed in it; ``gone``: rows to delete."""

    typed: list[Typed]
    gone: list[str] = field(default_factory=list)

    @classmethod
    def posted(cls, data: MultiValueDict[str, str]) -> Lines:
        """Read the table's lines out of a form."""
        lines = cls([{} for _ in range(min(whole_number(data.get(COUNT, "")) or 0, LINES_MAX))], data.getlist(GONE))
        for key in data:
            prefix, dash, name = key.partition("-")
            at = whole_number(prefix[1:]) if dash and prefix[:1] == PREFIX else None
            if at is not None and at < len(lines.typed):
                lines.typed[at][name] = data.getlist(key)
        return lines

    @property
    def is_full(self) -> bool:
        """Whether no line can be added."""
        return len(self.typed) >= LINES_MAX

    def as_data(self) -> MultiValueDict[str, str]:
        """Write the lines as a form's data, numbered anew."""
        found: MultiValueDict[str, str] = MultiValueDict()
        for at, typed in enumerate(self.typed):
            for name, values in typed.items():
                found.setlist(f"{PREFIX}{at}-{name}", values)
        return found

    # ── what the buttons do ──
    def move(self, at: int, to: int) -> int:
        """Put a line elsewhere; return where it stands then."""
        to = max(0, min(to, len(self.typed) - 1))
        self.typed.insert(to, self.typed.pop(at))
        return to

    def copy(self, at: int) -> None:
        """Put a new line like it below."""
        self.typed.insert(
            at + 1, {name: values for name, values in self.typed[at].items() if name not in {ID, VERSION}}
        )

    def add(self, at: int | None = None) -> None:
        """Put a blank line below that one, or at the end."""
        self.typed.insert(len(self.typed) if at is None else at + 1, {})

    def remove(self, at: int) -> None:
        """Take a line away; a stored row is deleted when the table is saved."""
        if row := "".join(self.typed.pop(at).get(ID, [])):
            self.gone.append(row)

    def restore(self, row: int, *, order: list[int]) -> None:
        """Put a stored row that was to be deleted back, before the next of ``order`` that is there."""
        if str(row) in self.gone and row in order:
            self.gone.remove(str(row))
            later = {str(key) for key in order[order.index(row) + 1 :]}
            keys = ["".join(line.get(ID, [])) for line in self.typed]
            blank = keys.index("") if "" in keys else len(keys)
            at = next((at for at, key in enumerate(keys) if key in later), blank)
            self.typed.insert(at, {ID: [str(row)]})


@dataclass
class Table:
    """The forms of one page of a sheet."""

    opened: Opened
    names: Names
    forms: list[RowForm] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)  # keys of the rows that are spoken of, as they are ordered now
    gone: list[Row] = field(default_factory=list)  # to delete
    lost: list[RowForm] = field(default_factory=list)  # lines whose row was deleted meanwhile
    found: dict[int, list[str]] = field(default_factory=dict)  # line → what is odd about it

    @cached_property
    def heads(self) -> list[tuple[str, str, bool]]:
        """(field, label, whether required) of every column."""
        fields = self.first.fields.items()
        return [(name, str(field.label), field.required) for name, field in fields if name != VERSION]

    @cached_property
    def first(self) -> RowForm:
        """A blank line, whose fields serve for every other."""
        form = self._form(0)
        for name in self.opened.sheet.wide & {*form.fields}:
            if isinstance(form.fields[name], TextCell) and isinstance(form.fields[name].widget, Line):
                form.fields[name].widget = Several(
                    {**form.fields[name].widget.attrs, "rows": 1, "data-one": ""}
                )  # it wraps, and grows
        return form

    def form(self, number: int, *, row: Row | None = None, data: Any = None) -> RowForm:
        """Return the form of one line."""
        return self._form(number, row=row, data=data, like=self.first)

    def _form(self, number: int, *, row: Row | None = None, data: Any = None, like: RowForm | None = None) -> RowForm:
        form = self.opened.form(
            data,
            row=row,
            names=self.names,
            prefix=f"{PREFIX}{number}",
            columns=self.opened.columns,
            like=like,
            use_required_attribute=False,
            empty_permitted=row is None,
        )
        form.is_open = self.opened.may(form)
        return form

    @property
    def columns(self) -> list[tuple[str, str, bool, str]]:
        """(field, label, whether required, how wide) of every column."""
        return [(*head, self._size(head[0], self.first)) for head in self.heads]

    def _size(self, name: str, form: RowForm) -> str:
        field = form.fields[name]
        if name in self.opened.sheet.wide:
            return "wide"
        if isinstance(field.widget, Chooser) and not isinstance(field, YesCell):
            return "s" if max(map(len, field.widget.texts), default=0) <= LETTERS_OF_S else "text"
        if field.size == "xs" and (longest := max(map(len, self._texts(name)), default=0)) > LETTERS_OF_XS:
            return "day" if longest <= LETTERS_OF_DAY else "m"
        return field.size

    def _texts(self, name: str) -> list[str]:
        """What a column begins with where that is a text already: an end with its day is longer than a clock."""
        return [text for form in self.forms if isinstance(text := form.initial.get(name), str)]

    @property
    def unchoosable(self) -> list[BoundField]:
        """Cells of a line that are lists of rows of which there is none yet; the sheet's own rows are made right here."""
        named = [bound for bound in self.first if isinstance(bound.field, NamedCell) and bound.field.is_empty_list]
        return [bound for bound in named if bound.field.model is not self.opened.sheet.model]

    @property
    def wrong(self) -> list[tuple[str, str]]:
        """What is wrong, from the first line to the last: (id of the cell or the line, ‘6번 줄 끝: …’)."""
        found = []
        for at, form in enumerate(self.forms):
            place = _("%(at)s번 줄") % {"at": at + 1}
            errors = form.errors if form.is_bound else {}
            found += [(f"row-{form.prefix}", f"{place}: {text}") for text in errors.get(NON_FIELD_ERRORS, [])]
            cells = [(form[name], text) for name in form.fields for text in errors.get(name, [])]
            found += [(f"id_{cell.html_name}", f"{place} {cell.label}: {text}") for cell, text in cells]
        return found

    @property
    def is_broad(self) -> bool:
        """Whether it needs the whole screen of a desk; on less, its lines are cards."""
        return len(self.heads) >= BROAD

    @property
    def is_open(self) -> bool:
        """Whether the person may change anything here."""
        return any(form.is_open for form in self.forms)

    @property
    def may_order(self) -> bool:
        """Whether lines may be moved: by who may change every one of them."""
        return self.opened.may_order and all(form.is_open for form in self.forms)

    def lines(self) -> Iterator[dict[str, Any]]:
        """What the template draws of each line."""
        heads = {
            name: (f"{label} *" if is_required else label, f"of-{size}")
            for name, label, is_required, size in self.columns
        }
        says = {
            "up": _("%(at)s번 줄 위로"),
            "down": _("%(at)s번 줄 아래로"),
            "copy": _("%(at)s번 줄 복사"),
            "remove": _("%(at)s번 줄 지우기"),
            "whole": _("%(row)s 자세히"),
        }
        root = reverse("sheet", args=[self.opened.conference.slug, self.opened.sheet.name])
        for at, form in enumerate(self.forms):
            is_typed = form.is_bound and bool(form.touched or form.errors)
            cells = [self._cell(form[name], *head, is_open=form.is_open) for name, head in heads.items()]
            told = {"at": at + 1, "row": "" if form.is_new else form.instance}
            brief, others = self._brief(form)
            yield {
                "number": str(at),
                "place": str(at + 1),
                "says": {what: text % told for what, text in says.items()},
                "form": form,
                "row": None if form.is_new else form.instance,
                "pk": "" if form.is_new else str(form.instance.pk),
                "address": "" if form.is_new else f"{root}{form.instance.pk}/",
                "is_open": form.is_open,
                "is_folded": not form.is_new and not is_typed,
                "brief": brief,
                "others": others,
                "cells": mark_safe("\n".join(cells)),  # noqa: S308 (each is quoted)
                "errors": self._errors(form),
                "found": self.found.get(at, []),
            }

    def _cell(self, bound: Any, label: str, css: str, *, is_open: bool) -> str:
        """Draw a cell, without a template: a table has hundreds."""
        errors = bound.errors if bound.form.is_bound else []
        cell = drawn("td", {"data-label": label, "class": f"{css} is-invalid" if errors else css})
        cell += bound.as_widget() if is_open else as_text(bound)
        if errors:
            said = {"class": "error", "id": f"id_{bound.html_name}_error"}
            cell += f"{drawn('span', said)}{escape(particles(' '.join(errors)))}</span>"
        return f"{cell}</td>"

    @staticmethod
    def _errors(form: RowForm) -> list[tuple[str, str]]:
        """What stands below a line, where a column is too narrow for a sentence: (name of the cell if one, ‘끝: …’)."""
        if not form.is_bound:
            return []
        cells = [(form[name], texts) for name, texts in form.errors.items() if name != NON_FIELD_ERRORS]
        said = [(cell.html_name, f"{cell.label}: {' '.join(texts)}") for cell, texts in cells]
        return [("", text) for text in form.non_field_errors()] + said

    def _brief(self, form: RowForm) -> tuple[str, str]:
        """Return what a folded line says: what the row is called, and the other cells. A blank line says neither."""
        if form.is_new and not (form.is_bound and form.touched):
            return "", ""
        texts = {name: self._said(form, name) for name in form.fields if name != VERSION}
        called = texts.pop(next((name for name in NAMING if name in texts), next(iter(texts))))
        return called or ("" if form.is_new else str(form.instance)), " · ".join(filter(None, texts.values()))

    @staticmethod
    def _said(form: RowForm, name: str) -> str:
        """A cell as a line of words has it: of a box, what is ticked."""
        text, field = form.text_now(name), form.fields[name]
        return str(field.label) if text and isinstance(field, YesCell) else text

    def look(self) -> None:
        """Say beside the lines what is odd about them."""
        self.found = self.opened.sheet.beside(self.opened.conference, self.forms)

    def follow(self) -> None:
        """Let every line propose what follows from the one before."""
        before = None
        for form in self.forms:
            if form.is_new and not (form.is_bound and not form.touched):
                self._belong(form, before)
                form.follow(before)
            if form.is_new and not form.is_bound:
                form.initial[VERSION] = form.seen_now()  # a proposal that is left as it is was not typed
            if not (form.is_bound and form.is_new and not form.touched):  # a blank line is none to come after
                before = form

    def _belong(self, form: RowForm, before: RowForm | None) -> None:
        """Propose what the row hangs on: as the line before, or the only one there is."""
        up = form.fields.get(self.opened.sheet.up)
        if isinstance(up, NamedCell) and up.required and not isinstance(up, PersonCell):
            texts = self.names.of(up.model).texts
            only = texts[0] if len(texts) == 1 else ""
            form.propose(self.opened.sheet.up, before.text_now(self.opened.sheet.up) if before else only)

    @property
    def changed(self) -> list[RowForm]:
        """Lines to save: those that the person touched."""
        return [form for form in self.forms if form.is_bound and form.touched]

    @property
    def order(self) -> tuple[list[RowForm], int]:
        """Lines in the order to store, and from which place on; whoever may not move lines adds to the end."""
        if not self.opened.sheet.is_ordered:
            return [], 0
        fresh = [form for form in self.changed if form.is_new]
        stored = [form.instance.pk for form in self.forms if not form.is_new]
        if self.may_order and (fresh or stored != [pk for pk in self.rows if pk in stored]):
            return [form for form in self.forms if not form.is_new or form in fresh], self.opened.start
        return fresh, self.opened.sheet.rows(self.opened.conference).count() if fresh else 0


def shown(opened: Opened) -> Table:
    """Return one page of the table as it is stored, with a few blank lines where the person may add."""
    table = stored(opened, opened.rows[opened.start : opened.start + ROWS_MAX])
    if opened.may_add:
        table.forms += [table.form(len(table.forms) + at) for at in range(BLANK)]
    table.follow()
    table.look()
    return table


def stored(opened: Opened, rows: Iterable[Any]) -> Table:
    """Return those rows as a table."""
    table, rows = Table(opened, Names(opened.conference)), list(rows)
    for row in rows[:1]:
        opened.sheet.form.learn(opened.conference, row)
    table.forms = [table.form(at, row=row) for at, row in enumerate(rows)]
    table.rows = [form.instance.pk for form in table.forms]
    return table


def typed(opened: Opened, lines: Lines, *, is_checked: bool) -> Table:
    """Return the table as somebody typed it. A row of another conference is not found, its line counts as lost.

    Raises PermissionDenied for a line that is not the person's to change.
    """
    table = Table(opened, Names(opened.conference))
    rows = _rows(opened, lines)
    table.rows = list(rows)
    _settle(table, lines, rows)
    data = lines.as_data()
    for at, line in enumerate(lines.typed):
        row = rows.get(_key(line))
        form = table.form(at, row=row, data=data if has_cells(line) else None)
        table.forms.append(form)
        if row is None and _key(line):
            table.lost.append(form)
        elif form.is_bound and not form.is_open:
            raise PermissionDenied
    staying = {form.instance.pk for form in table.forms}
    table.gone = [rows[pk] for pk in sent_keys(lines.gone) if pk in rows and pk not in staying]
    if table.gone and not (opened.may_add and all(opened.sheet.may(opened.permissions, row) for row in table.gone)):
        raise PermissionDenied
    table.follow()
    changed = table.changed
    for form in table.forms:
        if not is_checked or form not in changed:
            form.pass_over()
    if is_checked:
        leaving = [row.pk for row in table.gone] + [form.instance.pk for form in changed if not form.is_new]
        unique.tell(changed, opened.sheet.rows(opened.conference).exclude(pk__in=leaving))
    return table


def _settle(table: Table, lines: Lines, rows: dict[int | None, Row]) -> None:
    """Leave out lines whose row was deleted and of which the person typed nothing; no row has two lines."""
    data, kept, seen = lines.as_data(), [], set()
    for at, line in enumerate(lines.typed):
        key = _key(line)
        if key in seen:
            line.pop(ID)
        elif key and key not in rows and not (has_cells(line) and table.form(at, data=data).touched):
            continue
        seen |= {key} - {None}
        kept.append(line)
    lines.typed = kept


def has_cells(line: Typed) -> bool:
    """Whether anything could be typed in it; of a row that is not the person's to change, only its key is sent."""
    return any(name not in {ID, VERSION} for name in line)


def _rows(opened: Opened, lines: Lines) -> dict[int | None, Row]:
    keys = {*map(_key, lines.typed), *sent_keys(lines.gone)} - {None}
    rows = opened.sheet.rows(opened.conference)
    return {row.pk: row for row in rows.filter(pk__in=keys)} if keys else {}


def _key(line: Mapping[str, list[str]]) -> int | None:
    return whole_number("".join(line.get(ID, [])[-1:]))
