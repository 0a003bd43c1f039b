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
    """One rendered page, ready to be sent: whole, zipped, or as 304 to whoever has it already."""

    slug: str  # "" for the list of all conferences
    version: Any  # release.version(slug) when it was made
    until: datetime  # the next start or end in the programme, or midnight: then it may say something else
    etag: str
    whole: HttpResponse
    zipped: HttpResponse
    unchanged: HttpResponse

    @property
    def size(self) -> int:
        return len(self.whole.content) + len(self.zipped.content)

    @property
    def is_in_force(self) -> bool:
        return timezone.now() < self.until and self.version == release.version(self.slug)

    def answer(self, request: HttpRequest) -> HttpResponse:
        asked = request.META
        if self.etag in asked.get("HTTP_IF_NONE_MATCH", ""):
            ready = self.unchanged
        else:
            ready = self.zipped if "gzip" in asked.get("HTTP_ACCEPT_ENCODING", "") else self.whole
        response = HttpResponse(b"" if request.method == "HEAD" else ready.content, status=ready.status_code)
        response.headers = ready.headers  # shared, not copied: checking and copying them is most of an answer's cost
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

    Without a release in force there is no such page. The view itself stays at hand as ``of_release``, for previews.
    """

    def inner(request: HttpRequest, slug: str, **rest: str) -> HttpResponse:
        current = release.current(slug)
        if current is None or "event" not in current.sections:
            raise Http404
        at = timezone.now()
        response = view(request, current, **rest)
        return storable(response, slug=slug, version=(current.number, current.digest), moments=current.moments, at=at)

    inner.of_release = view
    return open_to_all(wraps(view)(inner))


def open_to_all(view: View) -> View:
    """Let a stranger read the page, and let it not know who is looking: it has no session, so nobody is signed in.

    A plain dict is no session to Django either: it neither reads nor sets the cookie, nor varies the answer by it.
    A malformed CSRF cookie is not mended here, for a cache would hand one visitor's new cookie to all.
    """

    @wraps(view)
    def inner(request: HttpRequest, **rest: str) -> HttpResponse:
        request.session = {}
        request.META.pop("CSRF_COOKIE_NEEDS_UPDATE", None)
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
    zipped = gzip.compress(body, 9, mtime=0)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    # weak, for the zipped bytes are another representation; a header that an earlier middleware set stays
    headers = {**response.headers, "ETag": f"W/{etag}", "Cache-Control": FRESH, "Vary": "Accept-Encoding"}
    unchanged = HttpResponse(status=304, headers=headers)
    del unchanged["Content-Type"], unchanged["Content-Length"]
    return Page(
        *response.made_from,
        etag,
        HttpResponse(body, headers=headers | {"Content-Length": str(len(body))}),
        HttpResponse(zipped, headers=headers | {"Content-Length": str(len(zipped)), "Content-Encoding": "gzip"}),
        unchanged,
    )


def _keep(path: str, page: Page) -> None:
    if old := _pages.pop(path, None):
        _kept[0] -= old.size
    if _kept[0] + page.size > KEPT:
        forget()
    _pages[path] = page
    _kept[0] += page.size


def _may_skip_redirect(request: HttpRequest) -> bool:
    return request.is_secure() or not settings.SECURE_SSL_REDIRECT
