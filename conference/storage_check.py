"""What lies in the storage against what rows name: what is gone or damaged, what can be made again, what nobody needs.

Each app says in ``<app>.stored_files.NAMED`` which stored files its rows name. ``./portal manage check_files`` runs all
of it at once, the worker once a day (``daily``); ``restore`` ends with check_files.
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

from conference import files, lost_files, pictures
from conference.lost_files import Lost
from rows import app_registry

GRACE = timedelta(days=1)  # an upload in flight has bytes before it has a row
ROUND = 28  # days in which each stored file is read and hashed once
SLICE = 2.0  # seconds of hashing at one call of the worker's job, after which its other jobs have their turn
DIGESTS = re.compile(r"\b[0-9a-f]{64}\b")
NEW = ".new-"  # of a file that is being written (conference.files)
GONE = ".gone-"  # of a file that is being deleted
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class StoredFile:
    """A file that a row of the conference ``slug`` names.

    ``remake`` stores it again where it is made of other things, in a child process (``heavy.run``) or by one; it may raise
    anything.
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
class Report:
    """What a check found: files made again, and those that are lost, each with "missing" or "damaged"."""

    remade: list[StoredFile] = field(default_factory=list)
    lost: list[tuple[StoredFile, str]] = field(default_factory=list)


def named() -> Iterator[StoredFile]:
    """Give every stored file that a row names, what others are made of first."""
    for room in app_registry.modules("stored_files").values():
        for give in room.NAMED:
            yield from give()


def mend(damaged: Iterable[str] = ()) -> Report:
    """Make again what is gone and can be made again; name the rest. ``damaged``: digests known to be so.

    Raises OSError where the storage itself is gone.
    """
    there, damaged, seen, report = set(files.stored()), set(damaged), set(), Report()
    for each in named():
        is_damaged = each.digest in damaged and not each.ending
        if each.name in seen or (each.name in there and not is_damaged):
            continue
        seen.add(each.name)
        if _remade(each, is_damaged=is_damaged):
            report.remade.append(each)
        else:
            report.lost.append((each, "damaged" if is_damaged else "missing"))
    lost_files.tell([Lost(each.name, each.title, state, each.slug, each.remake is None) for each, state in report.lost])
    for each, state in report.lost:
        log.error("stored file %s is %s: %s (%s)", each.name, state, each.title, each.slug)
    return report


def sweep(*, now: datetime | None = None) -> int:
    """Delete what a crash left behind and bytes that no row names, both older than GRACE; return how many.

    Only in a folder: an object store has neither half-written files nor a way to rename before it deletes.
    """
    if not isinstance(default_storage, FileSystemStorage):
        return 0
    root, before = Path(default_storage.path("")), ((now or timezone.now()) - GRACE).timestamp()
    for aside in root.glob(f"??/{GONE}*"):  # the sweep was killed between moving and looking
        with suppress(FileNotFoundError):  # another process is at it
            aside.rename(aside.with_name(aside.name.removeprefix(GONE)))
    names = list(files.stored())
    needed = _needed()
    stray = [Path(default_storage.path(files.place(name))) for name in names if name.partition(".")[0] not in needed]
    return sum(_deleted(path, before) for path in [*stray, *root.glob(f"??/{NEW}*")])


def damaged(names: Iterable[str]) -> Iterator[str]:
    """Read the stored files and give those whose bytes are no longer what they were; what is gone by now is not damaged."""
    for name in names:
        try:
            if files.DIGEST.match(name) and not files.is_whole(name):
                yield name
        except FileNotFoundError:
            continue


def daily() -> int:
    """Do the worker's part: at its start and once a day ``mend`` and ``sweep``; otherwise hash a slice of the day's share."""
    today = timezone.localdate()
    if _work.day != today:
        names = list(files.stored())
        count = len(mend(damaged(_known_damage())).remade) + sweep()
        _work.day, _work.share = today, iter([name for name in names if _is_turn(name, today)])
        return count
    end = time.monotonic() + SLICE
    for name in _work.share:
        if found := list(damaged([name])):
            mend([*_known_damage(), *found])
        if time.monotonic() > end:
            break
    return 0


@dataclass
class _Work:
    """How far this process is with the work of the day."""

    day: date | None = None
    share: Iterator[str] = field(default_factory=lambda: iter(()))


_work = _Work()


def _known_damage() -> list[str]:
    return [each.name for each in lost_files.lost() if each.state == "damaged"]


def _is_turn(name: str, today: date) -> bool:
    return bytes.fromhex(name[:2])[0] % ROUND == today.toordinal() % ROUND


def _remade(each: StoredFile, *, is_damaged: bool) -> bool:
    if each.remake is None:
        return False
    try:
        if is_damaged:
            files.discard(each.name)
        with pictures.patiently():  # nobody waits for it
            each.remake()
    except Exception:  # any app's ``remake``: one that fails must not keep the others from being made
        log.exception("%s (%s) cannot be made again", each.name, each.title)
    return files.exists(each.name)


def _needed() -> set[str]:
    """Every digest that any row of ours holds in any text: also what was deleted and can be restored, and all that is frozen.

    History tables are left out: they never bring a file back.
    """
    found: set[str] = set()
    for model in apps.get_models():
        if model.__module__.partition(".")[0] not in settings.PORTAL_APPS or hasattr(model, "instance_type"):
            continue
        kinds = (models.CharField, models.TextField, models.JSONField)
        for column in (column for column in model._meta.concrete_fields if isinstance(column, kinds)):
            for value in model._base_manager.values_list(column.attname, flat=True).iterator():
                found.update(DIGESTS.findall(str(value)))
    return found


def _deleted(path: Path, before: float) -> bool:
    """Move the file aside, look at its age, delete it or put it back.

    ``files.store`` renews the time of bytes that are there already, so that whoever sends them again at this moment
    either renews them before the look here, or does not find them and writes them.
    """
    aside = path.with_name(f"{GONE}{path.name}")
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
