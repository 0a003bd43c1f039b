"""Rows of one kind typed together and saved at once: in the order of the page, new ones below, stale ones told."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from html import escape as quoted
from typing import Any
from zlib import crc32

from django import forms
from django.db import models
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference.models import Conference
from rows.models import Row
from sheets.cells import NumberCell
from sheets.fast_widgets import Hidden, Line, Pick, Several, Tick, drawn
from sheets.times import DayCell, place_days

NEW = "new"  # begins the key of a line that is no row yet
UP, DOWN, DROP = "up", "down", "drop"  # what the buttons of a line do, once everything is saved
CHECK = "check"  # what keep.js asks for: show what was typed, and save nothing
BLANK = [("", "")]


def cell(bound: forms.BoundField, *, is_wide: bool = False) -> SafeString:
    """Draw one field of a line with its label and errors; a page has hundreds, and a template for each is too slow."""
    errors = bound.errors if bound.form.is_bound else []
    classes = ["field", *(["is-wide"] if is_wide else []), *(["is-invalid"] if errors else [])]
    control = f"{drawn('label', {'for': bound.id_for_label})}{quoted(str(bound.label))}</label>"
    if isinstance(bound.field.widget, forms.CheckboxInput):
        control = f'<div class="choice">{bound}{control}</div>'
    else:
        control += bound.as_widget()
    if errors:
        told = "".join(f"<li>{quoted(text)}</li>" for text in errors)
        control += f"{drawn('ul', {'class': 'error', 'id': f'{bound.auto_id}_error'})}{told}</ul>"
    return mark_safe(f"{drawn('div', {'class': ' '.join(classes)})}{control}</div>")  # noqa: S308 (quoted)


def field(column: models.Field, **kwargs: Any) -> forms.Field | None:
    """Return the form field of a model's field, quick to draw (``Meta.formfield_callback``).

    It shows the column's default, as Django's own would: a new line that nobody typed into sends just that back.
    """
    shared = {"label": column.verbose_name, "required": not column.blank, "initial": column.get_default()}
    if column.choices:
        return forms.ChoiceField(choices=[*(BLANK if column.blank else []), *column.flatchoices], widget=Pick, **shared)
    if isinstance(column, models.BooleanField):
        return forms.BooleanField(widget=Tick, **shared | {"required": False})
    if isinstance(column, models.DateField) and not isinstance(column, models.DateTimeField):
        return DayCell(**shared)
    if isinstance(column, models.IntegerField):
        return NumberCell(most=10**15 if isinstance(column, models.PositiveBigIntegerField) else 30_000, **shared)
    if isinstance(column, models.CharField | models.TextField):
        widget = Several(attrs={"rows": 2}) if isinstance(column, models.TextField) else Line
        return column.formfield(widget=widget, **kwargs)
    return column.formfield(**kwargs)


class LineForm(forms.ModelForm):
    """One row of a grid. ``seen``: a short sum of every field's text as the page showed it.

    Of a row that somebody else saved meanwhile, fields not touched here keep the other's word; what both changed is
    told at its field, and the page is then about the row of now: saving it again is a choice.
    ``like``: another line of the grid, whose fields serve for this one too: copying them takes longest.
    ``conference``: whose dates are asked for.
    """

    WIDE = frozenset({"caption", "alt", "text", "title", "item", "url", "note"})  # fields that take a row of their own
    TOLD = gettext_lazy("그 사이 다른 사람이 ‘%(now)s’(으)로 바꾸었습니다. 적으신 대로 두려면 한 번 더 저장하십시오.")
    seen = forms.CharField(required=False, max_length=1000, widget=Hidden)

    class Meta:
        formfield_callback = staticmethod(field)

    def __init__(
        self, *args: Any, like: LineForm | None = None, conference: Conference | None = None, **kwargs: Any
    ) -> None:
        if like is not None:
            self.base_fields = {}
        super().__init__(*args, **kwargs)
        if like is not None:
            self.fields = dict(like.fields)
        elif conference:
            place_days(self.fields, starts_at=conference.starts_at, ends_at=conference.ends_at)
        self.key, self.is_stale = "", False
        self.told: list[str] = []  # fields that somebody else changed to something else
        self.fit()
        self.names = [name for name in self.fields if name != "seen"]
        self.now = {name: self._shown(name) for name in self.names}
        self.was = {name: getattr(self.instance, name) for name in self.names if hasattr(self.instance, name)}
        self.initial["seen"] = ".".join(_sum(self.now[name]) for name in self.names)

    def row(self) -> Row:
        """Return the row as typed, to be saved. What an imported source said of a changed field was the old value."""
        for name in [name for name in self.instance.as_written if name in self.names]:
            if self._typed(name) != self.now[name]:
                del self.instance.as_written[name]
        return self.instance

    def rows(self) -> list[Row]:
        """Return what the line is saved as: one row, where its form says nothing else."""
        return [self.row()]

    def fit(self) -> None:
        """Fit the fields to the row; for the forms of single models to fill in."""

    @property
    def cells(self) -> SafeString:
        """Every field of the line, drawn."""
        cells = "".join(cell(self[name], is_wide=name in self.WIDE) for name in self.names)
        return mark_safe(f"{self['seen']}{cells}")  # noqa: S308 (quoted)

    @property
    def is_new(self) -> bool:
        """Whether the line is no row yet."""
        return self.instance.pk is None

    def has_changed(self) -> bool:
        return any(self._typed(name) != self.now[name] for name in self.names)

    @property
    def sums(self) -> dict[str, str]:
        """What the page showed, as the sum of each field's text; {} where it does not say."""
        seen = (self["seen"].data or "").split(".")
        return dict(zip(self.names, seen, strict=True)) if len(seen) == len(self.names) else {}

    @property
    def is_untouched(self) -> bool:
        """Whether it stands as the page showed it."""
        return bool(self.sums) and all(_sum(self._typed(name)) == was for name, was in self.sums.items())

    @property
    def is_behind(self) -> bool:
        """Whether somebody else has changed the row since the page was shown."""
        return not self.is_new and any(_sum(self.now[name]) != was for name, was in self.sums.items())

    def pass_over(self) -> bool:
        """Say nothing of what is wrong with a row that was not touched, and tell whether that is so."""
        if self.is_new or self.is_behind or self.has_changed():
            return False
        self._errors, self.cleaned_data = forms.utils.ErrorDict(), {}
        return True

    @property
    def faults(self) -> list[tuple[str, str]]:
        """(id of the field, what is wrong) for the summary above the lines."""
        return [
            (self[name].id_for_label, f"{self[name].label}: {text}") if name in self.fields else ("", text)
            for name, texts in (self.errors.items() if self.is_bound else ())
            for text in texts
        ]

    def clean(self) -> dict[str, Any]:
        if not self.is_behind:
            return super().clean()
        sums, self.data = self.sums, self.data.copy()
        for name, was in sums.items():
            typed, now = self._typed(name), self.now[name]
            if _sum(now) == was or typed == now:
                continue
            if _sum(typed) == was:
                self.cleaned_data[name] = self.was[name] if name in self.was else self.fields[name].clean(now)
                self.data[self.add_prefix(name)] = now  # or the page, shown again, would take it back
                self._errors.pop(name, None)
            else:
                self.told.append(name)
        self._tell()
        return self.cleaned_data

    def _tell(self) -> None:
        self.is_stale = bool(self.told)
        self.data[self.add_prefix("seen")] = self.initial["seen"]
        for name in self.told:
            now = dict(getattr(self.fields[name], "choices", [])).get(self.now[name], self.now[name])
            self.add_error(name, self.TOLD % {"now": now or _("빈칸")})

    def _shown(self, name: str) -> str:
        initial = self.get_initial_for_field(self.fields[name], name)
        return _text(self.fields[name].prepare_value(initial))

    def _typed(self, name: str) -> str:
        return _text(self[name].data)


