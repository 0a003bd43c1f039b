"""The expo as plain values, for releases and for the 결과보고."""

from __future__ import annotations

from django.db.models import Prefetch

from conference import collect
from conference.models import Conference
from exhibits.content import (
    ExhibitionContent,
    ExhibitorContent,
    ReportedExhibitionContent,
    ReportedExhibitorContent,
    ReportedGiveawayContent,
)
from exhibits.models import Exhibitor, Giveaway
from rows.canonical_json import iso_moment

CODES = {("expo", "kind"): Exhibitor.Kind.choices}


def exhibitions(conference: Conference) -> list[ReportedExhibitionContent]:
    """Every exhibition with exhibitors, booths and giveaways. Constant number of queries."""
    exhibitors = Exhibitor.objects.select_related("district").prefetch_related("booths", collect.PHOTOS)
    rows = conference.exhibitions.select_related("room__venue", "room__parent").prefetch_related(
        Prefetch("exhibitors", exhibitors), "giveaways"
    )
    return [
        {
            "slug": row.slug,
            "name": row.name,
            "name_en": row.name_en,
            "starts_at": iso_moment(row.starts_at),
            "ends_at": iso_moment(row.ends_at),
            "room": collect.room(row.room) if row.room else None,
            "participants": row.participants_text,
            "content": row.content,
            "exhibitors": [_exhibitor(exhibitor) for exhibitor in row.exhibitors.all()],
            "giveaways": [_giveaway(giveaway) for giveaway in row.giveaways.all()],
        }
        for row in rows
    ]


def collect_release(conference: Conference) -> dict[str, object]:
    """Return the section ``expo`` of a release: who shows what. Numbers of giveaways and of equipment are left out."""
    return {"expo": [_released(row) for row in exhibitions(conference)]}


def _released(row: ReportedExhibitionContent) -> ExhibitionContent:
    confirmed = [exhibitor for exhibitor in row["exhibitors"] if exhibitor["state"] == Exhibitor.State.CONFIRMED]
    return {
        **row,
        "exhibitors": [_released_exhibitor(exhibitor) for exhibitor in confirmed],
        "giveaways": [{"name": giveaway["name"]} for giveaway in row["giveaways"]],
    }


def _released_exhibitor(row: ReportedExhibitorContent) -> ExhibitorContent:
    return {
        "name": row["name"],
        "short_name": row["short_name"],
        "kind": row["kind"],
        "district": row["district"],
        "booths": row["booths"],
        "photos": row["photos"],
    }


def _exhibitor(row: Exhibitor) -> ReportedExhibitorContent:
    return {
        "name": row.name,
        "short_name": row.short_name,
        "kind": row.kind,
        "district": row.district.name if row.district else "",
        "state": row.state,
        "outcome": row.outcome,
        "booths": [booth.number for booth in row.booths.all()],
        "photos": [collect.photo(photo) for photo in row.photos.all()],
    }


def _giveaway(row: Giveaway) -> ReportedGiveawayContent:
    return {
        "name": row.name,
        "planned": row.planned,
        "given": row.given,
        "left": row.left,
        "stated": row.stated,
        "is_approximate": row.is_approximate,
        "per_item": row.per_item,
    }
