"""What the desk of a district may touch in tables and on pages of rows, and what not."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from conference.models import Conference, Membership
from tests.sheets.table_page import ROWS_PATH, TablePage
from tests.sheets.test_table import histories, opened
from tests.test_addresses import sign_in
from tests.visitor import Visitor


@pytest.fixture
def conference(unsigned: Conference) -> Conference:
    unsigned.memberships.create(user=User.objects.get(username="heedong"), role=Membership.Role.READER)
    return unsigned


def editable(screen: TablePage) -> set[str]:
    """Return the rows whose line is open."""
    return {str(line["row"]) for line in screen.answer.context["lines"] if line["row"] and line["is_editable"]}


def post(client: Client, path: str, **data: str) -> int:
    """Send what no page draws for this person; tokens are another test's subject."""
    visitor = Visitor()
    visitor.client = client
    return visitor.post_raw(path, data).status


SHARED = "districts topics desks main-items hosts guests bases venues rooms notices parts exhibitions booths equipment"


@pytest.mark.parametrize("sheet", [*SHARED.split(), "sessions"])
def test_a_desk_reads_shared_facts_and_adds_none(conference: Conference, sheet: str) -> None:
    client = sign_in("dobong")
    screen = opened(client, sheet)
    hosted = {"도시재생 사업"} if sheet == "sessions" else set()
    assert (screen.status, editable(screen)) == (200, hosted)
    before = histories()
    assert post(client, f"{ROWS_PATH}/{sheet}/", **{"count": "1", "r0-name": "x", "r0-title": "x"}) == 403
    assert (
        client.get(f"{ROWS_PATH}/{sheet}/new/").status_code,
        post(client, f"{ROWS_PATH}/{sheet}/new/", name="x"),
    ) == (
        403,
        403,
    )
    assert histories() == before


def test_a_reader_changes_nothing_anywhere(conference: Conference) -> None:
    client = sign_in("heedong")
    for sheet in ("sessions", "presentations", "exhibitors", "giveaways", "persons", "tracks"):
        assert (opened(client, sheet).status, editable(opened(client, sheet))) == (200, set())
        assert post(client, f"{ROWS_PATH}/{sheet}/", **{"count": "1", "r0-name": "x", "r0-title": "x"}) == 403
    assert client.get(f"{ROWS_PATH}/contacts/").status_code == 403


def test_a_stranger_finds_no_conference(conference: Conference) -> None:
    for username in ("wontaek",):
        client = sign_in(username)
        assert [client.get(f"{ROWS_PATH}/districts{end}").status_code for end in ("/", "/new/", "/1/", ".xlsx")] == [
            404
        ] * 4


def test_a_desk_edits_its_presentation_in_anothers_session(conference: Conference) -> None:
    screen = opened(sign_in("dobong"), "presentations")
    talks = conference.sessions.get(code="social-economy").presentations
    mine, other = talks.get(district__name="도봉구"), talks.get(district__name="강북구")
    assert [line["row"].pk for line in screen.answer.context["lines"] if line["row"] and line["is_editable"]] == [
        mine.pk
    ]
    assert "up:" not in screen.text
    screen.fill(screen.line(mine), points="새로 적은 것").press()
    mine.refresh_from_db()
    assert mine.points == ["새로 적은 것"]
    before = histories()
    for path in (f"{ROWS_PATH}/presentations/{other.pk}/", f"{ROWS_PATH}/presentations/{other.pk}/delete/"):
        assert post(screen.client, path, points="x") == 403
    assert (
        post(screen.client, f"{ROWS_PATH}/presentations/", **{"count": "1", "r0-id": str(other.pk), "r0-points": "x"})
        == 403
    )
    assert post(screen.client, f"{ROWS_PATH}/presentations/", **{"count": "0", f"gone-{other.pk}": "-"}) == 403
    session = conference.sessions.get(code="social-economy")
    assert post(screen.client, f"{ROWS_PATH}/sessions/{session.pk}/", title="x") == 403
    assert (
        post(screen.client, f"{ROWS_PATH}/sessions/", **{"count": "1", "r0-id": str(session.pk), "r0-title": "x"})
        == 403
    )
    assert histories() == before


