"""Every command that README and docs name is run in a short form, here or in the test that is named for it."""

import re
import subprocess

import pytest
from django.conf import settings
from django.core.management import call_command, get_commands

from accounts.models import User
from conference.models import Conference
from config import environment
from launcher.__main__ import COMMANDS

DOCS = [
    settings.BASE_DIR / "README.md",
    settings.BASE_DIR / "CONTRIBUTING.md",
    *(settings.BASE_DIR / "docs").rglob("*.md"),
]
HERE = {
    "check_files": ["--hash"],
    "export_conference": ["dongbuk4-2015"],
    "import_conference": ["{folder}/other.json"],
    "import_schedule": ["tests/data/schedule.xml", "--dry-run"],
    "make_admin": ["first", "--name", "관리자"],
    "run_jobs": [],
    "verify_chain": [],
}
ELSEWHERE = {
    "backup": "tests/config/test_backup_writing.py",
    "restore": "tests/config/test_backup.py",
    "exchange_schema": "tests/exchange/test_schema.py",
    "load_example": "tests/conftest.py",
    "prepare": "bench/__main__.py",  # which tests/test_bench.py runs
    "work": "tests/config/test_jobs.py",
}


def named(pattern: str) -> set[str]:
    return {name for path in DOCS for name in re.findall(pattern, path.read_text("utf-8"))}


def test_every_command_of_ours_has_its_run():
    ours = {name for name, app in get_commands().items() if app in {*settings.PORTAL_APPS, "config"}}
    assert ours == HERE.keys() | ELSEWHERE.keys()
    assert named(r"manage(?:\.py)? ([a-z_]+)") - ours == {"check", "makemessages", "makemigrations"}  # Django's own
    assert [name for name, path in ELSEWHERE.items() if name not in (settings.BASE_DIR / path).read_text("utf-8")] == []


def test_every_word_of_the_launcher_that_is_written_down_is_one():
    assert named(r"`\./portal ([a-z]+)") - COMMANDS.keys() == set()


def test_units_and_shells_of_the_handbook_work_on_one_and_the_same_portal(tmp_path):
    text = (settings.BASE_DIR / "docs" / "operating.md").read_text("utf-8")
    blocks = re.findall(r"(?:^ {4}.*\n|^\n(?= {4}))+", text, re.MULTILINE)
    runs = [block for block in blocks if re.search(r"/portal (setup|manage|serve|backup|restore)", block)]
    assert [bool(re.search(r"(EnvironmentFile=|set -a; \. )/etc/portal\.env", block)) for block in runs] == [True] * 6
    assert re.findall(r"^ *Environment=.*", text, re.MULTILINE) == []
    (file,) = [block for block in blocks if block.strip().startswith("PORTAL_DATA=")]
    (tmp_path / "portal.env").write_text(file.replace("# DATABASE_URL", "DATABASE_URL").replace("    ", ""), "utf-8")
    shell = ["sh", "-c", f"set -a; . {tmp_path}/portal.env; set +a; env"]
    env = dict(line.split("=", 1) for line in subprocess.check_output(shell, env={}, text=True).splitlines())
    assert environment.reject_unknown(env)["PORTAL_DATA"] == "/srv/data"
    assert (environment.address(env).scheme, environment.database(env, folder=tmp_path)["NAME"]) == ("https", "portal")


@pytest.mark.parametrize("name", HERE)
def test_a_command_does_its_work(example, name, tmp_path, monkeypatch):
    monkeypatch.chdir(settings.BASE_DIR)
    if name == "make_admin":
        User.objects.update(is_admin=False)  # the first account of a portal that has none
    if name == "import_conference":
        text = (settings.BASE_DIR / "examples" / "dongbuk4-2015.json").read_text("utf-8")
        (tmp_path / "other.json").write_text(text.replace('"slug": "dongbuk4-2015"', '"slug": "other"'), "utf-8")
    call_command(name, *(argument.format(folder=tmp_path) for argument in HERE[name]))
    done = {
        "make_admin": User.objects.filter(is_admin=True),
        "import_conference": Conference.objects.filter(slug="other"),
    }
    assert [query.count() for wanted, query in done.items() if wanted == name] in ([], [1])
