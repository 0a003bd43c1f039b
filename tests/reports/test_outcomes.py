"""실적 확인: all as planned by one button, then the exceptions; everybody what is his own."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from conference.models import Conference, Guest
from exhibits.models import Exhibitor
from korean.dates import SEOUL
from reports import todo_counts
from reports.models import Report
from sessions.models import Outcome, Presentation, Session
from tests.forms import Form
from tests.reports.report_pages import BASE, sign_in
from tests.visitor import Page, Visitor

ALL = "전부 예정대로"
PAGE = "/desk/dongbuk4-2015/reports/actuals/"


def actuals(username: str = "wook") -> Form:
    return Visitor(username).open(PAGE).form("저장")


def save(session: Session, typed: dict[str, str], button: str = "저장") -> Page:
    """Type in the line of a session, and press."""
    planned = f"{session.starts_at.astimezone(SEOUL):%H:%M}"  # a presentation has the title alone
    return actuals().fill_all(typed, within=(session.title, planned)).press(button)


def errors(page: Page, session: Session) -> dict[str, list[str]]:
    return next(
        line for line in page.answer.context["formsets"]["session"].lines if line.instance.pk == session.pk
    ).errors


def at(hour: int, minute: int) -> datetime:
    return datetime(2015, 11, 24, hour, minute, tzinfo=SEOUL)


@pytest.mark.parametrize(
    ("username", "lines"),
    [
        ("wook", (12, 8, 3, 3)),  # 담당: everything
        ("seongbuk", (1, 4, 0, 0)),  # hosts 마을과 사회적경제
        ("gangbuk", (1, 0, 3, 0)),  # hosts another topic; exhibitors of 강북구
        ("chair", (12, 8, 3, 3)),
    ],
)
def test_everybody_confirms_what_is_his_own(unsigned: Conference, username: str, lines: tuple[int, ...]) -> None:
    answer = sign_in(username).get(PAGE)
    found = tuple(len(formset.lines) for formset in answer.context["formsets"].values())
    assert (answer.status_code, found) == (200, lines)


def test_strangers_find_nothing(unsigned: Conference) -> None:
    User.objects.create_user("outsider", name="도봉구 담당", position="주무관")
    client = sign_in("outsider")
    assert (client.get(PAGE).status_code, client.post(PAGE).status_code) == (404, 404)
    assert Client().get(PAGE).status_code == 302


def test_a_reader_confirms_nothing(unsigned: Conference) -> None:
    reader = User.objects.create_user("reader", name="열람", position="주무관")
    unsigned.memberships.create(user=reader, role="reader")
    client = sign_in("reader")
    assert client.get(PAGE).context["is_any"] is False
    session = unsigned.sessions.first()
    sent = {"do": "all", "session": session.pk, f"session-{session.pk}-outcome": "cancelled"}
    Visitor("reader").post_raw(PAGE, sent)
    assert set(unsigned.sessions.values_list("outcome", flat=True)) == {Outcome.UNKNOWN}


def test_all_as_planned_touches_what_nobody_confirmed_and_no_guest(unsigned: Conference) -> None:
    unsigned.sessions.filter(code="mayor").update(outcome=Outcome.CHANGED)
    assert actuals().press(ALL).status == 302
    outcomes = dict(unsigned.sessions.values_list("code", "outcome"))
    assert {code for code, outcome in outcomes.items() if outcome != Outcome.AS_PLANNED} == {"mayor"}
    assert set(Presentation.objects.values_list("outcome", flat=True)) == {Outcome.AS_PLANNED}
    assert set(Exhibitor.objects.values_list("outcome", flat=True)) == {Exhibitor.Outcome.PRESENT}
    assert set(Guest.objects.values_list("attendance", flat=True)) == {Guest.Attendance.UNKNOWN}
    latest = unsigned.sessions.exclude(code="mayor").first().history.first()
    assert latest.history_user.username == "wook"


def test_all_as_planned_counts_as_the_tab_does_and_leaves_who_was_only_invited(unsigned: Conference) -> None:
    """An exhibitor who had not said yet that it would come: visitors never read of it."""
    invited = Exhibitor.objects.first()
    Exhibitor.objects.filter(pk=invited.pk).update(state=Exhibitor.State.INVITED)
    report = unsigned.reports.get()
    before = todo_counts.todo_counts(report)["actuals"]
    assert actuals().press(ALL).messages == ["미확인 22건을 예정대로 확인했습니다."]
    invited.refresh_from_db()
    assert (before, todo_counts.todo_counts(report)["actuals"], invited.outcome) == (26, 4, Exhibitor.Outcome.UNKNOWN)
    assert "초청" in Visitor("wook").open(PAGE).text


def test_of_no_programme_nothing_is_said_to_be_confirmed(unsigned: Conference) -> None:
    for rows in (unsigned.sessions, unsigned.exhibitions, unsigned.guests):
        rows.all().delete()
    assert "actuals" not in todo_counts.todo_counts(unsigned.reports.get())


def test_all_as_planned_says_nothing_of_what_is_to_come(unsigned: Conference) -> None:
    unsigned.sessions.filter(code="mayor").update(
        starts_at=timezone.now() + timedelta(hours=1), ends_at=timezone.now() + timedelta(hours=2)
    )
    actuals().press(ALL)
    assert unsigned.sessions.get(code="mayor").outcome == Outcome.UNKNOWN
    assert actuals().press(ALL).messages == ["확인할 것이 없습니다. 끝난 세션·발표·전시 가운데 미확인인 것이 없습니다."]


def test_the_host_desk_confirms_its_own_alone(unsigned: Conference) -> None:
    actuals("seongbuk").press(ALL)
    confirmed = unsigned.sessions.exclude(outcome=Outcome.UNKNOWN)
    assert [session.topic.name for session in confirmed] == ["마을과 사회적경제 사업"]
    assert Exhibitor.objects.exclude(outcome=Exhibitor.Outcome.UNKNOWN).count() == 0


def test_an_exception_has_times_heads_and_a_note(unsigned: Conference) -> None:
    session = unsigned.sessions.get(code="mayor")
    typed = {"실제": "변경", "실제 시작": "1530", "실제 끝": "오후 4시", "참석 인원": "1,200", "결과 메모": "10분 늦게"}
    save(session, typed)
    session.refresh_from_db()
    assert (session.outcome, session.actual_starts_at, session.actual_ends_at) == ("changed", at(15, 30), at(16, 0))
    assert (session.headcount, session.note) == (1200, "10분 늦게")


def test_an_end_before_the_start_is_after_midnight(unsigned: Conference) -> None:
    session = unsigned.sessions.get(code="mayor")
    save(session, {"실제 시작": "23:00", "실제 끝": "0:30"})
    session.refresh_from_db()
    assert session.actual_ends_at == at(0, 30) + timedelta(days=1)


@pytest.mark.parametrize(
    ("starts", "ends", "found"),
    [
        ("00:10", "01:20", "25 00:10 25 01:20"),
        ("23:20", "24:00", "24 23:20 25 00:00"),
        ("23:40", "00:50", "24 23:40 25 00:50"),
    ],
)
def test_what_passes_midnight_is_nearest_to_its_plan(unsigned: Conference, starts: str, ends: str, found: str) -> None:
    session = unsigned.sessions.get(code="mayor")
    session.starts_at, session.ends_at = at(23, 30), at(1, 0) + timedelta(days=1)
    session.save()
    for headcount in ("5", "6"):
        save(session, {"실제 시작": starts, "실제 끝": ends, "참석 인원": headcount})
        session.refresh_from_db()
        really = session.actual_starts_at, session.actual_ends_at
        assert " ".join(f"{time.astimezone(SEOUL):%d %H:%M}" for time in really) == found


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"실제 끝": "16:00"}, {"starts"}),
        ({"실제 시작": "16:00", "실제 끝": "16:00"}, {"ends"}),
        ({"실제 시작": "25:00"}, {"starts"}),
        ({"참석 인원": "-1"}, {"headcount"}),
        ({"참석 인원": "많음"}, {"headcount"}),
        ({"결과 메모": "a\x00"}, {"note"}),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_saved(
    unsigned: Conference, typed: dict[str, str], wrong: set[str]
) -> None:
    session, other = unsigned.sessions.get(code="mayor"), unsigned.sessions.exclude(code="mayor").first()
    fields = actuals().fill_all(typed, within=session.title).fill("참석 인원", "7", within=other.title)
    page = fields.press(ALL)
    assert (page.status, errors(page, session).keys()) == (422, wrong)
    assert Session.objects.filter(version__gt=0).count() == 0


def test_an_outcome_that_is_none_is_told(unsigned: Conference) -> None:
    session = unsigned.sessions.get(code="mayor")
    page = actuals().tamper(f"session-{session.pk}-outcome", "moon").press("저장")
    assert (page.status, errors(page, session).keys()) == (422, {"outcome"})


@pytest.mark.parametrize(
    ("typed", "status", "kept"),
    [
        ({"참석": "참석"}, 302, ("present", "")),
        ({"참석": "대리참석", "대리 참석자": "부시장"}, 302, ("represented", "부시장")),
        ({"참석": "대리참석"}, 422, ("unknown", "")),
        ({"참석": "불참", "대리 참석자": "부시장"}, 422, ("unknown", "")),
    ],
)
def test_guests_are_confirmed_one_by_one(
    unsigned: Conference, typed: dict[str, str], status: int, kept: tuple[str, str]
) -> None:
    guest = unsigned.guests.first()
    page = actuals().fill_all(typed, within=guest.person.name).press("저장")
    guest.refresh_from_db()
    assert (page.status, (guest.attendance, guest.represented_by)) == (status, kept)


def test_who_was_second_is_told_and_keeps_what_he_typed(unsigned: Conference) -> None:
    session = unsigned.sessions.get(code="mayor")
    late = actuals().fill("참석 인원", "90", within=session.title)
    session.headcount = 80
    session.save()
    page = late.press("저장")
    [headcount] = page.form("저장").find("참석 인원", within=session.title)
    assert (page.status, headcount.values) == (409, ["90"])
    assert "‘80’" in errors(page, session)["headcount"][0]
    assert Session.objects.get(pk=session.pk).headcount == 80


def test_the_page_stands_among_those_of_the_offices_draft(unsigned: Conference) -> None:
    assert BASE in sign_in("wook").get(PAGE).content.decode()
    Report.objects.all().delete()
    assert sign_in("wook").get(PAGE).status_code == 200
