"""Uploads that a release names."""

from __future__ import annotations

from django.http import Http404

from conference.uploads import images
from conference.uploads.file_responses import file_response, picture_response
from publishing import page_cache, releases

KEEP = "public, max-age=31536000, s-maxage=1, immutable"  # a digest always means the same bytes; a withdrawal counts


def file_of_release(request, current, digest, *, is_small=False):
    """An upload that the release names. Pictures open, all else is saved."""
    named = current.files.get(digest)
    is_picture = named is not None and named["media_type"] in images.SIGNATURES
    if named is None or (is_small and not is_picture):
        raise Http404
    said = {"media_type": named["media_type"], "filename": named["name"], "cache_control": KEEP}
    if is_picture:
        return picture_response(request, digest, is_small=is_small, **said)
    return file_response(request, digest, is_attachment=True, **said)


@page_cache.previewed_as(file_of_release)
@page_cache.public_view
def file(request, slug, digest, *, is_small=False):
    """`/<slug>/files/<digest>`: an upload, if the release in force names it; under `…/small` a picture as phones show it."""
    current = releases.live_release(slug)
    if current is None:
        raise Http404
    return file_of_release(request, current, digest, is_small=is_small)
