"""The widgets and cells that are drawn without a template, because a table has hundreds of them.

Django itself decides what a widget shows (``get_context``); only its tag is put together here, in a fraction of the
time. Each widget is compared with Django's own in ``tests/sheets/test_fast_widgets.py``.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from html import escape as escape_html
from typing import Any

from django import forms
from django.template.defaultfilters import linebreaksbr
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from korean.particles import choose_particles


def open_tag(tag: str, attrs: dict[str, Any]) -> str:
    """Return a tag with its attributes as Django's templates draw it: True is a name alone, False is left out."""
    text = "".join(
        f" {key}" if value is True else f' {key}="{escape_html(str(value))}"'
        for key, value in attrs.items()
        if value is not False
    )
    return f"<{tag}{text}>"


class FastInput(forms.widgets.Input):
    """Any input."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Draw the input."""
        widget = self.get_context(name, value, attrs)["widget"]
        shown = {} if widget["value"] is None else {"value": widget["value"]}
        return mark_safe(open_tag("input", {"type": widget["type"], "name": name, **shown, **widget["attrs"]}))


class FastTextInput(FastInput, forms.TextInput):
    """One line."""


class FastHiddenInput(FastInput, forms.HiddenInput):
    """A hidden value."""


class FastTextarea(forms.Textarea):
    """Several lines."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Draw the box; a browser leaves out the line end after the tag, so that a leading one of ours stays."""
        widget = self.get_context(name, value, attrs)["widget"]
        return mark_safe(
            f"{open_tag('textarea', {'name': name, **widget['attrs']})}\n{escape_html(widget['value'] or '')}</textarea>"
        )


class FastTextSelect(forms.Select):
    """A list of texts. A text that is not in the list is kept and shown: a browser would send the first in its place."""

    def __init__(self, texts: Iterable[str] = (), attrs: Any = None) -> None:
        super().__init__(attrs)
        self.texts = list(texts)

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Draw the list."""
        value = "" if value is None else str(value)
        options = self.options if value in self.texts else self.options + _option(value)
        options = options.replace(chosen := f'<option value="{escape_html(value)}"', f"{chosen} selected", 1)
        return mark_safe(f"{open_tag('select', {'name': name, **self.attrs, **(attrs or {})})}{options}</select>")

    @cached_property
    def options(self) -> str:
        """The options with nothing chosen: the same in every line."""
        return "".join(map(_option, self.texts))


def _option(text: str) -> str:
    text = escape_html(text)
    return f'<option value="{text}">{text}</option>'


class CellBoundField(forms.BoundField):
    """A bound field whose widget is drawn directly in a table."""

    def as_widget(self, widget: Any = None, attrs: Any = None, only_initial: bool = False) -> SafeString:
        """Draw the cell: in a table labelled by the headings of its line and its column, else with its example.

        In a table with the attributes that Django would find, without asking for the errors of every cell.
        """
        if not getattr(self.form, "is_line", False):
            example = {"placeholder": _("예: %(text)s") % {"text": self.field.example}} if self.field.example else {}
            return super().as_widget(widget, {**example, **(attrs or {})}, only_initial)
        own_attrs: dict[str, Any] = {
            "id": self.auto_id,
            "aria-labelledby": f"place-{self.form.prefix} head-{self.name}",
        }
        if self.field.disabled:
            own_attrs["disabled"] = True
        if self.form.is_bound and self.errors:
            own_attrs |= {"aria-invalid": "true", "aria-describedby": f"{self.auto_id}_error"}
        return self.field.widget.render(self.html_name, self.value(), own_attrs)


def render_read_only(bound: forms.BoundField) -> SafeString:
    """Return the text of a cell for a person who may only read it."""
    value = bound.value()
    return linebreaksbr("" if value is None else str(value))


def render_cell(bound: forms.BoundField, *, label: str, css_class: str, is_editable: bool) -> SafeString:
    """Return a cell of a table with its errors. ``label``: of its column, for screens where a line is a card."""
    errors = [str(text) for text in bound.errors] if bound.form.is_bound else []
    css_class = f"{css_class} is-invalid" if errors else css_class
    content: str
    if cell_template := getattr(bound.field, "cell_template", ""):
        content = render_to_string(cell_template, {"form": bound.form, "text": bound.value()})
    elif is_editable and not getattr(bound.field, "is_shown_only", False):
        content = bound.as_widget()
    else:
        content = render_read_only(bound)
    if errors:
        error_tag = open_tag("span", {"class": "error", "id": f"{bound.auto_id}_error"})
        content += f"{error_tag}{escape_html(choose_particles(' '.join(errors)))}</span>"
    return mark_safe(f"{open_tag('td', {'data-label': label, 'class': css_class})}{content}</td>")
