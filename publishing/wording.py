"""Words for released values on a public page, in the language of the page.

Korean pages print the values as they are. English pages take the field `…_en`; if it is empty they show the Korean,
marked as Korean for screen readers, browsers and search engines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from django.db.models import Choices
from django.template.loader import render_to_string
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from conference.content import PersonContent, RoomName, RoomNameInVenue
from korean import dates

AnyRoom = TypeVar("AnyRoom", bound=RoomName)
MONTHS = ("", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def is_english() -> bool:
    return get_language() == "en"


def korean(text: str) -> SafeString:
    """Return Korean text, marked as Korean on an English page."""
    if text and is_english():
        return render_to_string("wording/korean.html", {"text": text})
    return conditional_escape(text)


def words(value: Mapping[str, object], field: str) -> SafeString:
    """Return the field in the language of the page."""
    english = _text(value, f"{field}_en") if is_english() else ""
    return conditional_escape(english) if english else korean(_text(value, field))


def plain(value: Mapping[str, object], field: str) -> str:
    """Return the same as ``words`` without elements, for titles of windows and plain texts."""
    return (_text(value, f"{field}_en") if is_english() else "") or _text(value, field)


def _text(value: Mapping[str, object], field: str) -> str:
    text = value.get(field)
    return text if isinstance(text, str) else ""


def label(choices: type[Choices], code: str) -> str:
    """Return the label of a code; "" if the code does not exist any more."""
    return str(choices(code).label) if code in choices.values else ""


# ── dates and times ─────────────────────────────────────────────────────────────────────────────
def day(moment: dates.Moment) -> str:
    """``2015. 11. 24.(화)`` · ``Tue 24 Nov 2015``."""
    return f"{short_day(moment)} {dates.to_seoul(moment).year}" if is_english() else dates.format_full_day(moment)


def hours(starts_at: dates.Moment, ends_at: dates.Moment | None) -> SafeString:
    """``13:00~14:40``; each time is a `time` element. An end on another day is written with its day."""
    start, end = dates.to_seoul(starts_at), dates.to_seoul(ends_at) if ends_at else None
    end_day = short_day(end) if end and end.date() != start.date() else ""
    context = {"starts_at": start, "ends_at": end, "end_day": end_day, "is_english": is_english()}
    return render_to_string("wording/hours.html", context)


def span(starts_at: dates.Moment, ends_at: dates.Moment | None) -> SafeString:
    """``2015. 11. 24.(화) 13:00~18:00``, with `time` elements."""
    return format_html("{}{}{}", day(starts_at), ", " if is_english() else " ", hours(starts_at, ends_at))


def days(starts_at: dates.Moment, ends_at: dates.Moment) -> str:
    """``2015. 11. 24.(화)``; with several days the first and the last, ``2015. 11. 24.(화) ~ 11. 26.(목)``."""
    if dates.to_seoul(starts_at).date() == dates.to_seoul(ends_at).date():
        return day(starts_at)
    return f"{day(starts_at)} {'–' if is_english() else '~'} {short_day(ends_at)}"


def date_tile(moment: dates.Moment) -> SafeString:
    """Year, day and weekday as three lines of a tile."""
    at = dates.to_seoul(moment)
    if is_english():
        texts = {"year": str(at.year), "day": f"{at.day} {MONTHS[at.month]}", "weekday": WEEKDAYS[at.weekday()]}
    else:
        weekday = f"{dates.WEEKDAYS[at.weekday()]}요일"
        texts = {"year": f"{at.year}년", "day": f"{at.month}. {at.day}.", "weekday": weekday}
    return render_to_string("wording/date_tile.html", {"date": at.date().isoformat(), **texts})


def short_day(moment: dates.Moment) -> str:
    """``11. 24.(화)`` · ``Tue 24 Nov``."""
    at = dates.to_seoul(moment)
    return f"{WEEKDAYS[at.weekday()]} {at.day} {MONTHS[at.month]}" if is_english() else dates.format_short_day(moment)


# ── places and persons ──────────────────────────────────────────────────────────────────────────
def room(value: RoomName) -> str:
    """``6층 601호``; the floor only once (``6층 강당``)."""
    return value["name"] if value["name"].startswith(value["floor"]) else f"{value['floor']} {value['name']}"


def room_with_venue(value: RoomNameInVenue) -> str:
    """``구민회관 6층 601호``; the venue only once if the room's name begins with it."""
    return room(value) if value["name"].startswith(value["venue"]) else f"{value['venue']} {room(value)}"


def rooms(values: Iterable[AnyRoom], format_room: Callable[[AnyRoom], str] = room) -> SafeString:
    """``3층, 6층 601호``, each as ``format_room`` writes it, with or without its venue."""
    return korean(", ".join(dict.fromkeys(format_room(value) for value in values)))


def person(value: PersonContent | None) -> SafeString:
    """``<b>성명</b> 소속 직위``, without what is empty: an office has no name, and a name that may not be shown is empty too."""
    if not value:
        return SafeString()
    texts = [text for text in (value["name"], value["affiliation"], value["job"]) if text]
    if value["kind"] == "person" and value["name"]:
        return korean(render_to_string("wording/person.html", {"name": texts[0], "others": texts[1:]}))
    return korean(" ".join(texts))


def persons(values: Iterable[PersonContent]) -> SafeString:
    """Return the persons in the given order, separated by commas, without those of whom nothing may be shown."""
    return format_html_join(", ", "{}", ([text] for text in map(person, values) if text))


def phone(number: str) -> SafeString:
    """Return a number as a link that a phone dials; a text without a digit as it is."""
    dialled = "".join(sign for sign in number if sign.isdigit() or sign == "+")
    return render_to_string("wording/phone.html", {"dialled": dialled, "number": number}) if dialled else korean(number)
