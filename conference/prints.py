"""Files made of a release: owed from the moment it is in force, made by the worker, then served as they are.

Nothing in them is from anywhere else than the release, so an older one comes back with its own when a newer one is
withdrawn.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import translation

from conference import files, release
from conference.frozen import canonical, digest
from conference.models import Print, Release
from conference.release import Current

# Raise it when templates, stylesheets, fonts or makers change what a reader sees: all prints are made anew then.
VERSION = "1"
Maker = Callable[[Current], bytes]
log = logging.getLogger(__name__)


def maker() -> str:
    """What a print depends on beside its release: this program's hand, and the address that its QR leads to."""
    return digest(canonical([VERSION, settings.PORTAL_URL]))[:16]


def owed(form: str, language: str) -> QuerySet[Release]:
    """Return the releases in force that lack the file, the latest first."""
    made = Print.objects.filter(release=OuterRef("pk"), form=form, language=language, maker=maker())
    return release.newest().filter(~Exists(made)).order_by("-pk")


def make_owed(form: str, make: Maker) -> int:
    """Make the file of every release that owes it, in each language; return how many were made."""
    wanted = [(language, pk) for language, _ in settings.LANGUAGES for pk in owed(form, language).values_list("pk")]
    return sum(_made(pk, form, language, make) for language, (pk,) in wanted)


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


def _made(pk: int, form: str, language: str, make: Maker) -> bool:
    """Make one; a release that cannot be printed must not starve those after it, and is told each time."""
    row = Release.objects.select_related("conference").get(pk=pk)
    current = Current(row.conference.slug, row.number, row.digest, row.frozen_at, row.value["sections"])
    if "event" not in current.sections:  # it has no pages either
        return False
    try:
        with translation.override(language):
            data = make(current)
    except Exception:
        log.exception("no %s (%s) of release %s/%d", form, language, current.slug, current.number)
        return False
    kept = {"digest": files.store(data), "size": len(data)}
    # two workers may have made it: the bytes are the same
    Print.objects.get_or_create(release=row, form=form, language=language, maker=maker(), defaults=kept)
    return True
