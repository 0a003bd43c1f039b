"""당일 운영: its pages, who may do what on them, and what visitors see afterwards."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from conference.models import Conference, Room
from korean.dates import SEOUL
from publishing import releases
from sessions import timetable, today
from sessions.models import DayChange, RoomUse, Session
from sessions.views import day_forms
from tests import hostile_input
from tests.forms import Upload
from tests.sessions.day_helpers import act_params, live, released, rooms
from tests.visitor import Page, Visitor, picture

TODAY = "/desk/dongbuk4-2015/today/"
MAYOR = f"{TODAY}mayor/"


def client_of(username: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=username))
    return client


@pytest.fixture
def _on_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is 15:10, ten minutes before the session of every test: its page has every act."""
    monkeypatch.setattr(timezone, "now", lambda: datetime(2015, 11, 24, 15, 10, tzinfo=SEOUL))


# ── the pages ───────────────────────────────────────────────────────────────────────────────────
def test_the_first_day_is_shown_when_today_is_none(unsigned: Conference) -> None:
    page = client_of("chair").get(TODAY)
    assert (page.status_code, str(page.context["day"])) == (200, "2015-11-24")
    assert sum(len(rows) for _label, rows in page.context["groups"]) == unsigned.sessions.count()
    assert client_of("chair").get(f"{TODAY}?day=9999-99-99").status_code == 200


@pytest.mark.parametrize(
    ("username", "address"),
    [
        ("chair", f"{TODAY}?done="),
        ("chair", "/desk/dongbuk4-2015/people/?q="),
        ("admin", "/desk/accounts/?q="),
        ("wook", "/desk/dongbuk4-2015/reports/1/line/?q="),
    ],
)
def test_no_nul_of_an_address_reaches_a_query(unsigned: Conference, username: str, address: str) -> None:
    with hostile_input.no_nul_is_asked_for():
        answers = [client_of(username).get(f"{address}{text}") for text in ("%00", "a%00b")]
    assert [answer.status_code for answer in answers] == [200, 200]


def test_before_the_days_of_the_event_its_acts_are_said_to_reach_visitors(unsigned: Conference) -> None:
    early = "아직 행사 날이 아닙니다."
    assert early not in client_of("chair").get(TODAY).content.decode()
    start = timezone.now() + timedelta(days=100)
    Conference.objects.update(starts_at=start, ends_at=start + timedelta(days=1))
    assert early in client_of("chair").get(TODAY).content.decode()


def test_what_runs_now_stands_on_top(unsigned: Conference, chair: User) -> None:
    now = timezone.now()
    shift = now - live(unsigned).starts_at - timedelta(minutes=1)
    for row in unsigned.sessions.all():
        Session.objects.filter(pk=row.pk).update(starts_at=row.starts_at + shift, ends_at=row.ends_at + shift)
    day = live(unsigned).starts_at.astimezone(SEOUL).date().isoformat()
    groups = client_of("chair").get(f"{TODAY}?day={day}").context["groups"]
    label, rows = groups[0]
    assert (str(label), "mayor" in {row["session"].code for row in rows}) == ("지금", True)
    assert {row["next_act"] for row in rows if row["session"].code == "mayor"} == {"start"}
    early, late = (Visitor("chair").open(MAYOR) for _ in "ab")
    assert (early.press("시작").status, live(unsigned).actual_starts_at is None) == (302, False)
    page = late.press("시작")
    assert (page.status, "이미 시작한 세션입니다." in page.text) == (422, True)


