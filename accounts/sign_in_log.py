"""Sign-in log (접속기록): who signed in or failed to, when and from where.

The 개인정보의 안전성 확보조치 기준 (개인정보보호위원회고시) §8 requires access records to be kept for at least one year, and for two
where data of 50,000 people or sensitive data are processed: then set PORTAL_SIGN_IN_LOG_YEARS=2. Until that date the
database refuses to change or delete a record; afterwards the worker deletes it.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts import login_names
from accounts.models import SignInRecord, User

BROWSER_MAX = 200  # letters
DAYS_OF_YEAR = 366  # so that a leap year is not a day short


def record(request: HttpRequest, result: SignInRecord.Result, *, user: User | None = None, name: str = "") -> None:
    """Write one record. Without ``user`` the account is looked up by the typed ``name``."""
    user = user or _account(name)
    adapter = get_adapter(request)
    browser = "".join(letter for letter in adapter.get_http_user_agent(request) if letter.isprintable())
    SignInRecord.objects.create(
        result=result,
        account=user,
        name_mark="" if user else login_names.short_hash(name),
        address=adapter.get_client_ip(request),
        browser=browser[:BROWSER_MAX],
        keep_until=timezone.localdate() + timedelta(days=DAYS_OF_YEAR * settings.SIGN_IN_LOG_YEARS),
    )


def search(query: str, day: date | None) -> QuerySet[SignInRecord]:
    """Return records of accounts whose 아이디 or 성명 contains ``query``, or of exactly that name without an account."""
    rows = SignInRecord.objects.select_related("account__department__organisation").order_by("-pk")
    if query:
        by_account = Q(account__username__icontains=query) | Q(account__name__icontains=query)
        rows = rows.filter(by_account | Q(name_mark=login_names.short_hash(query)))
    if day:
        begin = timezone.make_aware(datetime.combine(day, time()))
        rows = rows.filter(at__gte=begin, at__lt=begin + timedelta(days=1))
    return rows


def delete_expired() -> int:
    """Delete the records whose date is past, and return how many. It checks first, because an empty DELETE is a write too."""
    expired = SignInRecord.objects.filter(keep_until__lt=timezone.now().date())  # UTC, as the database's rule
    return expired.delete()[0] if expired.exists() else 0


def _account(name: str) -> User | None:
    try:
        return User.objects.filter(username__iexact=name).first()  # as allauth looks it up
    except ValidationError:  # characters that no account name can have
        return None
