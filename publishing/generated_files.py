"""Files made of a release: owed from the moment it is in force, made by the worker, then served as they are.

Nothing in them is from anywhere else than the release, so an older one comes back with its own when a newer one is
withdrawn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.db.models.functions import Length
from django.utils import translation

from conference import files
from publishing import releases
from publishing.heavy import Work
from publishing.models import FailedPrint, Print, Release
from publishing.pdf import engine
from publishing.releases import Current
from rows.canonical_json import canonical_json, digest

# Raise it when templates, stylesheets, fonts or makers change what a reader sees: all prints are made anew then.
VERSION = "1"
Maker = Callable[[Current], bytes]


def maker() -> str:
    """What a print depends on beside its release: this program's hand, and the address that its QR leads to."""
    return digest(canonical_json([VERSION, settings.PORTAL_URL]))[:16]


def work(form: str, make: Maker, *, is_small: bool = False) -> Work:
    """Declare a file that every release in force owes. ``is_small``: it does not grow with the programme."""
    label = Print.Form(form).label
    return Work(label, owed=lambda: _owed(form, is_small=is_small), make=lambda name: make_one(form, make, name))


def has_failed(current: Current, form: str) -> bool:
    """Whether the file of this page could not be made; it is tried again later."""
    name = key(current.slug, current.number, form, translation.get_language())
    return FailedPrint.objects.filter(key=name).exists()


def make_one(form: str, make: Maker, name: str) -> None:
    """Make the file that ``key`` names so, and store it, though there may be a row of it. What ``make`` raises passes through."""
    slug, number, _form, language = name.split("/")
    row = Release.objects.select_related("conference").get(conference__slug=slug, number=number)
    current = Current(slug, row.number, row.digest, row.frozen_at, row.value["sections"])
    with translation.override(language):
        data = make(current)
    kept = {"digest": files.store(data), "size": len(data)}
    # two workers may have made it: the bytes are the same
    Print.objects.get_or_create(release=row, form=form, language=language, maker=maker(), defaults=kept)


def key(slug: str, number: int, form: str, language: str) -> str:
    """Name the file of a release for ``make_one``."""
    return f"{slug}/{number}/{form}/{language}"


def _owed(form: str, *, is_small: bool) -> Iterator[tuple[str, int]]:
    """Give the releases in force that lack the file, each with the size of its content."""
    if form != Print.Form.CARD and engine.available():
        return  # PDF cannot be made here
    for language, _ in settings.LANGUAGES:
        made = Print.objects.filter(release=OuterRef("pk"), form=form, language=language, maker=maker())
        # first who lacks it, which indexes tell: SQLite would read the whole content of every release before that
        lacking = list(releases.newest().filter(~Exists(made)).values_list("pk", flat=True))
        with_pages = Release.objects.filter(pk__in=lacking, content__contains='"event":{')  # no value looks like this
        rows = with_pages.annotate(weight=Length("content"))
        for slug, number, weight in rows.values_list("conference__slug", "number", "weight"):
            yield key(slug, number, form, language), 0 if is_small else weight


def of(current: Current, form: str) -> Print | None:
    """Return the file of the release in the language of the page; None where it is not made yet."""
    made = Print.objects.filter(
        form=form,
        language=translation.get_language(),
        release__conference__slug=current.slug,
        release__number=current.number,
        release__digest=current.digest,
    )
    return max(made, key=lambda row: (row.maker == maker(), row.pk), default=None)
