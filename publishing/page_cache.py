"""Public pages are the same bytes for everyone: they are cached and returned before any other middleware runs."""

from __future__ import annotations

import gzip
import hashlib
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import lru_cache, wraps
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import split_domain_port, validate_host
from django.http.response import ResponseHeaders
from django.utils import timezone
from django.views.decorators.http import require_safe

from conference import outage
from korean.dates import SEOUL
from publishing import releases

CACHE_MAX_BYTES = 32 * 1024**2  # bytes of pages that a process caches; with more, the cache is emptied
CACHE_CONTROL = "public, max-age=0, s-maxage=1"  # a browser asks each time, a cache in between once a second
STATUS = {200: "200 OK", 304: "304 Not Modified"}
AGE_SHOWN_SECONDS = 3  # seconds; if the database has not answered for so long, the page has its age in a header
NO_GZIP = re.compile(r"\bgzip\s*;\s*q=0(\.0*)?\s*(,|$)")
View = Callable[..., HttpResponse]
CacheKey = tuple[str, object, datetime]  # slug, version and until of a CachedPage
Environ = dict[str, Any]  # of a WSGI request; Django calls it META


@dataclass(frozen=True, slots=True)
class StoredResponse:
    """A complete response: status, headers and bytes."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


@dataclass(frozen=True, slots=True)
class CachedPage:
    """One rendered page, ready to be sent: whole, zipped, or as 304 to a reader who has it already."""

    slug: str  # "" for the list of all conferences
    version: Any  # releases.version(slug) when it was rendered
    until: datetime  # the next start or end in the programme, or midnight: then it may say something else
    etag: str
    whole: StoredResponse
    zipped: StoredResponse
    unchanged: StoredResponse

    @property
    def size(self) -> int:
        return len(self.whole.body) + len(self.zipped.body)

    @property
    def is_current(self) -> bool:
        return timezone.now() < self.until and self.is_of_release

    @property
    def is_of_release(self) -> bool:
        """Whether it shows the release in force; False if the database does not answer."""
        try:
            return self.version == releases.version(self.slug)
        except Error:
            return False  # rendering the page again meets the same error

    def select_variant(self, asked: Environ) -> StoredResponse:
        """Return the variant that suits the request, with its age if the database does not answer."""
        if self.etag in asked.get("HTTP_IF_NONE_MATCH", ""):
            stored = self.unchanged
        else:
            stored = self.zipped if _takes_gzip(asked.get("HTTP_ACCEPT_ENCODING", "")) else self.whole
        age = releases.age(self.slug) or 0
        return _with_age(stored, age) if age >= AGE_SHOWN_SECONDS else stored

    def to_response(self, request: HttpRequest) -> HttpResponse:
        """Return the page as Django's response."""
        stored = self.select_variant(request.META)
        response = HttpResponse(b"" if request.method == "HEAD" else stored.body, status=stored.status)
        response.headers = ResponseHeaders(dict(stored.headers))  # no other headers: a 304 has no content type
        return response


