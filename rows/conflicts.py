"""A row that another person saved after a form of it was opened: what both wrote, and page 409 to choose field by field.

A form sends back what its page showed (``version``), so that a change by another person is noticed, and told from what the
person changed. Every page on which rows are edited uses it, so there is one exception, one token and one page.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self
from zlib import crc32

from django import forms
from django.db import models
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from rows.recording import RecordedRow
from rows.whole_numbers import parse_whole_number

VERSION = "version"
PICK, THEIRS, MINE = "pick:", "theirs:", "mine"


@dataclass(frozen=True)
class FieldConflict:
    """One field of one row that two people changed differently. ``name`` is its name in the form."""

    name: str
    label: str
    mine: str
    theirs: str
    is_mine: bool  # whether the person changed the field; then the page proposes this value
    shown_mine: str = ""  # what the page says in place of a value that only the form understands
    shown_theirs: str = ""
    has_several: bool = False  # whether each line of ``theirs`` is a value of its own

    @property
    def their_values(self) -> list[str]:
        """What a form sends that says the same as theirs."""
        return self.theirs.split("\n") if self.has_several else [self.theirs]


@dataclass(frozen=True)
class Conflict:
    """A row that another person saved or deleted after the page was opened. ``form``: None if it was to be deleted."""

    form: Any
    row: Any  # None: deleted
    fields: list[FieldConflict]
    by: Any
    at: Any


class SaveConflict(Exception):
    """Another person saved some of the rows in the meantime; nothing was written."""

    def __init__(self, conflicts: list[Conflict]) -> None:
        self.conflicts = conflicts
        super().__init__(conflicts)


class SeenForm(forms.ModelForm):
    """A form of one row that knows what its page showed."""

    version = forms.CharField(required=False, max_length=1000, widget=forms.HiddenInput)

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        """Give the token that the page sends back."""
        if field_name == VERSION and VERSION not in self.initial:
            return self.seen_token()
        return super().get_initial_for_field(field, field_name)

    @property
    def is_new(self) -> bool:
        """Whether the row is not stored yet."""
        return self.instance._state.adding

    def seen_token(self) -> str:
        """Return the row's version and a checksum of each field's text, to compare later with what the page showed."""
        sums = [checksum(self.stored_text(name)) for name in self.fields if name != VERSION]
        return ".".join([self._version_of(sums), *sums])

    def _version_of(self, sums: list[str]) -> str:
        """Return the row's version; for a row without one (a contact has no history), a checksum of its texts."""
        return str(getattr(self.instance, VERSION, checksum(".".join(sums))))

    def with_row(self, row: Any) -> Self:
        """Return this form for ``row`` as it is stored now."""
        return type(self)(instance=row, prefix=self.prefix)

    def seen_token_of(self, row: models.Model) -> str:
        """Return the token of a page that shows ``row`` as it is stored now."""
        return self.with_row(row).seen_token()

    def stored_text(self, name: str) -> str:
        """Return the text of a field as it is stored now."""
        return _to_text(self.fields[name].prepare_value(self.get_initial_for_field(self.fields[name], name)))

    def sent_text(self, name: str) -> str:
        """Return the text of a field as it was sent."""
        return _to_text(self[name].data)

    @cached_property
    def touched_fields(self) -> list[str]:
        """Fields that the person changed after the page was opened. Changes by other people do not count."""
        names = [name for name in self.fields if name != VERSION]
        seen = self._seen_parts[1:]
        if len(seen) != len(names):  # not sent by our page: all fields that differ from the row
            return self._changed_fields
        sent = zip(names, seen, strict=True)
        return [name for name, was in sent if not self.fields[name].disabled and checksum(self.sent_text(name)) != was]

    @cached_property
    def _changed_fields(self) -> list[str]:
        return [name for name in super().changed_data if name != VERSION]

    @property
    def seen_version_number(self) -> int:
        """The same as a number; -1, which no row has, if it is none."""
        number = parse_whole_number(self.seen_version)
        return -1 if number is None else number

    @property
    def seen_version(self) -> str:
        """The row's version when the page was opened; "" if the page did not send it."""
        return self._seen_parts[0]

    @property
    def _seen_parts(self) -> list[str]:
        return self.sent_text(VERSION).split(".")

    def require_unchanged(self, stored_row: models.Model) -> None:
        """Compare with the row as it is stored now, and locked. Raises SaveConflict if another person changed it."""
        if self.seen_version not in {"", self.seen_token_of(stored_row).partition(".")[0]}:
            raise SaveConflict([self.compare_with(stored_row)])

    def compare_with(self, stored_row: models.Model) -> Conflict:
        """Return the fields that differ from the row as it is stored now, and who saved it when."""
        stored_form = self.with_row(stored_row)
        names = [name for name, field in stored_form.fields.items() if name != VERSION and not field.disabled]
        fields = [
            self._compare_field(name, stored_form.stored_text(name))
            for name in names
            if checksum(self.sent_text(name)) != checksum(stored_form.stored_text(name))
        ]
        return Conflict(self, stored_row, fields, *last_change(stored_row))

    def _compare_field(self, name: str, theirs: str) -> FieldConflict:
        field, mine = self.fields[name], self.sent_text(name)
        shown = (_choice_label(field, mine), _choice_label(field, theirs))
        several = isinstance(field, forms.MultipleChoiceField)
        label, is_mine = str(field.label), name in self.touched_fields
        return FieldConflict(self.add_prefix(name), label, mine, theirs, is_mine, *shown, has_several=several)


