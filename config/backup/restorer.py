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
    """Read a backup whole, its database included; nothing of the portal is touched. Raises UnusableBackup or OSError."""
    with open_archive(path) as archive:
        _refuse_larger_than_disk(_size_of_database(archive.manifest), _folder())
        with _checked_database(archive):
            archive.check()
    return archive.manifest


def restore(path: Path, *, secret_key: Path | None) -> Manifest:
    """Fill the empty portal from a backup. Raises UnusableBackup, OSError or data_lock.FolderInUse; then the portal is empty still.

    Only where the key cannot be written, or an older backup's tables not be brought up to date (any error of ``migrate``),
    is all there already. The rows come last: files that no row names harm nobody. Whoever was signed in at the other place is not here.
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
    """Refuse where rows of this portal or tables of another program would be lost: what is there is dropped or replaced."""
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
    """What swells beyond the disk is stopped before it begins; no member may give more bytes than the manifest says."""
    free = shutil.disk_usage(folder).free
    if size > free:
        korean = f"디스크가 모자랍니다. {size // 1024**2:,}MB가 필요하고 {free // 1024**2:,}MB가 남았습니다."
        raise UnusableBackup(korean, "not enough room on the disk")


# ── what is put there ───────────────────────────────────────────────────────────────────────────
def _folder() -> Path:
    """Where the database's member lies until it is used: on SQLite beside its place, for a move reaches no other disk."""
    return Path(connection.settings_dict["NAME"]).parent if connection.vendor == "sqlite" else settings.DATA


@contextmanager
def _checked_database(archive: Archive) -> Iterator[Path]:
    """Give the database's member as a file, held against the manifest's sums."""
    manifest = archive.manifest
    with tempfile.TemporaryDirectory(dir=_folder(), prefix=".restore-") as folder:
        path = Path(folder) / DATABASE[manifest.database]
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
            archive.copy(path.name, file.write)
            file.flush()
            os.fsync(file.fileno())
        if manifest.database == "sqlite":
            database.check_sqlite(path, manifest.tables)
        elif connection.vendor == "postgresql":  # else there is no pg_restore to ask
            database.check_postgresql(path)
        yield path


@contextmanager
def _stored_files(archive: Archive) -> Iterator[None]:
    """Put the files into the storage; those that were not there are taken away again where the rest fails."""
    folder_storage.make_folder()
    done: list[str] = []
    try:
        for name in archive.manifest.files:
            if not files.exists(name):  # else another portal keeps its files here, and needs it
                done.append(name)
            _put_file(archive, name)
        yield
    except BaseException:  # also an interrupted command leaves no file behind
        for name in done:
            default_storage.delete(files.storage_path(name))
        raise


def _put_file(archive: Archive, name: str) -> None:
    if isinstance(default_storage, FileSystemStorage):
        path = Path(default_storage.path(files.storage_path(name)))
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic_files.atomic_write(path, mode=default_storage.file_permissions_mode or 0o640) as file:
            archive.copy(FOLDER + name, file.write)
    else:  # an object store puts a whole object or none
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
    if key:
        with atomic_files.atomic_write(
            settings.DATA / "secret-key"
        ) as file:  # over the one made when this command started
            file.write(key.encode())
