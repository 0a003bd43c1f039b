"""Rows of the whole database, read once and written back quickly: the example in every test at the price of an insert."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction

from conference.models import Conference

Rows = dict[str, tuple[list[str], list[tuple[Any, ...]]]]
_taken: dict[str, Rows] = {}


def once(make: Callable[[StringIO], Conference]) -> Conference:
    """Return what ``make`` makes in an empty database; from the second time on, copy the rows it made the first time."""
    name = make.__name__
    if name in _taken:
        _put(_taken[name])
        return Conference.objects.get()
    made = make(StringIO())
    _taken[name] = _take()
    return made


def _tables() -> list[str]:
    house = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label not in {"contenttypes", "auth"}
    ]
    return sorted({model._meta.db_table for model in house if model._meta.managed})


def _take() -> Rows:
    taken = {}
    with connection.cursor() as cursor:
        for table in _tables():
            columns = [column.name for column in connection.introspection.get_table_description(cursor, table)]
            # on SQLite a plus keeps the stored text from becoming a Python time, which goes back in otherwise
            sign = "+" if connection.vendor == "sqlite" else ""
            cursor.execute(f"SELECT {', '.join(f'{sign}{_quoted(column)}' for column in columns)} FROM {table}")
            if rows := cursor.fetchall():
                taken[table] = (columns, rows)
    return taken


def _put(taken: Rows) -> None:
    with transaction.atomic(), connection.cursor() as cursor:  # foreign keys are looked at when all is in
        for table, (columns, rows) in taken.items():
            names, marks = ", ".join(map(_quoted, columns)), ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)
        for statement in connection.ops.sequence_reset_sql(no_style(), apps.get_models(include_auto_created=True)):
            cursor.execute(statement)


def _quoted(column: str) -> str:
    return connection.ops.quote_name(column)
