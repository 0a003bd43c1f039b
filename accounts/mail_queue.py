"""Mail: a row written in the transaction that owes it, sent by the worker at least once under one Message-ID."""

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
# Minutes after a mail was written at which it is tried again while the mail server is away; then it is given up.
TRIES = (0, 1, 5, 15, 60, 240, 720, 1440, 2880)


def queue(*, to: User, subject: str, text: str) -> Mail | None:
    """Write a mail to be sent once the transaction around it holds. None for somebody without an address."""
    if not to.mail:
        return None
    return Mail.objects.create(
        message_id=make_msgid(domain=settings.ADDRESS.hostname),  # made once: what arrives twice is seen to be one mail
        to=to.mail,
        subject=" ".join(subject.split())[:SUBJECT_MAX],  # a line break would begin another header
        text=text,
    )


def owed() -> QuerySet[Mail]:
    """Mails that should go out now, oldest first."""
    now = timezone.now()
    due = (Q(tries=tries, queued_at__lte=now - timedelta(minutes=after)) for tries, after in enumerate(TRIES))
    return Mail.objects.filter(reduce(or_, due), sent_at=None).order_by("pk")


def late() -> int:
    """Count the mails that no mail server has taken for LATE_AFTER minutes, those that were given up too."""
    return Mail.objects.filter(sent_at=None, queued_at__lt=timezone.now() - timedelta(minutes=LATE_AFTER)).count()


def send_owed() -> int:
    """Send what is owed and return how many went out. What the mail server refuses is tried again later."""
    return sum(_send(mail) for mail in owed())


def _send(mail: Mail) -> bool:
    # claimed by the row itself, not by a lock held while a mail server answers slowly: of two workers one gets it
    if not Mail.objects.filter(pk=mail.pk, tries=mail.tries, sent_at=None).update(tries=F("tries") + 1):
        return False
    try:
        EmailMessage(mail.subject, mail.text, to=[mail.to], headers={"Message-ID": mail.message_id}).send()
    except OSError as error:  # every error of smtplib and of a socket or a folder
        log.warning("mail %s was not sent and is tried again: %s", mail.message_id, error)
        return False
    Mail.objects.filter(pk=mail.pk).update(sent_at=timezone.now())
    return True
