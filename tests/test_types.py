"""`./portal check types`: errors that mypy finds may become fewer, never more."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from launcher import type_check

TYPED = {"korean", "rows", "publishing", "approvals", "preparation", "sessions", "exhibits", "reports", "visitors"}
MOST = 161  # errors of all files together, when mypy began to look at them

Mypy = Callable[..., int]


def error(name: str, line: int) -> str:
    return f"{name}:{line}: error: Something is wrong  [misc]"


@pytest.fixture
def mypy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Mypy:
    """Run the check on what mypy is said to have printed, with a baseline of two errors in one file."""
    monkeypatch.setattr(type_check, "BASELINE", tmp_path / "baseline.txt")
    type_check.write({"desk/jobs.py": 2})

    def run(*lines: str, options: tuple[str, ...] = (), code: int = 1) -> int:
        done = SimpleNamespace(stdout="".join(f"{line}\n" for line in lines), stderr="", returncode=code)
        monkeypatch.setattr(type_check.subprocess, "run", lambda *_, **__: done)
        return type_check.main(*options)

    return run


def test_as_many_errors_as_the_baseline_says_pass(mypy: Mypy, capsys: pytest.CaptureFixture[str]):
    assert mypy(error("desk/jobs.py", 3), error("desk/jobs.py", 5)) == 0
    assert capsys.readouterr().out == ""


def test_one_more_fails_and_is_shown_with_the_others_of_its_file(mypy: Mypy, capsys: pytest.CaptureFixture[str]):
    known = [error("desk/jobs.py", 3), error("desk/jobs.py", 5)]
    assert mypy(*known, error("sessions/collect.py", 7)) == 1
    assert capsys.readouterr().out.splitlines() == [error("sessions/collect.py", 7)]
    assert mypy(*known, error("desk/jobs.py", 7)) == 1
    assert capsys.readouterr().out.splitlines() == [*known, error("desk/jobs.py", 7)]


def test_one_fewer_fails_until_the_baseline_is_smaller(mypy: Mypy, capsys: pytest.CaptureFixture[str]):
    assert mypy(error("desk/jobs.py", 3)) == 1
    assert capsys.readouterr().out.splitlines()[1:] == ["desk/jobs.py"]
    assert mypy(error("desk/jobs.py", 3), options=("--shrink",)) == 0
    assert type_check.read() == {"desk/jobs.py": 1}


def test_shrinking_never_allows_more(mypy: Mypy):
    more = [error("desk/jobs.py", line) for line in range(3)]
    assert mypy(*more, error("sessions/collect.py", 7), options=("--shrink",)) == 1
    assert type_check.read() == {"desk/jobs.py": 2}


def test_a_check_that_did_not_run_has_not_passed(mypy: Mypy, capsys: pytest.CaptureFixture[str]):
    assert mypy("mypy: error reading the configuration", code=2) == 1
    assert capsys.readouterr().out == "mypy: error reading the configuration\n\n"


def test_the_baseline_is_no_longer_than_it_was_and_most_packages_have_none():
    allowed = type_check.read()
    assert {name for name in allowed if name.partition("/")[0] in TYPED} == set()
    assert sum(allowed.values()) <= MOST
