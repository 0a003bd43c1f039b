"""What changed, when and by whom, in words, out of the history tables of a conference's rows.

Contacts have no history, and what offices write in their reports is their own: neither appears.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference import kinds
from conference.exchange.rows import ROOT, Rows, all_rows, flat
from conference.models import Conference, User

# The SQL is written here and not by the ORM: over thirty kinds it takes the ORM longer to write than the database to answer.
VERBS = {"+": gettext_lazy("추가"), "~": gettext_lazy("고침"), "-": gettext_lazy("지움")}
TITLE_MAX = 60  # letters
NAMED = 2  # rows that a line of several changes names
UNSEEN = {"id", "conference_id", "version", "created_at", "changed_at"}  # of no interest to people
NAMES = ("title", "name", "caption", "label", "text", "number", "item", "serial")  # what a row is called by
# rows that are called by others
CALLED = {
    "conference.desk": ("district", "topic"),
    "conference.guest": ("person",),
    "conference.hostrole": ("organisation",),
    "conference.membership": ("user",),
    "conference.photo": ("file",),
    "conference.call": ("district",),
    "conference_sessions.presentation": ("session",),
}
NOBODY = 0  # is asked for where nobody else is, so that a page costs the same queries whatever it tells
EVER = datetime(1, 1, 1, tzinfo=UTC)
Model = type[models.Model]
Values = dict[str, Any]


@dataclass(frozen=True)
class Change:
    """One row added, changed or deleted. ``fields``: names of what changed; ``link``: where the row is edited."""

    at: datetime
    who: str
    verb: str
    kind: str
    title: str
    fields: tuple[str, ...] = ()
    link: str = ""


@dataclass(frozen=True)
class Told:
    """Changes of one kind by one person: the newest, how many, and the names of the first of them."""

    newest: Change
    count: int
    title: str


@dataclass(frozen=True)
class Log:
    """Every change of a conference's rows since a moment, the newest first; can be counted and sliced by a Paginator."""

    conference: Conference
    since: datetime = EVER

    def count(self) -> int:
        """How many changes there are."""
        return _rows(f"SELECT COUNT(*) FROM ({_every()}) AS e WHERE at >= %s", self._parameters)[0][0]  # noqa: S608

    def __getitem__(self, cut: slice) -> list[Change]:
        """Tell a part in words. Four queries, whatever the number of changes and kinds."""
        start = cut.start or 0
        order = "ORDER BY at DESC, number DESC LIMIT %s OFFSET %s"
        sql = f"SELECT label, number, at FROM ({_every()}) AS e WHERE at >= %s {order}"  # noqa: S608
        return _in_words(_rows(sql, [*self._parameters, cut.stop - start, start]), self.conference)

    @property
    def _parameters(self) -> list[Any]:
        since = connection.ops.adapt_datetimefield_value(self.since)
        return [*[self.conference.pk] * len(_watched()), since]


def recent(conference: Conference, *, since: datetime, limit: int) -> list[Change]:
    """Return the newest changes in words."""
    return Log(conference, since)[:limit]


def told(changes: Iterable[Change]) -> list[Told]:
    """Draw changes of one sort together; the sort with the newest change comes first."""
    sorts: dict[tuple[str, str, str], list[Change]] = {}
    for change in changes:
        sorts.setdefault((change.who, change.verb, change.kind), []).append(change)
    found = []
    for some in sorts.values():
        titles = list(dict.fromkeys(change.title for change in some))
        more = _(" 외 %(count)d건") % {"count": len(titles) - NAMED} if len(titles) > NAMED else ""
        found.append(Told(some[0], len(some), ", ".join(titles[:NAMED]) + more))
    return found


def _in_words(cut: list[tuple[str, int, Any]], conference: Conference) -> list[Change]:
    records = _records(cut)
    callers = _callers(records.values())
    people = {record["by"] for record in records.values()} | callers.pop(User) | {NOBODY}
    users = {user.pk: str(user) for user in User.objects.filter(pk__in=people - {None})}
    called = _called(callers) | {(User, pk): name for pk, name in users.items()}
    return [
        _change(records[label, number], at=_moment(at), called=called, conference=conference)
        for label, number, at in cut
    ]


@cache
def _watched() -> dict[Rows, Rows | None]:
    """The rows of the file that are shown here, each with those it lies in."""
    above = {child: rows for rows in flat(all_rows()) for child in rows.children}
    shown = [rows for rows in flat(all_rows()) if _label(rows.model) in kinds.KINDS and (rows.up or rows.name == ROOT)]
    return {rows: above.get(rows) for rows in shown}


@cache
def _every() -> str:
    """SQL: every change (label, number, at) of one conference, whose key is asked for once a kind."""
    return " UNION ALL ".join(
        f"SELECT '{_label(rows.model)}' AS label, history_id AS number, history_date AS at"  # noqa: S608
        f" FROM {_history(rows.model)} WHERE {_is_mine(rows)}"
        for rows in _watched()
    )


