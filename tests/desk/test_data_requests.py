"""제출 요청: asked by mail, reminded of only what is missing, once a step; changed, withdrawn, copied."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client

from accounts.models import Mail, User
from conference import trash
from conference.models import Conference
from desk import data_requests, reschedule
from desk.models import DataRequest
from korean.dates import format_full_day
from sessions.models import Presentation
from tests.forms import Form
from tests.visitor import Visitor

SAVE = "고친 요청 보내기"
BASE = "/desk/dongbuk4-2015/calls/"
DUE = date(2015, 11, 18)
NOTE = "발표자료는 PDF로 올려 주세요."


def signed_in(username: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=username))
    return client


@pytest.fixture
def day(monkeypatch):
    """Let it be so many days before DUE in Seoul."""

    def set_(days: int) -> None:
        monkeypatch.setattr(data_requests, "today", lambda: DUE - timedelta(days=days))

    set_(20)
    return set_


@pytest.fixture
def conference(unsigned: Conference) -> Conference:
    """With mail addresses: the example's accounts have none."""
    for user in User.objects.filter(topic_offices__topic__conference=unsigned):
        User.objects.filter(pk=user.pk).update(mail=f"{user.username}@example.test")
    return unsigned


@pytest.fixture
def data_request(conference, day) -> DataRequest:
    """성북구 is asked for 요지 (there) and 자료 (missing)."""
    district = conference.districts.get(name="성북구")
    asked = data_requests.DataRequestInput(["points", "materials"], DUE, NOTE)
    made = data_requests.create(conference, asked, districts=[district], by=User.objects.get(username="chair"))
    Mail.objects.all().delete()
    return made[0]


def mails() -> list[tuple[str, str]]:
    return list(Mail.objects.order_by("pk").values_list("to", "subject"))


def test_asking_several_districts_at_once(conference, day):
    form = Visitor("chair").open(f"{BASE}new/").form("요청 보내기")
    form.fill("자치구", ["성북구", "노원구"]).fill("제출할 것", ["요지", "자료"])
    page = form.fill("제출기한", "2015-11-18").fill("안내", NOTE).press("요청 보내기")
    assert page.messages == ["2개 자치구에 제출을 요청했습니다."]
    assert list(conference.data_requests.values_list("district__name", "items", "due", "note", "reminded")) == [
        ("성북구", ["points", "materials"], DUE, NOTE, None),
        ("노원구", ["points", "materials"], DUE, NOTE, None),
    ]
    subject = "[제출 요청] 동북4구 지역혁신 컨퍼런스: 2015. 11. 18.(수)까지"
    assert mails() == [("seongbuk@example.test", subject), ("nowon@example.test", subject)]
    assert Mail.objects.first().text.splitlines() == [
        "성북구 담당자께: ‘동북4구 지역혁신 컨퍼런스’ 자료를 2015. 11. 18.(수)까지 입력해 주십시오.",
        "",
        "아직 없는 것:",
        "- 자료",
        "",
        f"안내: {NOTE}",
        "",
        "입력하는 곳: http://localhost:8000/desk/dongbuk4-2015/",
    ]


def test_an_officer_of_two_desks_gets_one_mail(conference, day):
    district = conference.districts.get(name="도봉구")
    data_requests.create(
        conference,
        data_requests.DataRequestInput(["points"], DUE),
        districts=[district],
        by=User.objects.get(username="chair"),
    )
    assert district.topic_offices.count() == 2
    assert [to for to, _subject in mails()] == ["dobong@example.test"]


@pytest.mark.parametrize(
    ("days", "reminded", "step"),
    [
        (20, None, None),
        (7, None, 7),
        (5, 7, None),
        (5, None, 7),
        (3, 7, 3),
        (2, 7, 3),
        (0, 3, 0),
        (0, None, 0),
        (-1, 3, None),
    ],
)
def test_which_reminder_is_owed(data_request, day, days, reminded, step):
    """Of a worker that was away for days only the newest goes out; after the day, none."""
    DataRequest.objects.update(reminded=reminded)
    day(days)
    assert [found.pk for found in data_requests.pending_reminders()] == ([] if step is None else [data_request.pk])
    assert data_requests.send_reminders() == (step is not None)
    assert DataRequest.objects.get().reminded == (reminded if step is None else step)
    assert data_requests.send_reminders() == 0


