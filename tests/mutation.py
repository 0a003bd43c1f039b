"""Change one small place of the product's code at a time and see whether a test fails: `python -m tests.mutation`.

A change that no test notices is printed. Everything happens in a copy of the repository in a temporary folder, never in
the checkout. A seed chooses the same changes as long as these modules are the same. Why no library: mutmut leaves out
functions under a decorator, which are most of ours; cosmic-ray takes neither a sample nor other tests for each module.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# (a module's file, a function that it defines) → its tests, the nearest first. Folders are named only where two files
# have one name, so that modules and tests may move.
SUBJECTS = {
    ("chain.py", "send_back"): (
        "approvals/test_chain.py",
        "approvals/test_departures.py",
        "test_proof.py",
        "approvals/test_views.py",
        "test_reference_model.py",
    ),
    ("permissions.py", "conference_page"): (
        "test_page_permissions.py",
        "test_new_conference.py",
        "test_publish.py",
        "test_difference.py",
        "test_permissions.py",
    ),
    ("today.py", "delay"): ("test_today.py", "test_delays.py", "test_today_pages.py", "test_every_act.py"),
    ("drafting.py", "can_start_report"): (
        "test_drafting.py",
        "test_parts.py",
        "test_report_pages.py",
        "test_scope.py",
        "test_route.py",
        "reports/test_departures.py",
        "test_dashboard.py",
        "test_editions.py",
    ),
    ("releases.py", "amend"): (
        "test_release.py",
        "test_today.py",
        "test_publish.py",
        "test_outage.py",
        "visitors/test_public.py",
        "test_ical.py",
        "test_pages.py",
        "test_sitemap.py",
    ),
}
PASSED, NO_TESTS = 0, 5  # pytest's exit codes
SPARE = 30  # seconds that a run may take beyond three times as long as without a change


# ── where the code can be changed, and how ──────────────────────────────────────────────────────
PAIRS = (
    (ast.Eq, ast.NotEq),
    (ast.Is, ast.IsNot),
    (ast.In, ast.NotIn),
    (ast.Lt, ast.LtE),
    (ast.Gt, ast.GtE),
    (ast.And, ast.Or),
    (ast.Add, ast.Sub),
    (ast.BitAnd, ast.BitOr),
)
OPPOSITES = {one: other for pair in PAIRS for one, other in (pair, pair[::-1])}
OTHER_METHODS = {"filter": "exclude", "exclude": "filter"}
OTHER_FUNCTIONS = {"any": "all", "all": "any", "min": "max", "max": "min"}
NO_CODE = {"annotation", "returns", "decorator_list"}  # fields of a node; types change nothing


@dataclass(frozen=True)
class Mutant:
    """One change: what stands in ``parent`` under ``field`` (at ``place`` of a list) becomes ``new``."""

    file: Path
    tree: ast.Module
    parent: ast.AST
    field: str
    place: int | None
    old: ast.AST
    new: ast.AST

    def __str__(self) -> str:
        old, new = (ast.unparse(node).partition("\n")[0] for node in (self.old, self.new))
        return f"{self.file}:{self.line}: {old} → {new}"

    @property
    def line(self) -> int:
        return getattr(self.old, "lineno", getattr(self.parent, "lineno", 0))

    def source(self) -> str:
        """Return the module with the change."""
        self._put(self.new)
        try:
            return ast.unparse(self.tree)
        finally:
            self._put(self.old)

    def _put(self, node: ast.AST) -> None:
        if self.place is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.place] = node


def mutants(file: Path, text: str) -> Iterator[Mutant]:
    """Every change of a module, in the order of its text."""
    tree = ast.parse(text)

    def inside(parent: ast.AST) -> Iterator[Mutant]:
        for field, value in ast.iter_fields(parent):
            if field in NO_CODE:
                continue
            for place, node in enumerate(value) if isinstance(value, list) else [(None, value)]:
                if isinstance(node, ast.AST) and not _is_only_said(node):
                    yield from (Mutant(file, tree, parent, field, place, node, new) for new in _changed(node, field))
                    yield from inside(node)

    return inside(tree)


def _is_only_said(node: ast.AST) -> bool:
    """Whether it is a docstring or a line of the log."""
    if not isinstance(node, ast.Expr):
        return False
    return isinstance(node.value, ast.Constant) or ast.unparse(node.value).startswith("log.")


def _changed(node: ast.AST, field: str) -> Iterator[ast.AST]:
    """What may stand in the node's place."""
    yield from _changed_statement(node) if isinstance(node, ast.stmt) else _changed_expression(node)
    if field in {"test", "ifs"} and not isinstance(node, ast.Compare | ast.BoolOp | ast.UnaryOp | ast.Constant):
        yield ast.UnaryOp(ast.Not(), node)


