"""Browsers from which an account has signed in before: strangers' tries never lock their holders out.

The browser holds a signed cookie with a number of its own and a mark of each account that signed in from it. Wrong
passwords from such a browser are counted by that number alone, those of everybody else by name and address (OWASP
calls it a device cookie). It opens nothing: the password is asked for as ever.
"""

from __future__ import annotations

import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts import login_names

COOKIE = "known-browser"
LASTS = 400 * 24 * 60 * 60  # seconds; no browser keeps a cookie longer
ACCOUNTS_MAX = 20  # of a shared computer, the latest first


def number(request: HttpRequest, name: str) -> str:
    """Return the browser's number where the account ``name`` has signed in from it, else ""."""
    own, marks = _read(request)
    return own if login_names.mark(name) in marks else ""


def remember(request: HttpRequest, response: HttpResponse, name: str) -> None:
    """Let the browser be known from now on as one of the account ``name``."""
    own, marks = _read(request)
    mark = login_names.mark(name)
    latest = [mark, *(other for other in marks if other != mark)][:ACCOUNTS_MAX]
    response.set_signed_cookie(
        COOKIE,
        ":".join([own or secrets.token_hex(8), *latest]),
        salt=COOKIE,
        max_age=LASTS,
        path="/accounts/",  # no other page has a use for it
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> tuple[str, list[str]]:
    value = request.get_signed_cookie(COOKIE, default="", salt=COOKIE, max_age=LASTS)
    own, *marks = value.split(":")
    return own, marks
