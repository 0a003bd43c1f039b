"""What developers are given: `./portal dev` and `./portal check`, the example of an environment, the hooks before a commit."""

from __future__ import annotations

import ast
import importlib.util
import inspect
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
from django.conf import settings as portal
from django.test import Client

import launcher.__main__
from accounts.models import User
from config import environment
from launcher import LauncherError, checks, machine, serving

ROOT = portal.BASE_DIR

# page → who opens it ("": a stranger). Drawn from the release, from rows, by crispy's own templates, by forms of the report
PAGES = {
    "/": "",
    "/dongbuk4-2015/": "",
    "/dongbuk4-2015/programme/": "",
    "/dongbuk4-2015/exhibits/": "",
    "/accounts/login/": "",
    "/desk/dongbuk4-2015/": "chair",
    "/desk/dongbuk4-2015/overview/": "chair",
    "/desk/dongbuk4-2015/publish/": "chair",
    "/desk/dongbuk4-2015/reports/1/": "wook",
    "/approvals/": "wook",
}


def developing(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return the portal's settings as they are with DEBUG; ``settings`` itself keeps those of the tests."""
    monkeypatch.setitem(os.environ, "DEBUG", "yes")
    spec = importlib.util.find_spec("config.settings")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def templates(settings, tmp_path, monkeypatch) -> Path:
    """The templates in a folder of the test's own, in a portal that is developed."""
    folder = tmp_path / "templates"
    shutil.copytree(settings.BASE_DIR / "templates", folder)
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [folder]}]
    own = [name for name in developing(monkeypatch).MIDDLEWARE if not name.startswith("debug_toolbar.")]
    settings.MIDDLEWARE = own  # the toolbar is no installed app of the tests
    return folder


def drawn() -> dict[str, str]:
    clients = {name: Client() for name in {*PAGES.values()}}
    for name in clients.keys() - {""}:
        clients[name].force_login(User.objects.get(username=name))
    answers = {path: clients[name].get(path) for path, name in PAGES.items()}
    assert {path: answer.status_code for path, answer in answers.items()} == dict.fromkeys(PAGES, 200)
    return {path: answer.content.decode() for path, answer in answers.items()}


def test_a_changed_template_is_seen_at_the_next_reload_everywhere(example, templates) -> None:
    for old, new in [(' class="', ' class="first '), (' class="first ', ' class="second ')]:
        for path in templates.rglob("*.html"):
            path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
        pages = drawn()
        assert [path for path, page in pages.items() if new not in page] == []
    assert [path for path, page in pages.items() if ' class="first ' in page] == []


# what a page holds, and whether the toolbar's table is to be made, where the portal is started with DEBUG
TOOLBAR = """
import django; django.setup()
from django.db.migrations.loader import MigrationLoader
from django.test import Client
page = Client(headers={"host": "localhost"}).get("/accounts/login/").content.decode()
print(page.count('id="djDebug"'), "debug_toolbar" in MigrationLoader(None).migrated_apps)
"""


def test_the_toolbar_is_beside_a_page_for_developers_alone_and_makes_no_table(tmp_path) -> None:
    env = {"PATH": os.environ["PATH"], "PORTAL_DATA": str(tmp_path), "DEBUG": "yes"}
    env["DJANGO_SETTINGS_MODULE"] = "config.settings"
    command = [sys.executable, "-c", TOOLBAR]
    done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "1 False\n")
    without_debug = [*portal.INSTALLED_APPS, *portal.MIDDLEWARE, *portal.STATICFILES_FINDERS]
    assert [name for name in without_debug if "debug_toolbar" in name or "AppDirectories" in name] == []


def test_dev_prepares_the_example_and_serves_it_with_reload(monkeypatch, tmp_path) -> None:
    for name in ("DEBUG", "PORTAL_URL"):
        monkeypatch.setenv(name, "")  # put back at the end
        monkeypatch.delenv(name)
    monkeypatch.setenv("PORTAL_DATA", str(tmp_path))
    monkeypatch.setattr(machine, "set_up", lambda: None)
    started = []

    def process(command, **_options):
        started.append((command[1:], os.environ.get("DEBUG"), os.environ.get("PORTAL_URL")))
        return SimpleNamespace(returncode=0, wait=lambda *_: 0, terminate=lambda: None)

    monkeypatch.setattr(serving.subprocess, "run", process)
    monkeypatch.setattr(serving, "start", process)
    assert launcher.__main__.main("dev", "--port=8123") == 0
    assert started == [
        (["manage.py", "prepare", "--example"], "yes", "http://127.0.0.1:8123"),
        (["manage.py", "runserver", "127.0.0.1:8123"], "yes", "http://127.0.0.1:8123"),
    ]


# ── ./portal check ──────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def tools(monkeypatch) -> None:
    """Two stand-ins, the second of which finds something."""
    monkeypatch.setattr(machine, "set_up_checks", lambda: None)
    monkeypatch.setattr(checks, "TOOLS", {"good": ["true"], "bad": ["sh", "-c", "echo here: a fault; exit 1"]})


