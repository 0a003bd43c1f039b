"""What visitors still see otherwise is said on every page of the desk to who may publish it."""

from __future__ import annotations

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from conference import checks
from conference.exchange import importing
from conference.models import Conference, Membership, TopicOffice
from publishing import difference, releases
from reports.checks import report_findings
from sessions import timetable
from sessions.models import Presentation
from tests import sample_conferences
from tests.addresses import named_addresses
from tests.scale_data import grow
from tests.test_addresses import POST_ONLY, sign_in
from tests.visitor import Visitor

DESK = "/desk/dongbuk4-2015/"
OVERVIEW = f"{DESK}overview/"
BAR = 'aria-label="공개 상태"'


@pytest.fixture
def chair(unsigned: Conference) -> Client:
    return sign_in("chair")


def change(typed: dict[str, str]) -> None:
    """Type on the overview, by label."""
    assert Visitor("chair").open(OVERVIEW).form("저장").fill_all(typed).press("저장").status == 302


def put_off() -> None:
    change({"시작": "2015-12-01 13:00", "끝": "2015-12-01 18:00"})


@pytest.fixture(autouse=True)
def _never_dear(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine is."""
    monkeypatch.setattr(difference, "SLOW_SECONDS", 1000.0)


def bar(client: Client, path: str = DESK) -> str:
    """The sentence of the bar, or "" where there is none."""
    page = client.get(path).content.decode()
    return page.partition(BAR)[2].partition("<p>")[2].partition(" ·")[0].strip()


def publish() -> None:
    form = Visitor("chair").open(f"{DESK}publish/").form("공개").fill("공개본 이름", "2차")
    assert form.press("공개").status == 302


def test_nothing_changed_says_nothing(chair: Client) -> None:
    assert bar(chair) == ""


def test_what_is_saved_is_on_the_next_page_and_gone_once_published(chair: Client) -> None:
    change({"참석대상": "누구나", "문의 전화": "02-111-2222"})
    assert bar(chair) == "공개본과 다른 내용 2건"
    assert f'href="{DESK}publish/">공개하기' in chair.get(DESK).content.decode()
    publish()
    assert bar(chair) == ""


@pytest.mark.compared_at_once
@pytest.mark.parametrize("fault", [OperationalError("database is locked"), KeyError("event")])
def test_what_is_saved_is_not_called_unsaved_because_it_cannot_be_compared(
    chair: Client,
    unsigned: Conference,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    fault: Exception,
) -> None:
    """Sent again it would be there twice."""

    def fails(_conference: Conference) -> None:
        raise fault

    with monkeypatch.context() as patched:
        patched.setattr(difference, "refresh", fails)
        change({"참석대상": "누구나"})  # answered as saved
    assert [record.message for record in caplog.records] == [
        "dongbuk4-2015 was saved, but who is to be told of it was not"
    ]
    change({"문의 전화": "02-111-2222"})
    assert bar(chair) == "공개본과 다른 내용 2건"


def test_an_imported_conference_is_there_though_it_cannot_be_compared(
    db: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(_conference: Conference) -> None:
        raise KeyError("event")

    monkeypatch.setattr(difference, "refresh", fails)
    assert importing.load((sample_conferences.DATA / "forum.json").read_bytes()) == Conference.objects.get()
    assert [type(record.exc_info[1]) for record in caplog.records] == [KeyError]


def test_typed_back_is_no_difference(chair: Client, unsigned: Conference) -> None:
    change({"참석대상": "누구나"})
    change({"참석대상": unsigned.audience})
    assert bar(chair) == ""


def test_what_a_district_saves_is_seen_at_once(chair: Client) -> None:
    assert bar(chair) == ""
    own = Presentation.objects.filter(district__name="성북구", session__code="social-economy").first()
    talk = Visitor("seongbuk").open(f"{DESK}rows/presentations/{own.pk}/").form("저장")
    assert talk.fill("발표 제목", "새 제목").press("저장").status == 302
    assert bar(chair) == "공개본과 다른 내용 1건"


def test_every_page_of_the_desk_says_that_visitors_see_the_old_day(chair: Client, unsigned: Conference) -> None:
    grow(unsigned, range(1))  # a row of every kind
    releases.publish(unsigned, by=User.objects.get(username="chair"), name="다시", names_reason="시험")
    put_off()
    answers = {
        path: chair.get(path)
        for name, _sheet, path in named_addresses(unsigned)
        if path.startswith(DESK) and name.partition(" ")[0] not in POST_ONLY
    }
    pages = {
        path: answer
        for path, answer in answers.items()
        if answer.status_code == 200 and b"is-desk-nav" in answer.content
    }
    silent = {path for path, answer in pages.items() if "방문자에게는 아직" not in answer.content.decode()}
    assert silent == {f"{DESK}publish/"}  # there the difference is the page
    assert len(pages) > 50


def codes(conference: Conference) -> list[tuple[str, str]]:
    releases.clear_cache()
    difference.mark_changed([conference])  # its rows are changed here without a request
    found = checks.find_all(Conference.objects.get(pk=conference.pk))
    return [(row.where, row.text.partition(": ")[2]) for row in found if row.code == "shown_otherwise"]


def test_another_day_and_place_than_visitors_are_told_is_a_task_and_a_finding(
    chair: Client, unsigned: Conference
) -> None:
    assert codes(unsigned) == []
    put_off()
    assert codes(unsigned) == [("행사 일시", "2015. 11. 24.(화) 13:00~18:00")]
    for path in (DESK, f"{DESK}checks/"):
        assert "방문자에게는 아직 공개본대로 보입니다" in sign_in("seongbuk").get(path).content.decode()
    todo = "방문자에게는 아직 행사 일시가 2015. 11. 24.(화) 13:00~18:00로 보입니다. 공개본과 다른 내용 1건"
    assert f'<a href="{DESK}publish/"><b>{todo}</b></a>' in chair.get(DESK).content.decode()
    assert Visitor("chair").open(OVERVIEW).press("프로그램·전시 일정을 7일 옮기기").status == 302
    mayor = unsigned.sessions.get(code="mayor")
    timetable.set_rooms(mayor, rooms=[], by=User.objects.get(username="chair"))
    venue = unsigned.venues.first()
    venue.address = "새 주소"
    venue.save()
    found = dict(codes(unsigned))
    assert set(found) == {"행사 일시", "행사 장소", "세션 시간", "세션 장소", "전시 시간"}
    assert found["세션 시간"] == "‘도시재생 사업’ 2015. 11. 24.(화) 13:00~14:40 (이 밖에 13건)"
    releases.publish(unsigned, by=User.objects.get(username="chair"), name="다시", names_reason="시험")
    assert codes(unsigned) == []


def test_a_room_that_is_missing_on_one_side_is_said(unsigned: Conference) -> None:
    exhibition, room = unsigned.exhibitions.get(), unsigned.exhibitions.get().room
    hints = []
    for now in (None, room):
        exhibition.room = now
        exhibition.save()
        assert dict(codes(unsigned))["전시 장소"] == f"‘{exhibition.name}’ {'없음' if now else room.name}"
        hints += [row.expected for row in checks.find_all(Conference.objects.get()) if row.where == "전시 장소"]
        releases.publish(unsigned, by=User.objects.get(username="chair"), name="다시", names_reason="시험")
    assert hints == ["입력된 것은 없음입니다. 공개하십시오.", f"입력된 것은 {room.name}입니다. 공개하십시오."]


def test_a_report_is_not_held_up_by_what_visitors_see(chair: Client, unsigned: Conference) -> None:
    put_off()
    report = unsigned.reports.select_related("conference").get()
    assert [found for found in report_findings(report) if found.code == "shown_otherwise"] == []


@pytest.mark.parametrize("username", ["wook", "gangbuk"])
def test_who_may_not_publish_is_told_without_the_button(chair: Client, unsigned: Conference, username: str) -> None:
    assert bar(sign_in(username)) == ""
    change({"참석대상": "누구나"})
    for path in (DESK, OVERVIEW, f"{DESK}programme/"):
        page = " ".join(sign_in(username).get(path).content.decode().split())
        assert ("공개본과 다른 내용 1건 · 공개 권한이 있는 사람이 공개하면 보입니다." in page, "공개하기" in page) == (
            True,
            False,
        )
    releases.withdraw(unsigned.releases.get(), by=User.objects.get(username="chair"))
    assert bar(sign_in(username)) == ""  # nothing is public: no news before a publication either


def test_an_editor_who_may_publish_is_told(chair: Client, unsigned: Conference) -> None:
    change({"참석대상": "누구나"})
    Membership.objects.filter(user__username="wook").update(role="editor", may_publish=True)
    assert bar(sign_in("wook")) == "공개본과 다른 내용 1건"


def test_before_the_first_publication_and_after_a_withdrawal(chair: Client, unsigned: Conference) -> None:
    change({"참석대상": "누구나"})
    publish()
    assert Visitor("chair").open(f"{DESK}releases/2/withdraw/").press("철회").status == 302
    assert bar(chair) == "공개본 2를 철회하여 지금은 공개본 1이 보입니다. 공개본과 다른 내용 1건"
    assert Visitor("chair").open(f"{DESK}releases/1/withdraw/").press("철회").status == 302
    assert bar(chair) == "공개본 2를 철회하여 방문자에게 아무것도 보이지 않습니다."
    new = Conference.objects.create(
        slug="new-one", title="새 행사", starts_at=unsigned.starts_at, ends_at=unsigned.ends_at
    )
    new.memberships.create(user=User.objects.get(username="chair"), role=Membership.Role.CHAIR)
    assert bar(chair, "/desk/new-one/") == "아직 공개하지 않았습니다. 방문자에게는 아무것도 보이지 않습니다."


def test_an_office_that_is_renamed(chair: Client, unsigned: Conference, django_capture_on_commit_callbacks) -> None:
    assert bar(chair) == ""
    office = TopicOffice.objects.filter(topic__conference=unsigned).exclude(department=None).first().department
    path = f"/desk/accounts/offices/{office.organisation_id}/{office.pk}/"
    with django_capture_on_commit_callbacks(execute=True):
        assert Visitor("admin").open(path).form("저장").fill("부서명", "새 이름과").press("저장").status == 302
    assert bar(chair).startswith("공개본과 다른 내용")


def queries(client: Client, path: str) -> int:
    """How many queries a page costs a process that knows nothing yet."""
    releases.clear_cache()
    with CaptureQueriesContext(connection) as found:
        assert client.get(path).status_code == 200
    return len(found)


@pytest.mark.compared_at_once
def test_it_is_compared_by_who_changes_something_and_no_page_after_it(chair: Client) -> None:
    before = queries(chair, OVERVIEW)
    change({"참석대상": "누구나"})
    assert (queries(chair, OVERVIEW), bar(chair)) == (before, "공개본과 다른 내용 1건")


@pytest.mark.compared_at_once
def test_what_changes_while_it_is_compared_is_compared_again(chair: Client, unsigned: Conference, monkeypatch) -> None:
    compare = difference._compare

    def overtaken(conference: Conference) -> difference.Difference:
        found = compare(conference)
        unsigned.sessions.filter(code="mayor").update(title="새 강연")
        difference.mark_changed([conference])
        return found

    monkeypatch.setattr(difference, "_compare", overtaken)
    change({"참석대상": "누구나"})
    monkeypatch.undo()
    assert bar(chair) == "공개본과 다른 내용 2건"


def test_a_dear_comparison_is_not_made_at_every_change(
    chair: Client, unsigned: Conference, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(difference, "SLOW_SECONDS", -1.0)
    clock = [100.0]
    monkeypatch.setattr(difference.time, "monotonic", lambda: clock[0])
    change({"참석대상": "누구나"})
    assert bar(chair) == "공개본과 다른 내용 1건"  # the first was made before anybody knew that it is dear
    change({"문의 전화": "02-111-2222"})
    assert bar(chair) == "공개본과 다른 내용 1건"
    clock[0] += difference.SLOW_RESULT_SECONDS
    assert bar(chair) == "공개본과 다른 내용 2건"


# what is renamed: the label of its field, what it says instead, how that is told
RENAMED = {
    "venues": ("단지·캠퍼스", "새 단지", "건물 ‘서울 테크노 파크’ 단지·캠퍼스 서울 과학기술대학교 내 → 새 단지"),
    "venue": ("장소", "새 이름", "건물 ‘서울 테크노 파크’ 이름 서울 테크노 파크 → 새 이름"),
    "601호": ("이름", "602호", "건물 ‘서울 테크노 파크’ 장소 ‘601호’ 이름 601호 → 602호"),
    "6층 로비": ("이름", "로비", "건물 ‘서울 테크노 파크’ 장소 ‘6층 로비’ 이름 6층 로비 → 로비"),
    "3층": ("이름", "지상 3층", "건물 ‘서울 테크노 파크’ 장소 ‘3층’ 이름 3층 → 지상 3층"),
}


@pytest.mark.parametrize("what", RENAMED)
def test_what_a_building_or_room_is_called_or_where_it_is_is_told_once(
    chair: Client, unsigned: Conference, what: str
) -> None:
    venue = unsigned.venues.get(name="서울 테크노 파크")
    label, text, told = RENAMED[what]
    sheet, row = ("venues", venue) if what in {"venues", "venue"} else ("rooms", venue.rooms.get(name=what))
    form = Visitor("chair").open(f"{DESK}rows/{sheet}/{row.pk}/").form("저장").fill(label, text)
    assert form.press("저장").status == 302
    sections = chair.get(f"{DESK}publish/").context["sections"]
    assert [text for section in sections for text in section["changes"]] == [told]
    assert bar(chair) == "공개본과 다른 내용 1건"


def test_a_room_in_place_of_another_is_no_new_name(chair: Client, unsigned: Conference) -> None:
    """601호 is called 602호, and a session goes from it to the lobby: the second is told, too."""
    venue = unsigned.venues.get(name="서울 테크노 파크")
    social = unsigned.sessions.get(code="social-economy")
    timetable.set_rooms(social, rooms=[venue.rooms.get(name="6층 로비")], by=User.objects.get(username="chair"))
    venue.rooms.filter(name="601호").update(name="602호")
    difference.mark_changed([unsigned])
    texts = [text for section in chair.get(f"{DESK}publish/").context["sections"] for text in section["changes"]]
    assert [text for text in texts if "마을과 사회적경제" in text] == [
        "‘마을과 사회적경제 사업’ 장소 ‘601호’ 삭제",
        "‘마을과 사회적경제 사업’ 장소 ‘6층 로비’ 추가",
    ]


def test_a_session_that_goes_to_another_building_is_told(chair: Client, unsigned: Conference) -> None:
    venue = unsigned.venues.create(name="구민회관", within="둘째 길")
    room = venue.rooms.create(name="601호", kind="room")
    social = unsigned.sessions.get(code="social-economy")
    timetable.set_rooms(social, rooms=[room], by=User.objects.get(username="chair"))
    difference.mark_changed([unsigned])
    texts = [text for section in chair.get(f"{DESK}publish/").context["sections"] for text in section["changes"]]
    assert "‘마을과 사회적경제 사업’ 장소 ‘601호’ 건물 서울 테크노 파크 → 구민회관" in texts
