"""Section 세부 추진 내역: preparation and presentations of the report's topics, and its district's exhibitors."""

from __future__ import annotations

from itertools import chain, groupby
from operator import itemgetter

from django.utils.translation import gettext as _

from conference.content import RoomContent
from exhibits.content import ReportedExhibitionContent, ReportedGiveawayContent
from korean.dates import format_days, format_short_day, format_span
from korean.numbers import format_count
from preparation.content import MeetingPlaceContent, TrackContent
from reports.content import Block, ReportContent, RowContent, TableBlock
from reports.sections.blocks import cell, item, note, row, table
from sessions.content import PresentationContent, ReportedSessionContent


def build_detail(values: ReportContent) -> list[Block]:
    """Return blocks for each topic, each track of the whole conference, and each exhibition."""
    chosen = values["texts"]["headings"]
    blocks: list[Block] = []
    for topic in values["topics"]:
        heading = chosen.get("topic", _("주제별 발표"))
        blocks.append(item(1, _("%(heading)s(%(topic)s 분야)") % {"heading": heading, "topic": topic["name"]}))
        for track in topic["tracks"]:
            blocks += _track(track)
        for session in topic["sessions"]:
            blocks += _session(session, topic["name"], chosen)
    for track in values["tracks"]:
        blocks += [item(1, track["title"]), *_track(track)]
    for exhibition in values["exhibitions"]:
        blocks += _exhibition(exhibition, values["district"])
    return blocks


def _track(track: TrackContent) -> list[Block]:
    held = (
        _("%(title)s(%(count)d회)") % {"title": track["title"], "count": track["meeting_count"]}
        if track["meeting_count"]
        else track["title"]
    )
    blocks: list[Block] = [item(2, held, label=_("진행현황"))]
    if track["meetings"]:
        blocks.append(item(3, format_days(meeting["date"] for meeting in track["meetings"]), label=_("일 시")))
    if places := dict.fromkeys(place for held in (track, *track["meetings"]) if (place := _place(held))):
        blocks.append(item(3, ", ".join(places), label=_("장 소")))
    if track["attendees"] or track["attendee_count"]:
        number = (
            format_count(track["attendee_count"], is_approximate=track["is_count_approximate"], unit="명")
            if track["attendee_count"]
            else ""
        )
        blocks.append(item(3, " ".join(filter(None, (track["attendees"], number))), label=_("참석자")))
    decisions = chain.from_iterable(meeting["decisions"] for meeting in track["meetings"])
    blocks += [item(3, decision["text"], label=_("결정사항")) for decision in decisions]
    if track["columns"]:
        blocks.append(_timeline(track))
    return blocks


def _place(held: MeetingPlaceContent) -> str:
    """Return the place of a track's meetings, or of one meeting elsewhere."""
    room = f"{held['room']['venue']} {held['room']['name']}" if held["room"] else ""
    return " ".join(filter(None, (room, held["place"])))


def _timeline(track: TrackContent) -> TableBlock:
    """Return the timeline: one column for each date, with its labels and its contents."""
    days: list[tuple[str, int | None]] = [(format_short_day(column["date"]), None) for column in track["columns"]]
    lines = [
        row(
            cell(_("회의"), head=True, align="center"),
            *(cell("\n".join(column["labels"]), align="center") for column in track["columns"]),
        )
    ]
    if any(column["contents"] for column in track["columns"]):
        lines.append(
            row(
                cell(_("내용"), head=True, align="center"),
                *(cell("\n".join(column["contents"]), align="center") for column in track["columns"]),
            )
        )
    return table(
        "timeline",
        caption=track["timeline_title"] or _("준비 일정표"),
        columns=[(_("날짜"), 18), *days],
        groups=[lines],
    )


