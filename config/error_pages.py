"""Error pages that explain the error and keep what was typed: 400, 403, 413, 429, 500, 503."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from datetime import timedelta
from math import ceil

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views import defaults
from django.views.csrf import csrf_failure

from accounts import sign_in_limits
from conference import outage

RETRY_AFTER = 10  # seconds
HAS_WORDS = re.compile(r"[가-힣]|\w\s+\w")  # words that a person typed, unlike keys and numbers of a form


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's CSRF_FAILURE_VIEW. A new sign-in changes the token, so a form of this portal can be sent again by a button.

    A form of another site is not shown again, because its content is not trusted.
    """
    ours = {f"{request.scheme}://{request.get_host()}", *settings.CSRF_TRUSTED_ORIGINS}
    if request.method == "POST" and request.headers.get("Origin") in ours:
        return render_resend_form(request, status=403, needs_sign_in=not request.user.is_authenticated)
    return csrf_failure(request, reason)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler400. Says which limit was exceeded, and how to send the data in parts."""
    megabytes = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024**2
    too_much = {
        RequestDataTooBig: _("적은 글이 모두 %(most)dMB를 넘습니다. 나누어 보내 주세요.") % {"most": megabytes},
        TooManyFieldsSent: _("한 번에 저장하기에는 줄이 너무 많습니다. 나누어 보내 주세요."),
        TooManyFilesSent: _("파일은 한 번에 %(most)d개까지 받습니다. 나누어 올려 주세요.")
        % {"most": settings.DATA_UPLOAD_MAX_NUMBER_FILES},
    }.get(type(exception), "")
    status = 413 if too_much else 400
    return render(request, "400.html", {"status": status, "too_much": too_much}, status=status)


def too_many(request: HttpRequest) -> HttpResponse:
    """Handler429 of allauth. Says when the next attempt is allowed."""
    until = sign_in_limits.retry_at(request)
    shown = until and (until + timedelta(seconds=59)).replace(second=0, microsecond=0)  # rounded up to a minute
    context = {"until": shown, "is_today": shown and shown.date() == timezone.localdate()}
    if get_adapter(request).is_ajax(request):
        text = render_to_string("_until.html", context).strip()
        response: HttpResponse = JsonResponse({"error": text, "retry_at": shown}, status=429)
    else:
        response = render(request, "429.html", context, status=429)
    if until:
        response.headers["Retry-After"] = str(ceil((until - timezone.now()).total_seconds()))
    add_never_cache_headers(response)
    response._has_been_logged = True  # noqa: SLF001 (Django's own mark) no log line for each: the sign-in log has the first
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500, for every exception that no view handled: 503 with a reason for an outage, else 500.

    The sent form is shown again only if the CSRF check has accepted it.
    """
    kind = outage.outage_kind(sys.exc_info()[1])
    if not kind:
        return defaults.server_error(request)
    reason = _reasons()[kind]
    if not request.accepts("text/html"):
        response = JsonResponse({"refused": [reason]}, status=503)
    elif _can_be_sent_again(request):
        response = render_resend_form(request, status=503, reason=reason)
    else:
        is_staff = settings.SESSION_COOKIE_NAME in request.COOKIES
        context = {"reason": reason, "is_sent": request.method == "POST", "is_staff": is_staff}
        response = render(request, "503.html", context, status=503)
    response.headers["Retry-After"] = str(RETRY_AFTER)
    add_never_cache_headers(response)
    return response


def _reasons() -> dict[str, str]:
    return {
        outage.LOCKED: _("다른 작업이 아직 끝나지 않아 기다리다가 멈추었습니다."),
        outage.UNAVAILABLE: _("데이터베이스가 응답하지 않습니다."),
        outage.DAMAGED: _("데이터베이스를 읽을 수 없습니다."),
        outage.READ_ONLY: _("지금은 서버에 자료를 저장할 수 없습니다."),
        outage.FULL: _("서버의 저장 공간이 가득 찼습니다."),
        outage.STORAGE: _("파일 저장소를 쓸 수 없습니다."),
    }


def _can_be_sent_again(request: HttpRequest) -> bool:
    is_ours = request.method == "POST" and getattr(request, "csrf_processing_done", False)
    return is_ours and bool(request.POST) and not any(_is_secret(name) for name in request.POST)


def render_resend_form(
    request: HttpRequest, *, status: int, reason: str = "", needs_sign_in: bool = False
) -> HttpResponse:
    typed = list(_sent_fields(request))
    context = {
        "typed": typed,
        "words": [value for _name, value in typed if HAS_WORDS.search(value)],
        "is_multipart": request.content_type == "multipart/form-data",
        "has_files": bool(request.FILES),
        "status": status,
        "reason": reason,
        "needs_sign_in": needs_sign_in,
        "action": request.get_full_path(),
    }
    response = render(request, "send_again.html", context, status=status)
    add_never_cache_headers(response)  # contains what was typed
    return response


def _sent_fields(request: HttpRequest) -> Iterator[tuple[str, str]]:
    """Yield name and value of each field, without passwords and the CSRF token."""
    for name, values in request.POST.lists():
        if name != "csrfmiddlewaretoken" and not _is_secret(name):
            yield from ((name, value) for value in values)


def _is_secret(name: str) -> bool:
    return "password" in name.lower()
