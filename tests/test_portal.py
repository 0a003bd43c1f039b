"""The `portal` script refuses what it cannot do, in one line, before it sets anything up."""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings

import launcher.__main__
from config import data_lock
from launcher import LauncherError, fresh, machine, serving
from launcher.__main__ import COMMANDS, usage
from publishing.pdf import pdf_libraries

SCRIPT = settings.BASE_DIR / "portal"


def portal(*arguments, **env):
    env = {"PATH": os.environ["PATH"], **env}
    return subprocess.run(
        [SCRIPT, *arguments], env=env, cwd="/", capture_output=True, text=True, check=False, timeout=60
    )


def test_an_impossible_port_is_refused():
    done = portal("run", "--port", "80a")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "--port 80a: 1에서 65535까지의 수여야 합니다. / a number from 1 to 65535\n"


@pytest.mark.parametrize("port", ["", "0", "-1", "65536", "8" * 30])
def test_a_port_is_a_number_within_bounds(port):
    with pytest.raises(LauncherError, match=f"^--port {port}: "):
        serving.port_number(port)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "::", "portal.example.test"])  # noqa: S104
def test_the_outside_wants_a_password_of_ones_own(host):
    for option in (["--host", host], [f"--host={host}"]):
        done = portal("run", *option, "--port=8123")
        assert (done.returncode, done.stdout) == (1, "")
        assert "PORTAL_DEMO_PASSWORD" in done.stderr
        assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("arguments", [("run", "--prot"), ("serve", "--host"), ("setup", "all"), ("rnu",)])
def test_what_it_does_not_know_it_says(arguments):
    done = portal(*arguments)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert arguments[-1] in done.stderr


