"""Decorator for pages of administrators."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http.response import HttpResponseBase

from accounts.requests import SignedInRequest

ViewFunction = Callable[..., HttpResponseBase]


def admin_page(view: ViewFunction) -> ViewFunction:
    """Allow only administrators; other signed-in persons get 403."""

    @wraps(view)
    def inner(request: SignedInRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not request.user.is_admin:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return inner
