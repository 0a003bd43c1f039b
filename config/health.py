"""`/healthz` shows load balancers and administrators whether the portal can work."""

from __future__ import annotations

import logging
import shutil
import tempfile
import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import caches
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import Error, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from accounts import mail_queue
from conference import outage
from conference.uploads import lost_files
from config.database_cache import RedisOrDatabase
from publishing.models import Release

CACHE_SECONDS = 1.0  # seconds between two checks, however many requests come
FREE_SPACE_MIN = 200 * 1024**2  # bytes that must be free: two uploads of the largest size (files.SIZE_MAX)
OK, LOW, UNKNOWN = "ok", "low", "unknown"
log = logging.getLogger(__name__)


def database() -> str:
    """Read a row as pages do and take the lock of a writer, waiting a second for each."""
    if not connection.in_atomic_block:
        connection.close()  # an open connection may still read from its memory
    with outage.short_database_wait():
        Release.objects.values_list("pk").first()
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SHOW transaction_read_only")
                    return outage.READ_ONLY if cursor.fetchone() == ("on",) else OK
    return OK


def storage() -> str:
    """Write a small file to the storage folder, or list the objects of an object store."""
    if isinstance(default_storage, FileSystemStorage):
        with tempfile.TemporaryFile(dir=default_storage.path("")) as file:
            file.write(b"0" * 4096)
    else:
        default_storage.listdir("")
    return OK


def disk() -> str:
    """Check the free space on the database's disk."""
    return OK if shutil.disk_usage(settings.DATA).free >= FREE_SPACE_MIN else LOW


def mail() -> str:
    """Return how many mails are late because the mail server does not accept them."""
    with outage.short_database_wait():
        late = mail_queue.count_late()
    return f"waiting {late}" if late else OK


def lost_stored_files() -> str:
    """Return how many stored files the last check could not restore (``./portal manage check_files`` names them)."""
    with outage.short_database_wait():
        count = len(lost_files.known())
    return f"lost {count}" if count else OK


def counters() -> str:
    """Check Redis, if it is used; while it does not answer, the database counts."""
    cache = caches["default"]
    return outage.UNAVAILABLE if isinstance(cache, RedisOrDatabase) and not cache.is_available() else OK


REQUIRED_PARTS: dict[str, Callable[[], str]] = {"database": database, "storage": storage, "disk": disk}
PARTS = {
    **REQUIRED_PARTS,
    "mail": mail,
    "files": lost_stored_files,
    "cache": counters,
}  # the last three are reported but do not make the answer 503
_last: dict[str, str] = {}
_looked_at = [0.0]


@login_not_required
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  (a view's signature)
    """Answer 200 if all required parts work, else 503; with a line for each part: ok, low, or the kind of outage."""
    states = _recent_states()
    text = "".join(f"{name} {state}\n" for name, state in states.items())
    is_well = all(states[name] == OK for name in REQUIRED_PARTS)
    return HttpResponse(text, content_type="text/plain; charset=utf-8", status=200 if is_well else 503)


def clear_cache() -> None:
    """Forget the last states (used by tests)."""
    _last.clear()


def _recent_states() -> dict[str, str]:
    now = time.monotonic()
    if not _last or now - _looked_at[0] >= CACHE_SECONDS:
        _looked_at[0] = now  # other requests meanwhile get the former answer
        _last.update(check_all())
    return dict(_last)


def check_all() -> dict[str, str]:
    """Return the state of each part; parts that need the database are unknown if it does not answer."""
    states = {name: check_part(name) for name in REQUIRED_PARTS}
    is_known = states["database"] in {OK, outage.READ_ONLY}
    return states | {name: check_part(name) if is_known else UNKNOWN for name in PARTS if name not in REQUIRED_PARTS}


def check_part(name: str) -> str:
    """Return the state of the part: ok, low, or a kind of outage, whose error is logged."""
    try:
        return PARTS[name]()
    except Exception as error:  # an object store's errors have no common class
        kind = outage.outage_kind(error)
        if not kind and not isinstance(error, Error | OSError):
            raise
        log.warning("%s: %s", name, error, exc_info=not kind)  # an unknown kind may be a bug of ours
        return kind if kind and kind != outage.STORAGE else outage.UNAVAILABLE
