"""The table of a sheet on a page: the sent lines, their order, and the rows to delete."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.forms import BoundField
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from rows.models import Row
from rows.whole_numbers import parse_whole_number
from sheets import unique
from sheets.cells import TextCell, YesCell
from sheets.declaration import ROWS_MAX
from sheets.fast_widgets import FastTextarea, FastTextInput, FastTextSelect, render_cell
from sheets.references import PersonField, ReferenceField, ReferenceIndex
from sheets.row_form import VERSION, RowForm
from sheets.saving import GONE, UNSEEN
from sheets.sheet_context import SheetContext

BLANK_LINES = 3  # new lines offered
LETTERS_OF_XS, LETTERS_OF_DAY = 7, 10  # letters that fit a narrow column, and a date
LETTERS_OF_S = 4  # letters of the longest choice in a narrow column
# the first of these fields that a row has is its title
TITLE_FIELDS = ("title", "name", "number", "item", "label", "text", "caption")
BROAD_COLUMNS = 7  # columns from which a table is too wide for a tablet
LINES_MAX = 2 * ROWS_MAX  # of one form: a page full of rows, and as many pasted
ID, COUNT, PREFIX = "id", "count", "r"

SentLine = dict[str, list[str]]  # one line: field → what was typed


@dataclass
class TableLines:
    """The lines of a posted table; ``gone``: key of each row to delete → its version when the person saw it."""

    sent: list[SentLine]
    gone: dict[int, str] = field(default_factory=dict)

    @classmethod
    def from_post(cls, data: MultiValueDict[str, str]) -> TableLines:
        """Read the table's lines out of a form."""
        lines = cls([{} for _ in range(min(parse_whole_number(data.get(COUNT, "")) or 0, LINES_MAX))])
        for key in data:
            pk, seen = parse_whole_number(key.removeprefix(GONE)), "".join(data.getlist(key))
            if key.startswith(GONE) and pk is not None and seen:
                lines.gone[pk] = seen
            prefix, dash, name = key.partition("-")
            at = parse_whole_number(prefix[1:]) if dash and prefix[:1] == PREFIX else None
            if at is not None and at < len(lines.sent):
                lines.sent[at][name] = data.getlist(key)
        return lines

    @property
    def is_full(self) -> bool:
        """Whether no line can be added."""
        return len(self.sent) >= LINES_MAX

    def as_data(self) -> MultiValueDict[str, str]:
        """Return the lines as form data, with new numbers."""
        lines = enumerate(self.sent)
        return MultiValueDict({f"{PREFIX}{at}-{name}": values for at, line in lines for name, values in line.items()})

    # ── what the buttons do ──
    def move(self, at: int, to: int) -> int:
        """Move a line; return its new position."""
        to = max(0, min(to, len(self.sent) - 1))
        self.sent.insert(to, self.sent.pop(at))
        return to

    def copy(self, at: int) -> None:
        """Insert a copy of the line below it."""
        self.sent.insert(at + 1, {name: values for name, values in self.sent[at].items() if name not in {ID, VERSION}})

    def add(self, at: int | None = None) -> None:
        """Insert a blank line below line ``at``, or at the end."""
        self.sent.insert(len(self.sent) if at is None else at + 1, {})

    def remove(self, at: int) -> None:
        """Remove a line; a stored row is deleted when the table is saved."""
        line = self.sent.pop(at)
        if (pk := _row_key(line)) is not None:
            self.gone[pk] = "".join(line.get(VERSION, [])).partition(".")[0] or UNSEEN

    def restore(self, row: int, *, order: list[int]) -> None:
        """Put back a row that was marked for deletion, before the next row of ``order`` in the table."""
        if row in self.gone and row in order:
            del self.gone[row]
            later_keys = {str(key) for key in order[order.index(row) + 1 :]}
            keys = ["".join(line.get(ID, [])) for line in self.sent]
            blank = keys.index("") if "" in keys else len(keys)
            at = next((at for at, key in enumerate(keys) if key in later_keys), blank)
            self.sent.insert(at, {ID: [str(row)]})


