"""What `./portal` does, in Python's standard library alone: it runs before anything is installed.

``__main__`` names the commands, ``machine`` installs what is missing, ``serving`` runs server and worker, ``checks``
calls the linters, ``fresh`` tries it all on a bare Debian.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = ".venv/bin/python"  # seen from ROOT, where every command runs


class LauncherError(SystemExit):
    """The end of a command that cannot go on. A SystemExit: Python prints the one line and ends with 1."""

    def __init__(self, korean: str, english: str) -> None:
        super().__init__(f"{korean} / {english}")


def say(korean: str, english: str) -> None:
    """Tell the person at the terminal what goes on, in one line, beside what a command prints."""
    print(f"{korean} / {english}", file=sys.stderr, flush=True)
