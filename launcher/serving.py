"""The web server and the worker, started together and ended together."""

from __future__ import annotations

import ctypes
import errno
import math
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Sequence

from config import data_lock, environment
from launcher import PYTHON, ROOT, LauncherError, machine

GRACE = 40  # seconds for requests and the job in hand to finish; gunicorn itself gives its requests 30, systemd us 60
PAUSE_MAX = 60  # seconds between two starts of a worker that dies each time
PORT_MAX = 65535
PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
ALL_ADDRESSES = {"0.0.0.0", "::"}  # noqa: S104 (a host that a person may choose)


def serve(host: str, port: str, *, with_example: bool, by: Callable[[str], int]) -> int:
    """Prepare the portal, then serve it by ``supervise`` or ``reload``. Errors in host and port are reported before that.

    Return the exit code.
    """
    environment.reject_unknown(os.environ)
    folder = environment.data(os.environ, base=ROOT)
    number = port_number(port)
    if not is_loopback(host):
        allow_other_machines(host, with_example=with_example)
    with data_lock.hold(folder):
        check_free(host, number)
        os.environ.setdefault("PORTAL_URL", f"http://{address_host(host)}:{number}")
        machine.set_up()
        example = ["--example"] if with_example else []
        done = subprocess.run([PYTHON, "manage.py", "prepare", *example], check=False)
        return done.returncode or by(f"[{host}]:{number}" if ":" in host else f"{host}:{number}")


def port_number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(PORT_MAX)) and 1 <= int(text) <= PORT_MAX):
        raise LauncherError(f"--port {text}: 1에서 65535까지의 수여야 합니다.", "a number from 1 to 65535")
    return int(text)


def check_free(host: str, port: int) -> None:
    """Raise LauncherError if the server cannot listen there."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise LauncherError(
                f"{port}번 포트를 다른 프로그램이 쓰고 있습니다. 다른 번호로 여십시오: --port {port + 1}",
                "this port is in use",
            ) from None
        raise LauncherError(f"{host}:{port}에서 열 수 없습니다({error.strerror}).", "cannot listen there") from None


# ── names ───────────────────────────────────────────────────────────────────────────────────────
def is_loopback(host: str) -> bool:
    return host in {"localhost", "::1"} or host.startswith("127.")


def allow_other_machines(host: str, *, with_example: bool) -> None:
    """Set the environment of a server that other machines can reach."""
    if with_example and not os.environ.get("PORTAL_DEMO_PASSWORD"):
        # the example accounts can sign, so their password must not come from another person
        raise LauncherError(
            f"밖에서 닿는 주소({host})로 예시를 열려면 PORTAL_DEMO_PASSWORD를 정해야 합니다.",
            "a host other than loopback wants PORTAL_DEMO_PASSWORD",
        )
    if not os.environ.get("ALLOWED_HOSTS") and not os.environ.get("PORTAL_URL"):
        own = {host, "localhost", "127.0.0.1", socket.gethostname(), *machine.command_output("hostname", "-I").split()}
        os.environ["ALLOWED_HOSTS"] = ",".join(sorted(name for name in own - ALL_ADDRESSES if ":" not in name))


def address_host(host: str) -> str:
    """Return how a browser writes the host that the server listens on."""
    if host in ALL_ADDRESSES:
        return next(iter(machine.command_output("hostname", "-I").split()), socket.gethostname())
    return f"[{host}]" if ":" in host else host


# ── processes ───────────────────────────────────────────────────────────────────────────────────
def supervise(bind: str) -> int:
    """Run server and worker until one of the signals comes or the server ends. Return the exit code."""
    received: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # a shell starts `./portal serve &` with SIGINT ignored; `nohup` ignores SIGHUP, and that is meant
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, lambda number, _frame: received.append(number))
    server = start([".venv/bin/gunicorn", "--bind", bind, "config.wsgi"])
    worker, started_at, pause = None, -math.inf, 1
    while not received and server.poll() is None:
        time.sleep(1)
        # the worker starts after the server, which people wait for; a lost worker loses nothing: the next finds the same rows
        if received or (worker and worker.poll() is None) or time.monotonic() < started_at + pause:
            continue
        has_lasted = time.monotonic() > started_at + PAUSE_MAX
        pause = 1 if has_lasted else min(2 * pause, PAUSE_MAX)
        worker, started_at = start([PYTHON, "manage.py", "work"]), time.monotonic()
    end([process for process in (server, worker) if process])
    return 0 if received else server.wait()


def reload(bind: str) -> int:
    """Run Django's own server, which starts again when a program file changes, and no worker. Return the exit code."""
    server = start([PYTHON, "manage.py", "runserver", bind])
    try:
        return server.wait()
    finally:
        end([server])


def end(processes: Sequence[subprocess.Popen]) -> None:
    """Terminate the processes, and wait GRACE for all of them together."""
    for process in processes:
        process.terminate()
    deadline = time.monotonic() + GRACE
    for process in processes:
        try:
            process.wait(max(deadline - time.monotonic(), 0))
        except subprocess.TimeoutExpired:
            process.kill()


def start(command: Sequence[str]) -> subprocess.Popen:
    """Start a process that a Ctrl-C does not reach (it is ended in order) and that does not outlive this one."""
    prctl = getattr(ctypes.CDLL(None), "prctl", None)  # Linux
    end_with_us = prctl and (lambda: prctl(PR_SET_PDEATHSIG, signal.SIGTERM))
    return subprocess.Popen(command, start_new_session=True, preexec_fn=end_with_us)  # noqa: PLW1509 (one thread here)
