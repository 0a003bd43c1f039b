"""Check a backup, and fill an empty portal from it: all of it or nothing."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from accounts.models import User
from conference.models import Conference
from conference.uploads import folder_storage
from conference.uploads import storage as files
from config import data_lock, database_cache, environment
from config.backup import database
from config.backup.archive import DATABASE, FOLDER, Archive, Manifest, UnusableBackup, open_archive
from rows import atomic_files


def check(path: Path) -> Manifest:
    """Read a whole backup with its database; the portal is not changed. Raises UnusableBackup or OSError."""
    with open_archive(path) as archive:
        _refuse_larger_than_disk(_size_of_database(archive.manifest), _folder())
        with _checked_database(archive):
            archive.check()
    return archive.manifest


def restore(path: Path, *, secret_key: Path | None) -> Manifest:
    """Fill the empty portal from a backup. Raises UnusableBackup, OSError or data_lock.FolderInUse.

    After an error the portal is still empty, except if the key cannot be written or ``migrate`` fails for an older
    backup: then the content is there. Rows are restored after files, because files without rows do no harm. Sessions are
    not restored.
    """
    with data_lock.hold(settings.DATA), open_archive(path) as archive:
        _refuse_full_portal()
        _refuse_other_program(archive)
        key = _read_key(secret_key)
        with _checked_database(archive) as rows:
            archive.check()
            with _stored_files(archive):
                if connection.vendor == "sqlite":
                    database.put_sqlite(rows)
                else:
                    database.put_postgresql(rows, archive.manifest.tables)
        _put_key(key)
        call_command("migrate", interactive=False, verbosity=0)
    return archive.manifest


# ── what forbids it ─────────────────────────────────────────────────────────────────────────────
def _refuse_full_portal() -> None:
    """Raise UnusableBackup if rows of this portal or tables of another program would be lost."""
    tables = set(connection.introspection.table_names())
    has_rows = any(model._meta.db_table in tables and model.objects.exists() for model in (Conference, User))
    if has_rows:
        korean = "이 포털에는 이미 행사나 계정이 있습니다. 빈 PORTAL_DATA(와 빈 데이터베이스)에만 되살립니다."
        raise UnusableBackup(korean, "this portal is not empty: restore into an empty place only")
    ours = {
        *connection.introspection.django_table_names(),
        MigrationRecorder.Migration._meta.db_table,
        database_cache.TABLE,
    }
    if foreign := sorted(tables - ours):
        korean = f"데이터베이스에 다른 프로그램의 표가 있습니다({foreign[0]}). DATABASE_URL을 확인하십시오."
        raise UnusableBackup(korean, "the database holds tables of another program")


def _refuse_other_program(archive: Archive) -> None:
    manifest = archive.manifest
    if manifest.database != connection.vendor:
        korean = f"{manifest.database}의 백업을 {connection.vendor}에 되살릴 수 없습니다. DATABASE_URL을 맞추십시오."
        raise UnusableBackup(korean, "the backup is of another kind of database")
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if newer := sorted(set(manifest.migrations) - known):
        korean = (
            f"더 새로운 프로그램({manifest.version})의 백업입니다({newer[0]}). 프로그램을 먼저 새 판으로 올리십시오."
        )
        raise UnusableBackup(korean, "the backup is of a newer version")
    _refuse_larger_than_disk(manifest.size, settings.DATA)
    _refuse_larger_than_disk(_size_of_database(manifest), _folder())


def _size_of_database(manifest: Manifest) -> int:
    return manifest.members[DATABASE[manifest.database]].size


def _refuse_larger_than_disk(size: int, folder: Path) -> None:
    """Refuse a backup that needs more space than the disk has; its manifest limits what is unpacked."""
    free = shutil.disk_usage(folder).free
    if size > free:
        korean = f"디스크가 모자랍니다. {size // 1024**2:,}MB가 필요하고 {free // 1024**2:,}MB가 남았습니다."
        raise UnusableBackup(korean, "not enough room on the disk")


# ── what is put there ───────────────────────────────────────────────────────────────────────────
def _folder() -> Path:
    """Return the folder for the unpacked database: on SQLite that of the database, to rename it on one disk."""
    return Path(connection.settings_dict["NAME"]).parent if connection.vendor == "sqlite" else settings.DATA


@contextmanager
def _checked_database(archive: Archive) -> Iterator[Path]:
    """Yield the database's member as a file after checking it against the manifest's sums."""
    manifest = archive.manifest
    with tempfile.TemporaryDirectory(dir=_folder(), prefix=".restore-") as folder:
        path = Path(folder) / DATABASE[manifest.database]
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
            archive.copy(path.name, file.write)
            file.flush()
            os.fsync(file.fileno())
        if manifest.database == "sqlite":
            database.check_sqlite(path, manifest.tables)
        elif connection.vendor == "postgresql":  # otherwise there may be no pg_restore
            database.check_postgresql(path)
        yield path


@contextmanager
def _stored_files(archive: Archive) -> Iterator[None]:
    """Put the files into the storage; if a later step fails, delete those that were not there before."""
    folder_storage.make_folder()
    done: list[str] = []
    try:
        for name in archive.manifest.files:
            if not files.exists(name):  # an existing file may belong to another portal
                done.append(name)
            _put_file(archive, name)
        yield
    except BaseException:  # an interrupted command leaves no file behind either
        for name in done:
            default_storage.delete(files.storage_path(name))
        raise


def _put_file(archive: Archive, name: str) -> None:
    if isinstance(default_storage, FileSystemStorage):
        path = Path(default_storage.path(files.storage_path(name)))
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic_files.atomic_write(path, mode=default_storage.file_permissions_mode or 0o640) as file:
            archive.copy(FOLDER + name, file.write)
    else:  # an object store writes a whole object or none
        with tempfile.TemporaryFile(dir=settings.DATA) as file:
            archive.copy(FOLDER + name, file.write)
            file.seek(0)
            default_storage.save(files.storage_path(name), File(file))


def _read_key(path: Path | None) -> str:
    key = path.read_text("utf-8", errors="replace").strip() if path else ""
    if path and (not key.isascii() or len(key) < environment.SECRET_LENGTH):
        raise UnusableBackup(f"{path}: 비밀 키가 아닙니다.", "this is no secret key")
    return key


def _put_key(key: str) -> None:
    if key:  # it replaces the key that was made when this command started
        with atomic_files.atomic_write(settings.DATA / "secret-key") as file:
            file.write(key.encode())
