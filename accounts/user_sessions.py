"""Active sessions of an account: listing and ending them."""

from __future__ import annotations

from typing import Any

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User

# token in the User-Agent → name on screen; the first match counts, because browsers also name their rivals
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


def active_sessions(user: User, *, session: Any) -> list[UserSession]:
    """Return the sessions that are still valid, the latest first. ``session``: ``request.session``, whose table is queried.

    A session ends by sign-out, by time, and by a new password, which its own row does not show.
    """
    rows = {row.session_key: row for row in UserSession.objects.filter(user=user).order_by("-pk")}
    alive = session.model.objects.filter(session_key__in=rows, expire_date__gt=timezone.now())
    ours = user.get_session_auth_hash()
    keys = {row.session_key for row in alive if row.get_decoded().get("_auth_user_hash") == ours}
    return [row for key, row in rows.items() if key in keys]


@transaction.atomic
def end_sessions(sessions: Any) -> None:
    """End the sessions, so that the next request there asks to sign in."""
    for row in sessions:
        row.end()


def end_all_sessions(user: User) -> None:
    """End every session of the account."""
    end_sessions(UserSession.objects.filter(user=user))


def describe_device(user_agent: str) -> str:
    """Return the names of browser and system as people call them."""
    names = (next((name for token, name in table.items() if token in user_agent), "") for table in (BROWSERS, SYSTEMS))
    return " · ".join(filter(None, names)) or _("알 수 없는 기기")
