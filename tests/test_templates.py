"""HTML stands in templates, where a designer reads and changes it: none in Python, and no line too long to compare."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.template import Engine

from tests.test_house import PACKAGES, ROOT, modules

MAX_LINE = 160
TAG = re.compile(r"</?[a-z][a-z0-9]*(?:[\s/>]|$)")
# modules that write tags of HTML → why
WRITING_TAGS = {
    "sheets/fast_widgets.py": "the fast widgets, compared with Django's one by one",
    "visitors/views/news_feed.py": "a feed whose texts are HTML",
}
# what looks like a tag in other modules
NO_TAGS = {"sheets/references.py": "a group of a pattern"}


def test_no_template_has_a_long_line() -> None:
    paths = [path for path in (ROOT / "templates").rglob("*") if path.is_file()]
    lines = {path: path.read_text("utf-8").splitlines() for path in paths}
    long = {str(path.relative_to(ROOT)): sum(len(line) > MAX_LINE for line in lines[path]) for path in paths}
    assert (len(paths) > 0, {path: number for path, number in long.items() if number}) == (True, {})


def texts(tree: ast.AST) -> Iterator[str]:
    """The texts of a module, without its docstrings."""
    documented = ast.Module | ast.ClassDef | ast.FunctionDef
    docstrings = [node.body[0] for node in ast.walk(tree) if isinstance(node, documented) and ast.get_docstring(node)]
    skipped = {id(node.value) for node in docstrings if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped:
            yield node.value


def test_python_writes_no_tags() -> None:
    found = {
        str(path.relative_to(ROOT))
        for app in PACKAGES
        for path, tree in modules(app)
        if any(TAG.search(text) for text in texts(tree))
    }
    assert found == WRITING_TAGS.keys() | NO_TAGS.keys()


@pytest.mark.parametrize("bad", ["f'<b>{name}</b>'", "'<br>'.join(lines)", "'<a href=\"{}\">'", "'</td>'"])
def test_such_a_tag_would_be_seen(bad: str) -> None:
    assert any(TAG.search(text) for text in texts(ast.parse(f'def view():\n    """<b>"""\n    return {bad}')))


@pytest.mark.parametrize(
    ("name", "printed"), [("page.html", "<ul>\n<li>ㄱ</li>\n</ul>\n"), ("mail.txt", "<ul>\n  <li>ㄱ</li>\n</ul>\n")]
)
def test_the_indentation_of_html_is_not_sent(tmp_path: Path, name: str, printed: str) -> None:
    (tmp_path / name).write_text("<ul>\n  <li>ㄱ</li>\n</ul>\n", "utf-8")
    engine = Engine(dirs=[tmp_path], loaders=["config.template_loader.Loader"])
    assert engine.render_to_string(name) == printed
