"""Every bench works, in its short form: each gives figures. What they say is never asserted."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

from bench.__main__ import GROUPS, NAMES


def ran(*arguments, folder):
    env = {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], "PORTAL_DATA": str(folder)}
    return subprocess.run(
        [sys.executable, "-m", "bench", *arguments],
        env=env,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )


def has_figures(done):
    lines = done.stdout.splitlines()
    return done.returncode == 0 and bool(lines) and all("기준" in line for line in lines)


def test_every_module_is_named():
    modules = {path.stem for path in (settings.BASE_DIR / "bench").glob("*.py")} - {"__init__", "__main__", "bare"}
    assert modules == set(NAMES)
    assert set(GROUPS["programme"]) - set(NAMES) == set()


@pytest.mark.browser
@pytest.mark.long
def test_without_a_name_all_give_figures(tmp_path):
    done = ran("--quick", folder=tmp_path)
    assert (done.returncode, has_figures(done)) == (0, True), done.stderr[-2000:]


def test_what_there_is_not_is_said_in_a_line(tmp_path):
    done = ran("nothing", folder=tmp_path)
    assert (done.returncode, done.stdout, done.stderr.startswith("bench: nothing?")) == (1, "", True)
