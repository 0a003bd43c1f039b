"""Fields of a form with their exact types, because Django's own types say only ``Field``."""

from __future__ import annotations

from typing import Any, cast

from django import forms


def choice_of(form: forms.BaseForm, name: str) -> forms.ChoiceField:
    """Return a field that chooses one of its ``choices``."""
    return cast("forms.ChoiceField", form.fields[name])


def row_choice_of(form: forms.BaseForm, name: str) -> forms.ModelChoiceField[Any]:
    """Return a field that chooses one or several rows of its ``queryset``."""
    return cast("forms.ModelChoiceField[Any]", form.fields[name])