def test_a_desk_gives_no_row_away_and_makes_none_for_others(conference: Conference) -> None:
    screen = opened(sign_in("dobong"), "presentations")
    session = conference.sessions.get(code="social-economy")
    mine = session.presentations.get(district__name="도봉구")
    before = histories()
    said = ["담당하는 자치구와 분야의 자료만 저장할 수 있습니다. 자치구나 분야를 확인해 주세요."]
    screen.fill(screen.line(mine), district="강북구")
    assert (screen.press().status_code, screen.errors(), screen.data[f"{screen.line(mine)}district"]) == (
        422,
        said,
        "강북구",
    )
    screen = opened(screen.client, "presentations")
    screen.fill(screen.blank(), session=session.title, district="강북구", presenter="이영분(강북구 팀장)")
    assert (screen.press().status_code, screen.errors()) == (422, said)
    page = TablePage(screen.client, f"{ROWS_PATH}/presentations/{mine.pk}/").fill(district="노원구")
    assert page.press().status_code == 422
    assert (histories(), conference.persons.filter(name="이영분").exists()) == (before, False)
    screen.fill(screen.blank(), district="도봉구").press()
    made = session.presentations.get(presenter__name="이영분")
    assert (made.district.name, made.position > mine.position) == ("도봉구", True)


def test_the_hosts_desk_edits_the_session_but_not_who_presents(conference: Conference) -> None:
    session = conference.sessions.get(code="social-economy")
    client = sign_in("seongbuk")
    screen = opened(client, "sessions")
    assert editable(screen) == {"마을과 사회적경제 사업"}
    screen.fill(screen.line(session), moderator="이영분(강북구 팀장)", end="1430").press()
    page = TablePage(client, f"{ROWS_PATH}/sessions/{session.pk}/").fill(title_en="Economy")
    assert page.tamper("presenters", "이영분").press().status_code == 302
    session.refresh_from_db()
    assert (str(session.moderator), session.title_en, session.presentations.count()) == ("이영분", "Economy", 4)
    assert conference.persons.filter(name__contains="Person").exists() is False
    before = histories()
    assert post(client, f"{ROWS_PATH}/sessions/{session.pk}/delete/") == 403
    assert post(client, f"{ROWS_PATH}/sessions/", **{"count": "0", f"gone-{session.pk}": "-"}) == 403
    talk = session.presentations.get(district__name="강북구")
    assert post(client, f"{ROWS_PATH}/presentations/{talk.pk}/", points="x") == 403
    screen = opened(client, "sessions")
    screen.fill(screen.line(session), topic="도시재생 사업")
    assert (screen.press().status_code, histories()) == (422, before)


def test_the_hosts_desk_edits_the_track(conference: Conference) -> None:
    track = conference.tracks.first()
    assert [editable(opened(sign_in(name), "tracks")) for name in ("seongbuk", "dobong")] == [{str(track)}, set()]
    screen = opened(sign_in("seongbuk"), "meetings", f"?track={track.pk}")
    meeting = track.meetings.first()
    assert screen.fill(screen.line(meeting), content="새 내용").press().status_code == 302
    assert post(sign_in("dobong"), f"{ROWS_PATH}/meetings/{meeting.pk}/", content="x") == 403


