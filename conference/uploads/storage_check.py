"""Check of the storage against the rows: repairs missing and damaged files, deletes files that no row needs.

Each app says in ``<app>.stored_files.NAMED`` which stored files its rows name. ``./portal manage check_files`` runs the
whole check, the worker runs it once a day (``run_daily``), and ``restore`` ends with check_files.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import models
from django.utils import timezone

from conference.uploads import images, lost_files, storage
from conference.uploads.lost_files import LostFile
from rows import app_registry

GRACE = timedelta(days=1)  # an upload is stored before its row
HASH_CYCLE = 28  # days in which each stored file is read and hashed once
HASH_SECONDS = 2.0  # seconds of hashing at one call, so that the worker's other jobs do not wait long
DIGESTS = re.compile(r"\b[0-9a-f]{64}\b")
NEW_PREFIX = ".new-"  # of a file that is being written (conference.uploads.storage)
DELETED_PREFIX = ".gone-"  # of a file that is being deleted
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class StoredFile:
    """A file that a row of the conference ``slug`` names.

    ``remake`` makes it again from other data, if that is possible, in a child process (``heavy.run``) or by one. It may
    raise any error.
    """

    digest: str
    title: str
    slug: str
    ending: str = ""
    remake: Callable[[], object] | None = field(default=None, compare=False)

    @property
    def name(self) -> str:
        return f"{self.digest}.{self.ending}" if self.ending else self.digest


@dataclass
class RepairReport:
    """The result of a check: files made again, and lost files, each with "missing" or "damaged"."""

    remade: list[StoredFile] = field(default_factory=list)
    lost: list[tuple[StoredFile, str]] = field(default_factory=list)


def named_files() -> Iterator[StoredFile]:
    """Yield every stored file that a row names; a file comes before those that are made from it."""
    for module in app_registry.modules("stored_files").values():
        for give in module.NAMED:
            yield from give()


def repair(damaged: Iterable[str] = ()) -> RepairReport:
    """Make missing files again if possible, and report the others. ``damaged``: digests of files known to be damaged.

    Raises OSError if the storage itself is gone.
    """
    there, damaged, seen, report = set(storage.stored_names()), set(damaged), set(), RepairReport()
    for each in named_files():
        is_damaged = each.digest in damaged and not each.ending
        if each.name in seen or (each.name in there and not is_damaged):
            continue
        seen.add(each.name)
        if _remake(each, is_damaged=is_damaged):
            report.remade.append(each)
        else:
            report.lost.append((each, "damaged" if is_damaged else "missing"))
    lost_files.replace(
        [LostFile(each.name, each.title, state, each.slug, each.remake is None) for each, state in report.lost]
    )
    for each, state in report.lost:
        log.error("stored file %s is %s: %s (%s)", each.name, state, each.title, each.slug)
    return report


def delete_unneeded(*, now: datetime | None = None) -> int:
    """Delete half-written files and files that no row names, both older than GRACE; return how many.

    This works in a folder only: an object store has no half-written files and cannot rename before a deletion.
    """
    if not isinstance(default_storage, FileSystemStorage):
        return 0
    root, before = Path(default_storage.path("")), ((now or timezone.now()) - GRACE).timestamp()
    for aside in root.glob(f"??/{DELETED_PREFIX}*"):  # the sweep was killed between its two looks at the age
        with suppress(FileNotFoundError):  # another process deletes it too
            aside.rename(aside.with_name(aside.name.removeprefix(DELETED_PREFIX)))
    names = list(storage.stored_names())
    needed = _needed_digests()
    stray = [
        Path(default_storage.path(storage.storage_path(name))) for name in names if name.partition(".")[0] not in needed
    ]
    return sum(_delete_if_old(path, before) for path in [*stray, *root.glob(f"??/{NEW_PREFIX}*")])


def find_damaged(names: Iterable[str]) -> Iterator[str]:
    """Read the stored files and yield those whose bytes have changed; a file that is gone meanwhile is not damaged."""
    for name in names:
        try:
            if storage.DIGEST.match(name) and not storage.is_intact(name):
                yield name
        except FileNotFoundError:
            continue


def run_daily() -> int:
    """Run ``repair`` and ``delete_unneeded`` at the worker's start and once a day; at other calls hash a part of the day's files."""
    today = timezone.localdate()
    if _work.day != today:
        names = list(storage.stored_names())
        count = len(repair(find_damaged(_known_damage())).remade) + delete_unneeded()
        _work.day, _work.share = today, iter([name for name in names if _is_turn(name, today)])
        return count
    end = time.monotonic() + HASH_SECONDS
    for name in _work.share:
        if damaged := list(find_damaged([name])):
            repair([*_known_damage(), *damaged])
        if time.monotonic() > end:
            break
    return 0


@dataclass
class _DailyWork:
    """The files that this process still has to hash today."""

    day: date | None = None
    share: Iterator[str] = field(default_factory=lambda: iter(()))


_work = _DailyWork()


def _known_damage() -> list[str]:
    return [each.name for each in lost_files.known() if each.state == "damaged"]


def _is_turn(name: str, today: date) -> bool:
    return bytes.fromhex(name[:2])[0] % HASH_CYCLE == today.toordinal() % HASH_CYCLE


def _remake(each: StoredFile, *, is_damaged: bool) -> bool:
    if each.remake is None:
        return False
    try:
        if is_damaged:
            storage.discard(each.name)
        with images.without_time_limit():  # no request waits for it
            each.remake()
    except Exception:  # a failed ``remake`` of one app must not stop the others
        log.exception("%s (%s) cannot be made again", each.name, each.title)
    return storage.exists(each.name)


def _needed_digests() -> set[str]:
    """Return every digest in any text of any row: also in deleted rows that can be restored and in frozen content.

    The history is left out, because no row is restored from it.
    """
    digests: set[str] = set()
    for model in apps.get_models():
        if model.__module__.partition(".")[0] not in settings.PORTAL_APPS:
            continue
        kinds = (models.CharField, models.TextField, models.JSONField)
        for column in (column for column in model._meta.concrete_fields if isinstance(column, kinds)):
            for value in model._base_manager.values_list(column.attname, flat=True).iterator():
                digests.update(DIGESTS.findall(str(value)))
    return digests


def _delete_if_old(path: Path, before: float) -> bool:
    """Rename the file, look at its age again, then delete it or rename it back.

    ``storage.store`` renews the time of a file that exists already. So an upload of the same bytes at this moment either
    renews the time before the second look, or does not find the file and writes it.
    """
    aside = path.with_name(f"{DELETED_PREFIX}{path.name}")
    try:
        if path.stat().st_mtime >= before:
            return False
        path.rename(aside)
        if aside.stat().st_mtime < before:
            aside.unlink()
            return True
        aside.rename(path)
    except FileNotFoundError:  # another worker was first
        pass
    return False
