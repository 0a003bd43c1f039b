"""Form fields whose value is one text: what is typed, pasted from a spreadsheet and shown again is the same.

``show(value)`` gives the text of a value, ``read(text)`` the value of a text or a ValidationError that says how to
mend it. References are written by name and found among the rows of one conference (``Names``), so that a form can
name no row of another one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference.exchange.rows import path_to_conference
from conference.fields import LinesField, clean_text
from conference.frozen import SEOUL
from conference.models import Conference, Person, User
from conference.notation import WEEKDAYS

FEW = 30  # names that a list to choose from may have; more are typed
YEARS = range(1900, 2101)  # a conference outside them is a slip of the hand


class Chooser(forms.Select):
    """A list of texts, drawn in one go: a table has hundreds. A text that is not in the list is kept and shown."""

    def __init__(self, texts: Iterable[str] = (), attrs: Any = None) -> None:
        super().__init__(attrs)
        self.texts = list(texts)

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:  # noqa: ARG002
        """Draw the list."""
        value = "" if value is None else str(value)
        texts = self.texts if value in self.texts else [*self.texts, value]
        options = format_html_join(
            "",
            "<option{1}>{0}</option>" if "" not in texts else '<option value="{0}"{1}>{0}</option>',
            ((text, mark_safe(" selected") if text == value else "") for text in texts),  # noqa: S308 (a constant)
        )
        flat = forms.utils.flatatt(self.build_attrs(self.attrs, {"name": name, **(attrs or {})}))
        return format_html("<select{}>{}</select>", flat, options)


class Line(forms.TextInput):
    """An input, drawn without a template: a table has hundreds."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:  # noqa: ARG002
        """Draw the input."""
        kept = {"type": self.input_type, "name": name, **(attrs or {})}
        if value not in (None, ""):
            kept["value"] = str(value)
        return format_html("<input{}>", forms.utils.flatatt(self.build_attrs(self.attrs, kept)))


class Several(forms.Textarea):
    """Several lines, drawn without a template."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:  # noqa: ARG002
        """Draw the box; the line end after the tag is eaten by the browser, so that a leading one of ours stays."""
        flat = forms.utils.flatatt(self.build_attrs(self.attrs, {"name": name, **(attrs or {})}))
        return format_html("<textarea{}>\n{}</textarea>", flat, "" if value is None else str(value))


class Cell(forms.Field):
    """A field whose value is one text."""

    widget = Line
    empty: Any = None

    def show(self, value: Any) -> str:
        """Return the text of a value."""
        return "" if value is None else str(value)

    def read(self, text: str) -> Any:
        """Return the value of a text that is not empty. Raises ValidationError."""
        raise NotImplementedError

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) else self.show(value)

    def to_python(self, value: Any) -> Any:
        text = clean_text(str(value or "").replace("\r\n", "\n").replace("\r", "\n")).strip()
        return self.read(text) if text else self.empty

    def has_changed(self, initial: Any, data: Any) -> bool:
        before = self.prepare_value(initial).replace("\r\n", "\n").strip()
        return before != str(data or "").replace("\r\n", "\n").strip()


class TextCell(Cell):
    """A text of one or several lines."""

    empty = ""

    def __init__(self, *, max_length: int | None = None, is_long: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("widget", Several(attrs={"rows": 3}) if is_long else Line)
        super().__init__(**kwargs)
        if max_length:
            self.validators.append(MaxLengthValidator(max_length))

    def read(self, text: str) -> str:
        return text


class NullTextCell(TextCell):
    """A text where nothing typed means that another row says it (null), and ``-`` that there is none."""

    empty = None
    NONE = "-"

    def show(self, value: Any) -> str:
        return self.NONE if value == "" else value or ""

    def read(self, text: str) -> str:
        return "" if text == self.NONE else text


class LinesCell(Cell):
    """A list of texts, one a line."""

    widget = Several(attrs={"rows": 3})

    def show(self, value: Any) -> str:
        return "\n".join(value or [])

    def to_python(self, value: Any) -> list[str]:
        text = clean_text(str(value or "").replace("\r\n", "\n"))
        return [line.strip() for line in text.splitlines() if line.strip()]


class NumberCell(Cell):
    """A whole number, ``1,200`` too."""

    widget = Line(attrs={"inputmode": "numeric"})

    def __init__(self, *, most: int = 2_147_483_647, least: int = 0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.most, self.least = most, least

    def show(self, value: Any) -> str:
        return "" if value is None else f"{value:,}"

    def read(self, text: str) -> int:
        try:
            number = Decimal(text.replace(",", ""))
        except InvalidOperation:
            number = None
        if number is None or not number.is_finite() or number != number.to_integral_value():
            raise ValidationError(_("숫자만 적어 주세요(예: 120). 어림수이면 ‘어림수’에 표시합니다."))
        if not self.least <= number <= self.most:
            limits = {"least": f"{self.least:,}", "most": f"{self.most:,}"}
            raise ValidationError(_("%(least)s부터 %(most)s까지 적을 수 있습니다.") % limits)
        return int(number)


class YesCell(Cell):
    """Yes or no; in a table chosen or pasted as ``예``, on a row's page a box to tick."""

    YES, NO = gettext_lazy("예"), gettext_lazy("아니오")
    empty = False

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", Chooser(["", str(self.YES)]))
        super().__init__(**kwargs | {"required": False})

    def show(self, value: Any) -> str:
        return str(self.YES) if value else ""

    def read(self, text: str) -> bool:
        if text.lower() in {"예", "네", "o", "○", "y", "yes", "true", "1", "✓", "v", "on"}:
            return True
        if text.lower() in {"아니오", "아니요", "x", "×", "n", "no", "false", "0", "-"}:
            return False
        raise ValidationError(_("‘예’ 또는 ‘아니오’로 적어 주세요."))


