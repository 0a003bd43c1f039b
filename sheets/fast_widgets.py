"""Widgets rendered without a template, because a table has hundreds of them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from html import escape as escape_html
from typing import Any

from django import forms
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _


def open_tag(tag: str, attrs: dict[str, Any]) -> str:
    """Return a tag as Django would draw it, in a fraction of the time."""
    text = "".join(
        f" {key}" if value is True else f' {key}="{escape_html(str(value))}"'
        for key, value in attrs.items()
        if value is not False
    )
    return f"<{tag}{text}>"


class FastTextSelect(forms.Select):
    """A list of texts, drawn in one go: a table has hundreds. A text that is not in the list is kept and shown."""

    def __init__(self, texts: Iterable[str] = (), attrs: Any = None) -> None:
        super().__init__(attrs)
        self.texts = list(texts)

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Draw the list."""
        value = "" if value is None else str(value)
        options = self.options if value in self.texts else self.options + _option(value)
        options = options.replace(chosen := f'<option value="{escape_html(value)}"', f"{chosen} selected")
        return mark_safe(f"{open_tag('select', {**self.attrs, 'name': name, **(attrs or {})})}{options}</select>")

    @cached_property
    def options(self) -> str:
        """The list with nothing chosen: the same in every line."""
        return "".join(map(_option, self.texts))


def _option(text: str) -> str:
    text = escape_html(text)
    return f'<option value="{text}">{text}</option>'


class FastTextInput(forms.TextInput):
    """An input, drawn without a template: a table has hundreds."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Draw the input."""
        all_attrs = {**self.attrs, "type": self.input_type, "name": name, **(attrs or {})}
        if value not in (None, ""):
            all_attrs["value"] = value
        return mark_safe(open_tag("input", all_attrs))


class FastTextarea(forms.Textarea):
    """Several lines, drawn without a template."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Draw the box; the line end after the tag is eaten by the browser, so that a leading one of ours stays."""
        text = escape_html("" if value is None else str(value))
        return mark_safe(f"{open_tag('textarea', {**self.attrs, 'name': name, **(attrs or {})})}\n{text}</textarea>")


class FastHiddenInput(FastTextInput):
    """What the page remembers, drawn without a template."""

    input_type = "hidden"


class CellBoundField(forms.BoundField):
    """A cell on a page."""

    def as_widget(self, widget: Any = None, attrs: Any = None, only_initial: bool = False) -> SafeString:
        """Render the cell; in a table directly, labelled by the headings of its line and its column."""
        if not getattr(self.form, "is_line", False):
            example = {"placeholder": _("예: %(text)s") % {"text": self.field.example}} if self.field.example else {}
            return super().as_widget(widget, {**example, **(attrs or {})}, only_initial)
        attrs_ = {"id": f"id_{self.html_name}", "aria-labelledby": f"place-{self.form.prefix} head-{self.name}"}
        if self.field.disabled:
            attrs_["disabled"] = True
        if self.form.is_bound and self.errors:
            attrs_ |= {"aria-invalid": "true", "aria-describedby": f"{attrs_['id']}_error"}
        return self.field.widget.render(self.html_name, self.value(), attrs_)


class FastSelect(forms.Select):
    """A list to choose from, drawn without a template: a grid has hundreds."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Draw the list; what is not in it stays chosen: a browser would send the first choice in its place."""
        value, choices = "" if value is None else str(value), list(self.choices)
        if value not in {str(key) for key, _text in choices}:
            choices.insert(0, (value, value))
        options = "".join(
            f"{open_tag('option', {'value': key, 'selected': str(key) == value})}{escape_html(str(text))}</option>"
            for key, text in choices
        )
        return mark_safe(f"{open_tag('select', {**self.attrs, 'name': name, **(attrs or {})})}{options}</select>")


class FastCheckbox(forms.CheckboxInput):
    """A box to tick, drawn without a template."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Draw the box."""
        own_attrs = {"type": "checkbox", "name": name, "checked": bool(value), **(attrs or {})}
        return mark_safe(open_tag("input", {**self.attrs, **own_attrs}))
