"""The cell of a model's field."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models

from conference.models import Person
from rows.fields import LinesField
from sheets.cells import ChoiceCell, LinesCell, NullTextCell, NumberCell, TextCell, YesCell
from sheets.references import MultiReferenceField, PersonField, ReferenceField
from sheets.times import DateCell, DateTimeCell, TimeCell


def make_cell(field: models.Field, **kwargs: Any) -> forms.Field | None:
    """Return the cell of a model's field (``Meta.formfield_callback`` of every row's form)."""
    kwargs = {"label": field.verbose_name, "required": not field.blank, "help_text": field.help_text} | kwargs
    kwargs = {
        name: value for name, value in kwargs.items() if name in {"label", "required", "help_text", "widget", "initial"}
    }
    if field.has_default() and not callable(field.default):
        kwargs.setdefault("initial", field.default)
    if field.many_to_many:
        return MultiReferenceField(model=field.related_model, **kwargs)
    if field.is_relation:
        return (
            PersonField(**kwargs)
            if field.related_model is Person
            else ReferenceField(model=field.related_model, **kwargs)
        )
    if field.choices:
        return ChoiceCell(choices=field.flatchoices, empty=None if field.null else "", **kwargs)
    for kind, make in CELL_FACTORIES.items():
        if isinstance(field, kind):
            return make(field, kwargs)
    raise TypeError(field)


CELL_FACTORIES = {
    LinesField: lambda _field, kwargs: LinesCell(**kwargs | {"required": False}),
    models.BooleanField: lambda _field, kwargs: YesCell(**kwargs),
    models.IntegerField: lambda _field, kwargs: NumberCell(**kwargs),
    models.DateTimeField: lambda _field, kwargs: DateTimeCell(**kwargs),
    models.DateField: lambda _field, kwargs: DateCell(**kwargs),
    models.TimeField: lambda _field, kwargs: TimeCell(**kwargs),
    models.TextField: lambda field, kwargs: TextCell(max_length=field.max_length, is_long=True, **kwargs),
    models.CharField: lambda field, kwargs: (NullTextCell if field.null else TextCell)(
        max_length=field.max_length, **kwargs
    ),
}
