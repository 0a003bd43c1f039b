"""The schedule as frab writes it: valid by the published schemas, and the programme of 2015 to the minute.

The schemas (github.com/voc/schedule, EUPL-1.2) are not part of this repository. They are looked for where FRAB_SCHEMAS says,
else in ``shared/frab`` beside it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import etree

from accounts.models import User
from conference.models import Conference, Room
from publishing import releases
from publishing.releases import LiveRelease
from sessions import timetable, today
from sessions.feeds import frab
from sessions.feeds.entries import feed_context, feed_entries
from tests.sessions import feed_data
from tests.sessions.day_helpers import act_params
from tests.sessions.feed_data import ROOT
from tests.visitors.test_public import publish

SCHEMAS = Path(os.environ.get("FRAB_SCHEMAS", settings.BASE_DIR.parent / "shared" / "frab"))
BASE = "https://portal.example/dongbuk4-2015/"


@pytest.fixture(autouse=True)
def _outside(settings) -> None:
    settings.PORTAL_URL = "https://portal.example"


def faults(made: dict[str, Any]) -> list[str]:
    """What the published schemas have against it, in JSON and in XML."""
    if not SCHEMAS.is_dir():
        pytest.skip(
            f"no frab schemas in {SCHEMAS}: fetch them from github.com/voc/schedule, name their folder in FRAB_SCHEMAS"
        )
    described = json.loads((SCHEMAS / "schedule.schema.json").read_text("utf-8"))
    validator = jsonschema.Draft6Validator(described, format_checker=jsonschema.Draft6Validator.FORMAT_CHECKER)
    schema = etree.XMLSchema(etree.parse(SCHEMAS / "schedule.xml.xsd"))
    schema.validate(etree.fromstring(frab.to_xml(made)))
    return [*(error.message for error in validator.iter_errors(made)), *map(str, schema.error_log)]


def made(current: LiveRelease) -> dict[str, Any]:
    context = feed_context(current)
    return frab.schedule(current, context, feed_entries(current, context))


def of(client, path: str = "schedule.json") -> dict[str, Any]:
    releases.clear_cache()
    answer = client.get(ROOT + path)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    return json.loads(answer.content)


def events(found: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for day in found["schedule"]["conference"]["days"]:
        for of_room in day["rooms"].values():
            yield from of_room


def shape(found: dict[str, Any]) -> list[Any]:
    """Days → rooms → (start, length, title)."""
    return [
        (
            day["date"],
            {
                room: [(event["start"], event["duration"], event["title"]) for event in inner]
                for room, inner in day["rooms"].items()
            },
        )
        for day in found["schedule"]["conference"]["days"]
    ]


def in_xml(content: bytes) -> list[Any]:
    """The same shape, from the XML."""
    return [
        (
            day.get("date"),
            {
                room.get("name"): [
                    tuple(event.findtext(key) for key in ("start", "duration", "title")) for event in room
                ]
                for room in day
            },
        )
        for day in ET.fromstring(content).iter("day")  # noqa: S314 (our own)
    ]


HALL = [
    ("15:00", "00:05", "개회선언 및 참석인사 소개"),
    ("15:05", "00:15", "1부 토론결과 제안안 발표"),
    ("15:20", "00:15", "서울시의 사회혁신 실험과 동북4구"),
    ("15:35", "00:15", "서울 동북4구의 혁신교육"),
    ("15:50", "00:10", "동북4구 발전을 위한 지역협력"),
]


def test_the_programme_of_2015(client, unsigned: Conference):
    found = of(client)
    date, rooms = shape(found)[0]
    assert (date, list(rooms), rooms["6층 강당"]) == (
        "2015-11-24",
        ["6층 강당", "6층 601호", "3층, 6층", *list(rooms)[3:]],
        HALL,
    )
    assert rooms["6층 601호"] == [("13:00", "01:40", "마을과 사회적경제 사업")]
    assert sum(map(len, rooms.values())) == 12
    conference = found["schedule"]["conference"]
    assert {key: conference[key] for key in ("acronym", "start", "end", "daysCount", "time_zone_name", "url")} == {
        "acronym": "dongbuk4_2015",
        "start": "2015-11-24",
        "end": "2015-11-24",
        "daysCount": 1,
        "time_zone_name": "Asia/Seoul",
        "url": BASE,
    }
    day = conference["days"][0]
    assert (day["day_start"], day["day_end"]) == ("2015-11-24T13:00:00+09:00", "2015-11-24T18:00:00+09:00")
    assert [track["name"] for track in conference["tracks"]] == [topic.name for topic in unsigned.topics.all()]
    assert found["schedule"]["version"] == "1"
    assert faults(found) == []


@pytest.mark.usefixtures("unsigned")
def test_one_event(client):
    event = next(event for event in events(of(client)) if event["url"].endswith("/social-economy/"))
    persons = [person["name"] for person in event.pop("persons")]
    assert persons == ["이원영", "정명훈", "양주환", "우순영"]
    assert event.pop("description").startswith(
        "성북구 · 함께사는 가치에 도전하는 사람들 – 이원영 사회적기업 놀이나무 대표\n- 주민기반"
    )
    guid, number = event.pop("guid"), event.pop("id")
    assert event == {
        "date": "2015-11-24T13:00:00+09:00",
        "start": "13:00",
        "end": "2015-11-24T14:40:00+09:00",
        "duration": "01:40",
        "room": "6층 601호",
        "slug": f"dongbuk4_2015-social-economy-{number}",
        "url": f"{BASE}programme/social-economy/",
        "title": "마을과 사회적경제 사업",
        "subtitle": "",
        "track": "마을과 사회적경제 사업",
        "type": "topic",
        "language": "ko",
        "abstract": "성북구 주관\n참여: 주민, 활동가, 중간지원조직, 동북4구 담당공무원 등",
        "links": [],
        "attachments": [],
    }
    again = next(event for event in events(of(client, "schedule.json?all=1")) if event["slug"].endswith(str(number)))
    assert (again["guid"], again["id"]) == (guid, number)


@pytest.mark.usefixtures("unsigned")
def test_xml_says_the_same(client):
    answer = client.get(f"{ROOT}programme.xml")
    assert answer["Content-Type"] == "application/xml; charset=utf-8"
    assert in_xml(answer.content) == shape(of(client))
    root = ET.fromstring(answer.content)  # noqa: S314 (our own)
    assert (root.findtext("url"), root.findtext("conference/base_url")) == (f"{BASE}programme.xml", BASE)
    assert [person.text for person in root.iter("person")][:1] == ["동북4구 발전협의회장"]


def test_moves_on_request(client, unsigned: Conference):
    more = of(client, "schedule.json?all=1")
    assert {event["title"] for event in events(more) if event["type"] == "move"} == {
        "2부 진행을 위한 이동",
        "3부 진행을 위한 이동",
    }
    assert faults(more) == []


def test_a_plenary_stands_in_each_room_and_a_cancelled_session_in_none(client, unsigned: Conference):
    chair = User.objects.get(username="chair")
    lobby, hall = Room.objects.get(name="6층 로비"), Room.objects.get(name="6층 강당")
    timetable.set_rooms(unsigned.sessions.get(code="mayor"), rooms=[hall, lobby], by=chair)
    publish(unsigned)
    before = {event["url"]: event["guid"] for event in events(of(client)) if event["room"] == "6층 강당"}
    today.cancel(unsigned.sessions.get(code="opening"), **act_params(chair))
    found = of(client)
    mayor = [event for event in events(found) if event["url"].endswith("/mayor/")]
    assert [(event["room"], event["start"]) for event in mayor] == [("6층 강당", "15:20"), ("6층 로비", "15:20")]
    assert len({event["guid"] for event in mayor} | {event["id"] for event in mayor}) == 4
    assert mayor[0]["guid"] == before[f"{BASE}programme/mayor/"]
    assert [event for event in events(found) if event["url"].endswith("/opening/")] == []
    assert faults(found) == []


def test_public_materials_are_attached(client, unsigned: Conference):
    talk, file = unsigned.sessions.get(code="mayor").presentations.get(), unsigned.photos.first().file
    talk.materials.add(file)
    publish(unsigned)
    assert [event["attachments"] for event in events(of(client)) if event["attachments"]] == []
    type(file).objects.filter(pk=file.pk).update(may_be_public=True)
    publish(unsigned)
    found = of(client)
    address = f"https://portal.example/dongbuk4-2015/files/{file.digest}"
    assert [event["attachments"] for event in events(found) if event["attachments"]] == [
        [{"url": address, "title": file.name}]
    ]
    assert f'<attachment href="{address}">' in client.get(f"{ROOT}programme.xml").content.decode()
    assert faults(found) == []


def test_midnight_and_a_second_day(client, unsigned: Conference):
    feed_data.two_nights(unsigned)
    found = of(client)
    days = found["schedule"]["conference"]["days"]
    assert [(day["index"], day["date"], day["day_start"], day["day_end"]) for day in days] == [
        (1, "2015-11-24", "2015-11-24T13:00:00+09:00", "2015-11-25T01:30:00+09:00"),
        (2, "2015-11-25", "2015-11-25T09:00:00+09:00", "2015-11-25T10:00:00+09:00"),
    ]
    assert days[1]["rooms"]["장소 미정"][0]["title"] == "이튿날 강연"
    late = next(event for event in events(found) if event["title"] == "밤샘 해커톤")
    assert (late["start"], late["duration"]) == ("22:00", "03:30")
    assert faults(found) == []


def test_hostile_texts(unsigned: Conference):
    found = made(feed_data.altered_release(unsigned, feed_data.fill_with_hostile_text))
    assert faults(found) == []
    titles = [event["title"] for event in events(found)]
    assert len(titles) == 12
    assert {feed_data.HOSTILE[2], feed_data.HOSTILE[3], "]]> <script>&amp;  끝"} <= set(titles)
    assert {event.findtext("title") for event in ET.fromstring(frab.to_xml(found)).iter("event")} == set(titles)  # noqa: S314


@pytest.mark.parametrize("slug", ["a", "a-b", "1", "a" * 50])
def test_any_address_makes_an_acronym(slug, unsigned: Conference):
    unsigned.sessions.filter(code="mayor").update(code="x")
    publish(unsigned)
    Conference.objects.filter(pk=unsigned.pk).update(slug=slug)
    releases.clear_cache()
    assert faults(made(releases.live_release(slug))) == []


def test_nothing_to_show(unsigned: Conference):
    def empty(sections: dict) -> None:
        del sections["programme"]

    found = made(feed_data.altered_release(unsigned, empty))
    assert shape(found) == [("2015-11-24", {})]
    assert faults(found) == []


def test_numbers_never_meet(unsigned: Conference, monkeypatch):
    monkeypatch.setattr(
        feed_context(feed_data.current(unsigned)).__class__, "guid", lambda _self, what: f"00000000-{what}"
    )
    found = made(feed_data.current(unsigned))
    assert sorted(event["id"] for event in events(found)) == list(range(1, 13))


@pytest.mark.usefixtures("unsigned")
def test_one_query(client):
    for path in ("schedule.json", "programme.xml", "programme.json"):
        releases.clear_cache()
        with CaptureQueriesContext(connection) as found:
            client.get(ROOT + path, {"afresh": 1})
        assert len(found) == 1
