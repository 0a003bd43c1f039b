"""A released programme in the order a reader takes it: days, groups (parts and what stands between them), slots, cards.

Pure functions of a release and a moment. A slot holds what begins at one time, so parallel sessions stand together.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext as _

from conference import overview, wording
from conference.notation import local
from conference.release import Current

Value = dict[str, Any]


def days(current: Current, at: datetime) -> list[Value]:
    """Return ``[{"date", "groups": [{"part": …|None, "id", "slots": [slot]}]}]``; parts without times and sessions come first."""
    groups = list(_groups(current, at))
    first = min((group["date"] for group in groups if group["date"]), default=None)
    for group in groups:
        group["date"] = group["date"] or first
    ordered = sorted(groups, key=lambda group: group["date"] or date.min)  # stable: the printed order within a day
    return [{"date": day, "groups": list(found)} for day, found in groupby(ordered, key=lambda group: group["date"])]


def cards(current: Current) -> list[Value]:
    """Return every session that has a page, in the order of time, as ``card`` makes it."""
    names = _names(current)
    found = [card(row, block["part"], names) for block in _blocks(current) for row in block["sessions"]]
    return sorted((row for row in found if row["has_page"]), key=lambda row: row["starts_at"])


def card(row: Value, part: Value | None, names: dict[str, Value]) -> Value:
    """A released session with what a page says of it beside: its place, and topic and host in both languages."""
    part, host = part or {"places": [], "label": ""}, names.get(row["host"])
    to = [row["destination"]] if row["destination"] else []
    return row | {
        "has_page": row["kind"] not in overview.PASSING,
        "rooms": row["rooms"] or to or part["places"],
        "place": wording.rooms(row["rooms"] or to),  # the part's own stand at its head
        "topic": names.get(row["topic"]),
        "host": host,
        "hosted_by": format_html(_("{} 주관"), wording.words(host, "name")) if host else "",
        "presentations": [talk | {"district": names.get(talk["district"])} for talk in row["presentations"]],
        "within": part,
        "marks": list(marks(row)),
        "was": _was(row),
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


def _was(row: Value) -> Value:
    """The times and the place that were announced first, struck through; empty where they are the same."""
    was = row.get("was", {})
    hours = ""
    if "starts_at" in was or "ends_at" in was:
        hours = wording.hours(was.get("starts_at", row["starts_at"]), was.get("ends_at", row["ends_at"]))
    return {"hours": _struck(hours), "place": _struck(wording.rooms(was.get("rooms") or []))}


def _struck(text: str) -> str:
    return format_html('<span class="sr-only">{} </span><s>{}</s>', _("처음 안내:"), text) if text else ""


def _minutes(old: str, new: str) -> int:
    return int((datetime.fromisoformat(new) - datetime.fromisoformat(old)).total_seconds() // 60)


def _groups(current: Current, at: datetime) -> Iterator[Value]:
    """Each part once a day; neighbours outside every part in one group."""
    names, number = _names(current), 0
    for is_part, blocks in groupby(_blocks(current), key=lambda block: block["part"] is not None):
        for part, rows in [(b["part"], b["sessions"]) for b in blocks] if is_part else [(None, _joined(blocks))]:
            number += is_part
            found = sorted((card(row, part, names) for row in rows), key=lambda row: row["starts_at"])
            if not found:
                yield {"part": part, "id": f"part-{number}", "date": _day(part["starts_at"]), "slots": []}
            for i, (day, of_day) in enumerate(groupby(found, key=lambda row: _day(row["starts_at"]))):
                anchor = f"part-{number}-{day}" if i else f"part-{number}"
                yield {"part": part, "id": anchor, "date": day, "slots": list(_slots(of_day, at))}


def _slots(rows: Iterator[Value], at: datetime) -> Iterator[Value]:
    for starts_at, found in groupby(rows, key=lambda row: row["starts_at"]):
        cards_ = list(found)
        ends_at = max(row["ends_at"] for row in cards_)
        yield {
            "starts_at": starts_at,
            "ends_at": ends_at,
            "is_now": datetime.fromisoformat(starts_at) <= at < datetime.fromisoformat(ends_at)
            and not all(row.get("is_cancelled") for row in cards_),
            "is_passing": not any(row["has_page"] for row in cards_),
            "cards": cards_,
        }


def _names(current: Current) -> dict[str, Value]:
    """Districts and topics by name; a topic has its colour."""
    return {row["name"]: row for row in [*current.sections["event"]["districts"], *overview.topics(current)]}


def _blocks(current: Current) -> list[Value]:
    return (current.sections.get("programme") or {"blocks": []})["blocks"]


def _joined(blocks: Iterator[Value]) -> list[Value]:
    return [row for block in blocks for row in block["sessions"]]


def _day(moment: str | None) -> date | None:
    return local(moment).date() if moment else None


def facts(row: Value) -> list[overview.Fact]:
    """Return (label, lines) of a card; pairs without lines are for the template to leave out."""
    houses = dict.fromkeys(f"{room['venue']} {room['within']}".strip() for room in row["rooms"])
    return [
        (_("시간"), [wording.span(row["starts_at"], row["ends_at"]), row["was"]["hours"]]),
        (_("장소"), [wording.rooms(row["rooms"]), *map(wording.korean, houses), row["was"]["place"]]),
        (_("주관"), [wording.words(row["host"], "name")] if row["host"] else []),
        (_("사회"), [wording.person(row["moderator"])]),
        (_("진행"), [wording.korean(row["conduct"])]),
        (_("발표"), [wording.korean(row["performers"])]),
        (_("참여"), [wording.korean(row["participants"])]),
    ]
