"""Outages of database, disk or storage: which errors mean an outage, and how long a reader waits for the database."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

from django.conf import settings
from django.db import Error, InterfaceError, OperationalError, connection

LOCKED, UNAVAILABLE, DAMAGED, READ_ONLY, FULL, STORAGE = "locked", "gone", "damaged", "read-only", "full", "storage"
READER_WAIT = 1000  # ms for which one statement of a public page may wait; a writer waits settings.LOCK_WAIT

# by the beginning of SQLite's own name of the error, without SQLITE_ (sqlite.org/rescode.html)
_SQLITE = {
    "BUSY": LOCKED,
    "LOCKED": LOCKED,
    "PROTOCOL": LOCKED,
    "CANTOPEN": UNAVAILABLE,
    "IOERR": UNAVAILABLE,
    "NOTADB": DAMAGED,
    "CORRUPT": DAMAGED,
    "READONLY": READ_ONLY,
    "FULL": FULL,
}
# by the beginning of SQLSTATE (PostgreSQL, appendix A); an exact code comes before its class
_POSTGRESQL = {
    "53100": FULL,
    "25006": READ_ONLY,
    "55P03": LOCKED,  # lock_timeout
    "57014": LOCKED,  # statement_timeout
    "40": LOCKED,  # a deadlock: the same request succeeds later
    "08": UNAVAILABLE,
    "53": UNAVAILABLE,  # too many connections
    "57P": UNAVAILABLE,  # shut down, or starting
    "58": UNAVAILABLE,
    "XX001": DAMAGED,
    "XX002": DAMAGED,
}
_SYSTEM = {errno.ENOSPC: FULL, errno.EDQUOT: FULL, errno.EROFS: READ_ONLY, errno.EIO: STORAGE, errno.ESTALE: STORAGE}
_OBJECT_STORE = ("botocore.", "boto3.", "s3transfer.")  # their errors are not OSErrors


class DatabaseUnavailable(OperationalError):
    """The database did not answer a moment ago, and was not asked again."""


class StorageUnavailable(OSError):
    """The folder of uploads and renderings is not there: moved away, or not mounted."""


def outage_kind(error: BaseException | None) -> str:
    """Return the kind of outage that ``error`` means; "" for a programming error."""
    if isinstance(error, Error):
        return _of_database(error)
    if isinstance(error, StorageUnavailable) or type(error).__module__.startswith(_OBJECT_STORE):
        return STORAGE
    return _SYSTEM.get(error.errno or 0, "") if isinstance(error, OSError) else ""


def _of_database(error: Error) -> str:
    cause = error.__cause__  # the driver's error
    if name := getattr(cause, "sqlite_errorname", ""):
        return _by_prefix(_SQLITE, name.removeprefix("SQLITE_"))
    if code := getattr(cause, "pgcode", None):
        return _by_prefix(_POSTGRESQL, code)
    # libpq gives no code if a connection fails or is lost
    return UNAVAILABLE if isinstance(error, OperationalError | InterfaceError) else ""


def _by_prefix(kinds: dict[str, str], code: str) -> str:
    return next((kind for prefix, kind in kinds.items() if code.startswith(prefix)), "")


@contextmanager
def short_database_wait() -> Iterator[None]:
    """Let each statement inside wait READER_WAIT at most: an old public page is better than a late one."""
    if any(isinstance(wrapper, _ShortWait) for wrapper in connection.execute_wrappers):
        yield
        return
    short = _ShortWait()
    with connection.execute_wrapper(short):
        try:
            yield
        finally:
            short.end()


class _ShortWait:
    """Shortens the wait of the connection at the first statement: a page without queries needs no database."""

    def __init__(self) -> None:
        self.raw: Any = None

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict) -> Any:
        if self.raw is not connection.connection:
            self.raw = connection.connection
            self._set(READER_WAIT)
        return execute(sql, params, many, context)

    def end(self) -> None:
        """Restore the former wait; close the connection if that fails."""
        if self.raw is not None and self.raw is connection.connection:
            try:
                self._set(None)
            except Error:
                connection.close()

    def _set(self, wait: int | None) -> None:
        """Set the wait in ms, without Django's cursor, because it is no query of the page."""
        if connection.vendor == "sqlite":
            statement = f"PRAGMA busy_timeout = {settings.LOCK_WAIT * 1000 if wait is None else wait}"
        else:
            statement = "SET statement_timeout TO DEFAULT" if wait is None else f"SET statement_timeout TO {wait}"
        with connection.wrap_database_errors, closing(self.raw.cursor()) as cursor:
            cursor.execute(statement)
