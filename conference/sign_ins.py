"""Passwords and open sign-ins of an account: the one link to a new password, the devices that are signed in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from conference import outbox
from conference.models import User
from conference.whole_numbers import whole_number

LINK_LASTS = timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
# what a browser says of itself → what people call it; the first that is found counts, for each names its rivals too
BROWSERS = {
    "Edg": "Edge",
    "Whale": "네이버 웨일",
    "SamsungBrowser": "삼성 인터넷",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "Mac",
    "Linux": "Linux",
}


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
    return outbox.queue(to=user, subject=subject, text=text % values) is not None


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
    user._history_user = user  # noqa: SLF001 (simple-history's own way to be told)
    user.save(update_fields=["password"])
    end_all(user)
    return True


# ── open sign-ins ───────────────────────────────────────────────────────────────────────────────
def opened(user: User, *, session: Any) -> list[UserSession]:
    """Return the sign-ins that still hold, the latest first. ``session``: ``request.session``, whose table is asked.

    One ends by signing out, by time, and by a new password, of which the row of the session itself knows nothing.
    """
    rows = {row.session_key: row for row in UserSession.objects.filter(user=user).order_by("-pk")}
    alive = session.model.objects.filter(session_key__in=rows, expire_date__gt=timezone.now())
    ours = user.get_session_auth_hash()
    keys = {row.session_key for row in alive if row.get_decoded().get("_auth_user_hash") == ours}
    return [row for key, row in rows.items() if key in keys]


@transaction.atomic
def end(sign_ins: Any) -> None:
    """End them: the next thing done there asks to sign in."""
    for row in sign_ins:
        row.end()


def end_all(user: User) -> None:
    """End every sign-in of the account."""
    end(UserSession.objects.filter(user=user))


def device(user_agent: str) -> str:
    """Name the browser and the system as people do."""
    names = (next((name for sign, name in of.items() if sign in user_agent), "") for of in (BROWSERS, SYSTEMS))
    return " · ".join(filter(None, names)) or _("알 수 없는 기기")
