"""What every test has: both databases alike, static files collected, no network, a browser where asked for."""

from __future__ import annotations

import gc
import os
import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.dispatch import receiver
from whitenoise.middleware import WhiteNoiseMiddleware

from conference import child_process, permissions
from conference.models import Conference
from config import health
from config.management.commands import load_example
from publishing import difference, heavy, page_cache, releases
from rows import database_rules, recording
from tests import authors, sample_conferences, snapshot

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"]
WHOLE = "not browser"  # how ./portal test calls the run on each database
ASKS_A_DATABASE = {"django_db", "db", "transactional_db", "django_db_setup"}  # marks and fixtures
SIZES = {"phone": (360, 740), "tablet": (768, 1024), "desk": (1280, 900)}  # CSS pixels


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the browser's tests to their own run, unless -m names them, and to one database's run what is alike on both."""
    if not config.option.markexpr:
        _leave_out(config, items, lambda item: bool(item.get_closest_marker("browser")))
    # nobody waits at the end for the other worker's longest
    items.sort(key=lambda item: "long" not in _marks(item))
    if connection.vendor == "sqlite" and config.option.markexpr == WHOLE:
        _leave_out(config, items, lambda item: "postgresql_is_enough" in _marks(item))
    if connection.vendor == "postgresql":
        _leave_out(config, items, lambda item: "sqlite_is_enough" in _marks(item))
        _leave_out(config, items, lambda item: not ASKS_A_DATABASE & {*item.fixturenames, *_marks(item)})


def pytest_collection_finish() -> None:
    """What is there from now on stays: the collector need not look through all of it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _leave_out(config: pytest.Config, items: list[pytest.Item], is_left: Callable[[pytest.Item], bool]) -> None:
    config.hook.pytest_deselected(items=[item for item in items if is_left(item)])
    items[:] = [item for item in items if not is_left(item)]


def _marks(item: pytest.Item) -> set[str]:
    return {mark.name for mark in item.iter_markers()}


@pytest.fixture(scope="session", autouse=True)
def _static_files() -> None:
    """Collect them as in production: names carry hashes, and a name that is not there fails the page."""
    call_command("collectstatic", interactive=False, verbosity=0)
    # Django's live server would look for the hashed names among the sources; WhiteNoise has them.
    StaticFilesHandler._should_handle = lambda _self, _path: False
    # Each client of a test makes its own middlewares; WhiteNoise looks at all the files once, for all of them.
    found = WhiteNoiseMiddleware(lambda _request: None).files
    WhiteNoiseMiddleware.add_files = lambda self, *_, **__: self.files.update(found)


def make_here(name: str, key: str, **_limits: child_process.Limits) -> None:
    """Make a heavy file in this process: a child would not see the transaction of a test."""
    try:
        heavy.works()[name].generate(key)
    except Exception as error:
        raise child_process.ChildFailed(repr(error)) from error


@pytest.fixture(autouse=True)
def _no_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heavy, "run", make_here)


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a test reach this machine only."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address):
        if self.family in {socket.AF_INET, socket.AF_INET6} and address[0] not in {"127.0.0.1", "::1", "localhost"}:
            raise AssertionError(f"a test went for the network: {address}")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@receiver(connection_created)
def _watch_authors(connection: BaseDatabaseWrapper, **_signal: object) -> None:
    if authors.check not in connection.execute_wrappers:
        connection.execute_wrappers.append(authors.check)


@pytest.fixture(autouse=True)
def _every_change_has_an_author(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail the test in which code of the portal writes a row without saying who does it."""
    authors.unsigned.clear()
    monkeypatch.setattr(recording.log, "disabled", True)  # what a test writes itself has no author
    yield
    assert authors.unsigned == []


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Let a process remember nothing of the test before."""
    cache.clear()
    page_cache.clear_cache()
    releases.clear_cache()
    health.clear_cache()


@pytest.fixture(autouse=True)
def _compared_later(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who saves does not compare with the release, the next page that asks does: a tenth of the suite's time.

    In a browser, and in tests marked ``compared_at_once``, it is as it is.
    """
    is_wanted = "compared_at_once" in _marks(request.node) or "browser" in _marks(request.node)
    if not is_wanted:
        monkeypatch.setattr(
            permissions, "send_conference_changed", lambda conference: difference.mark_changed([conference])
        )


@pytest.fixture(autouse=True)
def _flush_may_delete(request: pytest.FixtureRequest, _django_db_marker: None) -> Iterator[None]:
    """Take the append-only triggers away before Django empties the tables; its flush brings them back."""
    yield
    marker = request.node.get_closest_marker("django_db")
    is_flushed = {"transactional_db", "live_server"} & set(request.fixturenames)
    if is_flushed or (marker and marker.kwargs.get("transaction")):
        database_rules.drop_triggers()


@pytest.fixture(scope="session")
def chromium() -> Iterator:
    """One Chromium for the whole run. Fails where there is none: the browser is never left out in silence."""
    from playwright.sync_api import expect, sync_playwright

    # Playwright's loop runs in this thread, where Django would refuse to touch the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=60_000)  # milliseconds: what comes late on a slow machine is not absent
    found = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def browse(chromium, live_server) -> Iterator:
    """Give `browse("phone")`: a new page of that size, as a stranger, Korean, with addresses from the live server on.

    Every page fails the test at its end for a script's error, a breach of the Content-Security-Policy, a file that
    is not there, or an error of the server.
    """
    contexts, complaints = [], []

    def on_response(answer) -> None:
        if answer.status >= 500 or (answer.status >= 400 and "/static/" in answer.url):
            complaints.append(f"{answer.status} {answer.url}")

    def open_page(size: str = "desk", **options):
        width, height = SIZES[size]
        viewport = {"width": width, "height": height}
        context = chromium.new_context(viewport=viewport, locale="ko-KR", base_url=live_server.url, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("response", on_response)
        page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def example(db) -> Conference:
    """The 2015 conference, published, with its signed report; the PDF is still owed."""
    return snapshot.once(load_example.load)


@pytest.fixture
def unsigned(db) -> Conference:
    """The 2015 conference, published; its report is a draft."""
    return snapshot.once(load_example.publish)


@pytest.fixture
def blank(db) -> Conference:
    """A conference of which nothing is typed yet."""
    return snapshot.once(sample_conferences.blank)


@pytest.fixture
def fair(db) -> Conference:
    """A conference of two days, larger than that of 2015."""
    return snapshot.once(sample_conferences.fair)


@pytest.fixture
def data_folder() -> Path:
    """PORTAL_DATA of this run."""
    return settings.DATA
