"""Fields and data of a form with their exact types, because Django's own types say only ``Field`` and ``Mapping``."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.http import QueryDict


def sent_data(form: forms.BaseForm) -> QueryDict:
    """Return what was sent with the form; make it changeable."""
    form.data = data = cast("QueryDict", form.data).copy()
    return data


def choice_of(form: forms.BaseForm, name: str) -> forms.ChoiceField:
    """Return a field that chooses one of its ``choices``."""
    return cast("forms.ChoiceField", form.fields[name])


def row_choice_of(form: forms.BaseForm, name: str) -> forms.ModelChoiceField[Any]:
    """Return a field that chooses one or several rows of its ``queryset``."""
    return cast("forms.ModelChoiceField[Any]", form.fields[name])
