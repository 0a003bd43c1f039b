"""Owed work: every app's jobs are found, one that fails starves no other, and a stop ends the round cleanly."""

import logging
import signal
import subprocess
import sys
import threading
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.management import call_command

from config import jobs as config_jobs
from publishing import heavy
from rows import app_registry


@pytest.fixture
def jobs(monkeypatch):
    """Jobs of the test's own, in two apps, with the log of what ran."""
    done = []

    def job(name, count=0):
        def run():
            done.append(name)
            return count

        return run

    def broken():
        done.append("broken")
        raise ValueError("no such glyph")

    rooms = {
        "conference": SimpleNamespace(JOBS={"mail": job("mail", 2), "broken": broken}),
        "reports": SimpleNamespace(JOBS={"final_pdfs": job("final_pdfs", 1)}),
    }
    monkeypatch.setattr(config_jobs, "close_old_connections", lambda: None)  # these have no database
    monkeypatch.setattr(app_registry, "modules", lambda name: rooms if name == "jobs" else {})
    return SimpleNamespace(done=done, rooms=rooms)


def test_every_room_is_found_in_the_order_of_the_house():
    found = app_registry.modules("jobs")
    assert list(found) == [app for app in settings.PORTAL_APPS if app in found]
    assert config_jobs.find_jobs().keys() == {
        f"{app}.{name}" for app, module in found.items() for name in getattr(module, "JOBS", {})
    }
    assert heavy.works().keys() == {
        f"{app}.{name}" for app, module in found.items() for name in getattr(module, "HEAVY", {})
    }
    assert {"conference", "reports"} <= found.keys()


def test_once_tells_how_many_and_stops_at_an_error(jobs, capsys):
    with pytest.raises(ValueError, match="no such glyph"):
        config_jobs.run_once()
    del jobs.rooms["conference"].JOBS["broken"]
    call_command("run_jobs")
    assert capsys.readouterr().out == "conference.mail: 2\nreports.final_pdfs: 1\n"


def test_one_that_fails_starves_no_other_and_is_tried_again(jobs, caplog):
    class AfterTwoRounds(threading.Event):
        def is_set(self):
            return len(jobs.done) >= 6

    with caplog.at_level(logging.INFO, "config.jobs"):
        config_jobs.run_until(every=0.01, until=AfterTwoRounds())
    assert jobs.done[:6] == ["mail", "broken", "final_pdfs"] * 2
    failures = [record for record in caplog.records if record.levelname == "ERROR"]
    assert [str(record.exc_info[1]) for record in failures][:2] == ["no such glyph"] * 2


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_worker_ends_when_told(number, tmp_path):
    # ended by its own signal before the first round could start: the same way out, without waiting for a clock
    program = (
        "import os, django; django.setup()\n"
        "from rows import app_registry\n"
        "from django.core.management import call_command\n"
        "from types import SimpleNamespace\n"
        f"job = lambda: os.kill(os.getpid(), {int(number)}) or print('finished') or 1\n"
        "app_registry.modules = lambda name: {'conference': SimpleNamespace(JOBS={'job': job})}\n"
        "call_command('work', every=600)\n"
    )
    env = {"PATH": "/usr/bin:/bin", "PORTAL_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-c", program]
    done = subprocess.run(
        command, env=env, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout) == (0, "finished\n")
