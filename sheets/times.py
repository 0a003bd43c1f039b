"""Dates and times as people type them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.forms import Field
from django.utils.translation import gettext as _

from korean.dates import SEOUL, WEEKDAYS
from korean.dates import format_day as written_day
from sheets.cells import CellField

YEARS = range(1900, 2101)  # other years are typing errors
CLOCK = re.compile(r"(오전|오후|am|pm|AM|PM)?\s*(\d{1,2})(?:\s*[:시]\s*(?:(\d{1,2})\s*분?)?)?\s*(am|pm|AM|PM)?\Z")
DIGITS = re.compile(r"(\d{1,2})(\d{2})\Z")
SECONDS = re.compile(r"(?<=:\d\d):00(?!\d)")  # a spreadsheet adds the seconds
DOT = re.compile(r"(?<=\d)\.(?=\d\d(?!\d))")
HALF = {"오전": 0, "am": 0, "오후": 12, "pm": 12}
MAX_OVERNIGHT = timedelta(hours=12)  # an end up to so much later is on the next day if its clock time is earlier
MIDNIGHT = (24, 0)
TEXT_MAX = 80  # letters of a day with hours; longer texts would take long to match
NEXT_DAY = re.compile(r"(?:다음\s*날|익일)\s*")


def parse_time(text: str, *, is_end: bool = False) -> time:
    """Read ``1300``, ``13:00``, ``13시 30분``, ``오후 1시 반``, ``1:30 pm``, ``13:00:00``, ``13.30``. Raises ValidationError.

    ``is_end``: an end at ``24:00`` is midnight; a start at ``24:00`` is refused.
    """
    hour, minute = _parse_clock(text)
    if (hour, minute) == MIDNIGHT and is_end:
        hour = 0
    return _time(hour, minute)


def _time(hour: int, minute: int) -> time:
    if hour > 23 or minute > 59:  # noqa: PLR2004 (a day's hours, an hour's minutes)
        raise ValidationError(_("시각을 읽을 수 없습니다. 1300, 13:00, 오후 1시처럼 적어 주세요."))
    return time(hour, minute)


def _parse_clock(text: str) -> tuple[int, int]:
    """Return hour and minute as they are written; 99 if the text is no time."""
    text = " ".join(text.split()).replace("：", ":").replace("반", "30분")
    text = DOT.sub(":", SECONDS.sub("", text))
    if match := DIGITS.match(text):
        half, hour, minute = "", int(match[1]), int(match[2])
    elif match := CLOCK.match(text):
        half, hour, minute = (match[1] or match[4] or "").lower(), int(match[2]), int(match[3] or 0)
    else:
        half, hour, minute = "", 99, 0
    if half in HALF:
        is_half_day = 1 <= hour <= 12  # noqa: PLR2004 (the hours of a clock's face)
        hour = hour % 12 + HALF[half] if is_half_day else 99
    return hour, minute


DAY = re.compile(r"(?:(\d{2,4})\s*[-./년]\s*)?(\d{1,2})\s*[-./월]\s*(\d{1,2})\s*[.일]?\s*(?:\(([^)]*)\))?\Z")
DAY_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})\Z")


def parse_date(text: str, *, near: date | None = None) -> date:
    """Read ``2015-11-24``, ``2015. 11. 24.(화)``, ``20151124``; ``11/24`` is in the year of ``near``, a day of the event.

    A weekday that does not fit the date is refused, because one of the two is wrong. Raises ValidationError.
    """
    match = DAY_DIGITS.match(text) or DAY.match(text)
    weekday = match[4] if match and match.re is DAY else None
    number = int(match[1]) if match and match[1] else near and near.year
    if match and match[1] and len(match[1]) == len("15"):
        number += 2000
    if match is None or number is None:
        ways = {"iso": f"{near or _today():%Y-%m-%d}", "written": written_day(near or _today())}
        raise ValidationError(_("날짜를 읽을 수 없습니다. %(iso)s 또는 %(written)s처럼 적어 주세요.") % ways)
    try:
        day = date(number, int(match[2]), int(match[3]))
    except ValueError as error:
        raise ValidationError(_("없는 날짜입니다: %(text)s") % {"text": text}) from error
    if day.year not in YEARS:
        raise ValidationError(_("연도를 확인해 주세요: %(year)s년") % {"year": number})
    if weekday and weekday.removesuffix("요일") != WEEKDAYS[day.weekday()]:
        values = {"text": text, "weekday": WEEKDAYS[day.weekday()]}
        raise ValidationError(_("%(text)s: 그날은 %(weekday)s요일입니다. 날짜나 요일을 고쳐 주세요.") % values)
    return day


def _today() -> datetime:
    return datetime.now(SEOUL).replace(hour=13, minute=0)


class TimeCell(CellField):
    """A time of day; ``is_end``: whether it is an end."""

    def __init__(self, *, is_end: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.is_end = is_end
        self.example = "14:00" if is_end else "13:00"

    size = "xs"

    def show(self, value: Any) -> str:
        return "" if value is None else f"{value:%H:%M}"

    def read(self, text: str) -> time:
        return parse_time(text, is_end=self.is_end)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(initial if isinstance(initial, str) else self.show(initial)) != self.to_python(data)
        except ValidationError:
            return True


class DateCell(CellField):
    """A date; ``near``: the conference's date, which completes ``11/24`` and is shown as an example."""

    size = "day"
    near: datetime | None = None

    @property
    def example(self) -> str:
        """A date as it is typed."""
        return self.show(self.near or _today())

    def show(self, value: Any) -> str:
        return "" if value is None else f"{value:%Y-%m-%d}"

    def read(self, text: str) -> date:
        return parse_date(text, near=self.near)


