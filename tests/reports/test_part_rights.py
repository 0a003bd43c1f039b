"""Who writes the lists of a report, and until when; and what the pages around them say."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import User
from approvals.models import Document
from conference.models import Conference
from reports import checks, drafting
from reports.models import Report
from tests.reports.report_pages import BASE, CASES, contents, fill_lists, opened, rows_of, sign_in
from tests.sheets.table_page import TablePage
from tests.visitor import Visitor


@pytest.fixture
def report(unsigned: Conference) -> Report:
    return fill_lists(unsigned.reports.get(number=1))


TABS = ("texts/", "lists/", "photos/", "form/", "line/", "take/", "texts/overview/", "rows/plans/", "rows/budget.xlsx")
WRITES = (
    "texts/",
    "lists/",
    "photos/",
    *(f"rows/{part}/" for part in CASES),
    "rows/attachments/new/",
    "rows/attachments/{row}/",
    "rows/attachments/{row}/delete/",
    "attachments/{row}/file/",
    "files/add/",
    "photos/add/",
    "restore/{deleted}/",
)


@pytest.mark.parametrize(("username", "status"), [("wook", 200), ("youngbun", 200), ("seongbuk", 403), ("chair", 403)])
def test_the_pages_are_the_offices_own(report: Report, username: str, status: int) -> None:
    client = sign_in(username)
    assert {tab: client.get(BASE + tab).status_code for tab in TABS} == dict.fromkeys(TABS, status)


def test_what_is_signed_has_no_pages_to_write_on(example: Conference) -> None:
    client = sign_in("wook")
    answers = {tab: client.get(BASE + tab) for tab in TABS}
    assert {tab: (answer.status_code, answer.url) for tab, answer in answers.items()} == dict.fromkeys(
        TABS, (302, BASE)
    )


def test_strangers_find_no_pages(report: Report) -> None:
    User.objects.create_user("outsider", name="도봉구 담당", position="주무관")
    client = sign_in("outsider")
    assert {client.get(BASE + tab).status_code for tab in TABS} == {404}
    assert {client.post(BASE + tab.format(row=1, deleted=1)).status_code for tab in WRITES} == {404}


def address(report: Report, write: str) -> tuple[str, dict[str, str]]:
    """Return an address, and what could be sent to it."""
    page = opened("budget")
    page.press("remove:0")
    page.press()
    row = rows_of(report, "attachments")[0]
    photo = report.report_photos.first()
    report.report_photos.filter(pk=photo.pk).delete()
    known = {"row": row.pk, "deleted": report.conference.deleted_rows.get().pk}
    part = write.removeprefix("rows/").partition("/")[0]
    first = rows_of(report, part)[0] if part in CASES else None
    line = {"count": "1", "r0-id": str(first.pk), f"gone-{first.pk}": "0"} if first else {"count": "0"}
    sent = {"preamble": "늦은 글", "name": "늦은 글", "copies": "1", "pick": str(photo.photo_id), **line}
    return BASE + write.format(**known), sent | {f"r0-{name}": "늦은 글" for name in ("text", "item", "caption")}


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("state", [Document.State.RUNNING, Document.State.APPROVED, Document.State.RETURNED])
def test_what_comes_after_the_submission_changes_nothing_and_is_shown(report: Report, write: str, state: str) -> None:
    path, sent = address(report, write)
    Document.objects.filter(pk=report.pk).update(state=state)
    before = contents(report), Report.objects.get().preamble
    page = Visitor("youngbun").post_raw(path, sent)
    assert (page.status, "늦은 글" in page.text) == (409, True)
    assert (contents(report), Report.objects.get().preamble) == before


def test_a_submission_while_a_table_is_saved_stops_it(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    page, before = opened("plans"), contents(report)
    lock = drafting.lock_draft

    def overtaken(*args: Any, **kwargs: Any) -> None:
        Document.objects.filter(pk=report.pk).update(state=Document.State.RUNNING)
        lock(*args, **kwargs)

    monkeypatch.setattr(drafting, "lock_draft", overtaken)
    page.fill(page.line(rows_of(report, "plans")[0]), text="늦은 글")
    assert (page.press().status_code, "늦은 글" in page.text, contents(report)) == (409, True, before)


def other_report(report: Report) -> Report:
    """A second report of the same office, with rows of its own."""
    fields = {"kind": "result", "department": report.department, "drafter": report.drafter, "number": 2}
    other = report.conference.reports.create(title="다른 보고", **fields)
    other.paragraphs.create(section="plans", text="남의 글")
    return other


def test_rows_of_another_report_or_section_are_not_touched(report: Report) -> None:
    theirs = other_report(report).paragraphs.get()
    for part, row in (("plans", theirs), ("problems", rows_of(report, "plans")[0])):
        text = row.text
        page = opened(part).tamper(f"gone-{row.pk}", "0")
        page.tamper("r0-id", str(row.pk)).fill("r0-", text="바꾼 글")
        assert page.press().status_code == 409  # as a row that is gone
        row.refresh_from_db()
        assert row.text == text


def test_a_row_of_another_report_is_not_restored_here(report: Report) -> None:
    other_report(report)
    page = TablePage(sign_in("youngbun"), f"{BASE.replace('/1/', '/2/')}rows/plans/")
    page.press("remove:0")
    page.press()
    [kept] = report.conference.deleted_rows.all()
    assert Visitor("youngbun").post_raw(f"{BASE}restore/{kept.pk}/", {}).answer.url == BASE
    kept.refresh_from_db()
    assert kept.restored_at is None


@pytest.mark.parametrize(
    "path", ["rows/nothing/", "rows/sessions/", "rows/budget/1/", "rows/budget/new/", "rows/x.xlsx"]
)
def test_what_is_no_list_of_a_report_is_not_found(report: Report, path: str) -> None:
    assert sign_in("wook").get(BASE + path).status_code == 404


# ── pages ───────────────────────────────────────────────────────────────────────────────────────
def test_the_tabs_say_what_is_left(unsigned: Conference) -> None:
    tabs = {str(name): left for _address, name, _here, left in sign_in("wook").get(BASE).context["tabs"]}
    assert tabs == {
        "점검과 초안": None,
        "본문 글": 3,
        "실적 확인": 26,
        "사진": 0,
        "예산·홍보·계획·붙임": None,
        "범위와 형식": None,
        "결재선": 1,
    }


def test_the_lists_of_a_page_are_tabs(report: Report) -> None:
    found = {
        tab: [str(title) for _address, title, _sheet in sign_in("wook").get(BASE + tab).context["part_tabs"]]
        for tab in ("texts/", "rows/plans/", "lists/", "photos/")
    }
    texts = ["머리말·요지·키워드", "주요 성과", "만족도", "문제점 및 개선", "향후 계획"]
    lists = ["예산 집행", "향후 계획(누가 언제까지)", "홍보", "붙임"]
    assert found == {"texts/": texts, "rows/plans/": texts, "lists/": lists, "photos/": []}


def test_the_draft_is_served_alone(report: Report) -> None:
    page = sign_in("youngbun").get(f"{BASE}draft/").content.decode()
    assert (page.lstrip().startswith("<article"), "<html" in page) == (True, False)


def test_what_is_missing_is_typed_where_the_check_leads(unsigned: Conference) -> None:
    """On the page itself that names it nothing can be typed."""
    report, client = unsigned.reports.get(), sign_in("youngbun")
    Report.objects.filter(pk=report.pk).update(title=" ", district=None)
    report.refresh_from_db()
    report.topics.clear()
    report.paragraphs.all().delete()
    links = {each.where: each.link for each in checks.check_required_content(report)}
    assert links.keys() == {"제목", "추진 실적"}
    for link in links.values():
        path, _sharp, fragment = link.partition("#")
        page = client.get(path).content.decode()
        assert "<textarea" in page
        assert not fragment or f'id="{fragment}"' in page
    assert ("/desk/dongbuk4-2015/" in page, BASE in page) == (True, True)
