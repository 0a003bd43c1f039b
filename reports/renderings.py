"""Files made of (edition, box): made once, stored under their digest, found again by key."""

from __future__ import annotations

import json
from collections.abc import Iterator
from threading import Lock

from django.db.models import F, QuerySet
from django.db.models.functions import Length

from approvals.models import Round
from approvals.signature_box import SignatureBox, signature_box
from conference import files, limited
from publishing import heavy
from publishing.pdf.engine import available
from reports import render
from reports.models import Edition, Rendering
from rows.canonical_json import canonical_json, digest

WORK, LOST_WORK = "reports.final PDF", "reports.lost PDF"  # their names among the heavy files
ONE_AT_A_TIME = Lock()  # of the children of one web worker: the others of its few threads go on serving
# A reader waits for it with a thread of the web worker; the worker of the final PDFs has more time (heavy.LIMITS).
WEB_LIMITS = limited.Limits(memory=heavy.LIMITS.memory, seconds=120)


class Busy(Exception):
    """This web worker is making a PDF just now; whoever asks next is not left waiting."""


def box(edition: Edition) -> SignatureBox:
    """Return the sign-off box of the last round of ``edition``."""
    return signature_box(_round(edition), form=edition.value["box_form"])


def key(edition: Edition, box_digest: str, form: str) -> str:
    """Return the name of a rendering: what it is a function of."""
    return digest(canonical_json([edition.digest, box_digest, form, render.VERSION]))


def stored(edition: Edition) -> Rendering | None:
    """Return the PDF of ``edition`` as signed so far, where it is made; the one made at 결재 is never replaced."""
    if final := edition.renderings.filter(form=Rendering.Form.PDF, is_final=True).first():
        return final
    name = key(edition, digest(canonical_json(box(edition))), Rendering.Form.PDF)
    return Rendering.objects.filter(key=name).first()


def pdf(edition: Edition) -> Rendering:
    """Return the stored PDF of ``edition`` as signed so far; make it where it is missing.

    Raises OSError where WeasyPrint's libraries are missing, FileNotFoundError where a picture is gone.
    """
    return stored(edition) or _make(edition, box(edition))


def pdf_by_child(edition: Edition) -> Rendering:
    """Return what ``pdf`` returns; a child process makes what is missing, for a web worker prints nothing itself.

    Raises Busy, ``limited.Failed`` or ``limited.Exceeded`` where it cannot be made.
    """
    for _try in range(2):  # a signature in between is ordinary; it makes another PDF due
        if found := stored(edition):
            return found
        if not ONE_AT_A_TIME.acquire(blocking=False):
            raise Busy
        try:
            heavy.run(WORK, _name(edition), limits=WEB_LIMITS)
        finally:
            ONE_AT_A_TIME.release()
    if found := stored(edition):
        return found
    raise limited.Failed("signed twice while it was printed")


def owed_with_weight() -> Iterator[tuple[str, int]]:
    """Give the approved editions without their final PDF, by name, each with the size of its content."""
    if not available():
        for edition in owed().defer("content").annotate(weight=Length("content")):
            yield _name(edition), edition.weight


def make_one(name: str) -> None:
    """Make the PDF of the edition that ``_name`` names so."""
    slug, report, number = name.split("/")
    pdf(Edition.objects.get(report__conference__slug=slug, report__number=report, number=number))


def _name(edition: Edition) -> str:
    report = edition.report
    return f"{report.conference.slug}/{report.number}/{edition.number}"


def _make(edition: Edition, value: SignatureBox) -> Rendering:
    from reports.render.pdf import make

    box_digest = digest(canonical_json(value))
    made = make(edition.value, value, read=files.read, created=edition.frozen_at)
    rendering, _is_new = Rendering.objects.get_or_create(  # two workers may have made it: the bytes are the same
        key=key(edition, box_digest, Rendering.Form.PDF),
        defaults={
            "edition": edition,
            "box": canonical_json(value),
            "box_digest": box_digest,
            "form": Rendering.Form.PDF,
            "renderer": render.VERSION,
            "digest": files.store(made.data),
            "size": len(made.data),
            "page_count": made.pages,
            # signed and ended: a box read in the very moment of the last signature is not
            "is_final": bool(value["date"] and value["head"]),
        },
    )
    return rendering


def remake(key: str) -> None:
    """Make the bytes of the rendering ``key`` again from what it was made of, and store them. Raises as ``pdf`` does."""
    from reports.render.pdf import make

    row = Rendering.objects.select_related("edition").get(key=key)
    made = make(row.edition.value, json.loads(row.box), read=files.read, created=row.edition.frozen_at)
    files.store(made.data)


def owed() -> QuerySet[Edition]:
    """Return the approved editions whose final PDF has not been made yet."""
    approved = Edition.objects.filter(report__rounds__state=Round.State.APPROVED, report__rounds__digest=F("digest"))
    return approved.exclude(
        renderings__in=Rendering.objects.filter(form=Rendering.Form.PDF, is_final=True)
    ).select_related("report__conference")


def _round(edition: Edition) -> Round | None:
    return Round.objects.filter(document=edition.report_id, edition_number=edition.number).order_by("-number").first()
