"""A conference in several buildings: wherever a visitor reads of a room, its building is named."""

from __future__ import annotations

import pytest
from django.test import Client

from conference.models import Conference
from publishing import releases
from sessions import programme_pdf, programme_search
from tests.reports.edition_2015 import squeezed
from tests.sessions.test_paper import pages
from tests.visitors.test_public import publish, seen

ROOT = "/dongbuk4-2015/"
HERE, THERE = "서울 테크노 파크", "동북4구 도시재생협력지원센터"


@pytest.fixture
def moved(unsigned: Conference) -> Conference:
    """The mayor speaks in another building, and the last part is held there."""
    room = unsigned.venues.get(name=THERE).rooms.create(name="다목적실", kind="hall")
    session = unsigned.sessions.get(code="mayor")
    session.room_uses.all().delete()
    session.room_uses.create(room=room, starts_at=session.starts_at, ends_at=session.ends_at)
    session.part.places.set([room])
    publish(unsigned, names_reason="시험")
    return unsigned


@pytest.mark.usefixtures("moved")
def test_pages_and_feeds_name_the_building(client: Client) -> None:
    programme, event = seen(client, f"{ROOT}programme/"), seen(client, ROOT)
    assert [programme.count(f"{THERE} 다목적실") > 1, f"{HERE} 6층 601호" in programme] == [True, True]
    glance = event.partition("한눈에 보는 프로그램")[2].partition("행사 소개")[0]
    assert [f"{THERE} 다목적실" in glance, f"{HERE} 3층" in glance] == [True, True]
    assert f"{HERE} · {THERE}" in seen(client, "/")
    told = client.get(f"{ROOT}version.json").json()["news"][0]["told"]
    assert [text for text in told if "장소" in text and THERE in text and HERE in text] != []
    assert "장소" not in "".join(text for text in told if "Keynote" in text)
    frab = client.get(f"{ROOT}schedule.json").content.decode()
    assert f"다목적실 ({THERE})" in frab
    calendar = client.get(f"{ROOT}programme/mayor.ics").content.decode().replace("\r\n ", "")
    assert f"LOCATION:다목적실\\, {THERE}\r\n" in calendar


def test_paper_and_search_name_it(moved: Conference) -> None:
    current = releases.live_release(moved.slug)
    (page,) = pages(programme_pdf.render_pdf(current))
    assert [squeezed(f"{THERE} 다목적실") in squeezed(page), squeezed(f"{HERE} 6층 601호") in squeezed(page)] == [
        True,
        True,
    ]
    rooms = next(facet for facet in programme_search.facets(current, "ko") if facet.key == "room")
    assert [option.value for option in rooms.options if "다목적실" in option.value] == [f"{THERE} 다목적실"]
    query = programme_search.parse_query({"room": f"{THERE} 다목적실"})
    assert [code for code, entry in programme_search.search_index(current).items() if query.matches(entry)] == ["mayor"]


@pytest.mark.usefixtures("unsigned")
def test_in_one_building_it_is_not_said_again_and_again(client: Client) -> None:
    programme = seen(client, f"{ROOT}programme/")
    home = seen(client, "/")
    assert [HERE in home, THERE in home] == [True, False]
    assert [programme.count(HERE), "6층 601호" in programme, THERE in programme] == [1, True, False]
