"""The text of a file → entries, with every problem that can be seen without the database."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Field, UniqueConstraint
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rows import app_registry
from rows.whole_numbers import parse_whole_number

from . import values
from .row_lists import (
    FORMAT,
    PROBLEMS_MAX,
    ROOT,
    ExtraProperty,
    FileEntry,
    FileProblem,
    FileRefused,
    Key,
    RowList,
    all_row_lists,
    row_list_by_model,
)

SIZE_MAX = 200 * 1024**2  # bytes of a file
NUMBER_MAX = 10**20  # larger ones fit no database
# what Python's reader says of broken JSON
JSON_ERRORS = {
    "Expecting ',' delimiter": gettext_lazy("쉼표(,)나 닫는 괄호가 있어야 합니다."),
    "Expecting ':' delimiter": gettext_lazy("쌍점(:)이 있어야 합니다."),
    "Expecting value": gettext_lazy("값이 있어야 합니다."),
    "Expecting property name enclosed in double quotes": gettext_lazy("큰따옴표로 묶은 이름이 있어야 합니다."),
    "Extra data": gettext_lazy("JSON이 끝난 뒤에 글이 더 있습니다."),
    "Unterminated string starting at": gettext_lazy("닫는 따옴표가 없습니다."),
    "Invalid control character at": gettext_lazy("글 안에 줄바꿈 같은 제어 문자가 그대로 있습니다."),
    "Invalid \\escape": gettext_lazy("역슬래시(\\) 뒤의 글자가 맞지 않습니다."),
    "Invalid \\uXXXX escape": gettext_lazy("\\u 뒤에 십육진수 네 자리가 있어야 합니다."),
}


class JSONObject(dict):
    """An object of the file that knows which of its names the file has twice."""

    twice: tuple[str, ...] = ()


class ProblemList(list[FileProblem]):
    """The problems found so far. Raises FileRefused when there are PROBLEMS_MAX."""

    def add(self, pointer: str, text: str) -> None:
        self.append(FileProblem(pointer, text))
        if len(self) >= PROBLEMS_MAX:
            raise FileRefused(list(self))


def read_entries(content: bytes) -> list[FileEntry]:
    """Return the rows of a file, parents before children. Raises FileRefused with all problems."""
    problems = ProblemList()
    entries = list(_file(parse(content), problems))
    index: dict[str, dict[Key, FileEntry]] = {}
    for entry in entries:
        if entry.rows.key:
            index.setdefault(entry.rows.name, {}).setdefault(entry.key, entry)
    for entry in entries:
        _references(entry, index, problems)
    _uniqueness(entries, problems)
    for module in app_registry.modules("exchange").values():
        for problem in getattr(module, "check", lambda _entries: ())([entry for entry in entries if entry.is_sound]):
            problems.add(problem.pointer, problem.text)
    if problems:
        raise FileRefused(list(problems))
    return entries


def parse(content: bytes) -> Any:
    """Return the values of a JSON text. Raises FileRefused."""
    if len(content) > SIZE_MAX:
        raise FileRefused([FileProblem("", too_large_text())])
    try:
        return json.loads(content.decode("utf-8-sig"), object_pairs_hook=_pairs, parse_int=_integer)
    except UnicodeDecodeError as error:
        text = _("UTF-8로 쓴 글이 아닙니다(%(place)d번째 바이트).") % {"place": error.start + 1}
    except json.JSONDecodeError as error:
        reason = JSON_ERRORS.get(error.msg, error.msg)
        text = _("%(line)d줄 %(column)d칸: JSON이 아닙니다. %(reason)s") % {
            "line": error.lineno,
            "column": error.colno,
            "reason": reason,
        }
    except RecursionError:
        text = _("괄호가 너무 깊이 겹쳐 있습니다.")
    raise FileRefused([FileProblem("", text)])


def too_large_text() -> str:
    """The error text for a file larger than SIZE_MAX."""
    return _("파일이 너무 큽니다. %(limit)dMB까지 받습니다.") % {"limit": SIZE_MAX // 1024**2}


def _pairs(pairs: list[tuple[str, Any]]) -> JSONObject:
    json_object = JSONObject(pairs)
    if len(json_object) < len(pairs):
        json_object.twice = tuple(name for name, times in Counter(name for name, _value in pairs).items() if times > 1)
    return json_object


def _integer(digits: str) -> int | float:
    number = parse_whole_number(digits.removeprefix("-"), maximum=NUMBER_MAX)
    if number is None:
        return float("inf")
    return -number if digits.startswith("-") else number


def _file(data: Any, problems: ProblemList) -> Iterator[FileEntry]:
    lists = all_row_lists()
    if not _is_object(data, "", {"format", *(rows.name for rows in lists)}, problems):
        return
    if data.get("format") != FORMAT:
        problems.add("/format", _("이 프로그램이 읽는 형식은 %(format)d입니다.") % {"format": FORMAT})
    root = None
    for rows in lists:
        if rows.name in data:
            for entry in _list(rows, data[rows.name], f"/{rows.name}", root, problems):
                root = root or entry
                yield entry
        elif rows.name == ROOT:
            problems.add("/conference", _("행사(conference)가 없습니다."))


def _list(
    rows: RowList, data: Any, pointer: str, above: FileEntry | None, problems: ProblemList
) -> Iterator[FileEntry]:
    if rows.is_single:
        yield from _entry(FileEntry(rows, pointer, 0, above), data, problems)
    elif not isinstance(data, list):
        problems.add(pointer, values.wrong_type_text(list, data))
    else:
        for index, item in enumerate(data):
            yield from _entry(FileEntry(rows, f"{pointer}/{index}", index, above), item, problems)


def _entry(entry: FileEntry, data: Any, problems: ProblemList) -> Iterator[FileEntry]:
    rows = entry.rows
    parts = (*rows.fields, *rows.children, *filter(None, [rows.extra]))
    if not _is_object(data, entry.pointer, {part.name for part in parts}, problems):
        return
    for field in rows.fields:
        _value(entry, field, data, problems)
    if rows.extra and entry.is_sound:
        _extra(entry, rows.extra, data, problems)
    for check in rows.checks if entry.is_sound else ():
        for name, text in check(entry.values):
            problems.add(f"{entry.pointer}/{name}", text)
    yield entry
    for child in rows.children:
        if child.name in data:
            yield from _list(child, data[child.name], f"{entry.pointer}/{child.name}", entry, problems)


def _value(entry: FileEntry, field: Field, data: JSONObject, problems: ProblemList) -> None:
    entry.values[field.name] = [] if field.many_to_many else field.get_default()
    if field.name in data:
        try:
            entry.values[field.name] = values.read(field, data[field.name])
        except ValidationError as error:
            entry.is_sound = False
            problems.add(f"{entry.pointer}/{field.name}", " ".join(error.messages))
    elif values.is_required(field):
        entry.is_sound = False
        problems.add(entry.pointer, _("‘%(name)s’이(가) 없습니다.") % {"name": field.name})


def _extra(entry: FileEntry, extra: ExtraProperty, data: JSONObject, problems: ProblemList) -> None:
    try:
        extra.from_json(entry.values, data.get(extra.name))
    except ValidationError as error:
        entry.is_sound = False
        name = error.code if error.code in entry.values else extra.name
        problems.add(f"{entry.pointer}/{name}", " ".join(error.messages))


def _is_object(data: Any, pointer: str, known: set[str], problems: ProblemList) -> bool:
    if not isinstance(data, dict):
        problems.add(pointer, values.wrong_type_text(dict, data))
        return False
    for name in getattr(data, "twice", ()):
        problems.add(f"{pointer}/{_escape_pointer(name)}", _("같은 이름이 두 번 있습니다."))
    for name in data:
        if name not in known:
            problems.add(f"{pointer}/{_escape_pointer(name)}", _("모르는 이름입니다.") + _suggestion(name, known))
    return True


def _references(entry: FileEntry, index: dict[str, dict[Key, FileEntry]], problems: ProblemList) -> None:
    for field in entry.rows.fields:
        value = entry.values[field.name]
        lists = _target_list(entry.rows, field)
        if not value or not lists:
            continue
        for key in value if field.many_to_many else [value if isinstance(value, tuple) else (value,)]:
            known = index.get(lists, {})
            if key not in known:
                text = _("‘%(name)s’: %(list)s에 없는 이름입니다.") % {"name": _key_text(key), "list": lists}
                problems.add(f"{entry.pointer}/{field.name}", text + _suggestion(_key_text(key), map(_key_text, known)))


def _target_list(rows: RowList, field: Field) -> str:
    """The list of the file whose rows the field names, or nothing."""
    return row_list_by_model()[field.related_model].name if field.is_relation else rows.names.get(field.name, "")


def _uniqueness(entries: list[FileEntry], problems: ProblemList) -> None:
    seen: dict[tuple, FileEntry] = {}
    for entry in filter(lambda entry: entry.is_sound, entries):
        parent_field = entry.rows.parent_field
        for names in unique_field_groups(entry.rows):
            value = tuple(id(entry.parent) if name == parent_field else str(entry.values[name]) for name in names)
            first = seen.setdefault((entry.rows, names, value), entry)
            if first is not entry and not any(entry.values.get(name, "") is None for name in names):
                text = _("%(pointer)s과(와) 같습니다. 두 번 쓸 수 없습니다.") % {"pointer": first.pointer}
                problems.add(f"{entry.pointer}/{names[-1]}", text)


def unique_field_groups(rows: RowList) -> Iterator[tuple[str, ...]]:
    """The groups of fields whose values must be unique together, by the model's rules."""
    names = {field.name for field in rows.fields} | {rows.parent_field}
    for field in rows.fields:
        if field.unique:
            yield (field.name,)
    for constraint in rows.model._meta.constraints:
        if (
            isinstance(constraint, UniqueConstraint)
            and constraint.fields
            and constraint.condition is None
            and names.issuperset(constraint.fields)
        ):
            yield tuple(constraint.fields)


def _key_text(key: Key) -> str:
    return values.shorten(" / ".join(part for part in key if part))


def _suggestion(name: str, known: Any) -> str:
    near = get_close_matches(name, [str(other) for other in known], n=1)
    return " " + _("‘%(name)s’을(를) 쓰려던 것입니까?") % {"name": near[0]} if near else ""


def _escape_pointer(name: str) -> str:
    return values.shorten(name.replace("~", "~0").replace("/", "~1"))
