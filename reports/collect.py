"""The values of one report, from the live rows: the whole programme, and details of its own topics and district."""

from __future__ import annotations

from conference import collect as base
from exhibits import collect as exhibits
from exhibits.content import ReportedExhibitionContent
from preparation import collect as preparation
from reports.content import ParagraphContent, ReportContent, ReportPhotoContent, TextsContent
from reports.models import Report, ReportPhoto
from sessions import collect as sessions


def collect_report(row: Report) -> ReportContent:
    """Return all values that the sections of ``row`` need. The number of queries is constant."""
    programme = sessions.programme(row.conference)
    tracks = preparation.tracks(row.conference)
    return {
        "event": {**base.event(row.conference), **base.result(row.conference)},
        "programme": programme,
        "topics": [
            {
                "name": topic.name,
                "tracks": [track for track in tracks if track["topic"] == topic.name],
                "sessions": [
                    session
                    for block in programme["blocks"]
                    for session in block["sessions"]
                    if session["topic"] == topic.name
                ],
            }
            for topic in row.topics.all()
        ],
        "tracks": [track for track in tracks if not track["topic"]],
        "exhibitions": [
            _own_exhibitors(exhibition, row.district.name if row.district else "")
            for exhibition in exhibits.exhibitions(row.conference)
        ],
        "district": row.district.name if row.district else "",
        "texts": _report_texts(row),
        "photos": [_report_photo(photo) for photo in row.report_photos.select_related("photo__file")],
    }


def _own_exhibitors(exhibition: ReportedExhibitionContent, district: str) -> ReportedExhibitionContent:
    shown = [
        row
        for row in exhibition["exhibitors"]
        if row["state"] != "cancelled" and (not district or row["district"] == district)
    ]
    return {**exhibition, "exhibitors": shown}


def _report_texts(row: Report) -> TextsContent:
    """Return the texts that staff wrote, and the headings and settings that they chose."""
    paragraphs: dict[str, list[ParagraphContent]] = {}
    for line in row.paragraphs.all():
        paragraphs.setdefault(line.section, []).append({"level": line.level, "text": line.text})
    return {
        "headings": row.headings,
        "section_order": row.section_order,
        "notation": row.notation,
        "photo_position": row.photo_position,
        "no_basis_reason": row.no_basis_reason,
        "paragraphs": paragraphs,
        "overrides": {override.section: override.text for override in row.overrides.all()},
        "budget": [{"item": line.item, "planned": line.planned, "spent": line.spent} for line in row.budget.all()],
        "followups": [
            {
                "text": plan.text,
                "department": plan.department,
                "officer": plan.officer,
                "due": plan.due.isoformat() if plan.due else None,
            }
            for plan in row.followups.all()
        ],
        "publicity": [
            {
                "medium": report.medium,
                "title": report.title,
                "on": report.on.isoformat() if report.on else None,
                "url": report.url,
            }
            for report in row.publicity.all()
        ],
        "attachments": [{"name": attached.name, "copies": attached.copies} for attached in row.attachments.all()],
    }


def _report_photo(row: ReportPhoto) -> ReportPhotoContent:
    caption, is_wide = row.caption or row.photo.caption, row.width == ReportPhoto.Width.FULL
    return {**base.photo(row.photo), "caption": caption, "wide": is_wide}
