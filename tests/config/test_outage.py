"""What visitors and staff get while the database is locked, gone, damaged or full, and after it is back."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError, IntegrityError, OperationalError, connection
from django.test import Client, RequestFactory

from conference import outage
from conference.models import Conference
from conference.uploads import folder_storage, storage
from config import environment, error_pages
from config.headers import POLICY
from config.sqlite3.base import DatabaseWrapper
from config.system_checks import check_storage
from publishing import page_cache, releases
from tests import factories
from tests.forms import Form
from tests.visitor import Visitor

PAGE = "/dongbuk4-2015/"
NEW = {"행사명": "다음 컨퍼런스", "시작": "2026-11-24 13:00", "끝": "2026-11-24 18:00"}
IS_SQLITE = settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")


class _Driver(Exception):
    def __init__(self, **said: str) -> None:
        self.__dict__.update(said)


# ── ways to lose a database ─────────────────────────────────────────────────────────────────────
@contextmanager
def locked() -> Iterator[None]:
    """Another process holds the lock; on PostgreSQL one that readers wait for too."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 100" if IS_SQLITE else "SET lock_timeout = 100")
    if IS_SQLITE:
        other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
    else:
        other = connection.Database.connect(**connection.get_connection_params())
        tables = ", ".join(connection.introspection.table_names())
        with other.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE")
    try:
        yield
    finally:
        other.close()


@contextmanager
def gone() -> Iterator[None]:
    """The file was moved away with its log; the server listens elsewhere."""
    if IS_SQLITE:
        with _moved_away():
            yield
        return
    place = connection.settings_dict
    host = place["HOST"]
    connection.close()
    place["HOST"] = "/nowhere"
    try:
        yield
    finally:
        place["HOST"] = host


@contextmanager
def damaged() -> Iterator[None]:
    """Something else was written where the database lies."""
    with _moved_away() as path:
        path.write_bytes(b"no database" * 1000)
        yield
        path.unlink()


@contextmanager
def full() -> Iterator[None]:
    """What is written finds no room; as the drivers say it."""
    cause = _Driver(sqlite_errorname="SQLITE_FULL") if IS_SQLITE else _Driver(pgcode="53100")

    def no_room(execute, sql, *rest):
        if sql.startswith("INSERT"):
            raise OperationalError("disk is full") from cause
        return execute(sql, *rest)

    with connection.execute_wrapper(no_room):
        yield


@contextmanager
def _moved_away() -> Iterator[Path]:
    path = Path(connection.settings_dict["NAME"])
    beside = [path.with_name(path.name + end) for end in ("", "-wal", "-shm")]
    was = [(each, each.rename(each.with_name(f"away-{each.name}"))) for each in beside if each.exists()]
    connection.close_if_unusable_or_obsolete()  # a request begins with it; Django's test client leaves it out
    try:
        yield path
    finally:
        for each in beside:
            each.unlink(missing_ok=True)
        for each, away in was:
            away.rename(each)
        connection.close()


Loss = Callable[[], AbstractContextManager[None]]
UNREADABLE = [gone, *([damaged] if IS_SQLITE else [locked])]
UNWRITABLE = [locked, gone, full, *([damaged] if IS_SQLITE else [])]


@pytest.fixture(autouse=True)
def _as_served(monkeypatch):
    """The processes that serve make no database; and nobody waits for a second here."""
    monkeypatch.setattr(DatabaseWrapper, "can_create_file", False)
    monkeypatch.setattr(outage, "READER_WAIT", 50)


@pytest.fixture
def visitor() -> Client:
    client = Client(raise_request_exception=False)
    assert client.get(PAGE).status_code == 200
    return client


def expire() -> None:
    """Let 100 seconds pass: the database is asked again which release is in force."""
    for known in releases._lookups.values():
        known.asked_at -= releases.LOOKUP_SECONDS
        known.answered_at -= 100
    releases._silent_until[0] = 0.0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("loss", UNREADABLE)
