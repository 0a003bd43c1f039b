"""The rows of a backup: one consistent copy of them while others write, and the way back.

SQLite's own online backup and PostgreSQL's pg_dump make the copy. A sum of every table at the same
moment is stored with it, so that the restored rows can be compared with it.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from allauth.usersessions.models import UserSession
from django.apps import apps
from django.db import connection, transaction

from config import database_cache
from config.backup.archive import Checksum, UnusableBackup
from rows import atomic_files

FETCH_SIZE = 2000  # rows fetched from PostgreSQL in one piece
APPLIED_MIGRATIONS = "SELECT app || '.' || name FROM django_migrations ORDER BY id"


@dataclass(frozen=True)
class DatabaseSnapshot:
    """The database at one moment: the copy as a stream, and a description of its content."""

    stream: BinaryIO
    migrations: list[str]
    tables: dict[str, Checksum]


def temporary_tables() -> set[str]:
    """Name the tables that are not copied: sessions and counters. A copy must not let anybody sign in."""
    return {apps.get_model("sessions.Session")._meta.db_table, UserSession._meta.db_table, database_cache.TABLE}


@contextmanager
def snapshot(aside: Path) -> Iterator[DatabaseSnapshot]:
    """Yield the database as it is now; ``aside`` is a folder for a temporary copy. Raises UnusableBackup."""
    with (_sqlite_snapshot if connection.vendor == "sqlite" else _postgresql_snapshot)(aside) as database_snapshot:
        yield database_snapshot


def sum_rows(rows: Iterable[tuple[Any, ...]]) -> Checksum:
    """Return the number of rows and the sum of their hashes, which does not depend on their order."""
    count = total = 0
    for row in rows:
        count += 1
        total += int.from_bytes(hashlib.sha256(repr(row).encode()).digest())
    return Checksum(count, f"{total % 2**256:064x}")


# ── SQLite ──────────────────────────────────────────────────────────────────────────────────────
@contextmanager
def _sqlite_snapshot(aside: Path) -> Iterator[DatabaseSnapshot]:
    path = aside / "copy.sqlite3"
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as copy:
        connection.connection.backup(copy)  # in one step, because a reader of a WAL does not make writers wait
        copy.execute("PRAGMA journal_mode=DELETE")
        for table in temporary_tables() & _sqlite_tables(copy):
            copy.execute(f'DELETE FROM "{table}"')  # noqa: S608 (our own name)
        copy.commit()
        copy.execute("VACUUM")  # otherwise unused pages would contain deleted rows
        migrations = [name for (name,) in copy.execute(APPLIED_MIGRATIONS)]
        tables = sum_sqlite(copy)
    with path.open("rb") as stream:
        yield DatabaseSnapshot(stream, migrations, tables)


def sum_sqlite(database: sqlite3.Connection) -> dict[str, Checksum]:
    """Sum every table of a SQLite database except the temporary ones."""
    names = _sqlite_tables(database) - temporary_tables()
    return {name: sum_rows(database.execute(f'SELECT * FROM "{name}"')) for name in sorted(names)}  # noqa: S608


def _sqlite_tables(database: sqlite3.Connection) -> set[str]:
    rows = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    return {name for (name,) in rows}


def check_sqlite(path: Path, tables: dict[str, Checksum]) -> None:
    """Raise UnusableBackup unless the file is a sound database with exactly these rows."""
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database:
            is_sound = database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            if not is_sound or sum_sqlite(database) != tables:
                raise UnusableBackup("데이터베이스의 줄이 목록과 다릅니다.", "its rows are not those of its manifest")
    except sqlite3.Error as error:
        raise UnusableBackup(f"데이터베이스를 읽을 수 없습니다({error}).", "its database cannot be read") from error


def put_sqlite(path: Path) -> None:
    """Replace the portal's database file with a checked one in a single step."""
    place = Path(connection.settings_dict["NAME"])
    connection.close()
    for ending in ("-wal", "-shm"):  # files of the empty database
        place.with_name(place.name + ending).unlink(missing_ok=True)
    path.replace(place)
    atomic_files.sync_folder(place.parent)


