"""A lock that lets one server at a time use a PORTAL_DATA folder. Does not import Django: `./portal` takes it first."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCK_FILE = "serving.lock"


class FolderInUse(SystemExit):
    """Another server uses the folder. A SystemExit, so that Python prints one line and ends with exit code 1."""


@contextmanager
def hold(folder: Path) -> Iterator[None]:
    """Lock the folder for this process; the system releases it when the process ends. Raises FolderInUse."""
    with (folder / LOCK_FILE).open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FolderInUse(
                f"{folder}: 이 폴더로 이미 서버가 열려 있습니다. 먼저 끝내거나 PORTAL_DATA를 달리하십시오."
                " / a server already runs on this folder"
            ) from None
        yield
