"""Stored files of releases: uploads that they contain, and files that are generated from them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from conference.uploads.storage_check import StoredFile
from publishing import generated_files, heavy, releases
from publishing.models import GeneratedFile
from publishing.releases import LiveRelease


def files_of_releases() -> Iterator[StoredFile]:
    """Yield the uploads of the releases in force; their rows may be deleted since."""
    for row in releases.current_releases().select_related("conference").iterator():
        current = LiveRelease(row.conference.slug, row.number, row.digest, row.frozen_at, row.value["sections"])
        yield from (StoredFile(name, value["name"], current.slug) for name, value in current.files.items())


def files_of_kind(kind: str, work: str) -> Iterator[StoredFile]:
    """Yield the current files of one kind; the heavy work called ``work`` can generate the same bytes again."""
    rows = GeneratedFile.objects.filter(
        kind=kind, generator=generated_files.generator_version(), release__in=releases.current_releases()
    )
    for row in rows.select_related("release__conference").defer("release__content").iterator():
        slug, title = row.release.conference.slug, f"{row.get_kind_display()} ({row.language})"
        key = generated_files.file_key(slug, row.release.number, kind, row.language)
        yield StoredFile(row.digest, title, slug, remake=partial(heavy.run, work, key))


NAMED = (files_of_releases,)
