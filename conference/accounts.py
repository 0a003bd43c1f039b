"""Sign-in: accounts are made by an office, never by a visitor."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse

from conference.models import User


class Adapter(DefaultAccountAdapter):
    """allauth as an office needs it."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002  (allauth's signature)
        return False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002  (likewise)
        return reverse("me")


@transaction.atomic
def set_mail(user: User, mail: str) -> None:
    """Let a person change the own mail address."""
    user = User.objects.select_for_update().get(pk=user.pk)
    user.mail = mail
    user.save(update_fields=["mail"])