@dataclass
class Table:
    """The forms of one page of a sheet."""

    context: SheetContext
    references: ReferenceIndex
    forms: list[RowForm] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)  # keys of the rows of the page, in the stored order
    deleted: dict[Row, str] = field(default_factory=dict)  # row to delete → its version when the person saw it
    lost: list[RowForm] = field(default_factory=list)  # lines whose row was deleted meanwhile
    warnings: dict[int, list[str]] = field(default_factory=dict)  # line → warnings

    @cached_property
    def headings(self) -> list[tuple[str, str, bool]]:
        """(field, label, whether required) of every column."""
        fields = self.blank_form.fields.items()
        return [(name, str(field.label), field.required) for name, field in fields if name != VERSION]

    @cached_property
    def blank_form(self) -> RowForm:
        """The form of a blank line; all other forms share its fields."""
        form = self._build_form(0)
        for name in self.context.sheet.wide & {*form.fields}:
            if isinstance(form.fields[name], TextCell) and isinstance(form.fields[name].widget, FastTextInput):
                attrs = {**form.fields[name].widget.attrs, "rows": 1, "data-one": ""}
                form.fields[name].widget = FastTextarea(attrs)  # a textarea wraps its text and grows
        return form

    def build_form(self, number: int, *, row: Row | None = None, data: Any = None) -> RowForm:
        """Return the form of one line."""
        return self._build_form(number, row=row, data=data, share_fields_with=self.blank_form)

    def _build_form(
        self, number: int, *, row: Row | None = None, data: Any = None, share_fields_with: RowForm | None = None
    ) -> RowForm:
        form = self.context.build_form(
            data,
            row=row,
            references=self.references,
            prefix=f"{PREFIX}{number}",
            columns=self.context.columns,
            share_fields_with=share_fields_with,
            use_required_attribute=False,
            empty_permitted=row is None,
        )
        form.is_editable = self.context.can_edit(form)
        return form

    @property
    def columns(self) -> list[tuple[str, str, bool, str]]:
        """(field, label, whether required, how wide) of every column."""
        return [(*head, self._size(head[0], self.blank_form)) for head in self.headings]

    def _size(self, name: str, form: RowForm) -> str:
        field = form.fields[name]
        if name in self.context.sheet.wide:
            return "wide"
        if isinstance(field.widget, FastTextSelect) and not isinstance(field, YesCell):
            return "s" if max(map(len, field.widget.texts), default=0) <= LETTERS_OF_S else "text"
        if field.size == "xs" and (longest := max(map(len, self._initial_texts(name)), default=0)) > LETTERS_OF_XS:
            return "day" if longest <= LETTERS_OF_DAY else "m"
        return field.size

    def _initial_texts(self, name: str) -> list[str]:
        """The initial texts of a column. Their length decides its width: an end with its day is longer than a time of day."""
        return [text for form in self.forms if isinstance(text := form.initial.get(name), str)]

    @property
    def empty_choices(self) -> list[BoundField]:
        """Cells without choices, because no row of their model exists yet; the sheet's own rows are added in this table."""
        reference_cells = [
            bound for bound in self.blank_form if isinstance(bound.field, ReferenceField) and bound.field.is_empty_list
        ]
        return [bound for bound in reference_cells if bound.field.model is not self.context.sheet.model]

    @property
    def error_links(self) -> list[tuple[str, str]]:
        """All errors, from the first line to the last: (id of the cell or the line, ‘6번 줄 끝: …’)."""
        links = []
        for at, form in enumerate(self.forms):
            line_name = _("%(at)s번 줄") % {"at": at + 1}
            errors = form.errors if form.is_bound else {}
            links += [(f"row-{form.prefix}", f"{line_name}: {text}") for text in errors.get(NON_FIELD_ERRORS, [])]
            cells = [(form[name], text) for name in form.fields for text in errors.get(name, [])]
            links += [(f"id_{cell.html_name}", f"{line_name} {cell.label}: {text}") for cell, text in cells]
        return links

    @property
    def is_broad(self) -> bool:
        """Whether the table needs the width of a desktop screen; on narrower ones its lines are cards."""
        return len(self.headings) >= BROAD_COLUMNS

    @property
    def is_editable(self) -> bool:
        """Whether the person may change anything here."""
        return any(form.is_editable for form in self.forms)

    @property
    def has_tools(self) -> bool:
        """Whether a line can have buttons or a link."""
        return self.can_reorder or self.context.can_remove or self.context.sheet.has_row_pages

    @property
    def can_reorder(self) -> bool:
        """Whether lines may be moved: only by a person who may change all of them."""
        return self.context.can_reorder and all(form.is_editable for form in self.forms)

    def lines(self) -> Iterator[dict[str, Any]]:
        """Yield the template context of each line."""
        headings = {
            name: (f"{label} *" if is_required else label, f"of-{size}")
            for name, label, is_required, size in self.columns
        }
        labels = {
            "up": _("%(at)s번 줄 위로"),
            "down": _("%(at)s번 줄 아래로"),
            "copy": _("%(at)s번 줄 복사"),
            "remove": _("%(at)s번 줄 지우기"),
            "whole": _("%(row)s 자세히"),
        }
        root = self.context.whole_address if self.context.sheet.has_row_pages else ""
        for at, form in enumerate(self.forms):
            is_typed = form.is_bound and bool(form.touched_fields or form.errors)
            cells = [
                render_cell(form[name], label=label, css_class=css_class, is_editable=form.is_editable)
                for name, (label, css_class) in headings.items()
            ]
            values = {"at": at + 1, "row": "" if form.is_new else form.instance}
            summary, details = self._summary(form)
            yield {
                "number": str(at),
                "place": str(at + 1),
                "labels": {what: text % values for what, text in labels.items()},
                "form": form,
                "row": None if form.is_new else form.instance,
                "pk": "" if form.is_new else str(form.instance.pk),
                "address": f"{root}{form.instance.pk}/" if root and not form.is_new else "",
                "is_editable": form.is_editable,
                "is_folded": not form.is_new and not is_typed,
                "summary": summary,
                "details": details,
                "cells": cells,
                "errors": self._errors(form),
                "warnings": self.warnings.get(at, []),
            }

    @staticmethod
    def _errors(form: RowForm) -> list[tuple[str, str]]:
        """Return the errors of a line: (name of the cell or "", ‘끝: …’). A column is too narrow for them."""
        if not form.is_bound:
            return []
        cells = [(form[name], texts) for name, texts in form.errors.items() if name != NON_FIELD_ERRORS]
        texts_of_cells = [(cell.html_name, f"{cell.label}: {' '.join(texts)}") for cell, texts in cells]
        return [("", text) for text in form.non_field_errors()] + texts_of_cells

    def _summary(self, form: RowForm) -> tuple[str, str]:
        """Return the texts of a folded line: the row's title and its other cells; both empty for a blank line."""
        if form.is_new and not (form.is_bound and form.touched_fields):
            return "", ""
        drawn = {VERSION, *(name for name, field in form.fields.items() if getattr(field, "cell_template", ""))}
        texts = {name: self._shown_text(form, name) for name in form.fields if name not in drawn}
        title = texts.pop(next((name for name in TITLE_FIELDS if name in texts), next(iter(texts))))
        return title or ("" if form.is_new else str(form.instance)), " · ".join(filter(None, texts.values()))

    @staticmethod
    def _shown_text(form: RowForm, name: str) -> str:
        """Return the text of a cell in a summary; for a checked box, its label."""
        text, field = form.current_text(name), form.fields[name]
        return str(field.label) if text and isinstance(field, YesCell) else text

    def add_warnings(self) -> None:
        """Collect the sheet's warnings about the lines."""
        self.warnings = self.context.sheet.row_warnings(self.context.conference, self.forms)

    def suggest_values(self) -> None:
        """Let every new line suggest values from the line before."""
        before = None
        for form in self.forms:
            if form.is_new and not (form.is_bound and not form.touched_fields):
                self._suggest_parent(form, before)
                form.suggest_from_previous(before)
            if form.is_new and not form.is_bound:
                form.initial[VERSION] = form.seen_token()  # so that an unchanged suggestion does not count as typed
            if not (form.is_bound and form.is_new and not form.touched_fields):  # no suggestions come from a blank line
                before = form

    def _suggest_parent(self, form: RowForm, before: RowForm | None) -> None:
        """Suggest the parent: that of the line before, or the only one there is."""
        name = self.context.sheet.parent_field
        parent = form.fields.get(name)
        if isinstance(parent, ReferenceField) and parent.required and not isinstance(parent, PersonField):
            texts = self.references.index_of(parent.model).names
            only = texts[0] if len(texts) == 1 else ""
            form.suggest(name, before.current_text(name) if before else only)

    @property
    def changed_forms(self) -> list[RowForm]:
        """Lines to save: those that the person changed."""
        return [form for form in self.forms if form.is_bound and form.touched_fields]

    @property
    def checked_forms(self) -> list[RowForm]:
        """Lines to save that must be right: not those of vanished rows where no row is made anew."""
        return [form for form in self.changed_forms if self.context.can_add or form not in self.lost]

    @property
    def new_order(self) -> tuple[list[RowForm], int]:
        """The lines in the order to store and their first position; people who may not move lines add at the end."""
        if not self.context.sheet.is_ordered:
            return [], 0
        fresh = [form for form in self.changed_forms if form.is_new]
        stored = [form.instance.pk for form in self.forms if not form.is_new]
        if self.can_reorder and (fresh or stored != [pk for pk in self.rows if pk in stored]):
            return [form for form in self.forms if not form.is_new or form in fresh], self.context.first_position
        return fresh, self.context.all_rows.count() if fresh else 0


