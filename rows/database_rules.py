"""Rules that constraints cannot say, kept in the database itself: append-only rows, no double-booked room.

Each app of the house names its rules in ``<app>.database_rules.RULES``. ``install`` is idempotent and runs after
every migrate, because SQLite drops a table's triggers silently whenever a migration rebuilds the table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections, transaction

from rows import app_registry


@dataclass(frozen=True)
class Rule:
    """One trigger (or, on PostgreSQL, constraint): its name, its table, and the SQL that makes it."""

    name: str
    table: str
    sqlite: str
    postgresql: str  # empty where another rule does the work there
    is_constraint: bool = False  # on PostgreSQL


REFUSE = """
CREATE OR REPLACE FUNCTION portal_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'append-only: % on %', TG_OP, TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$
"""


def append_only(table: str, *, frozen: tuple[str, ...] = ()) -> tuple[Rule, Rule]:
    """Return the rules that refuse DELETE and UPDATE on ``table``, or UPDATE of the ``frozen`` columns only."""
    columns = f" OF {', '.join(frozen)}" if frozen else ""
    return _refuse(table, "delete", "DELETE"), _refuse(table, "update", f"UPDATE{columns}")


def never_deleted(table: str) -> tuple[Rule]:
    """Return the rule that refuses DELETE on ``table``."""
    return (_refuse(table, "delete", "DELETE"),)


def deleted_after(table: str, date_column: str) -> tuple[Rule, Rule]:
    """Return the rules that refuse every UPDATE, and DELETE until the row's own date is past (UTC)."""
    name = f"{table}_no_delete"
    event = f"CREATE TRIGGER {name} BEFORE DELETE ON {table} FOR EACH ROW WHEN (OLD.{date_column} >= CURRENT_DATE)"
    delete = Rule(
        name=name,
        table=table,
        sqlite=f"{event} BEGIN SELECT RAISE(ABORT, 'append-only: delete on {table}'); END",
        postgresql=f"{event} EXECUTE FUNCTION portal_refuse()",
    )
    return delete, _refuse(table, "update", "UPDATE")


def _refuse(table: str, verb: str, event: str) -> Rule:
    name = f"{table}_no_{verb}"
    return Rule(
        name=name,
        table=table,
        sqlite=f"CREATE TRIGGER {name} BEFORE {event} ON {table} BEGIN SELECT RAISE(ABORT, 'append-only: {verb} on {table}'); END",
        postgresql=f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION portal_refuse()",
    )


def rules() -> list[Rule]:
    """Every rule of the house."""
    return [rule for room in app_registry.modules("database_rules").values() for rule in room.RULES]


def missing(using: str = "default") -> list[str]:
    """Names of rules whose table is there but which the database does not hold."""
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
        for rule in rules()
        if getattr(rule, connection.vendor) and rule.table in tables and rule.name not in present
    ]


def install(using: str = "default", **_signal: Any) -> None:
    """Make every rule anew. A constraint that stands is left alone: making it costs an index."""
    connection = connections[using]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        absent = missing(using)
        if connection.vendor == "postgresql":
            cursor.execute(REFUSE)
        for rule in rules():
            is_wanted = rule.table in tables and getattr(rule, connection.vendor)
            if is_wanted and (rule.name in absent or not _is_constraint(rule, connection.vendor)):
                _drop(cursor, rule, connection.vendor)
                cursor.execute(getattr(rule, connection.vendor))


def remove(using: str = "default") -> None:
    """Take the triggers away, for tests that empty whole tables; the next migrate or flush brings them back."""
    connection = connections[using]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for rule in rules():
            if not _is_constraint(rule, connection.vendor):
                _drop(cursor, rule, connection.vendor)


def _is_constraint(rule: Rule, vendor: str) -> bool:
    return rule.is_constraint and vendor == "postgresql"


def _drop(cursor: Any, rule: Rule, vendor: str) -> None:
    if not _is_constraint(rule, vendor):
        cursor.execute(f"DROP TRIGGER IF EXISTS {rule.name}" + (f" ON {rule.table}" if vendor == "postgresql" else ""))


@register(Tags.database)
def check_rules(databases: list[str] | None = None, **_options: Any) -> list[CheckMessage]:
    """Name the rules that the database lost."""
    return [
        Error(
            f"The database has lost its rule {name}.",
            hint="Run `./portal manage migrate`: it installs the rules anew.",
            id="conference.E001",
        )
        for using in databases or []
        for name in missing(using)
    ]