def test_help_names_every_command():
    done = portal("--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[::2] == [usage(name).splitlines()[0] for name in COMMANDS]


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_each_command_has_help_that_sets_nothing_up(option, capsys, monkeypatch):
    helpful = COMMANDS.keys() - {"manage"}
    nothing = {name: command._replace(call=None) for name, command in COMMANDS.items()}
    monkeypatch.setattr(launcher.__main__, "COMMANDS", nothing)  # a call would fail
    for command in helpful:
        assert (launcher.__main__.main(command, option), capsys.readouterr()) == (0, (f"{usage(command)}\n", ""))


def test_a_misspelt_setting_is_said_before_anything_is_set_up(tmp_path):
    done = portal("serve", PORTAL_DATA=str(tmp_path), PORTAL_ADDRESS="https://portal.example.test")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert done.stderr.startswith("PORTAL_ADDRESS: ")


def test_a_port_in_use_is_said_before_anything_is_set_up(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = portal("serve", f"--port={port}", PORTAL_DATA=str(tmp_path))
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert f"--port {port + 1}" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == [data_lock.LOCK_FILE]


def test_an_address_of_another_machine_is_refused(tmp_path):
    done = portal("serve", "--host=192.0.2.7", PORTAL_DATA=str(tmp_path))
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert done.stderr.startswith("192.0.2.7:8000")


def test_a_second_server_on_one_folder_is_refused(tmp_path):
    with data_lock.hold(tmp_path):
        done = portal("serve", PORTAL_DATA=str(tmp_path))
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert done.stderr.startswith(f"{tmp_path}: ")


def test_a_relative_folder_is_meant_from_where_the_command_was_called(tmp_path):
    with data_lock.hold(tmp_path):
        done = portal("serve", PORTAL_DATA=str(tmp_path.relative_to("/")))  # called from /
    assert done.stderr.startswith(f"{tmp_path}: ")


# ── the processes ───────────────────────────────────────────────────────────────────────────────
def processes(folder) -> list[str]:
    """The command lines of all processes that work on the folder."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if str(folder).encode() in (place / "environ").read_bytes():
                found.append((place / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:  # ended meanwhile, or somebody else's
            continue
    return found


def wait_until(happened, seconds=600):
    until = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < until
        time.sleep(0.2)


def answers(port) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=60) as answer:
            return answer.status == 200
    except OSError:
        return False


@pytest.fixture
def served(tmp_path):
    """An own portal, started as a shell starts `./portal serve &`, with server and worker there."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        ["/bin/sh", "-c", f'trap "" INT; exec {SCRIPT} serve --port {port}'],
        env={"PATH": os.environ["PATH"], "PORTAL_DATA": str(tmp_path)},
        stdout=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: answers(port) and any("manage.py work" in command for command in processes(tmp_path)))
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.mark.long
def test_an_own_portal_holds_no_example_and_ends_when_told(served, tmp_path):
    with closing(sqlite3.connect(tmp_path / "portal.sqlite3")) as rows:
        assert rows.execute("SELECT COUNT(*) FROM conference_conference").fetchone() == (0,)
        assert rows.execute("SELECT COUNT(*) FROM accounts_user").fetchone() == (0,)
    served.send_signal(signal.SIGINT)
    assert served.wait(120) == 0
    assert processes(tmp_path) == []


# two that only wait, in place of server and worker; whoever runs the tests by nohup ignores SIGHUP, and so would they
STAND_INS = """
import signal
from launcher import serving
signal.signal(signal.SIGHUP, signal.SIG_DFL)
start = serving.start
serving.start = lambda command: start(["sleep", "5000" if "work" in command else "4000"])
raise SystemExit(serving.supervise("127.0.0.1:0"))
"""


@pytest.fixture
def supervised(tmp_path):
    """What watches over server and worker, with stand-ins for both."""
    env = {"PATH": os.environ["PATH"], "PORTAL_DATA": str(tmp_path)}
    process = subprocess.Popen([sys.executable, "-c", STAND_INS], env=env, cwd=settings.BASE_DIR)
    try:
        wait_until(lambda: {"sleep 4000 ", "sleep 5000 "} <= {*processes(tmp_path)})
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_server_and_worker_end_together(supervised, tmp_path, number):
    supervised.send_signal(number)
    assert supervised.wait(120) == 0
    assert processes(tmp_path) == []


def test_nothing_outlives_a_command_that_was_killed(supervised, tmp_path):
    supervised.kill()
    supervised.wait()
    wait_until(lambda: processes(tmp_path) == [])


def test_a_worker_that_was_lost_comes_back(supervised, tmp_path):
    def workers():
        return {place.name for place in Path("/proc").glob("[0-9]*") if is_worker(place)}

    def is_worker(place):
        try:
            is_ours = str(tmp_path).encode() in (place / "environ").read_bytes()
            return is_ours and (place / "cmdline").read_bytes() == b"sleep\x005000\x00"
        except OSError:
            return False

    (lost,) = workers()
    os.kill(int(lost), signal.SIGKILL)
    wait_until(lambda: len(workers() - {lost}) == 1)


class Process:
    """The server, which ends after five minutes, or a worker that ends at once; time passes where one sleeps or waits."""

    def __init__(self, clock, code):
        self.clock, self.code, self.terminate, self.kill = clock, code, lambda: None, lambda: None

    def poll(self):
        return self.code if self.clock[0] < 300 else 0

    def wait(self, seconds=None):
        if seconds is None:
            return 3
        self.clock[0] += seconds
        raise subprocess.TimeoutExpired("a process", seconds)


@pytest.fixture
def clock(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(serving.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(serving.time, "sleep", lambda seconds: now.__setitem__(0, now[0] + seconds))
    return now


def test_a_worker_that_dies_at_once_is_started_less_and_less(clock, monkeypatch):
    starts = []

    def start(command):
        is_worker = "work" in command
        starts.extend([clock[0]] * is_worker)
        return Process(clock, 1 if is_worker else None)

    monkeypatch.setattr(serving, "start", start)
    monkeypatch.setattr(serving, "end", lambda _processes: None)
    monkeypatch.setattr(serving.signal, "signal", lambda *_: None)
    assert serving.supervise("127.0.0.1:0") == 3
    assert starts == [1, 2, 4, 8, 16, 32, 64, 124, 184, 244]


def test_server_and_worker_share_one_deadline_which_is_before_systemds(clock):
    serving.end([Process(clock, None), Process(clock, None)])
    unit = (settings.BASE_DIR / "docs" / "operating.md").read_text("utf-8")
    assert clock[0] == serving.GRACE < int(re.search(r"TimeoutStopSec=(\d+)", unit)[1])


# ── what the machine lacks ──────────────────────────────────────────────────────────────────────
def test_all_that_is_missing_for_the_tests_is_said_in_one_line(monkeypatch):
    monkeypatch.setitem(pdf_libraries.PACKAGES, "libnowhere.so.9", "libnowhere9")
    monkeypatch.setattr(machine, "missing_for_tests", lambda: ["libatomic1", "chromium"])
    monkeypatch.setattr(machine, "install_system", lambda _packages: False)
    with pytest.raises(LauncherError) as stopped:
        machine.set_up_tests()
    line = str(stopped.value)
    assert "sudo apt-get install -y " in line
    assert "libnowhere9 libatomic1 chromium / " in line
    assert "\n" not in line


def test_a_program_that_is_gone_or_anothers_has_not_succeeded(tmp_path):
    """As the Python of an environment that was made with one in root's own folder."""
    (tmp_path / "python").touch(mode=0o600)
    assert [machine.succeeds(str(tmp_path / name)) for name in ("python", "nowhere")] == [False, False]


def test_a_folder_that_cannot_be_written_is_said(monkeypatch):
    monkeypatch.setattr(machine, "succeeds", lambda *_command: False)  # there is no environment
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(LauncherError) as stopped:
        machine.make_environment()
    assert str(stopped.value).startswith(f"{settings.BASE_DIR}: ")


@pytest.mark.parametrize("arguments", [(), ("sid",), ("bookworm", "-x")])
def test_a_fresh_machine_wants_a_name_and_root(arguments, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(LauncherError) as stopped:
        fresh.test(*arguments[:1] or [""], [*arguments[1:]])
    assert ("debootstrap" in str(stopped.value)) == ("bookworm" in arguments)


def test_it_is_plain_shell():
    assert subprocess.run(["/bin/sh", "-n", SCRIPT], check=False).returncode == 0
    assert os.access(SCRIPT, os.X_OK)
    assert os.access(settings.BASE_DIR / ".ci" / "run", os.X_OK)