class ChoiceCell(Cell):
    """One of the choices of a model's field, by its Korean name."""

    empty = ""

    def __init__(self, *, choices: Iterable[tuple[Any, Any]], empty: Any = "", **kwargs: Any) -> None:
        self.names = {value: str(name) for value, name in choices if value not in ("", None)}
        self.empty = empty
        kwargs.setdefault("widget", Chooser(["", *self.names.values()]))
        super().__init__(**kwargs)

    def show(self, value: Any) -> str:
        return self.names.get(value, "")

    def read(self, text: str) -> Any:
        found = next((value for value, name in self.names.items() if _plain(name) == _plain(text)), None)
        if found is None and text in map(str, self.names):
            found = next(value for value in self.names if str(value) == text)
        if found is None:
            raise ValidationError(
                _("다음 가운데 하나를 적어 주세요: %(names)s") % {"names": ", ".join(self.names.values())}
            )
        return found


CLOCK = re.compile(r"(오전|오후|am|pm|AM|PM)?\s*(\d{1,2})(?:\s*[:시]\s*(?:(\d{1,2})\s*분?)?)?\s*(am|pm|AM|PM)?\Z")
DIGITS = re.compile(r"(\d{1,2})(\d{2})\Z")
HALF = {"오전": 0, "am": 0, "오후": 12, "pm": 12}


def read_clock(text: str) -> time:
    """Read ``1300``, ``13:00``, ``13시 30분``, ``오후 1시 반``, ``1:30 pm``. Raises ValidationError."""
    text = " ".join(text.split()).replace("：", ":").replace("반", "30분")  # noqa: RUF001 (a full-width colon)
    if found := DIGITS.match(text):
        half, hour, minute = "", int(found[1]), int(found[2])
    elif found := CLOCK.match(text):
        half, hour, minute = (found[1] or found[4] or "").lower(), int(found[2]), int(found[3] or 0)
    else:
        half, hour, minute = "", 99, 0
    if half in HALF:
        is_half_day = 1 <= hour <= 12  # noqa: PLR2004 (the hours of a clock's face)
        hour = hour % 12 + HALF[half] if is_half_day else 99
    if hour > 23 or minute > 59:  # noqa: PLR2004 (a day's hours, an hour's minutes)
        raise ValidationError(_("시각을 읽을 수 없습니다. 1300, 13:00, 오후 1시처럼 적어 주세요."))
    return time(hour, minute)


