"""The jobs of the worker: mails to send, files to generate, records to delete after their date.

Pending work is a queryset and not a message, so a worker that is killed loses nothing: the next one finds the same rows.
Each app declares its work in `<app>.jobs`: ``JOBS``, name → function that does the pending work and returns how many rows
it handled; ``SLOW_JOBS``, the same for work that must not delay mails; ``HEAVY``, files that a child process generates
(``publishing.heavy``).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Event, Thread

from django.db import close_old_connections, connections

from publishing import heavy
from rows import app_registry

log = logging.getLogger(__name__)

Job = Callable[[], int]


def find_jobs(kind: str = "JOBS") -> dict[str, Job]:
    """Return the jobs of all apps, by name. ``kind``: JOBS or SLOW_JOBS."""
    modules = app_registry.modules("jobs").items()
    return {f"{app}.{name}": job for app, module in modules for name, job in getattr(module, kind, {}).items()}


def run_once() -> dict[str, int]:
    """Run every job once and return how many rows each handled. The first error is raised."""
    counts = {name: job() for kind in ("JOBS", "SLOW_JOBS") for name, job in find_jobs(kind).items()}
    return counts | heavy.generate_pending(is_forced=True)


def run_until(*, every: float, until: Event) -> None:
    """Run the jobs every ``every`` seconds until ``until`` is set; a running job is always finished.

    Slow jobs and files run in this thread, one at a time, each file in a child process. The other jobs have a thread of
    their own, so that mails do not wait. A signal handler that raises also ends the child; its file stays pending.
    """
    light_jobs = Thread(target=_run_light_jobs, kwargs={"every": every, "until": until}, name="jobs")
    try:
        light_jobs.start()
        while not until.is_set():
            for name, job in find_jobs("SLOW_JOBS").items():
                _run_job(name, job)
            if not _run_job("files", _make_next_file):
                until.wait(every)
    finally:
        until.set()
        if light_jobs.is_alive():
            light_jobs.join()


def _run_light_jobs(*, every: float, until: Event) -> None:
    while not until.is_set():
        for name, job in find_jobs().items():
            _run_job(name, job)
        until.wait(every)
    connections.close_all()  # each thread has its own


def _make_next_file() -> int:
    """Generate the first file that is due and return how many were due; the order may change in the meantime."""
    if due := heavy.due():
        heavy.generate(due[0])
    return len(due)


def _run_job(name: str, job: Job) -> int:
    """Run a job and log its error, so that a failing job does not stop the others."""
    try:
        close_old_connections()  # reconnects after an outage of the database
        count = job()
    except Exception:  # any error of any job
        log.exception("%s failed; it is tried again", name)
        return 0
    if count:
        log.info("%s: %d", name, count)
    return count
