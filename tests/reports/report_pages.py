"""The pages of a report of 2015 as people of its office write on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.test import Client

from accounts.models import User
from reports.forms.report_sheets import SHEETS
from reports.models import Report
from tests.sheets.table_page import TablePage

BASE = "/desk/dongbuk4-2015/reports/1/"


def sign_in(username: str) -> Client:
    """Return a client for pages that are only looked at."""
    client = Client()
    client.force_login(User.objects.get(username=username))
    return client


def opened(part: str, username: str = "youngbun") -> TablePage:
    """Return the table of a list: before a colleague of the drafter, who writes, too."""
    return TablePage(sign_in(username), f"{BASE}rows/{part}/")


@dataclass
class Case:
    """One list. ``stored``: two rows; ``typed``: a new one, as it is typed; ``own``, ``other``: what two people change."""

    rows: str
    stored: list[dict[str, Any]]
    own: tuple[str, str]
    other: tuple[str, str]
    typed: dict[str, str]
    pasted: str = ""  # two rows as they are copied


def paragraphs(section: str) -> Case:
    stored = [{"section": section, "text": text} for text in ("하나", "둘")]
    return Case(
        "paragraphs", stored, ("text", "고친 것"), ("level", "○"), {"level": "-", "text": "셋"}, "-\t넷\n□\t다섯"
    )


CASES = {
    **{section: paragraphs(section) for section in ("achievements", "satisfaction", "problems", "plans")},
    "budget": Case(
        "budget",
        [{"item": "인쇄비", "planned": 1_200_000, "spent": 1_130_560}, {"item": "임차료", "planned": 5, "spent": 4}],
        ("spent", "1,100,000"),
        ("item", "인쇄·현수막"),
        {"item": "간식비", "planned": "10,000원", "spent": "9000"},
        "수당\t1,000,000\t900,000\n여비\t30\t20",
    ),
    "followups": Case(
        "followups",
        [{"text": "교재 공유", "officer": "이욱"}, {"text": "협의회 구성"}],
        ("state", "진행"),
        ("due", "2016-03-01"),
        {"text": "정례회", "department": "일자리지원과", "due": "2016. 3. 1.(화)"},
        "자료집 배포\t일자리지원과\t이욱\t3/2\t완료\n누리집 정비\t\t\t\t",
    ),
    "publicity": Case(
        "publicity",
        [{"medium": "구보", "title": "함께 연 컨퍼런스"}, {"medium": "신문"}],
        ("title", "고친 제목"),
        ("on", "2015-11-30"),
        {"medium": "방송", "on": "11/10", "url": "gangbuk.go.kr/news"},
        "누리집\t2015-11-25\t소식\thttps://gangbuk.go.kr/1\n소식지\t\t\t",
    ),
    "attachments": Case(
        "attachments",
        [{"name": "참석자 명단"}, {"name": "자료집", "copies": 2}],
        ("name", "참석자 명단(확정)"),
        ("copies", "3"),
        {"name": "사진첩"},
        "회의록\t2\n설문지\t",
    ),
    "shots": Case("report_photos", [], ("caption", "다른 설명"), ("width", "한 줄"), {}),
}


def fill_lists(report: Report) -> Report:
    """Give every list of the report rows, and return it."""
    for case in CASES.values():
        for position, values in enumerate(case.stored):
            getattr(report, case.rows).create(position=position, **values)
    return report


def rows_of(report: Report, part: str) -> list[Any]:
    """Return the stored rows of a list, in order."""
    return list(getattr(report, CASES[part].rows).filter(**SHEETS[part].preset))


def contents(report: Report) -> dict[str, list[Any]]:
    """Return every row of every list, with its version, and that of the draft."""
    rows = {case.rows: list(getattr(report, case.rows).values()) for case in CASES.values()}
    return rows | {"version": [Report.objects.get(pk=report.pk).lock_version]}
