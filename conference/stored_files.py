"""Stored files that rows of the base app name: uploads, their small forms, and what is made of releases."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from conference import heavy, photos, prints, release
from conference.models import File, Photo, Print
from conference.release import Current
from conference.storage_check import StoredFile


def uploads() -> Iterator[StoredFile]:
    """Give every upload; nothing brings one back but the office that sent it, or a backup."""
    for row in File.objects.select_related("conference").order_by("pk").iterator():
        yield StoredFile(row.digest, row.name, row.conference.slug)


def released() -> Iterator[StoredFile]:
    """Give the uploads of the releases in force, though their rows may be gone since."""
    for row in release.newest().select_related("conference").iterator():
        current = Current(row.conference.slug, row.number, row.digest, row.frozen_at, row.value["sections"])
        yield from (StoredFile(name, value["name"], current.slug) for name, value in current.files.items())


def small_forms() -> Iterator[StoredFile]:
    """Give the small form of every photo."""
    for photo in Photo.objects.select_related("file", "conference").order_by("pk").iterator():
        file = photo.file
        remake = partial(photos.small, file.digest, media_type=file.media_type)
        slug = photo.conference.slug
        yield StoredFile(file.digest, f"{file.name} (small)", slug, ending=photos.SMALL, remake=remake)


def of_form(form: str, work: str) -> Iterator[StoredFile]:
    """Give the files of one form that are shown now; ``work``, a name among the heavy files, makes the same bytes again."""
    rows = Print.objects.filter(form=form, maker=prints.maker(), release__in=release.newest())
    for row in rows.select_related("release__conference").defer("release__content").iterator():
        slug, title = row.release.conference.slug, f"{row.get_form_display()} ({row.language})"
        key = prints.key(slug, row.release.number, form, row.language)
        yield StoredFile(row.digest, title, slug, remake=partial(heavy.run, work, key))


NAMED = (
    uploads,
    released,
    small_forms,
    partial(of_form, Print.Form.DOOR, "conference.door sheet"),
    partial(of_form, Print.Form.CARD, "conference.card"),
)
