"""A filled database of each version, from which the test of upgrades begins: `python -m tests.version_dump VERSION`.

It is written once, when a version is finished: on SQLite, and on PostgreSQL (`python -m tests.postgres python -m …`). A
dump is never made again, because it shows what an office has that comes from that version. It holds the example with
its signed report and two more conferences; nobody can sign in to it. Beside it lies what must be there after an upgrade.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "tests" / "data"
FOLDER = DATA / "versions"
IMPORTED = ("fair.json", "forum.json")


def dumped_versions() -> list[str]:
    """Return the versions of which there is a dump, of both databases."""
    return sorted({path.name.removesuffix(".sqlite.sql.gz") for path in FOLDER.glob("*.sqlite.sql.gz")})


def found_then(version: str, vendor: str) -> dict[str, Any]:
    """Return what ``collect_evidence`` found in the database of that version, and its ``migration_digests``."""
    return json.loads(_read(f"{version}.{vendor}.json.gz"))


def load(version: str, vendor: str, url: str) -> None:
    """Fill the empty database of that DATABASE_URL with the dump."""
    text = _read(f"{version}.{vendor}.sql.gz")
    if vendor == "sqlite":
        with closing(sqlite3.connect(url.removeprefix("sqlite://"))) as database:
            database.executescript(text)
        return
    import psycopg2

    with closing(psycopg2.connect(url)) as database, database, database.cursor() as cursor:
        cursor.execute(text)


def collect_evidence() -> dict[str, Any]:
    """Return what no upgrade may lose: digests of what is frozen, and the conferences whose files are not elsewhere."""
    from approvals.models import Act
    from conference.exchange import exporting
    from conference.models import Conference
    from publishing.models import Release
    from reports.models import Edition

    return {
        "releases": [*Release.objects.order_by("pk").values_list("digest", flat=True)],
        "editions": [*Edition.objects.order_by("pk").values_list("digest", flat=True)],
        "acts": [*Act.objects.order_by("pk").values_list("hash", flat=True)],
        "conferences": {row.slug: json.loads(exporting.dump(row)) for row in Conference.objects.filter(files=None)},
    }


def migration_digests() -> dict[str, str]:
    """Return each migration's path with the SHA-256 of its text: from a version on, none of them is changed."""
    paths = sorted(path.relative_to(ROOT) for path in ROOT.glob("*/migrations/0*.py"))
    return {str(path): hashlib.sha256((ROOT / path).read_bytes()).hexdigest() for path in paths}


def _fill() -> None:
    from django.contrib.sessions.models import Session
    from django.core.management import call_command

    from accounts.models import User
    from conference.exchange import importing

    call_command("prepare", example=True)
    for name in IMPORTED:
        importing.load((DATA / name).read_bytes())
    Session.objects.all().delete()
    User.objects.update(password="!")


def _sql() -> str:
    from django.db import connection

    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(connection.settings_dict["NAME"])) as database:
            return "\n".join(database.iterdump())
    from tests.postgres import binaries

    command = [binaries() / "pg_dump", "--inserts", "--no-owner", "--no-privileges", os.environ["DATABASE_URL"]]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return re.sub(r"^\\.*\n", "", text, flags=re.MULTILINE)  # what psql alone understands


def _read(name: str) -> str:
    return gzip.decompress((FOLDER / name).read_bytes()).decode()


def _write(name: str, text: str) -> None:
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / name).write_bytes(gzip.compress(text.encode(), mtime=0))


def main(version: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"PORTAL_DATA": folder, "DJANGO_SETTINGS_MODULE": "config.settings"}
        import django

        django.setup()
        from django.db import connection

        _fill()
        _write(f"{version}.{connection.vendor}.sql.gz", _sql())
        found = {"evidence": collect_evidence(), "migrations": migration_digests()}
        _write(f"{version}.{connection.vendor}.json.gz", json.dumps(found, ensure_ascii=False))


if __name__ == "__main__":
    main(*sys.argv[1:])
