"""Stored files of reports: the pictures of frozen editions, and their PDFs."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from conference.uploads.storage_check import StoredFile
from publishing import heavy
from reports import renderings
from reports.models import Edition, Rendering


def edition_pictures() -> Iterator[StoredFile]:
    """Yield the pictures of frozen editions; their rows may be deleted already."""
    for edition in Edition.objects.select_related("report__conference").iterator():
        title = f"{edition.report} ({edition.number})"
        yield from (StoredFile(digest, title, edition.report.conference.slug) for digest in edition.value["files"])


def rendered_pdfs() -> Iterator[StoredFile]:
    """Yield every PDF. It can be generated again, with the same bytes, from its edition and its box."""
    rows = Rendering.objects.select_related("edition__report__conference").defer("box", "edition__content")
    for row in rows.order_by("pk").iterator():
        title = f"{row.edition.report} ({row.edition.number}) PDF"
        remake = partial(heavy.run, renderings.LOST_PDF_WORK, row.key)
        yield StoredFile(row.digest, title, row.edition.report.conference.slug, remake=remake)


NAMED = (edition_pictures, rendered_pdfs)
