"""A released expo as its page shows it: exhibitors under their district, districts in the conference's order."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from exhibits.models import Exhibitor
from publishing import event_facts, wording
from publishing.releases import Current

Value = dict[str, Any]


def exhibitions(current: Current) -> list[Value]:
    """Return every released exhibition with its ``facts`` and its exhibitors in ``districts``."""
    districts = current.sections["event"]["districts"]
    return [
        row | {"facts": _facts(row), "districts": _by_district(row, districts)}
        for row in current.sections.get("expo", [])
    ]


def _facts(row: Value) -> list[event_facts.Fact]:
    room = row["room"]
    place = [wording.room(room), f"{room['within']} {room['venue']}".strip()] if room else []
    return [
        (_("전시 시간"), [wording.span(row["starts_at"], row["ends_at"])]),
        (_("장소"), [wording.korean(line) for line in place]),
        (_("참여"), [wording.korean(row["participants"])]),
        (_("배부 물품"), [wording.korean(", ".join(found["name"] for found in row["giveaways"]))]),
    ]


def _by_district(row: Value, districts: list[Value]) -> list[Value]:
    """Districts without an exhibitor are left out; exhibitors of no district stand last, under no name."""
    found = [
        {
            "district": district,
            "exhibitors": [_exhibitor(x) for x in row["exhibitors"] if x["district"] == district["name"]],
        }
        for district in [*districts, {"name": ""}]
    ]
    return [group for group in found if group["exhibitors"]]


def _exhibitor(row: Value) -> Value:
    return row | {"kind": wording.label(Exhibitor.Kind, row["kind"])}
