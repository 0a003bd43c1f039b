"""Backups: one under writes restored elsewhere, and files that are none, are damaged or were made to hurt."""

import bz2
import hashlib
import io
import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from accounts.models import User
from conference.uploads import storage
from config import backup, data_lock
from config.backup import archive, database, restorer

STORED = hashlib.sha256(b"a photo").hexdigest()


@pytest.mark.long
def test_backups_under_writes_are_restored_elsewhere_to_the_row():
    """The whole way, in portals of their own; what it prints is what was not as it should be."""
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
    env.pop("DATABASE_URL", None)
    if connection.vendor == "postgresql":
        host = connection.settings_dict["HOST"]
        env["DATABASE_URL"] = f"postgres://{connection.settings_dict['USER']}@/postgres?host={host}"
    for name in ("SECRET_KEY", "ALLOWED_HOSTS"):
        env.pop(name, None)
    command = [sys.executable, "-m", "tests.backup_under_writes"]
    done = subprocess.run(command, cwd=settings.BASE_DIR, env=env, capture_output=True, text=True, check=False)
    assert (done.stdout.splitlines()[-1:], done.returncode) == (["faults {}"], 0), done.stderr


# ── files that are no good ──────────────────────────────────────────────────────────────────────
class Forged:
    """A backup put together by hand: right at first, then changed as a test likes."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "backup.zip"
        rows = folder / "rows.sqlite3"
        with closing(sqlite3.connect(rows)) as made:
            made.execute("CREATE TABLE accounts_user (id INTEGER)")
            tables = database.sum_sqlite(made)
        self.members = {"database.sqlite3": rows.read_bytes(), f"files/{STORED}": b"a photo"}
        self.infos = {}
        self.manifest = {
            "format": archive.FORMAT,
            "version": "0.1.0",
            "made_at": "2026-11-30T09:00:00+09:00",
            "database": "sqlite",
            "migrations": [],
            "tables": {name: {"size": each.size, "sha256": each.sha256} for name, each in tables.items()},
            "members": {name: self.sum(content) for name, content in self.members.items()},
        }

    @staticmethod
    def sum(content: bytes) -> dict:
        return {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}

    def add(self, name: str, content: bytes = b"x") -> None:
        self.members[name] = content
        self.manifest["members"][name] = self.sum(content)

    def write(self, manifest: bytes | None = None) -> Path:
        with zipfile.ZipFile(self.path, "w") as file:
            for name, content in self.members.items():
                info = zipfile.ZipInfo(name)
                for key, value in self.infos.get(name, {}).items():
                    setattr(info, key, value)
                file.writestr(info, content)
            file.writestr("manifest.json", json.dumps(self.manifest) if manifest is None else manifest)
        return self.path


@pytest.fixture
def forged(tmp_path) -> Forged:
    return Forged(tmp_path)


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, settings):
    settings.DATA = tmp_path / "data"
    settings.DATA.mkdir()


def refused(path: Path, *options: str) -> str:
    """The one line with which both commands refuse the file, having written nothing."""
    before = sorted(default_storage.listdir("")[0])
    lines = []
    for arguments in ([str(path), "--verify"], [str(path), *options]):
        with pytest.raises(CommandError) as error:
            call_command("restore", *arguments)
        lines.append(str(error.value))
    assert all("\n" not in line and " / " in line for line in lines)
    if connection.vendor == "sqlite":  # elsewhere restoring stops before it has looked at all of it
        assert lines[0] == lines[1]
    assert User.objects.count() == 0
    assert sorted(default_storage.listdir("")[0]) == before
    assert {path.name for path in settings.DATA.iterdir()} <= {data_lock.LOCK_FILE}
    return lines[0]


pytestmark = pytest.mark.django_db


def test_the_forged_one_is_good_as_it_stands(forged):
    assert restorer.check(forged.write()).files == [STORED]


@pytest.mark.parametrize("content", [b"", b"garbage" * 1000, b"PK\x03\x04", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_backup(forged, content):
    forged.path.write_bytes(content)
    refused(forged.path)


def test_a_missing_file_and_a_folder(tmp_path):
    for path in (tmp_path / "nowhere.zip", tmp_path):
        with pytest.raises(CommandError) as error:
            call_command("restore", str(path))
        assert str(error.value).startswith(f"{path}: ")


@pytest.mark.parametrize("part", [1, 3, 7])
def test_a_backup_that_was_cut_off(forged, part):
    content = forged.write().read_bytes()
    forged.path.write_bytes(content[: len(content) * part // 8])
    refused(forged.path)


@pytest.mark.parametrize("name", ["database.sqlite3", f"files/{STORED}"])
def test_a_member_that_was_changed(forged, name):
    content = bytearray(forged.write().read_bytes())
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        info = file.getinfo(name)
    content[info.header_offset + 30 + len(name) + 5] ^= 1
    forged.path.write_bytes(content)
    assert name in refused(forged.path)


def test_a_member_that_was_changed_with_its_checksum(forged):
    forged.members[f"files/{STORED}"] = b"a phota"
    assert STORED in refused(forged.write())


def test_rows_that_were_changed(forged):
    forged.manifest["tables"]["accounts_user"]["size"] = 1
    assert "rows" in refused(forged.write())


def test_a_database_that_is_none(forged):
    forged.add("database.sqlite3", b"SQLite format 3\0" + bytes(4000))
    refused(forged.write())


@pytest.mark.parametrize(
    "name",
    [
        "../escaped",
        "/etc/escaped",
        f"files/../{STORED}",
        f"files/{STORED}/../x",
        f"files/{STORED.upper()}",
        f"files\\{STORED}",
        "files/",
        f"files/{STORED}\n",
        "database.pgdump",
        "secret-key",
    ],
)
def test_a_name_that_lies_elsewhere(forged, name):
    forged.add(name)
    refused(forged.write())


def test_a_member_more_fewer_or_twice(forged):
    forged.members["files/extra"] = b""
    refused(forged.write())
    del forged.members["files/extra"], forged.members[f"files/{STORED}"]
    refused(forged.write())
    forged.members[f"files/{STORED}"] = b"a photo"
    forged.write()
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(forged.path, "a") as file:
        file.writestr(f"files/{STORED}", b"another")
    refused(forged.path)


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO, stat.S_IFDIR])
def test_a_member_that_is_no_plain_file(forged, kind):
    forged.infos[f"files/{STORED}"] = {"external_attr": (kind | 0o777) << 16}
    assert "plain file" in refused(forged.write())


def test_a_packing_that_no_backup_has(forged):
    assert bz2.compress(b"")  # this Python could unpack it
    forged.infos[f"files/{STORED}"] = {"compress_type": zipfile.ZIP_BZIP2}
    assert "plain file" in refused(forged.write())


def test_a_member_that_swells(forged):
    """A ZIP bomb gives no more than its manifest says."""
    forged.members[f"files/{STORED}"] = bytes(50 * 1024**2)
    forged.infos[f"files/{STORED}"] = {"compress_type": zipfile.ZIP_DEFLATED}
    given = []
    with archive.open_archive(forged.write()) as opened, pytest.raises(backup.UnusableBackup):
        opened.copy(f"files/{STORED}", given.append)
    assert given == []
    refused(forged.path)


def test_more_than_the_disk_holds(forged, monkeypatch):
    usage = shutil.disk_usage(forged.path.parent)._replace(free=100)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage)
    assert "not enough room" in refused(forged.write())


@pytest.mark.parametrize(
    "manifest",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff",
        b"[" * 100_000,
        b'{"format": 1}',
        b'{"format": 2}',
        b'{"format": 1e400}',
    ],
)
def test_a_manifest_that_is_none(forged, manifest):
    refused(forged.write(manifest))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("made_at", "yesterday"),
        ("database", ["sqlite"]),
        ("database", "oracle"),
        ("migrations", 3),
        ("tables", []),
        ("members", {"database.sqlite3": {"size": -1, "sha256": "0" * 64}}),
        ("members", {"database.sqlite3": {"size": True, "sha256": "0" * 64}}),
        ("members", {"database.sqlite3": {"size": 1, "sha256": "x"}}),
        ("members", {}),
    ],
)
def test_a_manifest_with_wrong_values(forged, key, value):
    forged.manifest[key] = value
    refused(forged.write())


# ── places that are no good ─────────────────────────────────────────────────────────────────────
def not_restored(path: Path, *options: str) -> str:
    with pytest.raises((CommandError, data_lock.FolderInUse)) as error:
        call_command("restore", str(path), *options)
    assert "\n" not in str(error.value)
    assert default_storage.exists(f"{STORED[:2]}/{STORED}") is False
    return str(error.value)


def test_a_portal_that_is_in_use_is_not_overwritten(forged):
    User.objects.create_user("boss", name="관리자")
    assert "not empty" in not_restored(forged.write())
    assert User.objects.count() == 1


def test_a_database_that_another_program_uses_is_not_overwritten():
    """Asked of the check alone: a restore that went on would replace the database of the tests."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE salaries (id integer)")
    try:
        with pytest.raises(backup.UnusableBackup, match=r"\(salaries\)"):
            restorer._refuse_full_portal()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE salaries")


