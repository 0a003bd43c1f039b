"""Fault runs against the real server, gunicorn and the worker: `python -m tests.faults kills|scenes [FOLDER]`.

kills: 100 processes killed at random (KILLS=…) while four people write over HTTP; prints what was lost, and fails if
anything was. scenes: a lock of 45 s, a damaged and a moved database, a full disk (as root), Redis, storage and mail away;
prints what came and how long it took, and leaves a picture of each page in FOLDER. SQLite, or the database of
DATABASE_URL (`python -m tests.postgres python -m tests.faults …`), which must be empty.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"  # to read the pages; the portal has its own
django.setup()

from tests.faults import kills, scenes  # noqa: E402
from tests.faults.server import Portal  # noqa: E402
from tests.redis_server import free_port, running  # noqa: E402


def run_kills(place: Path) -> int:
    """Print the figures; 1 where something was lost, half written or sent never."""
    portal = Portal(place / "portal", **_database())
    portal.prepare()
    try:
        found = kills.run(portal, kills=int(os.environ.get("KILLS", "100")))
    finally:
        portal.stop()
    for name, figure in found.items():
        sys.stdout.write(f"{name}: {figure}\n")
    return int(any(figure for name, figure in found.items() if name in kills.NEVER))


def run_scenes(place: Path, folder: Path, names: list[str]) -> int:
    """Let every scene play on a copy of the same portal; with PostgreSQL, those of the database alone."""
    from playwright.sync_api import sync_playwright

    folder.mkdir(parents=True, exist_ok=True)
    base = Portal(place / "base", **_database())
    base.prepare()
    base.manage("run_jobs")  # the PDFs too: no scene spends its time on them
    with sync_playwright() as playwright:
        found = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-dev-shm-usage"])
        for name in names or _chosen():
            _play(name, base, place / name, browser, folder)
        browser.close()
    return 0


def _database() -> dict[str, str]:
    return {name: os.environ[name] for name in ("DATABASE_URL",) if name in os.environ}


def _chosen() -> list[str]:
    if "DATABASE_URL" in os.environ:
        return ["lock"]
    return ["lock", "garbage", "moved", *(["full"] if os.geteuid() == 0 else []), "storage", "mail", "redis"]


def _play(name: str, base: Portal, place: Path, browser, folder: Path) -> None:
    with ExitStack() as stack:
        settings, port = _database(), free_port()
        if name == "full":
            stack.enter_context(scenes.tmpfs(place, 640))
        if name == "mail":
            settings["EMAIL_URL"] = f"smtp://127.0.0.1:{port}?starttls=no"
        if name == "redis":
            settings["CACHE_URL"] = f"redis://127.0.0.1:{port}"
        redis = running(port)
        if name == "redis":
            redis.__enter__()
        shutil.copytree(base.folder, place, dirs_exist_ok=True, ignore=shutil.ignore_patterns("log"))
        portal = Portal(place, **settings)
        seen = stack.enter_context(scenes.witness(browser, portal, folder, name))
        _SCENES[name](seen, port, redis)


_SCENES = {
    "lock": lambda seen, *_: scenes.saving(seen, scenes.lock(seen.portal)),
    "garbage": lambda seen, *_: scenes.saving(seen, scenes.garbage(seen.portal)),
    "moved": lambda seen, *_: scenes.saving(seen, scenes.moved(seen.portal.folder / "portal.sqlite3")),
    "full": lambda seen, *_: scenes.saving(seen, scenes.filled(seen.portal.folder)),
    "storage": lambda seen, *_: (scenes.uploading(seen), scenes.starting_without_files(seen)),
    "mail": lambda seen, port, _redis: scenes.mailing(seen, port),
    "redis": lambda seen, _port, redis: scenes.signing_in(seen, redis),
}


def main(arguments: list[str]) -> int:
    """Run what is asked for in a folder that goes away afterwards."""
    with tempfile.TemporaryDirectory(prefix="portal-faults-") as place:
        if arguments[:1] == ["kills"]:
            return run_kills(Path(place))
        if arguments[:1] == ["scenes"]:
            folder = Path(arguments[1] if len(arguments) > 1 else "var/faults")
            return run_scenes(Path(place), folder.absolute(), arguments[2:])
    sys.stderr.write(f"{__doc__}\n")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