def test_a_reminder_names_what_is_missing_now_and_is_left_out_when_nothing_is(data_request, day, conference):
    day(3)
    assert data_requests.send_reminders() == 1
    assert mails() == [("seongbuk@example.test", "[제출 요청 알림] 동북4구 지역혁신 컨퍼런스: 3일 남음")]
    talk = Presentation.objects.get(district__name="성북구", session__conference=conference)
    talk.materials.add(conference.files.first())
    day(0)
    assert (data_requests.send_reminders(), DataRequest.objects.get().reminded, Mail.objects.count()) == (0, 0, 1)


def test_on_the_day_itself(data_request, day):
    day(0)
    data_requests.send_reminders()
    assert mails() == [("seongbuk@example.test", "[제출 요청 알림] 동북4구 지역혁신 컨퍼런스: 오늘까지")]


def test_a_call_made_late_is_not_reminded_of_at_once(conference, day):
    day(5)
    district = conference.districts.get(name="성북구")
    data_requests.create(
        conference,
        data_requests.DataRequestInput(["materials"], DUE),
        districts=[district],
        by=User.objects.get(username="chair"),
    )
    assert (data_requests.send_reminders(), Mail.objects.count()) == (0, 1)


def test_the_page_shows_what_is_missing_and_the_text_to_copy(data_request, day):
    page = signed_in("seongbuk").get(BASE).content.decode()
    assert page.count("data-copy") == 1
    assert f"{format_full_day(DUE)}까지 입력해 주십시오." in page
    assert ("기한 지남" in page, "새 제출 요청" in page, "거두기" in page) == (False, False, False)
    day(-1)
    assert "기한 지남" in signed_in("chair").get(BASE).content.decode()


def change(data_request: DataRequest, note: str = "") -> Form:
    form = Visitor("chair").open(f"{BASE}{data_request.pk}/").form(SAVE)
    return form.fill("제출할 것", "사진").fill("제출기한", "2015-11-20").fill("안내", note)


def test_changing_a_call_tells_the_officers(data_request, day):
    assert f'value="{DUE}"' in signed_in("chair").get(f"{BASE}{data_request.pk}/").content.decode()
    assert change(data_request).press(SAVE).status == 302
    now = DataRequest.objects.get()
    assert (now.items, now.due, now.note, now.version) == (["photos"], date(2015, 11, 20), "", 1)
    assert mails() == [("seongbuk@example.test", "[제출 요청 변경] 동북4구 지역혁신 컨퍼런스: 2015. 11. 20.(금)까지")]


def test_calls_that_move_with_the_event_read_it_once(conference, day, monkeypatch):
    districts = list(conference.districts.all())
    chair = User.objects.get(username="chair")
    made = data_requests.create(
        conference, data_requests.DataRequestInput(["points"], DUE), districts=districts, by=chair
    )
    Mail.objects.all().delete()
    reads, read = [], data_requests.measure
    monkeypatch.setattr(data_requests, "measure", lambda conference: reads.append(conference) or read(conference))
    reschedule.move_selected(conference, [row.key for row in reschedule.related_dates(conference)], days=7, by=chair)
    assert (len(made) > 1, len(reads)) == (True, 1)
    assert {row.due for row in DataRequest.objects.all()} == {DUE + timedelta(days=7)}
    assert all("변경" in subject for _to, subject in mails())
    assert len(mails()) > 1


def test_the_second_of_two_people_is_told_and_keeps_what_was_typed(data_request, day):
    first, second = change(data_request, "먼저"), change(data_request, "나중")
    first.press(SAVE)
    page = second.press(SAVE)
    assert (page.status, DataRequest.objects.get().note) == (409, "먼저")
    assert [text in page.text for text in ("다른 사람이 먼저 저장했습니다", "먼저", "나중")] == [True] * 3
    assert (page.press("고른 대로 저장").status, DataRequest.objects.get().note) == (302, "나중")


