"""`./portal run` adds the example to an empty portal alone, and knows its own work again."""

from io import StringIO
from unittest.mock import Mock

import pytest
from django.core.management import call_command

from accounts import users
from accounts.models import User
from approvals.models import Act
from conference.models import Conference
from conference.outage import StorageUnavailable
from conference.uploads import storage
from config.management.commands import load_example
from publishing.models import Release
from reports import renderings
from reports.models import Rendering
from tests import row_counts

pytestmark = pytest.mark.django_db


def run():
    out = StringIO()
    call_command("load_example", stdout=out)
    return out.getvalue()


@pytest.fixture(autouse=True)
def _no_pdf(monkeypatch):
    monkeypatch.setattr(load_example, "missing_packages", lambda: "a-library")


def test_an_empty_portal_gets_it_once():
    first = run()
    rows = row_counts.count()
    assert Conference.objects.get().slug == load_example.SLUG
    assert load_example.password() in first
    assert run().splitlines()[-1] == first.splitlines()[-1]
    assert row_counts.count() == rows


@pytest.mark.parametrize("username", ["boss", "admin", "wook"])
def test_an_account_of_ones_own_keeps_it_away(username):
    users.make_first_admin(username, name="관리자", password="their-own-pass-9")
    rows = row_counts.count()
    said = run()
    assert "./portal serve" in said
    assert "password" not in said
    assert row_counts.count() == rows
    assert User.objects.get().check_password("their-own-pass-9")


def test_the_same_file_imported_by_somebody_is_neither_published_nor_signed():
    call_command("import_conference", str(load_example.FILE), stdout=StringIO())
    rows = row_counts.count()
    run()
    assert row_counts.count() == rows
    assert (Release.objects.count(), Act.objects.count()) == (0, 0)


def test_an_interrupted_load_goes_on(monkeypatch):
    def killed(_report):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(load_example, "_sign", killed)
        with pytest.raises(KeyboardInterrupt):
            run()
    assert Act.objects.count() == 0
    run()
    assert Act.objects.count() == 4


def test_an_interrupted_load_is_left_where_somebody_came_meanwhile():
    load_example.publish(StringIO())
    User.objects.create_user("boss", name="관리자")
    said = run()
    assert Act.objects.count() == 0
    assert "./portal serve" in said
    assert load_example.password() in said


def test_a_portal_whose_storage_is_gone_still_starts(example, settings, tmp_path, monkeypatch):
    """At first the PDF can be made by nobody but the worker; then it is there, and its file is lost, damaged or away."""
    monkeypatch.setattr(load_example, "missing_packages", lambda: None)
    settings.DATA = tmp_path
    monkeypatch.setattr(renderings, "get_or_generate_pdf", lambda _edition: storage.read("0" * 64))
    assert "worker" in load_example.signed_report()
    assert "worker" in run()
    edition, kept = example.reports.get(number=1).editions.get(), storage.store(b"%PDF of a test")
    fields = {"box": "{}", "box_digest": "", "renderer": "", "size": 1, "page_count": 1, "is_final": True}
    edition.renderings.create(key="a key", form=Rendering.Form.PDF, digest=kept, **fields)
    assert str(tmp_path) in load_example.signed_report()
    for error in (FileNotFoundError(kept), StorageUnavailable("/srv/data/files"), storage.DamagedFile(kept)):
        monkeypatch.setattr(storage, "read", Mock(side_effect=error))
        assert "could not be copied" in run()


def test_a_password_that_no_longer_opens_is_not_told():
    load_example.publish(StringIO())
    admin = User.objects.get(username="admin")
    admin.set_password("changed-since-9")
    admin.save()
    assert load_example.password() not in run()
