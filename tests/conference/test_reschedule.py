"""An event put off to another day: what stays behind is said, and one button lets all of it follow."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Mail, User
from conference import checks, reschedule
from conference.models import Conference
from exhibits.models import Exhibition
from korean.dates import SEOUL
from preparation.models import Deadline, Meeting, Milestone
from sessions.models import RoomUse, Session
from tests.forms import Form
from tests.sheets.table_page import ROWS_PATH, TablePage
from tests.test_addresses import sign_in
from tests.visitor import Page, Visitor

OVERVIEW = "/desk/dongbuk4-2015/overview/"


@pytest.fixture
def client(unsigned: Conference) -> Client:
    return sign_in("chair")


def put_off(day: str) -> Page:
    """Let the event be on another day; the page then says what stayed behind."""
    form = Visitor("chair").open(OVERVIEW).form("저장")
    return form.fill("시작", f"{day} 13:00").fill("끝", f"{day} 18:00").press("저장").visitor.open(OVERVIEW)


def moving(page: Page) -> Form:
    return page.form(action=f"{OVERVIEW}move/")


def days() -> set[str]:
    rows = [*Session.objects.all(), *RoomUse.objects.all(), *Exhibition.objects.all()]
    return {f"{at.astimezone(SEOUL):%m-%d}" for row in rows for at in (row.starts_at, row.ends_at)}


def codes(conference: Conference) -> list[checks.Finding]:
    fresh = Conference.objects.get(pk=conference.pk)
    return [finding for finding in checks.find_all(fresh) if finding.code == "outside_event"]


def test_nothing_of_2015_is_adrift(client: Client, unsigned: Conference) -> None:
    assert (codes(unsigned), reschedule.rows_outside_event(unsigned)) == ([], (0, 0))
    assert "overview/move/" not in Visitor("chair").open(OVERVIEW).text
    assert "r0-day" not in TablePage(client, f"{ROWS_PATH}/sessions/").data


def test_a_day_that_is_not_the_events_is_seen(client: Client, unsigned: Conference) -> None:
    put_off("2015-11-26")
    for sheet in ("sessions", "parts"):
        assert "2015-11-24" in TablePage(client, f"{ROWS_PATH}/{sheet}/").data.getlist("r1-day")


def test_what_is_outside_the_event_is_found(client: Client, unsigned: Conference) -> None:
    mayor = unsigned.sessions.get(code="mayor")
    mayor.ends_at = unsigned.ends_at + timedelta(minutes=1)
    mayor.save()
    part = unsigned.parts.exclude(starts_at=None).first()
    part.starts_at -= timedelta(days=1)
    part.save()
    found = codes(unsigned)
    assert {finding.level for finding in found} == {"warn"}
    assert [finding.link.rpartition("/rows/")[2] for finding in found] == [
        f"parts/{part.pk}/#id_day",
        f"sessions/{mayor.pk}/#id_end",
    ]
    assert 'id="id_day"' in client.get(found[0].link).content.decode()
    assert "행사 시간 밖입니다" in client.get("/desk/dongbuk4-2015/publish/").content.decode()


def test_all_of_it_follows_by_one_button(client: Client, unsigned: Conference) -> None:
    before = {(use.session_id, use.room_id, use.is_deliberate) for use in RoomUse.objects.all()}
    page = put_off("2015-11-26")
    assert "시간 밖에 있습니다" in page.text
    client.get(f"{OVERVIEW}move/")
    assert days() == {"11-24"}
    assert moving(page).press("프로그램·전시 일정을 2일 옮기기").status == 302
    assert (days(), codes(unsigned), reschedule.rows_outside_event(Conference.objects.get())) == ({"11-26"}, [], (0, 0))
    assert {(use.session_id, use.room_id, use.is_deliberate) for use in RoomUse.objects.all()} == before
    mayor = unsigned.sessions.get(code="mayor")
    assert (mayor.starts_at, mayor.version) == (datetime(2015, 11, 26, 15, 20, tzinfo=SEOUL), 1)
    assert mayor.history.first().by.username == "chair"
    assert unsigned.parts.exclude(starts_at=None).first().history.first().by.username == "chair"


@pytest.fixture
def day(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is 8 November 2015, a Sunday."""
    monkeypatch.setattr(timezone, "now", lambda: datetime(2015, 11, 8, 9, tzinfo=SEOUL))


def dated(conference: Conference) -> dict[str, str]:
    """The day of everything that may follow, by its name, and of the meetings."""
    found = {offer.companion.name: offer.date for offer in reschedule.proposed_dates(conference, days=0)}
    meetings = {f"회의 {row.pk}": row.date for row in Meeting.objects.all()}
    return {name: f"{at:%m-%d}" for name, at in {**found, **meetings}.items()}


