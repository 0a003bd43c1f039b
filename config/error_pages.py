"""What Django would answer with an empty page, an error, or the loss of what was typed."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from math import ceil
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.http import parse_header_parameters
from django.utils.translation import gettext as _
from django.views import defaults
from django.views.csrf import csrf_failure

from accounts import sign_in_limits
from conference import outage

RETRY_AFTER = 10  # seconds
WRITTEN = re.compile(r"[가-힣]|\w\s+\w")  # words of somebody, unlike keys and numbers of a form


def not_allowed_is_a_page(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Say in words what 405 means: who signs after the sign-in ran out is led back to an address that only takes forms."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not isinstance(response, HttpResponseNotAllowed):
            return response
        page = render(request, "405.html", status=405)
        page.headers["Allow"] = response.headers["Allow"]
        return page

    return middleware


def no_nul(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Drop NUL from the query, and cookies that hold one (a quoted cookie may): PostgreSQL looks for none, and fails.

    A text that is sent to be kept is refused in words, by its form or ``fields.clean_text``.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        for name in [name for name, value in request.COOKIES.items() if "\0" in value]:
            del request.COOKIES[name]
        if "%00" in (query := request.META.get("QUERY_STRING", "")):
            request.META["QUERY_STRING"] = query.replace("%00", "")
            request.GET = QueryDict(request.META["QUERY_STRING"])
        return get_response(request)

    return middleware


def utf8_alone(application: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """Wrap the WSGI application: refuse what calls itself by another encoding, as Django does with plain forms only.

    At names that are no text's (base64) Django fails while it makes the request, before any middleware could answer.
    """

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        try:
            charset = parse_header_parameters(environ.get("CONTENT_TYPE", ""))[1].get("charset", "utf-8")
        except (LookupError, ValueError):  # it can be written in an encoding of its own (RFC 2231)
            charset = ""
        if charset.lower() in {"utf-8", "utf8"}:
            return application(environ, start_response)
        start_response("400 Bad Request", [("Content-Type", "text/plain; charset=utf-8")])
        return [_("보낸 내용이 UTF-8로 적혀 있지 않아 읽지 못했습니다.").encode()]

    return answer


class SignInRequired(LoginRequiredMiddleware):
    """Closed by default; a form sent after the sign-in ran out is kept, not lost on the way to the sign-in page.

    It stands after the CSRF check: what is shown again was sent by a page of ours.
    """

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., HttpResponse]) -> HttpResponse:
        if request.method != "POST":
            return super().handle_no_permission(request, view_func)
        return _send_again(request, status=401, needs_sign_in=True)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's CSRF_FAILURE_VIEW. Signing in again changes the token: a page of ours may send once more, by hand.

    Nobody else's page gets that: whoever pressed the button there would do what a stranger has filled in.
    """
    ours = {f"{request.scheme}://{request.get_host()}", *settings.CSRF_TRUSTED_ORIGINS}
    if request.method == "POST" and request.headers.get("Origin") in ours:
        return _send_again(request, status=403, needs_sign_in=not request.user.is_authenticated)
    return csrf_failure(request, reason)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler400; where it was too much, say so and how to mend it."""
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
    """The handler429 that allauth asks for: say when one may try again."""
    until = sign_in_limits.retry_at(request)
    shown = until and (until + timedelta(seconds=59)).replace(second=0, microsecond=0)  # the minute after
    context = {"until": shown, "is_today": shown and shown.date() == timezone.localdate()}
    if get_adapter(request).is_ajax(request):
        text = render_to_string("_until.html", context).strip()
        response: HttpResponse = JsonResponse({"error": text, "retry_at": shown}, status=429)
    else:
        response = render(request, "429.html", context, status=429)
    if until:
        response.headers["Retry-After"] = str(ceil((until - timezone.now()).total_seconds()))
    add_never_cache_headers(response)
    response._has_been_logged = True  # noqa: SLF001 (Django's own mark) each would be a line; the log of sign-ins has the first
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500 sees what every middleware and view let through: an error of ours, or something that is gone.

    What was sent is kept only where the CSRF check has seen that a page of ours sent it.
    """
    kind = outage.kind(sys.exc_info()[1])
    if not kind:
        return defaults.server_error(request)
    reason = _reasons()[kind]
    if not request.accepts("text/html"):
        response = JsonResponse({"refused": [reason]}, status=503)
    elif _can_be_sent_again(request):
        response = _send_again(request, status=503, reason=reason)
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
        outage.GONE: _("데이터베이스가 응답하지 않습니다."),
        outage.DAMAGED: _("데이터베이스를 읽을 수 없습니다."),
        outage.READ_ONLY: _("지금은 서버에 자료를 저장할 수 없습니다."),
        outage.FULL: _("서버의 저장 공간이 가득 찼습니다."),
        outage.STORAGE: _("파일 저장소를 쓸 수 없습니다."),
    }


def _can_be_sent_again(request: HttpRequest) -> bool:
    is_ours = request.method == "POST" and getattr(request, "csrf_processing_done", False)
    return is_ours and bool(request.POST) and not any(_is_secret(name) for name in request.POST)


def _send_again(request: HttpRequest, *, status: int, reason: str = "", needs_sign_in: bool = False) -> HttpResponse:
    typed = list(_typed(request))
    context = {
        "typed": typed,
        "words": [value for _name, value in typed if WRITTEN.search(value)],
        "is_multipart": request.content_type == "multipart/form-data",
        "has_files": bool(request.FILES),
        "status": status,
        "reason": reason,
        "needs_sign_in": needs_sign_in,
        "action": request.get_full_path(),
    }
    response = render(request, "send_again.html", context, status=status)
    add_never_cache_headers(response)  # it holds what somebody typed
    return response


def _typed(request: HttpRequest) -> Iterator[tuple[str, str]]:
    """Name and value of each field; never a password's, nor the token that has run out."""
    for name, values in request.POST.lists():
        if name != "csrfmiddlewaretoken" and not _is_secret(name):
            yield from ((name, value) for value in values)


def _is_secret(name: str) -> bool:
    return "password" in name.lower()