def _changed_expression(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Compare():
            for place, operator in enumerate(node.ops):
                yield _like(node, ops=[*node.ops[:place], OPPOSITES[type(operator)](), *node.ops[place + 1 :]])
        case ast.BoolOp() | ast.BinOp() if type(node.op) in OPPOSITES:
            yield _like(node, op=OPPOSITES[type(node.op)]())
        case ast.UnaryOp(op=ast.Not()):
            yield node.operand
        case ast.Constant(value=bool()):
            yield ast.Constant(not node.value)
        case ast.Constant(value=int()):
            yield from (ast.Constant(node.value + 1), ast.Constant(node.value - 1))
        case ast.Constant(value=str()) if node.value.startswith("-"):  # order_by("-number")
            yield ast.Constant(node.value[1:])
        case ast.Attribute() if node.attr in OTHER_METHODS:
            yield _like(node, attr=OTHER_METHODS[node.attr])
        case ast.Name() if node.id in OTHER_FUNCTIONS:
            yield _like(node, id=OTHER_FUNCTIONS[node.id])


def _changed_statement(node: ast.stmt) -> Iterator[ast.stmt]:
    """Return nothing, or do nothing. Assignments to names are left: without them any test fails."""
    match node:
        case ast.Return(value=ast.AST()) if ast.unparse(node.value) != "None":
            yield ast.Return(ast.Constant(None))
        case ast.Expr() | ast.Raise() | ast.AugAssign() | ast.Continue() | ast.Break():
            yield ast.Pass()
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript() | ast.Tuple(elts=[ast.Attribute(), *_])]):
            yield ast.Pass()


def _like(node: ast.AST, **fields: object) -> ast.AST:
    new = copy(node)
    for name, value in fields.items():
        setattr(new, name, value)
    return new


# ── which modules and which tests ───────────────────────────────────────────────────────────────
def find_module(name: str, function: str) -> Path:
    """Return the product's module of that file name that defines the function, relative to ROOT."""
    apps = [file.parent for file in ROOT.glob("*/__init__.py") if file.parent.name != "tests"]
    found = [path for app in apps for path in app.rglob(name) if f"\ndef {function}(" in path.read_text("utf-8")]
    return _only(found, f"{name} with {function}()")


def find_test(name: str) -> Path:
    """Return the test module whose path ends so, relative to ROOT."""
    return _only(list((ROOT / "tests").rglob(name)), name)


def _only(found: list[Path], wanted: str) -> Path:
    paths = [path.relative_to(ROOT) for path in found]
    if len(paths) != 1:
        raise SystemExit(f"tests/mutation.py, SUBJECTS: {wanted} should be one file, found: {[*map(str, paths)]}")
    return paths[0]


# ── running ─────────────────────────────────────────────────────────────────────────────────────
@contextmanager
def copied() -> Iterator[Path]:
    """Copy the repository as it is here; what tests leave behind is written beside the copy and deleted with it."""
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
        place = Path(folder, "portal")
        shutil.copytree(ROOT, place, ignore=shutil.ignore_patterns(".*", "var", "__pycache__", "node_modules"))
        Path(folder, "tmp").mkdir()
        yield place


def outcome(place: Path, tests: list[str], *, seconds: float | None = None) -> str:
    """Run the tests in the copy until one fails: "survived", "killed" or "timed out" after so many seconds."""
    try:
        is_killed = any(_fails(place, ["-m", marks, *tests], seconds) for marks in ("not browser and not long", "long"))
    except subprocess.TimeoutExpired:
        return "timed out"
    return "killed" if is_killed else "survived"


def _fails(place: Path, arguments: list[str], seconds: float | None) -> bool:
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *arguments]
    environment = os.environ | {"TMPDIR": str(place.parent / "tmp")}
    done = subprocess.run(
        command, cwd=place, env=environment, capture_output=True, text=True, timeout=seconds, check=False
    )
    if done.returncode < 0:  # ended by a signal from outside, which says nothing about the tests
        raise SystemExit(done.stdout + done.stderr)
    return done.returncode not in {PASSED, NO_TESTS}


def judge(place: Path, chosen: list[Mutant], tests: list[str]) -> Counter[str]:
    """Try the chosen changes of one module; tell of each that survives."""
    file, count = place / chosen[0].file, Counter[str]()
    original, begun = file.read_bytes(), time.monotonic()
    if outcome(place, tests) != "survived":
        raise SystemExit(f"{chosen[0].file}: its tests fail without any change")
    seconds = 3 * (time.monotonic() - begun) + SPARE
    for mutant in chosen:
        file.write_text(mutant.source(), "utf-8")
        for compiled in (file.parent / "__pycache__").glob(f"{file.stem}.*"):
            compiled.unlink()  # Python tells sources apart by size and second
        end = outcome(place, tests, seconds=seconds)
        count[end] += 1
        if end != "killed":
            _tell(f"{end}: {mutant}")
    file.write_bytes(original)
    return count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=150, help="how many changes of all modules together")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--at", action="append", help="of these only those of path, or at path:line")
    asked = parser.parse_args()
    tests = {find_module(*key): [str(find_test(name)) for name in names] for key, names in SUBJECTS.items()}
    every = [mutant for file in tests for mutant in mutants(file, (ROOT / file).read_text("utf-8"))]
    chosen = random.Random(asked.seed).sample(every, asked.count)  # noqa: S311 (no secret)
    if asked.at:
        chosen = [mutant for mutant in chosen if {f"{mutant.file}", f"{mutant.file}:{mutant.line}"} & {*asked.at}]
    total = Counter[str]()
    _tell(f"{len(chosen)} of {len(every)} changes, seed {asked.seed}")
    with copied() as place:
        for file, names in tests.items():
            if of_file := sorted((one for one in chosen if one.file == file), key=lambda one: one.line):
                total += (count := judge(place, of_file, names))
                _tell(f"{file}: {dict(count)}")
    _tell(f"all: {dict(total)}; {(1 - total['survived'] / total.total()):.1%} were noticed")


def _tell(text: str) -> None:
    print(text, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
