"""Migrations and the database's own rules, on whichever database this run has."""

import json
import re
import subprocess
import sys
import threading
import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db import close_old_connections, connection, models
from django.db.migrations import Migration
from django.db.migrations.recorder import MigrationRecorder

from accounts.models import Organisation
from publishing.models import Release
from rows import database_rules
from tests import version_dump

ROOT = Path(settings.BASE_DIR)


@pytest.mark.django_db
def test_models_and_migrations_say_the_same():
    call_command("makemigrations", check_changes=True, dry_run=True, verbosity=0)  # SystemExit where they differ
    found = {path.parent.parent.name for path in ROOT.glob("*/migrations/0001_initial.py")}
    assert found == {
        app.name
        for app in apps.get_app_configs()
        if app.name in {"rows", *settings.PORTAL_APPS} and [*app.get_models()]
    }


@pytest.mark.django_db
def test_a_database_of_another_version_is_refused(monkeypatch):
    later = {("conference", "0099_later"): None}
    monkeypatch.setattr(MigrationRecorder, "applied_migrations", lambda _self: later)
    with pytest.raises(CommandError, match=r"판이 다릅니다\(conference\.0099_later\)"):
        call_command("prepare")


@pytest.mark.django_db
def test_a_database_whose_tables_lay_in_other_apps_is_refused(monkeypatch, settings):
    settings.MIGRATION_MODULES = {}
    before = {("conference", "0001_initial"): None}
    monkeypatch.setattr(MigrationRecorder, "applied_migrations", lambda _self: before)
    with pytest.raises(CommandError, match=r"판이 다릅니다\(accounts\.0001_initial\)"):
        call_command("prepare")


@pytest.mark.django_db
def test_a_database_whose_tables_were_called_otherwise_is_refused():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE conference_notice RENAME TO conference_news")
    with pytest.raises(CommandError, match=r"판이 다릅니다\(conference_notice\)"):
        call_command("prepare")


@pytest.mark.django_db
def test_a_database_with_the_earlier_history_is_refused():
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE accounts_historicaluser (id integer)")
    with pytest.raises(CommandError, match=r"판이 다릅니다\(accounts_historicaluser\)"):
        call_command("prepare")


@pytest.mark.django_db
def test_no_rule_is_missing_after_migrate():
    assert database_rules.missing_rules() == []


@pytest.mark.django_db(transaction=True)
def test_lost_rules_are_missed_and_come_back_with_migrate():
    database_rules.drop_triggers()
    lost = set(database_rules.missing_rules())
    assert lost == {
        rule.name
        for rule in database_rules.all_rules()
        if not (rule.is_constraint and connection.vendor == "postgresql")
    } - {rule.name for rule in database_rules.all_rules() if not getattr(rule, connection.vendor)}
    database_rules.install()
    assert database_rules.missing_rules() == []


@pytest.mark.django_db(transaction=True)
def test_threads_see_one_database():
    found = []

    def look():
        found.append(Organisation.objects.count())
        connection.close()

    Organisation.objects.create(name="강북구", kind=Organisation.Kind.DISTRICT)
    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    close_old_connections()
    assert found == [1, 1, 1, 1]


@pytest.mark.django_db(transaction=True)
def test_a_migration_may_alter_what_a_rule_guards():
    """SQLite drops the triggers of a table that it rebuilds, and says nothing; PostgreSQL refuses to alter it."""
    field = Release._meta.get_field("name")
    wider = models.CharField(max_length=field.max_length + 1)
    wider.set_attributes_from_name("name")
    plan = [(Migration("0002_wider", "conference"), False)]
    emit_pre_migrate_signal(verbosity=0, interactive=False, db="default", plan=plan)
    assert database_rules.missing_rules() != []
    with connection.schema_editor() as editor:
        editor.alter_field(Release, field, wider)
        editor.alter_field(Release, wider, field)
    emit_post_migrate_signal(verbosity=0, interactive=False, db="default", plan=plan)
    assert database_rules.missing_rules() == []


