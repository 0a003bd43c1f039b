"""The ground: driver, health, headers, closed by default, system checks."""

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from django.urls import get_resolver

from config import environment, health
from config.headers import POLICY
from config.system_checks import check_driver, check_libraries, check_sqlite_immediate, check_sqlite_pragmas
from publishing.pdf import pdf_libraries
from tests.visitor import Visitor


@pytest.mark.django_db
def test_postgresql_speaks_through_psycopg2():
    assert importlib.util.find_spec("psycopg") is None
    assert check_driver() == []
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            assert type(cursor.cursor).__module__.split(".")[0] == "psycopg2"


def test_psycopg3_beside_it_stops_the_start(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: name)
    assert [found.id for found in check_driver()] == ["conference.E004"]


@pytest.mark.django_db
def test_sqlite_runs_as_many_writers_need_it():
    assert check_sqlite_pragmas(databases=["default"]) == []
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            assert cursor.execute("PRAGMA journal_mode").fetchone() == ("wal",)
            assert cursor.execute("PRAGMA busy_timeout").fetchone() == (environment.LOCK_WAIT * 1000,)
            assert cursor.execute("PRAGMA foreign_keys").fetchone() == (1,)
        assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_sqlite_without_immediate_stops_the_start(monkeypatch, tmp_path):
    database = environment.database({}, folder=tmp_path)
    monkeypatch.setattr(settings, "DATABASES", {"default": database})
    assert check_sqlite_immediate() == []
    del database["OPTIONS"]["transaction_mode"]
    assert [found.id for found in check_sqlite_immediate()] == ["conference.E003"]


def test_a_missing_library_is_named_with_the_line_to_type(monkeypatch):
    monkeypatch.setitem(pdf_libraries.PACKAGES, "libnowhere.so.9", "libnowhere9")
    found = check_libraries()
    assert [(one.id, one.is_serious()) for one in found] == [("conference.W001", False)]  # the portal starts
    assert "libnowhere9" in found[0].msg
    assert "Type: sudo apt-get install -y libnowhere9" in found[0].hint


@pytest.mark.django_db
def test_system_checks_are_clean():
    absent = {"conference.W001"} if pdf_libraries.missing() else set()
    assert [str(found) for found in run_checks(databases=["default"]) if found.id not in absent] == []


@pytest.mark.django_db
def test_healthz_answers_when_database_and_storage_do(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (
        200,
        b"database ok\nstorage ok\ndisk ok\nmail ok\nfiles ok\ncache ok\n",
    )


@pytest.mark.django_db
def test_healthz_says_when_the_storage_is_gone(client):
    place = Path(default_storage.location)
    shutil.move(place, place.with_name("away"))
    try:
        answer = client.get("/healthz")
    finally:
        shutil.move(place.with_name("away"), place)
    assert (answer.status_code, answer.content) == (
        503,
        b"database ok\nstorage gone\ndisk ok\nmail ok\nfiles ok\ncache ok\n",
    )


@pytest.mark.django_db
def test_healthz_says_when_the_database_is_gone(client, monkeypatch):
    def gone():
        raise DatabaseError

    monkeypatch.setattr(connection, "cursor", gone)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (
        503,
        b"database gone\nstorage ok\ndisk ok\nmail unknown\nfiles unknown\ncache unknown\n",
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "status"),
    [("/healthz", 200), ("/accounts/login/", 200), ("/approvals/", 302), ("/no-such-place/at/all", 404)],
)
def test_every_answer_carries_the_policy(client, path, status):
    answer = client.get(path)
    assert answer.status_code == status
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_an_error_of_ours_carries_the_policy_too(client, monkeypatch):
    def broken():
        raise RuntimeError

    monkeypatch.setitem(health.PARTS, "database", broken)
    client.raise_request_exception = False
    answer = client.get("/healthz")
    assert (answer.status_code, answer.headers["Content-Security-Policy"]) == (500, POLICY)


def test_a_web_process_is_light(tmp_path):
    """Heavy libraries are imported only where used."""
    heavy = {"weasyprint", "PIL", "pikepdf", "openpyxl", "icalendar", "fontTools", "jsonschema"}
    program = (
        "import sys, config.wsgi\n"
        "from django.urls import get_resolver\n"
        "get_resolver().url_patterns\n"
        f"print(*sorted({heavy!r} & sys.modules.keys()))\n"
    )
    env = {"PATH": "/usr/bin:/bin", "PORTAL_DATA": str(tmp_path)}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, env=env, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "\n")


@pytest.mark.django_db
def test_sign_up_is_closed():
    from django.contrib.auth import get_user_model

    sent = {"username": "eve", "password1": "long-enough-9", "password2": "long-enough-9"}
    assert Visitor().post_raw("/accounts/signup/", sent).status == 404
    assert get_user_model().objects.filter(username="eve").count() == 0


@pytest.mark.django_db
def test_language_comes_from_the_path_alone(client):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    answer = client.get("/accounts/login/", headers={"accept-language": "en"})
    assert answer.wsgi_request.LANGUAGE_CODE == "ko"
    assert "Accept-Language" not in answer.headers.get("Vary", "")
    assert client.get("/en/", headers={"accept-language": "ko"}).wsgi_request.LANGUAGE_CODE == "en"


def test_accounts_are_reached_by_addresses_of_the_contract():
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    assert {"healthz", "account_login", "account_logout"} <= names