def load_page(context: SheetContext) -> Table:
    """Return one page of the stored table, with a few blank lines if the person may add rows."""
    start = context.first_position
    table = load_rows(context, context.rows[start : start + context.sheet.page_size])
    if context.can_add:
        table.forms += [table.build_form(len(table.forms) + at) for at in range(BLANK_LINES)]
    table.suggest_values()
    table.add_warnings()
    return table


def load_rows(context: SheetContext, rows: Iterable[Any]) -> Table:
    """Return those rows as a table."""
    table, rows = Table(context, ReferenceIndex(context.conference)), list(rows)
    for row in rows[:1]:
        context.sheet.form_class.prime_cache(context.conference, row)
    table.forms = [table.build_form(at, row=row) for at, row in enumerate(rows)]
    table.rows = [form.instance.pk for form in table.forms]
    return table


def load_sent(context: SheetContext, lines: TableLines, *, is_checked: bool) -> Table:
    """Return the table as it was sent. A row of another scope is not found; its line counts as lost.

    Raises PermissionDenied for a line that the person may not change.
    """
    table = Table(context, ReferenceIndex(context.conference))
    rows = _find_rows(context, lines)
    table.rows = list(rows)
    _drop_vanished_lines(table, lines, rows)
    data = lines.as_data()
    for at, line in enumerate(lines.sent):
        row = rows.get(_row_key(line))
        form = table.build_form(at, row=row, data=data if has_cells(line) else None)
        table.forms.append(form)
        if row is None and _row_key(line):
            table.lost.append(form)
        elif form.is_bound and not form.is_editable:
            raise PermissionDenied
    staying = {form.instance.pk for form in table.forms}
    table.deleted = {rows[pk]: seen for pk, seen in lines.gone.items() if pk in rows and pk not in staying}
    if table.deleted and not (context.can_remove and all(map(context.can_edit_row, table.deleted))):
        raise PermissionDenied
    table.suggest_values()
    changed = table.checked_forms
    for form in table.forms:
        if not is_checked or form not in changed:
            form.skip_validation()
    if is_checked:
        leaving = [row.pk for row in table.deleted] + [form.instance.pk for form in changed if not form.is_new]
        unique.check(changed, context.all_rows.exclude(pk__in=leaving))
    return table


def _drop_vanished_lines(table: Table, lines: TableLines, rows: dict[int | None, Row]) -> None:
    """Drop lines whose row was deleted and in which nothing was typed; a row has one line only."""
    data, lines_left, seen = lines.as_data(), [], set()
    for at, line in enumerate(lines.sent):
        key = _row_key(line)
        if key in seen:
            line.pop(ID)
        elif key and key not in rows and not (has_cells(line) and table.build_form(at, data=data).touched_fields):
            continue
        seen |= {key} - {None}
        lines_left.append(line)
    lines.sent = lines_left


def has_cells(line: SentLine) -> bool:
    """Whether the line has cells; of a row that the person may not change, only the key is sent."""
    return any(name not in {ID, VERSION} for name in line)


def _find_rows(context: SheetContext, lines: TableLines) -> dict[int | None, Row]:
    keys = {*map(_row_key, lines.sent), *lines.gone} - {None}
    return {row.pk: row for row in context.all_rows.filter(pk__in=keys)} if keys else {}


def _row_key(line: Mapping[str, list[str]]) -> int | None:
    return parse_whole_number("".join(line.get(ID, [])[-1:]))
