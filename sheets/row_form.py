"""The base class of every form that edits one row: its cells, its version and the permissions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import Any, ClassVar, Protocol, Self

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.utils.translation import gettext as _

from accounts.models import User
from conference.models import Conference, Person
from rows.conflicts import VERSION, SeenForm, checksum
from rows.models import Row
from sheets.cells import CellField, NullTextCell, NumberCell, YesCell, YesCheckbox
from sheets.fast_widgets import FastHiddenInput, FastTextarea
from sheets.field_cells import make_cell
from sheets.references import ReferenceField, ReferenceIndex
from sheets.times import set_example_dates


class SheetPermissions(Protocol):
    """What one person may do in a scope: ``conference.permissions.ConferencePermissions``, or a scope's own."""

    @property
    def can_edit_all(self) -> bool:
        """Whether every row may be edited."""


class RowForm(SeenForm):
    """A form for one row, on a page of its own or as a line of a table (``columns``).

    ``preset``: values that all new rows of this page have (the track whose meetings are shown); the form has no field for
    them. ``share_fields_with``: another line of the same table, whose fields are used again, because creating them is slow.
    """

    layout: tuple[str, ...] = ()  # each text names the fields of one row of the page
    suggest_when_cleared: frozenset[str] = frozenset()  # fields that get the suggested value when they are cleared
    extra_headings: ClassVar[dict[str, str]] = {}  # headings of pasted columns besides the labels → field
    implied_columns: Mapping[
        str, tuple[CellField, Any]
    ] = {}  # column hidden in this table → (its cell, the only value it can have)

    is_editable: bool  # whether the person may edit it; set by the table
    helper: Any  # how its page is drawn; set by the view

    version = forms.CharField(required=False, max_length=1000, widget=FastHiddenInput)

    class Meta:
        formfield_callback = staticmethod(make_cell)

    def __init__(
        self,
        *args: Any,
        references: ReferenceIndex,
        columns: Iterable[str] | None = None,
        preset: dict[str, Any] | None = None,
        permissions: SheetPermissions | None = None,
        share_fields_with: RowForm | None = None,
        **kwargs: Any,
    ) -> None:
        if share_fields_with is not None:
            self.base_fields = {}  # otherwise Django would copy every field
        super().__init__(*args, **kwargs)
        self.permissions = permissions
        self.references, self.conference, self.is_line = references, references.conference, columns is not None
        self.columns, self.preset = columns, preset or {}
        for name, value in self.preset.items():
            if self.is_new:
                setattr(self.instance, name, value)
        self._set_conference()
        if share_fields_with is not None:
            self.fields = dict(share_fields_with.fields)
        else:
            self._select_fields()
        for name, field in self.fields.items():
            if isinstance(field, NullTextCell) and self.initial.get(name) == "":
                self.initial[name] = field.NONE  # "" is stored for “none”; an empty field is null
        self.set_extra_initial()
        self.initial[VERSION] = self.seen_token()

    def _select_fields(self) -> None:
        field_names = [*self.columns, VERSION] if self.is_line else list(self.fields)
        for name in [name for name in self.fields if name not in field_names or name in self.preset]:
            del self.fields[name]
        if self.is_line:
            self.order_fields(field_names)
        as_written = getattr(self.instance, "as_written", {})
        for name, field in self.fields.items():
            self._prepare_field(field, as_written.get(name))
        set_example_dates(self.fields, starts_at=self.conference.starts_at, ends_at=self.conference.ends_at)

    def _set_conference(self) -> None:
        if any(field.name == "conference" for field in self.instance._meta.fields):
            self.instance.conference = self.conference

    def _prepare_field(self, field: forms.Field, as_written: str | None) -> None:
        if isinstance(field, ReferenceField):
            field.bind(self.references)
        if isinstance(field, NumberCell):
            field.can_be_approximate = any(name.endswith("_approximate") for name in self.fields)
        if self.is_line:
            field.help_text = ""
            if isinstance(field.widget, FastTextarea):
                field.widget.attrs["rows"] = 1
        elif isinstance(field, YesCell):
            field.widget = YesCheckbox()
        if as_written and not self.is_line:
            source_text = _("원문: %(text)s") % {"text": as_written}
            field.help_text = f"{field.help_text} {source_text}".strip()

    # ── overridden by the forms of single models ──
    def set_extra_initial(self) -> None:
        """Give initial values to fields that the model does not have."""

    @classmethod
    def prime_cache(cls, conference: Conference, row: Row) -> None:
        """Cache on the conference the annotations of a stored row (``Sheet.annotations``): blank lines need no query."""

    def suggest_from_previous(self, before: Self | None) -> None:
        """Suggest values for a new line from the line before and from its own text. Called from the first line to the last."""

    def suggest(self, name: str, text: str) -> None:
        """Show a suggested text in a new line; it is saved if the person types anything else in the line."""
        if not self.is_bound:
            self.initial[name] = text
        elif name in self.fields and (
            name not in self.touched_fields or (name in self.suggest_when_cleared and not self.sent_text(name))
        ):
            self.data[self.add_prefix(name)] = text
            seen, names = self._seen_parts, [name for name in self.fields if name != VERSION]
            if len(seen) > len(names):  # the token must contain the suggestion, to recognise a typed text
                seen[names.index(name) + 1] = checksum(text)
                self.data[self.add_prefix(VERSION)] = ".".join(seen)

    @classmethod
    def save_extras(cls, forms: Sequence[Self], *, by: User) -> None:
        """Save what is no field of the model, for all saved rows; errors are added to their forms."""

    def layout_rows(self) -> list[list[str]]:
        """Return the names of the fields on the row's page, row by row."""
        rows_of_several = [[name for name in row.split() if name in self.fields] for row in self.layout]
        rows = [next((row for row in rows_of_several if name in row), [name]) for name in self.fields]
        return [row for at, row in enumerate(rows) if row not in rows[:at]]

    # ── what the person saw ──
    def with_row(self, row: Any) -> Self:
        """Return this form for ``row`` as it is stored now."""
        return type(self)(
            instance=row,
            references=self.references,
            columns=self.columns,
            preset=self.preset,
            permissions=self.permissions,
            prefix=self.prefix,
            share_fields_with=self if self.is_line else None,
        )

    def current_text(self, name: str) -> str:
        """Return the text that the page shows in the field: sent, else stored or suggested."""
        if name not in self.fields:
            return ""
        return self.sent_text(name) if self.is_bound else self.stored_text(name)

    def skip_validation(self) -> None:
        """Report no errors: the line was not touched, or is not checked yet."""
        self._errors, self.cleaned_data = forms.utils.ErrorDict(), {}

    def add_errors(self, error: ValidationError) -> None:
        """Add the errors that a function raised, to their fields if the form has them, else to the form."""
        for name, errors in error.error_dict.items() if hasattr(error, "error_dict") else [(None, [error])]:
            self.add_error(name if name in self.fields else None, errors)

    @property
    def is_stale(self) -> bool:
        """Whether another person saved the row after this page was opened."""
        now = getattr(self.instance, VERSION, None)
        stored = self.initial[VERSION].partition(".")[0] if now is None else str(now)
        return not self.is_new and self.seen_version not in {"", stored}

    # ── reading ──
    @cached_property
    def changed_data(self) -> list[str]:
        """Names of the fields that the person changed and that differ from the row, without the version."""
        # an untouched field that differs was changed meanwhile through another row (a session's presenters): it is kept
        return [name for name in self._changed_fields if name in self.touched_fields]

    def _get_validation_exclusions(self) -> set[str]:
        """Exclude fields that the form does not show, and persons that are created with the row.

        For a line of a table, exclude references too: their rows were just looked up, and rules about them need queries.
        """
        fresh = {
            name for name, value in self.cleaned_data.items() if isinstance(value, models.Model) and value._state.adding
        }
        fields = self.instance._meta.fields
        hidden = {field.name for field in fields} - {*self.fields, *self.preset, "conference"}
        if self.is_line:
            return super()._get_validation_exclusions() | hidden | {field.name for field in fields if field.is_relation}
        return (super()._get_validation_exclusions() | fresh | hidden) - {"conference", *self.preset}

    def validate_unique(self) -> None:
        """Look for another row of the same name; a table does so for all lines at once (``sheets.unique.check``)."""
        if not self.is_line:
            super().validate_unique()

    def _update_errors(self, errors: ValidationError) -> None:
        """Add errors of fields that the form does not show (``preset``) to the form itself; Django would fail."""
        hidden = [name for name in getattr(errors, "error_dict", {}) if name not in {*self.fields, NON_FIELD_ERRORS}]
        for error in [error for name in hidden for error in errors.error_dict.pop(name)]:
            if error.code in {"unique", "unique_together"}:
                error = ValidationError(_("이미 등록되어 있습니다. 등록된 자료를 찾아 고쳐 주세요."))  # noqa: PLW2901
            self.add_error(None, error)
        super()._update_errors(errors)

    def add_duplicate_error(self, names: Iterable[str]) -> None:
        """Add the error that another row has the same ``names``, to the last of them that the form shows."""
        same = [name for name in names if name in self.fields]
        *others, label = [str(self.fields[name].label) for name in same] or [_("자료")]
        text = _("같은 %(others)s에 이미 있는 %(label)s입니다.") if others else _("이미 있는 %(label)s입니다.")
        self.add_error(same[-1] if same else None, text % {"others": "·".join(others), "label": label})

    def _check_row_constraints(self, exclude: Iterable[str] | None = None) -> None:
        """Check only the constraints on fields of this line; Django would also check the others, which is slow."""
        asked = {*self.fields} - {*(exclude or ())}
        for rule in self.instance._meta.constraints:
            if isinstance(rule, models.CheckConstraint) and rule.condition.referenced_base_fields <= asked:
                rule.validate(type(self.instance), self.instance, exclude=exclude)

    def _post_clean(self) -> None:
        """Move errors of the model's constraints to the field they are about (``violation_error_code``)."""
        if self.is_line:
            self.instance.validate_constraints = self._check_row_constraints
        super()._post_clean()
        errors = self._errors.pop(NON_FIELD_ERRORS, None)
        for error in errors.as_data() if errors else []:
            if error.code == "unique_together":
                self.add_duplicate_error(error.params["unique_check"])
            else:
                self.add_error(error.code if error.code in self.fields else None, error)

    def new_persons(self) -> Iterator[Person]:
        """Yield the persons named in the form who are not stored yet."""
        values = self.cleaned_data.values()
        items = chain.from_iterable(value if isinstance(value, list | tuple) else [value] for value in values)
        return (item for item in items if isinstance(item, Person) and item._state.adding)

    def save_row(self) -> None:
        """Save the row. The persons that it names are stored already."""
        row: Row = self.instance
        for name in [name for name in self.changed_data if name in getattr(row, "as_written", {})]:
            del row.as_written[name]  # it quotes the source of the old value
        row.save()
        many = {field.name for field in row._meta.many_to_many if field.editable}  # rooms are assigned by the timetable
        for name in many & set(self.cleaned_data):
            getattr(row, name).set(self.cleaned_data[name])

    def refresh_version(self, stored_row: Row) -> None:
        """Take over the version of the stored row, which is locked."""
        if hasattr(stored_row, VERSION):
            self.instance.version = stored_row.version
        else:
            self.initial[VERSION] = self.with_row(stored_row).seen_token()

    def reset_to_new(self) -> None:
        """Mark the row as new again, after the transaction that created it was rolled back."""
        self.instance.pk, self.instance._state.adding = None, True
