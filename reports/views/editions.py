"""Views of frozen editions and of the files of a report."""

from __future__ import annotations

import logging

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.cache import add_never_cache_headers
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from conference import child_process
from conference.models import File
from conference.uploads import storage
from conference.uploads.file_responses import file_response
from publishing.pdf.engine import missing_packages
from reports import document, renderings
from reports.models import Edition, Report
from reports.render import html as paper
from reports.views.decorators import report_page

CACHE_CONTROL = "private, max-age=600"  # the bytes at an address never change; no shared cache may store them
RETRY_AFTER = {"busy": 10, "failed": 60}  # seconds
# the last line of the child process begins so if a picture is missing
LOST_FILE_ERRORS = ("FileNotFoundError", f"{storage.DamagedFile.__module__}.{storage.DamagedFile.__qualname__}")
log = logging.getLogger(__name__)


@require_safe
@report_page
def edition(request: HttpRequest, report: Report, edition_number: int) -> HttpResponse:
    """Show one frozen edition, with its box as signed so far."""
    frozen_edition = _get_edition(report, edition_number)
    box, picture = renderings.current_box(frozen_edition), document.picture_url_builder(report)
    return HttpResponse(paper.render_page(frozen_edition.value, box, picture=picture))


@require_safe
@report_page
def edition_pdf(request: HttpRequest, report: Report, edition_number: int) -> HttpResponseBase:
    """Send the PDF of an edition; generate it if it is not stored."""
    if missing := missing_packages():
        return _render_no_pdf(request, report, "not_installed", missing=missing)
    frozen_edition = _get_edition(report, edition_number)
    try:
        digest = renderings.get_or_generate_pdf_in_child(frozen_edition).digest
        if not storage.is_intact(digest):  # the file's digest is checked each time
            raise storage.DamagedFile(digest)  # noqa: TRY301
        return file_response(
            request, digest, media_type="application/pdf", filename=f"{report.title}.pdf", cache_control=CACHE_CONTROL
        )
    except renderings.PdfInProgress:
        return _render_no_pdf(request, report, "busy")
    except (FileNotFoundError, storage.DamagedFile, child_process.ChildFailed, child_process.LimitExceeded) as error:
        log.exception("PDF of edition %s", frozen_edition.pk)
        return _render_no_pdf(request, report, _failure_reason(error))


def _failure_reason(error: Exception) -> str:
    if isinstance(error, child_process.LimitExceeded):
        return "too_heavy"
    last_line = str(error).strip().rpartition("\n")[2]
    return (
        "failed"
        if isinstance(error, child_process.ChildFailed) and not last_line.startswith(LOST_FILE_ERRORS)
        else "lost"
    )


def _render_no_pdf(request: HttpRequest, report: Report, reason: str, **context: str) -> HttpResponse:
    """Render why there is no PDF, and when to try again if that helps."""
    page = render(request, "reports/no_pdf.html", {"report": report, "reason": reason, **context}, status=503)
    if reason in RETRY_AFTER:
        page.headers["Retry-After"] = str(RETRY_AFTER[reason])
    add_never_cache_headers(page)
    return page


@require_safe
@report_page
def edition_json(request: HttpRequest, report: Report, edition_number: int) -> HttpResponse:
    """Send the frozen content as canonical JSON."""
    headers = {"Cache-Control": CACHE_CONTROL, "X-Content-Type-Options": "nosniff"}
    headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=f"{report.title}.json")
    content = _get_edition(report, edition_number).content
    return HttpResponse(content, content_type="application/json", headers=headers)


@require_safe
@report_page
def file(request: HttpRequest, report: Report, digest: str) -> HttpResponseBase:
    """Send a picture of the draft or of an edition of this report."""
    picture = (
        File.objects.filter(conference=report.conference, digest=digest).first()
        if storage.DIGEST.match(digest)
        else None
    )
    if picture is None or not _shows_picture(report, digest):
        raise Http404
    return file_response(
        request, digest, media_type=picture.media_type, filename=picture.name, cache_control=CACHE_CONTROL
    )


def _shows_picture(report: Report, digest: str) -> bool:
    is_in_draft = report.report_photos.filter(photo__file__digest=digest).exists()
    return is_in_draft or any(digest in edition.value["files"] for edition in report.editions.all())


def _get_edition(report: Report, number: int) -> Edition:
    return get_object_or_404(report.editions.select_related("report"), number=number)
