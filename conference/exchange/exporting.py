"""Rows → a file: the same rows always give the same bytes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Model, QuerySet

from conference.models import Conference

from . import values
from .row_lists import FORMAT, ROOT, Key, RowList, all_row_lists, row_list_by_model

RowsByList = dict[RowList, list[Model]]
Take = Callable[[RowList], bool]


def dump(conference: Conference) -> str:
    """Return the conference as JSON text: keys in the order of the rows' fields, empty values left out.

    Never in it: passwords, mail addresses of accounts, releases, editions, rounds, acts, renderings.
    """
    return json.dumps(values_of(conference), ensure_ascii=False, indent=1) + "\n"


def values_of(conference: Conference, *, take: Take = lambda _rows: True) -> dict[str, Any]:
    """Return the values of the file. Lists that ``take`` refuses are not read, nor are references into them written."""
    found: RowsByList = {}
    for rows in all_row_lists():
        if rows.name == ROOT:
            found[rows] = [conference]
        elif rows.up:
            _fetch(rows, rows.model._default_manager.filter(**{rows.up: conference}), found, take)
    _fetch_accounts(found, take)
    writer = _RowWriter(found)
    file: dict[str, Any] = {"format": FORMAT}
    for rows in all_row_lists():
        written = [writer.row(rows, row) for row in found.get(rows, ())]
        if written:
            file[rows.name] = written[0] if rows.is_single else written
    return file


def _fetch(rows: RowList, query: QuerySet, found: RowsByList, take: Take) -> None:
    """Fetch the rows and, level by level, those below: one query a list, however long it is."""
    if not take(rows):
        return
    many = [field.name for field in rows.fields if field.many_to_many]
    query = query if rows.place_field else query.order_by("pk")
    found[rows] = list(query.prefetch_related(*many))
    for child in rows.children:
        below = {f"{child.up}__in": query.order_by()}
        _fetch(child, child.model._default_manager.filter(**below), found, take)


def _fetch_accounts(found: RowsByList, take: Take) -> None:
    """Add the rows of the accounts level that the conference's rows name, and those which these name in turn."""
    level = [rows for rows in all_row_lists() if not rows.up and rows.name != ROOT]
    reached: dict[type[Model], set[Any]] = {rows.model: set() for rows in level if not rows.comes_with}
    size = -1
    while size < (size := sum(map(len, reached.values()))):
        for rows, listed in found.items():
            for field in rows.fields:
                if field.related_model in reached and not field.many_to_many:
                    reached[field.related_model].update(getattr(row, field.attname) for row in listed)
        for pks in reached.values():
            pks.discard(None)
        for rows in level:
            along = rows.comes_with
            model = rows.model._meta.get_field(along).related_model if along else rows.model
            wanted = {f"{along or 'pk'}__in": reached[model]}
            _fetch(rows, rows.model._default_manager.filter(**wanted), found, take)


class _RowWriter:
    """Writes rows; knows all rows of the file, by which it names them and finds those below."""

    def __init__(self, found: RowsByList) -> None:
        self.absent = {rows.model for rows in row_list_by_model().values() if rows not in found}
        self.found = {rows.model: {row.pk: row for row in listed} for rows, listed in found.items() if rows.key}
        self.below: dict[RowList, dict[Any, list[Model]]] = {}
        for rows, listed in found.items():
            for row in listed if rows.up else ():
                above = getattr(row, rows.model._meta.get_field(rows.up).attname)
                self.below.setdefault(rows, {}).setdefault(above, []).append(row)
        for rows in found:
            if rows.key and not rows.place_field:
                found[rows].sort(key=lambda row: self._key(rows, row))
                for listed in self.below.get(rows, {}).values():
                    listed.sort(key=lambda row: self._key(rows, row))

    def row(self, rows: RowList, row: Model) -> dict[str, Any]:
        """Write one row with those below it."""
        fields = [field for field in rows.fields if field.related_model not in self.absent]
        written = {field.name: values.write(field, row, key=self.named) for field in fields}
        silent = {field.name for field in fields if values.can_omit(field, written[field.name])}
        value = {name: found for name, found in written.items() if name not in silent}
        if rows.extra:
            value[rows.extra.name] = rows.extra.give(row)
        for child in rows.children:
            listed = [self.row(child, other) for other in self._listed(child, row)]
            if listed:
                value[child.name] = listed[0] if child.is_single else listed
        return value

    def named(self, model: type[Model], pk: Any) -> str | list[str]:
        """Name another row: its key, plain where it has one part."""
        key = self._key(row_list_by_model()[model], self.found[model][pk])
        return key[0] if len(key) == 1 else list(key)

    def _listed(self, rows: RowList, above: Model) -> Iterable[Model]:
        return self.below.get(rows, {}).get(above.pk, ())

    def _key(self, rows: RowList, row: Model) -> Key:
        def part(name: str) -> Any:
            field = row._meta.get_field(name)
            if not field.is_relation:
                return getattr(row, name)
            model = field.related_model
            return self._key(row_list_by_model()[model], self.found[model][getattr(row, field.attname)])

        return rows.key_of(part)
