"""Programs that tests and benches keep as text name what is there: no linter and no rename reads a text."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from django.conf import settings

from tests.test_house import PACKAGES

ROOT = Path(settings.BASE_DIR)
OURS = {*PACKAGES, "tests", "bench"}


def programs() -> Iterator[tuple[Path, ast.Module]]:
    """Give every text of tests and benches that is a program with imports."""
    for path in sorted(path for folder in ("tests", "bench") for path in (ROOT / folder).rglob("*.py")):
        for text in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(text, ast.Constant) and isinstance(text.value, str) and "import " in text.value:
                try:
                    yield path, ast.parse(text.value)
                except SyntaxError:
                    continue  # prose, or a part of an f-string


def missing(program: ast.Module) -> Iterator[str]:
    """Give what a program imports from our packages, or uses of a module of ours, that is not there."""
    modules: dict[str, ModuleType] = {}
    for node in ast.walk(program):
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in OURS:
            for alias in node.names:
                try:
                    thing = load(node.module, alias.name)
                except (ImportError, AttributeError):
                    yield f"{node.module}.{alias.name}"
                else:
                    modules |= {alias.asname or alias.name: thing} if isinstance(thing, ModuleType) else {}
    for node in ast.walk(program):
        module = (
            modules.get(node.value.id) if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) else None
        )
        if module and not hasattr(module, node.attr):
            yield f"{module.__name__}.{node.attr}"


def load(module: str, name: str) -> object:
    """Return what ``from module import name`` gives."""
    found = importlib.import_module(module)
    return found if name == "*" else getattr(found, name, None) or importlib.import_module(f"{module}.{name}")


def test_programs_in_texts_name_what_is_there() -> None:
    found = list(programs())
    assert (len(found) > 5, [(str(path), name) for path, program in found for name in missing(program)]) == (True, [])
