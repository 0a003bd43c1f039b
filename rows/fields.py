"""Model fields for clean text: NFC, without control characters, as one line, several lines or a list of lines."""

from __future__ import annotations

import re
import secrets
import unicodedata
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

CODE_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # without the look-alikes i, l, o, 0, 1


# Control characters except tab and line ends, lone surrogates and non-characters: no XML file may hold them.
# Also the characters that reverse the order of letters: a signer would read another text than he signs.
FORBIDDEN_CHARACTERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def clean_text(value: str) -> str:
    """Return ``value`` in NFC with LF line ends (a browser sends CRLF), so that equal words are equal bytes.

    Raises ValidationError for a forbidden character.
    """
    if match := FORBIDDEN_CHARACTERS.search(value):
        raise ValidationError(
            _("쓸 수 없는 문자(U+%(code)04X)가 들어 있습니다. 지우고 다시 적어 주세요."),
            code="unfit",
            params={"code": ord(match[0])},
        )
    return unicodedata.normalize("NFC", value).replace("\r\n", "\n")


def clean_json(value: Any) -> Any:
    """Apply clean_text to every string inside a JSON value."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, list):
        return [clean_json(item) for item in value]
    if isinstance(value, dict):
        return {clean_text(key): clean_json(item) for key, item in value.items()}
    return value


class _CleanText:
    """Cleans text on every path: forms and full_clean() call to_python, save() and queries get_prep_value."""

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)  # type: ignore[misc]  # of the model field that it is mixed into
        return clean_text(value) if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)  # type: ignore[misc]
        return clean_text(value) if isinstance(value, str) else value


def validate_one_line(value: str) -> None:
    """Raise ValidationError for a line break, because titles appear in mail subjects, file names and page headers."""
    if len(value.splitlines()) > 1:
        raise ValidationError(_("한 줄로 적어 주세요."), code="line")


class LineField(_CleanText, models.CharField):
    """One line of text."""

    default_validators = [validate_one_line]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 200)
        super().__init__(*args, **kwargs)


class TextField(_CleanText, models.TextField):
    """Several lines of text; the limit keeps an accidental paste out of forms and PDFs."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 20_000)
        super().__init__(*args, **kwargs)


class JSONField(models.JSONField):
    """JSON whose strings obey clean_text."""

    def clean(self, value: Any, model_instance: models.Model | None) -> Any:
        return super().clean(clean_json(value), model_instance)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return super().get_db_prep_value(clean_json(value), connection, prepared)


def max_length(model: type[models.Model], field: str) -> int:
    """Return how many letters a field of text holds."""
    return cast("models.CharField[str, str]", model._meta.get_field(field)).max_length or 0


def validate_lines(value: Any) -> None:
    """Raise ValidationError for anything but a list of non-empty texts."""
    if not isinstance(value, list) or not all(isinstance(line, str) and line.strip() for line in value):
        raise ValidationError(_("빈 줄 없는 글의 목록이어야 합니다."), code="lines")


class LinesField(JSONField):
    """An ordered list of non-empty lines."""

    default_validators = [validate_lines]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", list)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)


def make_code() -> str:
    """Return a short random code for an address that must not change when titles or the order change."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(6))