def test_a_desk_edits_its_districts_exhibitors_and_giveaways(conference: Conference) -> None:
    shop = conference.exhibitions.first().exhibitors.first()
    screen = opened(sign_in("gangbuk"), "exhibitors")
    assert len(editable(screen)) == 3
    assert editable(opened(sign_in("dobong"), "exhibitors")) == set()
    screen.fill(screen.line(shop), short_name="공정무역").press()
    shop.refresh_from_db()
    assert shop.short_name == "공정무역"
    screen = opened(sign_in("gangbuk"), "exhibitors")
    screen.fill(screen.line(shop), district="도봉구")
    assert screen.press().status_code == 422
    for district, status in (("", 422), ("도봉구", 422), ("강북구", 302)):
        screen = opened(sign_in("gangbuk"), "giveaways")
        screen.fill(screen.blank(), exhibition=str(shop.exhibition), name="손수건", district=district)
        assert screen.press().status_code == status
    gift = shop.exhibition.giveaways.get(name="손수건")
    assert post(sign_in("dobong"), f"{ROWS_PATH}/giveaways/{gift.pk}/delete/") == 403
    assert Visitor("gangbuk").open(f"{ROWS_PATH}/giveaways/{gift.pk}/").press("지우기").status == 302


def test_a_desk_edits_the_persons_who_speak_for_it(conference: Conference) -> None:
    screen = opened(sign_in("dobong"), "persons")
    speaker, other = conference.persons.get(name="양주환"), conference.persons.get(name="정명훈")
    assert editable(screen) == {"양주환"}
    screen.fill(screen.line(speaker), job="팀장").press()
    speaker.refresh_from_db()
    assert speaker.job == "팀장"
    assert post(screen.client, f"{ROWS_PATH}/persons/{other.pk}/", job="x") == 403
    assert post(screen.client, f"{ROWS_PATH}/persons/", **{"count": "0", f"gone-{speaker.pk}": "-"}) == 403


@pytest.mark.parametrize("what", ["an office", "another desk's speaker", "a guest"])
def test_who_speaks_for_a_desk_too_is_not_the_desks_alone(conference: Conference, what: str) -> None:
    """A talk of mine with somebody's name does not make the person mine, nor the basis on which the name is published."""
    mayor, other = conference.persons.get(name="서울시장"), conference.persons.get(name="정명훈")
    mine = conference.persons.get(name="양주환")
    talk = mine.presentations.get()
    if what == "a guest":
        conference.guests.create(person=mine, position=9)
    person = {"an office": mayor, "another desk's speaker": other, "a guest": mine}[what]
    talk.session.presentations.create(presenter=person, district=talk.district)
    assert post(sign_in("dobong"), f"{ROWS_PATH}/persons/{person.pk}/", job="x") == 403


def test_rows_of_another_conference_are_not_there(conference: Conference) -> None:
    times = {"starts_at": conference.starts_at, "ends_at": conference.ends_at}
    foreign = Conference.objects.create(slug="other", title="다른 행사", **times).main_items.create(name="남의 것")
    client = sign_in("chair")
    path = f"{ROWS_PATH}/main-items/{foreign.pk}/"
    assert (client.get(path).status_code, post(client, f"{path}delete/")) == (404, 302)  # as one that is gone
    assert post(client, path, name="x", text="y") == 409
    assert post(client, f"{ROWS_PATH}/main-items/", **{"count": "1", "r0-id": str(foreign.pk), "r0-name": "x"}) == 409
    assert post(client, f"{ROWS_PATH}/main-items/", **{"count": "0", f"gone-{foreign.pk}": "-"}) == 302
    foreign.refresh_from_db()
    assert foreign.name == "남의 것"
    topic = foreign.conference.topics.create(name="남의 분야")
    assert client.get(f"{ROWS_PATH}/desks/?topic={topic.pk}").status_code == 404


def test_a_desk_pastes_its_own_lines_of_the_whole_workbook(conference: Conference) -> None:
    screen = opened(sign_in("dobong"), "presentations")
    talks = conference.sessions.get(code="social-economy").presentations
    mine, other = talks.get(district__name="도봉구"), talks.get(district__name="강북구")
    screen.press("paste", paste=f"자료번호\t발표 제목\n{mine.pk}\t내 제목\n{other.pk}\t남의 제목")
    assert screen.status == 200
    assert screen.press().status_code == 302
    assert [talks.get(pk=row.pk).title for row in (mine, other)] == ["내 제목", other.title]
