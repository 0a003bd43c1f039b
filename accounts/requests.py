"""The type of a request whose sender has signed in: all pages but those that say otherwise."""

from __future__ import annotations

from django.http import HttpRequest

from accounts.models import User


class SignedInRequest(HttpRequest):
    """What a view gets behind Django's LoginRequiredMiddleware."""

    user: User
