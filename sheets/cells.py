"""Form fields whose value is one text: typed, pasted from a spreadsheet and shown again, it is the same.

``show(value)`` returns the text of a value. ``read(text)`` returns the value of a text, or raises a ValidationError that
says how to correct it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rows.fields import clean_text
from sheets.fast_widgets import CellBoundField, FastTextarea, FastTextInput, FastTextSelect


class CellField(forms.Field):
    """A field whose value is one text."""

    widget = FastTextInput
    empty: Any = None
    size = "text"  # width of its column in a table: xs s m text
    example = ""  # a text as it is typed; a table does not show it

    def get_bound_field(self, form: Any, field_name: str) -> CellBoundField:
        return CellBoundField(form, self, field_name)

    def show(self, value: Any) -> str:
        """Return the text of a value."""
        return "" if value is None else str(value)

    def read(self, text: str) -> Any:
        """Return the value of a text that is not empty. Raises ValidationError."""
        raise NotImplementedError

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) else self.show(value)

    def to_python(self, value: Any) -> Any:
        """Read what was sent; for a disabled cell, the stored value."""
        text = clean_text(normalise_newlines(self.prepare_value(value))).strip()
        return self.read(text) if text else self.empty

    def has_changed(self, initial: Any, data: Any) -> bool:
        if self.disabled:
            return False
        return normalise_newlines(self.prepare_value(initial)).strip() != normalise_newlines(str(data or "")).strip()


def normalise_newlines(text: str) -> str:
    """Return the text with LF line ends, as we store it; browsers send CRLF."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


class TextCell(CellField):
    """A text of one or several lines."""

    empty = ""

    def __init__(self, *, max_length: int | None = None, is_long: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("widget", FastTextarea(attrs={"rows": 3}) if is_long else FastTextInput)
        super().__init__(**kwargs)
        self.is_long = is_long
        if max_length:
            self.validators.append(MaxLengthValidator(max_length))

    def read(self, text: str) -> str:
        """Keep the lines of a long text; join the lines of a short one."""
        return text if self.is_long else " ".join(text.split("\n"))


class ShownCell(TextCell):
    """What a line is about: shown in a table and its workbook, changed elsewhere.

    ``cell_template``: draws the cell from the line's ``form`` and the ``text``; else it is the text.
    """

    is_shown_only = True

    def __init__(self, *, size: str = TextCell.size, cell_template: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs, required=False, disabled=True)
        self.size, self.cell_template = size, cell_template

    def prepare_value(self, value: Any) -> str:
        return self.show(value)


class NullTextCell(TextCell):
    """A text in which empty means “as in another row” (null) and ``-`` means “none”."""

    empty = None
    NONE = "-"

    def show(self, value: Any) -> str:
        return self.NONE if value == "" else value or ""

    def read(self, text: str) -> str:
        return "" if text == self.NONE else super().read(text)


class LinesCell(CellField):
    """A list of texts, one a line."""

    widget = FastTextarea(attrs={"rows": 3})

    def show(self, value: Any) -> str:
        return "\n".join(value or [])

    empty = ()

    def read(self, text: str) -> list[str]:
        return [line.strip() for line in text.splitlines() if line.strip()]

    def to_python(self, value: Any) -> list[str]:
        return list(super().to_python(value))


class NumberCell(CellField):
    """A whole number, also with commas and a unit: ``1,200``, ``30명``, ``1,000,000원``."""

    NUMBER = re.compile(r"([-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.0+)?)\s*[명인원개건부매대회석점권]?\Z")

    size = "xs"
    widget = FastTextInput(attrs={"inputmode": "numeric"})
    can_be_approximate = False  # whether the form has a field for 어림수 too

    def __init__(self, *, most: int = 2_147_483_647, least: int = 0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.most, self.least = most, least

    def show(self, value: Any) -> str:
        return "" if value is None else f"{value:,}"

    def read(self, text: str) -> int:
        match = self.NUMBER.match(text)
        if not match:
            rough = _(" 어림수이면 ‘어림수’에 표시합니다.") if self.can_be_approximate else ""
            raise ValidationError(_("숫자만 적어 주세요(예: 120).") + rough)
        number = Decimal(match[1].replace(",", ""))
        if not self.least <= number <= self.most:
            limits = {"least": f"{self.least:,}", "most": f"{self.most:,}"}
            raise ValidationError(_("%(least)s부터 %(most)s까지 적을 수 있습니다.") % limits)
        return int(number)


class YesCheckbox(forms.CheckboxInput):
    """A checkbox whose value is a text, like that of every other cell."""

    def __init__(self) -> None:
        super().__init__(attrs={"value": str(YesCell.YES)}, check_test=lambda shown: shown == str(YesCell.YES))

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:  # noqa: ARG002 (Django's signature)
        return str(YesCell.YES) if data.get(name) else ""


class YesCell(CellField):
    """Yes or no; in a table chosen or pasted as ``예``, on a row's page a checkbox."""

    YES, NO = gettext_lazy("예"), gettext_lazy("아니오")
    VALUES: ClassVar[dict[str, bool]] = {
        **dict.fromkeys(("예", "네", "o", "○", "y", "yes", "true", "1", "✓", "v", "on"), True),
        **dict.fromkeys(("아니오", "아니요", "x", "×", "n", "no", "false", "0", "-"), False),
    }
    empty = False
    size = "xs"

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", FastTextSelect(["", str(self.YES)]))
        super().__init__(**kwargs | {"required": False})

    def show(self, value: Any) -> str:
        return str(self.YES) if value else ""

    def read(self, text: str) -> bool:
        if text.lower() not in self.VALUES:
            raise ValidationError(_("‘예’ 또는 ‘아니오’로 적어 주세요."))
        return self.VALUES[text.lower()]


def without_spaces(text: str) -> str:
    """Return the text without white space, for comparing names."""
    return "".join(text.split())


class ChoiceCell(CellField):
    """One of the choices of a model's field, by its Korean name."""

    empty = ""

    def __init__(self, *, choices: Iterable[tuple[Any, Any]], empty: Any = "", **kwargs: Any) -> None:
        self.names = {value: str(name) for value, name in choices if value not in ("", None)}
        self.empty = empty
        kwargs.setdefault("widget", FastTextSelect(["", *self.names.values()]))
        super().__init__(**kwargs)

    def show(self, value: Any) -> str:
        return self.names.get(value, "")

    def prepare_value(self, value: Any) -> Any:
        """Return the name of a stored value; a typed text is returned as it is."""
        return self.names.get(value, "" if value is None else value)

    def read(self, text: str) -> Any:
        value = next(
            (value for value, name in self.names.items() if without_spaces(name) == without_spaces(text)), None
        )
        if value is None and text in map(str, self.names):
            value = next(value for value in self.names if str(value) == text)
        if value is None:
            raise ValidationError(
                _("다음 가운데 하나를 고르세요: %(names)s") % {"names": ", ".join(self.names.values())}
            )
        return value