@pytest.mark.django_db(transaction=True)
def test_rules_stand_through_a_migrate_that_has_nothing_to_do():
    emit_pre_migrate_signal(verbosity=0, interactive=False, db="default", plan=[])
    assert database_rules.missing_rules() == []


@pytest.fixture
def empty_database(tmp_path, django_db_setup, django_db_blocker):
    """DATABASE_URL of a database with nothing in it, of this run's kind."""
    if connection.vendor == "sqlite":
        yield f"sqlite://{tmp_path}/empty.sqlite3"
        return
    place = connection.settings_dict
    with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
        cursor.execute("CREATE DATABASE empty")
        yield f"postgres://{place['USER']}@/empty?host={place['HOST']}"
        cursor.execute("DROP DATABASE empty")


def test_real_migrations_lead_to_a_whole_database(empty_database, tmp_path):
    """The other tests make their tables from the models; this one goes the way of a new installation."""
    env = {"PATH": "/usr/bin:/bin", "PORTAL_DATA": str(tmp_path), "DATABASE_URL": empty_database}
    for command in (["migrate", "--verbosity", "0"], ["check", "--database", "default", "--fail-level", "ERROR"]):
        arguments = [sys.executable, "manage.py", *command]
        done = subprocess.run(arguments, env=env, cwd=ROOT, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")


UPGRADED = """
import json, django; django.setup()
from django.test import Client
from approvals import verification
from tests import crawl, version_dump
pages = crawl.crawl_public_pages(Client(HTTP_HOST="127.0.0.1")).items()
odd = [path for path, answer in pages if answer.status_code != 200 and "/files/" not in path]
faults = [str(fault) for _document, faults in verification.verify_all() for fault in faults]
print(json.dumps([version_dump.collect_evidence(), odd, faults]))
"""


@pytest.mark.long
@pytest.mark.parametrize("version", version_dump.dumped_versions())
def test_an_upgrade_from_every_version_keeps_everything(version, empty_database, tmp_path):
    """The way of an office: its database as that version left it, then ``prepare`` of this one."""
    version_dump.load(version, connection.vendor, empty_database)
    (tmp_path / "files").mkdir()  # the office's uploads, which no upgrade touches
    env = {"PATH": "/usr/bin:/bin", "PORTAL_DATA": str(tmp_path), "DATABASE_URL": empty_database}
    env["DJANGO_SETTINGS_MODULE"] = "config.settings"
    for arguments in (["manage.py", "prepare"], ["-c", UPGRADED]):
        done = subprocess.run(
            [sys.executable, *arguments], env=env, cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr  # the log names the pictures that are not in the dump
    now, odd, faults = json.loads(done.stdout)
    assert _find_lost(version_dump.found_then(version, connection.vendor)["evidence"], now) == []
    assert (odd, faults) == ([], ["1판 PDF: 저장된 파일이 없습니다."])  # the dump is of the database alone


def _find_lost(before: Any, now: Any, path: str = "") -> list[str]:
    """Return where something of ``before`` is missing; later versions may add keys."""
    if isinstance(before, dict):
        return [lost for key in before for lost in _find_lost(before[key], now.get(key), f"{path}/{key}")]
    if isinstance(before, list) and isinstance(now, list) and len(before) == len(now):
        return [
            lost for at, pair in enumerate(zip(before, now, strict=True)) for lost in _find_lost(*pair, f"{path}/{at}")
        ]
    return [] if before == now else [f"{path}: {before!r} → {now!r}"]


@pytest.mark.parametrize("version", version_dump.dumped_versions())
def test_migrations_of_a_version_stay_as_they_are(version):
    """Offices have run them: what changes later is a migration of its own."""
    then = version_dump.found_then(version, connection.vendor)["migrations"]
    assert {path: digest for path, digest in version_dump.migration_digests().items() if path in then} == then


def test_this_version_has_its_dump_and_its_heading():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    headings = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert (version in version_dump.dumped_versions(), headings[0]) == (True, "Unreleased")
    assert headings[1].split(" — ")[0] == version
