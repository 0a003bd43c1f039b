"""Rows → a file: the same rows always give the same bytes.

Keys are in the order of the rows' fields, and empty values are left out. Passwords, mail addresses of accounts, releases,
editions, rounds, acts and renderings are never exported.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.db.models import Model, QuerySet

from conference.models import Conference

from . import values
from .row_lists import FORMAT, ROOT, Key, RowList, all_row_lists, row_list_by_model

RowsByList = dict[RowList, list[Model]]
Take = Callable[[RowList], bool]


def dump(conference: Conference) -> str:
    """Return the conference as JSON text."""
    return json.dumps(values_of(conference), ensure_ascii=False, indent=1) + "\n"


def values_of(conference: Conference, *, take: Take = lambda _rows: True) -> dict[str, Any]:
    """Return the values of the file. A list for which ``take`` is False is not read, nor is a reference to it written."""
    exported: RowsByList = {}
    for rows in all_row_lists():
        if rows.name == ROOT:
            exported[rows] = [conference]
        elif rows.parent_field:
            _fetch(rows, rows.model._default_manager.filter(**{rows.parent_field: conference}), exported, take)
    _fetch_accounts(exported, take)
    writer = _RowWriter(exported)
    file: dict[str, Any] = {"format": FORMAT}
    for rows in all_row_lists():
        written = [writer.row(rows, row) for row in exported.get(rows, ())]
        if written:
            file[rows.name] = written[0] if rows.is_single else written
    return file


def _fetch(rows: RowList, query: QuerySet, exported: RowsByList, take: Take) -> None:
    """Fetch the rows and, level by level, their children: one query a list, however long it is."""
    if not take(rows):
        return
    many = [field.name for field in rows.fields if field.many_to_many]
    query = query if rows.position_field else query.order_by("pk")
    exported[rows] = list(query.prefetch_related(*many))
    for child in rows.children:
        has_parent = {f"{child.parent_field}__in": query.order_by()}
        _fetch(child, child.model._default_manager.filter(**has_parent), exported, take)


def _fetch_accounts(exported: RowsByList, take: Take) -> None:
    """Add the rows of the accounts level that the conference's rows name, and the rows that those name in turn."""
    level = [rows for rows in all_row_lists() if not rows.parent_field and rows.name != ROOT]
    reached: dict[type[Model], set[Any]] = {rows.model: set() for rows in level if not rows.exported_with}
    size = -1
    while size < (size := sum(map(len, reached.values()))):
        for rows, listed in exported.items():
            for field in rows.fields:
                if field.related_model in reached and not field.many_to_many:
                    reached[field.related_model].update(getattr(row, field.attname) for row in listed)
        for pks in reached.values():
            pks.discard(None)
        for rows in level:
            name = rows.exported_with
            model = rows.model._meta.get_field(name).related_model if name else rows.model
            is_reached = {f"{name or 'pk'}__in": reached[model]}
            _fetch(rows, rows.model._default_manager.filter(**is_reached), exported, take)


class _RowWriter:
    """Writes rows. It knows all rows of the file, so that it can name them and find their children."""

    def __init__(self, exported: RowsByList) -> None:
        self.absent = {rows.model for rows in row_list_by_model().values() if rows not in exported}
        self.rows = {rows.model: {row.pk: row for row in listed} for rows, listed in exported.items() if rows.key}
        self.children: dict[RowList, dict[Any, list[Model]]] = {}
        for rows, listed in exported.items():
            for row in listed if rows.parent_field else ():
                parent = getattr(row, rows.model._meta.get_field(rows.parent_field).attname)
                self.children.setdefault(rows, {}).setdefault(parent, []).append(row)
        for rows in exported:
            if rows.key and not rows.position_field:
                exported[rows].sort(key=lambda row: self._key(rows, row))
                for listed in self.children.get(rows, {}).values():
                    listed.sort(key=lambda row: self._key(rows, row))

    def row(self, rows: RowList, row: Model) -> dict[str, Any]:
        """Write one row with its children."""
        fields = [field for field in rows.fields if field.related_model not in self.absent]
        written = {field.name: values.write(field, row, key=self.named) for field in fields}
        value = {field.name: written[field.name] for field in fields if not values.can_omit(field, written[field.name])}
        if rows.extra:
            value[rows.extra.name] = rows.extra.to_json(row)
        for child in rows.children:
            listed = [self.row(child, other) for other in self.children.get(child, {}).get(row.pk, ())]
            if listed:
                value[child.name] = listed[0] if child.is_single else listed
        return value

    def named(self, model: type[Model], pk: Any) -> str | list[str]:
        """Name another row: its key, plain where it has one part."""
        key = self._key_of(model, pk)
        return key[0] if len(key) == 1 else list(key)

    def _key(self, rows: RowList, row: Model) -> Key:
        def part(name: str) -> Any:
            field = row._meta.get_field(name)
            if not field.is_relation:
                return getattr(row, name)
            return self._key_of(field.related_model, getattr(row, field.attname))

        return rows.key_of(part)

    def _key_of(self, model: type[Model], pk: Any) -> Key:
        return self._key(row_list_by_model()[model], self.rows[model][pk])
