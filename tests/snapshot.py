"""Rows of the whole database, read once and written back quickly: the example in every test at the price of an insert."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from io import StringIO
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction

from conference.models import Conference

Insert = tuple[str, list[tuple[Any, ...]]]
_taken: dict[str, Callable[[], None]] = {}  # by the maker's name: what writes its rows


def once(make: Callable[[StringIO], Conference]) -> Conference:
    """Return what ``make`` makes in an empty database; from the second time on, copy the rows it made the first time."""
    name = make.__name__
    if name in _taken:
        _taken[name]()
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


def _take() -> Callable[[], None]:
    inserts = []
    with connection.cursor() as cursor:
        for table in _tables():
            names = [column.name for column in connection.introspection.get_table_description(cursor, table)]
            columns = [connection.ops.quote_name(name) for name in names]
            # on SQLite a plus keeps the stored text from becoming a Python time, which goes back in otherwise
            sign = "+" if connection.vendor == "sqlite" else ""
            cursor.execute(f"SELECT {', '.join(sign + column for column in columns)} FROM {table}")
            if rows := cursor.fetchall():
                insert = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join(['%s'] * len(columns))})"
                inserts.append((insert, rows))
        if connection.vendor == "postgresql":
            return partial(_put_script, _script(cursor, inserts))
    return partial(_put, inserts)


def _put(inserts: list[Insert]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:  # foreign keys are looked at when all is in
        for insert, rows in inserts:
            cursor.executemany(insert, rows)


def _script(cursor: Any, inserts: list[Insert]) -> str:
    """Return all of it as one text, for each statement that goes to a server costs a way there and back."""
    rows = [cursor.mogrify(insert, row).decode() for insert, found in inserts for row in found]
    return ";".join([*rows, *connection.ops.sequence_reset_sql(no_style(), apps.get_models(include_auto_created=True))])


def _put_script(script: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(script)
