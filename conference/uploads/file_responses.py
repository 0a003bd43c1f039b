"""Responses with a stored file: whole, a range, or 304; sent in pieces or by nginx.

Nothing is hashed here: a file is named by its digest when it is stored, and a job checks it later (storage_check).
"""

from __future__ import annotations

import logging
import re
from typing import IO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header

from conference import outage
from conference.uploads import images, photos, storage
from rows.whole_numbers import parse_whole_number

READ_AT_ONCE = 512 * 1024  # bytes that are read at once; of a larger file only a piece is in memory
ONE_RANGE = re.compile(
    r"bytes=(\d{0,15})-(\d{0,15})", re.ASCII
)  # for several ranges the whole file is a correct answer too
NO_STORE = "private, no-store"
log = logging.getLogger(__name__)


def file_response(
    request: HttpRequest,
    name: str,
    *,
    media_type: str,
    filename: str,
    cache_control: str,
    is_attachment: bool = False,
) -> HttpResponseBase:
    """Answer with the stored file ``name`` (a digest or a derived file). Raises Http404 if it is missing."""
    headers = {
        "ETag": f'"{name}"',
        "Cache-Control": cache_control,
        "Accept-Ranges": "bytes",
        "X-Content-Type-Options": "nosniff",
    }
    if disposition := content_disposition_header(is_attachment, filename):
        headers["Content-Disposition"] = disposition
    empty = HttpResponse(content_type=media_type, headers=headers)
    if (answer := get_conditional_response(request, etag=headers["ETag"], response=empty)) is not empty:
        return answer
    try:
        file = storage.open_stored(name)
    except FileNotFoundError as error:
        log.exception("stored file %s (%s) is gone", name, filename)
        raise Http404 from error
    if settings.ACCEL:  # nginx reads the file and also answers ranges
        file.close()
        empty.headers["X-Accel-Redirect"] = f"{settings.ACCEL}{storage.storage_path(name)}"
        return empty
    return _with_content(request, file, empty)


def picture_response(
    request: HttpRequest, digest: str, *, media_type: str, filename: str, cache_control: str, is_small: bool
) -> HttpResponseBase:
    """Answer with a stored picture, whole or in its small form. Raises Http404, and the errors of a storage that is gone."""
    if is_small:
        try:
            name, media_type = photos.small_form(digest, media_type=media_type), images.JPEG
        except (FileNotFoundError, storage.DamagedFile) as error:
            log.exception("stored picture %s (%s) is gone", digest, filename)
            raise Http404 from error
        except (ValidationError, OSError, DatabaseError) as error:
            # the small form cannot be made or stored at this moment: send the whole picture
            if outage.outage_kind(error) == outage.STORAGE:
                raise
            log.warning("the small form of %s was not made: %r", filename, error)
            name, cache_control = digest, NO_STORE
    else:
        name = digest
    return file_response(request, name, media_type=media_type, filename=filename, cache_control=cache_control)


class _FilePart:
    """A part of an open file, read and closed like a file."""

    def __init__(self, file: IO[bytes], start: int, length: int) -> None:
        file.seek(start)
        self.file, self.left, self.close = file, length, file.close

    def read(self, size: int = -1) -> bytes:
        count = self.left if size < 0 else min(size, self.left)
        data = self.file.read(count) if count else b""
        self.left -= len(data)
        return data


def _with_content(request: HttpRequest, file: IO[bytes], empty: HttpResponse) -> HttpResponseBase:
    size = file.size
    start, length, status = 0, size, 200
    if (asked := _requested_range(request, empty.headers["ETag"], size)) is not None:
        start, length = asked
        status = 206 if length else 416
        empty.headers["Content-Range"] = f"bytes {start}-{start + length - 1}/{size}" if length else f"bytes */{size}"
    empty.status_code = status
    empty.headers["Content-Length"] = str(length)
    if request.method == "HEAD" or length <= READ_AT_ONCE:
        with file:
            if request.method != "HEAD":
                empty.content = _FilePart(file, start, length).read()
        return empty
    response = FileResponse(file if length == size else _FilePart(file, start, length), status=status)
    for header, value in empty.headers.items():
        response.headers[header] = value
    return response


def _requested_range(request: HttpRequest, etag: str, size: int) -> tuple[int, int] | None:
    """Return start and length of the requested part (length 0: there is no such part), or None for the whole file."""
    match = ONE_RANGE.fullmatch(request.headers.get("Range", ""))
    if request.method != "GET" or not match or not any(match.groups()):
        return None
    if request.headers.get("If-Range", etag) != etag:
        return None
    first, last = (parse_whole_number(text) for text in match.groups())
    if first is None:
        first, last = max(size - last, 0), size - 1
    last = size - 1 if last is None else min(last, size - 1)
    return (first, max(last + 1 - first, 0)) if first < size else (size, 0)
