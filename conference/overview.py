"""What the overview says of a release: where the event stands at a moment, what is on, where to go."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from conference import wording
from conference.frozen import SEOUL
from conference.models import Conference, HostRole
from conference.notation import local
from conference.release import Current

Value = dict[str, Any]
Fact = tuple[str, list[str]]  # a label and its lines, as templates/_facts.html takes them
PASSING = ("move", "break")  # kinds of session with nothing to read about: they have no page of their own
TONES = 6  # colours in static/css/components.css, .tone-1 …
BEFORE, ON, AFTER = "waiting", "info", ""  # kinds of badges


def stand(event: Value, at: datetime) -> Value:
    """Return ``{"label", "kind"}``: days to go, today, under way, or over; the kind is a badge's."""
    starts_at, ends_at = _time(event["starts_at"]), _time(event["ends_at"])
    if at >= ends_at:
        return {"label": _("행사가 끝났습니다"), "kind": AFTER}
    if at >= starts_at:
        return {"label": _("지금 열리고 있습니다"), "kind": ON}
    days = (starts_at.astimezone(SEOUL).date() - at.astimezone(SEOUL).date()).days
    return (
        {"label": _("D-%(days)d") % {"days": days}, "kind": BEFORE}
        if days
        else {"label": _("오늘 열립니다"), "kind": ON}
    )


def moments(events: list[Value]) -> list[datetime]:
    """Every start and end of the events, in order."""
    return sorted(_time(event[key]) for event in events for key in ("starts_at", "ends_at"))


def now_and_next(current: Current, at: datetime) -> dict[str, list[Value]]:
    """Return the sessions under way, and those that begin next, each with its ``place``. Empty but on the days of the event."""
    if stand(current.sections["event"], at)["kind"] != ON:
        return {"now": [], "next": []}
    sessions = [found for found in _sessions(current) if not found.get("is_cancelled")]
    now = [found for found in sessions if _time(found["starts_at"]) <= at < _time(found["ends_at"])]
    to_come = [found for found in sessions if _time(found["starts_at"]) > at]
    first = min((found["starts_at"] for found in to_come), default="")
    return {"now": now, "next": [found for found in to_come if found["starts_at"] == first]}


def topics(current: Current) -> list[Value]:
    """Return the topics, each with the class of its colour."""
    rows = current.sections["event"]["topics"]
    return [row | {"tone": f"tone-{i % TONES + 1}"} for i, row in enumerate(rows)]


def parts(current: Current, at: datetime) -> list[Value]:
    """Return the parts in printed order with ``ends_at`` of their last session, ``place``, ``is_now`` and ``day``.

    The day is said only where the event lasts longer than one.
    """
    event = current.sections["event"]
    has_days = local(event["starts_at"]).date() != local(event["ends_at"]).date()
    return [_part(block, at, has_days=has_days) for block in _blocks(current) if block["part"]]


def venues(current: Current) -> list[Value]:
    """Return the houses where something happens, each with the ``floors`` used, or all houses where no room is named.

    A house where only preparatory meetings were held is nobody's way on the day.
    """
    used = list(_rooms(current.sections.get("programme"))) + list(_rooms(current.sections.get("expo")))
    floors: dict[str, list[str]] = {}
    for room in used:
        floor = room["floor"] or (room["name"] if room["kind"] == "floor" else "")
        floors.setdefault(room["venue"], []).append(floor)
    houses = current.sections["event"]["venues"]
    return [
        house | {"floors": ", ".join(sorted({floor for floor in floors.get(house["name"], []) if floor}))}
        for house in houses
        if house["name"] in floors or not floors
    ]


def facts(current: Current) -> list[Fact]:
    """Return (label, lines) of what a visitor asks; pairs without lines are for the template to leave out."""
    event = current.sections["event"]
    return [
        *(pair for house in venues(current) for pair in _way(house)),
        (_("참석대상"), [wording.korean(event["audience"])]),
        (_("참가 방법"), [wording.label(Conference.Admission, event["admission"])]),
        (_("주요 참석인사"), [wording.persons(event["guests"])]),
        *_hosts(event),
        (_("문의"), [wording.korean(event["contact_department"]), wording.phone(event["contact_phone"])]),
    ]


def _way(house: Value) -> Iterator[Fact]:
    name = format_html("{} ({})", house["name"], house["floors"]) if house["floors"] else house["name"]
    yield _("장소"), [wording.korean(line) for line in (name, house["within"], house["address"]) if line]
    yield _("오시는 길"), [*_lines(house["transit"]), *_map(house["map_url"])]
    yield _("주차"), _lines(house["parking"])
    yield _("편의시설"), _lines(house["access_note"])


def _lines(text: str) -> list[SafeString]:
    return [wording.korean(line) for line in text.splitlines() if line.strip()]


def _map(url: str) -> list[SafeString]:
    if urlsplit(url).scheme not in {"http", "https"}:
        return []
    return [format_html('<a href="{}" rel="noopener">{}</a>', url, _("지도에서 보기"))]


def _hosts(event: Value) -> list[Fact]:
    roles: dict[str, list[SafeString]] = {}
    for host in event["hosts"]:
        roles.setdefault(host["role"], []).append(wording.korean(host["name"]))
    return [
        (wording.label(HostRole.Role, role), [format_html_join(", ", "{}", ((name,) for name in roles[role]))])
        for role in HostRole.Role.values
        if role in roles
    ]


def _blocks(current: Current) -> list[Value]:
    return (current.sections.get("programme") or {"blocks": []})["blocks"]


def _part(block: Value, at: datetime, *, has_days: bool) -> Value:
    part = block["part"]
    rooms = part["places"] or [room for found in block["sessions"] for room in found["rooms"]]
    if any("was" in found for found in block["sessions"]):  # changed on the day: a part is as long as its sessions
        times = [[found[key] for found in block["sessions"]] for key in ("starts_at", "ends_at")]
        part = part | {"starts_at": min(times[0]), "ends_at": max(times[1])}
    ends_at = part["ends_at"] or max((found["ends_at"] for found in block["sessions"]), default=None)
    day = wording.short_day(part["starts_at"]) if has_days and part["starts_at"] else ""
    is_now = bool(part["starts_at"] and ends_at) and _time(part["starts_at"]) <= at < _time(ends_at)
    return part | {"ends_at": ends_at, "place": wording.rooms(rooms), "is_now": is_now, "day": day}


def _sessions(current: Current) -> Iterator[Value]:
    for block in _blocks(current):
        for found in block["sessions"]:
            rooms = found["rooms"] or [room for room in [found["destination"]] if room]
            place = wording.rooms(rooms or (block["part"] or {"places": []})["places"])
            yield found | {"place": place, "has_page": found["kind"] not in PASSING}


def _rooms(value: Any) -> Iterator[Value]:
    """Every room that the released value names, however deep."""
    if isinstance(value, dict):
        if "venue" in value:
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _rooms(item)


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
