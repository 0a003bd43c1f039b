"""Passwords and open sign-ins of an account: the one link to a new password, the devices that are signed in."""

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
from accounts.user_sessions import end_all
from rows.whole_numbers import whole_number

LINK_LASTS = timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)


# ── a new password ──────────────────────────────────────────────────────────────────────────────
def key(user: User) -> str:
    """Return what opens the page for a new password: once, until the password, the mail or the sign-in changes."""
    return f"{user.pk}-{default_token_generator.make_token(user)}"


def link(user: User) -> str:
    """Return the whole address, for a mail or to be handed over."""
    return settings.PORTAL_URL + reverse("account_new_password", args=[key(user)])


def owner(key: str, *, lock: bool = False) -> User | None:
    """Return whose key it is; None where it was used, ran out, or never was one."""
    rows = User.objects.select_for_update() if lock else User.objects
    pk, _dash, token = key.partition("-")
    user = rows.filter(pk=whole_number(pk), is_active=True).first()
    return user if default_token_generator.check_token(user, token) else None


@transaction.atomic
def mail_link(user: User) -> bool:
    """Owe the link by mail; False for somebody without an address."""
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
    values = {"name": user.name, "username": user.username, "link": link(user), "days": LINK_LASTS.days}
    return mail_queue.queue(to=user, subject=subject, text=text % values) is not None


def ask(username: str) -> None:
    """Somebody forgot the password. Nothing tells whether there is such an account, or where its mail goes."""
    user = User.objects.filter(username__iexact=username, is_active=True).first()  # as one signs in
    if user is not None:
        mail_link(user)


@transaction.atomic
def renew(key: str, *, password: str) -> bool:
    """Give the key's owner a new password and end all sign-ins; False where the key is no key any more."""
    user = owner(key, lock=True)
    if user is None:
        return False
    user.set_password(password)
    user._history_user = user
    user.save(update_fields=["password"])
    end_all(user)
    return True


def readable_password() -> str:
    """Make a password that can be read from a screen and typed on a phone."""
    return "-".join("".join(secrets.choice(string.ascii_lowercase) for _ in range(4)) for _ in range(4))
