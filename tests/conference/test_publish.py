"""공개: what is shown is what is published, in words; previews, the record, taking back."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import User
from conference.models import Conference, Photo
from publishing import releases
from publishing.models import Release
from sessions.models import Presentation
from tests.forms import Form
from tests.visitor import Visitor

DESK = "/desk/dongbuk4-2015/"
PUBLISH = f"{DESK}publish/"
REASON, DO = "시험", "공개"


def client_of(username: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=username))
    return client


@pytest.fixture
def chair(unsigned: Conference) -> Client:
    return client_of("chair")


def told(page) -> list[str]:
    return [text for section in page.context["sections"] for text in section["changes"]]


def form(*sections: str, reason: str = REASON) -> Form:
    """The page 공개 with these parts ticked, or those that it ticks itself; everything else is typed."""
    drawn = Visitor("chair").open(PUBLISH).form(DO)
    if sections:
        drawn.fill("바뀌는 내용", sections)
    return drawn.fill("공개본 이름", "2차").fill("성명 공개 사유", reason)


def delay(conference: Conference) -> None:
    session = conference.sessions.get(code="mayor")
    session.starts_at += timedelta(minutes=10)
    session.save()


def test_nothing_changed_says_so(chair: Client) -> None:
    page = chair.get(PUBLISH)
    assert (page.status_code, told(page)) == (200, [])
    assert "바뀐 것이 없습니다" in page.content.decode()


def test_changes_stand_in_words_under_their_section(unsigned: Conference, chair: Client) -> None:
    delay(unsigned)
    social = unsigned.sessions.get(code="social-economy")
    social.presentations.filter(title__startswith="노원").delete()
    talk = social.presentations.first()
    talk.points = [*talk.points[1:], "새 요지"]
    talk.save()
    unsigned.notices.create(title="주차 안내")
    unsigned.audience = "모두"
    unsigned.admission = Conference.Admission.values[0]
    unsigned.save()
    sections = chair.get(PUBLISH).context["sections"]
    assert {str(section["name"]): section["changes"] for section in sections} == {
        "행사 안내": [
            f"참가 방법 없음 → {Conference.Admission.labels[0]}",
            "참석대상 동북4구 시민, 유관기관, 관련 공무원 등 → 모두",
        ],
        "프로그램": [
            (
                "‘마을과 사회적경제 사업’ 발표 ‘이원영 사회적기업 놀이나무 대표’ 발표 내용 "
                "‘새 요지’ 추가, ‘주민기반 마을공동체 및 협동조합 활성화’ 삭제"
            ),
            "‘마을과 사회적경제 사업’ 발표 ‘우순영 노원구 사회적경제 통합지원센터장’ 삭제",
            "‘서울시의 사회혁신 실험과 동북4구’ 시작 15:20 → 15:30",
        ],
        "공지": ["‘주차 안내’ 추가"],
    }


def test_another_day_is_said(unsigned: Conference, chair: Client) -> None:
    day = timedelta(days=1)
    row = unsigned.sessions.get(code="mayor")
    row.starts_at, row.ends_at = row.starts_at + day, row.ends_at + day
    row.save()
    assert told(chair.get(PUBLISH)) == [
        "‘서울시의 사회혁신 실험과 동북4구’ 시간 2015. 11. 24.(화) 15:20~15:35 → 2015. 11. 25.(수) 15:20~15:35",
        "‘2부 공유의 장 : Keynote Speech 도시재생과 지역혁신’ 차례 바뀜",
    ]


def test_what_was_shown_is_published_and_the_rest_carried_over(unsigned: Conference, chair: Client) -> None:
    delay(unsigned)
    unsigned.notices.create(title="초안 공지")
    answer = form("프로그램 1건").press(DO).answer
    made = unsigned.releases.first()
    assert (answer.status_code, answer["Location"]) == (302, f"{DESK}releases/")
    assert (made.number, made.name, made.frozen_by.username, made.names_reason) == (2, "2차", "chair", REASON)
    assert "초안 공지" not in made.content
    page = chair.get(f"{DESK}releases/2/")
    assert [str(change) for change in page.context["changes"]] == [
        "프로그램 · ‘서울시의 사회혁신 실험과 동북4구’ 시작 15:20 → 15:30"
    ]


def test_rows_that_changed_meanwhile_are_shown_before_they_are_published(unsigned: Conference, chair: Client) -> None:
    delay(unsigned)
    late = form().fill("설명", "이렇게 적었다")
    unsigned.sessions.filter(code="mayor").update(title="그사이 바뀐 제목")
    page = late.press(DO)
    assert (page.status, unsigned.releases.count()) == (409, 1)
    assert "‘그사이 바뀐 제목’ 제목 서울시의 사회혁신 실험과 동북4구 → 그사이 바뀐 제목" in told(page.answer)
    assert (page.press(DO).status, unsigned.releases.count()) == (302, 2)
    assert unsigned.releases.first().comment == "이렇게 적었다"


def test_a_change_in_another_section_does_not_hold_it_up(unsigned: Conference, chair: Client) -> None:
    delay(unsigned)
    late = form()
    unsigned.notices.create(title="그사이 쓴 공지")
    assert late.press(DO).status == 302


def test_a_release_made_meanwhile_is_told(unsigned: Conference, chair: Client) -> None:
    delay(unsigned)
    late = form()
    assert [late.press(DO).status for _ in "ab"] == [302, 409]
    assert unsigned.releases.count() == 2


@pytest.mark.parametrize("shown", ["", "[]", "{", "[" * 100_000, '{"base": 3}'])
def test_a_stamp_that_is_none_publishes_nothing(unsigned: Conference, chair: Client, shown: str) -> None:
    delay(unsigned)
    assert (form().tamper("shown", shown).press(DO).status, unsigned.releases.count()) == (409, 1)


def test_names_without_a_basis_are_said_and_stay_out_without_a_reason(unsigned: Conference, chair: Client) -> None:
    delay(unsigned)
    page = chair.get(PUBLISH)
    assert "확인되지 않은 사람이 있습니다: " in page.content.decode()
    assert page.context["form"].names == ["이원영", "정명훈", "우순영"]
    assert page.context["form"].initial["names_reason"] == "2015년 결과보고에 실린 이름입니다."
    without = form(reason="").press(DO)
    assert (without.status, unsigned.releases.count()) == (302, 2)
    assert "이원영" not in unsigned.releases.first().content


def test_names_are_put_up_by_one_press_and_told_as_such(unsigned: Conference, chair: Client) -> None:
    guests = [guest.person for guest in unsigned.guests.select_related("person")]
    for person in guests:  # nothing is known of them but the name
        person.kind, person.affiliation, person.job, person.name_basis = "person", "", "", "unknown"
        person.save()
    unnamed = {"presenter__kind": "person", "presenter__name_basis": "unknown"}
    talks = Presentation.objects.filter(session__conference=unsigned, **unnamed)
    releases.publish(unsigned, by=User.objects.get(username="chair"), name="성명 없이")
    page = chair.get(PUBLISH)
    by_names = {section["key"]: section["by_names"] for section in page.context["sections"]}
    by_names["programme"].sort()
    assert (told(page), "바뀐 것이 없습니다" in page.content.decode()) == ([], True)
    assert by_names == {
        "event": [f"주요 참석인사 ‘{person.name}’ 성명 공개" for person in guests],
        "programme": sorted(
            f"‘{talk.session.title}’ 발표 ‘{' '.join(filter(None, (one.name, one.affiliation, one.job)))}’ 발표자 성명 공개"
            for talk in talks
            for one in [talk.presenter]
        ),
    }
    assert (form().press(DO).status, told(chair.get(PUBLISH))) == (302, [])
    assert [name in unsigned.releases.first().content for name in ("이원영", guests[0].name)] == [True, True]
    back = [text for section in chair.get(PUBLISH).context["sections"] for text in section["by_names"]]
    assert [text.endswith("성명 비공개") or "성명 비공개 (" in text for text in back] == [True] * (
        len(guests) + len(talks)
    )


def test_somebody_of_whom_nothing_may_be_said_goes_without_a_number(unsigned: Conference, chair: Client) -> None:
    for guest in unsigned.guests.select_related("person"):
        person = guest.person
        person.kind, person.affiliation, person.job, person.name_basis = "person", "", "", "unknown"
        person.save()
    releases.publish(unsigned, by=User.objects.get(username="chair"), name="성명 없이")
    unsigned.guests.first().delete()
    assert told(chair.get(PUBLISH)) == ["주요 참석인사 ‘이름 없음’ 삭제"]


def test_a_moderator_who_is_named_is_said_with_the_name(unsigned: Conference, chair: Client) -> None:
    session = unsigned.sessions.get(code="mayor")
    session.moderator = unsigned.persons.create(name="진행 가", kind="person", name_basis="unknown")
    session.save()
    releases.publish(unsigned, by=User.objects.get(username="chair"), name="성명 없이")
    texts = [text for section in chair.get(PUBLISH).context["sections"] for text in section["by_names"]]
    assert [text for text in texts if session.title in text] == [f"‘{session.title}’ 사회 성명 공개 (진행 가)"]


@pytest.mark.parametrize(
    ("field", "bad", "error"),
    [
        ("sections", [], "공개할 부분을 하나 이상 고르세요."),
        ("sections", ["minutes"], "올바르게 선택해 주세요."),
        ("name", [""], "필수 항목입니다."),
        ("name", ["x" * 101], "최대 100 개의 글자"),
        ("name", ["\x00"], "null 문자는 사용할 수 없습니다."),
    ],
)
def test_bad_input_is_answered_in_words(unsigned: Conference, field: str, bad: list[str], error: str) -> None:
    delay(unsigned)
    page = form().fill("설명", "남는 글").tamper(field, *bad).press(DO)
    assert (page.status, unsigned.releases.count()) == (422, 1)
    assert ["남는 글" in page.text, error in page.text] == [True, True]


def test_the_first_release_needs_the_event_itself(unsigned: Conference, chair: Client) -> None:
    releases.withdraw(unsigned.releases.get(), by=User.objects.get(username="chair"))
    page = chair.get(PUBLISH)
    assert told(page) == ["처음으로 공개"] * 4 if unsigned.notices.exists() else ["처음으로 공개"] * 3
    assert form("프로그램 1건").press(DO).status == 422
    assert form("행사 안내 1건", "프로그램 1건").press(DO).status == 302
    assert sorted(json.loads(unsigned.releases.first().content)["sections"]) == ["event", "programme"]


def test_who_may_publish(unsigned: Conference) -> None:
    delay(unsigned)
    sent = dict(form().sent)
    member = unsigned.memberships.exclude(user__username="chair").first().user.username
    unsigned.memberships.filter(user__username=member).update(may_publish=False)
    assert "공개는 총괄이나 공개 권한이 있는 담당자가 합니다." in client_of(member).get(PUBLISH).content.decode()
    assert Visitor(member).post_raw(PUBLISH, sent).status == 403
    User.objects.create_user("stranger", name="밖")
    stranger = Visitor("stranger")
    assert [stranger.open(PUBLISH).status, stranger.post_raw(PUBLISH, sent).status] == [404, 404]
    assert [Client().get(PUBLISH).status_code, unsigned.releases.count()] == [302, 1]


# ── previews ────────────────────────────────────────────────────────────────────────────────────
def preview(choice: str, rest: str = "", look: str = "desk") -> str:
    return f"{PUBLISH}preview/{choice}/{look}/{rest}"


def test_a_preview_shows_the_chosen_sections_as_they_would_be(unsigned: Conference, chair: Client) -> None:
    unsigned.sessions.filter(code="mayor").update(title="새 강연 제목")
    unsigned.notices.create(title="초안 공지")
    pages = {
        path: chair.get(path)
        for path in (
            preview("programme-names", "programme/"),
            preview("programme-names", "programme/mayor/"),
            preview("event-notices"),
            preview("event", look="phone"),
            preview("expo", "exhibits/"),
        )
    }
    assert [page.status_code for page in pages.values()] == [200] * 5
    assert {page["Cache-Control"] for page in pages.values()} == {"private, no-store"}
    shown = [page.content.decode() for page in pages.values()]
    assert ["새 강연 제목" in page for page in shown] == [True, True, False, False, False]
    assert ["초안 공지" in page for page in shown] == [False, False, True, False, False]
    assert ['class="is-narrow"' in page for page in shown] == [False, False, False, True, False]
    assert [page.count("preview-bar") for page in shown] == [1] * 5
    assert unsigned.releases.count() == 1


def test_every_link_of_a_preview_stays_in_it(unsigned: Conference, chair: Client) -> None:
    root = preview("event-programme-expo-notices-names")
    seen, to_see = set(), {root}
    while to_see:
        path = to_see.pop()
        page = chair.get(path)
        assert (path, page.status_code) == (path, 200)
        seen.add(path)
        if not page["Content-Type"].startswith("text/html"):
            continue  # a feed
        body = page.content.decode().split("</aside>", 1)[1]
        links = {link.partition("#")[0] for link in re.findall(r'<a [^>]*href="(/[^"]*)"', body)}
        assert {link for link in links if link.startswith("/dongbuk4")} == set()
        to_see |= {link for link in links if link.startswith(root)} - seen
        for picture in re.findall(r'<img src="(/desk/[^"]*)"', body):
            assert chair.get(picture).status_code == 200
    assert len(seen) > 8


def test_an_english_preview(chair: Client) -> None:
    page = chair.get(preview("event", "programme/", look="phone-en")).content.decode()
    assert ['<html lang="en">' in page, "Programme" in page] == [True, True]


@pytest.mark.parametrize("path", ["nothing/desk/", "event/wide/", "event/desk/nothing/", "event/desk/../../"])
def test_there_is_no_other_preview(chair: Client, path: str) -> None:
    assert chair.get(f"{PUBLISH}preview/{path}").status_code == 404


def test_previews_and_their_pictures_are_for_members(unsigned: Conference) -> None:
    Photo.objects.filter(conference=unsigned).update(may_be_public=False)
    picture = f"{PUBLISH}files/{unsigned.photos.first().file.digest}"
    User.objects.create_user("stranger", name="밖")
    paths = [preview("event"), preview("event", "programme/"), picture]
    assert [client_of("chair").get(path).status_code for path in paths] == [200] * 3
    assert [client_of("stranger").get(path).status_code for path in paths] == [404] * 3
    assert [Client().get(path).status_code for path in paths] == [302] * 3
    assert client_of("chair").get(f"{PUBLISH}files/{'0' * 64}").status_code == 404


def test_the_preview_button_leads_to_what_is_chosen(unsigned: Conference, chair: Client) -> None:
    delay(unsigned)
    page = form().fill("공개본 이름", "").press("미리보기(새 창)")
    assert page.answer["Location"] == preview("programme-names")
    assert unsigned.releases.count() == 1


# ── the record ──────────────────────────────────────────────────────────────────────────────────
def test_a_release_keeps_its_pages(unsigned: Conference, chair: Client) -> None:
    unsigned.sessions.filter(code="mayor").update(title="새 강연 제목")
    releases.publish(unsigned, by=User.objects.get(username="chair"), name="2차", names_reason=REASON)
    pages = [chair.get(f"{DESK}releases/{number}/desk/programme/mayor/") for number in (1, 2, 3)]
    assert [page.status_code for page in pages] == [200, 200, 404]
    assert ["새 강연 제목" in page.content.decode() for page in pages] == [False, True, False]
    picture = unsigned.photos.first().file.digest
    assert chair.get(f"{DESK}releases/1/desk/files/{picture}")["Cache-Control"] == "private, no-store"


def test_withdrawing_asks_first_and_the_one_before_is_in_force_again(unsigned: Conference, chair: Client) -> None:
    delay(unsigned)
    releases.publish(unsigned, by=User.objects.get(username="chair"), name="잘못", names_reason=REASON)
    page = Visitor("chair").open(f"{DESK}releases/2/withdraw/")
    assert "그 앞의 공개본 1 ‘2015년 프로그램’을(를) 다시" in page.text
    assert unsigned.releases.filter(withdrawn_at=None).count() == 2
    assert [page.press("철회").status for _ in "ab"] == [302, 409]
    assert "<h1>이미 철회하신 공개본입니다.</h1>" in page.press("철회").text
    listed = chair.get(f"{DESK}releases/").context["releases"]
    assert [(row["release"].number, row["is_in_force"]) for row in listed] == [(2, False), (1, True)]
    assert "아무것도 보이지 않습니다" in chair.get(f"{DESK}releases/1/withdraw/").content.decode()


def test_what_was_withdrawn_is_not_carried_over(unsigned: Conference, chair: Client) -> None:
    unsigned.sessions.filter(code="mayor").update(title="잘못 낸 제목")
    user = User.objects.get(username="chair")
    releases.withdraw(releases.publish(unsigned, by=user, name="잘못", names_reason=REASON), by=user)
    unsigned.notices.create(title="공지")
    made = releases.publish(unsigned, by=user, name="공지", sections=["notices"])
    assert [made.number, "잘못 낸 제목" in made.content, "공지" in made.content] == [3, False, True]


def test_only_who_publishes_withdraws(unsigned: Conference) -> None:
    member = unsigned.memberships.exclude(user__username="chair").first()
    type(member).objects.filter(pk=member.pk).update(may_publish=False)
    page = f"{DESK}releases/1/withdraw/"
    client = client_of(member.user.username)
    assert [client.get(page).status_code, client.post(page).status_code] == [200, 403]
    assert Release.objects.get().withdrawn_at is None
