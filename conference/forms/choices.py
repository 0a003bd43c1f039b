"""Rows that a form offers to choose from: several by ticking them, or none because there are none."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from conference.forms.cells import Chooser
from conference.forms.names import NamedCell

KEY_LETTERS = len(str(2**63)) - 1  # of a primary key; every number so short is one to a database
NOT_THERE = _("목록에 없는 것을 골랐습니다. 목록에서 다시 골라 주세요.")


class RowsField(forms.ModelMultipleChoiceField):
    """Rows by their keys. A key that is too long for a database is no row's: to ask for it would be an error of ours."""

    default_error_messages = {"invalid_choice": NOT_THERE, "invalid_pk_value": NOT_THERE}

    def clean(self, value: Any) -> QuerySet:
        if any(len(str(key)) > KEY_LETTERS for key in value or ()):
            raise ValidationError(NOT_THERE, code="invalid_choice")
        return super().clean(value)


def offered(field: forms.Field) -> type[Model] | None:
    """Return the model of whose rows a field offers some; None where it offers something else."""
    if isinstance(field, forms.ModelChoiceField):
        return field.queryset.model
    return field.model if isinstance(field, NamedCell) else None


def is_without_choice(bound: forms.BoundField) -> bool:
    """Whether a list of rows has none to choose from; one that is typed into is no such list."""
    field = bound.field
    if isinstance(field, NamedCell):
        return isinstance(field.widget, Chooser) and not any(field.widget.texts)
    if not isinstance(field, forms.ModelChoiceField):
        return False
    is_group = isinstance(field.widget, forms.RadioSelect)
    return not bound.subwidgets if is_group else not field.queryset.exists()
