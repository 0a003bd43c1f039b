"""Files that need so much time and memory that the worker generates them in child processes.

Each app declares them in ``<app>.jobs.HEAVY``: name → ``HeavyWork``. Urgent files come first, then the smallest. A failure is
stored and tried again after a pause; the first failure of a file is mailed to the administrators.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts import mail_queue
from accounts.models import User
from conference import child_process
from publishing.models import FailedFile
from rows import app_registry

log = logging.getLogger(__name__)

# The PDF of a programme of 2,000 sessions with four presentations each takes 229 s of processor time and 1.1 GB of memory
# (1.6 GB of address space), one of 500 sessions 48 s and 0.4 GB, on one slow core. A file that needs more than the limits
# is not generated.
LIMITS = child_process.Limits(memory=2560 * 1024**2, seconds=900)
# Minutes from a failure to the next try; after the last of them always the last.
PAUSES = (10, 60, 360, 1440)


@dataclass(frozen=True)
class HeavyWork:
    """A kind of heavy file. ``pending`` yields (key, bytes of the source); ``generate`` generates the file with a key."""

    label: str | Promise  # for administrators
    pending: Callable[[], Iterable[tuple[str, int]]]
    generate: Callable[[str], object]
    is_urgent: bool = False  # a person waits for it


@dataclass(frozen=True, order=True)
class PendingFile:
    """A pending file; in sorted order the urgent and small ones come first."""

    can_wait: bool
    weight: int
    name: str
    key: str


def works() -> dict[str, HeavyWork]:
    """Return every kind of heavy file by name."""
    modules = app_registry.modules("jobs").items()
    return {f"{app}.{name}": work for app, module in modules for name, work in getattr(module, "HEAVY", {}).items()}


def pending() -> list[PendingFile]:
    """Return the pending files in the order in which they are generated."""
    return sorted(
        PendingFile(not work.is_urgent, weight, name, key)
        for name, work in works().items()
        for key, weight in work.pending()
    )


def due() -> list[PendingFile]:
    """Return the pending files without those that failed recently."""
    files = pending()
    paused = _paused() if files else set()
    return [one for one in files if (one.name, one.key) not in paused]


def pending_work() -> dict[str, Any]:
    """Return for administrators the numbers of pending mails and files, and the files that failed."""
    failed = [(_name(row), row) for row in FailedFile.objects.order_by("-failed_at", "-pk")]
    return {"mails": mail_queue.pending().count(), "files": len(pending()), "failed": failed}


def generate_pending(*, is_forced: bool = False) -> Counter[str]:
    """Generate all pending files and return their number by work; ``is_forced``: also those that failed recently."""
    counts: Counter[str] = Counter(dict.fromkeys(works(), 0))
    for file in pending() if is_forced else due():
        counts[file.name] += generate(file)
    return counts


def generate(file: PendingFile) -> bool:
    """Generate one file in a child process; return whether that succeeded. A failure is stored."""
    try:
        run(file.name, file.key)
    except child_process.LimitExceeded:
        memory, minutes = LIMITS.memory // 1024**2, LIMITS.seconds // 60
        reason = _("메모리 %(memory)d MB와 처리 시간 %(minutes)d분으로는 만들지 못합니다.")
        _fail(file, reason % {"memory": memory, "minutes": minutes})
    except child_process.ChildFailed as error:
        _fail(file, _("프로그램 오류(서버 기록 참조)"), traceback=str(error).strip())
    else:
        if file.key not in dict(works()[file.name].pending()):
            FailedFile.objects.filter(name=file.name, key=file.key).delete()
            return True
        _fail(file, _("만든 파일이 저장되지 않았습니다."))  # so that the next try is after a pause
    return False


def run(name: str, key: str, *, limits: child_process.Limits | None = None) -> None:
    """Generate one file in a child process, under ``limits`` or LIMITS. Raises what ``child_process.run`` raises."""
    child_process.run("publishing.make_one", name, key, limits=limits or LIMITS)


def _paused() -> set[tuple[str, str]]:
    now = timezone.now()
    failed = FailedFile.objects.values_list("name", "key", "tries", "failed_at")
    return {
        (name, key)
        for name, key, tries, at in failed
        if now < at + timedelta(minutes=PAUSES[min(tries, len(PAUSES)) - 1])
    }


@transaction.atomic
def _fail(file: PendingFile, reason: str, *, traceback: str = "") -> None:
    """Store a failure; the first one of a file is mailed to all administrators. The ``traceback`` is only for the log."""
    log.error("%s %s was not made and is tried again: %s", file.name, file.key, traceback or reason)
    row, is_new = FailedFile.objects.get_or_create(name=file.name, key=file.key)
    row.tries, row.failed_at, row.reason = row.tries + 1, timezone.now(), reason[: FailedFile.REASON_MAX]
    row.save()
    if is_new:
        for admin in User.objects.filter(is_admin=True, is_active=True):
            mail_queue.queue(to=admin, subject=_("[포털] 파일을 만들지 못했습니다"), text=_mail_text(row))


def _mail_text(row: FailedFile) -> str:
    text = _(
        "%(name)s\n사유: %(reason)s\n\n%(minutes)d분 뒤부터 다시 시도하며, 이 파일에 대해서는 더 알리지 않습니다. "
        "바로 다시 하려면 서버에서 ./portal manage run_jobs를 실행하십시오."
    )
    return text % {"name": _name(row), "reason": row.reason, "minutes": PAUSES[0]}


def _name(row: FailedFile) -> str:
    """Return the label of what failed, with the key under which it is in the log."""
    work = works().get(row.name)  # None if another version of the program wrote the row
    return f"{work.label if work else row.name} ({row.key})"
