"""Checks before the portal starts; `manage.py` runs them automatically."""

import importlib.util
from collections.abc import Sequence

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Caution
from django.db import Error as DriverError

from conference.models import File
from config import health
from publishing.pdf import pdf_libraries

TAG = "portal"  # checks whose result may change between two starts of the same code


@register(Tags.database)
def check_sqlite_pragmas(*, databases: Sequence[str] | None = None, **_options: object) -> list[CheckMessage]:
    """Check that SQLite uses its options: a network drive, for example, silently refuses WAL."""
    from django.db import connections

    messages: list[CheckMessage] = []
    for using in databases or []:
        if connections[using].vendor == "sqlite" and not connections[using].is_in_memory_db():
            with connections[using].cursor() as cursor:
                mode = cursor.execute("PRAGMA journal_mode").fetchone()[0]
                waits = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
            if mode != "wal" or not waits:
                text = f"SQLite가 WAL 모드가 아닙니다. / SQLite runs in mode {mode}, waiting {waits} ms."
                hint = (
                    "PORTAL_DATA를 서버 안의 디스크에 두거나 PostgreSQL(DATABASE_URL)을 쓰십시오. / "
                    "Put PORTAL_DATA on a local disk, or use PostgreSQL (DATABASE_URL)."
                )
                messages.append(Error(text, hint=hint, id="conference.E002"))
    return messages


@register(TAG)
def check_sqlite_immediate(**_options: object) -> list[CheckMessage]:
    """Check for IMMEDIATE: without it two signatures at once fail with "database is locked" (measured)."""
    return [
        Error(
            f"SQLite({using})의 트랜잭션은 IMMEDIATE로 시작해야 합니다. / SQLite ({using}) must begin transactions as IMMEDIATE.",
            hint="설정은 config.environment.database에서 가져오십시오. / Take the settings from config.environment.database.",
            id="conference.E003",
        )
        for using, database in settings.DATABASES.items()
        if database["ENGINE"].endswith("sqlite3") and database["OPTIONS"].get("transaction_mode") != "IMMEDIATE"
    ]


@register(TAG)
def check_driver(**_options: object) -> list[CheckMessage]:
    """Refuse psycopg 3, which Django would silently prefer: the portal was tested with psycopg2 only."""
    if importlib.util.find_spec("psycopg") is None:
        return []
    text = (
        "psycopg 3이 설치되어 있습니다. psycopg2만 시험했습니다. / psycopg 3 is installed; psycopg2 alone was tested."
    )
    return [Error(text, hint="실행 / Type: .venv/bin/pip uninstall psycopg", id="conference.E004")]


@register(Tags.database)
def check_reserved_slugs(*, databases: Sequence[str] | None = None, **_options: object) -> list[CheckMessage]:
    """Report conferences whose address became reserved, because the portal has a page of that name now."""
    from conference import reserved_slugs

    if "default" not in (databases or []):
        return []
    text = "행사 주소 ‘%s’은(는) 이제 포털이 쓰는 이름입니다. / The conference %s has an address that is reserved now."
    hint = "공개 화면이 가려질 수 있습니다. 주소를 바꿔 다시 만드세요. / Its pages may be hidden: make it again under another."
    return [
        Caution(text % (slug, slug), hint=hint, id="conference.W003")
        for slug in reserved_slugs.conferences_with_reserved_slugs()
    ]


@register(Tags.database)
def check_storage(*, databases: Sequence[str] | None = None, **_options: object) -> list[CheckMessage]:
    """Warn if the files are missing; the portal starts all the same. A new portal has none."""
    try:
        has_files = bool(databases) and File.objects.exists()
    except DriverError:
        has_files = False  # before the first migration
    state = health.check_part("storage") if has_files else health.OK
    if state == health.OK:
        return []
    text = f"파일 저장소를 쓸 수 없습니다({state}). / The storage of files is {state}."
    hint = "STORAGE_URL과 그 디스크를 확인하십시오. / Look at STORAGE_URL and its disk."
    return [Caution(text, hint=hint, id="conference.W002")]


@register(TAG)
def check_libraries(**_options: object) -> list[CheckMessage]:
    """Warn if a library for PDF is missing; the portal starts all the same."""
    absent = pdf_libraries.missing()
    if not absent:
        return []
    names = ", ".join(absent)
    text = f"PDF를 만들 수 없습니다. 없는 라이브러리: {names} / PDF cannot be made: {names} missing."
    return [Caution(text, hint=f"실행 / Type: {pdf_libraries.install_command()}", id="conference.W001")]
