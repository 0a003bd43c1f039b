"""Device cookie (OWASP): a browser in which an account has signed in before is not locked out by strangers' attempts.

The signed cookie holds a number of the browser and a keyed hash of each account that signed in there. Wrong passwords
from such a browser are counted by its number alone, all others by name and address. The cookie opens nothing: the
password is still required.
"""

from __future__ import annotations

import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts import login_names

COOKIE = "known-browser"
COOKIE_SECONDS = 400 * 24 * 60 * 60  # 400 days, the longest that browsers allow
ACCOUNTS_MAX = 20  # accounts in one cookie, the latest first


def browser_number(request: HttpRequest, name: str) -> str:
    """Return the browser's number if the account ``name`` has signed in from it, else ""."""
    own, hashes = _read(request)
    return own if login_names.keyed_hash(name) in hashes else ""


def remember(request: HttpRequest, response: HttpResponse, name: str) -> None:
    """Set the cookie that marks the browser as known to the account ``name``."""
    own, hashes = _read(request)
    account = login_names.keyed_hash(name)
    latest = [account, *(other for other in hashes if other != account)][:ACCOUNTS_MAX]
    response.set_signed_cookie(
        COOKIE,
        ":".join([own or secrets.token_hex(8), *latest]),
        salt=COOKIE,
        max_age=COOKIE_SECONDS,
        path="/accounts/",  # only the sign-in pages need it
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> tuple[str, list[str]]:
    value = request.get_signed_cookie(COOKIE, default="", salt=COOKIE, max_age=COOKIE_SECONDS)
    own, *hashes = value.split(":")
    return own, hashes