# ── PostgreSQL ──────────────────────────────────────────────────────────────────────────────────
@contextmanager
def _postgresql_snapshot(_aside: Path) -> Iterator[DatabaseSnapshot]:
    with transaction.atomic(), connection.cursor() as cursor, tempfile.TemporaryFile() as errors:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        (name,) = cursor.fetchone()
        cursor.execute(APPLIED_MIGRATIONS)
        migrations = [migration for (migration,) in cursor.fetchall()]
        tables = sum_postgresql()
        options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={name}"]
        options += [f"--exclude-table-data={table}" for table in temporary_tables()]
        command, environment = _client("pg_dump", options)
        with subprocess.Popen(  # noqa: S603 (ours)
            command, env=environment, stdout=subprocess.PIPE, stderr=errors, stdin=subprocess.DEVNULL
        ) as process:
            yield DatabaseSnapshot(process.stdout, migrations, tables)
        if process.returncode:
            errors.seek(0)
            raise UnusableBackup(f"pg_dump: {_last_line(errors.read())}", "pg_dump failed")


def sum_postgresql() -> dict[str, Checksum]:
    """Sum every table of the portal's database except the temporary ones; inside a transaction."""
    with connection.cursor() as cursor:
        names = set(connection.introspection.table_names(cursor)) - temporary_tables()
    tables = {}
    for name in sorted(names):
        with connection.chunked_cursor() as cursor:
            cursor.itersize = FETCH_SIZE
            cursor.execute(f'SELECT t::text FROM "{name}" AS t')  # noqa: S608 (the database's own name)
            tables[name] = sum_rows(cursor)
    return tables


def check_postgresql(path: Path) -> None:
    """Raise UnusableBackup unless pg_restore can read the file."""
    _restore(["--list", str(path)])


def put_postgresql(path: Path, tables: dict[str, Checksum]) -> None:
    """Fill the empty database from the file, completely or not at all. Raises UnusableBackup."""
    _drop_tables()
    _restore(["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", str(path)])
    with transaction.atomic():
        restored = sum_postgresql()
    if restored != tables:
        _drop_tables()
        raise UnusableBackup("데이터베이스의 줄이 목록과 다릅니다.", "its rows are not those of its manifest")


def _drop_tables() -> None:
    """Drop the empty tables that a first start may have made."""
    with transaction.atomic(), connection.cursor() as cursor:
        for name in connection.introspection.table_names(cursor):
            cursor.execute(f'DROP TABLE "{name}" CASCADE')
        cursor.execute("DROP FUNCTION IF EXISTS portal_refuse()")
    connection.close()  # its locks would make pg_restore wait


def _restore(options: list[str]) -> None:
    command, environment = _client("pg_restore", [])
    if "--list" not in options:
        command[-1:] = [f"--dbname={command[-1]}"]
    else:
        command[1:] = []
    done = subprocess.run(  # noqa: S603 (ours)
        [*command, *options], env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    if done.returncode:
        raise UnusableBackup(f"pg_restore: {_last_line(done.stderr)}", "pg_restore failed")


def _client(tool: str, options: list[str]) -> tuple[list[str], dict[str, str]]:
    """Return command and environment of one of PostgreSQL's own programs, the database last. Raises UnusableBackup."""
    with connection.temporary_connection():
        needed = connection.pg_version // 10000
    usable = sorted((version, path) for path, version in _versions(tool) if version >= needed)
    if not usable:
        have = ", ".join(str(version) for _path, version in _versions(tool)) or "-"
        korean = f"{tool} {needed} 이상이 필요합니다(있는 판: {have}). 설치: sudo apt-get install -y postgresql-client"
        raise UnusableBackup(korean, f"{tool} of the server's version or newer is needed")
    # password and certificates are passed in the environment, because a list of processes shows arguments
    arguments, environment = connection.client.settings_to_cmd_args_env(connection.settings_dict, [])
    return [usable[0][1], *options, *arguments[1:]], {**os.environ, **(environment or {})}


def _versions(tool: str) -> list[tuple[str, int]]:
    """Return the paths of the program with their major versions; an older program cannot work with a newer server."""
    places = [shutil.which(tool), *map(str, Path("/usr/lib/postgresql").glob(f"*/bin/{tool}"))]
    versions = []
    for path in filter(None, places):
        done = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)  # noqa: S603
        if number := re.search(r"(\d{1,4})[.\d]*\s*(\(|$)", done.stdout):
            versions.append((path, int(number[1])))
    return versions


def _last_line(text: bytes) -> str:
    lines = text.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else ""
