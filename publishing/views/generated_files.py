"""The generated files of a release, and its QR code."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from conference import content
from conference.uploads.file_responses import file_response
from publishing import generated_files, page_cache, qr, releases, wording
from publishing.models import GeneratedFile

RETRY = 10  # seconds after which a browser should ask again
TYPES = {GeneratedFile.Kind.SOCIAL_CARD: "image/png"}


def serve_file_of_release(request, current, kind):
    """Send one file, or page 404 until it is generated."""
    if (generated := generated_files.find_file(current, kind)) is None:
        return _not_yet(request, current, kind)
    media_type = TYPES.get(kind, "application/pdf")
    name = f"{wording.plain(content.event(current.sections), 'title')} {GeneratedFile.Kind(kind).label}.{media_type.partition('/')[2]}"
    return file_response(
        request, generated.digest, media_type=media_type, filename=name, cache_control=page_cache.CACHE_CONTROL
    )


@page_cache.previewed_as(serve_file_of_release)
@page_cache.public_view
def serve_file(request, slug, kind):
    """`/<slug>/programme.pdf`, `door.pdf`, `og.png`: the file that the worker generated from the release in force."""
    current = releases.live_release(slug)
    if current is None or "event" not in current.sections:
        raise Http404
    return serve_file_of_release(request, current, kind)


def _not_yet(request, current, kind):
    """Return page 404, which says that the file is being generated, or that this has failed.

    Not 503: then a cache in between (docs/nginx.conf) would go on with the file of an earlier release and its names.
    """
    has_failed = generated_files.has_failed(current, kind)
    event, words = content.event(current.sections), GeneratedFile.Kind(kind).label
    context = {"current": current, "event": event, "form": words, "has_failed": has_failed, "here": "programme"}
    response = render(request, "publishing/not_yet.html", context, status=404)
    if not has_failed:
        response.headers["Retry-After"] = str(RETRY)
    return response


@page_cache.public_page
def qr_code(_request, current):
    """`/<slug>/qr.svg`: leads to the conference in the language of the page."""
    code = qr.render_svg(qr.public_address(current.slug), title=_("QR 코드"))
    return HttpResponse(code, content_type="image/svg+xml")
