"""Work that is owed: mails not yet sent, files not yet made, records past their date.

What is owed is a queryset, never a message, so a lost worker loses nothing: the next one finds the same rows.
Each app names its work in `<app>.jobs`: ``JOBS``, name → function that does what is owed and returns how many it did,
``SLOW_JOBS``, the same for what no mail may wait for, and ``HEAVY``, files that a child process makes
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
    """Give every job of the house by name."""
    rooms = app_registry.modules("jobs").items()
    return {f"{app}.{name}": job for app, room in rooms for name, job in getattr(room, kind, {}).items()}


def run_once() -> dict[str, int]:
    """Do once what is owed, and give how many of each were done. The first error of a job ends it."""
    counts = {name: job() for kind in ("JOBS", "SLOW_JOBS") for name, job in find_jobs(kind).items()}
    return counts | heavy.make_owed(is_forced=True)


def run_until(*, every: float, until: Event) -> None:
    """Do what is owed every so many seconds until told to stop; the job in hand is always finished.

    Slow jobs and files are done here, one at a time, each file in a child; the jobs have a thread of their own, so that
    no mail waits. A signal handler that raises ends the child with the loop; its file is owed as before.
    """
    beside = Thread(target=_run_light_jobs, kwargs={"every": every, "until": until}, name="jobs")
    try:
        beside.start()
        while not until.is_set():
            for name, job in find_jobs("SLOW_JOBS").items():
                _run_job(name, job)
            if not _run_job("files", _make_next_file):
                until.wait(every)
    finally:
        until.set()
        if beside.is_alive():
            beside.join()


def _run_light_jobs(*, every: float, until: Event) -> None:
    while not until.is_set():
        for name, job in find_jobs().items():
            _run_job(name, job)
        until.wait(every)
    connections.close_all()  # each thread has its own


def _make_next_file() -> int:
    """Make the first file that is due, then look again: what came meanwhile may be lighter. Return whether there was one."""
    found = heavy.due()
    if found:
        heavy.make(found[0])
    return len(found)


def _run_job(name: str, job: Job) -> int:
    """Do a job; its error is logged and stays here, for one that fails must not starve its neighbours."""
    try:
        close_old_connections()  # a database that was gone and is back
        count = job()
    except Exception:  # whatever it is
        log.exception("%s failed; it is tried again", name)
        return 0
    if count:
        log.info("%s: %d", name, count)
    return count
