"""Middleware of the portal: a page for 405, requests with NUL or another encoding, and forms sent after a sign-in ran out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.shortcuts import render
from django.utils.http import parse_header_parameters
from django.utils.translation import gettext as _

from config.error_pages import render_resend_form


def render_method_not_allowed(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Render 405 as a page: after a new sign-in, ``next`` may lead to an address that only accepts POST."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not isinstance(response, HttpResponseNotAllowed):
            return response
        page = render(request, "405.html", status=405)
        page.headers["Allow"] = response.headers["Allow"]
        return page

    return middleware


def strip_nul_bytes(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Remove NUL from the query and cookies that contain it (a quoted cookie may), because PostgreSQL rejects it.

    In a form, NUL is refused by the form itself or by ``fields.clean_text``.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        for name in [name for name, value in request.COOKIES.items() if "\0" in value]:
            del request.COOKIES[name]
        if "%00" in (query := request.META.get("QUERY_STRING", "")):
            request.META["QUERY_STRING"] = query.replace("%00", "")
            request.GET = QueryDict(request.META["QUERY_STRING"])
        return get_response(request)

    return middleware


def refuse_other_encodings(application: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """Wrap the WSGI application and answer 400 to a body that is not declared as UTF-8.

    Django checks this for plain forms only. For a codec that is not for text (base64) it fails while it makes the
    request, before any middleware runs.
    """

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        try:
            charset = parse_header_parameters(environ.get("CONTENT_TYPE", ""))[1].get("charset", "utf-8")
        except (LookupError, ValueError):  # RFC 2231 lets the parameter have an encoding of its own
            charset = ""
        if charset.lower() in {"utf-8", "utf8"}:
            return application(environ, start_response)
        start_response("400 Bad Request", [("Content-Type", "text/plain; charset=utf-8")])
        return [_("보낸 내용이 UTF-8로 적혀 있지 않아 읽지 못했습니다.").encode()]

    return answer


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Every view needs a sign-in; a form sent after the sign-in ran out is shown again and not lost.

    Comes after the CSRF check, so the form was sent by a page of this portal.
    """

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., HttpResponse]) -> HttpResponse:
        if request.method != "POST":
            return super().handle_no_permission(request, view_func)
        return render_resend_form(request, status=401, needs_sign_in=True)