def _is_mine(rows: Rows) -> str:
    """SQL: rows above may be deleted, their history stays."""
    if above := _watched()[rows]:
        return f"{rows.up}_id IN (SELECT id FROM {_history(above.model)} WHERE {_is_mine(above)})"  # noqa: S608
    return f"{rows.up}_id = %s" if rows.up else "id = %s"


def _records(cut: list[tuple[str, int, Any]]) -> dict[tuple[str, int], Values]:
    """Fetch what the rows said then and before, all kinds in one query."""
    wanted = defaultdict(list)
    for label, number, _at in cut:
        wanted[label].append(number)
    found = _rows(" UNION ALL ".join(_record(apps.get_model(label), numbers) for label, numbers in wanted.items()))
    return {
        (label, number): {
            "model": apps.get_model(label),
            "verb": verb,
            "by": by,
            "said": json.loads(said),
            "was": json.loads(was or "{}"),
        }
        for label, number, verb, by, said, was in found
    }


def _record(model: Model, numbers: Iterable[int]) -> str:
    history = _history(model)
    before = (
        f"SELECT {_json(model, 'b')} FROM {history} b WHERE b.id = h.id AND b.history_id < h.history_id"  # noqa: S608
        " ORDER BY b.history_id DESC LIMIT 1"
    )
    return (
        f"SELECT '{_label(model)}', h.history_id, h.history_type, h.history_user_id, {_json(model, 'h')}, ({before})"  # noqa: S608
        f" FROM {history} h WHERE h.history_id IN ({_listed(numbers)})"
    )


def _json(model: Model, alias: str) -> str:
    """SQL: the row of a history table as the text of a JSON object."""
    if connection.vendor == "postgresql":
        return f"to_jsonb({alias})::text"
    columns = [field.column for field in model._meta.concrete_fields]  # noqa: SLF001 (Django documents it)
    pairs = ", ".join(f"'{column}', {alias}.{_quoted(column)}" for column in columns)
    return f"json_object({pairs})"


def _callers(records: Iterable[Values]) -> dict[Model, set[int]]:
    """Keys of the rows by which others are called."""
    found: dict[Model, set[int]] = {
        field.related_model: set() for label in CALLED for field in _calling(apps.get_model(label))
    }
    for record in records:
        for field in _calling(record["model"]):
            found[field.related_model].add(record["said"][field.attname])
    return found


def _called(callers: dict[Model, set[int]]) -> dict[tuple[Model, int], str]:
    """Names of those rows as they were last, deleted ones too; all kinds in one query."""
    parts = []
    for model, pks in callers.items():
        title = next(name for name in NAMES if name in {field.name for field in model._meta.fields})  # noqa: SLF001
        parts.append(
            f"SELECT '{_label(model)}', id, history_id, {title} FROM {_history(model)} WHERE id IN ({_listed(pks)})"  # noqa: S608
        )
    rows = sorted(_rows(" UNION ALL ".join(parts)), key=lambda row: row[2])
    return {(apps.get_model(label), pk): title for label, pk, _number, title in rows}


def _change(record: Values, *, at: datetime, called: dict[tuple[Model, int], str], conference: Conference) -> Change:
    model, said, verb = record["model"], record["said"], record["verb"]
    own = next((str(said[name]) for name in NAMES if said.get(name)), "")
    by = [called.get((field.related_model, said[field.attname]), "") for field in _calling(model)]
    return Change(
        at=at,
        who=called.get((User, record["by"]), ""),
        verb=str(VERBS[verb]),
        kind=kinds.name(model),
        title=Truncator(own or " ".join(filter(None, by))).chars(TITLE_MAX),
        fields=_differences(model, said, record["was"]) if verb == "~" else (),
        link=kinds.page(model, said["id"], conference) if verb != "-" else "",
    )


def _differences(model: Model, said: Values, was: Values) -> tuple[str, ...]:
    fields = (field.attname for field in model._meta.concrete_fields if field.attname not in UNSEEN)  # noqa: SLF001
    columns = [column for column in fields if column in was and said[column] != was[column]]
    return tuple(dict.fromkeys(filter(None, (kinds.field(model, column) for column in columns))))


def _calling(model: Model) -> list[models.ForeignKey]:
    return [model._meta.get_field(name) for name in CALLED.get(_label(model), ())]  # noqa: SLF001


def _rows(sql: str, parameters: Iterable[Any] = ()) -> list[tuple[Any, ...]]:
    if not sql:
        return []
    with connection.cursor() as cursor:
        cursor.execute(sql, list(parameters))
        return cursor.fetchall()


def _moment(at: datetime | str) -> datetime:
    """A time of the database: SQLite gives the text of UTC."""
    return datetime.fromisoformat(at).replace(tzinfo=UTC) if isinstance(at, str) else at


def _label(model: Model) -> str:
    return model._meta.label_lower  # noqa: SLF001


def _history(model: Model) -> str:
    return _quoted(model.history.model._meta.db_table)  # noqa: SLF001


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def _listed(pks: Iterable[int | None]) -> str:
    return ", ".join(str(int(pk)) for pk in pks if pk is not None) or "NULL"
