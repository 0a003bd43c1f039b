"""Calendars: exact to the byte, read alike by two libraries that share nothing, and told of changes alone."""

from __future__ import annotations

from datetime import UTC, datetime

import icalendar
import pytest
import vobject
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from conference.models import Conference, Room
from korean.dates import SEOUL
from publishing import releases
from sessions import timetable, today
from sessions.feeds import ical
from sessions.feeds.entries import feed_context, feed_entries
from tests.sessions import feed_data
from tests.sessions.day_helpers import act_params
from tests.sessions.feed_data import ROOT
from tests.visitors.test_public import publish

ICS = f"{ROOT}programme.ics"
MAYOR = """\
BEGIN:VEVENT
UID:mayor@dongbuk4-2015.portal.example
DTSTAMP:{at}
LAST-MODIFIED:{at}
SEQUENCE:1
DTSTART;TZID=Asia/Seoul:20151124T152000
DTEND;TZID=Asia/Seoul:20151124T153500
SUMMARY:서울시의 사회혁신 실험과 동북4구
STATUS:CONFIRMED
LOCATION:6층 강당\\, 서울 과학기술대학교 내 서울 테크노\x20
 파크
DESCRIPTION:진행: 사회진행\\n\\n서울시장
URL:https://portal.example/dongbuk4-2015/programme/mayor/
END:VEVENT
END:VCALENDAR
"""


def chair() -> User:
    return User.objects.get(username="chair")


def by_icalendar(content: bytes) -> list[dict]:
    """What the icalendar library reads."""
    return [
        {
            "uid": str(event["uid"]),
            "start": event.start.astimezone(UTC),
            "end": event.end.astimezone(UTC),
            "summary": str(event["summary"]),
            "location": str(event.get("location", "")),
            "description": str(event.get("description", "")),
            "status": str(event["status"]),
            "sequence": int(event["sequence"]),
            "categories": list(map(str, event["categories"].cats)) if "categories" in event else [],
            "url": str(event["url"]),
            "at": event["last-modified"].dt,
        }
        for event in icalendar.Calendar.from_ical(content).walk("VEVENT")
        if not event.errors
    ]


def by_vobject(content: bytes) -> list[dict]:
    """What vobject reads."""
    found = vobject.readOne(content.decode())
    return [
        {
            "uid": event.uid.value,
            "start": event.dtstart.value.astimezone(UTC),
            "end": event.dtend.value.astimezone(UTC),
            "summary": event.summary.value,
            "location": event.location.value if hasattr(event, "location") else "",
            "description": event.description.value if hasattr(event, "description") else "",
            "status": event.status.value,
            "sequence": int(event.sequence.value),
            "categories": event.categories.value if hasattr(event, "categories") else [],
            "url": event.url.value,
            "at": event.last_modified.value,
        }
        for event in found.contents.get("vevent", [])
    ]


def read(content: bytes) -> dict[str, dict]:
    """Events by the part of their UID before the @, as both read them; every line kept the rules."""
    assert content.endswith(b"\r\n")
    lines = content[:-2].split(b"\r\n")
    assert [line for line in lines if len(line) > 75 or b"\n" in line or b"\r" in line] == []
    assert [line.decode() for line in lines]  # no letter is split
    one, other = by_icalendar(content), by_vobject(content)
    assert one == other
    return {event["uid"].partition("@")[0]: event for event in one}


def of(client, path: str = ICS) -> dict[str, dict]:
    releases.clear_cache()
    answer = client.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    return read(answer.content)


def made(current: releases.LiveRelease) -> bytes:
    return ical.calendar(current, feed_entries(current, feed_context(current), include_breaks=True), title="달력")


@pytest.fixture(autouse=True)
def _outside(settings) -> None:
    settings.PORTAL_URL = "https://portal.example"


def test_one_session_to_the_byte(client, unsigned: Conference):
    answer = client.get(f"{ROOT}programme/mayor.ics", headers={"Host": "localhost"})
    at = f"{unsigned.releases.get().frozen_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    text = answer.content.decode()
    assert text[text.index("BEGIN:VEVENT") :] == MAYOR.format(at=at).replace("\n", "\r\n")
    assert text.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    assert answer["Content-Disposition"] == 'inline; filename="mayor.ics"'


@pytest.mark.usefixtures("unsigned")
def test_every_session_once_without_moves(client):
    found = of(client)
    assert list(found) == [
        *("urban-regeneration", "social-economy", "innovation-education", "sustainable-city"),
        *("opening", "proposals", "mayor", "superintendent", "cooperation"),
        *(code for code in found if found[code]["start"].hour == 7),  # 3부
    ]
    assert len(found) == 12
    social = found["social-economy"]
    assert (social["start"], social["end"]) == (
        datetime(2015, 11, 24, 13, tzinfo=SEOUL),
        datetime(2015, 11, 24, 14, 40, tzinfo=SEOUL),
    )
    assert social["location"] == "6층 601호, 서울 과학기술대학교 내 서울 테크노 파크"
    assert social["categories"] == ["마을과 사회적경제 사업", "성북구"]
    assert social["description"].splitlines()[:5] == [
        "성북구 주관",
        "참여: 주민, 활동가, 중간지원조직, 동북4구 담당공무원 등",
        "",
        "성북구 · 함께사는 가치에 도전하는 사람들 – 이원영 사회적기업 놀이나무 대표",
        "- 주민기반 마을공동체 및 협동조합 활성화",
    ]


