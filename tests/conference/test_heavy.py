"""Heavy files: what comes first, what a failure leaves behind, and that nobody's mail waits for them."""

import logging
import re
import subprocess
import sys
import threading
import time
import urllib.request
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import mail_queue
from accounts.models import Mail, User
from conference import child_process
from conference.models import Conference
from config import jobs
from publishing import heavy
from publishing.heavy import HeavyWork
from publishing.models import FailedFile
from publishing.page_cache import CACHE_CONTROL
from rows import app_registry
from tests.redis_server import free_port

SLUG = "/dongbuk4-2015/"
run_in_child = heavy.run  # before conftest replaces it


@pytest.fixture
def works(monkeypatch):
    """Heavy work of the test's own, with the log of what was made."""
    made, rooms = [], {}

    def declare(name, owed_, *, make=None, is_urgent=False):
        rooms.setdefault("reports", SimpleNamespace(JOBS={}, HEAVY={})).HEAVY[name] = HeavyWork(
            f"{name} PDF",
            pending=lambda: [one for one in owed_ if one[0] not in made],
            generate=make or made.append,
            is_urgent=is_urgent,
        )

    monkeypatch.setattr(app_registry, "modules", lambda name: rooms if name == "jobs" else {})
    return SimpleNamespace(declare=declare, made=made, rooms=rooms)


@pytest.fixture
def admin(db):
    return User.objects.create_user("admin", name="관리자", mail="admin@example.test", is_admin=True)


def later(**times):
    """As if that much time had passed since the last failure."""
    FailedFile.objects.update(failed_at=timezone.now() - timedelta(**times))


# ── order ───────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db
def test_what_somebody_waits_for_is_first_and_the_heaviest_last(works):
    works.declare("programme", [("huge", 5_000_000), ("small", 9_000)])
    works.declare("card", [("picture", 0)])
    works.declare("final", [("report", 70_000)], is_urgent=True)
    assert heavy.generate_pending() == {"reports.programme": 2, "reports.card": 1, "reports.final": 1}
    assert works.made == ["report", "picture", "small", "huge"]


def test_a_programme_weighs_what_its_release_holds(unsigned):
    weights = {(found.name, found.key): found.weight for found in heavy.pending()}
    content = len(unsigned.releases.get().content)
    assert weights == {
        **{("sessions.programme PDF", f"dongbuk4-2015/1/programme/{code}"): content for code in ("ko", "en")},
        **{("visitors.door sheet", f"dongbuk4-2015/1/door/{code}"): 0 for code in ("ko", "en")},
        **{("visitors.card", f"dongbuk4-2015/1/card/{code}"): 0 for code in ("ko", "en")},
    }


def test_what_failed_is_asked_for_once_however_much_is_owed(works, admin, django_assert_num_queries):
    works.declare("programme", [(str(number), number) for number in range(9)])
    with django_assert_num_queries(1):
        assert len(heavy.due()) == 9


@pytest.mark.django_db
def test_no_content_is_read_to_name_what_is_owed_or_stored():
    """Two alone read it: the pictures of editions and of releases are named in it."""
    with CaptureQueriesContext(connection) as asked:
        heavy.pending()
        assert [
            found
            for module in app_registry.modules("stored_files").values()
            for give in module.NAMED
            for found in give()
        ] == []
    columns = [query["sql"].partition(" FROM ")[0] for query in asked]
    read = [name for sql in columns for name in re.findall(r'(?<!LENGTH\()"(\w+)"\."(?:content|box)"', sql)]
    assert sorted(read) == ["publishing_release", "reports_edition"]


def test_a_release_without_pages_owes_no_file(unsigned):
    unsigned.releases.update(withdrawn_at=None)
    other = Conference.objects.create(
        slug="notices", title="공지뿐", starts_at=unsigned.starts_at, ends_at=unsigned.ends_at
    )
    from publishing import releases

    releases.publish(other, by=User.objects.get(username="chair"), name="시험", sections=["notices"])
    assert {found.key.split("/")[0] for found in heavy.pending()} == {"dongbuk4-2015"}


# ── failures ────────────────────────────────────────────────────────────────────────────────────
def test_a_failure_is_told_once_and_tried_again_after_longer_and_longer(works, admin, caplog):
    def fail(_key):
        raise ValueError("no such glyph")

    works.declare("programme", [("a/1/programme/ko", 1)], make=fail)
    found = heavy.pending()
    with caplog.at_level(logging.ERROR, "publishing.heavy"):
        for tries, minutes in enumerate([*heavy.PAUSES, heavy.PAUSES[-1]], start=1):
            assert (heavy.due(), heavy.generate(found[0])) == (found, False)
            assert (heavy.due(), FailedFile.objects.get().tries) == ([], tries)
            later(minutes=minutes, seconds=-30)
            assert heavy.due() == []
            later(minutes=minutes)
    assert ["no such glyph" in record.getMessage() for record in caplog.records] == [True] * 5
    assert [name for name, _row in heavy.pending_work()["failed"]] == ["programme PDF (a/1/programme/ko)"]
    assert mail_queue.send_pending() == 1
    assert (mail.outbox[0].to, mail.outbox[0].subject) == (["admin@example.test"], "[포털] 파일을 만들지 못했습니다")
    assert mail.outbox[0].body.splitlines()[:2] == [
        "programme PDF (a/1/programme/ko)",
        "사유: 프로그램 오류(서버 기록 참조)",
    ]