def test_a_visitor_reads_on_what_is_in_memory_and_is_told_its_age(loss: Loss, example, visitor):
    whole = visitor.get(PAGE).content
    with loss():
        expire()
        stale = visitor.get(PAGE)
        other = visitor.get(f"{PAGE}exhibits/")  # in memory is the release, not this page
        unknown = visitor.get("/")
    assert (stale.status_code, stale.content) == (200, whole)
    age = stale.headers["Age"]
    assert (age[:2], len(age)) == ("10", 3)  # 100 seconds, and how long this took
    assert stale.headers["Cache-Status"] == f"portal; hit; ttl=-{age}; detail=database"
    assert other.status_code == 200
    assert (unknown.status_code, unknown.headers["Retry-After"]) == (503, "10")
    assert (unknown.headers["Content-Security-Policy"], "Set-Cookie" in unknown.headers) == (POLICY, False)
    expire()
    back = visitor.get(PAGE)
    assert (back.status_code, back.headers["Age"], visitor.get("/").status_code) == (200, "0", 200)


@pytest.mark.django_db(transaction=True)
def test_a_page_whose_hour_has_passed_is_better_than_none(example, visitor, monkeypatch):
    page = page_cache._pages[PAGE]
    monkeypatch.setitem(page_cache._pages, PAGE, page_cache.replace(page, until=page.until.replace(year=2000)))
    answer = error_pages.HttpResponse(status=503)
    kept = page_cache.StoredPagesMiddleware(lambda _request: answer)(RequestFactory().get(PAGE))
    assert (kept.status_code, kept.content) == (200, page.whole.body)
    releases.clear_cache()
    monkeypatch.setattr(releases, "version", lambda _slug: ("another", "release", 0))
    assert page_cache.StoredPagesMiddleware(lambda _request: answer)(RequestFactory().get(PAGE)).status_code == 503


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("loss", UNREADABLE)
def test_a_process_that_nobody_asked_knows_the_list_and_the_conference(loss: Loss, example, monkeypatch):
    class Over(Exception):
        pass

    def over(_seconds):
        raise Over

    monkeypatch.setattr("publishing.releases.time.sleep", over)
    with pytest.raises(Over):
        releases.refresh_periodically()
    visitor = Client(raise_request_exception=False)
    with loss():
        expire()
        answers = [visitor.get(path) for path in ("/", PAGE, f"/en{PAGE}programme/")]
    assert [(answer.status_code, answer.headers["Age"][:2]) for answer in answers] == [(200, "10")] * 3


@pytest.mark.django_db(transaction=True)
def test_one_asks_while_the_others_read_on(example, visitor, monkeypatch):
    """A database that does not answer is asked by one thread, and left alone for a while when it failed."""
    asked = []

    def lost(_slug, _known):
        asked.append(visitor.get(PAGE).status_code)  # who comes meanwhile
        raise OperationalError("no answer")

    monkeypatch.setattr(releases, "_load_live_release", lost)
    expire()
    assert [visitor.get(PAGE).status_code for _ in range(3)] == [200] * 3
    assert asked == [200]


@pytest.fixture
def wook() -> Visitor:
    factories.make_people()
    return Visitor("wook", raise_request_exception=False)


def typed(wook: Visitor) -> Form:
    """The form of a new conference, filled in."""
    return wook.open("/desk/new/").form("행사 만들기").fill_all(NEW)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("loss", UNWRITABLE)
def test_what_cannot_be_saved_is_kept_and_sent_again_is_saved_once(loss: Loss, wook, caplog):
    form = typed(wook)
    with loss():
        refused = form.press("행사 만들기")
        too_early = refused.press("다시 보내기")
    for page in (refused, too_early):
        headers = page.answer.headers
        assert (page.status, headers["Retry-After"]) == (503, "10")
        assert ("no-store" in headers["Cache-Control"], "Set-Cookie" in headers) == (True, False)
        assert (page.text.count("아직 저장하지 않았습니다</h1>"), page.text.count("/accounts/login/")) == (1, 0)
        assert _without_token(page.forms[0].sent) == [*_without_token(form.sent), ("save", "행사 만들기")]
    assert [record.name for record in caplog.records if record.exc_info] == ["django.request"] * 2
    assert Conference.objects.count() == 0
    assert too_early.press("다시 보내기").status == 302
    assert Conference.objects.get().title == "다음 컨퍼런스"


