"""Where a person is signed in, and the end of it."""

from __future__ import annotations

from typing import Any

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User

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
