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
    "dates": {"preparation", "sessions", "exhibits", "reports"},
    "stored_files": {"conference", "sessions", "reports"},
    "departures": {"approvals"},
    "triggers": {"conference", "sessions", "approvals", "reports"},
    "owed": {"conference", "sessions", "reports"},
    "forms": EVERY,
    "sheets": {"conference", "preparation", "sessions", "exhibits"},
    "views": EVERY - {"preparation"},
    "urls": EVERY - {"preparation"},
}
# what each app has of its own: verbs named for the trade, and how its pages and papers are made
TRADES = {
    "conference": "access accounts bundles cache changelist changes decoder development difference draft environ fields files founding frozen headers health heavy house kinds known_browsers language libraries limited login_names make_one markup new_tables news notation offices outbox overview "
    "pages paper photos pictures postponing preview prints refusals release removal reserved_slugs roles settings sign_in_limits sign_in_log sign_ins sitemap system_checks templatetags urgent venue_changes whole_numbers wording wsgi "
    "outage sqlite3 storage stored_responses storage_check lost_files "
    "backup data_lock whole_file",
    "preparation": "",
    "sessions": "delays drawing feeds finding grid materials outline paper raster schedule timetable today",
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
    ours = [*BELOW, "launcher", "tests"]
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


OFFICE_WORDS = {"까닭": "사유", "떠난 사람": "전출·퇴직한 직원", "장소(글)": "장소(직접 입력)", "따위": "등"}


def test_texts_use_the_words_of_an_office() -> None:
    texts = [path for app in settings.HOUSE for path in (ROOT / app).rglob("*.py")] + list(
        (ROOT / "templates").rglob("*.html")
    )
    found = {
        f"{path.relative_to(ROOT)}: {word}"
        for path in texts
        for word in OFFICE_WORDS
        if word in path.read_text("utf-8")
    }
    assert found == set()


def test_every_post_form_carries_a_token() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {form[:60]}"
        for path in (ROOT / "templates").rglob("*.html")
        for form in re.findall(r"<form\b.*?</form>", path.read_text("utf-8"), re.DOTALL)
        if re.search(r'method="post"', form, re.IGNORECASE) and "csrf_token" not in form
    ]
    assert found == []


