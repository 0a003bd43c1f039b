"""A child process with limits: what it may not do, and what the caller is told."""

import tempfile

import pytest

from conference import child_process
from conference.child_process import Limits

PLENTY = Limits(memory=300 * 1024**2, seconds=20)


@pytest.fixture
def module(tmp_path, monkeypatch):
    """Write a module and return its name, which the child finds by PYTHONPATH."""
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    def write(text: str) -> str:
        (tmp_path / "written_for_a_test.py").write_text(text, "utf-8")
        return "written_for_a_test"

    return write


def test_arguments_go_in_and_what_is_printed_comes_back(module):
    name = module("import sys\nsys.stdout.buffer.write(sys.stdin.buffer.read() + sys.argv[1].encode())")
    with tempfile.TemporaryFile() as file:
        file.write(b"from the beginning, ")
        assert child_process.run(name, "and back", limits=PLENTY, stdin=file) == b"from the beginning, and back"


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("b'x' * 400_000_000", PLENTY),
        ("while True: pass", Limits(memory=PLENTY.memory, seconds=1)),
        ("import time; time.sleep(60)", Limits(memory=PLENTY.memory, seconds=0.5)),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", PLENTY),
        ("import os; os.abort()", PLENTY),
    ],
)
def test_a_child_beyond_its_limits_is_ended(module, text, limits):
    name = module(text)
    with pytest.raises(child_process.LimitExceeded):
        child_process.run(name, limits=limits)


def test_an_error_of_its_own_is_told(module):
    name = module("raise ValueError('what went wrong')")
    with pytest.raises(child_process.ChildFailed, match="ValueError: what went wrong"):
        child_process.run(name, limits=PLENTY)


def test_no_django_is_loaded_by_the_start(module):
    name = module("import sys\nprint(sorted(name for name in sys.modules if name.partition('.')[0] == 'django'))")
    assert child_process.run(name, limits=PLENTY) == b"[]\n"