def test_ten_minutes_are_one_tap_with_the_way_back_beside_it(unsigned: Conference, chair: User) -> None:
    before = timezone.now().replace(microsecond=0) + timedelta(hours=1)
    Session.objects.update(starts_at=before, ends_at=before + timedelta(minutes=15))
    day = before.astimezone(SEOUL).date().isoformat()
    visitor = Visitor("chair")
    tap = visitor.open(f"{TODAY}?day={day}").form(f"10분 지연 {live(unsigned).title}")
    page = tap.press().follow()
    assert live(unsigned).starts_at - before == timedelta(minutes=10)
    change = DayChange.objects.get()
    assert page.tree.xpath("string(//*[@role='status']/p)") == f"‘{live(unsigned).title}’ 10분 지연"
    assert tap.press().follow().status == 200  # the back button, and the same tap once more
    assert DayChange.objects.count() == 1
    back = page.tree.xpath("//*[@role='status']//form")[0].get("action")
    assert back == f"{TODAY}undo/{change.pk}/"
    after = next(form for form in page.forms if form.action == back).press("되돌리기").follow()
    assert (live(unsigned).starts_at, after.tree.xpath("//*[contains(@class, 'done')]")) == (before, [])
    assert visitor.open(page.path).tree.xpath("//*[contains(@class, 'done')]") == []


def test_one_choice_replaces_the_room_and_several_are_a_second_step(unsigned: Conference, chair: User) -> None:
    now = timezone.now()
    Session.objects.update(starts_at=now, ends_at=now + timedelta(hours=1))
    RoomUse.objects.update(starts_at=now, ends_at=now + timedelta(hours=1), is_deliberate=True)
    visitor, old = Visitor("chair"), live(unsigned).room_uses.get().room
    one = visitor.open(MAYOR).form("장소 변경 공개")
    assert one.fields["rooms"].values == []
    assert str(old.pk) not in one.fields["rooms"].choices
    new = next(room for room in rooms(unsigned) if room.pk != old.pk and str(room.pk) in one.fields["rooms"].choices)
    assert one.fill(str(new), True).press().status == 302
    assert [use.room_id for use in live(unsigned).room_uses.all()] == [new.pk]
    several = visitor.open(MAYOR).form("고른 장소들로 변경 공개")
    assert several.fields["rooms"].values == [str(new.pk)]
    assert several.fill(str(old), True).press().status == 302
    assert {use.room_id for use in live(unsigned).room_uses.all()} == {new.pk, old.pk}


def test_a_room_that_is_held_says_by_what_and_stands_last(unsigned: Conference, chair: User) -> None:
    row, (free, held, *_rest) = live(unsigned), rooms(unsigned)
    row.room_uses.all().delete()
    other = unsigned.sessions.create(kind="talk", title="다른 강연", starts_at=row.starts_at, ends_at=row.ends_at)
    RoomUse.objects.filter(room__in=[free, held]).delete()
    timetable.set_rooms(other, rooms=[held], by=chair)
    labels = [str(label) for _pk, label in day_forms.OneRoomForm(session=live(unsigned)).fields["rooms"].widget.choices]
    assert labels.index(str(free)) < labels.index(f"{held} (사용 중: 다른 강연)") == len(labels) - 1


@pytest.mark.usefixtures("_on_the_day")
def test_acts_by_form(unsigned: Conference) -> None:
    visitor = Visitor("chair")
    acts = [
        ("지연 공개", {"얼마나": "10분", "함께 늦출 세션": "뒤에 있는 모든 세션도"}),
        ("장소 변경 공개", {"새 장소": str(rooms(unsigned)[0])}),
        ("인원 저장", {"참석 인원(명)": "35"}),
        ("세션 취소 공개", {}),
    ]
    for button, typed in acts:
        assert (button, visitor.open(MAYOR).form(button).fill_all(typed).press(button).status) == (button, 302)
    assert [change.kind for change in DayChange.objects.order_by("pk")] == ["delay", "place", "count", "cancel"]
    found = released(unsigned)
    assert [found["is_cancelled"], sorted(found["was"])] == [True, ["ends_at", "rooms", "starts_at"]]
    for change in DayChange.objects.all():
        assert visitor.open(TODAY).form(action=f"{TODAY}undo/{change.pk}/").press("되돌리기").status == 302
    assert sorted({"was", "is_cancelled"} & set(released(unsigned))) == []
    assert DayChange.objects.filter(undone_at=None).count() == 0


