"""Frozen editions and the files of a report."""

from __future__ import annotations

import logging

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from conference import files, limited
from conference.models import File
from conference.paper.press import available
from reports import document, renderings
from reports.models import Edition, Report
from reports.render import html as paper
from reports.views.door import report_page

log = logging.getLogger(__name__)


@require_safe
@report_page
def edition(request: HttpRequest, report: Report, edition_number: int) -> HttpResponse:
    """One frozen edition as a page of its own, with its box as signed so far."""
    found = _edition(report, edition_number)
    return HttpResponse(paper.page(found.value, renderings.box(found), picture=document.picture_url(report)))


@require_safe
@report_page
def edition_pdf(request: HttpRequest, report: Report, edition_number: int) -> HttpResponse:
    """The stored PDF; made now where it is missing."""
    if missing := available():
        return render(request, "reports/no_pdf.html", {"report": report, "missing": missing}, status=503)
    found = _edition(report, edition_number)
    try:
        data = files.read(renderings.pdf_by_child(found).digest)
    except (FileNotFoundError, files.Damaged, limited.Failed, limited.Exceeded) as error:
        log.exception("PDF of edition %s", found.pk)
        context = {"report": report, "is_too_heavy": isinstance(error, limited.Exceeded)}
        return render(request, "reports/no_pdf.html", context, status=503)
    return _file(data, "application/pdf", f"{report.title}.pdf")


@require_safe
@report_page
def edition_json(request: HttpRequest, report: Report, edition_number: int) -> HttpResponse:
    """The frozen content itself, as canonical JSON."""
    return _file(
        _edition(report, edition_number).content.encode(),
        "application/json",
        f"{report.title}.json",
        is_attachment=True,
    )


@require_safe
@report_page
def file(request: HttpRequest, report: Report, digest: str) -> HttpResponse:
    """A picture that the draft or an edition of this report shows, though it was taken out of the draft since."""
    kept = (
        File.objects.filter(conference=report.conference, digest=digest).first() if files.DIGEST.match(digest) else None
    )
    if kept is None or not _shows(report, digest):
        raise Http404
    try:
        data = files.read(digest)
    except (FileNotFoundError, files.Damaged) as error:
        log.exception("%s of report %s", digest, report.pk)
        raise Http404 from error
    return _file(data, kept.media_type, kept.name)


def _shows(report: Report, digest: str) -> bool:
    if report.report_photos.filter(photo__file__digest=digest).exists():
        return True
    return any(digest in edition.value["files"] for edition in report.editions.all())


def _edition(report: Report, number: int) -> Edition:
    return get_object_or_404(report.editions.select_related("report"), number=number)


def _file(data: bytes, media_type: str, name: str, *, is_attachment: bool = False) -> HttpResponse:
    """Answer with bytes that never change under their address, for this reader alone."""
    response = HttpResponse(
        data,
        content_type=media_type,
        headers={"Cache-Control": "private, max-age=600", "X-Content-Type-Options": "nosniff"},
    )
    response.headers["Content-Disposition"] = content_disposition_header(is_attachment, name)
    return response
