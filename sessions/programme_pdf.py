"""The released programme as a sheet of paper (A4), for the desk at the door and for whoever has no phone in hand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from conference.models import Conference
from publishing import event_facts, qr, wording
from publishing.pdf import engine
from publishing.releases import Current
from sessions import programme_cards

SHEETS = ("paper/programme.css",)
ABREAST = 4  # parallel sessions that stand side by side; more take the next line
Value = dict[str, Any]


def pdf(current: Current) -> bytes:
    """Print the programme in the language of the page; the same release gives the same bytes."""
    page = render_to_string("sessions/paper.html", _context(current))
    code = qr.svg(qr.address(current.slug), title=_("QR 코드"))
    return engine.pdf(page, sheets=SHEETS, created=current.at, pictures={"qr.svg": code}).data


def _context(current: Current) -> Value:
    address = qr.address(current.slug)
    return {
        "current": current,
        "event": current.sections["event"],
        "facts": [(label, said) for label, said in _facts(current) if said],
        "days": [day for day in _days(current) if day["groups"]],
        "expo": [_stand(current, row) for row in current.sections.get("expo") or []],
        "address": address.partition("://")[2].rstrip("/"),
        "code": f"{engine.PICTURES}qr.svg",
        "created": current.at.isoformat(timespec="seconds"),
    }


def _days(current: Current) -> Iterator[Value]:
    for day in programme_cards.dates(current) or [None]:
        yield {
            "date": day,
            "groups": [_group(current, group) for group in programme_cards.groups(current, current.at, day)],
        }


def _facts(current: Current) -> Iterator[tuple[str, Any]]:
    event = current.sections["event"]
    yield _("일시"), wording.span(event["starts_at"], event["ends_at"])
    for house in event_facts.venues(current):
        yield _("장소"), _joined(" ".join(filter(None, (house["name"], house["floors"]))), house["within"])
        yield _("오시는 길"), _joined(house["address"], *house["transit"].splitlines())
    admission = wording.label(Conference.Admission, event["admission"])
    yield _("참가"), _joined(event["audience"], admission)
    yield _("문의"), _joined(event["contact_department"], event["contact_phone"])


def _joined(*said: str) -> str:
    """Return what there is as one line."""
    return wording.korean(" · ".join(line.strip() for line in said if line.strip()))


def _group(current: Current, group: Value) -> Value:
    places = (group["part"] or {"places": []})["places"]
    place = wording.rooms(places, event_facts.room_words(current))
    return group | {"place": place, "rows": [_row(slot) for slot in group["slots"]]}


def _row(slot: Value) -> Value:
    """A slot with its cards side by side, at most ABREAST on a line, and none much wider than the others."""
    cards = [card | {"is_full": any(talk["title"] for talk in card["presentations"])} for card in slot["cards"]]
    lines = -(-len(cards) // ABREAST)
    width = -(-len(cards) // lines)
    return slot | {"lines": [cards[i : i + width] for i in range(0, len(cards), width)], "width": width}


def _stand(current: Current, row: Value) -> Value:
    names = [
        wording.korean(f"{found['name']} ({', '.join(found['booths'])})" if found["booths"] else found["name"])
        for found in row["exhibitors"]
    ]
    place = wording.rooms([row["room"]] if row["room"] else [], event_facts.room_words(current))
    return row | {"names": names, "place": place}
