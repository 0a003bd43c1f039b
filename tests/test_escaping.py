"""What may call a text HTML: constants of ours and the few places named here, each with its reason."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.test_house import PACKAGES, ROOT, modules

# what switches escaping off in a template, or lets a text with a blank in it become another attribute
UNESCAPED = re.compile(r"\|\s*safe(seq)?\b|{%\s*autoescape\s+off|[\w-]=\{[{%]\s*(?!if)")
QUOTED = re.compile(r'"[^"]*"')
# (file, function) → why what it calls safe is
SAFE = {
    ("sheets/fast_widgets.py", "render"): "a tag whose attributes and texts `open_tag` and html.escape have escaped",
    ("sheets/fast_widgets.py", "render_cell"): "label and errors escaped, the control drawn by its widget",
    (
        "rows/templatetags/notation.py",
        "choose_particles",
    ): "`particles` leaves what is not safe so, and changes letters alone",
}
# (file, shape) → why a shape is ours although it is no constant in the call
SHAPES = {
    ("approvals/round_context.py", "document"): "`html` of a document type, which is no `markup.html`",
    ("sessions/programme_cards.py", "_('{} 주관')"): "a sentence of our catalogue",
}
MAKERS = {"mark_safe", "SafeString", "SafeText", "SafeData", "HTML"}
SHAPED = {"html", "format_html", "format_html_join"}


def called(node: ast.AST) -> str:
    name = getattr(node, "func", None)
    return getattr(name, "id", getattr(name, "attr", ""))


def is_constant(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) or (isinstance(node, ast.Name) and node.id.isupper())


def makers(tree: ast.Module) -> Iterator[str]:
    """Functions that call a text safe which is no constant, or that Django takes at their word (is_safe, __html__)."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Module):
            for node in own(function):
                is_maker = called(node) in MAKERS and not all(map(is_constant, node.args))
                is_trusted = any(word.arg == "is_safe" for word in getattr(node, "keywords", ()))
                if is_maker or is_trusted or getattr(node, "name", "") == "__html__":
                    yield getattr(function, "name", "")


def own(function: ast.AST) -> Iterator[ast.AST]:
    """What stands in a function, its decorators included, without the functions in it."""
    for child in ast.iter_child_nodes(function):
        yield child
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield from own(child)


def shapes(tree: ast.Module) -> Iterator[str]:
    """First arguments of what fills a shape with escaped values, where that is no constant."""
    for node in ast.walk(tree):
        if called(node) in SHAPED and not is_constant(node.args[called(node) == "format_html_join"]):
            yield ast.unparse(node.args[called(node) == "format_html_join"])


def outside_quotes(template: str) -> str:
    """The template without its quoted attributes, in which a value may stand."""
    return QUOTED.sub('""', re.sub(r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", template, flags=re.DOTALL))


def test_templates_escape_everything() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {hit[0]}"
        for path in sorted((ROOT / "templates").rglob("*.*"))
        for hit in [
            *UNESCAPED.finditer(outside_quotes(path.read_text("utf-8"))),
            *safe_filters(path.read_text("utf-8")),
        ]
    ]
    assert found == []


def safe_filters(template: str) -> Iterator[re.Match[str]]:
    """``|safe`` also where it stands in an attribute."""
    return re.finditer(r"\|\s*safe(seq)?\b", template)


def test_only_these_call_a_text_html() -> None:
    found = {
        (str(path.relative_to(ROOT)), name) for app in PACKAGES for path, tree in modules(app) for name in makers(tree)
    }
    assert found == set(SAFE)


def test_every_shape_is_a_constant() -> None:
    found = {
        (str(path.relative_to(ROOT)), shape)
        for app in PACKAGES
        for path, tree in modules(app)
        for shape in shapes(tree)
    }
    assert found == set(SHAPES)


@pytest.mark.parametrize(
    "bad",
    [
        "{{ help|safe }}",
        '<p title="{{ help|safe }}">',
        "{% autoescape off %}",
        "<a href={{ to }}>",
        "{{ a | safeseq }}",
    ],
)
def test_such_a_template_would_be_seen(bad: str) -> None:
    assert [*UNESCAPED.finditer(outside_quotes(bad)), *safe_filters(bad)] != []


@pytest.mark.parametrize(
    "bad",
    ["mark_safe(text)", "SafeString(f'<b>{text}')", "HTML('<b>' + text)", "f.register('x', g, is_safe=True)"],
)
def test_such_code_would_be_seen(bad: str) -> None:
    assert list(makers(ast.parse(f"def view():\n    return {bad}"))) == ["view"]


@pytest.mark.parametrize(
    "bad", ["html(f'<b>{name}', 1)", "format_html('<b>' + name)", "format_html_join('', name, ())"]
)
def test_such_a_shape_would_be_seen(bad: str) -> None:
    assert len(list(shapes(ast.parse(bad)))) == 1
