"""The live programme as one list for staff: a line a presentation, sessions without one in a line of their own.

Text alone: a cell that a spreadsheet would take for a formula is none.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO

from django.utils.translation import gettext as _

from conference.content import PersonContent
from conference.models import Conference
from korean.dates import clock, day
from publishing import wording
from sessions.collect import programme
from sessions.content import BlockContent, PresentationContent, ReportedSessionContent
from sessions.models import Session
from sheets import paste

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # how a cell begins that a spreadsheet would reckon
BOM = "\ufeff"  # without it Excel takes Korean for something else


def lines(conference: Conference) -> list[list[str]]:
    """Return the heading and all lines, in printed order. Constant number of queries."""
    heading = [
        *(
            _("부"),
            _("날짜"),
            _("시작"),
            _("끝"),
            _("구분"),
            _("분야"),
            _("제목"),
            _("제목(영문)"),
            _("장소"),
            _("건물"),
        ),
        *(_("주관"), _("사회"), _("진행"), _("발표(글)"), _("참여")),
        *(_("자치구"), _("발표자"), _("소속"), _("직위"), _("발표 제목"), _("발표 내용"), _("주소")),
    ]
    return [heading, *(line for block in programme(conference)["blocks"] for line in _block_lines(block))]


def to_csv(found: list[list[str]]) -> bytes:
    """Return the lines as CSV."""
    out = StringIO()
    out.write(BOM)
    csv.writer(out).writerows([_escape_formula(cell) for cell in line] for line in found)
    return out.getvalue().encode()


def to_xlsx(found: list[list[str]]) -> bytes:
    """Return the lines as XLSX."""
    return paste.make_workbook(_("프로그램"), found)


def _escape_formula(cell: str) -> str:
    """An apostrophe before it makes any cell a text."""
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
        day(row["starts_at"]),
        clock(row["starts_at"]),
        clock(row["ends_at"]),
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
    who = talk["presenter"]
    person = [who["name"], who["affiliation"], who["job"]] if who else [""] * 3
    return [talk["district"], *person, talk["title"], "\n".join(talk["points"])]


def _person(value: PersonContent | None) -> str:
    return " ".join(filter(None, (value["name"], value["affiliation"], value["job"]))) if value else ""
