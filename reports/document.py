"""The document type ``result``: the functions of a 결과보고 that approvals calls (``approvals.document_types``)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.models import User
from approvals.models import ApprovalRoute, Document
from approvals.signature_box import SignatureBox, signature_box
from conference.checks import Finding
from conference.uploads import storage
from reports import checks, collect, renderings, sections
from reports.content import EditionContent
from reports.models import Edition, Rendering, Report
from reports.render import html as paper
from rows.canonical_json import canonical_json, digest

# the stylesheet that pages with the result of html() link
STYLESHEET = "reports/paper.css"


def edition_content(report: Report) -> EditionContent:
    """Return the content that an edition of ``report`` would freeze now. It is in Korean in every language of the page."""
    with translation.override("ko"):
        values = collect.collect_report(report)
        return {
            "format": 1,
            "kind": report.kind,
            "title": report.title,
            "office": str(report.department),
            "bureau": report.department.bureau,
            "purpose": report.preamble,
            "summary": report.summary,
            "keywords": report.keywords,
            "disclosure": _disclosure(report),
            "retention": report.get_retention_display() if report.retention else "",
            "glyphs": report.glyphs,
            "box_form": report.box_form,
            "box_position": report.box_position,
            "paper": {"margins": [20, 15, 20, 20]},
            "sections": sections.build_sections(values),
            "files": {
                photo["digest"]: {
                    "name": photo["name"],
                    "media_type": photo["media_type"],
                    "width": photo["width"],
                    "height": photo["height"],
                }
                for photo in values["photos"]
            },
            "values": values,
        }


def _disclosure(report: Report) -> str:
    """``부분공개(5, 6)``."""
    items = f"({report.disclosure_items})" if report.disclosure_items else ""
    return f"{report.get_disclosure_display()}{items}" if report.disclosure else ""


def findings(document: Document) -> list[Finding]:
    """Return the findings of the report and its conference, the most severe first."""
    return checks.report_findings(_load_report(document))


def freeze(
    document: Document, *, by: User, at: datetime | None, findings: Iterable[Finding], reasons: dict[str, str]
) -> tuple[int, str]:
    """Freeze the next edition with the findings that its drafter accepted; return its number and digest."""
    report = _load_report(document)
    text = canonical_json(edition_content(report))
    last = report.editions.last()
    edition = Edition.objects.create(
        report=report,
        number=last.number + 1 if last else 1,
        content=text,
        digest=digest(text),
        findings=[finding.plain() for finding in findings],
        reasons=reasons,
        frozen_at=at or timezone.now(),
        frozen_by=by,
    )
    return edition.number, edition.digest


def html(document: Document, edition_number: int, box: SignatureBox) -> SafeString:
    """Return one edition as HTML for a page of the portal; the box has the form that the edition sets."""
    report = _load_report(document)
    value = report.editions.get(number=edition_number).value
    return paper.render_article(value, {**box, "form": value["box_form"]}, picture=picture_url_builder(report))


def frozen_digest(document: Document, number: int) -> str:
    """Return the digest of an edition as stored now, "" if it is gone or damaged; verification compares it."""
    edition = Edition.objects.filter(report=document.pk, number=number).first()
    return edition.digest if edition and edition.is_intact else ""


def damage(document: Document) -> Iterator[tuple[str, str]]:
    """Yield place and text of each stored file of the report that is missing or changed."""
    for row in Rendering.objects.filter(edition__report=document.pk).select_related("edition"):
        place = _("%(number)d판 %(form)s") % {"number": row.edition.number, "form": row.get_form_display()}
        try:
            storage.read(row.digest)
        except FileNotFoundError:
            yield place, _("저장된 파일이 없습니다.")
        except storage.DamagedFile:
            yield place, _("저장된 파일의 내용이 바뀌었습니다.")


def render_draft(report: Report, value: EditionContent) -> SafeString:
    """Return the HTML of a draft with the content ``value``; its sign-off box has no names."""
    route = ApprovalRoute.objects.filter(document=report.pk).first()
    box = signature_box(None, form=report.box_form, route=route)
    return paper.render_article(value, box, picture=picture_url_builder(report))


def collected_text(report: Report, section: str) -> tuple[str, str]:
    """Return the text of a section as collected now, without an override, and its digest."""
    with translation.override("ko"):
        text = sections.collected_text(collect.collect_report(report), section)
    return text, digest(text)


def render_latest(report: Report) -> SafeString:
    """Return the HTML of the last edition with its box as signed so far, or of the draft if there is no edition."""
    if not (edition := report.editions.last()):
        return render_draft(report, edition_content(report))
    return paper.render_article(edition.value, renderings.current_box(edition), picture=picture_url_builder(report))


def title(document: Document) -> str:
    """Return the title as the next edition will have it."""
    return document.title


def desk_url(document: Document) -> str:
    """Return the address of the page on which the drafter writes the report."""
    report = _load_report(document)
    return reverse("reports:report", args=[report.conference.slug, report.number])


def picture_url_builder(report: Report) -> paper.Picture:
    """Return a function from a picture's digest to its address in this report."""
    return lambda digest: reverse("reports:file", args=[report.conference.slug, report.number, digest])


def _load_report(document: Document) -> Report:
    if isinstance(document, Report):
        return document
    rows = Report.objects.select_related("conference", "department__organisation", "district", "drafter")
    return rows.get(pk=document.pk)
