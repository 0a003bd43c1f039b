"""The live programme as a list for staff: a line for each presentation, and for each session without one.

A text that a spreadsheet would take for a formula is escaped.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from operator import itemgetter

from django.utils.translation import gettext as _

from conference.content import PersonContent
from conference.models import Conference
from korean.dates import format_clock, format_day
from publishing import wording
from sessions.collect import programme
from sessions.content import BlockContent, PresentationContent, ReportedSessionContent
from sessions.models import Session
from sheets import paste

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet takes a cell that begins so for a formula
BOM = "\ufeff"  # without it Excel reads a wrong encoding


def lines(conference: Conference) -> list[list[str]]:
    """Return the heading and all lines, in printed order. Constant number of queries."""
    heading = [
        *(_("부"), _("날짜"), _("시작"), _("끝"), _("구분"), _("분야")),
        *(_("제목"), _("제목(영문)"), _("장소"), _("건물")),
        *(_("주관"), _("사회"), _("진행"), _("발표(글)"), _("참여")),
        *(_("자치구"), _("발표자"), _("소속"), _("직위"), _("발표 제목"), _("발표 내용"), _("주소")),
    ]
    return [heading, *(line for block in programme(conference)["blocks"] for line in _block_lines(block))]


def to_csv(lines: list[list[str]]) -> bytes:
    """Return the lines as CSV."""
    out = StringIO()
    csv.writer(out).writerows([_escape_formula(cell) for cell in line] for line in lines)
    return f"{BOM}{out.getvalue()}".encode()


def to_xlsx(lines: list[list[str]]) -> bytes:
    """Return the lines as XLSX."""
    return paste.make_workbook(_("프로그램"), lines)


def _escape_formula(cell: str) -> str:
    """Return the cell with an apostrophe if it would be a formula; the apostrophe makes it a text."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _block_lines(block: BlockContent[ReportedSessionContent]) -> Iterator[list[str]]:
    for row in block["sessions"]:
        talks: list[PresentationContent | None] = [*row["presentations"]]
        for talk in talks or [None]:
            yield [*_session(row), *_talk(talk), row["code"]]


def _session(row: ReportedSessionContent) -> list[str]:
    rooms = row["rooms"] or [room for room in [row["destination"]] if room]
    return [
        row["part"],
        format_day(row["starts_at"]),
        format_clock(row["starts_at"]),
        format_clock(row["ends_at"]),
        wording.label(Session.Kind, row["kind"]),
        row["topic"],
        row["title"],
        row["title_en"],
        ", ".join(dict.fromkeys(map(wording.room, rooms))),
        ", ".join(dict.fromkeys(room["venue"] for room in rooms)),
        row["host"],
        _person(row["moderator"]),
        row["conduct"],
        row["performers"],
        row["participants"],
    ]


def _talk(talk: PresentationContent | None) -> list[str]:
    if talk is None:
        return [""] * 6
    person = itemgetter("name", "affiliation", "job")(talk["presenter"]) if talk["presenter"] else [""] * 3
    return [talk["district"], *person, talk["title"], "\n".join(talk["points"])]


def _person(value: PersonContent | None) -> str:
    return " ".join(filter(None, (value["name"], value["affiliation"], value["job"]))) if value else ""
