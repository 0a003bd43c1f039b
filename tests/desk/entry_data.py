"""What somebody types to build the conference of 2015: labels as on the screen, values from the example's file alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from conference.models import Basis, Guest, Person, Room
from config.management.commands.load_example import FILE
from exhibits.models import Exhibitor
from sessions.models import Part, Session
from tests.factories import PEOPLE

EXAMPLE_FILE: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
EVENT = EXAMPLE_FILE["conference"]
Line = dict[str, str]  # label → what is typed
How = str | Callable[[dict[str, Any]], str]  # a key of the file, or how to say it


@dataclass(frozen=True)
class Page:
    """A table: its lines, and what stands on the pages of single rows alone (title of the row → label → text)."""

    sheet: str
    lines: list[Line]
    more: dict[str, Line] = field(default_factory=dict)
    of: tuple[str, str] | None = None  # (sheet, title of the row) whose rows these are: reached by its page
    of_title: str = ""  # what the link there says


def text(value: Any) -> str:
    """Say a value of the file as a person types it. A natural key is typed by what the screen calls the row."""
    if value is True:
        return "예"
    if isinstance(value, list):
        return value[-1]
    return "" if value in (None, False) else str(value)


def lines(rows: Iterable[dict[str, Any]], said: dict[str, How]) -> list[Line]:
    return [{label: how(row) if callable(how) else text(row.get(how)) for label, how in said.items()} for row in rows]


def more(rows: Iterable[dict[str, Any]], said: dict[str, How], *, title: str = "title") -> dict[str, Line]:
    """What stands on the row's own page, for those rows that have any of it."""
    rows = list(rows)
    found = zip(rows, lines(rows, said), strict=True)
    return {
        row[title]: typed for row, line in found if (typed := {label: said for label, said in line.items() if said})
    }


def name(key: str, choices: Any) -> Callable[[dict[str, Any]], str]:
    return lambda row: str(choices(row[key]).label)


def clock(key: str) -> Callable[[dict[str, Any]], str]:
    return lambda row: f"{datetime.fromisoformat(row[key]):%H%M}" if row.get(key) else ""


def moment(key: str) -> Callable[[dict[str, Any]], str]:
    return lambda row: f"{datetime.fromisoformat(row[key]):%Y-%m-%d %H:%M}"


def officer(row: dict[str, Any]) -> str:
    """The officer of a desk, by 성명 and 직위."""
    return " ".join(PEOPLE[row["officer"]][:2])


def presenters(session: dict[str, Any]) -> str:
    """Those of whom the table can say all there is; presentations with more to say have a table of their own."""
    said = [found for found in session.get("presentations", []) if "title" not in found]
    return ", ".join(text(found["presenter"]) for found in said)


def where(session: dict[str, Any]) -> str:
    rooms = [text(use["room"]) for use in session.get("room_uses", [])]
    return ", ".join(rooms) or text(session.get("destination"))


def person(row: dict[str, Any]) -> str:
    return row["presenter"][0] if isinstance(row["presenter"], list) else row["presenter"]


ROOMS = [room | {"venue": venue["name"]} for venue in EXAMPLE_FILE["venues"] for room in venue["rooms"]]
DESKS = [desk | {"topic": topic["name"]} for topic in EXAMPLE_FILE["topics"] for desk in topic["desks"]]
TRACK, EXPO = EXAMPLE_FILE["tracks"][0], EXAMPLE_FILE["exhibitions"][0]
ROOM = {"장소": "venue", "이름": "name", "구분": name("kind", Room.Kind), "속한 층": "parent"}
ENTRY = {"준비과정": lambda _row: TRACK["title"], "날짜": "date", "구분": "label", "내용": "content"}
TALKED = next(
    session for session in EXAMPLE_FILE["sessions"] if any("title" in one for one in session.get("presentations", []))
)

