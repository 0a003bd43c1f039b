"""Pages for who manages accounts."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http.response import HttpResponseBase

from accounts.requests import SignedInRequest

View = Callable[..., HttpResponseBase]


def admin_page(view: View) -> View:
    """Open the page to who manages accounts and conferences alone; everybody else who is signed in gets 403."""

    @wraps(view)
    def inner(request: SignedInRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not request.user.is_admin:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return inner
