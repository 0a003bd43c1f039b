"""The whole portal as one file, made while it is in use, and the way back into an empty place.

``archive`` is the file: its manifest, and how it is read without trusting it. ``database`` takes and puts back the rows,
``writer`` makes a backup, ``restorer`` checks one and fills an empty portal. Why so: docs/adr.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management.base import CommandError
from django.db import DatabaseError

from config.backup.archive import Manifest, UnusableBackup


def describe(manifest: Manifest) -> str:
    """Return the contents of a backup in one line."""
    rows, size = sum(table.size for table in manifest.tables.values()), manifest.size / 1024**2
    return f"{manifest.made_at}, {manifest.version}, {rows:,} rows, {len(manifest.files):,} files, {size:,.1f} MB"


@contextmanager
def errors_in_one_line(path: Path) -> Iterator[None]:
    """Turn every error from outside into a CommandError of one line."""
    try:
        yield
    except UnusableBackup as error:
        raise CommandError(str(error)) from error
    except OSError as error:
        raise CommandError(f"{error.filename or path}: {error.strerror or error}") from error
    except (DatabaseError, sqlite3.Error) as error:  # Django's errors, and those of our own SQLite connection
        raise CommandError(f"데이터베이스 오류(database error): {' '.join(str(error).split()):.200}") from error
