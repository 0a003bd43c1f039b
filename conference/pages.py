"""Public pages: the same bytes for everybody, kept and returned before any other middleware has a cost."""

from __future__ import annotations

import gzip
import hashlib
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from conference import release
from conference.frozen import SEOUL

KEPT = 32 * 1024**2  # bytes of pages a process keeps; when they are more, it begins anew
FRESH = "public, max-age=0, s-maxage=1"  # a browser asks each time, a cache in between once a second
View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Page:
    """One rendered page, ready to be sent."""

    slug: str  # "" for the list of all conferences
    version: Any  # release.version(slug) when it was made
    until: datetime  # the next start or end in the programme, or midnight: then it may say something else
    headers: dict[str, str]
    body: bytes
    zipped: bytes

    @property
    def size(self) -> int:
        return len(self.body) + len(self.zipped)

    @property
    def is_in_force(self) -> bool:
        return timezone.now() < self.until and self.version == release.version(self.slug)

    def answer(self, request: HttpRequest) -> HttpResponse:
        """Send it whole, zipped, without its body (HEAD), or say that the visitor has it already (304)."""
        asked = request.META
        if _has(asked.get("HTTP_IF_NONE_MATCH", ""), self.headers["ETag"]):
            headers = {key: value for key, value in self.headers.items() if key != "Content-Type"}
            response = HttpResponse(status=304, headers=headers)
            del response["Content-Type"]
            return response
        is_zipped = "gzip" in asked.get("HTTP_ACCEPT_ENCODING", "")
        body = self.zipped if is_zipped else self.body
        response = HttpResponse(b"" if request.method == "HEAD" else body, headers=self.headers)
        response.headers["Content-Length"] = str(len(body))
        if is_zipped:
            response.headers["Content-Encoding"] = "gzip"
        return response


class StoredPages:
    """The first middleware. Only bare paths are kept; a query string renders afresh."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_bare = not request.META.get("QUERY_STRING")
        if is_bare and request.method in {"GET", "HEAD"} and _may_skip_redirect(request):
            page = _pages.get(request.path_info)
            if page and page.is_in_force:
                return page.answer(request)
        response = self.get_response(request)
        if not hasattr(response, "made_from"):
            return response
        page = _page(response)
        if is_bare:
            _keep(request.path_info, page)
        return page.answer(request)


def public_page(view: View) -> View:
    """Open the view to strangers and make its page storable. It gets ``(request, current, …)`` in place of ``slug``.

    Without a release in force there is no such page.
    """

    def inner(request: HttpRequest, slug: str, **rest: str) -> HttpResponse:
        current = release.current(slug)
        if current is None or "event" not in current.sections:
            raise Http404
        at = timezone.now()
        response = view(request, current, **rest)
        return storable(response, slug=slug, version=(current.number, current.digest), moments=current.moments, at=at)

    return open_to_all(wraps(view)(inner))


def open_to_all(view: View) -> View:
    """Let a stranger read the page, and let it not know who is looking: it has no session, so nobody is signed in.

    A plain dict is no session to Django either: it neither reads nor sets the cookie, nor varies the answer by it.
    """

    @wraps(view)
    def inner(request: HttpRequest, **rest: str) -> HttpResponse:
        request.session = {}
        return view(request, **rest)

    return login_not_required(require_safe(inner))


def storable(
    response: HttpResponse, *, slug: str, version: object, moments: list[datetime], at: datetime
) -> HttpResponse:
    """Mark the answer, rendered at ``at``, as one that holds for this version until the next of ``moments`` (sorted)."""
    midnight = datetime.combine(at.astimezone(SEOUL).date() + timedelta(days=1), time(), SEOUL)
    after = moments[bisect_right(moments, at) :][:1]
    response.made_from = (slug, version, min([*after, midnight]))
    return response


def forget() -> None:
    """Drop every kept page: between tests."""
    _pages.clear()
    _kept[0] = 0


_pages: dict[str, Page] = {}
_kept = [0]  # bytes in _pages


def _page(response: HttpResponse) -> Page:
    body = response.content
    etag = f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'  # weak: the zipped bytes are another representation
    headers = {**response.headers, "ETag": etag, "Cache-Control": FRESH, "Vary": "Accept-Encoding"}
    headers.pop("Content-Length", None)
    return Page(*response.made_from, headers, body, gzip.compress(body, 9, mtime=0))


def _keep(path: str, page: Page) -> None:
    if old := _pages.pop(path, None):
        _kept[0] -= old.size
    if _kept[0] + page.size > KEPT:
        forget()
    _pages[path] = page
    _kept[0] += page.size


def _has(header: str, etag: str) -> bool:
    """Whether If-None-Match names the tag; a proxy may have taken or given the mark of weakness."""
    return bool(header) and etag.removeprefix("W/") in header


def _may_skip_redirect(request: HttpRequest) -> bool:
    return request.is_secure() or not settings.SECURE_SSL_REDIRECT
