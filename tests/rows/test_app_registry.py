"""What packages above have to offer is found by the names of their modules."""

import sys

from rows import app_registry


def test_modules_are_found_and_what_is_left_of_one_is_none(tmp_path, monkeypatch, settings):
    for name in ("shelf/__init__.py", "shelf/full.py", "shelf/gone/__pycache__/books.cpython-311.pyc"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    monkeypatch.syspath_prepend(tmp_path)
    settings.PORTAL_APPS = ["shelf"]
    found = [app_registry.modules(name) for name in ("full", "gone", "never")]
    assert found == [{"shelf": sys.modules["shelf.full"]}, {}, {}]
