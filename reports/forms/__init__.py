"""Forms of a report, and what they share."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms

from rows.fields import clean_text

UP, DOWN, DROP = "up", "down", "drop"  # what the button of a line does: ``up:KEY``


def form_helper(button: Any, *, action: str = "") -> FormHelper:
    """Return a crispy helper with one submit button."""
    frame = FormHelper()
    frame.form_action = action
    frame.add_input(Submit("save", button))
    return frame


class LinesInput(forms.CharField):
    """A list of texts, one on each line."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        return [line.strip() for line in clean_text(super().clean(value)).splitlines() if line.strip()]
