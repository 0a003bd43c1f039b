"""One field of a row ⇄ one value of the file, with its JSON schema."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rows.canonical_json import iso_moment
from rows.fields import JSONField, LinesField, clean_text

YEARS = range(1900, 2200)  # both databases can hold them in every time zone
TEXT_MAX = 20_000  # characters of one line in a list, as in a text field
SHOWN_MAX = 60  # characters of the file that a message repeats
INTEGERS = {
    "PositiveSmallIntegerField": 32_767,
    "PositiveIntegerField": 2_147_483_647,
    "PositiveBigIntegerField": 9_223_372_036_854_775_807,
}
JSON_TYPES = {
    type(None): gettext_lazy("빈 값(null)"),
    bool: gettext_lazy("참·거짓"),
    int: gettext_lazy("정수"),
    float: gettext_lazy("소수나 너무 큰 수"),
    str: gettext_lazy("글"),
    list: gettext_lazy("목록"),
    dict: gettext_lazy("묶음"),
}
DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
CLOCK = r"[0-9]{2}:[0-9]{2}(:[0-9]{2})?"
# Django's field type → pattern, parser, example
TIMES = {
    "DateTimeField": (f"{DAY}T{CLOCK}(Z|[+-]{CLOCK})", datetime.fromisoformat, "2015-11-24T13:00+09:00"),
    "DateField": (DAY, date.fromisoformat, "2015-11-24"),
    "TimeField": (CLOCK, time.fromisoformat, "13:00"),
}


def read(field: models.Field, value: Any) -> Any:
    """Return the Python value of a JSON value; a reference as its key. Raises ValidationError, in Korean."""
    if value is None and field.null:
        return None
    if field.is_relation:
        return _read_keys(value) if field.many_to_many else _read_key(value)
    if isinstance(field, JSONField):
        return _read_lines(value) if isinstance(field, LinesField) else _read_texts(value)
    kind = field.get_internal_type()
    if kind == "BooleanField":
        return expect(bool, value)
    if kind in INTEGERS:
        return _read_integer(field, value)
    return _read_time(kind, value) if kind in TIMES else _read_text(field, value)


def write(field: models.Field, row: models.Model, *, key: Callable[[type[models.Model], Any], Any]) -> Any:
    """Return the JSON value of a row's field; ``key(model, pk)`` names another row."""
    if field.many_to_many:
        return sorted((key(field.related_model, other.pk) for other in getattr(row, field.name).all()), key=str)
    value = getattr(row, field.attname)
    if field.is_relation:
        return None if value is None else key(field.related_model, value)
    if isinstance(value, dict):
        return dict(sorted(value.items()))  # PostgreSQL keeps no order of names
    if isinstance(value, datetime):
        return iso_moment(value)
    if isinstance(value, time):
        return value.isoformat("seconds" if value.second else "minutes")
    return value.isoformat() if isinstance(value, date) else value


def can_omit(field: models.Field, value: Any) -> bool:
    """Whether an empty value may be left out of the file, because its absence means the same."""
    return value in (None, "", False, [], {}) and (field.many_to_many or value == field.get_default())


def is_required(field: models.Field) -> bool:
    """Whether the file must have the field."""
    return not (field.null or field.blank or field.has_default() or field.many_to_many)


def field_schema(field: models.Field) -> dict[str, Any]:
    """Return the JSON schema of the field's value."""
    kind = field.get_internal_type()
    if field.many_to_many:
        return {"type": "array", "items": {"$ref": "#/$defs/key"}, "uniqueItems": True}
    if field.is_relation:
        schema: dict[str, Any] = {"$ref": "#/$defs/key"}
    elif isinstance(field, JSONField):
        schema = {"$ref": "#/$defs/lines" if isinstance(field, LinesField) else "#/$defs/texts"}
    elif field.choices:
        schema = {"enum": [value for value, _name in field.flatchoices if value != ""]}
    elif kind == "BooleanField":
        schema = {"type": "boolean"}
    elif kind in INTEGERS:
        schema = {"type": "integer", "minimum": 0, "maximum": INTEGERS[kind]}
    elif kind in TIMES:
        schema = {"type": "string", "pattern": f"^{TIMES[kind][0]}$", "examples": [TIMES[kind][2]]}
    else:
        schema = {"type": "string", "maxLength": field.max_length, **({} if field.blank else {"minLength": 1})}
    if "enum" in schema and field.blank and not field.null:
        schema["enum"].insert(0, "")
    return {"anyOf": [schema, {"type": "null"}]} if field.null else schema


