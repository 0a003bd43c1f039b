"""Mail queue: a mail is stored in the transaction that causes it and sent by the worker, at least once."""

from __future__ import annotations

import logging
from datetime import timedelta
from email.utils import make_msgid
from functools import reduce
from operator import or_

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts.models import Mail, User

SUBJECT_MAX = 200  # letters
log = logging.getLogger(__name__)

LATE_AFTER = 10  # minutes
# Minutes after queueing at which sending is tried while the mail server refuses; after the last the mail is given up.
TRY_AFTER = (0, 1, 5, 15, 60, 240, 720, 1440, 2880)


def queue(*, to: User, subject: str, text: str) -> Mail | None:
    """Store a mail, which is sent after the surrounding transaction commits. Returns None for a user without address."""
    if not to.mail:
        return None
    return Mail.objects.create(
        message_id=make_msgid(
            domain=settings.ADDRESS.hostname
        ),  # made once, so that a mail program recognises a duplicate
        to=to.mail,
        subject=" ".join(subject.split())[:SUBJECT_MAX],  # a line break would begin another header
        text=text,
    )


def pending() -> QuerySet[Mail]:
    """Return the mails to send now, oldest first."""
    now = timezone.now()
    due = (Q(tries=tries, queued_at__lte=now - timedelta(minutes=after)) for tries, after in enumerate(TRY_AFTER))
    return Mail.objects.filter(reduce(or_, due), sent_at=None).order_by("pk")


def count_late() -> int:
    """Count the mails that are unsent after LATE_AFTER minutes, including those given up."""
    return Mail.objects.filter(sent_at=None, queued_at__lt=timezone.now() - timedelta(minutes=LATE_AFTER)).count()


def send_pending() -> int:
    """Send the pending mails and return how many were sent. A refused mail is tried again later."""
    return sum(_send(mail) for mail in pending())


def _send(mail: Mail) -> bool:
    # An UPDATE claims the mail, so that of two workers one gets it and no lock is held while the mail server is slow.
    if not Mail.objects.filter(pk=mail.pk, tries=mail.tries, sent_at=None).update(tries=F("tries") + 1):
        return False
    try:
        EmailMessage(mail.subject, mail.text, to=[mail.to], headers={"Message-ID": mail.message_id}).send()
    except OSError as error:  # every error of smtplib and of a socket or a folder
        log.warning("mail %s was not sent and is tried again: %s", mail.message_id, error)
        return False
    Mail.objects.filter(pk=mail.pk).update(sent_at=timezone.now())
    return True