@pytest.mark.usefixtures("_on_the_day")
@pytest.mark.parametrize(
    ("button", "field", "bad"),
    [
        ("지연 공개", "minutes", "-10"),
        ("지연 공개", "also", "year"),
        ("지연 공개", "form_key", ""),
        ("지연 공개", "form_key", "x" * 65),
        ("지연 공개", "minutes", "\x00"),
        ("장소 변경 공개", "rooms", ""),
        ("장소 변경 공개", "rooms", "999999"),
        ("장소 변경 공개", "rooms", "x"),
        ("장소 변경 공개", "rooms", "9" * 20),
        ("인원 저장", "headcount", "-1"),
        ("인원 저장", "headcount", "많음"),
        ("인원 저장", "headcount", "100000"),
    ],
)
def test_bad_input_changes_nothing(unsigned: Conference, button: str, field: str, bad: str) -> None:
    page = Visitor("chair").open(MAYOR).form(button).tamper(field, bad).press(button)
    assert (page.status, DayChange.objects.count(), unsigned.releases.count()) == (422, 0, 1)


def test_what_is_no_act_is_not_there(unsigned: Conference) -> None:
    assert client_of("chair").post(f"{MAYOR}nothing/").status_code == 404


@pytest.mark.usefixtures("_on_the_day")
def test_a_room_of_another_conference_is_not_offered(unsigned: Conference) -> None:
    times = {"starts_at": unsigned.starts_at, "ends_at": unsigned.ends_at}
    other = Conference.objects.create(slug="other", title="다른 행사", **times)
    room = other.venues.create(name="다른 집").rooms.create(name="1호", kind=Room.Kind.NUMBERED)
    form = Visitor("chair").open(MAYOR).form("장소 변경 공개").tamper("rooms", room.pk)
    assert (form.press("장소 변경 공개").status, DayChange.objects.count()) == (422, 0)
    assert client_of("chair").get("/desk/other/today/mayor/").status_code == 404


def test_who_may_do_what(unsigned: Conference, chair: User) -> None:
    """Editors note what happens, whoever publishes tells visitors, a host desk notes it for its own session."""
    unsigned.memberships.filter(role="editor").update(may_publish=False)
    editor = unsigned.memberships.filter(role="editor").first().user.username
    social = unsigned.sessions.get(code="social-economy")
    host = social.topic.topic_offices.get(district=social.topic.host).officer or User.objects.get(username="seongbuk")
    social.topic.topic_offices.filter(district=social.topic.host).update(officer=host)
    unsigned.memberships.filter(user=host).delete()
    reader = User.objects.create_user("reader", name="열람")
    unsigned.memberships.create(user=reader, role="reader")
    User.objects.create_user("stranger", name="밖")

    def answers(username: str, code: str) -> list[int]:
        visitor, place = Visitor(username), f"{TODAY}{code}/"
        pages = [
            visitor.open(TODAY),
            visitor.open(place),
            visitor.post_raw(f"{place}count/", {"form_key": uuid4().hex, "headcount": "3"}),
            visitor.post_raw(f"{place}photos/"),
            visitor.post_raw(f"{place}delay/", {"form_key": uuid4().hex, "minutes": "x"}),
        ]
        return [page.status for page in pages]

    assert {
        who: answers(who, code)
        for who, code in {
            "chair": "mayor",
            editor: "mayor",
            host.username: "mayor",
            "reader": "mayor",
            "stranger": "mayor",
        }.items()
    } == {
        "chair": [200, 200, 302, 302, 422],
        editor: [200, 200, 302, 302, 403],
        host.username: [200, 200, 403, 403, 403],
        "reader": [200, 200, 403, 403, 403],
        "stranger": [404, 404, 404, 404, 404],
    }
    assert answers(host.username, "social-economy") == [200, 200, 302, 302, 403]
    change = today.cancel(live(unsigned), **act_params(chair))
    undo = f"{TODAY}undo/{change.pk}/"
    assert [client_of(who).post(undo).status_code for who in (editor, "reader", "stranger")] == [403, 403, 404]
    assert [client_of("chair").get(undo).status_code, client_of("chair").get(f"{MAYOR}cancel/").status_code] == [
        405,
        405,
    ]
    assert Client().get(TODAY).status_code == 302