@pytest.mark.usefixtures("day")
def test_deadlines_milestones_and_requests_follow_where_they_are_ticked(client: Client, unsigned: Conference) -> None:
    User.objects.filter(username="dobong").update(mail="dobong@example.test")
    call = unsigned.data_requests.create(district=unsigned.districts.first(), items=["points"], due=date(2015, 11, 18))
    track = unsigned.tracks.first()
    track.milestones.create(date=date(2015, 12, 18), label="책자 인쇄")
    past = track.deadlines.create(date=date(2015, 11, 6), label="지난 제출")
    before = dated(unsigned)
    page = put_off("2015-12-01")
    offered = {offer.companion.key: offer for offer in page.answer.context["offers"]}
    assert all(f'value="{key}"' in page.text for key in offered)
    ticked = moving(page).fields["follow"].values
    assert {offered[key].companion.has_passed for key in ticked} == {False}
    assert {offered[key].companion.name for key in set(offered) - set(ticked)} == {f"{track.title}: 지난 제출"}
    notes = {offer.companion.name: offer.note for offer in offered.values()}
    assert notes[f"{track.title}: 책자 인쇄"] == "공휴일"
    assert "2015. 11. 18.(수)" in page.text
    assert "2015. 11. 25.(수)" in page.text
    left = next(key for key in ticked if offered[key].companion.name == f"{track.title}: 책자 인쇄")
    assert moving(page).fill(f"{track.title}: 책자 인쇄", False).press().status == 302
    after = dated(unsigned)
    follows = {offered[key].companion.name for key in ticked if key != left}
    assert len(follows) > 2
    assert {name for name in before if before[name] != after[name]} == follows
    assert {after[name] for name in (f"{track.title}: 지난 제출", f"{track.title}: 책자 인쇄")} == {"11-06", "12-18"}
    call.refresh_from_db()
    assert (call.due, days()) == (date(2015, 11, 25), {"12-01"})
    assert "2015. 11. 25.(수)까지" in Mail.objects.get().subject
    past.refresh_from_db()
    assert past.date == date(2015, 11, 6)


@pytest.mark.usefixtures("day")
def test_what_was_changed_meanwhile_stops_the_move(client: Client, unsigned: Conference) -> None:
    page = put_off("2015-12-01")
    row = Deadline.objects.first() or Milestone.objects.first()
    row.save()
    before = dated(unsigned)
    assert moving(page).press().status == 302
    assert (dated(unsigned), days()) == (before, {"11-24"})


@pytest.mark.parametrize("wrong", ["1", "-2", "0", "", "x", "9" * 40])
def test_only_as_far_as_the_button_says(client: Client, wrong: str) -> None:
    assert moving(put_off("2015-11-26")).tamper("days", wrong).press().status == 302
    assert days() == {"11-24"}


def test_pressed_twice_is_done_once(client: Client) -> None:
    form = moving(put_off("2015-11-22"))
    assert [form.press().status for _ in "ab"] == [302, 302]
    assert days() == {"11-22"}


def test_what_begins_at_the_hours_of_another_trades_with_it(client: Client, unsigned: Conference) -> None:
    """Of two days, the second is where the first one's sessions go."""
    for session in unsigned.sessions.all():
        times = {"starts_at": session.starts_at + timedelta(days=1), "ends_at": session.ends_at + timedelta(days=1)}
        other = unsigned.sessions.create(kind=session.kind, title=session.title, **times)
        RoomUse.objects.bulk_create(
            RoomUse(session=other, room=use.room, is_deliberate=use.is_deliberate, **times)
            for use in session.room_uses.all()
        )
    first = {"starts_at": unsigned.starts_at + timedelta(days=1), "ends_at": unsigned.ends_at + timedelta(days=2)}
    Conference.objects.update(**first)
    reschedule.move_dates(Conference.objects.get(), days=1, by=User.objects.get(username="chair"))
    assert days() == {"11-25", "11-26"}


def test_one_that_strays_moves_nobody_else(client: Client, unsigned: Conference) -> None:
    mayor = unsigned.sessions.get(code="mayor")
    Session.objects.filter(pk=mayor.pk).update(
        starts_at=mayor.starts_at - timedelta(days=1), ends_at=mayor.ends_at - timedelta(days=1)
    )
    assert reschedule.rows_outside_event(Conference.objects.get()) == (1, 0)
    assert "overview/move/" not in Visitor("chair").open(OVERVIEW).text
