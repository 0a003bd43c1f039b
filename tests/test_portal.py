"""The `portal` script refuses what it cannot do, in one line, before it sets anything up."""

import os
import subprocess

import pytest
from django.conf import settings

SCRIPT = settings.BASE_DIR / "portal"


def portal(*arguments, **env):
    env = {"PATH": os.environ["PATH"], **env}
    return subprocess.run(
        [SCRIPT, *arguments], env=env, cwd="/", capture_output=True, text=True, check=False, timeout=60
    )


@pytest.mark.parametrize("port", ["", "0", "80a", "-1", "65536", "8" * 30])
def test_an_impossible_port_is_refused(port):
    done = portal("run", "--port", port)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"--port {port}: 1에서 65535까지의 수여야 합니다.\n"


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "::", "portal.example.test"])  # noqa: S104
def test_the_outside_wants_a_password_of_ones_own(host):
    for option in (["--host", host], [f"--host={host}"]):
        done = portal("run", *option, "--port=8123")
        assert (done.returncode, done.stdout) == (1, "")
        assert "PORTAL_DEMO_PASSWORD" in done.stderr
        assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("arguments", [("run", "--prot"), ("run", "--host"), ("rnu",)])
def test_what_it_does_not_know_it_says(arguments):
    done = portal(*arguments)
    assert (done.returncode, done.stdout) == (1, "")
    assert arguments[-1] in done.stderr


def test_help_names_every_command():
    done = portal("--help")
    assert done.returncode == 0
    assert [line.split()[1] for line in done.stdout.splitlines()] == [
        "run",
        "test",
        "setup",
        "manage",
        "bench",
        "shots",
    ]


def test_it_is_plain_shell():
    assert subprocess.run(["/bin/sh", "-n", SCRIPT], check=False).returncode == 0
    assert os.access(SCRIPT, os.X_OK)
    assert os.access(settings.BASE_DIR / ".ci" / "run", os.X_OK)