def test_what_each_of_two_people_ticked_is_a_choice(data_request, day):
    late = change(data_request, "나중").fill("제출할 것", ["요지", "자료"])
    change(data_request).fill("제출할 것", ["사진", "자료"]).press(SAVE)
    page = late.press(SAVE)
    page.form("고른 대로 저장").tamper("pick:items", "theirs").press("고른 대로 저장")
    now = DataRequest.objects.get()
    assert (now.items, now.note) == (["materials", "photos"], "나중")


def test_withdrawing_can_be_undone(data_request, day):
    assert (Visitor("chair").open(BASE).press("거두기: 성북구").status, DataRequest.objects.count()) == (302, 0)
    assert mails() == [("seongbuk@example.test", "[제출 요청 거둠] 동북4구 지역혁신 컨퍼런스")]
    trash.restore(data_request.conference.deleted_rows.get(), by=User.objects.get(username="chair"))
    assert DataRequest.objects.get().items == ["points", "materials"]


@pytest.mark.parametrize(
    ("username", "may_look", "may_ask"),
    [("chair", 200, 200), ("admin", 200, 200), ("wook", 200, 200), ("seongbuk", 200, 403), ("heedong", 404, 404)],
)
def test_who_may(data_request, day, username, may_look, may_ask):
    client = signed_in(username)
    found = [client.get(BASE), client.get(f"{BASE}new/"), client.get(f"{BASE}{data_request.pk}/")]
    assert [answer.status_code for answer in found] == [may_look, may_ask, may_ask]
    if may_ask != 200:
        assert client.post(f"{BASE}{data_request.pk}/withdraw/").status_code == may_ask
        sent = {"items": "photos", "due": "2015-11-20", "note": "", "version": data_request.version}
        assert Visitor(username).post_raw(f"{BASE}{data_request.pk}/", sent).status == may_ask
    assert DataRequest.objects.get().version == 0


def test_a_stranger_and_another_conference(data_request, day):
    assert Client().get(BASE).status_code == 302
    other = Conference.objects.create(
        slug="two", title="둘", starts_at=data_request.conference.starts_at, ends_at=data_request.conference.ends_at
    )
    assert signed_in("admin").get(f"/desk/two/calls/{data_request.pk}/").status_code == 404
    foreign = data_request.conference.districts.first().pk
    for key in (foreign, "9" * 20):
        form = Visitor("admin").open("/desk/two/calls/new/").form("요청 보내기").tamper("districts", key)
        page = form.fill("제출할 것", "요지").fill("제출기한", "2015-11-18").press("요청 보내기")
        assert (page.status, "목록에 없는 것을 골랐습니다." in page.text) == (422, True)
    assert other.data_requests.count() == 0
    assert signed_in("chair").get(f"{BASE}{data_request.pk}/withdraw/").status_code == 405


@pytest.mark.parametrize(
    ("field", "bad", "error"),
    [
        ("items", (), "필수 항목입니다."),
        ("items", ["unknown"], "올바르게 선택해 주세요."),
        ("due", ["2015-10-01"], "오늘이나 그 뒤의 날짜를 적어 주세요."),
        ("due", ["9999-12-31"], "너무 먼 날짜입니다. 연도를 확인해 주세요."),
        ("due", ["0000-01-01"], "올바른 날짜를 입력하세요."),
        ("note", ["\u202e뒤집힌 글"], "쓸 수 없는 문자(U+202E)가 들어 있습니다."),
        ("note", ["가" * 2001], "이 값이 최대 2000 개의 글자인지 확인하세요"),
    ],
)
def test_bad_input_is_told_at_its_field(data_request, day, field, bad, error):
    page = change(data_request).tamper(field, *bad).press(SAVE)
    assert (page.status, error in page.text, DataRequest.objects.get().version) == (422, True, 0)