def _session(session: ReportedSessionContent, topic: str, chosen: dict[str, str]) -> list[Block]:
    blocks: list[Block] = [
        item(1, chosen.get("presentations", _("주제 발표"))),
        item(2, format_span(session["starts_at"], session["ends_at"]), label=_("일 시")),
    ]
    if session["rooms"]:
        blocks.append(item(2, format_rooms(session["rooms"]), label=_("장 소")))
    blocks.append(item(2, topic, label=_("발표주제")))
    if session["presentations"]:
        columns: list[tuple[str, int | None]] = [(_("자치구"), 18), (_("발표자"), 42), (_("발표 제목 / 내용"), None)]
        groups = [[_presentation(row)] for row in session["presentations"]]
        blocks.append(table("presentations", caption=_("발표내용"), columns=columns, groups=groups))
    for question in session["questions"]:
        blocks += [
            item(2, question["text"], label=_("질의")),
            *([item(3, question["answer"], label=_("답변"))] if question["answer"] else []),
        ]
    return blocks


def format_rooms(rooms: list[RoomContent]) -> str:
    """``서울 테크노 파크 601호 / 서울 과학기술대학교 내``."""
    return ", ".join(
        f"{venue} {', '.join(room['name'] for room in inside)}" + (f" / {within}" if within else "")
        for (venue, within), inside in groupby(rooms, key=itemgetter("venue", "within"))
    )


def _presentation(talk: PresentationContent) -> RowContent:
    presenter = talk["presenter"]
    post = " ".join(filter(None, (presenter["affiliation"], presenter["job"]))) if presenter else ""
    return row(
        cell(talk["district"], head=True, align="center"),
        cell("", title=presenter["name"] if presenter else "", sub=f"({post})" if post else "", align="center"),
        cell("", title=talk["title"], lines=talk["points"]),
    )


def _exhibition(exhibition: ReportedExhibitionContent, district: str) -> list[Block]:
    blocks: list[Block] = [
        item(1, _("%(name)s 진행") % {"name": exhibition["name"]}),
        item(2, format_span(exhibition["starts_at"], exhibition["ends_at"]), label=_("일 시")),
    ]
    if exhibition["room"]:
        blocks.append(item(2, format_rooms([exhibition["room"]]), label=_("장 소")))
    names = [exhibitor["name"] for exhibitor in exhibition["exhibitors"]]
    joining = (
        _("%(district)s %(count)d개 기업·단체 참여")
        if any(exhibitor["kind"] != "company" for exhibitor in exhibition["exhibitors"])
        else _("%(district)s %(count)d개 기업 참여")
    )
    own = f" ({joining % {'district': district, 'count': len(names)}})" if names and district else ""
    if exhibition["participants"] or names:
        blocks.append(item(2, (exhibition["participants"] + own).strip(), label=_("참여자")))
    if names:
        blocks.append(note(3, _("%(names)s 참여") % {"names": ", ".join(names)}))
    lines = [*exhibition["content"], *_giveaways(exhibition["giveaways"])]
    if len(lines) == 1:
        blocks.append(item(2, lines[0], label=_("내 용")))
    elif lines:
        blocks += [item(2, "", label=_("내 용")), *(item(3, line) for line in lines)]
    return blocks


def _giveaways(rows: list[ReportedGiveawayContent]) -> list[str]:
    """``사회적경제 노트 및 홍보 물티슈 배부(각 100여 개)``: things of one number in one line."""
    lines = []
    for (number, is_approximate, per_item), of_number in groupby(
        rows, key=lambda row: (_number(row), row["is_approximate"], row["per_item"])
    ):
        names = [row["name"] for row in of_number]
        count = (
            f"({'각 ' if per_item else ''}{format_count(number, is_approximate=is_approximate, unit='개')})"
            if number is not None
            else ""
        )
        lines.append(_("%(things)s 배부%(number)s") % {"things": _(" 및 ").join(names), "number": count})
    return lines


def _number(row: ReportedGiveawayContent) -> int | None:
    return next((number for number in (row["given"], row["stated"], row["planned"]) if number is not None), None)
