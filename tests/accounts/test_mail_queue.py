"""Mail that is owed: written with what owes it, sent at least once under one Message-ID, tried again when refused."""

import smtplib
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from accounts import mail_queue
from accounts.models import Mail, User


@pytest.fixture
def wook(db):
    return User.objects.create_user("wook", name="이욱", mail="wook@example.test")


def queue(to, subject="[검토 요청] 결과보고", text="문서를 읽고 처리해 주세요."):
    return mail_queue.queue(to=to, subject=subject, text=text)


def test_what_is_owed_goes_out_once(wook):
    owed = queue(wook)
    assert mail_queue.send_pending() == 1
    (message,) = mail.outbox
    assert (message.to, message.subject, message.body) == (
        ["wook@example.test"],
        "[검토 요청] 결과보고",
        "문서를 읽고 처리해 주세요.",
    )
    assert message.message()["Message-ID"] == owed.message_id
    assert (mail_queue.send_pending(), len(mail.outbox)) == (0, 1)


def test_somebody_without_an_address_gets_none(db):
    assert queue(User.objects.create_user("chair", name="총괄")) is None
    assert Mail.objects.count() == 0


def test_a_mail_is_taken_back_with_what_owed_it(wook):
    with transaction.atomic():
        queue(wook)
        transaction.set_rollback(True)
    assert (Mail.objects.count(), mail_queue.send_pending()) == (0, 0)


def test_every_mail_has_an_id_of_its_own_at_the_portals_name(wook, settings):
    ids = {queue(wook).message_id for _ in range(3)}
    assert len(ids) == 3
    assert {found.rpartition("@")[2] for found in ids} == {f"{settings.ADDRESS.hostname}>"}


def test_a_title_makes_no_second_header(wook):
    queue(wook, subject="[반려] 결과\r\nBcc: eve@example.test\n보고")
    assert mail_queue.send_pending() == 1
    assert mail.outbox[0].subject == "[반려] 결과 Bcc: eve@example.test 보고"
    assert mail.outbox[0].message()["Bcc"] is None


def test_a_long_title_is_cut(wook):
    assert len(queue(wook, subject="가" * 300).subject) == 200


@pytest.fixture
def away(monkeypatch):
    """A mail server that refuses."""

    def refuse(self, **_options):
        raise smtplib.SMTPServerDisconnected

    monkeypatch.setattr(EmailMessage, "send", refuse)


def test_what_was_refused_is_tried_again_later_and_given_up_at_last(wook, away):
    owed = queue(wook)
    for tries, minutes in enumerate((0, 1, 5, 15, 60, 4 * 60, 12 * 60, 24 * 60, 48 * 60)):
        written = timezone.now() - timedelta(minutes=minutes)
        Mail.objects.filter(pk=owed.pk).update(queued_at=written + timedelta(seconds=30))
        assert (mail_queue.send_pending(), Mail.objects.get().tries) == (0, tries)  # not yet
        Mail.objects.filter(pk=owed.pk).update(queued_at=written)
        assert (mail_queue.send_pending(), Mail.objects.get().tries) == (0, tries + 1)
    Mail.objects.update(queued_at=timezone.now() - timedelta(days=365))
    assert list(mail_queue.pending()) == []
    assert Mail.objects.get().sent_at is None


def test_the_same_id_is_sent_again(wook, monkeypatch):
    owed = queue(wook)
    with monkeypatch.context() as patched:
        patched.setattr(EmailMessage, "send", lambda _self: (_ for _ in ()).throw(ConnectionRefusedError))
        assert mail_queue.send_pending() == 0
    Mail.objects.update(queued_at=timezone.now() - timedelta(minutes=2))
    assert mail_queue.send_pending() == 1
    assert mail.outbox[0].message()["Message-ID"] == owed.message_id


def test_of_two_workers_with_one_list_one_sends(wook):
    queue(wook)
    (seen,) = mail_queue.pending()
    assert mail_queue.send_pending() == 1
    assert mail_queue._send(seen) is False
    assert len(mail.outbox) == 1


def test_without_a_mail_server_mails_are_files(wook, settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    owed = queue(wook)
    assert mail_queue.send_pending() == 1
    (file,) = Path(tmp_path).iterdir()
    message = message_from_bytes(file.read_bytes(), policy=default)
    assert (message["To"], message["Subject"], message["Message-ID"]) == (
        "wook@example.test",
        "[검토 요청] 결과보고",
        owed.message_id,
    )
    assert message.get_content().strip().splitlines()[0] == "문서를 읽고 처리해 주세요."