def test_a_folder_that_is_being_served(forged):
    with data_lock.hold(settings.DATA):
        assert str(settings.DATA) in not_restored(forged.write())


def test_a_backup_of_a_newer_program(forged):
    forged.manifest |= {"migrations": ["conference.9999_tomorrow"], "database": connection.vendor}
    if connection.vendor == "postgresql":
        forged.members["database.pgdump"] = forged.members.pop("database.sqlite3")
        forged.manifest["members"] = {name: forged.sum(content) for name, content in forged.members.items()}
    assert "newer" in not_restored(forged.write())


def test_a_backup_of_another_database(forged):
    if connection.vendor == "sqlite":
        forged.manifest["database"] = "postgresql"
        forged.members["database.pgdump"] = forged.members.pop("database.sqlite3")
        forged.manifest["members"] = {name: forged.sum(content) for name, content in forged.members.items()}
    assert "another kind" in not_restored(forged.write())


def test_a_key_that_is_none(forged, tmp_path):
    forged.manifest["database"] = "sqlite"
    key = tmp_path / "key"
    for content in (b"short", bytes(range(256))):
        key.write_bytes(content)
        if connection.vendor == "sqlite":
            assert "secret key" in not_restored(forged.write(), "--secret-key", str(key))
    assert not (settings.DATA / "secret-key").exists()


