"""A choice of several rows by checkboxes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

KEY_LETTERS = len(str(2**63)) - 1  # digits of a primary key; a database can hold every number of that length
NOT_THERE = _("목록에 없는 것을 골랐습니다. 목록에서 다시 골라 주세요.")


class RowsField(forms.ModelMultipleChoiceField):
    """Rows by their keys. A key that is too long for the database names no row, and a query with it would fail."""

    default_error_messages = {"invalid_choice": NOT_THERE, "invalid_pk_value": NOT_THERE}

    def clean(self, value: Any) -> QuerySet:
        if any(len(str(key)) > KEY_LETTERS for key in value or ()):
            raise ValidationError(NOT_THERE, code="invalid_choice")
        return super().clean(value)
