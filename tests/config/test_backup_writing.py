"""How a backup is written, and what stops it: said in one line, with nothing left behind."""

import hashlib
import io
import sqlite3
import stat
import subprocess
from contextlib import contextmanager

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import OperationalError, connection

from conference.uploads import storage
from config import backup
from config.backup import database, writer
from launcher.__main__ import resolve_paths
from rows import atomic_files
from tests import postgres

STORED = hashlib.sha256(b"a photo").hexdigest()
pytestmark = pytest.mark.django_db


def test_a_file_that_is_there_is_not_overwritten(tmp_path):
    path = tmp_path / "photo.zip"
    path.write_bytes(b"a photo")
    with pytest.raises(CommandError) as error:
        call_command("backup", str(path))
    assert (str(error.value).count("\n"), path.read_bytes()) == (0, b"a photo")


def test_a_key_file_that_is_there_is_told_before_the_work(tmp_path, monkeypatch):
    monkeypatch.setattr(database, "snapshot", nothing)
    path, key = tmp_path / "photo.zip", tmp_path / "key"
    key.write_bytes(b"a key")
    with pytest.raises(CommandError, match="the file exists"):
        call_command("backup", str(path), "--secret-key", str(key))
    assert (path.exists(), key.read_bytes()) == (False, b"a key")


@contextmanager
def nothing(_aside):
    yield database.DatabaseSnapshot(io.BytesIO(), [], {})


def test_a_file_that_is_swept_meanwhile_is_left_out(tmp_path, monkeypatch):
    monkeypatch.setattr(database, "snapshot", nothing)
    monkeypatch.setattr(storage, "stored_names", lambda: iter([STORED, "0" * 64]))
    storage.store(b"a photo")
    try:
        assert writer.write(tmp_path / "backup.zip").files == [STORED]
    finally:
        storage.discard(STORED)


@pytest.mark.parametrize("error", [sqlite3.OperationalError, OperationalError])
def test_a_database_that_fails_is_told_in_one_line(tmp_path, monkeypatch, error):
    """SQLite's own errors, as of the copy that fills the disk, are none of Django's."""

    def full(_aside):
        raise error("database or disk is full")

    monkeypatch.setattr(database, "snapshot", full)
    with pytest.raises(CommandError) as told:
        call_command("backup", str(tmp_path / "backup.zip"))
    assert str(told.value) == "데이터베이스 오류(database error): database or disk is full"


def test_nothing_is_left_of_a_backup_that_failed(tmp_path, monkeypatch):
    def full(*_arguments, **_options):
        raise OSError(28, "No space left on device")

    folder = tmp_path / "backups"
    folder.mkdir()
    monkeypatch.setattr(database, "snapshot", nothing)
    monkeypatch.setattr(writer, "add_member", full)
    with pytest.raises(CommandError) as error:
        call_command("backup", str(folder / "backup.zip"))
    assert "No space left" in str(error.value)
    assert list(folder.iterdir()) == []


def test_a_file_has_its_name_when_it_is_whole(tmp_path):
    path = tmp_path / "whole"
    with atomic_files.atomic_write(path) as file:
        file.write(b"all")
        assert not path.exists()
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"all", 0o600)
    with pytest.raises(ZeroDivisionError), atomic_files.atomic_write(path):
        raise ZeroDivisionError
    assert [each.name for each in tmp_path.iterdir() if each.is_file()] == ["whole"]


# ── PostgreSQL's own programs ───────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(("versions", "chosen"), [([("a", 99), ("b", 98)], "b"), ([("a", 98)], "a")])
def test_the_oldest_program_that_is_new_enough_is_taken(monkeypatch, versions, chosen):
    if connection.vendor == "postgresql":
        monkeypatch.setattr(database, "_versions", lambda _tool: versions)
        assert database._client("pg_dump", [])[0][0] == chosen


@pytest.mark.parametrize(("versions", "have"), [([], "-"), ([("old", 9)], "9")])
def test_a_missing_or_older_program_is_said_in_one_line(monkeypatch, tmp_path, versions, have):
    if connection.vendor == "postgresql":
        monkeypatch.setattr(database, "_versions", lambda _tool: versions)
        with pytest.raises(backup.UnusableBackup) as error:
            database._client("pg_dump", [])
        assert "apt-get install -y postgresql-client" in str(error.value)
        assert f": {have})" in str(error.value)


def test_versions_are_read_from_the_programs_themselves(monkeypatch):
    monkeypatch.setenv("PATH", str(postgres.binaries()))
    program = postgres.binaries() / "pg_dump"
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    major = int(said.split()[-1].split(".")[0])
    assert (str(program), major) in database._versions("pg_dump")


def test_files_are_meant_from_where_the_command_was_called(monkeypatch):
    monkeypatch.setenv("OLDPWD", "/srv/backups")
    assert resolve_paths(["a b.zip", "/x.zip", "--verify", "--secret-key=key", "--secret-key", "k"]) == [
        "/srv/backups/a b.zip",
        "/x.zip",
        "--verify",
        "--secret-key=/srv/backups/key",
        "--secret-key",
        "/srv/backups/k",
    ]
