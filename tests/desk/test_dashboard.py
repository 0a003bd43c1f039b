"""The dashboard: stages, what the person has to do, what is new; and the page of all findings."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from approvals import chain
from approvals.models import Document
from conference import checks
from conference.models import Conference, Membership
from desk import dashboard, data_requests
from desk.completeness import measure
from publishing import difference, releases
from reports import drafting
from tests.reports.test_report_pages import submitted
from tests.visitor import Visitor

BASE = "/desk/dongbuk4-2015/"


def signed_in(username: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=username))
    return client


def page(username: str, path: str = BASE) -> str:
    return unescape(signed_in(username).get(path).content.decode())


def todos(username: str, conference: Conference) -> list[tuple[str, str, list[str]]]:
    user, fresh = User.objects.get(username=username), Conference.objects.get(pk=conference.pk)
    found = dashboard.todos(user, fresh, lines=measure(fresh), reports=drafting.list_reports(user, fresh))
    return [(todo.badge, todo.text, [cell.label for cell in todo.cells]) for todo in found]


def stage(conference: Conference, username: str = "chair") -> tuple[str, list[str]]:
    """The stage that it stands in, and what each stage says."""
    user, fresh = User.objects.get(username=username), Conference.objects.get(pk=conference.pk)
    found = dashboard.stages(
        fresh,
        lines=measure(fresh),
        release=releases.live_release(fresh.slug),
        reports=drafting.list_reports(user, fresh),
    )
    return next(stage.name for stage in found if stage.state == "current"), [stage.note for stage in found]


def test_the_signed_conference_of_2015_is_complete(example):
    now, notes = stage(example)
    assert now == "완료"
    assert notes[0] == "10. 26.(월) 첫 회의"
    assert notes[1] == "5/40 완료"
    assert notes[3:] == ["2015. 11. 24.(화)", "0/12 확인", "1/1 결재완료", ""]


def test_what_was_never_handed_in_is_not_asked_for_once_all_is_signed(example):
    chair = User.objects.get(username="chair")
    found = dashboard.stages(
        example,
        lines=measure(example),
        release=releases.live_release(example.slug),
        reports=drafting.list_reports(chair, example),
    )
    assert [one.state for one in found] == ["done", "past", "done", "done", "past", "done", "current"]
    assert [badge for badge, *_ in todos("seongbuk", example) if badge == "취합"] == []
    html = page("seongbuk")
    assert ("is-error" in html.partition('id="collection"')[2].partition("</section>")[0], "미제출" in html) == (
        False,
        True,
    )


def test_of_an_empty_conference_nothing_is_said_to_be_sound_or_done(blank):
    client = signed_in("wook")
    base = f"/desk/{blank.slug}/"
    for path in (base, f"{base}checks/"):
        html = unescape(client.get(path).content.decode())
        assert ("발견된 문제가 없습니다." in html, "아직 점검할 자료가 없습니다." in html) == (False, True)
    Conference.objects.filter(pk=blank.pk).update(
        starts_at=timezone.now() - timedelta(days=2), ends_at=timezone.now() - timedelta(days=1)
    )
    html = client.get(base).content.decode()
    assert (html.count("stage is-past"), html.count("stage is-done"), "0/0" in html) == (3, 1, False)


def test_stages_follow_what_is_there_and_the_day(unsigned):
    assert stage(unsigned)[0] == "결과 확인"
    report = unsigned.reports.get()
    drafting.apply_saved_route(report, report.department.approval_routes.get(), by=report.drafter)
    submitted(Visitor("wook").open(f"{BASE}reports/1/"))
    assert (stage(unsigned, "wook")[0], stage(unsigned, "dobong")[0]) == ("결재", "결재")
    now = timezone.now()
    Document.objects.update(state=Document.State.DRAFT)
    Conference.objects.update(starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=1))
    assert stage(unsigned)[0] == "행사"
    Conference.objects.update(starts_at=now + timedelta(days=1), ends_at=now + timedelta(days=2))
    assert stage(unsigned)[0] == "공개"
    releases.withdraw(unsigned.releases.get(), by=User.objects.get(username="chair"))
    releases.clear_cache()
    assert stage(unsigned)[0] == "취합"


def test_a_desk_sees_what_its_district_owes_each_thing_once(unsigned, monkeypatch):
    monkeypatch.setattr(data_requests, "today", lambda: unsigned.starts_at.date() - timedelta(days=8))
    asked = data_requests.DataRequestInput(["points", "materials"], unsigned.starts_at.date() - timedelta(days=6))
    data_requests.create(
        unsigned, asked, districts=unsigned.districts.filter(name="성북구"), by=User.objects.get(username="chair")
    )
    assert todos("seongbuk", unsigned) == [
        ("제출 요청", "성북구 제출 요청", ["자료"]),
        ("취합", "성북구 자료 가운데 아직 없는 것", ["참여 기업", "배부 물품", "사진", "인원", "제안사항"]),
    ]
    assert todos("chair", unsigned) == []
    assert "2015. 11. 18.(수)까지" in page("seongbuk")
    monkeypatch.setattr(data_requests, "today", unsigned.starts_at.date)
    assert "(기한 지남)" in page("seongbuk")


def test_tasks_of_mine_until_they_are_done(unsigned):
    chair = User.objects.get(username="chair")
    task = (
        unsigned.tracks.first()
        .meetings.first()
        .decisions.create(text="정함")
        .tasks.create(text="책자 교정", officer=chair)
    )
    assert todos("chair", unsigned) == [("조치사항", "책자 교정", [])]
    assert f'href="{BASE}rows/tasks/{task.pk}/#id_state"' in page("chair")
    task.state = "done"
    task.save()
    assert todos("chair", unsigned) == []


def test_what_waits_for_me_and_what_came_back(unsigned):
    report = unsigned.reports.get()
    assert todos("wook", unsigned)[0] == ("작성중", report.title, [])
    drafting.apply_saved_route(report, report.department.approval_routes.get(), by=report.drafter)
    submitted(Visitor("wook").open(f"{BASE}reports/1/"))
    assert [badge for badge, *_ in todos("wook", unsigned)] == ["취합"]
    youngbun = User.objects.get(username="youngbun")
    Membership.objects.create(conference=unsigned, user=youngbun, role="reader")
    round_ = report.rounds.get()
    assert todos("youngbun", unsigned) == [("결재", report.title, [])]
    assert f'href="/approvals/{round_.pk}/"' in page("youngbun")
    step = round_.steps.get(signer=youngbun)
    lock = Document.objects.get(pk=report.pk).lock_version
    chain.send_back(step, by=youngbun, opinion="요지를 보완", form_key="back", digest=round_.digest, lock_version=lock)
    assert todos("wook", unsigned)[0] == ("반려", report.title, [])
    assert todos("youngbun", unsigned) == []


def test_the_page_of_each_member_and_of_nobody_else(example):
    assert {
        name: signed_in(name).get(BASE).status_code for name in ("chair", "admin", "wook", "seongbuk", "heedong")
    } == {
        "chair": 200,
        "admin": 200,
        "wook": 200,
        "seongbuk": 200,
        "heedong": 404,
    }
    assert Client().get(BASE).status_code == 302
    assert signed_in("chair").post(BASE).status_code == 405
    assert signed_in("chair").post(f"{BASE}checks/").status_code == 405


def test_every_finding_leads_to_its_field(unsigned):
    found = checks.find_all(unsigned)
    assert [finding for finding in found if not finding.link.startswith(BASE)] == []
    html = page("chair", f"{BASE}checks/")
    assert {finding.link for finding in found} - set(re.findall(r'href="([^"]+)"', html)) == set()
    assert [set(finding.plain()) & {"link"} for finding in found] == [set()] * len(found)


def test_what_changed_since_yesterday_and_by_whom(unsigned):
    chair = User.objects.get(username="chair")
    session = unsigned.sessions.first()
    session.note = "무대 음향 점검"
    session.save_by(chair)
    html = " ".join(page("chair").split())
    assert f'세션 고침: <a href="{BASE}rows/sessions/{session.pk}/">{session.title}</a>' in html
    assert ("(결과 메모)" in html, "<b>총괄</b>" in html) == (True, True)


def test_an_empty_conference_is_led_through_its_first_steps(unsigned):
    now = timezone.now() + timedelta(days=30)
    empty = Conference.objects.create(slug="two", title="새 행사", starts_at=now, ends_at=now + timedelta(hours=5))
    html = page("admin", "/desk/two/")
    steps = re.findall(r'<h3><a href="/desk/two/([^"]+)">([^<]+)</a></h3>', html)
    assert "지금 할 일이 없습니다." not in html  # the steps are what is to be done
    assert steps == [
        ("rows/districts/", "자치구"),
        ("rows/topics/", "분야와 담당부서"),
        ("rows/venues/", "장소와 방"),
        ("preparation/", "준비과정"),
        ("programme/", "프로그램"),
        ("calls/", "제출 요청"),
    ]
    assert ("취합 현황" in html, "입력함" in html, stage(empty)[0]) == (False, False, "준비")
    empty.districts.create(name="강북구")
    assert page("admin", "/desk/two/").count("입력함") == 1
    assert "먼저 할 일" not in page("chair")


@pytest.fixture
def never_dear(monkeypatch):
    """Let a machine that is busy with something else compare as any."""
    monkeypatch.setattr(difference, "SLOW_SECONDS", 60.0)


STATES = [
    *(("example", username) for username in ("chair", "wook", "seongbuk", "admin")),
    *(("fair", username) for username in ("damdang", "admin")),
    *(("blank", username) for username in ("wook", "admin")),
]


@pytest.mark.compared_at_once
@pytest.mark.parametrize(("name", "username"), STATES)
@pytest.mark.parametrize("is_differing", [False, True])
@pytest.mark.usefixtures("db", "never_dear")
def test_fifteen_queries(request, name, username, is_differing):
    conference = request.getfixturevalue(name)
    base, admin = f"/desk/{conference.slug}/", Visitor("admin")
    if name == "fair" and is_differing:
        releases.publish(conference, by=User.objects.get(username="admin"), name="프로그램", names_reason="시험")
    if is_differing:
        form = admin.open(f"{base}overview/").form("저장").fill("참석대상", "누구나")
        assert form.press("저장").status == 302
    client = signed_in(username)
    releases.clear_cache()  # as a process that has just started, or has not looked for a second
    with CaptureQueriesContext(connection) as found:
        shown = client.get(base).content.decode()
    assert ("공개본과 다른 내용" in shown) == (is_differing and name != "blank")
    assert len(found) <= 15
