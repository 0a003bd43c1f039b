"""Parts of the machine taken away while a visitor reads and somebody saves: statuses, times, and a picture of each page."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, Response

from tests.faults.kills import DESK, _png
from tests.faults.server import PASSWORD, Portal

PUBLIC = "/dongbuk4-2015/"
FORM = f"{DESK}rows/deadlines/new/"
TYPED = "발표자료 최종본을 냅니다. 파일 이름에 분야와 성명을 적습니다."
LOCK = 45  # seconds
SIZES = ((360, 740), (1280, 900))  # CSS pixels: of a phone, of a desk


@dataclass
class Witness:
    """A visitor on a phone and a 주무관 at a desk, with the folder of what they saw."""

    portal: Portal
    visitor: Page
    staff: Page
    folder: Path
    scene: str
    number: int = 0

    def look(self, page: Page, what: str, act: Callable[[], Response | None]) -> None:
        """Do something that loads a page; print how long it took and what came, and take a picture in both widths."""
        begin = time.monotonic()
        answer = act()
        seconds = time.monotonic() - begin
        page.wait_for_timeout(300)
        self.number += 1
        own = page.viewport_size
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            page.screenshot(path=self.folder / f"{self.scene}-{self.number}-{width}.png", full_page=True)
        page.set_viewport_size(own)
        age = f" Age {answer.headers['age']}" if answer and "age" in answer.headers else ""
        status = answer.status if answer else "–"
        say(f"{self.scene}-{self.number}  {what}: {status}{age} in {seconds:.1f} s · {page.title().split(' | ')[0]}")

    def visit(self, path: str, what: str) -> None:
        self.look(self.visitor, what, lambda: self.visitor.goto(self.portal.address + path))

    def open(self, path: str, what: str) -> None:
        self.look(self.staff, what, lambda: self.staff.goto(self.portal.address + path))

    def press(self, name: str, what: str) -> None:
        """Press a button of the staff's page that loads another one."""

        def act() -> Response:
            with self.staff.expect_navigation(timeout=60_000) as loaded:
                self.staff.get_by_role("button", name=name, exact=True).first.click()
            return loaded.value

        self.look(self.staff, what, act)

    def health(self) -> None:
        """Print what /healthz says."""
        begin = time.monotonic()
        answer = self.visitor.request.get(f"{self.portal.address}/healthz")
        words = answer.text().strip().replace("\n", ", ")
        say(f"{self.scene}    healthz: {answer.status} in {time.monotonic() - begin:.1f} s · {words}")

    def sign_in(self, page: Page) -> None:
        page.goto(f"{self.portal.address}/accounts/login/")
        page.fill("[name=login]", "chair")
        page.fill("[name=password]", PASSWORD)
        page.locator("main form button").first.click()
        page.wait_for_url("**/approvals/**")

    def type_row(self) -> None:
        """Fill in the form of a new deadline."""
        self.staff.goto(self.portal.address + FORM)
        self.staff.select_option("[name=track]", index=1)
        self.staff.fill("[name=date]", "2015-11-20")
        self.staff.fill("[name=label]", f"자료 제출 ({self.scene})")
        self.staff.fill("[name=content]", TYPED)

    def rows(self) -> None:
        """Print how often what was typed is saved."""
        program = "from preparation.models import Deadline; print(Deadline.objects.filter(content=TYPED).count())"
        count = self.portal.manage("shell", "-v0", "-c", f"TYPED = {TYPED!r}\n{program}").strip()
        say(f"{self.scene}    rows saved: {count}")


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


@contextmanager
def witness(browser: Browser, portal: Portal, folder: Path, scene: str) -> Iterator[Witness]:
    """Start the portal; a visitor has read two pages, and somebody is signed in."""
    portal.start()
    phone = browser.new_context(viewport={"width": 360, "height": 740}, locale="ko-KR", service_workers="block")
    desk = browser.new_context(viewport={"width": 1280, "height": 900}, locale="ko-KR")
    seen = Witness(portal, phone.new_page(), desk.new_page(), folder, scene)
    try:
        for _ in range(4):  # both processes have it in memory
            for path in (PUBLIC, f"{PUBLIC}programme/", f"{PUBLIC}version.json"):
                seen.visitor.goto(portal.address + path)
        seen.sign_in(seen.staff)
        yield seen
    finally:
        phone.close()
        desk.close()
        portal.stop()
        shutil.copy(portal.folder / "log", folder / f"{scene}.log")


