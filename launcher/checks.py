"""`./portal check`: tools that find errors without running the portal. A new tool is a line in TOOLS.

Their settings: pyproject.toml (ruff, mypy, djlint), biome.jsonc (scripts and stylesheets). `.pre-commit-config.yaml`
calls them by the same names.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Iterable

from launcher import PYTHON, ROOT

TOOLS = {
    "ruff": [PYTHON, "-m", "ruff", "check", "--quiet", "."],
    "format": [PYTHON, "-m", "ruff", "format", "--check", "--quiet", "."],
    "types": [PYTHON, "-m", "launcher.type_check"],
    "migrations": [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
    "templates": [PYTHON, "-m", "djlint", "--lint", "--quiet", "templates"],
    "scripts": ["node_modules/.bin/biome", "lint", "--error-on-warnings", "static"],
}


def run_tools(names: Iterable[str]) -> list[str]:
    """Run these tools; print the errors of each and a line with its time. Return the tools that found errors."""
    with tempfile.TemporaryDirectory(prefix="portal-check-") as folder:  # the settings need a data folder
        plain = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
        path = f"{ROOT / '.venv/bin'}{os.pathsep}{os.environ['PATH']}"  # Node is there
        env = {**plain, "PORTAL_DATA": folder, "DATABASE_URL": "", "PATH": path}
        return [name for name in names if not run_tool(name, env)]


def run_tool(name: str, env: dict[str, str]) -> bool:
    begin = time.monotonic()
    done = subprocess.run(TOOLS[name], env=env, capture_output=True, text=True, check=False)
    has_passed = done.returncode == 0
    if not has_passed:
        print(done.stdout + done.stderr, end="")
    verdict = "통과 / passed" if has_passed else "실패 / failed"
    print(f"{name}: {verdict} ({time.monotonic() - begin:.1f} s)", flush=True)
    return has_passed
