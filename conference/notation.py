"""Dates, times and lists as Korean official papers write them (행정업무의 운영 및 혁신에 관한 규정 시행규칙).

Every function takes a value of a frozen content, ISO text in Asia/Seoul, or the date or time itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime

from conference.frozen import SEOUL

WEEKDAYS = "월화수목금토일"
Moment = str | date | datetime


def local(value: Moment) -> datetime | date:
    """Return the value as a date, or as a time in Seoul."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    return value.astimezone(SEOUL) if isinstance(value, datetime) else value


def day(value: Moment) -> str:
    """``2015. 11. 24.``."""
    at = local(value)
    return f"{at.year}. {at.month}. {at.day}."


def full_day(value: Moment) -> str:
    """``2015. 11. 24.(화)``."""
    return f"{day(value)}({WEEKDAYS[local(value).weekday()]})"


def short_day(value: Moment) -> str:
    """``11. 24.(화)``, for tables."""
    at = local(value)
    return f"{at.month}. {at.day}.({WEEKDAYS[at.weekday()]})"


def clock(value: Moment) -> str:
    """``13:00``."""
    return f"{local(value):%H:%M}"


def hours(starts_at: Moment, ends_at: Moment | None) -> str:
    """``13:00~14:40``; an end on the next day is written with its day; without an end, the start alone."""
    if ends_at is None:
        return clock(starts_at)
    passes_midnight = local(starts_at).date() != local(ends_at).date()
    return f"{clock(starts_at)}~{f'{short_day(ends_at)} ' if passes_midnight else ''}{clock(ends_at)}"


def span(starts_at: Moment, ends_at: Moment | None) -> str:
    """``2015. 11. 24.(화) 13:00~18:00``."""
    return f"{full_day(starts_at)} {hours(starts_at, ends_at)}"


def days(values: Iterable[Moment]) -> str:
    """``2015. 10. 26. / 11. 6. / 11. 13.``: the year stands where it changes."""
    written: list[str] = []
    year = None
    for at in map(local, values):
        written.append(day(at) if at.year != year else f"{at.month}. {at.day}.")
        year = at.year
    return " / ".join(written)


def count(number: int, *, is_approximate: bool, unit: str) -> str:
    """``14명``, or ``100여 개`` where the number is a rough one."""
    return f"{number:,}여 {unit}" if is_approximate else f"{number:,}{unit}"


PARTICLES = re.compile(r"([가-힣0-9])([’'”\")\]」]*)(을\(를\)|이\(가\)|은\(는\)|과\(와\)|\(으\)로)")
AFTER_VOWEL = {"을(를)": "를", "이(가)": "가", "은(는)": "는", "과(와)": "와", "(으)로": "로"}
AFTER_CONSONANT = {"을(를)": "을", "이(가)": "이", "은(는)": "은", "과(와)": "과", "(으)로": "으로"}
ENDINGS = "영일이삼사오육칠팔구"  # how digits are read
RIEUL = 8  # ㄹ among the final consonants: 서울로, not 서울으로


def particles(text: str) -> str:
    """Choose the particle that fits the word before it: ‘프로그램’을(를) → ‘프로그램’을. After other letters both stay."""
    return PARTICLES.sub(_particle, text)


def _particle(found: re.Match[str]) -> str:
    letter, marks, both = found.groups()
    final = (ord(ENDINGS[int(letter)] if letter.isdigit() else letter) - ord("가")) % 28
    is_short = final == 0 or (both == "(으)로" and final == RIEUL)
    return f"{letter}{marks}{AFTER_VOWEL[both] if is_short else AFTER_CONSONANT[both]}"
