"""Another event than the example: one hall, two seminar rooms, no exhibition, no notice; six sessions in a row each."""

from __future__ import annotations

import pytest

from accounts.models import User
from conference.exchange import importing
from conference.models import Conference
from publishing import releases
from tests import sample_conferences
from tests.visitor import Visitor

PUBLISH = "/desk/forum-2026/publish/"


@pytest.fixture
def forum(db: None) -> Conference:
    return importing.load((sample_conferences.DATA / "forum.json").read_bytes())


@pytest.mark.usefixtures("forum")
def test_a_part_in_which_nothing_is_typed_is_not_said_to_be_published() -> None:
    page = Visitor("damdang").open(PUBLISH)
    parts = {" ".join(part.text_content().split()) for part in page.tree.find_class("change-set")}
    nothing = "0건 아직 입력한 내용이 없습니다."
    first = "1건 처음으로 공개"
    assert parts == {f"행사 안내 {first}", f"프로그램 {first}", f"전시 {nothing}", f"공지 {nothing}"}


def test_the_rooms_of_a_part_stand_as_the_venue_lists_them(forum: Conference) -> None:
    use = forum.sessions.get(code="topic-1").room_uses.get()  # else the first of 세미나실 A
    use.room = use.room.venue.rooms.get(name="대강당")
    use.save()
    releases.publish(forum, by=User.objects.get(username="damdang"), name="1차")
    releases.clear_cache()
    glance = Visitor().open("/forum-2026/").tree.xpath("//section[@aria-labelledby='glance']")[0]
    assert [place.text_content() for place in glance.find_class("is-place")] == [
        "대강당",
        "대강당, 세미나실 A, 세미나실 B",
        "대강당",
    ]
