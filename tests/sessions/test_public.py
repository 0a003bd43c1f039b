"""The public programme: true to the release, parallel sessions together, one page a session."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from django.utils import timezone

from conference.models import Conference
from korean.dates import SEOUL
from publishing import page_cache, releases
from sessions import programme_cards
from tests.visitors.test_public import EVENT, publish, seen

PROGRAMME = "/dongbuk4-2015/programme/"
NOON = datetime(2015, 11, 24, 12, tzinfo=SEOUL)


def shape(conference: Conference, at: datetime = NOON) -> list:
    """Days → groups → slots, as (label, [(start, [codes])])."""
    current = releases.live_release(conference.slug)
    return [
        [
            (
                group["part"] and group["part"]["label"],
                [(s["starts_at"][11:16], len(s["cards"])) for s in group["slots"]],
            )
            for group in programme_cards.groups(current, at, day)
        ]
        for day in programme_cards.session_days(current)
    ]


def test_parts_times_and_what_runs_side_by_side(unsigned: Conference):
    assert shape(unsigned) == [
        [
            ("사전행사", []),
            ("1부", [("13:00", 4)]),
            (None, [("14:40", 1)]),
            ("2부", [("15:00", 1), ("15:05", 1), ("15:20", 1), ("15:35", 1), ("15:50", 1)]),
            (None, [("16:10", 1)]),
            ("3부", [("16:20", 3)]),
        ]
    ]


@pytest.mark.usefixtures("unsigned")
def test_the_page_says_all_of_it(client):
    page = seen(client, PROGRAMME)
    lines = (
        "사전행사 오픈 전시마당(6층) 진행 동북4구플랜 추진사업 홍보, 사회적경제 제품 전시 등",
        "1부 공론의 장 : 동북4구 주제별 현황과 쟁점 토론 3층, 6층 주민, 활동가, 중간지원조직, 동북4구 담당공무원 등",
        "13:00 ~ 14:40 도시재생 사업 도봉구 주관",
        "마을과 사회적경제 사업 6층 601호 성북구 주관 발표 4건",
        "14:40 ~ 15:00 2부 진행을 위한 이동 6층 강당",
        "15:20 ~ 15:35 서울시의 사회혁신 실험과 동북4구 6층 강당 서울시장",
        "15:50 ~ 16:00 동북4구 발전을 위한 지역협력 6층 강당",
        "16:20 ~ 18:00 대학·지역사회 협력",
    )
    assert [line for line in lines if line not in page] == []


@pytest.mark.usefixtures("unsigned")
def test_a_session_has_its_own_page(client):
    page = seen(client, f"{PROGRAMME}social-economy/")
    lines = (
        "시간 2015. 11. 24.(화) 13:00 ~ 14:40",
        "장소 6층 601호 서울 과학기술대학교 내 서울 테크노 파크",
        "주관 성북구",
        "성북구 함께사는 가치에 도전하는 사람들 이원영 사회적기업 놀이나무 대표 주민기반 마을공동체 및 협동조합 활성화",
        "노원구 노원 사회적경제로 살아가기 우순영 노원구 사회적경제 통합지원센터장",
        "동북4구 사회적경제 지역협력 워크숍 제안",
        "발표관련 질의응답",
        "이전 도시재생 사업 다음 혁신교육(지구) 사업",
    )
    assert [line for line in lines if line not in page] == []


@pytest.mark.usefixtures("unsigned")
def test_a_session_without_a_room_shows_its_parts_places(client):
    assert "장소 3층, 6층 서울 과학기술대학교 내 서울 테크노 파크" in seen(client, f"{PROGRAMME}urban-regeneration/")


def test_moves_have_no_page(client, unsigned: Conference):
    code = unsigned.sessions.filter(kind="move").first().code
    assert client.get(f"{PROGRAMME}{code}/").status_code == 404
    assert client.get(f"{PROGRAMME}nothing/").status_code == 404


def test_what_is_on_is_marked(unsigned: Conference):
    def on(hour: int, minute: int) -> list[str]:
        groups = programme_cards.groups(
            releases.live_release(unsigned.slug), NOON.replace(hour=hour, minute=minute), NOON.date()
        )
        return [slot["starts_at"][11:16] for group in groups for slot in group["slots"] if slot["is_now"]]

    assert [on(12, 59), on(13, 0), on(14, 40), on(16, 5), on(17, 59), on(18, 0)] == [
        [],
        ["13:00"],
        ["14:40"],
        [],
        ["16:20"],
        [],
    ]


def test_several_days_have_a_page_each_and_the_bare_one_is_todays(client, unsigned: Conference, monkeypatch):
    part = unsigned.parts.get(label="2부")
    session = unsigned.sessions.create(
        part=part,
        kind="talk",
        title="이튿날 강연",
        code="second-day",
        starts_at=NOON.replace(day=25),
        ends_at=NOON.replace(day=25, hour=13),
    )
    publish(unsigned)
    assert shape(unsigned)[1] == [("2부", [("12:00", 1)])]
    first, second = (seen(client, f"{PROGRAMME}2015-11-{day}/") for day in (24, 25))
    assert (session.title in first, session.title in second) == (False, True)
    assert ("사전행사" in first, "사전행사" in second) == (True, False)
    assert seen(client, PROGRAMME) == first.replace("programme/2015-11-24/", "programme/")  # the address at its foot
    body = client.get(f"{PROGRAMME}2015-11-25/").content.decode()
    assert (body.count('id="part-3"'), body.count('aria-current="page">11. 25.(수)')) == (1, 1)
    assert client.get(f"{PROGRAMME}2015-11-26/").status_code == 404
    assert client.get(f"{PROGRAMME}2015-13-41/").status_code == 404
    assert f'href="{PROGRAMME}2015-11-25/"' in client.get(f"{PROGRAMME}second-day/").content.decode()
    monkeypatch.setattr(timezone, "now", lambda: NOON.replace(day=25, hour=8))
    page_cache.clear_cache()
    assert session.title in seen(client, PROGRAMME)


def test_parallel_sessions_of_other_lengths_say_their_own_times(client, unsigned: Conference):
    unsigned.sessions.filter(code="urban-regeneration").update(ends_at=NOON.replace(hour=14))
    publish(unsigned)
    assert "13:00 ~ 14:40 동시에 4개 도시재생 사업 도봉구 주관 13:00 ~ 14:00" in seen(client, PROGRAMME)


def test_proposals_are_read_when_they_may_be(client, unsigned: Conference) -> None:
    """Each one that is ticked, from the next publication on; on the session's page, and on the overview afterwards."""
    social = unsigned.sessions.get(code="social-economy")
    social.proposals.create(text="공동 판매장을 열자", department="일자리지원과", may_be_public=True)
    social.proposals.create(text="안에서 더 살필 것")
    assert client.get(f"{PROGRAMME}social-economy/").content.decode().count("공동 판매장") == 0
    publish(unsigned)
    for path in (EVENT, f"{PROGRAMME}social-economy/"):
        page = client.get(path).content.decode()
        said = re.findall(r'<ul class="proposals">(.*?)</ul>', page, re.DOTALL)
        assert [" ".join(re.sub("<.*?>", " ", text).split()) for text in said] == [
            "공동 판매장을 열자 담당부서 일자리지원과 · 검토 중"
        ]
    english = client.get(f"/en{EVENT}").content.decode()
    assert english.count("Under review") == 1