NEW_CONFERENCE = {
    "행사명": EVENT["title"],
    "시작": moment("starts_at")(EVENT),
    "끝": moment("ends_at")(EVENT),
    "웹 주소": EVENT["slug"],
}
OVERVIEW = {"참석대상": EVENT["audience"]}
SET_UP = (
    Page("districts", lines(EXAMPLE_FILE["districts"], {"자치구": "name", "기관": "organisation"})),
    Page("topics", lines(EXAMPLE_FILE["topics"], {"분야": "name", "주관 자치구": "host"})),
    Page(
        "desks",
        lines(
            DESKS,
            {
                "분야": "topic",
                "자치구": "district",
                "담당부서": lambda row: " ".join(row.get("department", [])),
                "담당자": officer,
            },
        ),
    ),
    Page("main-items", lines(EXAMPLE_FILE["main_items"], {"이름": "name", "내용": "text"})),
    Page(
        "bases",
        lines(
            EXAMPLE_FILE["bases"],
            {
                "구분": name("kind", Basis.Kind),
                "발신 기관": "issuer",
                "문서번호": "serial",
                "날짜": "dated",
                "제목": "title",
            },
        ),
    ),
    Page("venues", lines(EXAMPLE_FILE["venues"], {"장소": "name", "단지·캠퍼스": "within"})),
    Page("rooms", lines([room for room in ROOMS if room["kind"] == "floor"], ROOM)),
    Page("rooms", lines([room for room in ROOMS if room["kind"] != "floor"], ROOM)),
    Page(
        "persons",
        lines(
            EXAMPLE_FILE["persons"],
            {
                "성명": "name",
                "구분": name("kind", Person.Kind),
                "소속": "affiliation",
                "직위": "job",
                "성명 공개 근거": name("name_basis", Person.NameBasis),
            },
        ),
    ),
    Page("guests", lines(EXAMPLE_FILE["guests"], {"참석인사": "person", "참석": name("attendance", Guest.Attendance)})),
)
PROGRAMME = (
    Page(
        "parts",
        lines(
            EXAMPLE_FILE["parts"],
            {
                "구분": name("kind", Part.Kind),
                "부": "label",
                "제목": "title",
                "시작": clock("starts_at"),
                "참여": "participants_text",
                "장소": lambda row: ", ".join(map(text, row.get("places", []))),
            },
        ),
        more(
            EXAMPLE_FILE["parts"],
            {"장소 설명": "place_note", "설명": "note", "전시 웹 주소": "exhibition_slug"},
            title="label",
        ),
    ),
    Page(
        "sessions",
        lines(
            EXAMPLE_FILE["sessions"],
            {
                "부": "part",
                "시작": clock("starts_at"),
                "끝": clock("ends_at"),
                "구분": name("kind", Session.Kind),
                "제목": "title",
                "장소": where,
                "분야": "topic",
                "주관": "host",
                "발표자": presenters,
            },
        ),
        more(EXAMPLE_FILE["sessions"], {"진행": "conduct_text", "이동 장소 설명": "destination_note"}),
    ),
    Page(
        "presentations",
        lines(
            TALKED["presentations"],
            {
                "자치구": "district",
                "발표자": person,
                "발표 제목": "title",
                "발표 내용": lambda row: "\n".join(row["points"]),
            },
        ),
        of=("sessions", TALKED["title"]),
        of_title="발표",
    ),
)
TIMELINE = (
    Page(
        "tracks",
        lines(
            [TRACK],
            {
                "분야": "topic",
                "제목": "title",
                "장소": "room",
                "참석 인원": "attendee_count",
                "회의 횟수(문서상)": "meeting_count_said",
            },
        ),
        more([TRACK], {"참석자": "attendees_text", "일정표 제목": "timeline_title"}),
    ),
    Page("meetings", lines(TRACK["meetings"], ENTRY)),
    Page("deadlines", lines(TRACK["deadlines"], ENTRY)),
    Page("milestones", lines(TRACK["milestones"], ENTRY)),
)
SHOW = (
    Page(
        "exhibitions",
        lines(
            [EXPO],
            {
                "전시 이름": "name",
                "웹 주소": "slug",
                "시작": moment("starts_at"),
                "끝": moment("ends_at"),
                "장소": "room",
                "참여": "participants_text",
            },
        ),
        more([EXPO], {"내용": lambda row: "\n".join(row["content"])}, title="name"),
    ),
    Page(
        "exhibitors",
        lines(
            EXPO["exhibitors"],
            {
                "전시": lambda _row: EXPO["name"],
                "이름": "name",
                "구분": name("kind", Exhibitor.Kind),
                "자치구": "district",
                "상태": name("state", Exhibitor.State),
            },
        ),
    ),
    Page(
        "giveaways",
        lines(
            EXPO["giveaways"],
            {
                "전시": lambda _row: EXPO["name"],
                "물품": "name",
                "수량(문서상)": "stated",
                "어림수": "is_approximate",
                "각각의 수량": "per_item",
            },
        ),
    ),
)
