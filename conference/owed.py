"""Work that is owed: rows not yet rendered, mails not yet sent, personal data past its date.

What is owed is a queryset, never a message, so a lost worker loses nothing: the next one finds the same rows.
Each app names its work in `<app>.owed.JOBS`: name → function that does what is owed and returns how many it did.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

from django.db import close_old_connections

from conference import house, outbox, prints, sign_in_log, storage_check
from conference.models import Print
from conference.paper import card, door, press

log = logging.getLogger(__name__)

Job = Callable[[], int]


def door_sheets() -> int:
    """Make the sheets for the door; nothing where PDF cannot be made."""
    return 0 if press.available() else prints.make_owed(Print.Form.DOOR, door.door)


def cards() -> int:
    """Make the pictures that stand beside links."""
    return prints.make_owed(Print.Form.CARD, card.card)


JOBS: dict[str, Job] = {
    "mail": outbox.send_owed,
    "door sheets": door_sheets,
    "cards": cards,
    "sign-in log": sign_in_log.delete_expired,
    "stored files": storage_check.daily,
}


def jobs() -> dict[str, Job]:
    """Give every job of the house by name."""
    return {f"{app}.{name}": job for app, room in house.rooms("owed").items() for name, job in room.JOBS.items()}


def do() -> dict[str, int]:
    """Do once what is owed, and give how many of each were done. The first error ends it."""
    return {name: job() for name, job in jobs().items()}


def loop(*, every: float, until: Event) -> None:
    """Do what is owed every so many seconds until told to stop; the job in hand is always finished.

    A job runs in a thread of its own, whose error is logged and stays there: one that fails must not starve
    its neighbours, and what it did not do is still owed in the next round.
    """
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="owed") as hand:
        while not until.is_set():
            for name, job in jobs().items():
                _try(hand, name, job)
            until.wait(every)


def _try(hand: ThreadPoolExecutor, name: str, job: Job) -> None:
    future = hand.submit(_with_fresh_connection, job)
    error = future.exception()
    if error:
        log.error("%s failed; it is tried again", name, exc_info=error)
    elif future.result():
        log.info("%s: %d", name, future.result())


def _with_fresh_connection(job: Job) -> int:
    close_old_connections()  # a database that was gone and is back
    return job()
