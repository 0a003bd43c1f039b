"""Rate limits of sign-in: by which keys allauth counts attempts (ACCOUNT_RATE_LIMITS), and when a retry is allowed."""

from __future__ import annotations

from datetime import datetime

from allauth.account import app_settings
from allauth.core.internal import ratelimit
from allauth.core.internal.ratelimit import Rate, RateLimitUsage
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts import known_browsers, login_names

APP = "allauth.account"


def consume(request: HttpRequest, action: str, *, key: str | None = None) -> RateLimitUsage | None:
    """Count one attempt; None where the limit is reached. The key is stored on the request for ``retry_at``."""
    request.limit_keys = {**getattr(request, "limit_keys", {}), action: key}
    return ratelimit.consume(request, app=APP, action=action, key=key)


def consume_sign_in(request: HttpRequest, name: str) -> RateLimitUsage | None:
    """Count one sign-in attempt, whether ``name`` is an account or not; None where a limit is reached.

    A known browser has a counter of its own. All others are counted by name and address, by name alone (many addresses
    attack one account) and by address alone (one address attacks many accounts). One transaction, because SQLite would
    otherwise sync each of some fifteen writes to the disk.
    """
    name_key = login_names.normalise(name)
    if browser := known_browsers.browser_number(request, name):
        counters = [("login_failed", f"{name_key} browser {browser}")]
    else:
        pair = f"{name_key} address {ratelimit.get_ip(request)}"
        counters = [("login_failed", pair), ("login_failed_name", name_key), ("login_failed_address", None)]
    counted = RateLimitUsage(usage=[])
    with transaction.atomic():
        for action, key in counters:
            usage = consume(request, action, key=key)
            if usage is None:
                counted.rollback()  # a refused attempt does not count elsewhere
                return None
            counted.usage += usage.usage
    return counted


def refund(counted: RateLimitUsage) -> None:
    """Undo the count of an attempt whose password was right."""
    with transaction.atomic():
        counted.rollback()


def is_first_refusal(request: HttpRequest) -> bool:
    """Whether to log the refusal: one a minute for each counter, so that a flood does not fill the log."""
    action, key = list(request.limit_keys.items())[-1]
    key = key or ratelimit.get_ip(request)
    return ratelimit.consume(request, app=APP, action="refusal_logged", key=f"{action} {key}") is not None


def retry_at(request: HttpRequest) -> datetime | None:
    """Return when all counters of this request allow another attempt; None where no limit is reached."""
    keys = getattr(request, "limit_keys", None) or dict.fromkeys(app_settings.RATE_LIMITS)  # allauth stores none
    times = [
        history[rate.amount - 1] + rate.duration
        for action, key in keys.items()
        for rate in ratelimit.get_rates(app=APP, action=action)
        if len(history := _history(request, action, rate, key)) >= rate.amount
    ]
    now = timezone.now().timestamp()
    future = [time for time in times if time > now]
    return datetime.fromtimestamp(max(future), timezone.get_current_timezone()) if future else None


def _history(request: HttpRequest, action: str, rate: Rate, key: str | None) -> list[float]:
    """Return the times of the counted attempts, the latest first."""
    if (rate.per == "key" and key is None) or (rate.per == "user" and not request.user.is_authenticated):
        return []
    return cache.get(ratelimit.get_cache_key(request, app=APP, action=action, rate=rate, key=key), [])