@pytest.mark.usefixtures("unsigned")
def test_starred_ones_and_moves_on_request(client):
    whole = of(client)
    assert list(of(client, f"{ICS}?only=mayor, opening,nothing")) == ["opening", "mayor"]
    assert of(client, f"{ICS}?only=") == {}
    more = of(client, f"{ICS}?all=1")
    assert [more[code]["summary"] for code in more if code not in whole] == [
        "2부 진행을 위한 이동",
        "3부 진행을 위한 이동",
    ]
    assert {event["url"] for code, event in more.items() if code not in whole} == {
        "https://portal.example/dongbuk4-2015/programme/"
    }
    assert {code: more[code] for code in whole} == whole
    assert of(client, f"{ROOT}programme/mayor.ics") == {"mayor": whole["mayor"]}


def test_what_is_not_there(client, unsigned: Conference):
    move = unsigned.sessions.filter(kind="move").first().code
    assert [client.get(f"{ROOT}programme/{code}.ics").status_code for code in ("nothing", move)] == [404, 404]
    assert client.post(ICS).status_code == 405


def test_the_zone_is_seoul_all_year(client, unsigned: Conference):
    zone = icalendar.Calendar.from_ical(client.get(ICS).content).walk("VTIMEZONE")[0]
    times = map(datetime.fromisoformat, ("1989-07-01T12:00", "2015-11-24T13:00", "2040-07-01T12:00"))
    offsets = {at: zone.to_tz().utcoffset(at) for at in times}
    assert offsets == {at: SEOUL.utcoffset(at) for at in offsets}


def test_only_what_changed_is_told_anew(client, unsigned: Conference):
    before = of(client)
    unsigned.sessions.filter(code="mayor").update(title="시장 강연")
    publish(unsigned, names_reason="시험")
    after = of(client)
    assert [code for code in after if after[code]["sequence"] != before[code]["sequence"]] == ["mayor"]
    assert after["mayor"]["sequence"] > before["mayor"]["sequence"]
    assert {code: event["uid"] for code, event in after.items()} == {code: e["uid"] for code, e in before.items()}
    releases.withdraw(unsigned.releases.get(number=2), by=chair())
    back = of(client)
    assert back["mayor"]["summary"] == before["mayor"]["summary"]
    assert [code for code in back if back[code]["sequence"] <= after[code]["sequence"]] == []


def test_the_day_itself(client, unsigned: Conference):
    social = unsigned.sessions.get(code="social-economy")
    today.cancel(unsigned.sessions.get(code="superintendent"), **act_params(chair()))
    today.delay(social, minutes=10, also="", **act_params(chair()))
    today.move(social, rooms=[Room.objects.get(name="6층 로비")], **act_params(chair()))
    found = of(client)
    assert found["superintendent"]["status"] == "CANCELLED"
    assert found["superintendent"]["description"].splitlines()[0] == "취소"
    assert found["social-economy"]["status"] == "CONFIRMED"
    assert found["social-economy"]["start"] == datetime(2015, 11, 24, 13, 10, tzinfo=SEOUL)
    assert found["social-economy"]["location"].startswith("6층 로비, ")
    assert (
        found["social-economy"]["description"].splitlines()[0]
        == "10분 지연, 장소 변경 (처음 안내: 13:00~14:40, 6층 601호)"
    )


def test_several_rooms_and_rooms_of_the_same_name(client, unsigned: Conference):
    other = unsigned.venues.create(name="구민회관").rooms.create(name="6층 강당", kind="hall")
    hall = Room.objects.get(name="6층 강당", venue__name="서울 테크노 파크")
    timetable.set_rooms(unsigned.sessions.get(code="mayor"), rooms=[hall, other], by=chair())
    publish(unsigned)
    assert of(client)["mayor"]["location"] == (
        "6층 강당 (구민회관), 6층 강당 (서울 테크노 파크), 구민회관, 서울 과학기술대학교 내 서울 테크노 파크"
    )


def test_midnight_and_a_second_day(client, unsigned: Conference):
    feed_data.two_nights(unsigned)
    found = of(client)
    assert list(found)[-2:] == ["late", "morning"]
    assert (found["late"]["start"], found["late"]["end"]) == (
        datetime(2015, 11, 24, 22, tzinfo=SEOUL),
        datetime(2015, 11, 25, 1, 30, tzinfo=SEOUL),
    )
    assert found["late"]["location"] == ""


def test_english(client, unsigned: Conference):
    unsigned.sessions.filter(code="mayor").update(title_en="Social innovation in Seoul")
    publish(unsigned)
    found = of(client, f"/en{ICS}")["mayor"]
    assert (found["summary"], found["uid"]) == ("Social innovation in Seoul", "mayor@dongbuk4-2015.portal.example")
    assert found["url"] == "https://portal.example/en/dongbuk4-2015/programme/mayor/"


def test_hostile_texts_stay_in_their_line(unsigned: Conference):
    found = read(made(feed_data.altered_release(unsigned, feed_data.fill_with_hostile_text)))
    assert len(found) == 14
    assert "evil" not in found
    first = next(iter(found.values()))
    assert first["summary"] == "첫 줄\nBEGIN:VEVENT\nUID:evil@x\nATTENDEE:mailto:x@y\nX:1\nY:2\nZ:3W:4V:5U:6"
    said = {event["summary"] for event in found.values()}
    assert {feed_data.HOSTILE[2], feed_data.HOSTILE[3], feed_data.HOSTILE[4], "=1+1"} <= said


def test_nothing_to_show(unsigned: Conference):
    def empty(sections: dict) -> None:
        del sections["programme"]

    assert read(made(feed_data.altered_release(unsigned, empty))) == {}


def test_one_query_whatever_there_is(client, unsigned: Conference):
    for path in (ICS, f"{ICS}?all=1", f"{ROOT}programme/mayor.ics"):
        releases.clear_cache()
        with CaptureQueriesContext(connection) as found:
            client.get(path)
        assert len(found) == 1