def test_every_form_says_where_it_goes() -> None:
    """Drawn again in the answer of another address, a form that takes that one, or none, would go there.

    What crispy draws (templates/krds) takes it where its helper names none: docs/adr/0025 says why.
    """
    found = [
        f"{path.relative_to(ROOT)}: {form}"
        for path in (ROOT / "templates").rglob("*.html")
        for form in re.findall(r"<form\b[^>]*", path.read_text("utf-8"))
        if not re.search(r' action="{[{%](?!.*request\.)|{{ flat_attrs }}', form)
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


# ── a form is tested by sending what the drawn page holds ───────────────────────────────────────
# modules whose requests are nobody's who uses a page → why
RAW = {
    "visitor.py": "sends what a page holds, and post_raw for tests that say so",
    "conference/test_refusals.py": "what comes is no form of ours: of another origin, without a token, too much",
    "conference/test_sign_in_limits.py": "who guesses passwords, by programs and from many addresses",
    "injection/conftest.py": "a browser's name with markup in it, before anybody is signed in",
    "injection/test_injection.py": "markup in every field of every form, where it may be typed and where not",
}


def handmade_posts(tree: ast.AST) -> Iterator[str]:
    """POSTs of more than an address: of fields that a test names by hand."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "post":
            data = [word for word in node.keywords if word.arg in {"data", None}]
            if len(node.args) > 1 or data:
                yield ast.unparse(node)


def test_tests_send_what_the_page_holds() -> None:
    """Whoever stands for a person fills in and presses (tests/visitor.py); else Visitor.post_raw says what it is."""
    found = {
        str(path.relative_to(ROOT / "tests"))
        for path in (ROOT / "tests").rglob("*.py")
        if any(handmade_posts(ast.parse(path.read_text("utf-8"))))
    }
    assert found == RAW.keys()


@pytest.mark.parametrize("bad", ["client.post(path, {'a': 1})", "signed_in().post(path, data=sent)", "c.post(**sent)"])
def test_such_a_post_would_be_seen(bad: str) -> None:
    assert list(handmade_posts(ast.parse(bad))) == [bad]


# ── nobody reads a number otherwise ─────────────────────────────────────────────────────────────
READERS = {"int", "float", "complex"}
CHECKS = {"isdigit", "isdecimal", "isnumeric"}
# (file, what stands there) → why it need not be the one reader of numbers from outside, conference.whole_numbers
ELSEWHERE = {
    ("conference/whole_numbers.py", "int(text)"): "the reader itself",
    ("conference/whole_numbers.py", "text.isdecimal()"): "the reader itself",
    ("conference/backup/database.py", "int(number[1])"): "the pattern has at most four digits",
    ("conference/exchange/reading.py", "float('inf')"): "stands for a number that is too large",
    ("conference/exchange/values.py", "int(value[:4])"): "the pattern has found four ASCII digits",
    ("conference/forms/cells.py", "int(number)"): "a Decimal between the field's least and most",
    ("conference/forms/times.py", "int(found[1])"): "the patterns have at most four digits",
    ("conference/forms/times.py", "int(found[2])"): "the patterns have at most two digits",
    ("conference/forms/times.py", "int(found[3] or 0)"): "the pattern has at most two digits",
    ("conference/forms/times.py", "int(found[3])"): "the pattern has at most two digits",
    ("sessions/schedule/times.py", "int(found[1])"): "the pattern has at most two digits",
    ("sessions/schedule/times.py", "int(found[2])"): "the pattern has two digits",
    ("sessions/schedule/times.py", "int(found[3] or 0)"): "the pattern has two digits",
    ("sessions/schedule/times.py", "int(parts[1])"): "the pattern has at most four digits",
    ("sessions/schedule/times.py", "int(parts[2])"): "the pattern has at most two digits",
    ("sessions/schedule/times.py", "int(parts[3] or 0)"): "the pattern has at most two digits",
    ("reports/checks.py", "int(year)"): "the pattern has four digits",
    ("reports/checks.py", "int(month)"): "the pattern has at most two digits",
    ("reports/checks.py", "int(day_)"): "the pattern has at most two digits",
    ("conference/notation.py", "letter.isdigit()"): "asks how a letter is read aloud",
    ("conference/notation.py", "int(letter)"): "one letter",
    ("conference/wording.py", "sign.isdigit()"): "keeps the digits of a telephone number, as text",
}
OWN = "a number of our own"  # a difference of times, a page of a PDF that we made, a hash
OURS = {
    ("conference/limited.py", "int(seconds)"): OWN,
    ("conference/limited.py", "int(memory)"): OWN,
    ("conference/paper/finish.py", "int(page.obj.get('/StructParents', -1))"): OWN,
    ("conference/paper/finish.py", "int(key)"): OWN,
    ("conference/paper/finish.py", "int(piece.operands[1].get('/MCID', -1))"): OWN,
    ("conference/paper/press.py", "int(time.time() // 86400)"): OWN,
    ("sessions/feeds/frab.py", "int(guid[:8], 16)"): OWN,
    ("sessions/feeds/frab.py", "int(min(length, LONGEST).total_seconds())"): OWN,
    (
        "sessions/grid.py",
        "int((datetime.fromisoformat(new) - datetime.fromisoformat(old)).total_seconds() // 60)",
    ): OWN,
    ("reports/progress.py", "int(not found['n_photos'])"): OWN,
}


def readings(tree: ast.AST) -> Iterator[str]:
    """What of a program reads a text as a number, or asks whether it is one."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Attribute) and node.func.attr in CHECKS:
            yield ast.unparse(node)
        if isinstance(node.func, ast.Name):
            handed = {argument.id for argument in node.args if isinstance(argument, ast.Name)}
            if node.func.id in READERS or (node.func.id in {"map", "filter"} and handed & READERS):
                yield ast.unparse(node)


def test_no_code_reads_numbers_by_itself() -> None:
    found = {
        (str(path.relative_to(ROOT)), reading_)
        for app in BELOW
        for path, tree in modules(app)
        for reading_ in readings(tree)
    }
    assert found == ELSEWHERE.keys() | OURS.keys()


@pytest.mark.parametrize("bad", ["int(request.GET['page'])", "[*map(int, keys)]", "key.isdecimal()", "float(text)"])
def test_such_code_would_be_seen(bad: str) -> None:
    assert list(readings(ast.parse(bad))) == [bad.strip("[*]")]
