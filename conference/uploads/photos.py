"""The photo pool of one conference: adding pictures, and their order."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from conference.models import Conference, District, File, Photo
from conference.uploads import images, lost_files, storage

SMALL = "small"  # the ending of the small form in the storage
SIZE_MAX = 50 * 1024**2  # bytes of one picture as it comes from a camera
ENDINGS = {images.PNG: ".png", images.JPEG: ".jpg"}  # of our stored form


def read_upload(upload: UploadedFile) -> bytes:
    """Return the bytes of an upload. Raises ValidationError if it is empty or too large."""
    if not upload.size:
        raise ValidationError(_("빈 파일입니다. 사진이 다 옮겨졌는지 확인해 주세요."))
    if upload.size > SIZE_MAX:
        message = _("사진 파일이 너무 큽니다(%(size)dMB). 한 장에 %(limit)dMB까지 받습니다.")
        raise ValidationError(message % {"size": upload.size // 1024**2, "limit": SIZE_MAX // 1024**2})
    return upload.read()


def store(picture: images.StoredImage) -> str:
    """Store a picture, and its small form if there is one; return the digest. OSError when the disk is full."""
    name = storage.store(picture.content)
    if picture.small:
        storage.store_derived(name, SMALL, picture.small)
    return name


def small_form(digest: str, *, media_type: str) -> str:
    """Return the name of the small JPEG of a stored picture. Raises like ``storage.read`` and ``images.shrink``."""
    return storage.derived_file(digest, SMALL, lambda content: images.shrink(content, media_type=media_type))


def add(
    conference: Conference,
    *,
    content: bytes,
    name: str,
    by: User,
    district: District | None = None,
    caption: str = "",
) -> Photo:
    """Check a picture, store it in our stored form, and add it at the end of the pool.

    A name that is taken gets a number: ``IMG_1 (2).jpg``. If the pool has the same picture but the storage had lost it,
    that row is returned. Raises ValidationError if the pool has the picture already, and for a file that is no picture.
    """
    picture = images.to_stored_form(content)  # before the transaction, because on SQLite all other writers would wait
    lost = {each.name for each in lost_files.known()}
    digest = store(picture)  # bytes that no row names do no harm
    with transaction.atomic():
        Conference.objects.select_for_update().get(pk=conference.pk)  # so that no two pictures get one name or position
        if known := conference.photos.filter(file__digest=digest).select_related("file").first():
            if digest in lost:
                return known
            raise ValidationError(_("이미 올린 사진입니다: %(name)s") % {"name": known.caption or known.file.name})
        file = File(
            conference=conference,
            digest=digest,
            name=storage.unused_name(conference, name, ending=ENDINGS[picture.media_type]),
            media_type=picture.media_type,
            size=len(picture.content),
            width=picture.width,
            height=picture.height,
            uploaded_by=by,
        ).save_by(by)
        last = conference.photos.aggregate(last=Max("position"))["last"]
        place = 0 if last is None else last + 1
        photo = Photo(conference=conference, file=file, district=district, caption=caption, position=place)
        return photo.save_by(by)


def filter_photos(conference: Conference, *, blank: bool = False, **filters: Any) -> QuerySet[Photo]:
    """Return the photos of the pool that match the filters; ``blank``: only those without a caption."""
    rows = conference.photos.select_related("file", "district")
    rows = rows.filter(**{name: value for name, value in filters.items() if value})
    return rows.filter(caption="") if blank else rows
