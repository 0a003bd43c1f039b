"""Rules that the database holds and Django cannot express: triggers, and on PostgreSQL constraints that exclude an overlap.

Each app declares its rules in ``<app>.database_rules.RULES``. ``install`` is idempotent and runs after
every migrate, because SQLite silently drops a table's triggers when a migration rebuilds the table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections, transaction

from rows import app_registry


@dataclass(frozen=True)
class DatabaseRule:
    """One trigger (or, on PostgreSQL, constraint): its name, its table, and the SQL that makes it."""

    name: str
    table: str
    sqlite: str
    postgresql: str  # empty where PostgreSQL needs no trigger because of another rule
    is_constraint: bool = False  # on PostgreSQL


REFUSE = """
CREATE OR REPLACE FUNCTION portal_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'append-only: % on %', TG_OP, TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$
"""


def append_only(table: str, *, frozen: tuple[str, ...] = ()) -> tuple[DatabaseRule, DatabaseRule]:
    """Return the rules that refuse DELETE and UPDATE on ``table``, or UPDATE of the ``frozen`` columns only."""
    columns = f" OF {', '.join(frozen)}" if frozen else ""
    return _refuse(table, "delete", "DELETE"), _refuse(table, "update", f"UPDATE{columns}")


def never_deleted(table: str) -> tuple[DatabaseRule]:
    """Return the rule that refuses DELETE on ``table``."""
    return (_refuse(table, "delete", "DELETE"),)


def deleted_after(table: str, date_column: str) -> tuple[DatabaseRule, DatabaseRule]:
    """Return the rules that refuse every UPDATE, and DELETE until the row's own date is past (UTC)."""
    name = f"{table}_no_delete"
    event = f"CREATE TRIGGER {name} BEFORE DELETE ON {table} FOR EACH ROW WHEN (OLD.{date_column} >= CURRENT_DATE)"
    delete = DatabaseRule(
        name=name,
        table=table,
        sqlite=f"{event} BEGIN SELECT RAISE(ABORT, 'append-only: delete on {table}'); END",
        postgresql=f"{event} EXECUTE FUNCTION portal_refuse()",
    )
    return delete, _refuse(table, "update", "UPDATE")


def _refuse(table: str, verb: str, event: str) -> DatabaseRule:
    name = f"{table}_no_{verb}"
    return DatabaseRule(
        name=name,
        table=table,
        sqlite=f"CREATE TRIGGER {name} BEFORE {event} ON {table} BEGIN SELECT RAISE(ABORT, 'append-only: {verb} on {table}'); END",
        postgresql=f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION portal_refuse()",
    )


HISTORY = "rows_historyentry"
ENTRY = ("conference", "kind", "key", "verb", "at", "by_id", "reason", "takes_back_id")  # all but the texts with names
RULES = append_only(HISTORY, frozen=ENTRY)


def all_rules() -> list[DatabaseRule]:
    """Return the rules of all apps."""
    return [*RULES, *(rule for module in app_registry.modules("database_rules").values() for rule in module.RULES)]


def missing_rules(using: str = "default") -> list[str]:
    """Return the names of rules that the database lacks although it has their table."""
    connection = connections[using]
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal UNION SELECT conname FROM pg_constraint"
            )
        present = {name for (name,) in cursor.fetchall()}
    return [
        rule.name
        for rule in all_rules()
        if getattr(rule, connection.vendor) and rule.table in tables and rule.name not in present
    ]


def install(using: str = "default", **_signal: Any) -> None:
    """Create every rule again. A constraint that exists is left alone, because creating it builds an index."""
    connection = connections[using]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        absent = missing_rules(using)
        if connection.vendor == "postgresql":
            cursor.execute(REFUSE)
        for rule in all_rules():
            is_wanted = rule.table in tables and getattr(rule, connection.vendor)
            if is_wanted and (rule.name in absent or not _is_constraint(rule, connection.vendor)):
                _drop(cursor, rule, connection.vendor)
                cursor.execute(getattr(rule, connection.vendor))


def drop_triggers(using: str = "default") -> None:
    """Drop the triggers before a migration, and for tests that empty tables; the next migrate creates them again."""
    connection = connections[using]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for rule in all_rules():
            if not _is_constraint(rule, connection.vendor):
                _drop(cursor, rule, connection.vendor)


def _is_constraint(rule: DatabaseRule, vendor: str) -> bool:
    return rule.is_constraint and vendor == "postgresql"


def _drop(cursor: Any, rule: DatabaseRule, vendor: str) -> None:
    if not _is_constraint(rule, vendor):
        cursor.execute(f"DROP TRIGGER IF EXISTS {rule.name}" + (f" ON {rule.table}" if vendor == "postgresql" else ""))


@register(Tags.database)
def check_rules(*, databases: Sequence[str] | None = None, **_options: Any) -> list[CheckMessage]:
    """Report the rules that the database lacks."""
    return [
        Error(
            f"The database has lost its rule {name}.",
            hint="Run `./portal manage migrate`: it installs the rules again.",
            id="conference.E001",
        )
        for using in databases or []
        for name in missing_rules(using)
    ]
