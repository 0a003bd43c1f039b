"""What the overview says of a release: where the event stands at a moment, what is on, where to go."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from urllib.parse import urlsplit

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from conference.models import Conference, HostRole
from korean.dates import SEOUL, local
from publishing import wording
from publishing.event_facts import Fact, Value, room_words, venues
from publishing.markup import filled, joined, quoted
from publishing.releases import Current
from sessions.programme_cards import PASSING, proposals_of

AT_ONCE = 4  # sessions that are told of under way; of more there is a number
BEFORE, ON, AFTER = "waiting", "info", ""  # kinds of badges


def stand(event: Value, at: datetime) -> Value:
    """Return ``{"label", "kind", "is_over" where it is}``: days to go, today, under way, or over; the kind is a badge's."""
    starts_at, ends_at = _time(event["starts_at"]), _time(event["ends_at"])
    if at >= ends_at:
        return {"label": _("행사가 끝났습니다"), "kind": AFTER, "is_over": True}
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


def now_and_next(current: Current, at: datetime) -> Value:
    """Return the sessions under way, and those that begin next, each with its ``place``. Empty but on the days of the event.

    No more than a phone shows at once; how many more there are stands under ``more_now`` and ``more_next``, and under
    ``each_now`` and ``each_next`` whether their hours differ.
    """
    if stand(current.sections["event"], at)["kind"] != ON:
        return {}
    sessions = [found for found in _sessions(current) if not found.get("is_cancelled")]
    now = [found for found in sessions if _time(found["starts_at"]) <= at < _time(found["ends_at"])]
    to_come = [found for found in sessions if _time(found["starts_at"]) > at]
    first = min((found["starts_at"] for found in to_come), default="")
    then = [found for found in to_come if found["starts_at"] == first]
    more = {"more_now": max(len(now) - AT_ONCE, 0), "more_next": max(len(then) - AT_ONCE, 0)}
    each = {"each_now": _differ(now[:AT_ONCE]), "each_next": _differ(then[:AT_ONCE])}
    return {"now": now[:AT_ONCE], "next": then[:AT_ONCE], **more, **each}


def _differ(sessions: list[Value]) -> bool:
    """Whether not all of them have the same hours."""
    return len({(found["starts_at"], found["ends_at"]) for found in sessions}) > 1


def parts(current: Current, at: datetime) -> list[Value]:
    """Return the parts in printed order with ``ends_at`` of their last session, ``place``, ``is_now``, ``day`` and ``date``.

    The day is said, in words and for the address, only where the event lasts longer than one.
    """
    event = current.sections["event"]
    first = local(event["starts_at"]).date()
    has_days = first != local(event["ends_at"]).date()
    return [_part(current, block, at, first, has_days=has_days) for block in _blocks(current) if block["part"]]


def essentials(current: Current) -> list[Fact]:
    """Return (label, lines) of what brings a visitor there: when, the way, admission, whom to call."""
    event = current.sections["event"]
    houses = current.derived(venues)
    return [
        (_("일시"), [wording.span(event["starts_at"], event["ends_at"])]),
        *(pair for house in houses for pair in _way(house)),
        (_("참가 방법"), [wording.label(Conference.Admission, event["admission"])]),
        (_("전화"), [wording.phone(event["contact_phone"])]),
    ]


def facts(current: Current) -> list[Fact]:
    """Return (label, lines) of what else there is to know, without what is left open."""
    event = current.sections["event"]
    found = [
        (_("참석대상"), [wording.korean(event["audience"])]),
        (_("주요 참석인사"), [wording.persons(event["guests"])]),
        *_hosts(event),
        (_("담당부서"), [wording.korean(event["contact_department"])]),
    ]
    return [(label, lines) for label, lines in found if any(lines)]


def materials(current: Current) -> list[Value]:
    """Return the presentations with files that everybody may have, each with its ``session``."""
    talks = [talk | {"session": row} for row in _sessions(current) for talk in row["presentations"]]
    return [talk for talk in talks if talk["materials"]]


def proposals(current: Current) -> list[Value]:
    """Return the sessions out of which proposals came that everybody may read."""
    return [row | {"proposals": proposals_of(row)} for row in _sessions(current) if row.get("proposals")]


def photos(current: Current) -> list[Value]:
    """Return the pictures of the sessions, each once."""
    return list({photo["digest"]: photo for row in _sessions(current) for photo in row["photos"]}.values())


def _way(house: Value) -> Iterator[Fact]:
    name = filled("{} ({})", house["name"], house["floors"]) if house["floors"] else house["name"]
    name = filled("{} {}", house["within"], name) if house["within"] else name
    yield _("장소"), [wording.korean(line) for line in (name, house["address"]) if line]
    yield _("오시는 길"), [*_lines(house["transit"]), *_map(house["map_url"])]
    yield _("주차"), _lines(house["parking"])
    yield _("편의시설"), _lines(house["access_note"])


def _lines(text: str) -> list[SafeString]:
    return [wording.korean(line) for line in text.splitlines() if line.strip()]


def _map(url: str) -> list[SafeString]:
    if urlsplit(url).scheme not in {"http", "https"}:
        return []
    return [filled('<a href="{}" rel="noopener">{}</a>', url, _("지도에서 보기"))]


def _hosts(event: Value) -> list[Fact]:
    roles: dict[str, list[SafeString]] = {}
    for host in event["hosts"]:
        roles.setdefault(host["role"], []).append(wording.korean(host["name"]))
    return [
        (wording.label(HostRole.Role, role), [joined((quoted(name) for name in roles[role]), ", ")])
        for role in HostRole.Role.values
        if role in roles
    ]


def _blocks(current: Current) -> list[Value]:
    return (current.sections.get("programme") or {"blocks": []})["blocks"]


def _part(current: Current, block: Value, at: datetime, first: date, *, has_days: bool) -> Value:
    part = block["part"]
    rooms = part["places"] or _in_order(current, [room for found in block["sessions"] for room in found["rooms"]])
    if any("was" in found for found in block["sessions"]):  # changed on the day: a part is as long as its sessions
        times = [[found[key] for found in block["sessions"]] for key in ("starts_at", "ends_at")]
        part = part | {"starts_at": min(times[0]), "ends_at": max(times[1])}
    ends_at = part["ends_at"] or max((found["ends_at"] for found in block["sessions"]), default=None)
    begins = local(part["starts_at"]).date() if part["starts_at"] else first
    day = wording.short_day(begins) if has_days and part["starts_at"] else ""
    is_now = bool(part["starts_at"] and ends_at) and _time(part["starts_at"]) <= at < _time(ends_at)
    return part | {
        "ends_at": ends_at,
        "place": wording.rooms(rooms, room_words(current)),
        "is_now": is_now,
        "day": day,
        "date": begins if has_days else "",
    }


def _in_order(current: Current, rooms: list[Value]) -> list[Value]:
    """Rooms as the venues list them, not as the sessions happen to come."""
    houses = current.sections["event"]["venues"]
    keys = [(house["name"], room["name"]) for house in houses for room in house["rooms"]]
    places = {key: at for at, key in enumerate(keys)}
    return sorted(rooms, key=lambda room: places.get((room["venue"], room["name"]), len(places)))


def _sessions(current: Current) -> Iterator[Value]:
    for block in _blocks(current):
        for found in block["sessions"]:
            rooms = found["rooms"] or [room for room in [found["destination"]] if room]
            place = wording.rooms(rooms or (block["part"] or {"places": []})["places"], room_words(current))
            yield found | {"place": place, "has_page": found["kind"] not in PASSING}


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
