"""The portal as it is run: gunicorn and the worker on a folder of their own, to be killed and started again."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tests.redis_server import free_port

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "only-for-fault-runs"  # of the example's accounts
# The example as it is before its report is signed, with a line and mail addresses that nobody can own.
EXAMPLE = """
import sys
from accounts.models import User
from config.management.commands import load_example
from reports import drafting
conference = load_example.publish(sys.stderr)
for user in User.objects.all():
    user.mail = f"{user.username}@example.test"
    user.save()
report = conference.reports.get(number=1)
drafting.apply_saved_route(report, report.department.approval_routes.get(), by=report.drafter)
"""


def wait_until(holds: Callable[[], bool], *, seconds: float, what: str) -> None:
    """Wait until something holds; SystemExit where it does not in time."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise SystemExit(f"faults: {what} ({seconds:.0f} s)")
        time.sleep(0.05)


class Portal:
    """One portal on ``folder``; ``settings`` are those of the README, such as DATABASE_URL."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder, self.port = folder, free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        theirs = ("PORTAL_", "SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "CACHE_URL", "STORAGE_URL", "EMAIL_URL")
        self.env = {key: value for key, value in os.environ.items() if not key.startswith(theirs)}
        self.env |= {"PORTAL_DATA": str(folder), "PORTAL_URL": self.address, "PORTAL_DEMO_PASSWORD": PASSWORD}
        self.env |= {"DJANGO_SETTINGS_MODULE": "config.settings", **settings}
        self.web: subprocess.Popen | None = None
        self.worker: subprocess.Popen | None = None
        folder.mkdir(parents=True, exist_ok=True)
        self.log = (folder / "log").open("ab")

    def manage(self, *arguments: str) -> str:
        """Run a command of manage.py and return what it printed; SystemExit where it fails."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.env, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"faults: manage.py {arguments[0]}\n{done.stdout}{done.stderr}")
        return done.stdout

    def prepare(self) -> None:
        """Make the database with the 2015 example, and the static files."""
        self.manage("migrate", "-v0")
        self.manage("collectstatic", "--noinput", "-v0")
        self.manage("shell", "-v0", "-c", EXAMPLE)

    # ── processes ───────────────────────────────────────────────────────────────────────────────
    def start(self) -> None:
        """Start what is not running, and wait until it answers."""
        if self.web is None or self.web.poll() is not None:
            gunicorn = str(Path(sys.executable).with_name("gunicorn"))
            self.web = self._run(gunicorn, "--bind", f"127.0.0.1:{self.port}", "config.wsgi")
        if self.worker is None or self.worker.poll() is not None:
            self.worker = self._run(sys.executable, "manage.py", "work", "--every", "1")
        wait_until(self._answers, seconds=60, what="the portal does not answer")

    def _run(self, *command: str) -> subprocess.Popen:
        return subprocess.Popen(command, cwd=ROOT, env=self.env, stdout=self.log, stderr=self.log)

    def _answers(self) -> bool:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
            connection.request("GET", "/robots.txt")
            return connection.getresponse().status < 600
        except OSError:
            return False

    def web_workers(self) -> list[int]:
        """Return the pids of gunicorn's processes beside the master."""
        return list(map(int, Path(f"/proc/{self.web.pid}/task/{self.web.pid}/children").read_text().split()))

    def kill_web_worker(self, choose: Callable[[list[int]], int]) -> None:
        """Kill one process that serves; the master starts another."""
        if workers := self.web_workers():
            _kill(choose(workers))

    def kill_web(self) -> None:
        """Kill gunicorn's master; its orphans hold the port until they notice, or are killed."""
        orphans = self.web_workers()
        _kill(self.web.pid)
        self.web.wait()
        for pid in orphans:
            _kill(pid)

    def kill_worker(self) -> None:
        """Kill the process that sends mails and makes files."""
        _kill(self.worker.pid)
        self.worker.wait()

    def stop(self) -> None:
        """Stop in good order."""
        for process in (self.web, self.worker):
            if process is not None and process.poll() is None:
                process.terminate()
                process.wait()


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
