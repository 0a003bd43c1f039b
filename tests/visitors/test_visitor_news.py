"""What visitors are told of each release: what became different, in the newer one's words alone."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from conference.models import Conference, Person, Room
from publishing import releases
from sessions import timetable, today
from tests.sessions.day_helpers import act_params
from tests.visitors.test_public import publish
from visitors import visitor_news

ATOM = "/dongbuk4-2015/releases.atom"
NS = {"atom": "http://www.w3.org/2005/Atom"}


def sentences(conference: Conference) -> list[tuple[int, list[str]]]:
    releases.clear_cache()
    return [(entry.number, entry.sentences) for entry in visitor_news.latest(releases.live_release(conference.slug))]


def chair() -> User:
    return User.objects.get(username="chair")


def test_the_first_release_announces_the_event(unsigned: Conference):
    assert sentences(unsigned) == [(1, ["행사 안내를 공개했습니다"])]


def test_times_rooms_and_titles_are_told(unsigned: Conference):
    mayor = unsigned.sessions.get(code="mayor")
    unsigned.sessions.filter(code="mayor").update(ends_at=mayor.ends_at.replace(minute=30), title="시장 강연")
    social = unsigned.sessions.get(code="social-economy")
    timetable.set_rooms(social, rooms=[Room.objects.get(name="6층 로비")], by=chair())
    unsigned.notices.create(title="주차장이 바뀌었습니다", text="북문으로 오십시오.")
    publish(unsigned, names_reason="시험")
    publish(unsigned, names_reason="시험")
    assert sentences(unsigned) == [
        (3, ["안내를 다듬었습니다"]),
        (
            2,
            [
                "‘마을과 사회적경제 사업’ 장소: 6층 601호 → 6층 로비",
                "‘시장 강연’ 시간: 15:20~15:35 → 15:20~15:30",
                "‘시장 강연’ 내용이 바뀌었습니다",
                "공지: 주차장이 바뀌었습니다",
            ],
        ),
        (1, ["행사 안내를 공개했습니다"]),
    ]


def test_an_act_of_the_day_is_told(unsigned: Conference):
    today.delay(unsigned.sessions.get(code="social-economy"), minutes=10, also="", **act_params(chair()))
    today.cancel(unsigned.sessions.get(code="superintendent"), **act_params(chair()))
    assert [said for _number, said in sentences(unsigned)[:2]] == [
        ["‘서울 동북4구의 혁신교육’ 취소"],
        ["‘마을과 사회적경제 사업’ 시간: 13:00~14:40 → 13:10~14:50"],
    ]


def test_what_was_taken_out_is_in_no_news(client, unsigned: Conference):
    """Neither a name, nor the title of a session that is gone, nor anything of a withdrawn release."""
    Person.objects.filter(name="이원영").update(name="나중 사람")
    gone = unsigned.sessions.get(code="cooperation")
    gone.room_uses.all().delete()
    gone.delete()
    publish(unsigned, names_reason="시험")
    assert sentences(unsigned)[0] == (
        2,
        ["‘마을과 사회적경제 사업’ 내용이 바뀌었습니다", "11. 24.(화) 15:50~16:00 세션이 빠졌습니다"],
    )
    unsigned.notices.create(title="철회할 공지", text="글")
    publish(unsigned, names_reason="시험")
    unsigned.notices.all().delete()
    publish(unsigned, names_reason="시험")
    releases.withdraw(unsigned.releases.get(number=3), by=chair())
    assert [number for number, _said in sentences(unsigned)] == [4, 2, 1]
    page = client.get(ATOM).content.decode()
    assert [word for word in ("이원영", "지역협력", "철회할") if word in page] == []


def test_the_feed(client, unsigned: Conference, settings):
    settings.PORTAL_URL = "https://portal.example"
    unsigned.notices.create(title="가 & 나 <다>", text="글")
    publish(unsigned, names_reason="시험")
    answer = client.get(ATOM)
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = ET.fromstring(answer.content)  # noqa: S314 (our own)
    first = feed.find("atom:entry", NS)
    day = unsigned.releases.get(number=2).frozen_at.date().isoformat()
    assert feed.findtext("atom:title", None, NS) == "동북4구 지역혁신 컨퍼런스 소식"
    assert [link.get("href") for link in feed.findall("atom:link", NS)] == [
        "https://portal.example/dongbuk4-2015/",
        "https://portal.example/dongbuk4-2015/releases.atom",
    ]
    assert first.findtext("atom:id", None, NS) == f"tag:portal.example,{day}:dongbuk4-2015/releases/2"
    assert first.findtext("atom:title", None, NS) == "공지: 가 & 나 <다>"
    assert first.findtext("atom:summary", None, NS) == "<ul><li>공지: 가 &amp; 나 &lt;다&gt;</li></ul>"
    assert len(feed.findall("atom:entry", NS)) == 2


def test_in_english(client, unsigned: Conference):
    feed = ET.fromstring(client.get(f"/en{ATOM}").content)  # noqa: S314 (our own)
    assert feed.findtext("atom:entry/atom:title", None, NS) == "The event is announced"
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"


def test_queries_do_not_grow_and_old_releases_are_left_out(client, unsigned: Conference):
    def cost() -> int:
        releases.clear_cache()
        with CaptureQueriesContext(connection) as found:
            assert client.get(ATOM, {"afresh": 1}).status_code == 200
        return len(found)

    once = cost()
    for _number in range(visitor_news.RELEASES_MAX + 2):
        publish(unsigned, names_reason="시험")
    assert (once, cost()) == (2, 2)
    assert [number for number, _said in sentences(unsigned)] == list(range(13, 3, -1))
