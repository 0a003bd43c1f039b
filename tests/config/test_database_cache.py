"""The cache that all processes share: in the database, or in Redis with the database behind it."""

from __future__ import annotations

import subprocess
import sys

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import OperationalError, ProgrammingError, connection
from django.utils import timezone

from conference import outage
from conference.uploads import lost_files
from config import database_cache as shared
from config import environment as environ
from config import health
from config import settings as as_served
from tests import redis_server

pytestmark = pytest.mark.django_db


@pytest.fixture
def redis_port(settings, monkeypatch):
    """The port that the portal thinks a Redis is on; nothing listens there."""
    port = redis_server.free_port()
    settings.CACHES = {"default": environ.cache({"CACHE_URL": f"redis://127.0.0.1:{port}/0"})}
    monkeypatch.setattr(shared, "outage", shared._Outage())
    return port


@pytest.fixture
def in_database(settings):
    settings.CACHES = {"default": environ.cache({})}
    return caches["default"]


def rows() -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM {shared.TABLE}")
        return cursor.fetchone()[0]


def test_the_table_is_made_by_migrate(in_database):
    in_database.set("a", [1.5])
    assert (in_database.get("a"), in_database.add("a", 2), rows()) == ([1.5], False, 1)


def test_what_is_past_its_time_is_deleted_first(in_database, monkeypatch):
    in_database._max_entries = 3
    for number in range(3):
        in_database.set(f"old-{number}", 1, timeout=10)
    monkeypatch.setattr("django.core.cache.backends.db.tz_now", lambda: timezone.now() + timezone.timedelta(minutes=1))
    for number in range(2):
        in_database.set(f"new-{number}", 1, timeout=600)
    assert (rows(), in_database.get("new-0"), in_database.get("new-1")) == (2, 1, 1)


@pytest.mark.parametrize("url", ["", "locmem://", "file://{}/cache"])
def test_a_flood_of_tries_does_not_wipe_out_its_own_counters(url, settings, tmp_path):
    settings.CACHES = {"default": environ.cache({"CACHE_URL": url.format(tmp_path)})}
    assert (caches["default"]._max_entries, shared.DatabaseCache()._max_entries) == (20_000, 20_000)


def test_what_the_worker_found_lost_is_read_by_the_web_though_each_process_has_a_cache_of_its_own(settings):
    settings.CACHES = as_served.CACHES  # CACHE_URL is locmem:// in tests
    lost = lost_files.LostFile("0" * 64, "IMG_1.jpg", "missing", "dongbuk4-2015", is_upload=True)
    lost_files.replace([lost])
    assert (rows(), lost_files.known(), caches["default"].get(lost_files.KEY)) == (1, [lost], None)


@pytest.mark.parametrize("url", ["", "redis"])
def test_processes_count_together(url, settings, tmp_path):
    """Two processes that never met read what the other wrote."""
    port = redis_server.free_port()
    given = {"CACHE_URL": f"redis://127.0.0.1:{port}/0"} if url else {}
    environment = {"PATH": "/usr/bin:/bin", "PORTAL_DATA": str(tmp_path), **given}
    with redis_server.running(port):
        if not url:
            run(environment, "from config.database_cache import make_table; make_table()")
        run(environment, "cache.set('tries', [3.5, 1.5])")
        assert run(environment, "print(cache.get('tries'), cache.add('tries', 1))") == "[3.5, 1.5] False\n"


def run(environment: dict[str, str], program: str) -> str:
    start = "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'config.settings'; django.setup()\n"
    lines = f"{start}from django.core.cache import cache\n{program}"
    command = [sys.executable, "-c", lines]
    done = subprocess.run(command, env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_redis_keeps_what_it_is_given(redis_port):
    cache = caches["default"]
    with redis_server.running(redis_port):
        cache.set("a", [1.5], 60)
        assert (cache.get("a"), cache.add("a", 2, 60), cache.delete("a"), cache.get("a")) == ([1.5], False, True, None)
    assert rows() == 0


def test_while_redis_is_gone_the_database_counts_and_the_log_says_so_once(redis_port, caplog, monkeypatch):
    cache = caches["default"]
    now = [1000.0]
    monkeypatch.setattr(shared.time, "monotonic", lambda: now[0])
    cache.set("a", [1.5], 60)
    now[0] += shared.REDIS_PAUSE + 1  # asked again, in vain
    assert (cache.get("a"), cache.add("a", 2, 60), rows()) == ([1.5], False, 1)
    assert [record.message.partition(" (")[0] for record in caplog.records] == ["Redis does not answer"]
    assert health.check_part("cache") == "gone"
    with redis_server.running(redis_port):
        assert health.check_part("cache") == "ok"
        assert cache.get("a") == [1.5]  # within the pause Redis is not asked
        now[0] += shared.REDIS_PAUSE + 1
        assert cache.get("a") is None  # Redis knows nothing of it
    assert caplog.records[-1].message == "Redis answers again"


@pytest.mark.parametrize(("error", "has_traceback"), [(ProgrammingError(), True), (OperationalError(), False)])
def test_what_no_outage_explains_is_in_the_log_with_its_place(error, has_traceback, monkeypatch, caplog):
    def fails():
        raise error

    monkeypatch.setitem(health.PARTS, "database", fails)
    assert health.check_part("database") == outage.UNAVAILABLE
    assert [bool(record.exc_info) for record in caplog.records] == [has_traceback]