DAY = re.compile(r"(?:(\d{2,4})\s*[-./년]\s*)?(\d{1,2})\s*[-./월]\s*(\d{1,2})\s*[.일]?\s*(?:\(([^)]*)\))?\Z")
DAY_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})\Z")


def read_day(text: str, *, year: int | None = None) -> date:
    """Read ``2015-11-24``, ``2015. 11. 24.(화)``, ``20151124``; ``11/24`` where the year is known.

    A weekday that is not the day's is refused: one of the two is wrong. Raises ValidationError.
    """
    found = DAY_DIGITS.match(text) or DAY.match(text)
    said = found[4] if found and found.re is DAY else None
    number = int(found[1]) if found and found[1] else year
    if number is not None and number < 100:  # noqa: PLR2004 (15. 11. 24.)
        number += 2000
    if found is None or number is None:
        raise ValidationError(_("날짜를 읽을 수 없습니다. 2015-11-24 또는 2015. 11. 24.처럼 적어 주세요."))
    try:
        at = date(number, int(found[2]), int(found[3]))
    except ValueError as error:
        raise ValidationError(_("없는 날짜입니다: %(text)s") % {"text": text}) from error
    if at.year not in YEARS:
        raise ValidationError(_("연도를 확인해 주세요: %(year)s년") % {"year": number})
    if said and said.removesuffix("요일") != WEEKDAYS[at.weekday()]:
        told = {"text": text, "weekday": WEEKDAYS[at.weekday()]}
        raise ValidationError(_("%(text)s: 그날은 %(weekday)s요일입니다. 날짜나 요일을 고쳐 주세요.") % told)
    return at


class TimeCell(Cell):
    """A time of day."""

    def show(self, value: Any) -> str:
        return "" if value is None else f"{value:%H:%M}"

    def read(self, text: str) -> time:
        return read_clock(text)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(initial if isinstance(initial, str) else self.show(initial)) != self.to_python(data)
        except ValidationError:
            return True


class DayCell(Cell):
    """A date; ``year`` is that of the conference, so that ``11/24`` is enough."""

    year: int | None = None

    def show(self, value: Any) -> str:
        return "" if value is None else value.isoformat()

    def read(self, text: str) -> date:
        return read_day(text, year=self.year)


class MomentCell(DayCell):
    """A date and a time in Seoul: ``2015-11-24 13:00``."""

    PARTS = re.compile(r"(.*?\d[.일]?\s*(?:\([^)]*\))?)(?:T|\s+)((?:오전|오후)?\s*\d.*)\Z", re.DOTALL)

    def show(self, value: Any) -> str:
        return "" if value is None else f"{value.astimezone(SEOUL):%Y-%m-%d %H:%M}"

    def read(self, text: str) -> datetime:
        found = self.PARTS.match(text)
        if not found:
            raise ValidationError(_("날짜와 시각을 함께 적어 주세요. 예: 2015-11-24 13:00"))
        return datetime.combine(read_day(found[1].strip(), year=self.year), read_clock(found[2]), SEOUL)


# ── references by name ──────────────────────────────────────────────────────────────────────────
def _plain(text: str) -> str:
    return "".join(text.split())


