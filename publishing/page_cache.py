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
AGE_SHOWN_SECONDS = 3  # seconds; a page whose release was not confirmed for so long says its age
NO_GZIP = re.compile(r"\bgzip\s*;\s*q=0(\.0*)?\s*(,|$)")
View = Callable[..., HttpResponse]
CacheKey = tuple[str, object, datetime]  # slug, version and until of a CachedPage
Environ = dict[str, Any]  # of a WSGI request; Django calls it META


@dataclass(frozen=True, slots=True)
class StoredResponse:
    """An answer down to its bytes."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


@dataclass(frozen=True, slots=True)
class CachedPage:
    """One rendered page, ready to be sent: whole, zipped, or as 304 to whoever has it already."""

    slug: str  # "" for the list of all conferences
    version: Any  # releases.version(slug) when it was made
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
        """Whether it shows the release in force, as far as the database said so."""
        try:
            return self.version == releases.version(self.slug)
        except Error:
            return False  # whoever makes the page anew meets the same error

    def select_variant(self, asked: Environ) -> StoredResponse:
        """Return the variant that suits the request, with its age if the database does not answer."""
        if self.etag in asked.get("HTTP_IF_NONE_MATCH", ""):
            stored = self.unchanged
        else:
            stored = self.zipped if _takes_gzip(asked.get("HTTP_ACCEPT_ENCODING", "")) else self.whole
        age = releases.age(self.slug) or 0
        return _with_age(stored, age) if age >= AGE_SHOWN_SECONDS else stored

    def to_response(self, request: HttpRequest) -> HttpResponse:
        """Answer within Django."""
        stored = self.select_variant(request.META)
        body = b"" if request.method == "HEAD" else stored.body
        response = HttpResponse(body, status=stored.status)
        response.headers = ResponseHeaders(dict(stored.headers))  # these alone: a 304 has no type
        return response


def serve_before_django(application: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """Wrap the WSGI application: a kept page costs no request of Django.

    Once a second, when the release in force is to be looked up again, the request goes on to Django, which keeps the
    connections to the database in order. A database that does not answer is left alone for a while (releases.SILENCE_SECONDS).
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
    """The first middleware: keep pages that may be kept, and return them. A query string renders afresh.

    A page of the release in force whose hour has passed is returned all the same where no other can be made.
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
            # or a cache would keep what was here before a withdrawal
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
    """Return the kept page of a bare address.

    Where all is to be HTTPS, plain HTTP is for Django to send there; a host that is not ours is for Django to refuse.
    """
    if asked.get("QUERY_STRING") or asked["REQUEST_METHOD"] not in {"GET", "HEAD"}:
        return None
    if settings.SECURE_SSL_REDIRECT and asked.get("HTTP_X_FORWARDED_PROTO", asked["wsgi.url_scheme"]) != "https":
        return None
    if not _is_our_host(asked.get("HTTP_HOST") or asked["SERVER_NAME"], tuple(settings.ALLOWED_HOSTS)):
        return None
    return _pages.get(asked.get("PATH_INFO", ""))  # a server may leave an empty one out (PEP 3333)


@lru_cache(maxsize=100)
def _is_our_host(host: str, allowed: tuple[str, ...]) -> bool:
    domain, _port = split_domain_port(host)
    return bool(domain) and validate_host(domain, allowed)


@lru_cache(maxsize=100)
def _takes_gzip(encodings: str) -> bool:
    return "gzip" in encodings and not NO_GZIP.search(encodings)


def public_page(view: View) -> View:
    """Make the view public and its page cacheable. It gets ``(request, current, …)`` in place of ``slug``.

    Without a release in force there is no such page. The view itself stays at hand as ``release_view``, for previews.
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
    """Let a stranger read the page, and let it not know who is looking: it has no session, so nobody is signed in.

    A plain dict is no session to Django either: it neither reads nor sets the cookie, nor varies the answer by it.
    A malformed CSRF cookie is not mended here, for a cache would hand one visitor's new cookie to all.
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
    """Mark the answer, rendered at ``at``, as one that holds for this version until the next of ``moments`` (sorted)."""
    midnight = datetime.combine(at.astimezone(SEOUL).date() + timedelta(days=1), time(), SEOUL)
    after = moments[bisect_right(moments, at) :][:1]
    vars(response)["cache_key"] = slug, version, min([*after, midnight])
    return response


def _with_age(stored: StoredResponse, seconds: float) -> StoredResponse:
    """Say how long ago the page went out of date: RFC 9111 §5.1, and RFC 9211."""
    age = f"{seconds:.0f}"
    headers = [pair for pair in stored.headers if pair[0] != "Age"]
    headers += [("Age", age), ("Cache-Status", f"portal; hit; ttl=-{age}; detail=database")]
    return replace(stored, headers=headers)


def clear_cache() -> None:
    """Drop every kept page: between tests."""
    _pages.clear()
    _cached_bytes[0] = 0


_pages: dict[str, CachedPage] = {}
_cached_bytes = [0]  # bytes in _pages


def _build_page(response: HttpResponse, cache_key: CacheKey, *, effort: int) -> CachedPage:
    body = response.content
    zipped = gzip.compress(body, effort, mtime=0)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    # weak, for the zipped bytes are another representation; a header that an earlier middleware set stays
    headers = {**response.headers, "ETag": f"W/{etag}", "Cache-Control": CACHE_CONTROL, "Vary": "Accept-Encoding"}
    headers["Age"] = "0"  # also in a 304: a browser would go on with the age that it was told before
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
