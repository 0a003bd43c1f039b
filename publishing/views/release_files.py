"""The uploads of a release."""

from __future__ import annotations

from django.http import Http404

from conference.uploads import images
from conference.uploads.file_responses import file_response, picture_response
from publishing import page_cache, releases

KEEP = "public, max-age=31536000, s-maxage=1, immutable"  # a digest always means the same bytes; shared caches ask each second, because a release may be withdrawn


def file_of_release(request, current, digest, *, is_small=False):
    """Send an upload of the release: a picture to be shown, any other file as a download."""
    upload = current.files.get(digest)
    is_picture = upload is not None and upload["media_type"] in images.SIGNATURES
    if upload is None or (is_small and not is_picture):
        raise Http404
    headers = {"media_type": upload["media_type"], "filename": upload["name"], "cache_control": KEEP}
    if is_picture:
        return picture_response(request, digest, is_small=is_small, **headers)
    return file_response(request, digest, is_attachment=True, **headers)


@page_cache.previewed_as(file_of_release)
@page_cache.public_view
def file(request, slug, digest, *, is_small=False):
    """`/<slug>/files/<digest>`: an upload of the release in force; under `…/small` a picture in the size for phones."""
    if (current := releases.live_release(slug)) is None:
        raise Http404
    return file_of_release(request, current, digest, is_small=is_small)
