"""Declaration of the exchange file's lists, from which export, import and the JSON schema are derived."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from rows import app_registry
from rows.models import OrderedRow

FORMAT = 1
PROBLEMS_MAX = 1000  # nobody corrects more at once, and a file full of problems must not fill the memory
EXCLUDED_FIELDS = {
    "version",
    "created_at",
    "changed_at",
}  # they are about the row in this database, not about the conference
Key = tuple[str, ...]


@dataclass(frozen=True)
class FileProblem:
    """A problem of a file: JSON pointer (empty: the whole file) and what to correct."""

    pointer: str
    text: str

    def __str__(self) -> str:
        return f"{self.pointer or _('파일 전체')}: {self.text}"


class FileRefused(Exception):
    """A file with problems; nothing of it was stored."""

    def __init__(self, problems: list[FileProblem]) -> None:
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))


@dataclass
class FileEntry:
    """One row as read from a file: references as keys, absent fields at their defaults."""

    rows: RowList
    pointer: str
    index: int  # in its list, from 0
    parent: FileEntry | None
    values: dict[str, Any] = field(default_factory=dict)
    is_sound: bool = True  # every field could be read
    row: models.Model | None = None  # set when the row is created or found
    is_linked: bool = False  # the row existed before and is not changed

    @cached_property
    def key(self) -> Key:
        """The natural key, by which other rows name this one."""
        return self.rows.key_of(lambda name: self.parent.key if name == self.rows.parent_field else self.values[name])


@dataclass(frozen=True)
class ExtraProperty:
    """A property of the file that is no field of the model (the bytes of an upload).

    ``to_json(row)`` → JSON value; ``from_json(values, value)`` changes the values read, or raises ValidationError.
    """

    name: str
    schema: dict[str, Any]
    to_json: Callable[[Any], Any]
    from_json: Callable[[dict[str, Any], Any], None]


@dataclass(frozen=True, eq=False)
class RowList:
    """A list of the file, or a single object: the rows of one model that belong to one parent row.

    All editable fields of the model belong to it unless left out, so a later field is never forgotten.
    ``parent_field`` is the foreign key to the parent. Rows without one belong to the accounts level: the file
    holds those that its rows name, and the import links those that exist already.
    """

    name: str
    model: type[models.Model]
    parent_field: str = "conference"
    key: str = ""  # fields; others name a row by them, and rows without an order are sorted by them
    leave_out: str = ""  # fields
    position_name: str = ""  # field with the position in the list, where the model is no OrderedRow
    children: tuple[RowList, ...] = ()
    extra: ExtraProperty | None = None
    names: Mapping[str, str] = field(default_factory=dict)  # text field → list of the file whose row it names
    exported_with: str = ""  # accounts level: foreign key; a row is exported if the row that it names is exported
    is_copied: bool = True  # whether a copy of the conference has the rows too
    copy_overrides: Mapping[str, Any] = field(default_factory=dict)  # field → value in such a copy; None: left out
    checks: tuple[Callable[[dict[str, Any]], Iterator[tuple[str, str]]], ...] = ()  # values → (field, text)
    before_save: Callable[[Any, FileEntry], None] = lambda _row, _entry: None  # called once, for a new row

    @cached_property
    def fields(self) -> tuple[models.Field, ...]:
        """The model's fields that the file holds, in the order of the file."""
        meta = self.model._meta
        hidden = {*EXCLUDED_FIELDS, self.parent_field, self.position_field, *self.leave_out.split()}
        fields = (*meta.concrete_fields, *meta.many_to_many)
        shown = [each for each in fields if each.editable and not each.primary_key and each.name not in hidden]
        return tuple(sorted(shown, key=lambda each: each.name == "as_written"))

    @cached_property
    def position_field(self) -> str:
        """The field that holds the row's position in its list, or nothing."""
        return self.position_name or ("position" if issubclass(self.model, OrderedRow) else "")

    @cached_property
    def is_single(self) -> bool:
        """Whether there is at most one row: then the file holds the object itself, not a list."""
        return self.name == ROOT or bool(self.parent_field and self.model._meta.get_field(self.parent_field).one_to_one)

    def key_of(self, value: Callable[[str], Any]) -> Key:
        """Return the key, built from the values of its fields; empty parts at the end are dropped."""
        parts: list[str] = []
        for part in map(value, self.key.split()):
            parts.extend(part if isinstance(part, tuple) else [part])
        while parts and not parts[-1]:
            parts.pop()
        return tuple(parts)


ROOT = "conference"


def ends_after_start(
    start: str = "starts_at", end: str = "ends_at"
) -> Callable[[dict[str, Any]], Iterator[tuple[str, str]]]:
    """Return the check that ``end`` is later than ``start`` and is not given without it."""

    def check(values: dict[str, Any]) -> Iterator[tuple[str, str]]:
        if values[end] is not None and values[start] is None:
            yield end, _("시작하는 시각 없이 끝나는 시각만 있습니다.")
        elif values[end] is not None and values[end] == values[start]:
            yield end, _("끝나는 시각이 시작과 같습니다.")
        elif values[end] is not None and values[end] < values[start]:
            yield end, _("끝나는 시각이 시작보다 빠릅니다.")

    return check


@cache
def all_row_lists() -> tuple[RowList, ...]:
    """The lists of the file, as the apps declare them (`<app>.exchange.ROWS`), in the order of import."""
    return tuple(rows for module in app_registry.modules("exchange").values() for rows in module.ROWS)


@cache
def row_list_by_model() -> dict[type[models.Model], RowList]:
    """The rows of each model that others name by key."""
    return {rows.model: rows for rows in flatten(all_row_lists()) if rows.key}


@cache
def path_to_conference(model: type[models.Model]) -> str:
    """Return the path of foreign keys from a row to its conference (``session__conference``); none: accounts level."""
    rows = next(rows for rows in flatten(all_row_lists()) if rows.model is model)
    parent = next((each for each in flatten(all_row_lists()) if rows in each.children), None)
    return f"{rows.parent_field}__{path_to_conference(parent.model)}" if parent else rows.parent_field


def flatten(row_lists: tuple[RowList, ...]) -> Iterator[RowList]:
    """Every declaration with its children."""
    for rows in row_lists:
        yield rows
        yield from flatten(rows.children)