def last_change(row: Any) -> tuple[Any, Any]:
    """Return who changed the row last, and when."""
    last = row.history.select_related("by").first() if isinstance(row, RecordedRow) else None
    return (last.by, last.at) if last else (None, None)


def _to_text(value: Any) -> str:
    """Return a value as one text: several choices as one line each."""
    return "\n".join(map(str, value)) if isinstance(value, list | tuple) else str(value or "")


def _choice_label(field: forms.Field, value: str) -> str:
    """Return the words of choices or of a box to tick; "" for a field whose text is its value."""
    if isinstance(field, forms.BooleanField):
        return _("예") if value else _("아니오")
    return "\n".join(str(label) for key, label in getattr(field, "choices", ()) if str(key) in value.split("\n"))


def checksum(text: str) -> str:
    """Return a short checksum of a text, whatever its line ends and its outer blanks."""
    plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()
    return f"{crc32(plain.encode(errors='replace')):08x}"


def conflict_page(
    request: HttpRequest, conflict: SaveConflict, *, frame: str, action: str, back: str, title: Any, **context: Any
) -> HttpResponse:
    """Show both versions of each row and keep all that was typed.

    ``frame``: the template around the page, with the blocks of ``desk/frame.html``. ``action``: address for the choice.
    ``back``, ``title``: address and name of the page to which one returns without saving.
    """
    sent = apply_choices(request.POST)
    for each in conflict.conflicts:
        if each.form is not None and each.row is not None:
            sent[each.form.add_prefix(VERSION)] = each.form.seen_token_of(each.row)
    return render_conflict(request, conflict, sent, frame=frame, action=action, back=back, title=title, **context)


def render_conflict(request: HttpRequest, conflict: SaveConflict, sent: QueryDict, **context: Any) -> HttpResponse:
    """Render page 409. ``sent``: what was typed, as it is sent again with the choices."""
    sent.pop("csrfmiddlewaretoken", None)
    hidden = [(name, value) for name, values in sent.lists() for value in values]
    context |= {"conflicts": conflict.conflicts, "hidden": hidden}
    return render(request, "rows/conflict.html", context, status=409)


def apply_choices(posted: QueryDict) -> QueryDict:
    """Return the sent data, with the choices of the conflict page applied."""
    data = posted.copy()
    for key in posted:
        name = key.removeprefix(PICK)
        if name != key and posted[key] != MINE:
            data.setlist(name, posted.getlist(f"{THEIRS}{name}"))
    for key in [key for key in data if key.startswith((PICK, THEIRS))]:
        del data[key]
    return data
