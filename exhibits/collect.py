"""The expo → plain values."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch

from conference import collect
from conference.models import Conference
from exhibits.models import Exhibitor
from rows.canonical_json import moment

Value = dict[str, Any]
CODES = {("expo", "kind"): Exhibitor.Kind.choices}


def exhibitions(conference: Conference) -> list[Value]:
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
            "starts_at": moment(row.starts_at),
            "ends_at": moment(row.ends_at),
            "room": collect.room(row.room),
            "participants": row.participants_text,
            "content": row.content,
            "exhibitors": [_exhibitor(found) for found in row.exhibitors.all()],
            "giveaways": [_giveaway(found) for found in row.giveaways.all()],
        }
        for row in rows
    ]


def release(conference: Conference) -> dict[str, Any]:
    """The section of a release that this app fills: who shows what; numbers of things stay inside."""
    value = exhibitions(conference)
    for row in value:
        row["giveaways"] = [{"name": found["name"]} for found in row["giveaways"]]
        row["exhibitors"] = [found for found in row["exhibitors"] if found["state"] == "confirmed"]
        for found in row["exhibitors"]:
            del found["state"], found["outcome"]
    return {"expo": value}


def _exhibitor(row: Any) -> Value:
    return {
        "name": row.name,
        "short_name": row.short_name,
        "kind": row.kind,
        "district": row.district.name if row.district else "",
        "state": row.state,
        "outcome": row.outcome,
        "booths": [booth.number for booth in row.booths.all()],
        "photos": [collect.photo(found) for found in row.photos.all()],
    }


def _giveaway(row: Any) -> Value:
    fields = ("name", "planned", "given", "left", "stated", "is_approximate", "per_item")
    return {field: getattr(row, field) for field in fields}
