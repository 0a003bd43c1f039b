"""Words for released values on a public page, in the language of the page.

Korean pages print the values as they are. English pages take the field `…_en`; if it is empty they show the Korean,
marked as Korean for screen readers, browsers and search engines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from django.db.models import Choices
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from conference.content import PersonContent, RoomName, RoomNameInVenue
from korean import dates
from publishing.markup import EMPTY, escape_html, html, join_html

AnyRoom = TypeVar("AnyRoom", bound=RoomName)
MONTHS = ("", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DATE_TILE = '<time class="date-tile" datetime="{}">{}<b>{}</b>{}</time>'
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def is_english() -> bool:
    return get_language() == "en"


def korean(text: str) -> SafeString:
    """Return Korean text, marked as Korean on an English page."""
    return html('<span lang="ko">{}</span>', text) if text and is_english() else escape_html(text)


def words(value: Mapping[str, object], field: str) -> SafeString:
    """Return the field in the language of the page."""
    english = _text(value, f"{field}_en") if is_english() else ""
    return escape_html(english) if english else korean(_text(value, field))


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
    if not ends_at:
        return _clock(starts_at)
    other_day = dates.to_seoul(starts_at).date() != dates.to_seoul(ends_at).date()
    before_end = f"{short_day(ends_at)} " if other_day else ""
    return html("{}{}{}{}", _clock(starts_at), "–" if is_english() else "~", before_end, _clock(ends_at))


def span(starts_at: dates.Moment, ends_at: dates.Moment | None) -> SafeString:
    """``2015. 11. 24.(화) 13:00~18:00``, with `time` elements."""
    return html("{}{}{}", day(starts_at), ", " if is_english() else " ", hours(starts_at, ends_at))


def days(starts_at: dates.Moment, ends_at: dates.Moment) -> str:
    """``2015. 11. 24.(화)``; with several days the first and the last, ``2015. 11. 24.(화) ~ 11. 26.(목)``."""
    if dates.to_seoul(starts_at).date() == dates.to_seoul(ends_at).date():
        return day(starts_at)
    return f"{day(starts_at)} {'–' if is_english() else '~'} {short_day(ends_at)}"


def date_tile(moment: dates.Moment) -> SafeString:
    """Year, day and weekday as three lines of a tile."""
    at = dates.to_seoul(moment)
    if is_english():
        year, day_, weekday = str(at.year), f"{at.day} {MONTHS[at.month]}", WEEKDAYS[at.weekday()]
    else:
        year, day_, weekday = f"{at.year}년", f"{at.month}. {at.day}.", f"{dates.WEEKDAYS[at.weekday()]}요일"
    return html(DATE_TILE, at.date().isoformat(), year, day_, weekday)


def short_day(moment: dates.Moment) -> str:
    """``11. 24.(화)`` · ``Tue 24 Nov``."""
    at = dates.to_seoul(moment)
    return f"{WEEKDAYS[at.weekday()]} {at.day} {MONTHS[at.month]}" if is_english() else dates.format_short_day(moment)


def _clock(moment: dates.Moment) -> SafeString:
    return html('<time datetime="{}">{}</time>', dates.to_seoul(moment).isoformat(), dates.format_clock(moment))


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
        return EMPTY
    name = html("<b>{}</b>", value["name"]) if value["kind"] == "person" and value["name"] else value["name"]
    return korean(join_html(map(escape_html, filter(None, (name, value["affiliation"], value["job"]))), " "))


def persons(values: Iterable[PersonContent]) -> SafeString:
    """Return the persons in the given order, separated by commas, without those of whom nothing may be shown."""
    return join_html(filter(None, map(person, values)), ", ")


def phone(number: str) -> SafeString:
    """Return a number as a link that a phone dials; a text without a digit as it is."""
    dialled = "".join(sign for sign in number if sign.isdigit() or sign == "+")
    return html('<a href="tel:{}">{}</a>', dialled, number) if dialled else korean(number)
