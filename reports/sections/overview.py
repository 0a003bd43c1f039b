"""Sections 추진 근거 and 행사 개요."""

from __future__ import annotations

from typing import TypedDict

from django.utils.translation import gettext as _

from conference.content import BasisContent, GuestContent, HostContent, ReportedEventContent
from conference.models import Guest, HostRole
from korean.dates import format_day, format_span
from korean.numbers import format_count
from reports.content import Block, ItemBlock, ReportContent
from reports.sections.blocks import item


def build_basis(values: ReportContent) -> list[Block]:
    """Return an item for each document on which the conference is based: issuer, number and day."""
    rows: list[Block] = [item(1, _basis(basis)) for basis in values["event"]["bases"]]
    reason = values["texts"]["no_basis_reason"]
    return rows or ([item(1, reason)] if reason else [])


def _basis(basis: BasisContent) -> str:
    dated = f"({format_day(basis['dated'])})" if basis["dated"] else ""
    if basis["serial"]:
        title = f" {basis['title']}" if basis["title"] else ""
        hyphen = "-" if basis["serial"][0] in "0123456789" else " "  # else the number names the department itself
        return f"{basis['issuer']}{hyphen}{basis['serial']}{dated}호{title}"
    return " ".join(filter(None, (basis["issuer"], basis["title"]))) + dated


def build_overview(values: ReportContent) -> list[Block]:
    """Return time, place, hosts, audience and main items of the event."""
    event = values["event"]
    blocks: list[Block] = [
        item(1, _("%(title)s 개요") % {"title": event["title"]}),
        item(2, format_span(event["starts_at"], event["ends_at"]), label=_("일 시")),
    ]
    if place := _place(values):
        blocks.append(item(2, place, label=_("장 소")))
    blocks += [*_hosts(event["hosts"]), *_audience(event)]
    if event["headcount"] is not None:
        headcount = format_count(event["headcount"], is_approximate=event["is_headcount_approximate"], unit="명")
        blocks.append(
            item(2, headcount + (f"({event['counted_how']})" if event["counted_how"] else ""), label=_("참석 인원"))
        )
    if event["main_items"]:
        blocks.append(item(2, "", label=_("주요 행사내용")))
        blocks += [
            item(3, main["text"], label=main["name"]) if main["text"] else item(3, main["name"])
            for main in event["main_items"]
        ]
    return blocks


class _Venue(TypedDict):
    within: str
    floors: list[str]


def _place(values: ReportContent) -> str:
    """``서울 테크노 파크(3층, 6층) / 서울 과학기술대학교 내``: the venues and floors that programme and expo use."""
    used = [place for block in values["programme"]["blocks"] if block["part"] for place in block["part"]["places"]]
    used += [room for block in values["programme"]["blocks"] for row in block["sessions"] for room in row["rooms"]]
    used += [row["room"] for row in values["exhibitions"] if row["room"]]
    venues: dict[str, _Venue] = {}
    for room in sorted(used, key=lambda room: (room["venue_position"], room["position"])):
        venue = venues.setdefault(room["venue"], {"within": room["within"], "floors": []})
        floor = room["name"] if room["kind"] == "floor" else room["floor"]
        if floor and floor not in venue["floors"]:
            venue["floors"].append(floor)
    return ", ".join(
        name
        + (f"({', '.join(venue['floors'])})" if venue["floors"] else "")
        + (f" / {venue['within']}" if venue["within"] else "")
        for name, venue in venues.items()
    )


def _hosts(hosts: list[HostContent]) -> list[ItemBlock]:
    roles = {code: [host["name"] for host in hosts if host["role"] == code] for code in HostRole.Role.values}
    return [item(2, ", ".join(names), label=str(HostRole.Role(code).label)) for code, names in roles.items() if names]


def _audience(event: ReportedEventContent) -> list[ItemBlock]:
    lines = [item(3, event["audience"])] if event["audience"] else []
    if guests := [guest for guest in event["guests"] if guest["attendance"] != Guest.Attendance.ABSENT]:
        lines.append(item(3, ", ".join(map(_guest, guests)), label=_("주요 참석인사")))
    return [item(2, "", label=_("참석대상")), *lines] if lines else []


def _guest(guest: GuestContent) -> str:
    """``서울시장``; a confirmed attendance is added, an unconfirmed one is not mentioned."""
    name = guest["name"] + (
        f"({' '.join(filter(None, (guest['affiliation'], guest['job'])))})"
        if guest["affiliation"] or guest["job"]
        else ""
    )
    if guest["attendance"] == Guest.Attendance.REPRESENTED:
        return _("%(name)s(대리참석 %(deputy)s)") % {"name": name, "deputy": guest["represented_by"]}
    return name
