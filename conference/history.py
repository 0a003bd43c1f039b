"""History of a conference: who changed which row when, from the history tables.

Contacts have no history, and the texts of reports belong to their offices: neither appears.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from conference import row_addresses
from conference.exchange.row_lists import ROOT, RowList, all_row_lists, flatten
from conference.models import Conference
from rows import labels
from rows.grouping import group_by

# The SQL is written here: for more than thirty models the ORM takes longer to build it than the database to answer.
VERBS = {"+": gettext_lazy("추가"), "~": gettext_lazy("고침"), "-": gettext_lazy("지움")}
TITLE_MAX = 60  # letters
TITLES_SHOWN = 2  # rows that a group of changes names
HIDDEN_FIELDS = {"id", "conference_id", "version", "created_at", "changed_at"}  # no person needs them
TITLE_FIELDS = ("title", "name", "caption", "label", "text", "number", "item", "serial")  # the first one is the title
NEWEST = "at DESC, number DESC, label"  # two tables may have the same number at one moment
BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
Model = type[models.Model]
Values = dict[str, Any]


@dataclass(frozen=True)
class HistoryEntry:
    """One row added, changed or deleted. ``fields``: names of what changed; ``link``: where the row is edited."""

    at: datetime
    who: str
    verb: str
    kind: str
    title: str
    fields: tuple[str, ...] = ()
    link: str = ""


@dataclass(frozen=True)
class HistoryGroup:
    """Entries of one person, verb and kind of row: the newest, the number of rows, and the titles of the first."""

    newest: HistoryEntry
    count: int
    title: str


@dataclass(frozen=True)
class HistoryList:
    """All history entries of a conference since a time, the newest first; a Paginator can count and slice it."""

    conference: Conference
    since: datetime = BEGINNING

    def count(self) -> int:
        """Return the number of entries."""
        return _fetch(f"SELECT COUNT(*) FROM ({_all_changes_sql()}) AS e WHERE at >= %s", self._parameters)[0][0]  # noqa: S608

    def __getitem__(self, cut: slice) -> list[HistoryEntry]:
        """Return a part of the entries, with one query."""
        start = cut.start or 0
        rows = _fetch(_entries_sql(connection.vendor), [*self._parameters, cut.stop - start, start])
        return [_entry(row, self.conference) for row in rows]

    @property
    def _parameters(self) -> list[Any]:
        since = connection.ops.adapt_datetimefield_value(self.since)
        return [*[self.conference.pk] * len(_shown_lists()), since]


def recent_entries(conference: Conference, *, since: datetime, limit: int) -> list[HistoryEntry]:
    """Return the newest entries."""
    return HistoryList(conference, since)[:limit]


def group(changes: Iterable[HistoryEntry]) -> list[HistoryGroup]:
    """Group entries by person, verb and kind; the group with the newest entry comes first."""
    groups = []
    for entries in group_by(changes, lambda change: (change.who, change.verb, change.kind)).values():
        rows: dict[Any, str] = {}
        for at, change in enumerate(entries):  # a row that was changed twice counts once; every deletion counts
            rows.setdefault(change.link or (at if change.verb == VERBS["-"] else change.title), change.title)
        titles = [*rows.values()]
        more = _(" 외 %(count)d건") % {"count": len(titles) - TITLES_SHOWN} if len(titles) > TITLES_SHOWN else ""
        groups.append(HistoryGroup(entries[0], len(titles), ", ".join(titles[:TITLES_SHOWN]) + more))
    return groups


@cache
def _shown_lists() -> dict[RowList, RowList | None]:
    """Return the row lists that the history shows, each with its parent list."""
    parents = {child: rows for rows in flatten(all_row_lists()) for child in rows.children}
    shown = [
        rows
        for rows in flatten(all_row_lists())
        if _label(rows.model) in labels.row_kinds() and (rows.parent_field or rows.name == ROOT)
    ]
    return {rows: parents.get(rows) for rows in shown}


@cache
def _all_changes_sql() -> str:
    """SQL: label, number and time of every change in one conference. Its key is one parameter for each row list."""
    return " UNION ALL ".join(
        f"SELECT '{_label(rows.model)}' AS label, history_id AS number, history_date AS at"  # noqa: S608
        f" FROM {_history_table(rows.model)} WHERE {_condition_sql(rows)}"
        for rows in _shown_lists()
    )


def _condition_sql(rows: RowList) -> str:
    """SQL: whether a row is of the conference. It asks the history of the parents, because they may be deleted."""
    if parent := _shown_lists()[rows]:
        return (
            f"{rows.parent_field}_id IN (SELECT id FROM {_history_table(parent.model)} WHERE {_condition_sql(parent)})"  # noqa: S608
        )
    return f"{rows.parent_field}_id = %s" if rows.parent_field else "id = %s"


@cache
def _entries_sql(_vendor: str) -> str:
    """SQL: one page of the changes, each with the row after and before it, the person, and the row's title."""
    entries = " UNION ALL ".join(_kind_sql(rows.model) for rows in _shown_lists())
    page = f"SELECT * FROM ({_all_changes_sql()}) AS e WHERE at >= %s ORDER BY {NEWEST} LIMIT %s OFFSET %s"  # noqa: S608
    return f"WITH cut AS ({page}) {entries} ORDER BY {NEWEST}"


