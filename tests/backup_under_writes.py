"""Backups of a portal that is being written to, restored elsewhere: `python -m tests.backup_under_writes`.

It makes portals of its own, on SQLite or on the server of DATABASE_URL (`python -m tests.postgres python -m …`). A backup is made
while nothing happens, another while threads store files and rows, each pair of rows in one transaction; each then goes
into an empty portal. It prints what it counted, and what was not as it should be (nothing).
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

ROOT = Path(__file__).resolve().parent.parent
SLUG = "dongbuk4-2015"
THREADS = 4


class Place:
    """A portal's folder, and on PostgreSQL a database of its own."""

    def __init__(self, folder: Path, *, server: str) -> None:
        folder.mkdir()
        self.folder = folder
        self.env = {**os.environ, "PORTAL_DATA": str(folder), "CACHE_URL": "database://"}
        if server:
            name = folder.name.replace("-", "_")
            _psql(server, f'CREATE DATABASE "{name}"')
            self.env["DATABASE_URL"] = urlsplit(server)._replace(path=f"/{name}").geturl()
            self.env["PATH"] = f"{_binaries()}:{os.environ['PATH']}"

    def manage(self, *arguments: str) -> str:
        """Run a command and return what it printed. Raises CalledProcessError."""
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(command, cwd=ROOT, env=self.env, stdout=subprocess.PIPE, text=True, check=True).stdout

    def ask(self, function: str) -> str:
        """Return what a function of this module prints in the portal."""
        code = f"import django; django.setup(); from tests import backup_under_writes as run; run.{function}()"
        env = {**self.env, "DJANGO_SETTINGS_MODULE": "config.settings"}
        return subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, check=True
        ).stdout


def _binaries() -> Path:
    from tests import postgres

    return postgres.binaries()


def _psql(server: str, statement: str) -> None:
    import psycopg2

    url = urlsplit(server)
    host = dict(part.split("=", 1) for part in url.query.split("&"))["host"]
    connection = psycopg2.connect(host=host, user=url.username, dbname=url.path[1:])
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(statement)
    connection.close()