def test_check_runs_every_tool_and_says_what_each_finds(tools, capsys) -> None:
    with pytest.raises(LauncherError) as stopped:
        launcher.__main__.main("check")
    assert str(stopped.value) == "실패: bad / failed"
    lines = re.sub(r"\d+\.\d s", "TIME", capsys.readouterr().out).splitlines()
    assert lines == ["good: 통과 / passed (TIME)", "here: a fault", "bad: 실패 / failed (TIME)"]


def test_check_runs_what_is_asked_for_and_refuses_what_it_does_not_know(tools, capsys) -> None:
    assert launcher.__main__.main("check", "good") is None
    assert capsys.readouterr().out.count("\n") == 1
    with pytest.raises(LauncherError, match=r"^check: 모르는 검사 goood "):
        launcher.__main__.main("check", "goood")


def test_the_whole_suite_begins_with_check_and_goes_on_after_its_faults(tools, monkeypatch, capsys) -> None:
    monkeypatch.setattr(machine, "set_up_tests", lambda: None)
    monkeypatch.setattr(launcher.__main__.subprocess, "run", lambda *_, **__: SimpleNamespace(returncode=0))
    monkeypatch.setattr(checks, "run_tool", lambda name, _env: name == "good")
    monkeypatch.setenv("DATABASE_URL", "")  # `test` takes it away
    with pytest.raises(LauncherError, match=r"^실패: check / failed$"):
        launcher.__main__.main("test")
    assert re.findall("── (.*) ──", capsys.readouterr().out) == ["check", "SQLite", "PostgreSQL", "Chromium"]
    assert launcher.__main__.main("test", "-k", "word") is None  # who chooses tests wants these alone
    assert re.findall("── (.*) ──", capsys.readouterr().out) == ["SQLite", "PostgreSQL", "Chromium"]


def test_a_tool_sees_no_setting_of_the_shell(monkeypatch, tools) -> None:
    monkeypatch.setenv("PORTAL_URL", "https://portal.example.test")
    looks = 'test -z "$PORTAL_URL$DATABASE_URL" && test -d "$PORTAL_DATA"'
    monkeypatch.setitem(checks.TOOLS, "good", ["sh", "-c", looks])
    assert checks.run_tools(["good"]) == []


def test_the_hooks_before_a_commit_are_the_tools_of_check() -> None:
    text = (ROOT / ".pre-commit-config.yaml").read_text("utf-8")
    assert re.findall(r"id: (\w+), name: (\w+), entry: \./portal check (\w+),", text) == [
        (name,) * 3 for name in checks.TOOLS
    ]


# ── the environment ─────────────────────────────────────────────────────────────────────────────
def known() -> set[str]:
    """Return every name that ``environ`` asks the environment for."""
    calls = [node for node in ast.walk(ast.parse(inspect.getsource(environment))) if isinstance(node, ast.Call)]
    asked = {ast.unparse(call.args[0]) for call in calls if ast.unparse(call.func) == "env.get"}
    return {ast.literal_eval(name) for name in asked}


def test_the_example_of_an_environment_holds_every_setting(tmp_path, monkeypatch) -> None:
    text = (ROOT / ".env.example").read_text("utf-8")
    file = tmp_path / "filled-in.env"
    file.write_text(re.sub(r"^# (?=[A-Z_]+=)", "", text, flags=re.MULTILINE), "utf-8")
    shell = ["sh", "-c", f"set -a; . {file}; env"]
    env = dict(line.split("=", 1) for line in subprocess.check_output(shell, env={}, text=True).splitlines())
    assert env.keys() - {"PWD", "OLDPWD", "SHLVL", "_"} == known() | environment.PORTAL_NAMES
    url = environment.address(environment.reject_unknown(env))
    found = [
        environment.hosts(env, url=url),
        environment.hsts(env, url=url),
        environment.proxies(env, url=url),
        environment.debug(env),
    ]
    assert found == [["conference.example.go.kr"], "host", 1, False]
    monkeypatch.setattr("importlib.util.find_spec", lambda name: name)  # as if the packages of S3 were installed
    assert environment.storage(env, folder=tmp_path)["OPTIONS"]["bucket_name"] == "bucket"
    assert environment.database(env, folder=tmp_path)["NAME"] == "portal"
    assert environment.mail(env, folder=tmp_path, url=url)["DEFAULT_FROM_EMAIL"] == "portal@example.go.kr"


def test_the_readme_has_a_line_for_every_setting() -> None:
    rows = re.findall(r"^\| (`[A-Z].*?) \|", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    assert {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)} == known() | environment.PORTAL_NAMES


# ── what is installed ───────────────────────────────────────────────────────────────────────────
def test_a_lock_is_installed_once_and_a_failure_says_why(tmp_path) -> None:
    lock, stamp, done = (tmp_path / name for name in ("lock", "stamp", "done"))
    command = ["sh", "-c", f"echo again >> {done}"]
    for text in ("one", "one", "two"):
        lock.write_text(text)
        machine.install(lock, stamp, command, "설치합니다", "installing")
    assert done.read_text() == "again\nagain\n"
    lock.write_text("three")
    for _ in range(2):  # what failed is tried again
        with pytest.raises(LauncherError, match=r"lock을 설치하지 못했습니다: no network / "):
            machine.install(lock, stamp, ["sh", "-c", "echo no network >&2; exit 1"], "설치합니다", "installing")
