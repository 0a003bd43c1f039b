"""Files generated from a release: pending from its publication, made by the worker, then served as stored.

Nothing in them is from anywhere else than the release, so an older one comes back with its own when a newer one is
withdrawn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

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

# Raise it when templates, styles, fonts or generators change the files: all are generated again then.
VERSION = "1"
Generator = Callable[[LiveRelease], bytes]


def generator_version() -> str:
    """What a file depends on besides its release: VERSION and the address that its QR code leads to."""
    return digest(canonical_json([VERSION, settings.PORTAL_URL]))[:16]


def heavy_work(kind: str, make: Generator, *, is_small: bool = False) -> HeavyWork:
    """Declare a file that every current release needs. ``is_small``: its cost does not grow with the programme."""
    label = GeneratedFile.Kind(kind).label
    return HeavyWork(
        label, pending=lambda: _pending(kind, is_small=is_small), generate=lambda name: generate(kind, make, name)
    )


def has_failed(current: LiveRelease, kind: str) -> bool:
    """Whether the file of this page could not be made; it is tried again later."""
    name = file_key(current.slug, current.number, kind, translation.get_language())
    return FailedFile.objects.filter(key=name).exists()


def generate(kind: str, make: Generator, name: str) -> None:
    """Make the file called ``name`` and store it, also where there is a row of it. What ``make`` raises passes through."""
    slug, number, _kind, language = name.split("/")
    row = Release.objects.select_related("conference").get(conference__slug=slug, number=number)
    current = LiveRelease(slug, row.number, row.digest, row.frozen_at, row.value["sections"])
    with translation.override(language):
        data = make(current)
    stored = {"digest": storage.store(data), "size": len(data)}
    # two workers may have made it: the bytes are the same
    GeneratedFile.objects.get_or_create(
        release=row, kind=kind, language=language, generator=generator_version(), defaults=stored
    )


def file_key(slug: str, number: int, kind: str, language: str) -> str:
    """Name the file of a release for ``generate``."""
    return f"{slug}/{number}/{kind}/{language}"


def _pending(kind: str, *, is_small: bool) -> Iterator[tuple[str, int]]:
    """Give the releases in force that lack the file, each with the size of its content."""
    if kind != GeneratedFile.Kind.SOCIAL_CARD and engine.missing_packages():
        return  # PDF cannot be made here
    for language, _ in settings.LANGUAGES:
        generated = GeneratedFile.objects.filter(
            release=OuterRef("pk"), kind=kind, language=language, generator=generator_version()
        )
        # first who lacks it, which indexes tell: SQLite would read the whole content of every release before that
        lacking = list(releases.current_releases().filter(~Exists(generated)).values_list("pk", flat=True))
        with_pages = Release.objects.filter(pk__in=lacking, content__contains='"event":{')  # no value looks like this
        rows = with_pages.annotate(weight=Length("content"))
        for slug, number, weight in rows.values_list("conference__slug", "number", "weight"):
            yield file_key(slug, number, kind, language), 0 if is_small else weight


def find_file(current: LiveRelease, kind: str) -> GeneratedFile | None:
    """Return the file of the release in the language of the page; None where it is not made yet."""
    generated = GeneratedFile.objects.filter(
        kind=kind,
        language=translation.get_language(),
        release__conference__slug=current.slug,
        release__number=current.number,
        release__digest=current.digest,
    )
    return max(generated, key=lambda row: (row.generator == generator_version(), row.pk), default=None)
