"""실적 확인: all as planned by one button, then the exceptions; everybody what is his own."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from conference.frozen import SEOUL
from conference.models import Conference, Guest, User
from exhibits.models import Exhibitor
from reports.models import Report
from sessions.models import Outcome, Presentation, Session
from tests.reports.writing import BASE, sent, signed_in

PAGE = "/desk/dongbuk4-2015/reports/actuals/"


def save(client: Client, typed: dict[str, dict[str, dict[str, Any]]] | None = None, do: str = "save"):
    """Send the page as it is shown; ``typed``: grid → key of a line → its fields."""
    data: dict[str, Any] = {"do": do}
    for name, grid in client.get(PAGE).context["grids"].items():
        data |= sent(grid, (typed or {}).get(name))
    return client.post(PAGE, data)


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
    answer = signed_in(username).get(PAGE)
    found = tuple(len(grid.lines) for grid in answer.context["grids"].values())
    assert (answer.status_code, found) == (200, lines)


def test_strangers_find_nothing(unsigned: Conference) -> None:
    User.objects.create_user("outsider", name="도봉구 담당", position="주무관")
    client = signed_in("outsider")
    assert (client.get(PAGE).status_code, client.post(PAGE).status_code) == (404, 404)
    assert Client().get(PAGE).status_code == 302


def test_a_reader_confirms_nothing(unsigned: Conference) -> None:
    reader = User.objects.create_user("reader", name="열람", position="주무관")
    unsigned.memberships.create(user=reader, role="reader")
    client = signed_in("reader")
    assert client.get(PAGE).context["is_any"] is False
    session = unsigned.sessions.first()
    client.post(PAGE, {"do": "all", "session": session.pk, f"session-{session.pk}-outcome": "cancelled"})
    assert set(unsigned.sessions.values_list("outcome", flat=True)) == {Outcome.UNKNOWN}


def test_all_as_planned_touches_what_nobody_confirmed_and_no_guest(unsigned: Conference) -> None:
    unsigned.sessions.filter(code="mayor").update(outcome=Outcome.CHANGED)
    answer = save(signed_in("wook"), do="all")
    assert answer.status_code == 302
    outcomes = dict(unsigned.sessions.values_list("code", "outcome"))
    assert {code for code, outcome in outcomes.items() if outcome != Outcome.AS_PLANNED} == {"mayor"}
    assert set(Presentation.objects.values_list("outcome", flat=True)) == {Outcome.AS_PLANNED}
    assert set(Exhibitor.objects.values_list("outcome", flat=True)) == {Exhibitor.Outcome.PRESENT}
    assert set(Guest.objects.values_list("attendance", flat=True)) == {Guest.Attendance.UNKNOWN}
    latest = unsigned.sessions.exclude(code="mayor").first().history.first()
    assert latest.history_user.username == "wook"


def test_all_as_planned_says_nothing_of_what_is_to_come(unsigned: Conference) -> None:
    unsigned.sessions.filter(code="mayor").update(
        starts_at=timezone.now() + timedelta(hours=1), ends_at=timezone.now() + timedelta(hours=2)
    )
    save(signed_in("wook"), do="all")
    assert unsigned.sessions.get(code="mayor").outcome == Outcome.UNKNOWN
    again = signed_in("wook").post(PAGE, {"do": "all"}, follow=True)
    assert [str(message) for message in again.context["messages"]] == [
        "확인할 것이 없습니다. 끝난 세션·발표·전시 가운데 미확인인 것이 없습니다."
    ]


def test_the_host_desk_confirms_its_own_alone(unsigned: Conference) -> None:
    save(signed_in("seongbuk"), do="all")
    confirmed = unsigned.sessions.exclude(outcome=Outcome.UNKNOWN)
    assert [session.topic.name for session in confirmed] == ["마을과 사회적경제 사업"]
    assert Exhibitor.objects.exclude(outcome=Exhibitor.Outcome.UNKNOWN).count() == 0


def test_an_exception_has_times_heads_and_a_note(unsigned: Conference) -> None:
    session = unsigned.sessions.get(code="mayor")
    typed = {"outcome": "changed", "starts": "1530", "ends": "오후 4시", "headcount": "1,200", "note": "10분 늦게"}
    save(signed_in("wook"), {"session": {str(session.pk): typed}})
    session.refresh_from_db()
    assert (session.outcome, session.actual_starts_at, session.actual_ends_at) == ("changed", at(15, 30), at(16, 0))
    assert (session.headcount, session.note) == (1200, "10분 늦게")


def test_an_end_before_the_start_is_after_midnight(unsigned: Conference) -> None:
    session = unsigned.sessions.get(code="mayor")
    save(signed_in("wook"), {"session": {str(session.pk): {"starts": "23:00", "ends": "0:30"}}})
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
    client = signed_in("wook")
    for headcount in ("5", "6"):
        save(client, {"session": {str(session.pk): {"starts": starts, "ends": ends, "headcount": headcount}}})
        session.refresh_from_db()
        really = session.actual_starts_at, session.actual_ends_at
        assert " ".join(f"{time.astimezone(SEOUL):%d %H:%M}" for time in really) == found


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({"ends": "16:00"}, {"starts"}),
        ({"starts": "16:00", "ends": "16:00"}, {"ends"}),
        ({"starts": "25:00"}, {"starts"}),
        ({"headcount": "-1"}, {"headcount"}),
        ({"headcount": "많음", "outcome": "moon"}, {"headcount", "outcome"}),
        ({"note": "a\x00"}, {"note"}),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_saved(
    unsigned: Conference, typed: dict[str, str], errors: set[str]
) -> None:
    session, other = unsigned.sessions.get(code="mayor"), unsigned.sessions.exclude(code="mayor").first()
    both = {str(session.pk): typed, str(other.pk): {"headcount": "7"}}
    answer = save(signed_in("wook"), {"session": both}, do="all")
    line = next(line for line in answer.context["grids"]["session"].lines if line.instance.pk == session.pk)
    assert (answer.status_code, set(line.errors)) == (422, errors)
    assert Session.objects.filter(version__gt=0).count() == 0


@pytest.mark.parametrize(
    ("typed", "status", "kept"),
    [
        ({"attendance": "present"}, 302, ("present", "")),
        ({"attendance": "represented", "represented_by": "부시장"}, 302, ("represented", "부시장")),
        ({"attendance": "represented"}, 422, ("unknown", "")),
        ({"attendance": "absent", "represented_by": "부시장"}, 422, ("unknown", "")),
    ],
)
def test_guests_are_confirmed_one_by_one(
    unsigned: Conference, typed: dict[str, str], status: int, kept: tuple[str, str]
) -> None:
    guest = unsigned.guests.first()
    answer = save(signed_in("wook"), {"guest": {str(guest.pk): typed}})
    guest.refresh_from_db()
    assert (answer.status_code, (guest.attendance, guest.represented_by)) == (status, kept)


def test_who_was_second_is_told_and_keeps_what_he_typed(unsigned: Conference) -> None:
    client, session = signed_in("wook"), unsigned.sessions.get(code="mayor")
    data = sent(client.get(PAGE).context["grids"]["session"], {str(session.pk): {"headcount": "90"}})
    session.headcount = 80
    session.save()
    answer = client.post(PAGE, data)
    line = next(line for line in answer.context["grids"]["session"].lines if line.instance.pk == session.pk)
    assert (answer.status_code, line["headcount"].value()) == (409, "90")
    assert "‘80’" in line.errors["headcount"][0]
    assert Session.objects.get(pk=session.pk).headcount == 80


def test_the_page_stands_among_those_of_the_offices_draft(unsigned: Conference) -> None:
    assert BASE in signed_in("wook").get(PAGE).content.decode()
    Report.objects.all().delete()
    assert signed_in("wook").get(PAGE).status_code == 200
