"""`./portal test --fresh SUITE`: both commands of the README on a newly installed Debian.

Debootstrap makes the smallest Debian system, with python3 and python3-pip and nothing else, in a folder that is removed at
the end. It copies only the network settings of this machine (name servers, mirror, proxy, certificates, pip's settings). First an ordinary user tries, from a folder whose path has a space and Korean letters, then
root. /proc, /dev and /dev/shm are mounted in a separate namespace, and end with it.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path

from launcher import ROOT, LauncherError, say

SUITES = ("bookworm", "trixie")
SYSTEM_WIDE = (
    "etc/resolv.conf",
    "etc/pip.conf",
    "etc/xdg/pip",
    "etc/apt/apt.conf",
    "etc/ssl/certs/ca-certificates.crt",
)
NETWORK = re.compile(r"(?i)_proxy$|^PIP_|^SSL_CERT_|_CA_BUNDLE$|_CA_CERTS$")  # names in the environment
MOUNTS = (
    'mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" && mount -t tmpfs shm "$0/dev/shm" && exec chroot "$@"'
)
NOT_COPIED = shutil.ignore_patterns(".git", ".venv", "node_modules", "var", "__pycache__", ".*_cache", ".hypothesis")
OFFICER = ("officer", "home/주무관/컨퍼런스 포털")  # an ordinary user: account, folder of the checkout
ADMINISTRATOR = ("root", "srv/portal")
START_WITHIN = 1800  # seconds until the server answers, all downloads included


def test(suite: str, arguments: list[str]) -> None:
    """Make the system, try both commands as both users, and print how long each took. Raises LauncherError."""
    if suite not in SUITES:
        raise LauncherError(f"--fresh {suite}: {' 또는 '.join(SUITES)}", "which Debian?")
    absent = [name for name in ("debootstrap", "unshare", "chroot") if not shutil.which(name)]
    if os.geteuid() != 0 or absent:
        raise LauncherError(
            "--fresh는 root와 debootstrap이 있어야 합니다: sudo apt-get install -y debootstrap",
            "root and debootstrap needed",
        )
    with tempfile.TemporaryDirectory(prefix=f"portal-{suite}-", dir="/var/tmp") as name:
        system = Path(name)
        system.chmod(0o755)
        with timed(f"debootstrap {suite}"):
            make_system(suite, system)
            copy_into(system)
        with timed("officer: ./portal run"):
            try_run(system, *OFFICER)
        with timed("officer: ./portal test"):
            try_test_without_packages(system)
        with timed("root: ./portal run"):
            try_run(system, *ADMINISTRATOR)
        with timed("root: ./portal test"):
            if start_inside(system, *ADMINISTRATOR, "test", *arguments).wait():
                raise LauncherError(f"{suite}: 시험이 실패했습니다.", "the suite failed")


def make_system(suite: str, system: Path) -> None:
    packages = "--include=python3,python3-pip"
    done = subprocess.run(
        ["debootstrap", "--variant=minbase", packages, suite, system], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise LauncherError(f"debootstrap: {done.stdout.strip().splitlines()[-1]}", "could not make the system")
    no_services = system / "usr/sbin/policy-rc.d"  # a package that is installed there starts no server here
    no_services.write_text("#!/bin/sh\nexit 101\n")
    no_services.chmod(0o755)


def copy_into(system: Path) -> None:
    """Copy the network settings and the checkout into the system, and create an ordinary user."""
    for path in map(Path, SYSTEM_WIDE):
        if (Path("/") / path).is_dir():
            shutil.copytree(Path("/") / path, system / path, dirs_exist_ok=True)
        elif (Path("/") / path).exists():
            (system / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(Path("/") / path, system / path)
    for path in Path("/etc/apt/apt.conf.d").iterdir():
        if "Acquire" in path.read_text():
            shutil.copy(path, system / "etc/apt/apt.conf.d")
    for _account, folder in (OFFICER, ADMINISTRATOR):
        shutil.copytree(ROOT, system / folder, ignore=NOT_COPIED)
    account, folder = OFFICER
    subprocess.run(["chroot", system, "useradd", "--home-dir", Path("/", folder).parent, account], check=True)
    subprocess.run(["chroot", system, "chown", "-R", account, Path("/", folder).parent], check=True)


def start_inside(system: Path, account: str, folder: str, *arguments: str, **options: object) -> subprocess.Popen:
    """Start `./portal …` in the system, as this account, with a plain environment."""
    network = {name: value for name, value in os.environ.items() if NETWORK.search(name)}
    plain = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": str(Path("/", folder).parent), "TERM": "dumb"}
    command = ["unshare", "--mount", "sh", "-c", MOUNTS, system]
    command += [f"--userspec={account}", system, f"/{folder}/portal", *arguments]
    return subprocess.Popen(command, env={**network, **plain}, stdin=subprocess.DEVNULL, **options)


def try_run(system: Path, account: str, folder: str) -> None:
    """Run the portal until it shows the example's programme; then end it, and check that it ends in order."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = start_inside(system, account, folder, "run", "--port", str(port))
    until = time.monotonic() + START_WITHIN
    while not shows_programme(port):
        if process.poll() is not None or time.monotonic() > until:
            process.kill()
            raise LauncherError(f"{account}: ./portal run이 열리지 않았습니다.", "the server did not answer")
        time.sleep(1)
    process.send_signal(signal.SIGTERM)
    if process.wait():
        raise LauncherError(
            f"{account}: ./portal run이 {process.returncode}로 끝났습니다.", "the server did not end in order"
        )


def shows_programme(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/dongbuk4-2015/programme/", timeout=30) as answer:
            return answer.status == HTTPStatus.OK
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def try_test_without_packages(system: Path) -> None:
    process = start_inside(system, *OFFICER, "test", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    output, _ = process.communicate()
    print(output, end="")
    if process.returncode != 1 or output.count("\n") != 1 or "apt-get install" not in output:
        raise LauncherError(
            "officer: 설치할 것을 한 줄로 말하지 않았습니다.", "not the one line that says what to install"
        )


@contextmanager
def timed(title: str) -> Iterator[None]:
    begin = time.monotonic()
    yield
    say(f"{title}: {time.monotonic() - begin:.0f}초", f"{time.monotonic() - begin:.0f} s")