MOMENT = re.compile(
    r"(.*?\S)(?:T|\s+)((?:오전|오후|[ap]m)?\s*\d{1,2}(?:\d{2}|\s*[:：시].*|\.\d{2}|\s*[ap]m)?)\Z",
    re.DOTALL | re.IGNORECASE,
)


def split_datetime_text(text: str) -> tuple[str, str]:
    """Return the texts of day and clock; the day is "" if there is only a clock."""
    match = MOMENT.match(text) if _parse_clock(text) > MIDNIGHT and len(text) < TEXT_MAX else None
    is_day = match and match[1].lower() not in HALF  # 오후 1시 has no day
    return (match[1].strip(), match[2]) if is_day else ("", text)


LENGTH = re.compile(r"\s*\(\s*\d+\s*(?:분|['′])\s*\)\Z")  # (30분), which follows from the two times
TILDE, HYPHEN = re.compile(r"(.+\S)\s*[~～∼〜]\s*(\S.*)\Z"), re.compile(r"(.+[:：시].*\S)\s*[-–—]\s*(\S.*)\Z")
AFTERNOON = re.compile(r"오후|pm", re.IGNORECASE)


def parse_time_range(text: str) -> tuple[str, str] | None:
    """Return the texts of start and end of ``13:00~13:30``, ``오후 1시~2시 반``, ``11/24 13:00-14:00(60분)``; else None."""
    text = LENGTH.sub("", text.strip())
    if len(text) > TEXT_MAX or not (match := TILDE.match(text) or HYPHEN.match(text)):
        return None
    start, end = match.groups()
    if (afternoon := AFTERNOON.search(start)) and _parse_clock(f"{afternoon[0]} {end}") <= MIDNIGHT:
        end = f"{afternoon[0]} {end}"
    return start, end


class DateTimeCell(DateCell):
    """A date and a time in Seoul: ``2015-11-24 13:00``."""

    size = "m"

    def show(self, value: Any) -> str:
        return "" if value is None else f"{value.astimezone(SEOUL):%Y-%m-%d %H:%M}"

    def read(self, text: str) -> datetime:
        day, clock = split_datetime_text(text)
        if not day:
            raise ValidationError(_("날짜와 시각을 함께 적어 주세요. 예: %(text)s") % {"text": self.example})
        end = _parse_end(clock)
        return datetime.combine(parse_date(day, near=self.near) + timedelta(days=end.days_later or 0), end.clock, SEOUL)


class EndTime(NamedTuple):
    """When something ends: on a given day, a number of days after its start, or at the next such hour after its start."""

    clock: time
    day: date | None = None
    days_later: int | None = None

    @property
    def has_day(self) -> bool:
        """Whether the day is given."""
        return self.day is not None or self.days_later is not None

    def after(self, starts_at: datetime) -> datetime:
        """Return the time of the end, for this start (in Seoul)."""
        day = self.day or starts_at.date() + timedelta(days=self.days_later or 0)
        ends_at = datetime.combine(day, self.clock, SEOUL)
        return ends_at if self.has_day or ends_at > starts_at else ends_at + timedelta(days=1)


def _parse_end(clock: str) -> EndTime:
    """Read a clock, ``24:00`` as the beginning of the next day."""
    return EndTime(time(), days_later=1) if _parse_clock(clock) == MIDNIGHT else EndTime(parse_time(clock))


class EndTimeCell(DateCell):
    """The time at which something ends, with its day if it lasts long: ``13:00``, ``다음날 09:00``, ``11/25 09:00``."""

    size = TimeCell.size
    example = "14:00"

    def show(self, value: Any) -> str:
        return "" if value is None else str(value)

    def read(self, text: str) -> EndTime:
        if match := NEXT_DAY.match(text):
            end = _parse_end(text[match.end() :])
            return end._replace(days_later=1 + (end.days_later or 0))
        day, clock = split_datetime_text(text)
        end = _parse_end(clock)
        return EndTime(end.clock, parse_date(day, near=self.near) + timedelta(days=end.days_later or 0)) if day else end

    has_changed = TimeCell.has_changed


def format_end(starts_at: datetime, ends_at: datetime) -> str:
    """Write an end (both in Seoul) as EndTimeCell reads it: with its day if the clock alone would mean another day."""
    clock, days_later = f"{ends_at:%H:%M}", (ends_at.date() - starts_at.date()).days
    if not days_later or (days_later == 1 and ends_at - starts_at <= MAX_OVERNIGHT):
        return clock
    return _("다음날 %(clock)s") % {"clock": clock} if days_later == 1 else f"{ends_at:%Y-%m-%d} {clock}"


def set_example_dates(fields: Mapping[str, Field], *, starts_at: datetime, ends_at: datetime) -> None:
    """Set the event's start and end, with which a form's cells complete typed days and show examples."""
    for name, field in fields.items():
        if isinstance(field, DateCell):
            field.near = (ends_at if name.startswith("ends") else starts_at).astimezone(SEOUL)