class Lookup:
    """The rows of one model that a form may name, by name; a name that two rows share is told apart."""

    def __init__(self, rows: Iterable[Any]) -> None:
        rows = list(rows)
        short: dict[str, list[Any]] = {}
        for row in rows:
            short.setdefault(str(row), []).append(row)
        self._names: dict[Any, str] = {}
        for name, same in short.items():
            for row in same:
                self._names[row.pk] = name if len(same) == 1 else _long(row)
        self._rows = {self._names[row.pk]: row for row in rows}
        self._same = {_plain(name): same for name, same in short.items() if len(same) > 1}
        self._found = {_plain(name): row for name, row in self._rows.items()} | {
            _plain(_long(row)): row for row in rows
        }

    @property
    def texts(self) -> list[str]:
        """Every name, in the order of the rows."""
        return list(self._rows)

    def name(self, row: Any) -> str:
        """Return the name of a row, or of its primary key."""
        pk = getattr(row, "pk", row)
        return self._names.get(pk, "" if pk is None else str(row))

    def read(self, text: str) -> Any:
        """Return the row of that name, or None. Raises ValidationError where two have it."""
        if found := self._found.get(_plain(text)):
            return found
        if same := self._same.get(_plain(text)):
            names = ", ".join(self.name(row) for row in same)
            raise ValidationError(
                _("‘%(text)s’이(가) 여럿입니다. 다음 가운데 하나로 적어 주세요: %(names)s")
                % {"text": text, "names": names}
            )
        return None

    def near(self, text: str) -> str:
        """Say which name may have been meant."""
        near = get_close_matches(text, self.texts, n=3, cutoff=0.5)
        return _(" 혹시: %(names)s") % {"names": ", ".join(near)} if near else ""

    def add(self, row: Any) -> None:
        """Let later cells of the same page find a row that is still to be saved."""
        self._found[_plain(_long(row))] = self._found[_plain(str(row))] = row


def _long(row: Any) -> str:
    return row.full_name() if hasattr(row, "full_name") else f"{row} (#{row.pk})"


class Names:
    """What may be named in the forms of one conference: one query a model, made when first asked for."""

    def __init__(self, conference: Conference) -> None:
        self.conference = conference
        self._found: dict[type[models.Model], Lookup] = {}

    def of(self, model: type[models.Model]) -> Lookup:
        """Return the rows of the conference, of the accounts level those of all conferences."""
        if model not in self._found:
            rows = model._default_manager.select_related(*getattr(model, "NAMED_WITH", ()))  # noqa: SLF001
            if model is User:
                rows = rows.filter(is_active=True, is_admin=False).order_by("name", "username")
            elif path := path_to_conference(model):
                rows = rows.filter(**{path: self.conference})
            self._found[model] = Lookup(rows)
        return self._found[model]

    def used(self) -> Iterator[tuple[str, list[str]]]:
        """Give (name of the model, names of its rows) for every model asked for: the page's lists of proposals."""
        for model, lookup in self._found.items():
            yield model._meta.model_name, lookup.texts  # noqa: SLF001


