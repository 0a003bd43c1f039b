"""The one base of every form that edits a row: cells for its fields, its version, its rights."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.db import models
from django.utils.translation import gettext as _

from conference.forms import cells
from conference.forms.cells import NamedCell, Names, YesCell
from conference.models import Row

VERSION = "version"


class RowForm(forms.ModelForm):
    """A form for one row, on a page of its own or as a line of a table (``columns``).

    ``preset``: what new rows of this page have in common (the track whose meetings are shown); it is not asked.
    """

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        formfield_callback = staticmethod(cells.cell)

    def __init__(
        self,
        *args: Any,
        names: Names,
        columns: Iterable[str] | None = None,
        preset: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.names, self.conference, self.is_line = names, names.conference, columns is not None
        wanted = [*columns, VERSION] if columns is not None else list(self.fields)
        for name in [name for name in self.fields if name not in wanted or name in (preset or {})]:
            del self.fields[name]
        if columns is not None:
            self.order_fields(wanted)
        for name, value in (preset or {}).items():
            if self.instance._state.adding:  # noqa: SLF001 (Django documents it)
                setattr(self.instance, name, value)
        self._owned_by_the_conference()
        for field in self.fields.values():
            self._fit(field)
        self.fields[VERSION].initial = self.instance.version
        self.show_extras()

    def _owned_by_the_conference(self) -> None:
        if any(field.name == "conference" for field in self.instance._meta.fields):  # noqa: SLF001
            self.instance.conference = self.conference

    def _fit(self, field: forms.Field) -> None:
        if isinstance(field, NamedCell):
            field.bind(self.names)
        if isinstance(field, cells.DayCell):
            field.year = self.conference.starts_at.astimezone(cells.SEOUL).year
        if self.is_line:
            field.help_text = ""
            if isinstance(field.widget, cells.Several):
                field.widget.attrs["rows"] = 1
        elif isinstance(field, YesCell):
            field.widget = forms.CheckboxInput(
                attrs={"value": str(YesCell.YES)}, check_test=lambda shown: shown == str(YesCell.YES)
            )

    # ── for the forms of single models to fill in ──
    def show_extras(self) -> None:
        """Give initial values to fields that the model does not have."""

    def follow(self, before: RowForm | None) -> None:
        """Propose what comes after the line before; called before the lines are read, from the first to the last."""

    def keep_extras(self, row: Any) -> None:
        """Save what is no field of the model, after the row."""

    # ── reading ──
    @property
    def is_blank(self) -> bool:
        """Whether a new line has nothing typed in it."""
        return self.instance._state.adding and not self.has_changed()  # noqa: SLF001

    @property
    def changed_data(self) -> list[str]:
        """Names of the fields that differ from the row; the version is none of them."""
        return [name for name in super().changed_data if name != VERSION]

    def _get_validation_exclusions(self) -> set[str]:
        """Leave alone what this form does not ask, and persons that are made with the row."""
        fresh = {
            name
            for name, value in self.cleaned_data.items()
            if isinstance(value, models.Model) and value._state.adding  # noqa: SLF001
        }
        hidden = {field.name for field in self.instance._meta.fields} - set(self.fields) - {"conference"}  # noqa: SLF001
        return (super()._get_validation_exclusions() | fresh | hidden) - {"conference"}

    def _post_clean(self) -> None:
        """Put what the model's rules refuse at the field that it is about (``violation_error_code``)."""
        super()._post_clean()
        refused = self._errors.pop(NON_FIELD_ERRORS, None)
        for error in refused.as_data() if refused else []:
            if error.code == "unique_together":
                same = [name for name in error.params["unique_check"] if name in self.fields]
                labels = ", ".join(str(self.fields[name].label) for name in same)
                self.add_error(
                    same[-1] if same else None, _("같은 %(labels)s이(가) 이미 있습니다.") % {"labels": labels}
                )
            else:
                self.add_error(error.code if error.code in self.fields else None, error)

    def keep(self) -> Any:
        """Save the row, the persons it names for the first time, and what hangs on it."""
        row: Row = self.instance
        for value in self.cleaned_data.values():
            for found in value if isinstance(value, list | tuple) else [value]:
                if isinstance(found, models.Model) and found._state.adding:  # noqa: SLF001
                    found.save()
        for name in [name for name in self.changed_data if name in row.as_written]:
            del row.as_written[name]  # what the source said was the old value
        row.save()
        many = {field.name for field in row._meta.many_to_many}  # noqa: SLF001
        for name in many & set(self.cleaned_data):
            getattr(row, name).set(self.cleaned_data[name])
        self.keep_extras(row)
        return row