def test_what_is_made_at_last_leaves_no_failure(works, admin):
    works.declare("programme", [("one", 1)])
    FailedFile.objects.create(name="reports.programme", key="one", tries=1)
    assert (heavy.generate_pending(), works.made) == ({"reports.programme": 0}, [])
    assert heavy.generate_pending(is_forced=True) == {"reports.programme": 1}  # as `manage.py run_jobs` does
    assert (FailedFile.objects.count(), Mail.objects.count()) == (0, 0)


def test_what_is_made_and_still_owed_is_a_failure_too(works, admin):
    works.declare("programme", [("one", 1)], make=lambda _key: None)
    assert heavy.generate_pending() == {"reports.programme": 0}
    assert (FailedFile.objects.get().tries, heavy.due()) == (1, [])


def test_a_limit_is_a_failure_that_says_so(works, admin, monkeypatch):
    def exceed(_name, _key):
        raise child_process.LimitExceeded("publishing.make_one")

    monkeypatch.setattr(heavy, "run", exceed)
    works.declare("programme", [("one", 1)])
    assert heavy.generate_pending() == {"reports.programme": 0}
    assert FailedFile.objects.get().reason == "메모리 2560 MB와 처리 시간 15분으로는 만들지 못합니다."


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("", "프로그램 파일을 만들지 못했습니다. 관리자에게 알렸으며 나중에 다시 시도합니다."),
        ("/en", "Programme: the file could not be made."),
    ],
)
def test_visitors_are_told_that_there_is_no_file(unsigned, client: Client, path, said):
    assert client.get(f"{path}{SLUG}programme.pdf")["Retry-After"] == "10"
    for found in heavy.pending():
        FailedFile.objects.create(name=found.name, key=found.key, tries=1)
    answer = client.get(f"{path}{SLUG}programme.pdf")
    assert (answer.status_code, answer["Cache-Control"], "Retry-After" in answer) == (404, CACHE_CONTROL, False)
    assert said in answer.content.decode()


# ── in a child ──────────────────────────────────────────────────────────────────────────────────
def test_a_child_makes_one_file(settings, tmp_path, monkeypatch):
    """With a database and a folder of its own, as the child of a worker finds them."""
    monkeypatch.setenv("PORTAL_DATA", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "config.settings")
    with pytest.raises(child_process.ChildFailed) as failed:
        run_in_child("visitors.card", "nowhere/1/card/ko")
    assert str(failed.value).strip().rpartition("\n")[2] == (
        "django.db.utils.OperationalError: no such table: publishing_release"
    )


def test_a_child_that_grows_is_ended_alone(monkeypatch):
    monkeypatch.setattr(heavy, "LIMITS", child_process.Limits(memory=64 * 1024**2, seconds=20))
    with pytest.raises(
        (child_process.LimitExceeded, child_process.ChildFailed)
    ):  # where the libraries run out before Python does
        run_in_child("visitors.card", "nowhere/1/card/ko")


def serves(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/README.md", timeout=60) as answer:
            return answer.status == 200
    except OSError:
        return False


def test_a_child_ends_with_the_process_that_waits_for_it():
    """Killed, a worker leaves no child behind that goes on with a file which the next worker makes too."""
    port = free_port()
    serve = f"run('http.server', '{port}', '--bind', '127.0.0.1', limits=Limits(2**30, 60))"
    command = [sys.executable, "-c", f"from conference.child_process import *; {serve}"]
    with subprocess.Popen(command, cwd=child_process.ROOT) as parent:
        while parent.poll() is None and not serves(port):  # its limits are set before that
            time.sleep(0.05)
        child = Path(f"/proc/{parent.pid}/task/{parent.pid}/children").read_text().strip()
        maps = Path(f"/proc/{child}/maps")
        parent.kill()
    is_gone = False
    for _turn in range(200):
        try:
            is_gone = not maps.read_text()  # waiting to be buried
        except OSError:
            is_gone = True
        if is_gone:
            break
        time.sleep(0.05)
    assert is_gone is True


# ── beside it ───────────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db(transaction=True)
def test_mail_goes_out_while_a_heavy_file_is_made(works, monkeypatch):
    """The file is not done before the mail is gone: were they made one after another, this would never end."""
    is_sent, until = threading.Event(), threading.Event()
    user = User.objects.create_user("wook", name="이욱", mail="wook@example.test")

    def make(key):
        mail_queue.queue(to=user, subject="[검토 요청]", text="다른 행사의 우편")
        works.made.append((key, is_sent.wait(30)))
        until.set()

    def send():
        count = mail_queue.send_pending()
        if count:
            is_sent.set()
        return count

    works.declare("programme", [("huge", 5_000_000)], make=make)
    works.rooms["reports"].JOBS["mail"] = send
    jobs.run_until(every=0.05, until=until)
    assert works.made == [("huge", True)]
    assert [message.subject for message in mail.outbox] == ["[검토 요청]"]


# ── shown to those who keep the portal ──────────────────────────────────────────────────────────
def test_administrators_see_what_the_server_has_to_do(unsigned, client: Client):
    admin = User.objects.get(username="admin")
    mail_queue.queue(to=User.objects.create_user("w", name="이욱", mail="w@example.test"), subject="검토", text="글")
    FailedFile.objects.create(name="visitors.card", key="a/1/card/ko", tries=3, reason="글꼴이 없습니다.")
    client.force_login(admin)
    page = " ".join(client.get("/desk/").content.decode().split())
    assert "보낼 전자우편 1건 · 만들 파일 6개" in page
    assert "<b>미리보기 그림 (a/1/card/ko)</b> 글꼴이 없습니다." in page
    client.force_login(User.objects.get(username="chair"))
    assert "서버가 할 일" not in client.get("/desk/").content.decode()