class Grid:
    """The lines of a page: a form for each of ``rows``, then ``blank`` empty ones.

    The page sends the keys of its lines, in their order, under the grid's name, and as ``do`` the button of a line:
    ``up:NAME-KEY``. What the page shows only in part (a filter, the next page) is left alone. A line whose row is gone
    is a new one where there may be new ones, else it is passed over.
    """

    def __init__(
        self,
        form: Callable[..., LineForm],
        rows: Iterable[Row],
        data: Any = None,
        *,
        name: str,
        files: Any = None,
        blank: int = 0,
    ) -> None:
        self.form, self.name, self.blank = form, name, blank
        self.data, self.files = data, files
        self.rows = {str(row.pk): row for row in rows}
        self.gone: list[Row] = []
        self._dropped: list[tuple[int, str]] = []  # where the line stood, and its key
        self.is_moved = False
        self._first: LineForm | None = None
        keys = self._sent(data) if data is not None else [*self.rows, *(f"{NEW}{at}" for at in range(blank))]
        self.lines = [self._line(key, data, files) for key in keys]

    def _line(self, key: str, data: Any = None, files: Any = None) -> LineForm:
        row = {"instance": self.rows[key]} if key in self.rows else {}
        about = {"prefix": f"{self.name}-{key}", "auto_id": "%s", "use_required_attribute": False, **row}
        line = self.form(data, files, like=self._first, **about)
        self._first, line.key = self._first or line, key
        return line

    def _sent(self, data: Any) -> list[str]:
        """Return the keys of the page, in the order that the button asks for."""
        keys = [key for key in dict.fromkeys(data.getlist(self.name)) if self.blank or key in self.rows]
        act, _colon, line = data.get("do", "").partition(":")
        key = line.removeprefix(f"{self.name}-")
        if line != f"{self.name}-{key}" or key not in keys:
            return keys
        at = keys.index(key)
        if act == DROP:
            keys.remove(key)
            self._dropped = [(at, key)]
            self.gone = [self.rows[key]] if key in self.rows else []
        elif act in {UP, DOWN}:
            other = min(max(at + (1 if act == DOWN else -1), 0), len(keys) - 1)
            keys[at], keys[other] = keys[other], keys[at]
            self.is_moved = at != other
        return keys

    def is_valid(self) -> bool:
        """Whether all may be saved. New lines that are empty, or of a row that is gone and was left alone, are passed over.

        So is what was not touched: what was stored once holds up nobody who writes beside it.
        """
        self.lines = [line for line in self.lines if not line.is_new or (line.has_changed() and not line.is_untouched)]
        sound = [line.is_valid() or line.pass_over() for line in self.lines]  # each, so that each shows its errors
        return all(sound) and not self._spares()

    def _spares(self) -> bool:
        """Whether the line that was to go stays: somebody else has written something into it that was not seen here."""
        for at, key in self._dropped:
            line = self._line(key, self.data, self.files)
            if not line.is_behind:
                continue
            line.add_error(
                None, _("그 사이 다른 사람이 고친 줄이라 지우지 않았습니다. 그래도 지우려면 한 번 더 누르십시오.")
            )
            line.is_stale, self.gone, self._dropped = True, [], []
            self.lines.insert(at, line)
            return True
        return False

    @property
    def is_stale(self) -> bool:
        """Whether something typed here was changed by somebody else meanwhile."""
        return any(line.is_stale for line in self.lines)

    @property
    def changed(self) -> list[LineForm]:
        """Lines with something to save."""
        return [line for line in self.lines if line.has_changed()]

    @property
    def rest(self) -> list[Row]:
        """Rows that the page did not know."""
        known = {*(line.key for line in self.lines), *(key for _at, key in self._dropped)}
        return [row for key, row in self.rows.items() if key not in known]

    @property
    def faults(self) -> list[tuple[str, str]]:
        """Those of its lines."""
        return [fault for line in self.lines for fault in line.faults]

    def complete(self) -> Grid:
        """Add what the page did not send, and what it was to lose, so that a page shown again lacks nothing."""
        for at, key in self._dropped:
            self.lines.insert(at, self._line(key, self.data, self.files))
        here = {line.key for line in self.lines}
        fresh = [key for at in range(len(here) + self.blank) if (key := f"{NEW}{at}") not in here][: self.blank]
        self.lines += [self._line(key) for key in [*(key for key in self.rows if key not in here), *fresh]]
        return self


def _text(value: Any) -> str:
    if value in (None, False):
        return ""
    return unicodedata.normalize("NFC", str(value).replace("\r\n", "\n")).strip()


def _sum(text: str) -> str:
    return f"{crc32(text.encode(errors='surrogatepass')):08x}"
