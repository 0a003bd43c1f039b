"""The released programme as an A4 PDF, for the reception desk and for visitors without a phone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, TypedDict, cast

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from conference.content import RoomContent, event
from conference.models import Conference
from publishing import event_facts, qr, wording
from publishing.pdf import engine
from publishing.releases import LiveRelease
from sessions import programme_cards
from sessions.programme_cards import CardGroup, ShownCard, TimeSlot

SHEETS = ("paper/programme.css",)
MAX_PARALLEL = 4  # parallel sessions on one line


class PrintedCard(ShownCard):
    is_full: bool  # its presentations have titles


class PrintedRow(TimeSlot):
    lines: list[list[PrintedCard]]
    width: int  # cards side by side


class PrintedGroup(CardGroup):
    rows: list[PrintedRow]


class StandContent(TypedDict):
    """What the sheet says of an exhibitor."""

    name: str
    booths: list[str]


class ExpoContent(TypedDict):
    """What the sheet says of an exhibition, of all that ``exhibits.content`` has: the two apps do not know each other."""

    name: str
    name_en: str
    starts_at: str
    ends_at: str
    room: RoomContent | None
    exhibitors: list[StandContent]


class PrintedExpo(ExpoContent):
    names: Sequence[str]
    place: str


class PrintedDay(TypedDict):
    date: date | None  # None: nothing has a time yet
    groups: list[PrintedGroup]


def render_pdf(current: LiveRelease) -> bytes:
    """Render the PDF in the active language. The same release gives the same bytes."""
    page = render_to_string("sessions/paper.html", _context(current))
    code = qr.render_svg(qr.public_address(current.slug), title=_("QR 코드"))
    return engine.render_pdf(page, sheets=SHEETS, created=current.at, pictures={"qr.svg": code}).data


def _context(current: LiveRelease) -> dict[str, Any]:
    return {
        "current": current,
        "event": event(current.sections),
        "facts": [(label, text) for label, text in _facts(current) if text],
        "days": [day for day in _days(current) if day["groups"]],
        "expo": [_exhibition(current, row) for row in _expo(current.sections)],
        "address": qr.public_address(current.slug).partition("://")[2].rstrip("/"),
        "code": f"{engine.PICTURES}qr.svg",
        "created": current.at.isoformat(timespec="seconds"),
    }


def _days(current: LiveRelease) -> Iterator[PrintedDay]:
    days: list[date | None] = [*programme_cards.session_days(current)]
    for day in days or [None]:
        groups = programme_cards.groups(current, current.at, day)
        yield {"date": day, "groups": [{**group, "rows": [_row(slot) for slot in group["slots"]]} for group in groups]}


def _facts(current: LiveRelease) -> Iterator[tuple[str, Any]]:
    what = event(current.sections)
    yield _("일시"), wording.span(what["starts_at"], what["ends_at"])
    for venue in event_facts.used_venues(current):
        yield _("장소"), _join(" ".join(filter(None, (venue["name"], venue["floors"]))), venue["within"])
        yield _("오시는 길"), _join(venue["address"], *venue["transit"].splitlines())
    admission = wording.label(Conference.Admission, what["admission"])
    yield _("참가"), _join(what["audience"], admission)
    yield _("문의"), _join(what["contact_department"], what["contact_phone"])


def _join(*texts: str) -> str:
    """Return the texts that are not empty as one line."""
    return wording.korean(" · ".join(line.strip() for line in texts if line.strip()))


def _row(slot: TimeSlot) -> PrintedRow:
    """Return a slot with its cards in lines of nearly equal length, at most MAX_PARALLEL on a line."""
    cards: list[PrintedCard] = [
        {**card, "is_full": any(talk["title"] for talk in card["presentations"])} for card in slot["cards"]
    ]
    lines = -(-len(cards) // MAX_PARALLEL)
    width = -(-len(cards) // lines)
    return {**slot, "lines": [cards[i : i + width] for i in range(0, len(cards), width)], "width": width}


def _expo(sections: Mapping[str, object]) -> list[ExpoContent]:
    return cast("list[ExpoContent]", sections.get("expo") or [])


def _exhibition(current: LiveRelease, row: ExpoContent) -> PrintedExpo:
    names = [
        wording.korean(
            f"{exhibitor['name']} ({', '.join(exhibitor['booths'])})" if exhibitor["booths"] else exhibitor["name"]
        )
        for exhibitor in row["exhibitors"]
    ]
    place = wording.rooms([row["room"]] if row["room"] else [], event_facts.room_text_for(current))
    return {**row, "names": names, "place": place}
