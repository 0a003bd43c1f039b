"""Stored files that rows of the conference name: uploads, and their small forms."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from conference.models import File, Photo
from conference.uploads import photos
from conference.uploads.storage_check import StoredFile


def upload_files() -> Iterator[StoredFile]:
    """Yield every upload. Only the office that sent it or a backup can replace a lost one."""
    for row in File.objects.select_related("conference").order_by("pk").iterator():
        yield StoredFile(row.digest, row.name, row.conference.slug)


def small_photo_files() -> Iterator[StoredFile]:
    """Yield the small form of every photo."""
    for photo in Photo.objects.select_related("file", "conference").order_by("pk").iterator():
        file = photo.file
        remake = partial(photos.small_form, file.digest, media_type=file.media_type)
        yield StoredFile(file.digest, f"{file.name} (small)", photo.conference.slug, ending=photos.SMALL, remake=remake)


NAMED = (upload_files, small_photo_files)
