"""How many wrong passwords are borne. allauth counts (ACCOUNT_RATE_LIMITS); here is by what, and when one may try again."""

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
    """Count one try; None where it is one too many. The key is noted, so that ``retry_at`` can say when."""
    request.limit_keys = {**getattr(request, "limit_keys", {}), action: key}
    return ratelimit.consume(request, app=APP, action=action, key=key)


def consume_sign_in(request: HttpRequest, name: str) -> RateLimitUsage | None:
    """Count one try to sign in, whether ``name`` is an account or not; None where it is one too many.

    A browser that the account knows is counted by itself. All others are counted by name and address, and besides by
    the name alone (many addresses at one account) and by the address alone (one address at many accounts).
    One transaction, for these are some fifteen writes of which SQLite would put each on the disk by itself.
    """
    name_key = login_names.key(name)
    if browser := known_browsers.number(request, name):
        counters = [("login_failed", f"{name_key} browser {browser}")]
    else:
        pair = f"{name_key} address {ratelimit.get_ip(request)}"
        counters = [("login_failed", pair), ("login_failed_name", name_key), ("login_failed_address", None)]
    used = RateLimitUsage(usage=[])
    with transaction.atomic():
        for action, key in counters:
            usage = consume(request, action, key=key)
            if usage is None:
                used.rollback()  # a try that was refused makes no other counter fuller
                return None
            used.usage += usage.usage
    return used


def give_back(used: RateLimitUsage) -> None:
    """Take back what the try counted: the password was right."""
    with transaction.atomic():
        used.rollback()


def is_first_refusal(request: HttpRequest) -> bool:
    """Whether the refusal is to be written down: of each counter one a minute, or a flood would fill the log."""
    action, key = list(request.limit_keys.items())[-1]
    key = key or ratelimit.get_ip(request)
    return ratelimit.consume(request, app=APP, action="refusal_logged", key=f"{action} {key}") is not None


def retry_at(request: HttpRequest) -> datetime | None:
    """Return when everything that was counted for this request allows one more; None where nothing is full."""
    keys = getattr(request, "limit_keys", None) or dict.fromkeys(app_settings.RATE_LIMITS)  # allauth notes none
    moments = [
        history[rate.amount - 1] + rate.duration
        for action, key in keys.items()
        for rate in ratelimit.get_rates(app=APP, action=action)
        if len(history := _history(request, action, rate, key)) >= rate.amount
    ]
    now = timezone.now().timestamp()
    late = [moment for moment in moments if moment > now]
    return datetime.fromtimestamp(max(late), timezone.get_current_timezone()) if late else None


def _history(request: HttpRequest, action: str, rate: Rate, key: str | None) -> list[float]:
    """Return the times of the tries that were counted, the latest first."""
    if (rate.per == "key" and key is None) or (rate.per == "user" and not request.user.is_authenticated):
        return []
    return cache.get(ratelimit.get_cache_key(request, app=APP, action=action, rate=rate, key=key), [])