def serve_before_django(application: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """Wrap the WSGI application: for a cached page no request reaches Django.

    Once a second the release in force is looked up again. That request goes on to Django, which opens and closes the
    database connections. A database that does not answer is not asked for a while (releases.SILENCE_SECONDS).
    """

    def answer(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        page = _find_page(environ)
        if page is None or not releases.is_fresh(page.slug) or not page.is_current:
            return application(environ, start_response)
        stored = page.select_variant(environ)
        start_response(STATUS[stored.status], stored.headers.copy())
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [stored.body]

    return answer


class StoredPagesMiddleware:
    """The first middleware: cache the pages that ``mark_cacheable`` marks, and return them. A query string is not cached.

    A page past its ``until`` is returned all the same if it shows the release in force and a new one cannot be rendered.
    """

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        page = _find_page(request.META)
        if page and page.is_current:
            return page.to_response(request)
        response = self.get_response(request)
        if response.status_code == HTTPStatus.SERVICE_UNAVAILABLE and page and page.is_of_release:
            return page.to_response(request)
        if response.status_code == HTTPStatus.NOT_FOUND and hasattr(request, "is_public"):
            # else a cache in between would go on with the page of a release that is withdrawn now
            response.headers["Cache-Control"] = CACHE_CONTROL
        cache_key: CacheKey | None = getattr(response, "cache_key", None)
        if cache_key is None:
            return response
        is_kept = not request.META.get("QUERY_STRING")
        page = _build_page(response, cache_key, effort=9 if is_kept else 1)
        if is_kept:
            _store_page(request.path_info, page)
        return page.to_response(request)


def _find_page(asked: Environ) -> CachedPage | None:
    """Return the cached page of an address without a query string.

    None also for what Django must answer itself: plain HTTP that it redirects to HTTPS, and a foreign host that it refuses.
    """
    if asked.get("QUERY_STRING") or asked["REQUEST_METHOD"] not in {"GET", "HEAD"}:
        return None
    if settings.SECURE_SSL_REDIRECT and asked.get("HTTP_X_FORWARDED_PROTO", asked["wsgi.url_scheme"]) != "https":
        return None
    if not _is_our_host(asked.get("HTTP_HOST") or asked["SERVER_NAME"], tuple(settings.ALLOWED_HOSTS)):
        return None
    return _pages.get(asked.get("PATH_INFO", ""))  # a server may leave an empty path out (PEP 3333)


@lru_cache(maxsize=100)
def _is_our_host(host: str, allowed: tuple[str, ...]) -> bool:
    domain, _port = split_domain_port(host)
    return bool(domain) and validate_host(domain, allowed)


@lru_cache(maxsize=100)
def _takes_gzip(encodings: str) -> bool:
    return "gzip" in encodings and not NO_GZIP.search(encodings)


def public_page(view: View) -> View:
    """Make the view public and its page cacheable. It gets ``(request, current, …)`` in place of ``slug``.

    404 without a release in force. Previews call the view itself, as ``release_view``.
    """

    def inner(request: HttpRequest, slug: str, **rest: str) -> HttpResponse:
        current = releases.live_release(slug)
        if current is None or "event" not in current.sections:
            raise Http404
        at = timezone.now()
        response = view(request, current, **rest)
        return mark_cacheable(response, slug=slug, version=current.version, moments=current.moments, at=at)

    return public_view(previewed_as(view)(wraps(view)(inner)))


def previewed_as(release_view: View) -> Callable[[View], View]:
    """Let previews call ``release_view(request, current, …)`` in place of the decorated view."""

    def decorate(view: View) -> View:
        vars(view)["release_view"] = release_view
        return view

    return decorate


def public_view(view: View) -> View:
    """Open the page to everybody, signed in or not. The request has no session, so the page is the same for all.

    The session is a plain dict: Django then neither reads nor sets the session cookie, and sends no ``Vary: Cookie``.
    A malformed CSRF cookie is not replaced, because a cache would give one visitor's new cookie to all others.
    """

    @wraps(view)
    def inner(request: HttpRequest, **rest: str) -> HttpResponse:
        vars(request).update(session={}, is_public=True)
        request.META.pop("CSRF_COOKIE_NEEDS_UPDATE", None)
        with outage.short_database_wait():
            return view(request, **rest)

    return login_not_required(require_safe(inner))


def mark_cacheable(
    response: HttpResponse, *, slug: str, version: object, moments: list[datetime], at: datetime
) -> HttpResponse:
    """Mark the response, rendered at ``at``, as cacheable for this version until the next of ``moments`` (sorted), or midnight."""
    midnight = datetime.combine(at.astimezone(SEOUL).date() + timedelta(days=1), time(), SEOUL)
    vars(response)["cache_key"] = slug, version, min([*moments[bisect_right(moments, at) :][:1], midnight])
    return response


def _with_age(stored: StoredResponse, seconds: float) -> StoredResponse:
    """Return the response with headers that give its age in seconds (RFC 9111 §5.1, RFC 9211)."""
    age = [("Age", f"{seconds:.0f}"), ("Cache-Status", f"portal; hit; ttl=-{seconds:.0f}; detail=database")]
    return replace(stored, headers=[*(pair for pair in stored.headers if pair[0] != "Age"), *age])


def clear_cache() -> None:
    """Drop every cached page; for tests, and when the cache is full."""
    _pages.clear()
    _cached_bytes[0] = 0


_pages: dict[str, CachedPage] = {}
_cached_bytes = [0]  # bytes in _pages


def _build_page(response: HttpResponse, cache_key: CacheKey, *, effort: int) -> CachedPage:
    body = response.content
    zipped = gzip.compress(body, effort, mtime=0)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    # A weak etag, because the zipped bytes are another representation. Headers that other middleware set stay.
    headers = {**response.headers, "ETag": f"W/{etag}", "Cache-Control": CACHE_CONTROL, "Vary": "Accept-Encoding"}
    headers["Age"] = "0"  # also in a 304, because a browser would go on with the last age that it got
    of_body = {"Content-Type", "Content-Length"}
    of_zipped = headers | {"Content-Length": str(len(zipped)), "Content-Encoding": "gzip"}
    return CachedPage(
        *cache_key,
        etag,
        StoredResponse(200, [*(headers | {"Content-Length": str(len(body))}).items()], body),
        StoredResponse(200, [*of_zipped.items()], zipped),
        StoredResponse(304, [pair for pair in headers.items() if pair[0] not in of_body], b""),
    )


def _store_page(path: str, page: CachedPage) -> None:
    if old := _pages.pop(path, None):
        _cached_bytes[0] -= old.size
    if _cached_bytes[0] + page.size > CACHE_MAX_BYTES:
        clear_cache()
    _pages[path] = page
    _cached_bytes[0] += page.size
