"""The commands of `./portal`: their arguments, help texts and functions."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from launcher import PYTHON, ROOT, LauncherError, checks, fresh, machine, say, serving

DEFAULTS = {"--host": "127.0.0.1", "--port": "8000"}
NO_TEST_CHOSEN = 5  # pytest's exit code


class Command(NamedTuple):
    call: Callable[[list[str]], int | None]
    arguments: str
    korean: str
    english: str


def run(arguments: list[str]) -> int:
    options = parse("run", arguments)
    return serving.serve(options["--host"], options["--port"], with_example=True, by=serving.supervise)


def serve(arguments: list[str]) -> int:
    options = parse("serve", arguments)
    return serving.serve(options["--host"], options["--port"], with_example=False, by=serving.supervise)


def dev(arguments: list[str]) -> int:
    options = parse("dev", arguments)
    os.environ["DEBUG"] = "yes"
    return serving.serve(options["--host"], options["--port"], with_example=True, by=serving.reload)


def parse(command: str, arguments: list[str]) -> dict[str, str]:
    """Read ``--name value`` and ``--name=value``. Stop at anything else."""
    options, rest = dict(DEFAULTS), list(arguments)
    while rest:
        name, has_value, value = rest.pop(0).partition("=")
        if name not in DEFAULTS:
            raise LauncherError(f"{command}: 모르는 인자 {name} (--host H, --port N)", "unknown argument")
        if not has_value:
            if not rest:
                raise LauncherError(f"{name}: 값이 없습니다.", "wants a value")
            value = rest.pop(0)
        options[name] = value
    return options


def test(arguments: list[str]) -> None:
    if arguments[:1] == ["--fresh"]:
        fresh.test(*arguments[1:2] or [""], arguments[2:])
        return
    machine.set_up_tests()
    os.environ.pop("DATABASE_URL", None)
    pytest = [PYTHON, "-m", "pytest", "-n", "2", "--dist", "worksteal", "-m"]
    suites = {
        "SQLite": [*pytest, "not browser"],
        "PostgreSQL": [PYTHON, "-m", "tests.postgres", *pytest, "not browser"],
        "Chromium": [*pytest, "browser"],
    }
    codes = {}
    if not arguments:
        print("\n── check ──", flush=True)
        codes["check"] = int(bool(checks.run_tools(checks.TOOLS)))
    for name, command in suites.items():
        print(f"\n── {name} ──", flush=True)
        codes[name] = subprocess.run([*command, *arguments], check=False).returncode
    # a process may have none of the chosen tests if another has some
    failed = [name for name, code in codes.items() if code not in {0, NO_TEST_CHOSEN}]
    if failed:
        raise LauncherError(f"실패: {', '.join(failed)}", "failed")
    if (not arguments and NO_TEST_CHOSEN in codes.values()) or set(codes.values()) == {NO_TEST_CHOSEN}:
        raise LauncherError("고른 시험이 없습니다.", "no test was chosen")


def setup(arguments: list[str]) -> int:
    if arguments:
        raise LauncherError(f"setup: 모르는 인자 {arguments[0]}", "unknown argument")
    machine.set_up()
    return subprocess.run([PYTHON, "manage.py", "prepare"], check=False).returncode


def manage(arguments: list[str]) -> None:
    machine.set_up()
    os.execv(PYTHON, [PYTHON, "manage.py", *arguments])


def backup(arguments: list[str]) -> None:
    manage(["backup", *resolve_paths(arguments)])


def restore(arguments: list[str]) -> None:
    manage(["restore", *resolve_paths(arguments)])


def resolve_paths(arguments: list[str]) -> list[str]:
    """Return arguments that are files or options, with the files as ``resolve_path`` finds them."""
    parted = [(argument.startswith("-"), *argument.partition("=")) for argument in arguments]
    return [
        f"{name}{sign}{resolve_path(value) if value else ''}" if is_option else str(resolve_path(name + sign + value))
        for is_option, name, sign, value in parted
    ]


def check(arguments: list[str]) -> None:
    if unknown := [name for name in arguments if name not in checks.TOOLS]:
        raise LauncherError(f"check: 모르는 검사 {unknown[0]} ({', '.join(checks.TOOLS)})", "unknown check")
    machine.set_up_checks()
    if failed := checks.run_tools(arguments or checks.TOOLS):
        raise LauncherError(f"실패: {', '.join(failed)}", "failed")


def bench(arguments: list[str]) -> None:
    """Measure on the example alone, in a folder of its own."""
    machine.set_up_tests()
    os.environ.pop("DATABASE_URL", None)
    os.environ["PORTAL_DATA"] = str(data_folder() / "bench")
    os.execv(PYTHON, [PYTHON, "-m", "bench", *arguments])


def shots(arguments: list[str]) -> int:
    machine.set_up_tests()
    os.environ.pop("DATABASE_URL", None)
    folder = resolve_path(arguments[0]) if arguments else data_folder() / "shots"
    os.environ["SHOTS"] = str(folder)
    code = subprocess.run(
        [PYTHON, "-m", "pytest", "-q", "-m", "browser", "tests/screenshots.py"], check=False
    ).returncode
    if not code:
        print(folder / "index.html")
    return code


COMMANDS = {
    "run": Command(
        run, "[--host H] [--port N]", "준비하고, 2015년 예시를 싣고, 서버를 엽니다", "set up, load the example, serve"
    ),
    "serve": Command(
        serve, "[--host H] [--port N]", "준비하고, 예시 없이 서버를 엽니다", "set up, serve an office's own portal"
    ),
    "test": Command(
        test,
        "[pytest 인자] | --fresh bookworm|trixie",
        "SQLite, PostgreSQL, 브라우저에서 시험합니다; --fresh는 새 Debian에서",
        "the whole suite, three times; or on a bare Debian",
    ),
    "check": Command(
        check, "[이름 …]", "코드와 템플릿을 실행하지 않고 살핍니다", "lint, format, migrations, templates, scripts"
    ),
    "dev": Command(
        dev,
        "[--host H] [--port N]",
        "예시로 개발 서버를 엽니다: 고치면 다음 새로 고침에 보입니다",
        "the example on a server that shows each change at the next reload",
    ),
    "setup": Command(setup, "", "준비만 합니다", "set up only"),
    "manage": Command(manage, "…", "manage.py", "Django's own command line"),
    "backup": Command(
        backup,
        "FILE [--secret-key FILE]",
        "쓰는 중에 전체를 파일 하나로 백업합니다",
        "the whole portal as one file, while in use",
    ),
    "restore": Command(
        restore,
        "FILE [--verify] [--secret-key FILE]",
        "백업을 빈 곳에 되살립니다; --verify는 살피기만 합니다",
        "fill an empty portal from a backup, or only check the file",
    ),
    "bench": Command(bench, "[이름]", "속도를 재서 보입니다", "figures beside bare Django"),
    "shots": Command(shots, "[폴더]", "모든 화면을 세 너비로 찍습니다", "a contact sheet of every page"),
}


def usage(name: str) -> str:
    _call, arguments, korean, english = COMMANDS[name]
    return f"./portal {name} {arguments}\n    {korean} ({english})"


def resolve_path(path: str) -> Path:
    """Return a typed path as absolute; it was relative to the person's folder, not to ROOT."""
    return Path(os.environ.get("OLDPWD", ROOT)) / Path(path).expanduser()


def data_folder() -> Path:
    return Path(os.environ.get("PORTAL_DATA") or ROOT / "var")


def main(name: str = "help", *arguments: str) -> int | None:
    if name in {"help", "-h", "--help"}:
        print(*map(usage, COMMANDS), sep="\n")
        return 0
    if name not in COMMANDS:
        raise LauncherError(f"모르는 명령: {name} (./portal --help)", "unknown command")
    if {"-h", "--help"} & set(arguments) and name != "manage":  # manage.py has its own
        print(usage(name))
        return 0
    return COMMANDS[name].call(list(arguments))


if __name__ == "__main__":
    os.chdir(ROOT)
    if folder := os.environ.get("PORTAL_DATA"):
        os.environ["PORTAL_DATA"] = str(resolve_path(folder))
    try:
        sys.exit(main(*sys.argv[1:]))
    except KeyboardInterrupt:
        say("그만둡니다.", "interrupted")
        sys.exit(130)
