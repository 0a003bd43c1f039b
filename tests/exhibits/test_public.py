"""The public expo: when and where, who shows what, by district."""

from __future__ import annotations

import re

import pytest

from conference.models import Conference
from exhibits.models import Exhibitor
from tests.visitors.test_public import publish, seen

EXPO = "/dongbuk4-2015/exhibits/"


@pytest.mark.usefixtures("unsigned")
def test_the_expo_of_2015(client):
    page = seen(client, EXPO)
    lines = (
        "오픈 전시마당 각 구 사회적경제기업 물품 전시 및 판매",
        "전시 시간 2015. 11. 24.(화) 13:00 ~ 18:00",
        "장소 6층 로비 서울 과학기술대학교 내 서울 테크노 파크",
        "배부 물품 사회적경제 노트, 홍보 물티슈",
        "강북구 공정무역마을공동체협동조합 기업",
        "오픈 전시 마당 행사(번동코이노니아, 수상한 가게)",
    )
    assert [line for line in lines if line not in page] == []
    assert [word for word in ("100", "각 100여개") if word in page] == []


def test_districts_in_their_order_and_only_who_comes(client, unsigned: Conference):
    exhibition = unsigned.exhibitions.get()
    district = {row.name: row for row in unsigned.districts.all()}
    for name, of, state in (
        ("나중 기업", "노원구", "confirmed"),
        ("먼저 단체", "도봉구", "confirmed"),
        ("초청만", "도봉구", "invited"),
    ):
        exhibition.exhibitors.create(name=name, kind=Exhibitor.Kind.BODY, district=district[of], state=state)
    exhibition.exhibitors.create(name="구 없는 곳", kind=Exhibitor.Kind.OFFICE)
    exhibition.booths.create(number="A-1", exhibitor=exhibition.exhibitors.get(name="먼저 단체"))
    publish(unsigned)
    page = seen(client, EXPO)
    order = [
        "도봉구 먼저 단체 단체 부스 A-1",
        "강북구 공정무역마을공동체협동조합",
        "노원구 나중 기업",
        "구 없는 곳 사업홍보부서",
    ]
    assert sorted(order, key=page.index) == order
    assert "초청만" not in page


@pytest.mark.usefixtures("unsigned")
def test_photos_of_a_stand_are_closed_so_that_none_is_fetched_before_it_is_wanted(client):
    for path, words in (("", "사진 1장"), ("/en", "1 photo")):
        page = client.get(f"{path}/dongbuk4-2015/exhibits/").content.decode()
        cards = re.sub(r"\s*\n\s*", "", page.partition('<ul class="cards">')[2])
        closed = cards.count(f'<details class="more-photos"><summary>{words}</summary><ul class="photos">')
        assert (closed, cards.count("<img")) == (3, 3)