def test_files_that_were_there_before_outlive_a_restore_that_fails(forged, tmp_path, settings):
    """A new database may be filled beside a portal that lives, whose files lie in the same bucket or folder."""
    forged.add(f"files/{hashlib.sha256(b'new').hexdigest()}", b"new")
    there = settings.STORAGES["default"]
    location = {**there["OPTIONS"], "location": str(tmp_path / "files")}
    settings.STORAGES = {**settings.STORAGES, "default": {**there, "OPTIONS": location}}
    (tmp_path / "files").mkdir()
    storage.store(b"a photo")

    def fail():
        assert len(list(storage.stored_names())) == 2
        raise KeyError("rows")

    with archive.open_archive(forged.write()) as opened:
        with pytest.raises(KeyError), restorer._stored_files(opened):
            fail()
        assert list(storage.stored_names()) == [STORED]


@pytest.mark.sqlite_is_enough
def test_a_database_on_another_disk_than_the_data_is_restored_beside_its_place(forged, tmp_path, monkeypatch):
    """A file is renamed within one disk only."""
    place = tmp_path / "other disk" / "portal.sqlite3"
    place.parent.mkdir()
    monkeypatch.setitem(connection.settings_dict, "NAME", str(place))
    with archive.open_archive(forged.write()) as opened, restorer._checked_database(opened) as rows:
        assert (rows.parent.parent, list(settings.DATA.iterdir())) == (place.parent, [])
    asked, usage = [], shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: asked.append(path) or usage)
    restorer.check(forged.path)
    assert asked == [place.parent]
