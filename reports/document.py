"""The document kind ``result``: what approvals asks of a 결과보고 without knowing what it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User
from approvals.models import ApprovalRoute, Document
from approvals.signature_box import SignatureBox, signature_box
from conference import files
from conference.checks import Finding
from reports import checks, collect, renderings, sections
from reports.content import EditionContent
from reports.models import Edition, Rendering, Report
from reports.render import html as paper
from rows.canonical_json import canonical_json, digest

# what the page of one document in sign-off links for html()
STYLESHEET = "reports/paper.css"


def edition_content(report: Report) -> EditionContent:
    """Return the plain value that an edition of ``report`` would freeze now. The paper speaks Korean."""
    with translation.override("ko"):
        values = collect.collect_report(report)
        built = sections.build_sections(values)
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
            "sections": built,
            "files": {
                found["digest"]: {
                    "name": found["name"],
                    "media_type": found["media_type"],
                    "width": found["width"],
                    "height": found["height"],
                }
                for found in values["photos"]
            },
            "values": values,
        }


def _disclosure(report: Report) -> str:
    """``부분공개(5, 6)``."""
    items = f"({report.disclosure_items})" if report.disclosure_items else ""
    return f"{report.get_disclosure_display()}{items}" if report.disclosure else ""


def findings(document: Document) -> list[Finding]:
    """Return everything that 점검 finds in the report and its conference, the gravest first."""
    return checks.report_findings(_load_report(document))


def freeze(
    document: Document, *, by: User, at: datetime | None, findings: Iterable[Finding], reasons: dict[str, str]
) -> tuple[int, str]:
    """Freeze the next edition with the findings its drafter accepted; return its number and digest."""
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


def html(document: Document, edition_number: int, box: SignatureBox) -> str:
    """Return the paper of one edition for a page of the portal, its box in the form that the edition asks for."""
    report = _load_report(document)
    value = report.editions.get(number=edition_number).value
    return paper.render_article(value, {**box, "form": value["box_form"]}, picture=picture_url_builder(report))


def frozen_digest(document: Document, number: int) -> str:
    """Return the digest of an edition as it is kept now, "" when it is gone: verification holds it against what was signed."""
    kept = Edition.objects.filter(report=document.pk, number=number).first()
    return kept.digest if kept and kept.is_intact else ""


def damage(document: Document) -> Iterator[tuple[str, str]]:
    """Yield place and text of each stored file of the paper that is gone or no longer what was made."""
    for row in Rendering.objects.filter(edition__report=document.pk).select_related("edition"):
        place = _("%(number)d판 %(form)s") % {"number": row.edition.number, "form": row.get_form_display()}
        try:
            files.read(row.digest)
        except FileNotFoundError:
            yield place, _("저장된 파일이 없습니다.")
        except files.Damaged:
            yield place, _("저장된 파일의 내용이 바뀌었습니다.")


def render_draft(report: Report, value: EditionContent) -> str:
    """Return the paper that ``value``, the content of an edition to be, would make; its boxes are open."""
    route = ApprovalRoute.objects.filter(document=report.pk).first()
    return paper.render_article(
        value, signature_box(None, form=report.box_form, route=route), picture=picture_url_builder(report)
    )


def collected_text(report: Report, section: str) -> tuple[str, str]:
    """Return the words of a section as they are collected now, without an override, and their digest."""
    with translation.override("ko"):
        text = sections.collected_text(collect.collect_report(report), section)
    return text, digest(text)


def render_latest(report: Report) -> str:
    """Return the paper of the last edition with its box as signed so far; before the first one, of the draft."""
    edition = report.editions.last()
    if edition is None:
        return render_draft(report, edition_content(report))
    return paper.render_article(edition.value, renderings.current_box(edition), picture=picture_url_builder(report))


def title(document: Document) -> str:
    """Return the title as the next edition will have it."""
    return document.title


def desk_url(document: Document) -> str:
    """Return where the drafter works on the document."""
    report = _load_report(document)
    return reverse("reports:report", args=[report.conference.slug, report.number])


def picture_url_builder(report: Report) -> paper.Picture:
    """Return the function that gives the address of one of the report's pictures."""
    return lambda found: reverse("reports:file", args=[report.conference.slug, report.number, found])


def _load_report(document: Document) -> Report:
    if isinstance(document, Report):
        return document
    return Report.objects.select_related("conference", "department__organisation", "district", "drafter").get(
        pk=document.pk
    )
