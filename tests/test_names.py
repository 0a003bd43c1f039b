"""Names: one word for one thing, and none of the private words that were given up."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
GIVEN_UP = (ROOT / "tests" / "data" / "given_up_names.txt").read_text("utf-8").split()
MAY_RECUR = {"Command", "Migration", "Meta"}
SENTENCE = re.compile(r"\S.*[.:?]")
PACKAGES = ("korean", "rows", "config", *settings.PORTAL_APPS)


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Every module of the product, by its dotted name."""
    for package in dict.fromkeys(PACKAGES):
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
                yield name, ast.parse(path.read_text("utf-8"))


def defined(tree: ast.Module) -> set[str]:
    """Names that a module defines itself, methods and declared fields as ``Class.name``; imported names are not its own."""
    found: set[str] = set()
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}.{inner.name}" for inner in node.body if isinstance(inner, ast.FunctionDef)}
            fields = [inner.target for inner in node.body if isinstance(inner, ast.AnnAssign)]
            found |= {f"{node.name}.{field.id}" for field in fields if isinstance(field, ast.Name)}
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        found |= {name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)}
    return found


def test_no_name_that_was_given_up_is_back() -> None:
    here = {name: {"*", *defined(tree)} for name, tree in modules()}  # module:*, a module that was given up whole
    back = [entry for entry in GIVEN_UP if entry.partition(":")[2] in here.get(entry.partition(":")[0], ())]
    assert (len(GIVEN_UP) > 0, back) == (True, [])


def test_no_two_classes_have_one_name() -> None:
    where = defaultdict(list)
    for module, tree in modules():
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and node.name not in MAY_RECUR:
                where[node.name].append(module)
    assert {name: places for name, places in where.items() if len(places) > 1} == {}


def test_every_module_begins_with_a_plain_sentence() -> None:
    first = {name: (ast.get_docstring(tree) or "").partition("\n")[0] for name, tree in modules() if tree.body}
    assert {name: line for name, line in first.items() if not SENTENCE.fullmatch(line)} == {}
