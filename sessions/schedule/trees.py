"""Parses a schedule in XML. A DTD is refused, so there are no entities: no bombs, and no access to files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from xml.parsers import expat  # a DTD stops the parser before entities are expanded

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference.exchange import FileProblem, FileRefused
from sessions.schedule.parsed_node import ParsedNode

DEPTH_MAX = 40
NODES_MAX = 1_000_000
# list → name of an item's text in the JSON form, names of its attributes there
LISTS = {
    "persons": ("name", {}),
    "links": ("title", {"href": "url"}),
    "attachments": ("title", {"href": "url"}),
}
GROUPS = {"recording", "generator", "color"}  # elements with elements inside
SYNTAX_ERRORS = {
    "syntax error": gettext_lazy("문법이 맞지 않습니다."),
    "no element found": gettext_lazy("파일이 중간에 끝났습니다."),
    "not well-formed (invalid token)": gettext_lazy("쓸 수 없는 글자가 있습니다."),
    "unclosed token": gettext_lazy("닫히지 않은 표시가 있습니다."),
    "unclosed CDATA section": gettext_lazy("닫히지 않은 CDATA가 있습니다."),
    "mismatched tag": gettext_lazy("여는 태그와 닫는 태그가 다릅니다."),
    "duplicate attribute": gettext_lazy("같은 속성이 두 번 있습니다."),
    "junk after document element": gettext_lazy("XML이 끝난 뒤에 글이 더 있습니다."),
    "undefined entity": gettext_lazy("뜻을 알 수 없는 기호(&…;)가 있습니다."),
    "unknown encoding": gettext_lazy("모르는 문자 부호입니다. UTF-8로 저장해 주세요."),
}


@dataclass(slots=True)
class Element:
    """An XML element with its line in the file."""

    name: str
    line: int
    attributes: dict[str, str]
    inner: list[Element | str] = field(default_factory=list)

    @property
    def nodes(self) -> list[Element]:
        """The child elements."""
        return [part for part in self.inner if isinstance(part, Element)]

    @property
    def place(self) -> str:
        """Its place in words."""
        return _("%(line)d줄 <%(name)s>") % {"line": self.line, "name": self.name}

    @property
    def text(self) -> str:
        """Its text at any depth; each element inside begins a line."""
        return "".join(part if isinstance(part, str) else f"\n{part.text}\n" for part in self.inner)


def parse_xml(content: bytes) -> ParsedNode:
    """Return the values of an XML schedule. Raises FileRefused."""
    root = _parse(content)
    parts = root.nodes
    conference = next((node for node in parts if node.name == "conference"), None)
    if root.name != "schedule" or conference is None:
        raise FileRefused([FileProblem(root.place, _("일정 파일(frab XML 또는 JSON)이 아닙니다."))])
    value = _read_values(conference, (node for node in conference.nodes if node.name != "track"))
    value["daysCount"] = value.pop("days", "")
    value["tracks"] = [_read_track(node) for node in conference.nodes if node.name == "track"]
    value["rooms"] = []
    value["days"] = [_read_day(node) for node in parts if node.name == "day"]
    value["file"] = _read_values(root, (node for node in parts if node is not conference and node.name != "day"))
    return value


def _parse(content: bytes) -> Element:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    top = Element("", 0, {})
    above, count = [top], 0

    def refuse(text: str) -> None:
        raise FileRefused([FileProblem(_("%(line)d줄") % {"line": parser.CurrentLineNumber}, text)])

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if len(above) > DEPTH_MAX or count > NODES_MAX:
            refuse(_("태그가 너무 깊이 겹치거나 너무 많습니다."))
        node = Element(name, parser.CurrentLineNumber, attributes)
        above[-1].inner.append(node)
        above.append(node)

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _name: above.pop()
    parser.CharacterDataHandler = lambda text: above[-1].inner.append(text)  # noqa: PLW0108 (the last of them changes)
    parser.StartDoctypeDeclHandler = lambda *_args: refuse(
        _("DOCTYPE 선언이 든 파일은 받지 않습니다. 파일 밖의 것을 읽거나 내용을 불리는 데 쓰일 수 있습니다.")
    )
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        reason = expat.ErrorString(error.code)
        text = _("%(line)d줄 %(column)d칸: XML이 아닙니다. %(reason)s")
        values = {"line": error.lineno, "column": error.offset + 1, "reason": SYNTAX_ERRORS.get(reason, reason)}
        raise FileRefused([FileProblem("", text % values)]) from error
    except (ValueError, LookupError, UnicodeError) as error:  # an encoding that expat does not know
        raise FileRefused([FileProblem("", str(SYNTAX_ERRORS["unknown encoding"]))]) from error
    return top.nodes[0]


def _read_day(node: Element) -> ParsedNode:
    day = _read_values(node, (inner for inner in node.nodes if inner.name != "room"))
    day |= {f"day_{name}": day.pop(name, "") for name in ("start", "end")}
    day["rooms"] = [_read_room(inner) for inner in node.nodes if inner.name == "room"]
    return day


def _read_room(node: Element) -> ParsedNode:
    room = _read_values(node, (inner for inner in node.nodes if inner.name != "event"))
    room["events"] = [_read_values(inner, inner.nodes) for inner in node.nodes if inner.name == "event"]
    return room


def _read_track(node: Element) -> ParsedNode:
    """Return a track; its name is an attribute or, if that is missing, its text."""
    track = ParsedNode(node.place, node.attributes)
    track["name"] = track.get("name") or node.text
    return track


def _read_values(node: Element, parts: Iterable[Element]) -> ParsedNode:
    """Return attributes and elements by name; a second element of a name gets a name of its own, so that it is noted."""
    values = ParsedNode(
        node.place, {name: text for name, text in node.attributes.items() if not name.startswith("xmlns")}
    )
    values.pop("xsi:noNamespaceSchemaLocation", None)
    for part in parts:
        name = part.name if part.name not in values else f"{part.name} (2)"
        if name in LISTS:
            values[name] = [_read_item(inner, *LISTS[name]) for inner in part.nodes]
            values |= {f"{name} (글)": text for text in [_own_text(part)] if text}
        elif name in GROUPS:
            values[name] = _read_values(part, part.nodes)
            values[name][""] = _own_text(part)
        else:
            values[name] = part.text
            values |= {f"{name} {attribute}": text for attribute, text in part.attributes.items()}
    return values


def _read_item(node: Element, text_name: str, names: dict[str, str]) -> ParsedNode:
    attributes = {names.get(name, name): text for name, text in node.attributes.items()}
    return ParsedNode(node.place, {text_name: node.text, **attributes})


def _own_text(node: Element) -> str:
    return "".join(part for part in node.inner if isinstance(part, str)).strip()
