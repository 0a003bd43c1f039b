"""The program `./portal`. It uses only the standard library, because it runs before anything is installed.

``__main__`` names the commands, ``machine`` installs what is missing, ``serving`` runs server and worker, ``checks``
calls the linters, ``fresh`` tests everything on a new Debian.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = ".venv/bin/python"  # relative to ROOT, where every command runs


class LauncherError(SystemExit):
    """Ends a command that cannot continue. A SystemExit, so that Python prints the one line and ends with 1."""

    def __init__(self, korean: str, english: str) -> None:
        super().__init__(f"{korean} / {english}")


def say(korean: str, english: str) -> None:
    """Print one line about the current step."""
    print(f"{korean} / {english}", file=sys.stderr, flush=True)