class NamedCell(Cell):
    """A row, by its name."""

    def __init__(self, *, model: type[models.Model], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.model = model
        self.names: Names | None = None

    def bind(self, names: Names) -> None:
        """Name rows of that conference, and propose them: as a list where they are few."""
        self.names = names
        texts = names.of(self.model).texts
        if len(texts) <= FEW and not isinstance(self, NamesCell | PersonCell):
            self.widget = Chooser(["", *texts], self.widget.attrs)
        else:
            self.widget.attrs["list"] = f"names-{self.model._meta.model_name}"  # noqa: SLF001

    def show(self, value: Any) -> str:
        return "" if value is None else self.names.of(self.model).name(value)

    def read(self, text: str) -> Any:
        lookup = self.names.of(self.model)
        found = lookup.read(text)
        if found is None:
            told = {"text": text, "near": lookup.near(text), "what": self.model._meta.verbose_name}  # noqa: SLF001
            raise ValidationError(
                _("‘%(text)s’은(는) 이 행사에 없습니다. 먼저 등록하거나 이름을 확인해 주세요.%(near)s") % told
            )
        return found


PERSON = re.compile(r"(?P<name>[^()]+?)\s*(?:\((?P<of>.*)\))?\s*\Z", re.DOTALL)


def read_person(text: str, names: Names) -> Person:
    """Return the person named ``성명`` or ``성명(소속 직위)``; one who is not there yet is made, but not saved.

    The last word in brackets is the 직위, what stands before it the 소속.
    """
    lookup = names.of(Person)
    if found := lookup.read(text):
        return found
    parts = PERSON.match(text)
    if not parts:
        raise ValidationError(_("‘성명’ 또는 ‘성명(소속 직위)’처럼 적어 주세요."))
    affiliation, _space, job = (parts["of"] or "").strip().rpartition(" ")
    person = Person(conference=names.conference, name=parts["name"], affiliation=affiliation.strip(), job=job)
    person.clean_fields(exclude=["conference"])
    lookup.add(person)
    return person


class PersonCell(NamedCell):
    """A person by name; a new one is made by being named."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs | {"model": Person})

    def read(self, text: str) -> Person:
        return read_person(text, self.names)


OUTSIDE_BRACKETS = re.compile(r"[,\n]\s*(?![^()]*\))")


class NamesCell(NamedCell):
    """Several rows, by their names with commas between."""

    empty: Any = ()

    def show(self, value: Any) -> str:
        lookup = self.names.of(self.model)
        return ", ".join(lookup.name(row) for row in value or [])

    def read(self, text: str) -> list[Any]:
        found = [self.read_one(part.strip()) for part in OUTSIDE_BRACKETS.split(text) if part.strip()]
        return list(dict.fromkeys(found))

    def read_one(self, text: str) -> Any:
        """Return one of the rows."""
        return super().read(text)


class PersonsCell(NamesCell):
    """Several persons; new ones are made by being named."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs | {"model": Person})

    def read(self, text: str) -> list[Person]:
        parts = [part.strip() for part in OUTSIDE_BRACKETS.split(text) if part.strip()]
        found: dict[int, Person] = {}
        for part in parts:
            person = read_person(part, self.names)
            found[id(person)] = person
        return list(found.values())


# ── from a model's field to its cell ────────────────────────────────────────────────────────────
def cell(field: models.Field, **kwargs: Any) -> forms.Field | None:
    """Return the cell of a model's field (``Meta.formfield_callback`` of every row's form)."""
    kwargs = {"label": field.verbose_name, "required": not field.blank, "help_text": field.help_text} | kwargs
    kwargs = {
        name: value for name, value in kwargs.items() if name in {"label", "required", "help_text", "widget", "initial"}
    }
    if field.has_default() and not callable(field.default):
        kwargs.setdefault("initial", field.default)
    if field.many_to_many:
        return NamesCell(model=field.related_model, **kwargs)
    if field.is_relation:
        return PersonCell(**kwargs) if field.related_model is Person else NamedCell(model=field.related_model, **kwargs)
    if field.choices:
        return ChoiceCell(choices=field.flatchoices, empty=None if field.null else "", **kwargs)
    for kind, make in KINDS.items():
        if isinstance(field, kind):
            return make(field, kwargs)
    raise TypeError(field)


KINDS = {
    LinesField: lambda _field, kwargs: LinesCell(**kwargs | {"required": False}),
    models.BooleanField: lambda _field, kwargs: YesCell(**kwargs),
    models.IntegerField: lambda _field, kwargs: NumberCell(**kwargs),
    models.DateTimeField: lambda _field, kwargs: MomentCell(**kwargs),
    models.DateField: lambda _field, kwargs: DayCell(**kwargs),
    models.TimeField: lambda _field, kwargs: TimeCell(**kwargs),
    models.TextField: lambda field, kwargs: TextCell(max_length=field.max_length, is_long=True, **kwargs),
    models.CharField: lambda field, kwargs: (NullTextCell if field.null else TextCell)(
        max_length=field.max_length, **kwargs
    ),
}


def as_text(bound: forms.BoundField) -> SafeString:
    """Return what a cell says, for somebody who may read it only."""
    value = bound.value()
    return mark_safe(escape("" if value is None else value).replace("\n", "<br>"))  # noqa: S308 (escaped just now)
