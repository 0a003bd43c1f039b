"""Every sheet and every page of a report, saved as it is drawn: nothing changes. With one field changed: it is stored.

On a conference of which nothing is typed yet, with a fresh report, and on a large one. What a person did not touch
must never be refused, and never be written anew.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction

from conference.models import Conference
from reports.forms.report_sheets import SHEETS
from sheets.declaration import all_sheets
from tests import row_counts
from tests.forms import Form
from tests.page_walk import another
from tests.visitor import Page, Visitor

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql_is_enough]
CASES = {"blank": "wook", "fair": "damdang"}  # who is 총괄, and drafts the report
REPORT = ("texts", "texts/overview", "form", "line")


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> tuple[Conference, Visitor]:
    conference = request.getfixturevalue(request.param)
    visitor = Visitor(CASES[request.param])
    if not conference.reports.exists():
        reports = visitor.open(f"/desk/{conference.slug}/reports/")
        assert reports.press("결과보고 만들기").status == 302
    report = visitor.open(f"/desk/{conference.slug}/reports/{conference.reports.get().number}/line/")
    report.form("저장").press("저장")  # a line is made, or written as the page writes it
    return conference, visitor


def pages(conference: Conference, *, is_empty: bool = True) -> Iterator[str]:
    """Every page on which something stored is changed.

    ``is_empty``: also tables without a row, and rows of every kind on their own pages.
    """
    base = f"/desk/{conference.slug}"
    yield f"{base}/overview/"
    for name in ("sessions", "presentations", "exhibitors", "guests"):
        yield f"{base}/reports/actuals/{name}/"
    report = conference.reports.get()
    yield from (f"{base}/reports/{report.number}/{name}/" for name in REPORT)
    for sheet in SHEETS.values():
        has_row = sheet.rows(conference).filter(report=report, **sheet.preset).exists()
        if has_row or (is_empty and sheet.has_new_lines):
            yield f"{base}/reports/{report.number}/rows/{sheet.name}/"
    for sheet in all_sheets().values():
        row = sheet.rows(conference).first()
        if row or is_empty:
            yield f"{base}/rows/{sheet.name}/"
        if row and (is_empty or sheet.name in ("sessions", "exhibitors")):
            yield f"{base}/rows/{sheet.name}/{row.pk}/"


def saving(page: Page) -> list[tuple[Form, str]]:
    """The forms of a page that save what it shows, each with its button's words."""
    found = [(form, text) for form in page.forms for button in form.buttons for text in button.labels]
    found = [(form, text) for form, text in found if text.endswith(("저장", "싣기")) and "내 결재선" not in text]
    return list({id(form): (form, text) for form, text in found}.values())


def test_what_is_saved_as_drawn_changes_nothing(case: tuple[Conference, Visitor]) -> None:
    conference, visitor = case
    wrong, seen, before = {}, 0, row_counts.count()
    for path in pages(conference):
        for form, button in saving(visitor.open(path)):
            answer, now = form.press(button), row_counts.count()
            changed = [table for table in now if now[table] != before[table]]
            if answer.status != 302 or changed:
                wrong[path] = (answer.status, answer.errors, changed)
            seen, before = seen + 1, now
    assert wrong == {}
    assert seen >= len(all_sheets()) + len(REPORT) + len(SHEETS)


def test_one_field_that_is_changed_is_stored(case: tuple[Conference, Visitor]) -> None:
    conference, visitor = case
    wrong, changed = {}, []
    for path in pages(conference, is_empty=False):
        for form, button in saving(visitor.open(path)):
            if control := another(form):
                with transaction.atomic():
                    answer = form.press(button)
                    sent = control.values[0] if control.values else ""
                    shown = [text for name, text in visitor.open(path).form(button).sent if name == control.name]
                    transaction.set_rollback(True)
                changed.append(path)
                if answer.status != 302 or (sent and sent not in shown):
                    wrong[path] = (control.name, answer.status, answer.errors, sent, shown[:3])
    assert wrong == {}
    assert len(changed) >= {"blank": 3, "fair-2026": 20}[conference.slug]


def test_a_fresh_report_is_written_line_by_line(blank: Conference) -> None:
    """The blank lines below are no lines until somebody types; their choices are drawn with what is usual."""
    visitor = Visitor("wook")
    page = visitor.open(f"/desk/{blank.slug}/reports/").press("결과보고 만들기")
    for part, typed in (
        ("budget", {"과목": "인쇄비", "예산액": "1,000", "집행액": "900"}),
        ("followups", {"내용": "협의회 구성"}),
        ("publicity", {"매체": "구보"}),
        ("attachments", {"명칭": "참석자 명단"}),
    ):
        form = visitor.open(f"{page.answer.url}rows/{part}/").form("저장").fill_all(typed, at=0)
        assert (part, form.press("저장").status) == (part, 302)
    report = blank.reports.get()
    assert [(line.item, line.planned, line.spent) for line in report.budget.all()] == [("인쇄비", 1000, 900)]
    assert [(line.text, line.state) for line in report.followups.all()] == [("협의회 구성", "open")]
    assert [line.medium for line in report.publicity.all()] == ["구보"]
    assert [(line.name, line.copies) for line in report.attachments.all()] == [("참석자 명단", 1)]
