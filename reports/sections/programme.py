"""Section 세부 프로그램: parts and sessions in order, moves between them, and outcomes that differ from the plan."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from django.utils.translation import gettext as _

from conference.content import PersonContent, RoomContent
from korean.dates import format_clock, format_full_day, format_hours
from reports.content import Block, ReportContent, RowContent
from reports.sections.blocks import cell, merge_cells, row, table
from sessions.content import BlockContent, PartContent, ReportedSessionContent

ReportedBlock = BlockContent[ReportedSessionContent]


def build_programme(values: ReportContent) -> list[Block]:
    """The table 시간 | 내용 | 발표·참여 | 주관·진행; its headings may be chosen by the report."""
    if not (blocks := values["programme"]["blocks"]):
        return []
    chosen = values["texts"]["headings"]
    columns: list[tuple[str, int | None]] = [
        (chosen.get("programme.time", _("시간")), 27),
        (chosen.get("programme.title", _("내용")), None),
        (chosen.get("programme.who", _("발표·참여")), 42),
        (chosen.get("programme.conduct", _("주관·진행")), 26),
    ]
    ditto = values["texts"]["notation"] == "ditto"
    return [
        table(
            "programme",
            caption=format_full_day(day),
            columns=columns,
            groups=[_group(block, ditto=ditto) for block in of_day],
        )
        for day, of_day in _days(blocks, values["event"]["starts_at"])
    ]


def _days(blocks: list[ReportedBlock], first: str) -> Iterator[tuple[str, list[ReportedBlock]]]:
    """Yield each day with its blocks. A block without times is of the day of the one before it, at first the event's first."""
    day = first[:10]
    dated: list[tuple[str, ReportedBlock]] = []
    for block in blocks:
        begins = [row["starts_at"] for row in (block["part"], *block["sessions"]) if row]
        day = min((at for at in begins if at), default=day)[:10]
        dated.append((day, block))
    for date, pairs in groupby(dated, key=itemgetter(0)):
        yield date, [block for _date, block in pairs]


def _group(block: ReportedBlock, *, ditto: bool) -> list[RowContent]:
    rows = [_part(block["part"])] if block["part"] else []
    for is_move, sessions in groupby(block["sessions"], key=lambda session: session["kind"] == "move"):
        run = list(map(_move if is_move else _session, sessions))
        rows += run if is_move else merge_cells(run, (0, 2, 3), ditto=ditto)
    return rows


def _part(part: PartContent) -> RowContent:
    """``13:00 | 1부(공론의 장 : …)(3층, 6층 진행)``; a part without times is a row without a time."""
    if not part["starts_at"]:
        return row(cell(part["label"], head=True, align="center"), cell(part["title"], sub=part["note"], cols=3))
    heading = part["heading"] or (f"{part['label']}({part['title']})" if part["title"] else part["label"])
    return row(
        cell(format_clock(part["starts_at"]), head=True, align="center"),
        cell(heading + format_places(part["places"], part["place_note"]), head=True, cols=3),
        role="part",
    )


def format_places(rooms: list[RoomContent], note: str) -> str:
    """``(3층, 6층 진행)``."""
    names = ", ".join(room["name"] for room in sorted(rooms, key=itemgetter("position")))
    return f"({' '.join(filter(None, (names, note)))})" if names or note else ""


def _move(session: ReportedSessionContent) -> RowContent:
    where = format_places([session["destination"]] if session["destination"] else [], session["destination_note"])
    time = cell(format_hours(session["starts_at"], session["ends_at"]), head=True, align="center")
    return row(time, cell(f"{session['title']}{where}", cols=3, align="center"), role="move")


def _session(session: ReportedSessionContent) -> RowContent:
    return row(
        cell(format_hours(session["starts_at"], session["ends_at"]), head=True, align="center"),
        cell(session["title"], sub=_result(session)),
        cell(_who(session), align="center"),
        cell(_conduct(session), align="center"),
    )


def _who(session: ReportedSessionContent) -> str:
    """Return the participants if the programme names them, else the speakers."""
    speakers = [format_person(row["presenter"]) for row in session["presentations"] if row["presenter"]]
    return session["participants"] or ", ".join(filter(None, [*speakers, session["performers"]]))


def _conduct(session: ReportedSessionContent) -> str:
    host = _("%(district)s 주관") % {"district": session["host"]} if session["host"] else ""
    moderator = _("사회 %(person)s") % {"person": format_person(session["moderator"])} if session["moderator"] else ""
    return ", ".join(filter(None, (host, moderator, session["conduct"])))


def format_person(person: PersonContent) -> str:
    """``성명(소속 직위)``."""
    post = " ".join(filter(None, (person["affiliation"], person["job"])))
    return f"{person['name']}({post})" if post else person["name"]


def _result(session: ReportedSessionContent) -> str:
    """Return what differed from the plan, "" if nothing is confirmed."""
    result = session["result"]
    if result["outcome"] == "cancelled":
        return _("(취소)")
    differences = []
    if result["outcome"] == "changed" and result["starts_at"]:
        differences.append(_("변경 %(hours)s") % {"hours": format_hours(result["starts_at"], result["ends_at"])})
    if result["headcount"] is not None:
        differences.append(_("%(count)d명 참석") % {"count": result["headcount"]})
    return f"({', '.join(differences)})" if differences else ""