def uploaded(*files: Upload) -> Page:
    form = Visitor("chair").open(MAYOR).form("사진 올리기")
    return form.fill("이 세션의 사진", list(files)).press("사진 올리기")


def test_photos_come_to_the_session(unsigned: Conference) -> None:
    before = live(unsigned).photos.count()
    page = uploaded(Upload("IMG_2.jpg", b"no picture"), picture("IMG_1.jpg"))
    assert page.messages == ["IMG_2.jpg: 사진이 아닙니다. JPEG나 PNG 사진만 받습니다.", "사진 1장을 올렸습니다."]
    assert live(unsigned).photos.count() == before + 1


def test_photos_can_be_taken_back(unsigned: Conference) -> None:
    def added(colour: str) -> DayChange:
        assert uploaded(picture(f"{colour}.jpg", colour)).status == 302
        return live(unsigned).day_changes.first()

    def said(change: DayChange) -> str:
        form = Visitor("chair").open(TODAY).form(action=f"{TODAY}undo/{change.pk}/")
        return form.press("되돌리기").messages[-1]

    before = unsigned.photos.count()
    done = added("navy")
    assert (done.text, unsigned.photos.count()) == ("사진 1장", before + 1)
    assert said(done) == "되돌렸습니다: ‘서울시의 사회혁신 실험과 동북4구’ 사진 1장"
    assert (unsigned.photos.count(), unsigned.deleted_rows.get().title) == (before, "navy.jpg")
    done = added("green")
    unsigned.photos.get(file__name="green.jpg").save()  # somebody wrote its caption
    assert said(done).startswith("‘green.jpg’이(가) 그 뒤에 다시 바뀌어 되돌릴 수 없습니다.")
    assert (unsigned.photos.count(), live(unsigned).day_changes.first().undone_at) == (before + 1, None)


# ── what visitors see ───────────────────────────────────────────────────────────────────────────
def test_visitors_see_what_changed(unsigned: Conference, chair: User) -> None:
    today.delay(live(unsigned), minutes=10, **act_params(chair))
    today.cancel(live(unsigned, "social-economy"), **act_params(chair))
    today.move(live(unsigned, "urban-regeneration"), rooms=rooms(unsigned)[-1:], **act_params(chair))
    releases.clear_cache()
    pages = {
        code: Client().get(f"/dongbuk4-2015/programme/{code}").content.decode()
        for code in ("", "mayor/", "social-economy/", "urban-regeneration/")
    }
    words = ("10분 지연", ">취소<", ">장소 변경<", "<s>")
    assert {code: [page.count(word) for word in words] for code, page in pages.items()} == {
        "": [2, 2, 2, 2],  # in the list, and in the table of rooms
        "mayor/": [1, 0, 0, 1],
        "social-economy/": [0, 1, 0, 0],
        "urban-regeneration/": [0, 0, 1, 0],
    }
    assert "15:30" in pages["mayor/"]


def test_a_release_of_before_has_no_marks(unsigned: Conference) -> None:
    page = Client().get("/dongbuk4-2015/programme/").content.decode()
    assert [page.count('class="marks"'), page.count("<s>")] == [0, 0]


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_at_every_width_nothing_scrolls_sideways(unsigned: Conference, chair: User, browse) -> None:
    today.delay(live(unsigned), minutes=10, also=today.WHOLE_DAY, **act_params(chair))
    today.cancel(live(unsigned, "social-economy"), **act_params(chair))
    today.move(live(unsigned, "urban-regeneration"), rooms=rooms(unsigned)[-1:], **act_params(chair))
    releases.clear_cache()
    wide = {}
    for size in ("phone", "tablet", "desk"):
        page = browse(size)
        for path in ("", "programme/", "programme/mayor/", "programme/social-economy/"):
            page.goto(f"/dongbuk4-2015/{path}")
            wide[size, path] = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert page.get_by_text("취소", exact=True).count() == 1
    assert wide == dict.fromkeys(wide, 0)
