"""A released expo for its public page: exhibitors by district, districts in the order of the conference."""

from __future__ import annotations

from typing import TypedDict

from django.utils.translation import gettext as _

from conference.content import DistrictContent, event
from exhibits.content import ExhibitionContent, ExhibitorContent
from exhibits.content import exhibitions as released
from exhibits.models import Exhibitor
from publishing import event_facts, wording
from publishing.releases import LiveRelease


class ExpoDistrict(TypedDict):
    """Exhibitors of one district; those without a district have an empty name here."""

    district: DistrictContent
    exhibitors: list[ExhibitorContent]  # ``kind`` in words


class ExhibitionCard(ExhibitionContent):
    facts: list[event_facts.Fact]
    districts: list[ExpoDistrict]


def exhibitions(current: LiveRelease) -> list[ExhibitionCard]:
    """Return every released exhibition with its ``facts`` and its exhibitors in ``districts``."""
    districts, rows = event(current.sections)["districts"], released(current.sections)
    return [{**row, "facts": _facts(row), "districts": _by_district(row, districts)} for row in rows]


def _facts(row: ExhibitionContent) -> list[event_facts.Fact]:
    room = row["room"]
    place = [wording.room(room), f"{room['within']} {room['venue']}".strip()] if room else []
    return [
        (_("전시 시간"), [wording.span(row["starts_at"], row["ends_at"])]),
        (_("장소"), [wording.korean(line) for line in place]),
        (_("참여"), [wording.korean(row["participants"])]),
        (_("배부 물품"), [wording.korean(", ".join(giveaway["name"] for giveaway in row["giveaways"]))]),
    ]


def _by_district(row: ExhibitionContent, districts: list[DistrictContent]) -> list[ExpoDistrict]:
    """Group exhibitors by district. Districts without an exhibitor are left out; exhibitors without a district come last."""
    no_district: DistrictContent = {"name": "", "name_en": ""}
    by_district: list[ExpoDistrict] = [
        {
            "district": district,
            "exhibitors": [_exhibitor(x) for x in row["exhibitors"] if x["district"] == district["name"]],
        }
        for district in [*districts, no_district]
    ]
    return [group for group in by_district if group["exhibitors"]]


def _exhibitor(row: ExhibitorContent) -> ExhibitorContent:
    return {**row, "kind": wording.label(Exhibitor.Kind, row["kind"])}
