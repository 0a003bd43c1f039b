"""The PDFs of editions: generated once from (edition, box), stored by digest, found by key."""

from __future__ import annotations

import json
from collections.abc import Iterator
from threading import Lock

from django.db.models import F, QuerySet
from django.db.models.functions import Length

from approvals.models import Round
from approvals.signature_box import SignatureBox, signature_box
from conference import child_process
from conference.uploads import storage
from publishing import heavy
from publishing.pdf.engine import missing_packages
from reports import render
from reports.models import Edition, Rendering
from rows.canonical_json import canonical_json, digest

FINAL_PDF_WORK, LOST_PDF_WORK = "reports.final PDF", "reports.lost PDF"  # names of the works in ``publishing.heavy``
PDF_LOCK = Lock()  # one PDF at a time in a web worker, so that its other threads can serve pages
# A thread of the web worker waits for it; the background worker allows more time (heavy.LIMITS).
WEB_LIMITS = child_process.Limits(memory=heavy.LIMITS.memory, seconds=120)


class PdfInProgress(Exception):
    """This web worker is generating another PDF; the request is refused so that no second thread waits."""


def current_box(edition: Edition) -> SignatureBox:
    """Return the sign-off box of the last round of ``edition``."""
    return signature_box(_last_round(edition), form=edition.value["box_form"])


def pdf_key(edition: Edition, box_digest: str, form: str) -> str:
    """Return the key of a rendering: a digest of everything it depends on."""
    return digest(canonical_json([edition.digest, box_digest, form, render.VERSION]))


def find_pdf(edition: Edition) -> Rendering | None:
    """Return the stored PDF of ``edition`` as signed so far, or None; the final PDF is never replaced."""
    if final := edition.renderings.filter(form=Rendering.Form.PDF, is_final=True).first():
        return final
    key = pdf_key(edition, digest(canonical_json(current_box(edition))), Rendering.Form.PDF)
    return Rendering.objects.filter(key=key).first()


def get_or_generate_pdf(edition: Edition) -> Rendering:
    """Return the PDF of ``edition`` as signed so far; generate it if it is not stored. Raises as ``render_pdf`` does."""
    return find_pdf(edition) or _generate_pdf(edition, current_box(edition))


def get_or_generate_pdf_in_child(edition: Edition) -> Rendering:
    """Return what ``get_or_generate_pdf`` returns, but generate it in a child process: a web worker prints nothing itself.

    Raises PdfInProgress, ``child_process.ChildFailed`` or ``child_process.LimitExceeded`` if it cannot be generated.
    """
    for _try in range(2):  # a signature meanwhile makes another PDF necessary
        if stored := find_pdf(edition):
            return stored
        if not PDF_LOCK.acquire(blocking=False):
            raise PdfInProgress
        try:
            heavy.run(FINAL_PDF_WORK, _work_name(edition), limits=WEB_LIMITS)
        finally:
            PDF_LOCK.release()
    if stored := find_pdf(edition):
        return stored
    raise child_process.ChildFailed("signed twice while it was printed")


def pending_with_weight() -> Iterator[tuple[str, int]]:
    """Yield the work name of each approved edition without a final PDF, with the size of its content."""
    if not missing_packages():
        for edition in pending_editions().defer("content").annotate(weight=Length("content")):
            yield _work_name(edition), edition.weight


def generate_one(name: str) -> None:
    """Generate the PDF of the edition with this work name."""
    slug, report, number = name.split("/")
    get_or_generate_pdf(Edition.objects.get(report__conference__slug=slug, report__number=report, number=number))


def _work_name(edition: Edition) -> str:
    report = edition.report
    return f"{report.conference.slug}/{report.number}/{edition.number}"


def _generate_pdf(edition: Edition, value: SignatureBox) -> Rendering:
    from reports.render.pdf import render_pdf

    box_digest = digest(canonical_json(value))
    pdf = render_pdf(edition.value, value, read=storage.read, created=edition.frozen_at)
    rendering, _is_new = Rendering.objects.get_or_create(  # another worker may have stored the same bytes
        key=pdf_key(edition, box_digest, Rendering.Form.PDF),
        defaults={
            "edition": edition,
            "box": canonical_json(value),
            "box_digest": box_digest,
            "form": Rendering.Form.PDF,
            "renderer": render.VERSION,
            "digest": storage.store(pdf.data),
            "size": len(pdf.data),
            "page_count": pdf.pages,
            # signed and ended: a box read in the very moment of the last signature is not
            "is_final": bool(value["date"] and value["head"]),
        },
    )
    return rendering


def regenerate(key: str) -> None:
    """Generate the bytes of the rendering ``key`` again from its edition and its box, and store them."""
    from reports.render.pdf import render_pdf

    row = Rendering.objects.select_related("edition").get(key=key)
    box = json.loads(row.box)
    storage.store(render_pdf(row.edition.value, box, read=storage.read, created=row.edition.frozen_at).data)


def pending_editions() -> QuerySet[Edition]:
    """Return the approved editions without a final PDF."""
    approved = Edition.objects.filter(report__rounds__state=Round.State.APPROVED, report__rounds__digest=F("digest"))
    final = Rendering.objects.filter(form=Rendering.Form.PDF, is_final=True)
    return approved.exclude(renderings__in=final).select_related("report__conference")


def _last_round(edition: Edition) -> Round | None:
    return Round.objects.filter(document=edition.report_id, edition_number=edition.number).order_by("-number").first()
