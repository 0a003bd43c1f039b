"""Files generated from a release: pending from its publication, made by the worker, then served as stored.

They contain nothing but what is in the release, so the files of an older release are right again when a newer one is withdrawn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.db.models.functions import Length
from django.utils import translation

from conference.uploads import storage
from publishing import releases
from publishing.heavy import HeavyWork
from publishing.models import FailedFile, GeneratedFile, Release
from publishing.pdf import engine
from publishing.releases import LiveRelease
from rows.canonical_json import canonical_json, digest

# Raise it when templates, styles, fonts or generators change the files; then all files are generated again.
VERSION = "1"
Generator = Callable[[LiveRelease], bytes]


def generator_version() -> str:
    """Return a digest of what a file depends on besides its release: VERSION and the address in its QR code."""
    return digest(canonical_json([VERSION, settings.PORTAL_URL]))[:16]


def heavy_work(kind: str, make: Generator, *, is_small: bool = False) -> HeavyWork:
    """Declare a file that every current release needs. ``is_small``: its cost does not grow with the programme."""
    label, pending = GeneratedFile.Kind(kind).label, partial(_pending, kind, is_small=is_small)
    return HeavyWork(label, pending=pending, generate=partial(generate, kind, make))


def has_failed(current: LiveRelease, kind: str) -> bool:
    """Whether the generation of the file in the language of the page has failed; it is tried again later."""
    key = file_key(current.slug, current.number, kind, translation.get_language())
    return FailedFile.objects.filter(key=key).exists()


def generate(kind: str, make: Generator, name: str) -> None:
    """Generate the file with the key ``name`` and store it, also if it has a row already. Raises what ``make`` raises."""
    slug, number, _kind, language = name.split("/")
    row = Release.objects.select_related("conference").get(conference__slug=slug, number=number)
    current = LiveRelease(slug, row.number, row.digest, row.frozen_at, row.value["sections"])
    with translation.override(language):
        data = make(current)
    GeneratedFile.objects.get_or_create(  # another worker may have stored the same bytes
        release=row,
        kind=kind,
        language=language,
        generator=generator_version(),
        defaults={"digest": storage.store(data), "size": len(data)},
    )


def file_key(slug: str, number: int, kind: str, language: str) -> str:
    """Return the key of a file of a release, as ``generate`` takes it."""
    return f"{slug}/{number}/{kind}/{language}"


def _pending(kind: str, *, is_small: bool) -> Iterator[tuple[str, int]]:
    """Yield the key of every missing file of the releases in force, with the size of the release's content (0 if ``is_small``)."""
    if kind != GeneratedFile.Kind.SOCIAL_CARD and engine.missing_packages():
        return  # this machine lacks the libraries for PDF
    for language, _ in settings.LANGUAGES:
        generated = GeneratedFile.objects.filter(
            release=OuterRef("pk"), kind=kind, language=language, generator=generator_version()
        )
        # Two queries: the first needs indexes only, while one query would make SQLite read the content of every release.
        lacking = list(releases.current_releases().filter(~Exists(generated)).values_list("pk", flat=True))
        with_pages = Release.objects.filter(pk__in=lacking, content__contains='"event":{')  # no value contains this
        rows = with_pages.annotate(weight=Length("content"))
        for slug, number, weight in rows.values_list("conference__slug", "number", "weight"):
            yield file_key(slug, number, kind, language), 0 if is_small else weight


def find_file(current: LiveRelease, kind: str) -> GeneratedFile | None:
    """Return the file of the release in the language of the page, or None if it is not generated yet."""
    generated = GeneratedFile.objects.filter(
        kind=kind,
        language=translation.get_language(),
        release__conference__slug=current.slug,
        release__number=current.number,
        release__digest=current.digest,
    )
    return max(generated, key=lambda row: (row.generator == generator_version(), row.pk), default=None)
