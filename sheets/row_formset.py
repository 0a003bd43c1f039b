"""Forms of several rows of one model that are saved together: in the page's order, with conflicts reported."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from html import escape as escape_html
from typing import Any
from zlib import crc32

from django import forms
from django.db import models
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference.models import Conference
from rows.form_fields import sent_data
from rows.models import Row
from sheets.cells import NumberCell
from sheets.fast_widgets import FastCheckbox, FastHiddenInput, FastSelect, FastTextarea, FastTextInput, open_tag
from sheets.times import DateCell, set_example_dates

NEW = "new"  # prefix of the key of a line without a stored row
UP, DOWN, DROP = "up", "down", "drop"  # what the buttons of a line do, after everything is saved
CHECK = "check"  # sent by keep.js: show what was typed, and save nothing
BLANK = [("", "")]


def render_field(bound: forms.BoundField, *, is_wide: bool = False) -> SafeString:
    """Render one field with its label and errors, without a template: a page has hundreds of fields."""
    errors = bound.errors if bound.form.is_bound else []
    classes = ["field", *(["is-wide"] if is_wide else []), *(["is-invalid"] if errors else [])]
    control = f"{open_tag('label', {'for': bound.id_for_label})}{escape_html(str(bound.label))}</label>"
    if isinstance(bound.field.widget, forms.CheckboxInput):
        control = f'<div class="choice">{bound}{control}</div>'
    else:
        control += bound.as_widget()
    if errors:
        items = "".join(f"<li>{escape_html(text)}</li>" for text in errors)
        control += f"{open_tag('ul', {'class': 'error', 'id': f'{bound.auto_id}_error'})}{items}</ul>"
    return mark_safe(f"{open_tag('div', {'class': ' '.join(classes)})}{control}</div>")  # noqa: S308 (escaped)


def make_field(model_field: models.Field, **kwargs: Any) -> forms.Field | None:
    """Return the form field of a model's field, with a fast widget (``Meta.formfield_callback``).

    It shows the column's default, like Django's own field, so that an untouched new line sends exactly that default.
    """
    required, default = not model_field.blank, model_field.get_default()
    shared = {"label": model_field.verbose_name, "required": required, "initial": default}
    if model_field.choices:
        choices = [*(BLANK if model_field.blank else []), *model_field.flatchoices]
        return forms.ChoiceField(choices=choices, widget=FastSelect, **shared)
    if isinstance(model_field, models.BooleanField):
        return forms.BooleanField(widget=FastCheckbox, **shared | {"required": False})
    if isinstance(model_field, models.DateField) and not isinstance(model_field, models.DateTimeField):
        return DateCell(**shared)
    if isinstance(model_field, models.IntegerField):
        return NumberCell(most=10**15 if isinstance(model_field, models.PositiveBigIntegerField) else 30_000, **shared)
    if isinstance(model_field, models.CharField | models.TextField):
        widget = FastTextarea(attrs={"rows": 2}) if isinstance(model_field, models.TextField) else FastTextInput
        return model_field.formfield(widget=widget, **kwargs)
    return model_field.formfield(**kwargs)


class LineForm(forms.ModelForm):
    """The form of one row in a RowFormSet. ``seen``: a checksum of each field's text as the page showed it.

    If another person saved the row meanwhile, untouched fields keep the other person's value. A field that both changed
    gets an error, and the page then shows the stored row: saving it again overwrites that row knowingly.
    ``share_fields_with``: another line of the set, whose fields are used again, because copying them is slow.
    ``conference``: its dates complete typed days.
    """

    WIDE_FIELDS = frozenset(
        {"caption", "alt", "text", "title", "item", "url", "note"}
    )  # fields that need the full width
    CHANGED_MEANWHILE = gettext_lazy(
        "그 사이 다른 사람이 ‘%(now)s’(으)로 바꾸었습니다. 적으신 대로 두려면 한 번 더 저장하십시오."
    )
    seen = forms.CharField(required=False, max_length=1000, widget=FastHiddenInput)

    class Meta:
        formfield_callback = staticmethod(make_field)

    def __init__(
        self, *args: Any, share_fields_with: LineForm | None = None, conference: Conference | None = None, **kwargs: Any
    ) -> None:
        if share_fields_with is not None:
            self.base_fields = {}
        super().__init__(*args, **kwargs)
        if share_fields_with is not None:
            self.fields = dict(share_fields_with.fields)
        elif conference:
            set_example_dates(self.fields, starts_at=conference.starts_at, ends_at=conference.ends_at)
        self.key, self.is_stale = "", False
        self.conflicting_fields: list[str] = []  # fields that another person changed to another value
        self.prepare_fields()
        self.names = [name for name in self.fields if name != "seen"]
        self.stored_texts = {name: self._stored_text(name) for name in self.names}
        self.stored_values = {name: getattr(self.instance, name) for name in self.names if hasattr(self.instance, name)}
        self.initial["seen"] = ".".join(_checksum(self.stored_texts[name]) for name in self.names)

    def updated_row(self) -> Row:
        """Return the row with the sent values. The imported text of a changed field belonged to the old value and goes."""
        for name in [name for name in self.instance.as_written if name in self.names]:
            if self._sent_text(name) != self.stored_texts[name]:
                del self.instance.as_written[name]
        return self.instance

    def updated_rows(self) -> list[Row]:
        """Return the rows to save; a subclass may return several for one line."""
        return [self.updated_row()]

    def prepare_fields(self) -> None:
        """Adapt the fields to the row; subclasses override it."""

    @property
    def rendered_fields(self) -> SafeString:
        """The HTML of every field of the line."""
        cells = "".join(render_field(self[name], is_wide=name in self.WIDE_FIELDS) for name in self.names)
        return mark_safe(f"{self['seen']}{cells}")  # noqa: S308 (escaped)

    @property
    def is_new(self) -> bool:
        """Whether the line has no stored row yet."""
        return self.instance.pk is None

    def has_changed(self) -> bool:
        return any(self._sent_text(name) != self.stored_texts[name] for name in self.names)

    @property
    def seen_checksums(self) -> dict[str, str]:
        """Field → checksum of the text that the page showed; {} if the page sent none."""
        seen = (self["seen"].data or "").split(".")
        return dict(zip(self.names, seen, strict=True)) if len(seen) == len(self.names) else {}

    @property
    def is_untouched(self) -> bool:
        """Whether the line was sent unchanged."""
        return bool(self.seen_checksums) and all(
            _checksum(self._sent_text(name)) == was for name, was in self.seen_checksums.items()
        )

    @property
    def is_outdated(self) -> bool:
        """Whether another person has changed the row since the page was shown."""
        return not self.is_new and any(
            _checksum(self.stored_texts[name]) != was for name, was in self.seen_checksums.items()
        )

    def skip_validation(self) -> bool:
        """Report no errors of a row that was not touched; return whether it was skipped."""
        if self.is_new or self.is_outdated or self.has_changed():
            return False
        self._errors, self.cleaned_data = forms.utils.ErrorDict(), {}
        return True

    @property
    def error_links(self) -> list[tuple[str, str]]:
        """(id of the field, what is wrong) for the summary above the lines."""
        return [
            (self[name].id_for_label, f"{self[name].label}: {text}") if name in self.fields else ("", str(text))
            for name, texts in (self.errors.items() if self.is_bound else ())
            for text in texts
        ]

    def clean(self) -> dict[str, Any]:
        if not self.is_outdated:
            super().clean()
            return self.cleaned_data
        seen_checksums, data = self.seen_checksums, sent_data(self)
        for name, seen_checksum in seen_checksums.items():
            sent_text, stored_text = self._sent_text(name), self.stored_texts[name]
            if _checksum(stored_text) == seen_checksum or sent_text == stored_text:
                continue
            if _checksum(sent_text) == seen_checksum:
                self.cleaned_data[name] = (
                    self.stored_values[name] if name in self.stored_values else self.fields[name].clean(stored_text)
                )
                data[self.add_prefix(name)] = stored_text  # otherwise the page would overwrite it when it is sent again
                self._errors.pop(name, None)
            else:
                self.conflicting_fields.append(name)
        self._report_conflicts()
        return self.cleaned_data

    def _report_conflicts(self) -> None:
        self.is_stale = bool(self.conflicting_fields)
        sent_data(self)[self.add_prefix("seen")] = self.initial["seen"]
        for name in self.conflicting_fields:
            text = dict(getattr(self.fields[name], "choices", [])).get(self.stored_texts[name], self.stored_texts[name])
            self.add_error(name, self.CHANGED_MEANWHILE % {"now": text or _("빈칸")})

    def _stored_text(self, name: str) -> str:
        initial = self.get_initial_for_field(self.fields[name], name)
        return _normalise(self.fields[name].prepare_value(initial))

    def _sent_text(self, name: str) -> str:
        return _normalise(self[name].data)


class RowFormSet:
    """The forms of a page: one for each of ``rows``, then ``extra`` empty ones.

    The page sends the keys of its lines in order under the grid's name, and the pressed button of a line as ``do``:
    ``up:NAME-KEY``. Rows that the page does not show (a filter, the next page) are not changed. A line whose row is deleted
    becomes a new line if new lines are allowed; otherwise it is skipped.
    """

    def __init__(
        self,
        form: Callable[..., LineForm],
        rows: Iterable[Row],
        data: Any = None,
        *,
        name: str,
        files: Any = None,
        extra: int = 0,
    ) -> None:
        self.form, self.name, self.extra = form, name, extra
        self.data, self.files = data, files
        self.rows = {str(row.pk): row for row in rows}
        self.deleted: list[Row] = []
        self._dropped_lines: list[tuple[int, str]] = []  # position and key of the line
        self.is_moved = False
        self._first: LineForm | None = None
        keys = self._sent(data) if data is not None else [*self.rows, *(f"{NEW}{at}" for at in range(extra))]
        self.lines = [self._line(key, data, files) for key in keys]

    def _line(self, key: str, data: Any = None, files: Any = None) -> LineForm:
        row = {"instance": self.rows[key]} if key in self.rows else {}
        about = {"prefix": f"{self.name}-{key}", "auto_id": "%s", "use_required_attribute": False, **row}
        line = self.form(data, files, share_fields_with=self._first, **about)
        self._first, line.key = self._first or line, key
        return line

    def _sent(self, data: Any) -> list[str]:
        """Return the keys of the page in the order after the pressed button."""
        keys = [key for key in dict.fromkeys(data.getlist(self.name)) if self.extra or key in self.rows]
        act, _colon, line = data.get("do", "").partition(":")
        key = line.removeprefix(f"{self.name}-")
        if line != f"{self.name}-{key}" or key not in keys:
            return keys
        at = keys.index(key)
        if act == DROP:
            keys.remove(key)
            self._dropped_lines = [(at, key)]
            self.deleted = [self.rows[key]] if key in self.rows else []
        elif act in {UP, DOWN}:
            other = min(max(at + (1 if act == DOWN else -1), 0), len(keys) - 1)
            keys[at], keys[other] = keys[other], keys[at]
            self.is_moved = at != other
        return keys

    def is_valid(self) -> bool:
        """Whether all lines may be saved. Empty new lines and untouched lines of deleted rows are skipped.

        Untouched stored rows are skipped too, so that an old error in them does not stop a change in another line.
        """
        self.lines = [line for line in self.lines if not line.is_new or (line.has_changed() and not line.is_untouched)]
        results = [
            line.is_valid() or line.skip_validation() for line in self.lines
        ]  # check every line, so that every line shows its errors
        return all(results) and not self._keeps_changed_line()

    def _keeps_changed_line(self) -> bool:
        """Whether the line to be deleted is kept because another person has changed it since the page was shown."""
        for at, key in self._dropped_lines:
            line = self._line(key, self.data, self.files)
            if not line.is_outdated:
                continue
            line.add_error(
                None, _("그 사이 다른 사람이 고친 줄이라 지우지 않았습니다. 그래도 지우려면 한 번 더 누르십시오.")
            )
            line.is_stale, self.deleted, self._dropped_lines = True, [], []
            self.lines.insert(at, line)
            return True
        return False

    @property
    def is_stale(self) -> bool:
        """Whether another person changed a field meanwhile that was also changed here."""
        return any(line.is_stale for line in self.lines)

    @property
    def changed_lines(self) -> list[LineForm]:
        """Lines with something to save."""
        return [line for line in self.lines if line.has_changed()]

    @property
    def unsent_rows(self) -> list[Row]:
        """Rows that the page did not send."""
        known = {*(line.key for line in self.lines), *(key for _at, key in self._dropped_lines)}
        return [row for key, row in self.rows.items() if key not in known]

    @property
    def error_links(self) -> list[tuple[str, str]]:
        """The links of all lines."""
        return [link for line in self.lines for link in line.error_links]

    def add_missing_lines(self) -> RowFormSet:
        """Add lines that the page did not send or that were to be deleted: the page shown again is complete."""
        for at, key in self._dropped_lines:
            self.lines.insert(at, self._line(key, self.data, self.files))
        here = {line.key for line in self.lines}
        fresh = [key for at in range(len(here) + self.extra) if (key := f"{NEW}{at}") not in here][: self.extra]
        self.lines += [self._line(key) for key in [*(key for key in self.rows if key not in here), *fresh]]
        return self


def _normalise(value: Any) -> str:
    if value in (None, False):
        return ""
    return unicodedata.normalize("NFC", str(value).replace("\r\n", "\n")).strip()


def _checksum(text: str) -> str:
    return f"{crc32(text.encode(errors='surrogatepass')):08x}"
