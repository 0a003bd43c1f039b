"""A released programme in the order a reader takes it: groups of a day (parts and what stands between them), slots, cards.

Pure functions of a release and a moment. A slot holds what begins at one time, so parallel sessions stand together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from publishing import event_facts, wording
from publishing.markup import filled
from publishing.releases import Current
from rows import app_registry

Value = dict[str, Any]
PASSING = ("move", "break")  # kinds of session with nothing to read about: they have no page of their own


def rows(current: Current) -> Iterator[tuple[Value | None, Value]]:
    """Every session with its part, in printed order."""
    for block in _blocks(current):
        for row in block["sessions"]:
            yield block["part"], row


def dates(current: Current) -> list[date]:
    """The days on which something begins, in order."""
    timed = [block["part"] for block in _blocks(current) if block["part"]] + [row for _part, row in rows(current)]
    return [date.fromisoformat(day) for day in sorted({row["starts_at"][:10] for row in timed if row["starts_at"]})]


def begun(current: Current, at: datetime) -> date | None:
    """The day on which what is under way began, the latest of several."""
    on = [row["starts_at"][:10] for _part, row in rows(current) if not row.get("is_cancelled") and _is_on(row, at)]
    return date.fromisoformat(max(on)) if on else None


def groups(
    current: Current, at: datetime, day: date | None, *, keeps: Callable[[Value], bool] | None = None
) -> Iterator[Value]:
    """Yield ``{"part": …|None, "id", "slots": [slot], "is_out"}`` of a day in printed order.

    That is each part which has something then, and neighbours outside every part in one group. A part without times and
    sessions is of the first day. ``keeps``, where given, is asked of every session: of cards, slots and groups that
    nobody wants now ``is_out`` is true.
    """
    number, said, language = 0, str(day), get_language()
    first = current.derived(dates)[:1]
    for is_part, blocks in groupby(_blocks(current), key=lambda block: block["part"] is not None):
        for part, found in [(b["part"], b["sessions"]) for b in blocks] if is_part else [(None, _joined(blocks))]:
            number += is_part
            of_day = sorted((row for row in found if row["starts_at"][:10] == said), key=itemgetter("starts_at"))
            its_day = [date.fromisoformat(part["starts_at"][:10])] if part and part["starts_at"] else first
            if of_day or (not found and its_day in ([], [day])):
                cards = [
                    current.derived(card, row["code"], language) | {"is_out": bool(keeps and not keeps(row))}
                    for row in of_day
                ]
                slots = list(_slots(cards, at))
                is_out = all(slot["is_out"] for slot in slots) if slots else bool(keeps)
                yield {"part": part, "id": f"part-{number}", "slots": slots, "is_out": is_out}


def turned_to(current: Current, code: str) -> tuple[Value | None, Value | None, Value | None]:
    """Return the session of that code as ``card`` makes it, between its neighbours that have a page, by time."""
    turns = current.derived(_turns)
    if code not in turns:
        return None, None, None
    before, after = turns[code]
    return before, current.derived(card, code, get_language()), after


def _turns(current: Current) -> dict[str, tuple[Value | None, Value | None]]:
    """The neighbours of every session that has a page."""
    found = sorted((row for _part, row in rows(current) if has_page(row)), key=itemgetter("starts_at"))
    around = [None, *found, None]
    return {row["code"]: (around[i], around[i + 2]) for i, row in enumerate(found)}


def has_page(row: Value) -> bool:
    """Whether there is more to read of the session than its line in the programme."""
    return row["kind"] not in PASSING


def card(current: Current, code: str, _language: str) -> Value:
    """A released session with what a page says of it beside, in the language of the page: its place, topic and host."""
    names, (part, row) = current.derived(_names), current.derived(_by_code)[code]
    part, host = part or {"places": [], "label": ""}, names.get(row["host"])
    to, said = [row["destination"]] if row["destination"] else [], event_facts.room_words(current)
    return row | {
        "has_page": has_page(row),
        "own_rooms": row["rooms"],
        "rooms": row["rooms"] or to or part["places"],
        "place": wording.rooms(row["rooms"] or to, said),  # the part's own stand at its head
        "topic": names.get(row["topic"]),
        "host": host,
        "hosted_by": filled(_("{} 주관"), wording.words(host, "name")) if host else "",
        "presentations": [talk | {"district": names.get(talk["district"])} for talk in row["presentations"]],
        "within": part,
        "proposals": proposals_of(row),
        "marks": list(marks(row)),
        "was": _was(row, said),
    }


def marks(row: Value) -> Iterator[tuple[str, str]]:
    """What became different on the day, as (kind of badge, words)."""
    was = row.get("was", {})
    if row.get("is_cancelled"):
        yield "error", _("취소")
    elif "starts_at" in was or "ends_at" in was:
        late = [_minutes(was.get(key, row[key]), row[key]) for key in ("starts_at", "ends_at")]
        if late[0] == late[1] > 0:
            yield "warning", _("%(minutes)d분 지연") % {"minutes": late[0]}
        elif not late[0] and late[1] > 0:
            yield "warning", _("%(minutes)d분 연장") % {"minutes": late[1]}
        else:
            yield "warning", _("시간 변경")
    if "rooms" in was and not row.get("is_cancelled"):
        yield "warning", _("장소 변경")


def _was(row: Value, said: Callable[[Value], str]) -> Value:
    """The times and the place that were announced first, struck through; empty where they are the same."""
    was = row.get("was", {})
    hours = ""
    if "starts_at" in was or "ends_at" in was:
        hours = wording.hours(was.get("starts_at", row["starts_at"]), was.get("ends_at", row["ends_at"]))
    return {"hours": _struck(hours), "place": _struck(wording.rooms(was.get("rooms") or [], said))}


def _struck(text: str) -> str:
    return filled('<span class="sr-only">{} </span><s>{}</s>', _("처음 안내:"), text) if text else ""


def _minutes(old: str, new: str) -> int:
    return int((datetime.fromisoformat(new) - datetime.fromisoformat(old)).total_seconds() // 60)


def _slots(cards: list[Value], at: datetime) -> Iterator[Value]:
    for starts_at, found in groupby(cards, key=itemgetter("starts_at")):
        together = list(found)
        for row in together:
            row["is_now"] = not row.get("is_cancelled") and _is_on(row, at)
        yield {
            "starts_at": starts_at,
            "ends_at": max(row["ends_at"] for row in together),
            "is_now": any(row["is_now"] for row in together),
            "is_passing": not any(row["has_page"] for row in together),
            "is_out": all(row["is_out"] for row in together),
            "cards": together,
        }


def _is_on(row: Value, at: datetime) -> bool:
    return datetime.fromisoformat(row["starts_at"]) <= at < datetime.fromisoformat(row["ends_at"])


def _by_code(current: Current) -> dict[str, tuple[Value | None, Value]]:
    return {row["code"]: (part, row) for part, row in rows(current)}


def _names(current: Current) -> dict[str, Value]:
    """Districts and topics by name; a topic has its colour."""
    return {row["name"]: row for row in [*current.sections["event"]["districts"], *event_facts.topics(current)]}


def _blocks(current: Current) -> list[Value]:
    return (current.sections.get("programme") or {"blocks": []})["blocks"]


def _joined(blocks: Iterator[Value]) -> list[Value]:
    return [row for block in blocks for row in block["sessions"]]


def facts(row: Value) -> list[event_facts.Fact]:
    """Return (label, lines) of a card; pairs without lines are for the template to leave out."""
    houses = dict.fromkeys(f"{room['within']} {room['venue']}".strip() for room in row["rooms"])
    return [
        (_("시간"), [wording.span(row["starts_at"], row["ends_at"]), row["was"]["hours"]]),
        (_("장소"), [wording.rooms(row["rooms"]), *map(wording.korean, houses), row["was"]["place"]]),
        (_("주관"), [wording.words(row["host"], "name")] if row["host"] else []),
        (_("사회"), [wording.person(row["moderator"])]),
        (_("진행"), [wording.korean(row["conduct"])]),
        (_("발표"), [wording.korean(row["performers"])]),
        (_("참여"), [wording.korean(row["participants"])]),
    ]


def proposals_of(row: Value) -> list[Value]:
    """Return the released proposals of a session, each with ``came``: what became of it, in words."""
    states = app_registry.codes("programme", "state")
    return [found | {"came": states.get(found["state"], "")} for found in row.get("proposals", [])]