# ── inside a portal ─────────────────────────────────────────────────────────────────────────────
def write() -> None:
    """Write until the standard input ends, in threads; print how much."""
    from django.db import connection, transaction
    from django.test import Client

    from accounts.models import Department, Organisation, User
    from conference.models import Conference, File
    from conference.uploads import storage

    Client().force_login(User.objects.get(username="admin"))  # open while the backup is made; it must not travel
    conference, over, written = Conference.objects.get(), threading.Event(), Counter()

    def one() -> None:
        while not over.is_set():
            name, content = uuid4().hex, os.urandom(20_000)
            with transaction.atomic():
                office = Organisation.objects.create(name=name, kind=Organisation.Kind.BODY)
                Department.objects.create(organisation=office, name=name)
            digest = storage.store(content)
            kind = {"media_type": "application/pdf", "size": len(content)}
            File.objects.create(conference=conference, name=f"{name}.pdf", digest=digest, **kind)
            written["pairs of rows and files"] += 1
        connection.close()

    threads = [threading.Thread(target=one) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    print("writing", flush=True)  # noqa: T201
    sys.stdin.read()
    over.set()
    for thread in threads:
        thread.join()
    print(json.dumps(written))  # noqa: T201


def look() -> None:
    """Print what is in the portal: rows and their sums, files by what they hash to, halves, files that rows miss, the export."""
    from contextlib import closing
    from io import StringIO
    from sqlite3 import connect

    from django.core.files.storage import default_storage
    from django.core.management import call_command
    from django.db import connection, transaction

    from accounts.models import Department, Organisation
    from conference.models import File
    from conference.uploads import storage
    from config import database_cache
    from config.backup import database

    if connection.vendor == "sqlite":
        with closing(connect(connection.settings_dict["NAME"])) as rows:
            tables = database.sum_sqlite(rows)
    else:
        with transaction.atomic():
            tables = database.sum_postgresql()
    found = {}
    for name in storage.stored_names():
        with default_storage.open(storage.storage_path(name)) as stored:
            found[name] = hashlib.sha256(stored.read()).hexdigest()
    halves = Organisation.objects.filter(kind=Organisation.Kind.BODY, departments=None, name__regex="^[0-9a-f]{32}$")
    signed_in = 0
    with connection.cursor() as cursor:
        for table in database.temporary_tables() - {database_cache.TABLE}:
            cursor.execute(f"SELECT COUNT(*) FROM {table}")
            signed_in += cursor.fetchone()[0]
        cursor.execute("SELECT MAX(id) FROM accounts_department")
        (last,) = cursor.fetchone()
    found_rows = {
        "tables": {name: [each.size, each.sha256] for name, each in tables.items()},
        "files": found,
        "halves": halves.count(),
        "without bytes": len({digest for (digest,) in File.objects.values_list("digest")} - found.keys()),
        "open sign-ins": signed_in,
    }
    for name, arguments in {"chain": ("verify_chain",), "exported": ("export_conference", SLUG)}.items():
        call_command(*arguments, stdout=(said := StringIO()))
        found_rows[name] = said.getvalue()
    office = Organisation.objects.first()
    with transaction.atomic():  # a sequence that was not restored would give a key that is taken
        found_rows["next key is free"] = Department.objects.create(organisation=office, name=uuid4().hex).pk > last
        transaction.set_rollback(True)
    print(json.dumps(found_rows))  # noqa: T201


# ── the run ─────────────────────────────────────────────────────────────────────────────────────
def manifest_of(backup: Path) -> dict:
    import zipfile

    with zipfile.ZipFile(backup) as archive:
        return json.loads(archive.read("manifest.json"))


def compare(there: dict, manifest: dict, figures: Counter) -> Counter:
    """Count what in a restored portal, as ``look`` saw it, is not as the backup's manifest says."""
    tables = {name: [each["size"], each["sha256"]] for name, each in manifest["tables"].items()}
    files = {name: each["sha256"] for name, each in manifest["members"].items() if name.startswith("files/")}
    figures["rows"] += sum(rows for rows, _sum in tables.values())
    figures["files"] += len(files)
    return Counter(
        {
            "tables that differ": sum(there["tables"].get(name) != each for name, each in tables.items())
            + len(there["tables"].keys() ^ tables.keys()),
            "files that differ": sum(there["files"].get(name[6:]) != digest for name, digest in files.items()),
            "halves": there["halves"],
            "rows whose bytes are missing": there["without bytes"],
            "open sign-ins": there["open sign-ins"],
            "keys given twice": not there["next key is free"],
            "faults of the chain": "이상 없음" not in there["chain"].splitlines()[-1],
        }
    )


def main() -> int:
    server, figures, faults = os.environ.get("DATABASE_URL", ""), Counter(), Counter()
    with tempfile.TemporaryDirectory(prefix="portal-backup-") as name:
        folder = Path(name)
        source = Place(folder / "source", server=server)
        source.manage("prepare", "--example")
        quiet = folder / "quiet.zip"
        source.manage("backup", str(quiet))
        exported = source.manage("export_conference", SLUG)
        code = "import django; django.setup(); from tests import backup_under_writes as run; run.write()"
        writers = subprocess.Popen(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={**source.env, "DJANGO_SETTINGS_MODULE": "config.settings"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        writers.stdout.readline()
        busy = folder / "busy.zip"
        print(source.manage("backup", str(busy)).strip())  # noqa: T201
        said, _ = writers.communicate()
        figures.update(json.loads(said))
        for backup in (quiet, busy):
            place = Place(folder / f"place-{backup.stem}", server=server)
            place.manage("restore", str(backup))
            there = json.loads(place.ask("look"))
            faults += compare(there, manifest_of(backup), figures)
            faults["exports that differ"] += backup == quiet and there["exported"] != exported
    print(f"written meanwhile {figures.pop('pairs of rows and files')}, restored {dict(figures)}")  # noqa: T201
    print(f"faults {dict(+faults)}")  # noqa: T201
    return bool(+faults)


if __name__ == "__main__":
    sys.exit(main())
