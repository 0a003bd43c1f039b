"""Stored files that rows of the base app name: uploads, their small forms, and what is made of releases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from django.utils import translation

from conference import files, photos, prints, release
from conference.models import File, Photo, Print
from conference.paper import card, door
from conference.release import Current
from conference.storage_check import StoredFile


def uploads() -> Iterator[StoredFile]:
    """Give every upload; nothing brings one back but the office that sent it, or a backup."""
    for row in File.objects.select_related("conference").order_by("pk").iterator():
        yield StoredFile(row.digest, f"{row.conference}: {row.name}")


def released() -> Iterator[StoredFile]:
    """Give the uploads of the releases in force, though their rows may be gone since."""
    for row in release.newest().select_related("conference"):
        current = _current(row)
        yield from (StoredFile(name, f"{row.conference}: {value['name']}") for name, value in current.files.items())


def small_forms() -> Iterator[StoredFile]:
    """Give the small form of every photo."""
    for photo in Photo.objects.select_related("file", "conference").order_by("pk").iterator():
        file = photo.file
        remake = partial(photos.small, file.digest, media_type=file.media_type)
        yield StoredFile(file.digest, f"{photo.conference}: {file.name} (small)", ending=photos.SMALL, remake=remake)


def of_form(form: str, make: Callable[[Current], bytes]) -> Iterator[StoredFile]:
    """Give the files of one form that are shown now; the same release gives the same bytes again."""
    rows = Print.objects.filter(form=form, maker=prints.maker(), release__in=release.newest())
    for row in rows.select_related("release__conference"):
        title = f"{row.release.conference}: {row.get_form_display()} ({row.language})"
        yield StoredFile(row.digest, title, remake=partial(_remake, row, make))


def _remake(row: Print, make: Callable[[Current], bytes]) -> None:
    with translation.override(row.language):
        files.store(make(_current(row.release)))


def _current(row: release.Release) -> Current:
    return Current(row.conference.slug, row.number, row.digest, row.frozen_at, row.value["sections"])


NAMED = (
    uploads,
    released,
    small_forms,
    partial(of_form, Print.Form.DOOR, door.door),
    partial(of_form, Print.Form.CARD, card.card),
)