def _kind_sql(model: Model) -> str:
    history = _history_table(model)
    before = (
        f"SELECT {_json_sql(model, 'b')} FROM {history} b WHERE b.id = h.id AND b.history_id < h.history_id"  # noqa: S608
        " ORDER BY b.history_id DESC LIMIT 1"
    )
    called = (
        " || ' ' || ".join(_title_sql(field.related_model, f"h.{field.column}") for field in _title_relations(model))
        or "''"
    )
    return (
        f"SELECT c.label AS label, c.number AS number, c.at AS at, h.history_type, {_title_sql(User, 'h.history_user_id')},"  # noqa: S608
        f" {_json_sql(model, 'h')}, ({before}), {called}"
        f" FROM cut c JOIN {history} h ON h.history_id = c.number WHERE c.label = '{_label(model)}'"
    )


def _title_sql(model: Model, key: str) -> str:
    """SQL: the row's title; of a deleted row its last title. Accounts have no deleted rows."""
    if model is User:
        name = f"SELECT name || ' ' || position FROM {_quoted(User._meta.db_table)} u WHERE u.id = {key}"  # noqa: S608
    else:
        title = next(name for name in TITLE_FIELDS if name in {field.name for field in model._meta.fields})
        name = f"SELECT {title} FROM {_history_table(model)} n WHERE n.id = {key} ORDER BY n.history_id DESC LIMIT 1"  # noqa: S608
    return f"COALESCE(({name}), '')"


def _json_sql(model: Model, alias: str) -> str:
    """SQL: the row of a history table as the text of a JSON object."""
    if connection.vendor == "postgresql":
        return f"to_jsonb({alias})::text"
    columns = [field.column for field in model._meta.concrete_fields]
    pairs = ", ".join(f"'{column}', {alias}.{_quoted(column)}" for column in columns)
    return f"json_object({pairs})"


def _entry(row: tuple[Any, ...], conference: Conference) -> HistoryEntry:
    label, _number, at, verb, who, after, before, called = row
    model, after, before = apps.get_model(label), json.loads(after), json.loads(before or "{}")
    own = next((str(after[name]) for name in TITLE_FIELDS if after.get(name)), "")
    return HistoryEntry(
        at=_aware(at),
        who=who.strip(),
        verb=str(VERBS[verb]),
        kind=labels.kind_name(model),
        title=_short(own or called.strip()),
        fields=_changed_fields(model, before, after) if verb == "~" else (),
        link=row_addresses.row_address(model, after["id"], conference) if verb != "-" else "",
    )


def _short(title: str) -> str:
    return title if len(title) <= TITLE_MAX else f"{title[:TITLE_MAX]}…"


def _changed_fields(model: Model, before: Values, after: Values) -> tuple[str, ...]:
    fields = (field.attname for field in model._meta.concrete_fields if field.attname not in HIDDEN_FIELDS)
    columns = [column for column in fields if column in before and after[column] != before[column]]
    return tuple(dict.fromkeys(filter(None, (labels.field_name(model, column) for column in columns))))


def _title_relations(model: Model) -> list[models.ForeignKey]:
    return [model._meta.get_field(name) for name in getattr(model, "NAMED_WITH", ())]


def _fetch(sql: str, parameters: Iterable[Any] = ()) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(parameters))
        return cursor.fetchall()


def _aware(at: datetime | str) -> datetime:
    """Return a time of the database with its zone: SQLite gives UTC without a zone, as text or as a time."""
    at = datetime.fromisoformat(at) if isinstance(at, str) else at
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _label(model: Model) -> str:
    return model._meta.label_lower


def _history_table(model: Model) -> str:
    return _quoted(model.history.model._meta.db_table)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
