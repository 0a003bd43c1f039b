"""Run one module of ours in a child process with limits of memory, processor and time.

A file that a stranger sent, or a task of unknown size, must not stop the server. The child is a new interpreter, never
a fork of a process with threads, and it sets its own limits before it imports anything else:

    done = child_process.run("conference.uploads.decoder", "small", stdin=file, limits=Limits(memory=300 * 1024**2, seconds=20))

Neither this module nor the start of the child imports Django; a module that needs it calls ``django.setup()`` itself.
"""

from __future__ import annotations

import ctypes
import math
import os
import resource
import runpy
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
COMMAND = (sys.executable, "-m", "conference.child_process")
PR_SET_PDEATHSIG = 1  # <sys/prctl.h>: the signal that a process gets when its parent dies
OUT_OF_MEMORY = 86  # our own exit status of a child that raised MemoryError
GRACE = 2.0  # seconds that the parent waits beyond the child's own alarm


@dataclass(frozen=True)
class Limits:
    """``memory``: bytes that the child may allocate. ``seconds``: processor time; it may take twice as long in all."""

    memory: int
    seconds: float


class LimitExceeded(Exception):
    """The child reached a limit or was killed from outside. Its answer is not usable."""


class ChildFailed(Exception):
    """The child ended with an error; the text is the end of its stderr."""


def run(module: str, *arguments: str, limits: Limits, stdin: IO[bytes] | None = None) -> bytes:
    """Run ``python -m module arguments…`` with ``stdin`` (a real file, read from its beginning); return what it prints.

    Raises LimitExceeded or ChildFailed; OSError if no process can be started. On Linux the child ends with its parent.
    """
    if stdin is not None:
        stdin.seek(0)
    numbers = [str(limits.memory), str(math.ceil(limits.seconds))]
    try:
        done = subprocess.run(  # noqa: S603 (our own interpreter and module)
            [*COMMAND, *numbers, module, *arguments],
            cwd=ROOT,
            stdin=stdin or subprocess.DEVNULL,
            capture_output=True,
            timeout=2 * limits.seconds + GRACE,
            check=False,
        )
    except subprocess.TimeoutExpired as error:  # subprocess.run has killed it
        raise LimitExceeded(module) from error
    if done.returncode < 0 or done.returncode == OUT_OF_MEMORY:
        raise LimitExceeded(module)
    if done.returncode:
        raise ChildFailed(done.stderr.decode(errors="replace")[-2000:])
    return done.stdout


def main(memory: str, seconds: str, module: str, *arguments: str) -> None:
    """In the child: set the limits, then become ``module``."""
    resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds) + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(10)  # visitors are served first
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.alarm(2 * int(seconds))  # its default action ends the process
    sys.argv = [module, *arguments]
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except MemoryError:
        sys.exit(OUT_OF_MEMORY)


if __name__ == "__main__":
    main(*sys.argv[1:])
