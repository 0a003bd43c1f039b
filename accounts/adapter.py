"""allauth's adapter: rate limits, the sign-in log and redirects of this portal."""

from __future__ import annotations

import ipaddress
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.ratelimit import respond_429
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts import known_browsers, sign_in_limits, sign_in_log
from accounts.models import SignInRecord, User
from accounts.requests import SignedInRequest
from rows.recording import record_changes


class AccountAdapter(DefaultAccountAdapter):
    """allauth without sign-up, with our own rate limits and the sign-in log."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002  (allauth's signature)
        return False

    def get_login_redirect_url(self, request: SignedInRequest) -> str:
        """Send signers to the 결재함; an administrator, who signs nothing, goes to the desk."""
        return "/desk/" if request.user.is_admin else super().get_login_redirect_url(request)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002  (likewise)
        return reverse("me")

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address as the log stores it: IPv4 mapped into IPv6 as IPv4, without a scope (%eth0)."""
        address = ipaddress.ip_address(super().get_client_ip(request).partition("%")[0])
        return str(getattr(address, "ipv4_mapped", None) or address)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Skip allauth's own counter, which counts by name only; ``authenticate`` counts instead."""

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Check a password at sign-in and re-authentication. Answers 429 after too many attempts."""
        name = credentials.get("username", "")
        usage = sign_in_limits.consume_sign_in(request, name)
        if usage is None:
            if sign_in_limits.is_first_refusal(request):
                sign_in_log.record(request, SignInRecord.Result.LIMITED, name=name)
            raise ImmediateHttpResponse(respond_429(request))
        user = super().authenticate(request, **credentials)
        if user:
            sign_in_limits.refund(usage)
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        sign_in_log.record(request, SignInRecord.Result.FAILED, name=credentials.get("username", ""))

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """Log an attempt whose password was right although the account is deactivated."""
        sign_in_log.record(request, SignInRecord.Result.FAILED, user=user)
        return super().respond_user_inactive(request, user)

    def post_login(self, request: HttpRequest, user: User, **options: Any) -> HttpResponse:
        response = super().post_login(request, user, **options)
        sign_in_log.record(request, SignInRecord.Result.SIGNED_IN, user=user)
        known_browsers.remember(request, response, user.username)
        return response

    def logout(self, request: HttpRequest) -> None:
        sign_in_log.record(request, SignInRecord.Result.SIGNED_OUT, user=request.user)
        super().logout(request)

    def set_password(self, user: User, password: str) -> None:
        with record_changes([user], by=user):
            super().set_password(user, password)
        sign_in_log.record(self.request, SignInRecord.Result.NEW_PASSWORD, user=user)