def _without_token(sent: list) -> list:
    return [pair for pair in sent if pair[0] != "csrfmiddlewaretoken"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("loss", UNREADABLE)
def test_a_page_of_the_desk_says_that_it_cannot_be_opened(loss: Loss, wook):
    with loss():
        lost = wook.open("/desk/new/")
    headers = lost.answer.headers
    assert (lost.status, "Location" in headers, "Set-Cookie" in headers) == (503, False, False)
    assert [lost.text.count(words) for words in ("지금은 열 수 없습니다</h1>", "다시 열기")] == [1, 1]
    assert wook.open("/desk/new/").status == 200


@pytest.mark.django_db(transaction=True)
def test_a_password_and_a_forged_form_are_not_kept():
    stranger = Visitor(raise_request_exception=False)
    form = stranger.open("/accounts/login/").form("로그인").fill("아이디", "wook").fill("비밀번호", "secret-word")
    with gone():
        forged = stranger.send("post", "/desk/new/", [("title", "x")], is_multipart=False)  # without a token
        pages = [form.press("로그인"), forged]
    assert [(page.status, page.forms) for page in pages] == [(503, []), (403, [])]
    assert "다시 열기" not in pages[0].text  # an address that takes forms may open none


@pytest.mark.django_db(transaction=True)
def test_a_program_is_answered_in_its_own_way():
    with gone():
        program = Visitor(raise_request_exception=False)
        program.client.cookies["sessionid"] = "a" * 32
        page = program.post_raw("/desk/new/", {"title": "x"}, headers={"accept": "application/json"})
    assert (page.status, page.answer.json()) == (503, {"refused": ["데이터베이스가 응답하지 않습니다."]})


# ── the file itself ─────────────────────────────────────────────────────────────────────────────
@pytest.mark.skipif(not IS_SQLITE, reason="a database of one file")
@pytest.mark.django_db(transaction=True)
def test_a_database_put_in_the_place_of_another_is_used_from_the_next_request_on(wook):
    """SQLite would go on with the old file, and what is saved there would be lost."""
    path = Path(connection.settings_dict["NAME"])
    copy = path.with_name("copy")
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    with _moved_away():
        copy.rename(path)
        assert typed(wook).press("행사 만들기").status == 302
        with closing(sqlite3.connect(path)) as new:
            assert new.execute("SELECT title FROM conference_conference").fetchall() == [("다음 컨퍼런스",)]
        connection.close()
    assert Conference.objects.count() == 0


@pytest.mark.skipif(not IS_SQLITE, reason="a database of one file")
@pytest.mark.django_db(transaction=True)
def test_no_empty_database_is_made_by_who_serves():
    with _moved_away() as path:
        connection.close()
        with pytest.raises(OperationalError):
            Conference.objects.count()
        assert not path.exists()


@pytest.mark.skipif(not IS_SQLITE, reason="a database of one file")
@pytest.mark.django_db(transaction=True)
def test_who_tries_a_damaged_database_keeps_no_handle_of_its_file():
    with _moved_away() as path:
        path.write_bytes(b"no database" * 1000)
        with pytest.raises(DatabaseError) as _lost:  # and what it holds
            Conference.objects.count()
        assert [each for each in Path("/proc/self/fd").iterdir() if each.resolve() == path] == []


# ── storage and disk ────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db
def test_a_full_disk_keeps_no_half_of_a_file(monkeypatch):
    def no_space(_handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("conference.uploads.storage.os.fsync", no_space)
    with pytest.raises(OSError, match="No space left") as error:
        storage.store(b"a file that does not fit")
    assert outage.outage_kind(error.value) == outage.FULL
    assert list(Path(storage.default_storage.location).rglob(".new-*")) == []


@pytest.fixture
def no_storage() -> Iterator[Path]:
    place = Path(storage.default_storage.location)
    away = place.rename(place.with_name("away"))
    yield place
    assert not place.exists()  # nobody made it anew
    away.rename(place)


@pytest.mark.django_db(transaction=True)
def test_without_the_storage_a_file_is_not_lost_but_late(example, no_storage):
    digest = next(iter(releases.live_release(example.slug).files))
    client = Client(raise_request_exception=False)
    answer = client.get(f"{PAGE}files/{digest}")
    assert (answer.status_code, answer.headers["Cache-Control"].count("no-store")) == (503, 1)
    assert client.get(PAGE).status_code == 200


@pytest.mark.django_db
def test_no_other_process_and_no_migrate_makes_a_lost_storage_anew(example, no_storage):
    environment.storage({}, folder=no_storage.parent)  # settings, as every new process reads them
    folder_storage.make_folder_after_migrate()
    assert [str(found.id) for found in check_storage(databases=["default"])] == ["conference.W002"]


@pytest.mark.django_db
def test_the_storage_of_a_new_portal_is_made(no_storage):
    assert check_storage(databases=["default"]) == []
    folder_storage.make_folder_after_migrate()
    assert no_storage.is_dir()
    no_storage.rmdir()


@pytest.mark.django_db
def test_nothing_is_stored_beside_a_storage_that_is_gone(no_storage):
    with pytest.raises(outage.StorageUnavailable):
        storage.store(b"a file")


# ── which errors are outages ────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("error", "cause", "kind"),
    [
        (OperationalError(), {"sqlite_errorname": "SQLITE_BUSY_RECOVERY"}, outage.LOCKED),
        (OperationalError(), {"sqlite_errorname": "SQLITE_FULL"}, outage.FULL),
        (OperationalError(), {"sqlite_errorname": "SQLITE_READONLY_DBMOVED"}, outage.READ_ONLY),
        (OperationalError(), {"sqlite_errorname": "SQLITE_IOERR_SHMSIZE"}, outage.UNAVAILABLE),
        (DatabaseError(), {"sqlite_errorname": "SQLITE_CORRUPT"}, outage.DAMAGED),
        (OperationalError(), {"sqlite_errorname": "SQLITE_ERROR"}, ""),  # no such table
        (IntegrityError(), {"sqlite_errorname": "SQLITE_CONSTRAINT_UNIQUE"}, ""),
        (OperationalError(), {"pgcode": None}, outage.UNAVAILABLE),
        (OperationalError(), {"pgcode": "57P03"}, outage.UNAVAILABLE),
        (OperationalError(), {"pgcode": "57014"}, outage.LOCKED),
        (OperationalError(), {"pgcode": "40P01"}, outage.LOCKED),
        (OperationalError(), {"pgcode": "53100"}, outage.FULL),
        (DatabaseError(), {"pgcode": "42P01"}, ""),  # no such table
        (IntegrityError(), {"pgcode": "23505"}, ""),
        (OSError(errno.EDQUOT, "quota"), {}, outage.FULL),
        (OSError(errno.EROFS, "read-only"), {}, outage.READ_ONLY),
        (FileNotFoundError(errno.ENOENT, "one file"), {}, ""),
        (type("ClientError", (Exception,), {"__module__": "botocore.exceptions"})(), {}, outage.STORAGE),
        (ValueError(), {}, ""),
    ],
)
def test_kinds(error, cause, kind):
    error.__cause__ = _Driver(**cause) if cause else None
    assert outage.outage_kind(error) == kind


@pytest.mark.django_db
def test_an_error_of_ours_stays_one(monkeypatch):
    def broken(**_page):
        raise IntegrityError

    monkeypatch.setattr(releases, "list_events", broken)
    answer = Client(raise_request_exception=False).get("/")
    assert (answer.status_code, answer.content.decode().count("잠시 문제가 생겼습니다</h1>")) == (500, 1)
