"""The bytes of a schedule → plain values that know where they stood, the same for XML and JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from conference.exchange import Problem, Refused
from conference.exchange import reading as exchange
from conference.exchange.values import wrong_kind
from sessions.schedule import trees
from sessions.schedule.parsed_node import ParsedNode

SIZE_MAX = 20 * 1024**2  # bytes of a file
EVENTS_MAX = 10_000
UTF16 = (b"\xff\xfe", b"\xfe\xff")


def parse_schedule(content: bytes) -> ParsedNode:
    """Return ``conference`` as in the JSON form; ``days`` is a list, each day's ``rooms`` a list with ``name`` and ``events``.

    What stands beside it in the file (version, generator) is under ``file``. Raises Refused with every problem.
    """
    if len(content) > SIZE_MAX:
        raise Refused([Problem("", too_large_message())])
    first = content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if first == b"<" or content[:2] in UTF16:
        found = trees.parse_xml(content)
    elif first == b"{":
        found = _read_json(exchange.parse(content))
    else:
        raise Refused([Problem("", _("일정 파일(frab XML 또는 JSON)이 아닙니다."))])
    count = sum(len(room["events"]) for day in found["days"] for room in day["rooms"])
    if count > EVENTS_MAX:
        text = _("일정이 %(count)s건입니다. 한 행사에 %(limit)s건까지 받습니다.")
        raise Refused([Problem("", text % {"count": f"{count:,}", "limit": f"{EVENTS_MAX:,}"})])
    return found


def too_large_message() -> str:
    """What a file beyond SIZE_MAX is told."""
    return _("파일이 너무 큽니다. %(limit)dMB까지 받습니다.") % {"limit": SIZE_MAX // 1024**2}


def _read_json(data: dict[str, Any]) -> ParsedNode:
    """Bring the JSON form into shape. Raises Refused where days, rooms or events are none."""
    problems: list[Problem] = []
    whole = _with_pointers(data, "", problems)
    schedule = whole.pop("schedule", None)
    schedule = schedule if isinstance(schedule, ParsedNode) else ParsedNode("/schedule")
    found = schedule.pop("conference", None)
    if not isinstance(found, ParsedNode):
        raise Refused([Problem("/schedule/conference", _("일정 파일(frab XML 또는 JSON)이 아닙니다."))])
    found["file"] = ParsedNode("", {**whole, **schedule})
    found["days"] = list(_objects(found, "days", problems))
    for day in found["days"]:
        rooms = day.get("rooms") or {}
        if not isinstance(rooms, dict):
            problems.append(Problem(f"{day.place}/rooms", wrong_kind(dict, rooms)))
            rooms = {}
        day["rooms"] = [_read_room(day, name, rooms, problems) for name in rooms]
    for name in ("rooms", "tracks"):
        found[name] = list(_objects(found, name, problems))
    if problems:
        raise Refused(problems[: exchange.PROBLEMS_MAX])
    return found


def _read_room(day: ParsedNode, name: str, rooms: dict[str, Any], problems: list[Problem]) -> ParsedNode:
    place = f"{day.place}/rooms"
    inner = ParsedNode(place, {name: rooms[name]})
    return ParsedNode(f"{place}/{name}", {"name": name, "events": list(_objects(inner, name, problems))})


def _objects(holder: ParsedNode, name: str, problems: list[Problem]) -> Iterable[ParsedNode]:
    """Give the objects of a list; whatever else stands there is a problem."""
    listed = holder.get(name) or []
    if not isinstance(listed, list):
        problems.append(Problem(f"{holder.place}/{name}", wrong_kind(list, listed)))
        return
    for index, item in enumerate(listed):
        if isinstance(item, ParsedNode):
            yield item
        else:
            problems.append(Problem(f"{holder.place}/{name}/{index}", wrong_kind(dict, item)))


def _with_pointers(value: Any, pointer: str, problems: list[Problem]) -> Any:
    """Give every object its JSON pointer."""
    if isinstance(value, list):
        return [_with_pointers(item, f"{pointer}/{index}", problems) for index, item in enumerate(value)]
    if not isinstance(value, dict):
        return value
    problems += [Problem(f"{pointer}/{name}", _("같은 이름이 두 번 있습니다.")) for name in getattr(value, "twice", ())]
    return ParsedNode(
        pointer, {name: _with_pointers(item, f"{pointer}/{name}", problems) for name, item in value.items()}
    )
