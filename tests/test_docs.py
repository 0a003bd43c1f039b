"""Glossary and CONTRIBUTING speak of what is there: words of the code, words on screen, files."""

from __future__ import annotations

import ast
import builtins
import importlib
import re
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from django.core import exceptions
from django.core.management import get_commands

from tests.test_house import PACKAGES

ROOT = settings.BASE_DIR
CODE = [path for app in PACKAGES for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts]
ROW = re.compile(
    r"^\| (?P<korean>[^|]+) \| (?P<code>`[^|]+`) \| (?P<screen>[^|]+) \| (?P<meaning>[^|]+) \|$", re.MULTILINE
)
ROWS = [row.groupdict() for row in ROW.finditer((ROOT / "docs" / "glossary.md").read_text("utf-8"))]


def defined(tree: ast.AST) -> tuple[set[str], set[str]]:
    """Return the names of classes, and those of functions, of what is assigned, and values such as a choice's."""
    classes, others = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            classes.add(node.name)
        elif isinstance(node, ast.FunctionDef):
            others.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            others.add(node.id)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            others.add(node.value)
    return classes, others


@pytest.fixture(scope="module")
def names() -> tuple[set[str], set[str]]:
    found = [defined(ast.parse(path.read_text("utf-8"))) for path in CODE]
    return set().union(*(classes for classes, _ in found)), set().union(*(others for _, others in found))


def test_every_line_of_the_tables_is_read() -> None:
    lines = (ROOT / "docs" / "glossary.md").read_text("utf-8").splitlines()
    assert len(ROWS) == len([line for line in lines if line.startswith("| ")]) - 4  # the head of each table


def test_code_words_are_in_the_code(names) -> None:
    classes, others = names
    words = [word for row in ROWS for word in re.findall(r"`(\w+)`", row["code"])]
    assert [word for word in words if word not in (classes if word[0].isupper() else others)] == []


def test_screen_words_are_in_the_texts() -> None:
    texts = [*CODE, *(ROOT / "templates").rglob("*.html")]
    shown = "".join(path.read_text("utf-8") for path in texts)
    assert [word for row in ROWS for word in row["screen"].split(" · ") if word not in shown] == []


def test_no_word_is_explained_twice() -> None:
    words = [row["korean"] for row in ROWS]
    assert sorted(words) == sorted(set(words))


# ── comments ────────────────────────────────────────────────────────────────────────────────────
FILE = re.compile(r"(?<![\w./<*-])(?:[\w-]+/)*[\w-]+\.(?:py|md)(?![\w/])")


def missing_files(text: str) -> list[str]:
    """Names of programs and documents that are none of the project's, whatever folder they are said to be in."""
    return [name for name in FILE.findall(text) if not any(f"/{path}".endswith(f"/{name}") for path in there())]


@cache
def there() -> list[Path]:
    """Return every program and document of the project, by its path."""
    folders = (ROOT / name for name in [*PACKAGES, "launcher", "bench", "examples", "docs", "tests"])
    found = [path for folder in folders for ending in ("py", "md") for path in folder.rglob(f"*.{ending}")]
    return [path.relative_to(ROOT) for path in [*found, *ROOT.glob("*.py"), *ROOT.glob("*.md")]]


def test_comments_and_decisions_name_only_files_that_are_there() -> None:
    """A file that gets another name leaves its old one in the comments of others."""
    texts = [
        *CODE,
        *(ROOT / "templates").rglob("*.html"),
        *(ROOT / "static").rglob("*.js"),
        *(ROOT / "static").rglob("*.css"),
        *(ROOT / "docs").rglob("*.md"),
    ]
    found = {str(path.relative_to(ROOT)): missing_files(path.read_text("utf-8")) for path in texts}
    assert {path: names for path, names in found.items() if names} == {}


def test_a_file_that_is_not_there_would_be_seen() -> None:
    assert missing_files("(sessions/nowhere.py), nothing.md; conference/uploads/storage.py, files.py") == [
        "sessions/nowhere.py",
        "nothing.md",
    ]


# ── CONTRIBUTING ────────────────────────────────────────────────────────────────────────────────
def is_there(word: str, names: set[str]) -> bool:
    """Whether it is a file (``<app>`` stands for any folder), a module of an app, a name in the code or a command."""
    if "/" in word or word.endswith((".example", ".md", ".py", ".toml")):
        pattern = re.sub("<.*?>", "*", word).rstrip("/")
        return any(any(folder.glob(pattern)) for folder in (ROOT, *ROOT.glob("[a-z]*"), *(ROOT / "tests").glob("*")))
    return all(part in names for part in word.split("."))


def test_contributing_names_only_what_is_there(names) -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    fixtures = defined(ast.parse((ROOT / "tests" / "conftest.py").read_text("utf-8")))[1]
    known = (
        names[0]
        | names[1]
        | fixtures
        | {path.stem for path in CODE}
        | {path.parent.name for path in CODE}
        | {*get_commands()}
    )
    words = re.findall(r"`([\w./*<>-]+)`", text) + re.findall(r"\]\(([\w./-]+)\)", text)
    assert [word for word in words if not is_there(word, known)] == []
    assert len(words) > 50


@pytest.mark.parametrize(
    "word", ["tests/nowhere/", "docs/adr/9999-nothing.md", "NO_SUCH_TABLE", "Document.nothing_like_it"]
)
def test_what_is_not_there_would_be_seen(word, names) -> None:
    assert not is_there(word, names[0] | names[1])


def addresses(text: str) -> list[tuple[str, str]]:
    """Give every `module:name` of a page."""
    return re.findall(r"`([a-z_]+(?:\.[a-z_0-9]+)+):([A-Za-z_][\w.]*)`", text)


def test_every_address_of_the_tour_is_there() -> None:
    importlib.import_module(settings.ROOT_URLCONF)  # registers what addresses are written with
    found = addresses((ROOT / "docs" / "tour.md").read_text("utf-8"))
    missing = [f"{module}:{name}" for module, name in found if not has(importlib.import_module(module), name)]
    assert (len(found) > 40, missing) == (True, [])


def has(thing: object, path: str) -> bool:
    """Whether the path of attributes leads somewhere."""
    for name in path.split("."):
        if not hasattr(thing, name):
            return False
        thing = getattr(thing, name)
    return True


CLASS = re.compile(r"\b(?!Django|Korean|WeasyPrint)[A-Z]\w*[a-z]\w*")
RAISES = re.compile(r"Raises? ([^.]*)")


def test_what_a_docstring_raises_is_a_class() -> None:
    trees = {path: ast.parse(path.read_text("utf-8")) for path in CODE}
    ours = {node.name for tree in trees.values() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
    unknown = [
        f"{path.relative_to(ROOT)}:{node.name}: {name}"
        for path, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.ClassDef))
        for said in RAISES.findall(ast.get_docstring(node) or "")
        for name in CLASS.findall(said)
        if name not in ours and not hasattr(builtins, name) and not is_imported(name, tree)
    ]
    assert unknown == []


def is_imported(name: str, tree: ast.Module) -> bool:
    """Whether a module imports the name, or it is one of Django's that pass through."""
    names = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    return name in names or hasattr(exceptions, name)
