"""Dates and times as people type them."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from conference.forms.cells import Cell
from conference.frozen import SEOUL
from conference.notation import WEEKDAYS

YEARS = range(1900, 2101)  # a conference outside them is a slip of the hand
CLOCK = re.compile(r"(오전|오후|am|pm|AM|PM)?\s*(\d{1,2})(?:\s*[:시]\s*(?:(\d{1,2})\s*분?)?)?\s*(am|pm|AM|PM)?\Z")
DIGITS = re.compile(r"(\d{1,2})(\d{2})\Z")
HALF = {"오전": 0, "am": 0, "오후": 12, "pm": 12}


def read_clock(text: str, *, is_end: bool = False) -> time:
    """Read ``1300``, ``13:00``, ``13시 30분``, ``오후 1시 반``, ``1:30 pm``. Raises ValidationError.

    ``is_end``: what ends at ``24:00`` ends at midnight; what starts then belongs to another day.
    """
    text = " ".join(text.split()).replace("：", ":").replace("반", "30분")
    if found := DIGITS.match(text):
        half, hour, minute = "", int(found[1]), int(found[2])
    elif found := CLOCK.match(text):
        half, hour, minute = (found[1] or found[4] or "").lower(), int(found[2]), int(found[3] or 0)
    else:
        half, hour, minute = "", 99, 0
    if half in HALF:
        is_half_day = 1 <= hour <= 12  # noqa: PLR2004 (the hours of a clock's face)
        hour = hour % 12 + HALF[half] if is_half_day else 99
    if is_end and not half and (hour, minute) == (24, 0):
        hour = 0
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
    if found and found[1] and len(found[1]) == len("15"):
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
    """A time of day; ``is_end``: at which something ends."""

    def __init__(self, *, is_end: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.is_end = is_end

    size = "xs"
    example = "13:00"

    def show(self, value: Any) -> str:
        return "" if value is None else f"{value:%H:%M}"

    def read(self, text: str) -> time:
        return read_clock(text, is_end=self.is_end)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(initial if isinstance(initial, str) else self.show(initial)) != self.to_python(data)
        except ValidationError:
            return True


class DayCell(Cell):
    """A date; ``year`` is that of the conference, so that ``11/24`` is enough."""

    size = "s"
    example = "2015-11-24"
    year: int | None = None

    def show(self, value: Any) -> str:
        return "" if value is None else value.isoformat()

    def read(self, text: str) -> date:
        return read_day(text, year=self.year)


class MomentCell(DayCell):
    """A date and a time in Seoul: ``2015-11-24 13:00``."""

    PARTS = re.compile(
        r"(.*?\S)(?:T|\s+)((?:오전|오후|[ap]m)?\s*\d{1,2}(?:\d{2}|\s*[:：시].*|\s*[ap]m)?)\Z", re.DOTALL | re.IGNORECASE
    )

    size = "m"
    example = "2015-11-24 13:00"

    def show(self, value: Any) -> str:
        return "" if value is None else f"{value.astimezone(SEOUL):%Y-%m-%d %H:%M}"

    def read(self, text: str) -> datetime:
        found = self.PARTS.match(text)
        if not found:
            raise ValidationError(_("날짜와 시각을 함께 적어 주세요. 예: 2015-11-24 13:00"))
        return datetime.combine(read_day(found[1].strip(), year=self.year), read_clock(found[2]), SEOUL)
