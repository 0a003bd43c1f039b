"""Password reset: a link that works once, sent by mail or handed over."""

from __future__ import annotations

import secrets
import string
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import mail_queue
from accounts.models import User
from accounts.user_sessions import end_all_sessions
from rows.whole_numbers import parse_whole_number

LINK_LIFETIME = timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)


def reset_key(user: User) -> str:
    """Return the key of the reset page, valid until the password, the mail address or the last sign-in changes."""
    return f"{user.pk}-{default_token_generator.make_token(user)}"


def reset_link(user: User) -> str:
    """Return the absolute address of the reset page."""
    return settings.PORTAL_URL + reverse("account_new_password", args=[reset_key(user)])


def user_of_key(key: str, *, lock: bool = False) -> User | None:
    """Return the user of a reset key; None for a used, expired or wrong key."""
    rows = User.objects.select_for_update() if lock else User.objects
    pk, _dash, token = key.partition("-")
    user = rows.filter(pk=parse_whole_number(pk), is_active=True).first()
    return user if default_token_generator.check_token(user, token) else None


@transaction.atomic
def mail_reset_link(user: User) -> bool:
    """Queue a mail with the link; False for a user without address."""
    renewal = _(
        "%(name)s 님, 아래 주소에서 새 비밀번호를 정해 주세요. 한 번만 쓸 수 있고 %(days)d일 뒤에는 닫힙니다.\n\n"
        "아이디: %(username)s\n%(link)s\n\n"
        "요청하신 일이 없으면 이 전자우편은 무시하셔도 됩니다. 비밀번호는 그대로입니다.\n"
    )
    first = _(
        "%(name)s 님의 계정을 만들었습니다. 아래 주소에서 비밀번호를 정하면 로그인할 수 있습니다. "
        "한 번만 쓸 수 있고 %(days)d일 뒤에는 닫힙니다.\n\n"
        "아이디: %(username)s\n%(link)s\n"
    )
    is_new = not user.has_usable_password()
    subject, text = (
        (_("계정 안내(비밀번호를 정하는 주소)"), first) if is_new else (_("비밀번호를 새로 정하는 주소"), renewal)
    )
    values = {"name": user.name, "username": user.username, "link": reset_link(user), "days": LINK_LIFETIME.days}
    return mail_queue.queue(to=user, subject=subject, text=text % values) is not None


def request_reset(username: str) -> None:
    """Mail a reset link if there is such an account; the caller cannot tell whether there is."""
    user = User.objects.filter(username__iexact=username, is_active=True).first()  # as at sign-in
    if user is not None:
        mail_reset_link(user)


@transaction.atomic
def reset_password(key: str, *, password: str) -> bool:
    """Set the password of the key's user and end all sessions; False for an invalid key."""
    user = user_of_key(key, lock=True)
    if user is None:
        return False
    user.set_password(password)
    user.save(update_fields=["password"])
    end_all_sessions(user)
    return True


def make_readable_password() -> str:
    """Return a random password that is easy to read from a screen and to type on a phone."""
    return "-".join("".join(secrets.choice(string.ascii_lowercase) for _ in range(4)) for _ in range(4))