def expect(kind: type, value: Any) -> Any:
    """Return ``value`` if it is of the JSON type ``kind``; true and false are no numbers."""
    if type(value) is not kind and not (kind is dict and isinstance(value, dict)):
        raise ValidationError(wrong_type_text(kind, value))
    return value


def wrong_type_text(kind: type, value: Any) -> str:
    """Say that a value is of another JSON type than ``kind``."""
    given = JSON_TYPES[dict if isinstance(value, dict) else type(value)]
    return _("필요한 값은 %(wanted)s, 적힌 값은 %(given)s입니다.") % {"wanted": JSON_TYPES[kind], "given": given}


def shorten(value: Any) -> str:
    """Return a value of the file for a message: short, with escapes for letters that a terminal cannot print."""
    text = str(value)
    plain = "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in text[:SHOWN_MAX]
    )
    return plain + ("…" if len(text) > SHOWN_MAX else "")


def _read_key(value: Any) -> tuple[str, ...]:
    parts = [value] if isinstance(value, str) else value
    if not isinstance(parts, list) or not parts or not all(isinstance(part, str) for part in parts):
        raise ValidationError(_("다른 항목의 이름(글, 또는 글의 목록)이어야 합니다."))
    parts = [clean_text(part) for part in parts]
    while len(parts) > 1 and not parts[-1]:
        parts.pop()
    return tuple(parts)


def _read_keys(value: Any) -> list[tuple[str, ...]]:
    keys = [_read_key(item) for item in expect(list, value)]
    if len(set(keys)) < len(keys):
        raise ValidationError(_("같은 이름이 두 번 있습니다."))
    return keys


def _read_lines(value: Any) -> list[str]:
    lines = [_check_length(clean_text(expect(str, line)), TEXT_MAX) for line in expect(list, value)]
    if not all(line.strip() for line in lines):
        raise ValidationError(_("목록에 빈 줄이 있습니다."))
    return lines


def _read_texts(value: Any) -> dict[str, str | None]:
    """Read texts by name (원문 of fields, other headings); null says that the source has none."""
    return {
        _check_length(clean_text(name), 100): _check_length(clean_text(expect(str, text)), TEXT_MAX)
        if text is not None
        else None
        for name, text in expect(dict, value).items()
    }


def _read_integer(field: models.Field, value: Any) -> int:
    largest = INTEGERS[field.get_internal_type()]
    if not 0 <= expect(int, value) <= largest:
        raise ValidationError(_("0부터 %(largest)s까지의 정수여야 합니다.") % {"largest": f"{largest:,}"})
    return _check_choice(field, value)


def _read_time(kind: str, value: Any) -> date | datetime | time:
    pattern, parse, example = TIMES[kind]
    if not re.fullmatch(pattern, expect(str, value), re.ASCII):
        raise ValidationError(_("%(example)s 꼴로 적어야 합니다.") % {"example": example})
    if kind != "TimeField" and int(value[:4]) not in YEARS:
        raise ValidationError(
            _("연도는 %(first)d년부터 %(last)d년까지입니다.") % {"first": YEARS[0], "last": YEARS[-1]}
        )
    try:
        return parse(value)
    except ValueError as error:
        raise ValidationError(_("없는 날짜이거나 시각입니다: %(value)s") % {"value": shorten(value)}) from error


def _read_text(field: models.Field, value: Any) -> str:
    text = _check_length(clean_text(expect(str, value)), field.max_length)
    if not text.strip():
        if not field.blank:
            raise ValidationError(_("비워 둘 수 없습니다."))
        return text
    for validator in field.validators:
        if not isinstance(validator, MaxLengthValidator):
            validator(text)
    return _check_choice(field, text)


def _check_length(text: str, limit: int) -> str:
    if len(text) > limit:
        message = _("글이 너무 깁니다(%(length)s자). %(limit)s자까지 쓸 수 있습니다.")
        raise ValidationError(message % {"length": f"{len(text):,}", "limit": f"{limit:,}"})
    return text


def _check_choice(field: models.Field, value: Any) -> Any:
    allowed = [choice for choice, _name in field.flatchoices]
    if allowed and value not in allowed:
        names = ", ".join(str(choice) for choice in allowed if choice != "")
        raise ValidationError(
            _("‘%(value)s’은(는) 쓸 수 없습니다. 쓸 수 있는 값: %(names)s") % {"value": shorten(value), "names": names}
        )
    return value
