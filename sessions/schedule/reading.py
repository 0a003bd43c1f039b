"""Parses a schedule file; XML and JSON give the same values, each with its place in the file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from conference.exchange import FileProblem, FileRefused
from conference.exchange import reading as exchange
from conference.exchange.values import wrong_type_text
from sessions.schedule import trees
from sessions.schedule.parsed_node import ParsedNode

SIZE_MAX = 20 * 1024**2  # bytes of a file
EVENTS_MAX = 10_000
UTF16 = (b"\xff\xfe", b"\xfe\xff")


def parse_schedule(content: bytes) -> ParsedNode:
    """Return ``conference`` as in JSON; ``days`` is a list, and ``rooms`` of a day a list with ``name`` and ``events``.

    Other values of the file (version, generator) are under ``file``. Raises FileRefused with every problem.
    """
    if len(content) > SIZE_MAX:
        raise FileRefused([FileProblem("", too_large_message())])
    first = content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if first == b"<" or content[:2] in UTF16:
        conference = trees.parse_xml(content)
    elif first == b"{":
        conference = _read_json(exchange.parse(content))
    else:
        raise FileRefused([FileProblem("", _("일정 파일(frab XML 또는 JSON)이 아닙니다."))])
    count = sum(len(room["events"]) for day in conference["days"] for room in day["rooms"])
    if count > EVENTS_MAX:
        text = _("일정이 %(count)s건입니다. 한 행사에 %(limit)s건까지 받습니다.")
        raise FileRefused([FileProblem("", text % {"count": f"{count:,}", "limit": f"{EVENTS_MAX:,}"})])
    return conference


def too_large_message() -> str:
    """Return the error message for a file larger than SIZE_MAX."""
    return _("파일이 너무 큽니다. %(limit)dMB까지 받습니다.") % {"limit": SIZE_MAX // 1024**2}


def _read_json(data: dict[str, Any]) -> ParsedNode:
    """Check the JSON form. Raises FileRefused if days, rooms or events have a wrong type."""
    problems: list[FileProblem] = []
    whole = _with_pointers(data, "", problems)
    schedule = whole.pop("schedule", None)
    schedule = schedule if isinstance(schedule, ParsedNode) else ParsedNode("/schedule")
    conference = schedule.pop("conference", None)
    if not isinstance(conference, ParsedNode):
        raise FileRefused([FileProblem("/schedule/conference", _("일정 파일(frab XML 또는 JSON)이 아닙니다."))])
    conference["file"] = ParsedNode("", {**whole, **schedule})
    conference["days"] = list(_objects(conference, "days", problems))
    for day in conference["days"]:
        rooms = day.get("rooms") or {}
        if not isinstance(rooms, dict):
            problems.append(FileProblem(f"{day.place}/rooms", wrong_type_text(dict, rooms)))
            rooms = {}
        day["rooms"] = [_read_room(day, name, rooms, problems) for name in rooms]
    for name in ("rooms", "tracks"):
        conference[name] = list(_objects(conference, name, problems))
    if problems:
        raise FileRefused(problems[: exchange.PROBLEMS_MAX])
    return conference


def _read_room(day: ParsedNode, name: str, rooms: dict[str, Any], problems: list[FileProblem]) -> ParsedNode:
    place = f"{day.place}/rooms"
    inner = ParsedNode(place, {name: rooms[name]})
    return ParsedNode(f"{place}/{name}", {"name": name, "events": list(_objects(inner, name, problems))})


def _objects(holder: ParsedNode, name: str, problems: list[FileProblem]) -> Iterable[ParsedNode]:
    """Yield the objects of a list; other values are problems."""
    items = holder.get(name) or []
    if not isinstance(items, list):
        problems.append(FileProblem(f"{holder.place}/{name}", wrong_type_text(list, items)))
        return
    for index, item in enumerate(items):
        if isinstance(item, ParsedNode):
            yield item
        else:
            problems.append(FileProblem(f"{holder.place}/{name}/{index}", wrong_type_text(dict, item)))


def _with_pointers(value: Any, pointer: str, problems: list[FileProblem]) -> Any:
    """Return the value with its JSON pointer in every object."""
    if isinstance(value, list):
        return [_with_pointers(item, f"{pointer}/{index}", problems) for index, item in enumerate(value)]
    if not isinstance(value, dict):
        return value
    problems += [
        FileProblem(f"{pointer}/{name}", _("같은 이름이 두 번 있습니다.")) for name in getattr(value, "twice", ())
    ]
    return ParsedNode(
        pointer, {name: _with_pointers(item, f"{pointer}/{name}", problems) for name, item in value.items()}
    )