def saving(seen: Witness, lost: AbstractContextManager[None]) -> None:
    """What a visitor and somebody who saves meet while the database or its disk is away, and after it is back."""
    seen.type_row()
    with lost:
        time.sleep(4)  # nothing is fresh any more
        seen.visit(PUBLIC, "visitor, a page in memory")
        seen.visitor.wait_for_timeout(9000)  # the page looks for news, and says how old it is
        seen.look(seen.visitor, "visitor, the same page a little later", lambda: None)
        seen.visit(f"{PUBLIC}exhibits/", "visitor, a page not in memory")
        seen.health()
        seen.press("저장", "staff, 저장")
        seen.press("다시 보내기", "staff, 다시 보내기 too early")
        other = seen.staff.context.new_page()
        seen.look(other, "staff, opens the desk", lambda: other.goto(seen.portal.address + DESK))
        other.close()
    time.sleep(3)
    seen.visit(PUBLIC, "visitor, after it is back")
    seen.press("다시 보내기", "staff, 다시 보내기 after it is back")
    seen.health()
    seen.rows()


# ── what is taken away ──────────────────────────────────────────────────────────────────────────
@contextmanager
def lock(portal: Portal) -> Iterator[None]:
    """Somebody else holds the database for LOCK seconds, or until all was looked at if that takes longer."""
    url = portal.env.get("DATABASE_URL", "")
    if url.startswith("postgres"):
        program = (
            "import sys, time\nfrom django.db import connection as c, transaction\n"
            "with transaction.atomic(), c.cursor() as cursor:\n"
            "    cursor.execute('LOCK TABLE ' + ', '.join(c.introspection.table_names()) + ' IN ACCESS EXCLUSIVE MODE')\n"
            f"    print('locked', flush=True)\n    time.sleep({LOCK})\n    sys.stdin.readline()\n"
        )
        command = [sys.executable, "manage.py", "shell", "-v0", "-c", program]
        root = Path(__file__).resolve().parents[2]
        with subprocess.Popen(
            command, cwd=root, env=portal.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as holder:
            holder.stdout.readline()
            yield
            holder.stdin.close()
        return
    begin = time.monotonic()
    other = sqlite3.connect(portal.folder / "portal.sqlite3", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    yield
    time.sleep(max(0, LOCK - (time.monotonic() - begin)))
    other.close()


@contextmanager
def garbage(portal: Portal) -> Iterator[None]:
    """Something else is written into the database's file, its log is away; then a copy from before is put back."""
    path, aside = portal.folder / "portal.sqlite3", portal.folder / "aside"
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(aside)) as target:
        source.backup(target)
    path.write_bytes(os.urandom(1_000_000))
    for end in ("-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)
    yield
    for end in ("-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)
    aside.replace(path)


@contextmanager
def moved(path: Path) -> Iterator[None]:
    """A folder or a file is elsewhere."""
    away = path.with_name(f"away-{path.name}")
    path.rename(away)
    yield
    away.rename(path)


@contextmanager
def filled(folder: Path) -> Iterator[None]:
    """Not a byte is free."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (1024**2, 4096, 1):
            try:
                while True:
                    file.write(b"0" * size)
            except OSError:
                continue
    yield
    ballast.unlink()


@contextmanager
def tmpfs(folder: Path, megabytes: int) -> Iterator[None]:
    """A disk in memory (as root)."""
    folder.mkdir()
    subprocess.run(["/bin/mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", folder], check=True)
    try:
        yield
    finally:
        subprocess.run(["/bin/umount", "-l", folder], check=True)


# ── storage, mail, Redis ────────────────────────────────────────────────────────────────────────
def uploading(seen: Witness) -> None:
    """The folder of uploads is moved away while somebody uploads a picture."""
    picture = seen.folder / "picture.png"
    picture.write_bytes(_png("storage"))
    seen.open(f"{DESK}photos/", "staff, the photos")
    with moved(seen.portal.folder / "files"):
        seen.staff.set_input_files("[name=pictures]", picture)
        seen.staff.wait_for_timeout(3000)
        seen.look(seen.staff, "staff, uploads a picture", lambda: None)
        seen.visit(PUBLIC, "visitor, a page")
        seen.visit(f"{PUBLIC}#photos", "visitor, its photos")
        seen.visit(f"{PUBLIC}programme.pdf", "visitor, a file")
        seen.health()
    seen.staff.get_by_role("button", name="다시 올리기").click()
    seen.staff.wait_for_timeout(3000)
    seen.look(seen.staff, "staff, 다시 올리기 after it is back", lambda: None)
    seen.health()
    picture.unlink()


def starting_without_files(seen: Witness) -> None:
    """The portal starts while the folder of uploads is away and cannot be made."""
    seen.portal.stop()
    place = seen.portal.folder / "files"
    with moved(place):
        place.write_text("a file where a folder should be")
        seen.portal.start()
        seen.visit(PUBLIC, "visitor, after a start without the storage")
        seen.health()
        place.unlink()
    time.sleep(2)
    seen.health()


def mailing(seen: Witness, port: int) -> None:
    """The mail server is away while somebody asks for a new password; then it is back."""
    page = seen.visitor
    page.goto(f"{seen.portal.address}/accounts/password/reset/")
    page.locator("main form input[type=text]").fill("wook")

    def ask() -> Response:
        with page.expect_navigation() as loaded:
            page.locator("main form button").first.click()
        return loaded.value

    seen.look(page, "visitor, asks for a new password", ask)
    seen.type_row()
    seen.press("저장", "staff, 저장 while the mail server is away")
    seen.health()
    took: list[str] = []
    with mail_server(port, took):
        end = time.monotonic() + 100
        while not took and time.monotonic() < end:
            time.sleep(1)
    say(f"{seen.scene}    mails that the server took after it was back: {len(took)}")
    seen.health()


def signing_in(seen: Witness, redis: AbstractContextManager[None]) -> None:
    """Redis is killed; somebody signs in, saves, and gets a password wrong."""
    redis.__exit__(None, None, None)
    seen.type_row()
    seen.press("저장", "staff, 저장 without Redis")
    page = seen.visitor
    page.goto(f"{seen.portal.address}/accounts/login/")
    page.fill("[name=login]", "wook")
    page.fill("[name=password]", "not-the-password")

    def enter() -> Response:
        with page.expect_navigation() as loaded:
            page.locator("main form button").first.click()
        return loaded.value

    seen.look(page, "staff, a wrong password without Redis", enter)
    page.fill("[name=login]", "wook")
    page.fill("[name=password]", PASSWORD)
    seen.look(page, "staff, signs in without Redis", enter)
    seen.visit(PUBLIC, "visitor, a page")
    seen.health()


@contextmanager
def mail_server(port: int, took: list[str]) -> Iterator[None]:
    """Take mails at the port, as little of SMTP as that wants."""
    server = socket.create_server(("127.0.0.1", port))

    def serve() -> None:
        while True:
            try:
                client, _address = server.accept()
            except OSError:
                return
            with client, client.makefile("rwb") as wire:
                _talk(wire, took)

    threading.Thread(target=serve, daemon=True).start()
    yield
    server.close()


def _talk(wire, took: list[str]) -> None:
    def tell(line: str) -> None:
        wire.write(f"{line}\r\n".encode())
        wire.flush()

    tell("220 here")
    while line := wire.readline().strip().upper():
        if line == b"DATA":
            tell("354 go on")
            took.append(b"".join(iter(wire.readline, b".\r\n")).decode())
        tell("221 bye" if line == b"QUIT" else "250 well")


def copied(base: Path, place: Path) -> Path:
    """Return a copy of the prepared folder."""
    shutil.rmtree(place, ignore_errors=True)
    return shutil.copytree(base, place)
