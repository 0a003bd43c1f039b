"""The house keeps its order by itself: arrows, rooms, sizes, and what no template may hold."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
MAX_LINES = 400

# who may import whom; nobody imports reports
BELOW = {
    "conference": set(),
    "preparation": {"conference"},
    "sessions": {"conference"},
    "exhibits": {"conference"},
    "approvals": {"conference"},
    "reports": {"conference", "preparation", "sessions", "exhibits", "approvals"},
}
# inside an app: models ← verbs, collect, checks ← forms ← sheets ← views ← urls
STOREY = {"fields": 0, "frozen": 0, "models": 0, "forms": 2, "sheets": 3, "page": 3, "views": 3, "urls": 4}
ORDINARY = 1
EVERY = set(BELOW)
# rooms of the same name in every app that has something to put in them
ROOMS = {
    "models": EVERY,
    "exchange": EVERY,
    "collect": EVERY - {"approvals"},
    "checks": EVERY - {"approvals"},
    "dates": {"sessions", "exhibits"},
    "triggers": {"conference", "sessions", "approvals", "reports"},
    "owed": {"conference", "sessions", "reports"},
    "forms": EVERY,
    "sheets": {"conference", "preparation", "sessions", "exhibits"},
    "views": EVERY - {"preparation"},
    "urls": EVERY - {"preparation"},
}
# what each app has of its own: verbs named for the trade, and how its pages and papers are made
TRADES = {
    "conference": "access accounts bundles cache changelist changes draft environ fields files founding frozen headers health house kinds language libraries limited markup news notation offices outbox overview "
    "pages paper photos pictures postponing preview prints refusals release removal roles settings sign_ins sitemap system_checks templatetags urgent wording wsgi",
    "preparation": "",
    "sessions": "drawing feeds finding grid materials outline paper raster schedule timetable today",
    "exhibits": "stands",
    "approvals": "access box chain conflict guards inbox kinds line lines machine notices page proof trail verify",
    "reports": "actuals calls collection document drafting earlier gallery progress render renderings sections standing",
}
DJANGO = {"__init__", "apps", "migrations", "management"}


def modules(app: str) -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted((ROOT / app).rglob("*.py")):
        if "migrations" not in path.parts:
            yield path, ast.parse(path.read_text("utf-8"))


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def storey(module: str) -> int:
    parts = module.split(".")
    return STOREY.get(parts[1], ORDINARY) if len(parts) > 1 else 0


@pytest.mark.parametrize("app", BELOW)
def test_arrows_between_apps(app: str) -> None:
    wrong = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path, tree in modules(app)
        for name in imported(tree)
        if (top := name.split(".")[0]) in BELOW and top != app and top not in BELOW[app]
    }
    assert wrong == set()


@pytest.mark.parametrize("app", BELOW)
def test_arrows_inside_an_app(app: str) -> None:
    wrong = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path, tree in modules(app)
        for name in imported(tree)
        if name.startswith(f"{app}.")
        and "management" not in path.parts
        and storey(name) > storey(".".join(path.relative_to(ROOT).with_suffix("").parts))
    }
    # settings name these by string; the two that read a list of addresses do so to walk it
    assert wrong == set()


@pytest.mark.parametrize("room", ROOMS)
def test_rooms(room: str) -> None:
    found = {app for app in settings.HOUSE if (ROOT / app / f"{room}.py").exists() or (ROOT / app / room).is_dir()}
    assert found == ROOMS[room]


@pytest.mark.parametrize("app", BELOW)
def test_every_room_of_an_app_is_named_here(app: str) -> None:
    """A new module asks first which of these it belongs to; then it gets a name above."""
    found = {
        path.stem
        for path in (ROOT / app).iterdir()
        if path.suffix == ".py" or (path.is_dir() and path.name != "__pycache__")
    }
    shared = {room for room, apps in ROOMS.items() if app in apps}
    assert found - DJANGO == shared | set(TRADES[app].split())


def test_no_room_for_what_has_no_owner() -> None:
    junk = {"common", "core", "utils", "util", "helpers", "services", "misc", "lib"}
    assert [path for app in BELOW for path, _ in modules(app) if path.stem in junk or path.parent.name in junk] == []


def test_no_file_is_too_long() -> None:
    ours = [*BELOW, "tests"]
    long = {
        str(path.relative_to(ROOT)): lines
        for folder in ours
        for path in (ROOT / folder).rglob("*.py")
        if "migrations" not in path.parts and (lines := len(path.read_text("utf-8").splitlines())) > MAX_LINES
    }
    assert long == {}


INLINE = re.compile(r"""\sstyle\s*=|\son[a-z]+\s*=\s*["']|<style|<script(?![^>]*\bsrc=)|javascript:""", re.IGNORECASE)


def test_nothing_inline_in_templates() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in (ROOT / "templates").rglob("*.html")
        for line in path.read_text("utf-8").splitlines()
        if INLINE.search(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    "bad", ['<p style="x">', '<a onclick="x">', "<script>x</script>", "<style>", '<a href="javascript:x">']
)
def test_inline_would_be_seen(bad: str) -> None:
    assert INLINE.search(bad) is not None


def test_every_post_form_carries_a_token() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {form[:60]}"
        for path in (ROOT / "templates").rglob("*.html")
        for form in re.findall(r"<form\b.*?</form>", path.read_text("utf-8"), re.DOTALL)
        if re.search(r'method="post"', form, re.IGNORECASE) and "csrf_token" not in form
    ]
    assert found == []


def test_the_session_of_the_sign_in_is_only_ever_request_session() -> None:
    found = [
        path
        for app in BELOW
        for path, tree in modules(app)
        for name in imported(tree)
        if name.startswith("django.contrib.sessions")
    ]
    assert found == []
