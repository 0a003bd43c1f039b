"""The house keeps its order by itself: arrows, rooms, sizes, and what no template may hold."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
MAX_LINES = 400

PACKAGES = ["korean", "rows", *settings.PORTAL_APPS, "config"]
# inside an app: models ← verbs, collect, checks ← forms ← sheets ← views ← urls
STOREY = {
    "fields": 0,
    "canonical_json": 0,
    "app_registry": 0,
    "labels": 0,
    "recording": 0,
    "models": 0,
    "content": 0,
    "forms": 2,
    "sheets": 3,
    "round_context": 3,
    "views": 3,
    "urls": 4,
}
ORDINARY = 1


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


def test_arrows_between_packages() -> None:
    """The contract in pyproject.toml; a package that it does not name fails."""
    settings_of_it = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    assert sorted(settings_of_it["root_packages"]) == sorted(PACKAGES)
    command = [
        Path(sys.executable).parent / "lint-imports",
        "--no-cache",
    ]  # a process of its own: it changes our logging
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("app", PACKAGES)
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


def test_no_room_for_what_has_no_owner() -> None:
    junk = {"common", "core", "utils", "util", "helpers", "services", "misc", "lib"}
    assert [path for app in PACKAGES for path, _ in modules(app) if path.stem in junk or path.parent.name in junk] == []


def test_no_file_is_too_long() -> None:
    ours = [*PACKAGES, "launcher", "tests"]
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
    texts = [path for app in settings.PORTAL_APPS for path in (ROOT / app).rglob("*.py")] + list(
        (ROOT / "templates").rglob("*.html")
    )
    found = {
        f"{path.relative_to(ROOT)}: {word}"
        for path in texts
        for word in OFFICE_WORDS
        if word in path.read_text("utf-8")
    }
    assert found == set()


OBJECT = re.compile(r"(?!마을|가을|노을|고을)[가-힣]*([가-힣])([을를])(?![가-힣])")


def misfits(text: str) -> list[str]:
    """Words with 을 after a vowel, or 를 after a consonant."""
    return [
        found[0] for found in OBJECT.finditer(text) if ((ord(found[1]) - ord("가")) % 28 == 0) == (found[2] == "을")
    ]


def test_the_particle_fits_its_word() -> None:
    texts = [path for app in [*PACKAGES, "launcher"] for path, _tree in modules(app)]
    texts += [*(ROOT / "templates").rglob("*.html"), *(ROOT / "static" / "js").glob("*.js")]
    found = {str(path.relative_to(ROOT)): misfits(path.read_text("utf-8")) for path in texts}
    assert {path: words for path, words in found.items() if words} == {}


def test_a_misfit_would_be_seen() -> None:
    assert misfits("사유을 적고 이름를 적습니다. 문서를 서식을 가을을 마을 을") == ["사유을", "이름를"]


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
        if not re.search(r' action="{[{%](?!.*\brequest\.)|{{ flat_attrs }}', form)
    ]
    assert found == []


def test_the_session_of_the_sign_in_is_only_ever_request_session() -> None:
    found = [
        path
        for app in PACKAGES
        for path, tree in modules(app)
        for name in imported(tree)
        if name.startswith("django.contrib.sessions")
    ]
    assert found == []


# ── a form is tested by sending what the drawn page holds ───────────────────────────────────────
# modules whose requests are nobody's who uses a page → why
RAW = {
    "visitor.py": "sends what a page holds, and post_raw for tests that say so",
    "config/test_error_pages.py": "what comes is no form of ours: of another origin, without a token, too much",
    "accounts/test_sign_in_limits.py": "who guesses passwords, by programs and from many addresses",
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
# (file, what stands there) → why it need not be the one reader of numbers from outside, rows.whole_numbers
ELSEWHERE = {
    ("rows/whole_numbers.py", "int(text)"): "the reader itself",
    ("rows/whole_numbers.py", "text.isdecimal()"): "the reader itself",
    ("config/backup/database.py", "int(number[1])"): "the pattern has at most four digits",
    ("conference/exchange/reading.py", "float('inf')"): "stands for a number that is too large",
    ("conference/exchange/values.py", "int(value[:4])"): "the pattern has found four ASCII digits",
    ("sheets/cells.py", "int(number)"): "a Decimal between the field's least and most",
    ("sheets/times.py", "int(match[1])"): "the patterns have at most four digits",
    ("sheets/times.py", "int(match[2])"): "the patterns have at most two digits",
    ("sheets/times.py", "int(match[3] or 0)"): "the pattern has at most two digits",
    ("sheets/times.py", "int(match[3])"): "the pattern has at most two digits",
    ("sessions/schedule/times.py", "int(match[1])"): "the pattern has at most two digits",
    ("sessions/schedule/times.py", "int(match[2])"): "the pattern has two digits",
    ("sessions/schedule/times.py", "int(match[3] or 0)"): "the pattern has two digits",
    ("sessions/schedule/times.py", "int(parts[1])"): "the pattern has at most four digits",
    ("sessions/schedule/times.py", "int(parts[2])"): "the pattern has at most two digits",
    ("sessions/schedule/times.py", "int(parts[3] or 0)"): "the pattern has at most two digits",
    ("reports/checks.py", "int(year)"): "the pattern has four digits",
    ("reports/checks.py", "int(month)"): "the pattern has at most two digits",
    ("reports/checks.py", "int(day_)"): "the pattern has at most two digits",
    ("korean/particles.py", "letter.isdigit()"): "asks how a letter is read aloud",
    ("korean/particles.py", "int(letter)"): "one letter",
    ("publishing/wording.py", "sign.isdigit()"): "keeps the digits of a telephone number, as text",
}
OWN = "a number of our own"  # a difference of times, a page of a PDF that we made, a hash
OURS = {
    ("conference/child_process.py", "int(seconds)"): OWN,
    ("conference/child_process.py", "int(memory)"): OWN,
    ("publishing/pdf/pdf_ua.py", "int(page.obj.get('/StructParents', -1))"): OWN,
    ("publishing/pdf/pdf_ua.py", "int(key)"): OWN,
    ("publishing/pdf/pdf_ua.py", "int(piece.operands[1].get('/MCID', -1))"): OWN,
    ("publishing/pdf/engine.py", "int(time.time() // 86400)"): OWN,
    ("sessions/feeds/frab.py", "int(guid[:8], 16)"): OWN,
    ("sessions/feeds/frab.py", "int(min(length, MAX_DURATION).total_seconds())"): OWN,
    (
        "sessions/programme_cards.py",
        "int((datetime.fromisoformat(new) - datetime.fromisoformat(old)).total_seconds() // 60)",
    ): OWN,
    ("reports/todo_counts.py", "int(not counts['n_photos'])"): OWN,
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
        for app in PACKAGES
        for path, tree in modules(app)
        for reading_ in readings(tree)
    }
    assert found == ELSEWHERE.keys() | OURS.keys()


@pytest.mark.parametrize("bad", ["int(request.GET['page'])", "[*map(int, keys)]", "key.isdecimal()", "float(text)"])
def test_such_code_would_be_seen(bad: str) -> None:
    assert list(readings(ast.parse(bad))) == [bad.strip("[*]")]
