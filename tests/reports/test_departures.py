"""An office whose report waits for somebody who has left is told who can help, wherever it looks."""

from __future__ import annotations

import pytest

from accounts.models import Department, User
from approvals import chain
from conference.models import Conference
from reports import drafting
from reports.models import Report
from tests.approvals import act_helpers
from tests.reports.test_report_pages import submitted
from tests.visitor import Visitor

DESK = "/desk/dongbuk4-2015/"


@pytest.fixture
def report(unsigned: Conference) -> Report:
    report = unsigned.reports.get()
    drafting.apply_saved_route(report, report.department.approval_routes.get(), by=report.drafter)
    User.objects.filter(username="gangbuk").update(department=report.department, position="주무관")
    return report


def todos(username: str) -> list[str]:
    page = Visitor(username).open(DESK)
    return [todo.text for todo in page.answer.context["todos"] if "전출·퇴직" in todo.text]


def test_a_report_that_waits_for_a_signer_who_left(report: Report) -> None:
    own = f"{DESK}reports/{report.number}/"
    assert submitted(Visitor("wook").open(own)).status == 302
    assert (todos("wook"), "결재가 멈춥니다" in Visitor("wook").open(own).text) == ([], False)
    User.objects.filter(username="heedong").update(is_active=False)
    page = Visitor("wook").open(own)
    assert "전출·퇴직 등으로 결재할 수 없는 결재자가 있어 결재가 멈춥니다: 주민생활국장 김희동." in page.text
    assert "결재 관리자가 없습니다. 시스템 관리자(" in page.text
    assert f"/approvals/{report.rounds.get().pk}/" in page.links
    told = f"{report.title}: 결재자나 기안자의 전출·퇴직 등으로 멈춰 있습니다. 처리 방법은 보고서 화면에 있습니다."
    assert (todos("wook"), todos("gangbuk"), todos("chair")) == ([told], [told], [])
    manager = User.objects.get(username="wontaek")
    Department.objects.filter(pk=report.department_id).update(approval_manager=manager)
    assert "결재 관리자 심원택 일자리지원과장님이" in Visitor("wook").open(own).text


def test_a_draft_whose_drafter_left_is_taken_over_on_its_own_page(report: Report) -> None:
    own = f"{DESK}reports/{report.number}/"
    assert Visitor("gangbuk").open(own).has("기안 넘겨받기") is False
    User.objects.filter(username="wook").update(is_active=False)
    assert len(todos("gangbuk")) == 1
    page = Visitor("gangbuk").open(own)
    refused = page.form("기안 넘겨받기").fill("사유", " ").press().follow()
    assert ("사유를 적어 주세요." in refused.text, Report.objects.get().drafter.username) == (True, "wook")
    after = page.form("기안 넘겨받기").fill("사유", "인사이동").press().follow()
    assert ("기안을 넘겨받았습니다" in after.text, Report.objects.get().drafter.username) == (True, "gangbuk")
    assert (after.has("기안 넘겨받기"), todos("gangbuk")) == (False, [])
    assert after.status == 200


def test_a_stopped_report_says_who_stopped_it_and_why(report: Report) -> None:
    own = f"{DESK}reports/{report.number}/"
    submitted(Visitor("wook").open(own))
    manager = User.objects.get(username="wontaek")
    Department.objects.filter(pk=report.department_id).update(approval_manager=manager)
    User.objects.filter(username="heedong").update(is_active=False)
    chain.stop(report, by=manager, reason="국장 전출", **act_helpers.act_params(report))
    page = Visitor("wook").open(own)
    assert "결재 관리자가 결재를 중단했습니다. 사유를 읽고 다시 기안하면" in page.text
    assert ("회수했습니다" in page.text, "국장 전출" in page.text) == (False, True)
    assert f"결재 중단: {manager}" in page.text
    edition = Visitor("wook").open(f"{own}editions/1/").text
    assert ("결재가 중단된 판(효력 없음)" in edition, "회수한 판" in edition) == (True, False)
    act_helpers.redraft(Report.objects.get())
    assert "국장 전출" in Visitor("wook").open(f"{own}texts/").text


def test_who_withdrew_is_told_no_reason_of_another(report: Report) -> None:
    own = f"{DESK}reports/{report.number}/"
    submitted(Visitor("wook").open(own))
    act_helpers.withdraw(report)
    page = Visitor("wook").open(own)
    assert ("회수했습니다" in page.text, "중단" in page.text, page.answer.context["returned"]) == (True, False, None)


def test_a_colleague_from_outside_the_conference_is_led_to_the_pages_of_the_report_alone(report: Report) -> None:
    own = f"{DESK}reports/{report.number}/"
    User.objects.create_user(
        "newcomer", name="새 주무관", position="주무관", department=report.department, level=report.drafter.level
    )
    Report.objects.update(title=" ")
    own_links = [
        {finding.link for finding in Visitor(name).open(own).answer.context["findings"]}
        for name in ("wook", "newcomer")
    ]
    assert own_links[1] == {link if link.startswith(own) else "" for link in own_links[0]}
    kept = [link for link in own_links[1] if link]
    assert {Visitor("newcomer").open(link).status for link in kept} == {200}
