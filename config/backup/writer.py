"""Make a backup while the portal is in use: first the rows, then the files, which never change."""

from __future__ import annotations

import tempfile
import tomllib
import zipfile
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from conference.uploads import storage
from config.backup import database
from config.backup.archive import DATABASE, FOLDER, MANIFEST, Manifest, UnusableBackup, add_member
from rows import atomic_files


def write(path: Path) -> Manifest:
    """Write the whole portal to ``path``, a new file that only its owner can read. Raises UnusableBackup or OSError.

    Only a piece of one file is in memory at a time. The copy of an SQLite database is in the folder of ``path`` meanwhile.
    """
    refuse_existing(path)
    members = {}
    with (
        atomic_files.atomic_write(path) as file,
        tempfile.TemporaryDirectory(dir=path.parent, prefix=".new-") as folder,
        zipfile.ZipFile(file, "w") as archive,
    ):
        with database.snapshot(Path(folder)) as taken:
            name, is_packed = DATABASE[connection.vendor], connection.vendor == "postgresql"  # pg_dump packs by itself
            members[name] = add_member(archive, name, taken.stream, is_packed=is_packed)
        for name in sorted(storage.stored_names()):
            # no row needs a file that was swept meanwhile
            with suppress(FileNotFoundError), default_storage.open(storage.storage_path(name)) as stream:
                members[FOLDER + name] = add_member(archive, FOLDER + name, stream, is_packed=True)
        manifest = Manifest(
            version=program_version(),
            made_at=timezone.localtime().isoformat(timespec="seconds"),
            database=connection.vendor,
            migrations=taken.migrations,
            tables=taken.tables,
            members=members,
        )
        archive.writestr(MANIFEST, manifest.dump(), zipfile.ZIP_DEFLATED)
    return manifest


def write_secret_key(path: Path) -> None:
    """Write the key to a separate file that only its owner can read: backup and key together allow forged sign-ins."""
    refuse_existing(path)
    with atomic_files.atomic_write(path) as file:
        file.write(settings.SECRET_KEY.encode() + b"\n")


def refuse_existing(path: Path) -> None:
    """Raise UnusableBackup if the path exists."""
    if path.exists():
        raise UnusableBackup(f"{path}: 이미 있는 파일입니다.", "the file exists")


def program_version() -> str:
    return tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text("utf-8"))["project"]["version"]
