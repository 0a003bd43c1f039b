"""How many rows every table holds, and which of them are another conference's: one query each, to be asked often."""

from __future__ import annotations

from typing import Self

from django.apps import apps
from django.conf import settings
from django.db import connection, models

from conference.models import DraftVersion

Count = dict[str, tuple[int, int]]
Reach = dict[str, tuple[int, int]]  # table → the keys of its rows, first and last


def _models() -> list[type[models.Model]]:
    labels = [{"sessions": "conference_sessions"}.get(app, app) for app in settings.PORTAL_APPS]
    labels.append("rows")
    models_ = [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in labels]
    return [model for model in models_ if model is not DraftVersion]  # says only that something may have changed


def _asked(queries: list[str]) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(queries))
        return cursor.fetchall()


def _counting(model: type[models.Model], where: str = "") -> str:
    table, names = model._meta.db_table, {field.column for field in model._meta.local_fields}
    summed = "COALESCE(SUM(version), 0)" if "version" in names else "0"
    return f"SELECT '{table}', COUNT(*), {summed} FROM {table} {where}"


def count() -> Count:
    """Table → number of its rows, and the sum of their versions: every save raises one."""
    return {table: (rows, versions) for table, rows, versions in _asked([_counting(model) for model in _models()])}


def _tops() -> dict[str, int]:
    tables = {model._meta.db_table: model._meta.pk.column for model in _models()}
    return dict(_asked([f"SELECT '{table}', COALESCE(MAX({key}), 0) FROM {table}" for table, key in tables.items()]))


class OtherConference:
    """The rows that are made inside ``with Another() as another``: one conference's, wholly."""

    def __enter__(self) -> Self:
        self._before = _tops()
        return self

    def __exit__(self, *_: object) -> None:
        tops = _tops()
        self.reach: Reach = {table: (low + 1, tops[table]) for table, low in self._before.items() if tops[table] > low}
        self._queries = [_counting(model, self._within(model)) for model in _models() if self._has(model)]
        self._queries += [
            f"SELECT '{model._meta.db_table}.{field.column}', COUNT(*), 0 FROM {model._meta.db_table} "
            f"{self._within(field.related_model, field.column)} AND NOT {self._within(model)[len('WHERE ') :]}"
            for model in _models()
            for field in model._meta.local_fields
            if field.is_relation and self._has(field.related_model)
        ]

    def _has(self, model: type[models.Model]) -> bool:
        return model._meta.db_table in self.reach

    def _within(self, model: type[models.Model], column: str = "") -> str:
        low, high = self.reach.get(model._meta.db_table, (0, -1))
        return f"WHERE ({column or model._meta.pk.column} BETWEEN {low} AND {high})"

    @property
    def keys(self) -> list[str]:
        """Every number that is the key of one of the rows."""
        return sorted({str(key) for low, high in self.reach.values() for key in range(low, high + 1)}, key=int)

    def count(self) -> Count:
        """As ``count()`` for these rows alone, and ``table.column`` → rows of others that point to them."""
        return {name: (rows, versions) for name, rows, versions in _asked(self._queries)}
