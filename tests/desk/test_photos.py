"""The photo pool: who takes pictures in, who describes them, and what each page answers."""

from __future__ import annotations

import fcntl
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from conference import permissions
from conference.models import Conference, Photo
from conference.uploads import images, photos
from exhibits.models import Exhibitor
from publishing import releases
from tests.conference.test_photos import jpeg
from tests.forms import Form, Upload
from tests.sheets.table_page import TablePage
from tests.visitor import Page, Visitor

POOL = "/desk/dongbuk4-2015/photos/"
ADD = "올리기"
LABELS = {"사진 설명": "개회식", "대체 텍스트": "무대와 청중", "단계": "행사", "인물": "군중", "동의": "필요 없음"}
SAID = {"caption": "개회식", "alt": "무대와 청중", "stage": "event", "people": "crowd", "consent": "not_needed"}


def signed_in(username: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=username))
    return client


@pytest.fixture
def pool(unsigned: Conference) -> list[Photo]:
    """Three pictures: 강북구's, 성북구's and everybody's."""
    wook = User.objects.get(username="wook")
    districts = {row.name: row for row in unsigned.districts.all()}
    owners = {"navy": districts["강북구"], "teal": districts["성북구"], "gold": None}
    return [
        photos.add(unsigned, content=jpeg(colour), name=f"{colour}.jpg", by=wook, district=district)
        for colour, district in owners.items()
    ]


def pool_form(username: str = "chair", query: str = "") -> Form:
    """The form of all pictures; navy.jpg is the first of the three of the fixture."""
    return Visitor(username).open(f"{POOL}{query}").form("저장")


def described(typed: dict[str, Any]) -> Form:
    """The same, with words typed of navy.jpg."""
    return pool_form().fill_all(typed, within="navy.jpg")


def errors(page: Page, photo: Photo) -> dict[str, list[str]]:
    return next(line["form"].errors for line in page.answer.context["lines"] if line["row"] == photo)


def screen(username: str = "chair", query: str = "") -> TablePage:
    return TablePage(signed_in(username), f"{POOL}{query}")


def attached(username: str, *files: Upload) -> Form:
    return Visitor(username).open(POOL).form(ADD).fill("사진 파일", list(files))


def sent_by_script(content: bytes) -> Page:
    """static/js/upload.js sends one after the other, and reads why not."""
    sent = {"pictures": SimpleUploadedFile("a.jpg", content)}
    return Visitor("chair").post_raw(f"{POOL}add/", sent, headers={"accept": "application/json"})


def test_everybody_of_the_conference_sees_the_pool_and_edits_his_own(pool: list[Photo]) -> None:
    count = Photo.objects.count()
    role = permissions.role_in(User.objects.get(username="wook"), pool[0].conference)
    shown = {name: screen(name).answer.context["lines"] for name in ("chair", "admin", "seongbuk")}
    mine = {name: sum(line["is_editable"] for line in lines) for name, lines in shown.items()}
    assert (role, {name: len(lines) for name, lines in shown.items()}) == ("editor", dict.fromkeys(shown, count))
    assert mine == {"chair": count, "admin": count, "seongbuk": 1}
    reader = User.objects.create_user("reader", name="열람", position="주무관")
    pool[0].conference.memberships.create(user=reader, role="reader")
    page = Visitor("reader").open(POOL)
    assert ([form for form in page.forms if form.element.get("enctype")], "고르기" in page.text) == ([], False)


def test_strangers_find_nothing(pool: list[Photo]) -> None:
    User.objects.create_user("outsider", name="도봉구 담당", position="주무관")
    client = signed_in("outsider")
    address = f"{POOL}{pool[0].file.digest}"
    assert [client.get(url).status_code for url in (POOL, address)] == [404, 404]
    assert [client.get(f"{POOL[:-1]}.xlsx").status_code] == [404]
    assert [client.post(f"{POOL}{name}").status_code for name in ("", "add/")] == [404, 404]
    assert Client().get(POOL).status_code == 302


def test_get_changes_nothing(pool: list[Photo]) -> None:
    client = signed_in("chair")
    assert (client.get(f"{POOL}add/").status_code, client.post(f"{POOL[:-1]}.xlsx").status_code) == (405, 405)


def test_many_at_once_each_for_itself(unsigned: Conference) -> None:
    good = [Upload(f"IMG_{n}.jpg", jpeg(colour)) for n, colour in enumerate(("navy", "teal", "gold"))]
    bad = [Upload("IMG_7.jpg", b"no picture"), Upload("a.gif", b"GIF89a"), Upload("IMG_9.jpg", jpeg("navy"))]
    before = unsigned.photos.count()
    page = attached("chair", *good[:2], *bad, good[2]).press(ADD)
    assert (page.follow().status, unsigned.photos.count()) == (200, before + 3)
    assert page.messages == [
        (
            "6장 가운데 3장을 올렸습니다.\n"
            "IMG_7.jpg: 사진이 아닙니다. JPEG나 PNG 사진만 받습니다.\n"
            "a.gif: 사진이 아닙니다. JPEG나 PNG 사진만 받습니다.\n"
            "IMG_9.jpg: 이미 올린 사진입니다: IMG_0.jpg"
        )
    ]


def test_nothing_chosen_is_told(unsigned: Conference) -> None:
    assert Visitor("chair").open(POOL).press(ADD).messages == ["올릴 사진을 골라 주세요."]


def test_a_script_sends_one_and_reads_why_not(unsigned: Conference) -> None:
    sent = [sent_by_script(content) for content in (jpeg(), b"", b"text")]
    assert [(page.status, page.answer.json()["refused"]) for page in sent] == [
        (201, []),
        (422, ["a.jpg: 빈 파일입니다. 사진이 다 옮겨졌는지 확인해 주세요."]),
        (422, ["a.jpg: 사진이 아닙니다. JPEG나 PNG 사진만 받습니다."]),
    ]


def test_a_full_disk_is_told_and_leaves_nothing(unsigned: Conference, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(content: bytes) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("conference.uploads.storage.store", full)
    before = unsigned.photos.count()
    [said] = attached("chair", Upload("a.jpg", jpeg())).press(ADD).messages
    assert "a.jpg: 지금 저장하지 못했습니다. 잠시 뒤에 다시 올려 주세요." in said
    assert (sent_by_script(jpeg()).status, unsigned.photos.count()) == (507, before)  # it offers to send it again


def test_a_script_is_told_when_to_come_again(unsigned: Conference, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "WAIT", 0.1)
    unknown = jpeg("olive", size=(41, 29))  # what the process has seen before needs no child
    before = unsigned.photos.count()
    with (settings.DATA / "pictures.lock").open("ab") as lock:  # as another process holds it
        fcntl.flock(lock, fcntl.LOCK_EX)
        answer = sent_by_script(unknown).answer
    assert (answer.status_code, answer.headers["Retry-After"], unsigned.photos.count()) == (429, "2", before)
    assert answer.json()["refused"] == ["a.jpg: 지금 사진을 올리는 사람이 많습니다. 잠시 뒤에 다시 올려 주세요."]


@pytest.mark.parametrize("asked", ["", "강북구"])
def test_a_desk_adds_for_its_own_district(unsigned: Conference, asked: str) -> None:
    form = attached("seongbuk", Upload("a.jpg", jpeg()))
    if asked:  # which the page does not offer
        form.tamper("district", unsigned.districts.get(name=asked).pk)
    form.press(ADD)
    assert unsigned.photos.last().district.name == "성북구"


def test_a_reader_adds_and_changes_nothing(pool: list[Photo]) -> None:
    reader = User.objects.create_user("reader", name="열람", position="주무관")
    pool[0].conference.memberships.create(user=reader, role="reader")
    visitor, before = Visitor("reader"), Photo.objects.count()
    sent = {"pictures": SimpleUploadedFile("a.jpg", jpeg("red"))}
    assert visitor.post_raw(f"{POOL}add/", sent).status == 403
    line = {"count": "1", "r0-id": pool[0].pk, "r0-caption": "남의 사진", "r0-picked": "1"}
    assert visitor.post_raw(POOL, line).status == 403
    assert visitor.post_raw(POOL, {"count": "0", "gone": pool[0].pk, f"gone-{pool[0].pk}": "0"}).status == 403
    assert (Photo.objects.count(), Photo.objects.get(pk=pool[0].pk).caption) == (before, "")


def test_pictures_are_described_together(pool: list[Photo]) -> None:
    form = pool_form().fill_all(LABELS | {"이용 조건": "공공누리 제1유형", "공개 가능": "예"}, within="navy.jpg")
    page = form.fill("사진 설명", "전시마당", within="teal.jpg").press("저장")
    first, second = (Photo.objects.get(pk=photo.pk) for photo in pool[:2])
    assert (page.status, first.may_be_public, first.version, second.caption) == (302, True, 1, "전시마당")
    assert {name: getattr(first, name) for name in SAID} == SAID
    assert (first.district, Photo.objects.get(pk=pool[2].pk).version) == (pool[0].district, 0)


def test_what_the_public_may_see_must_be_known(pool: list[Photo]) -> None:
    page = described({"사진 설명": "개회식", "동의": "동의 안 함", "공개 가능": "예"}).press("저장")
    assert (page.status, Photo.objects.get(pk=pool[0].pk).caption) == (422, "")
    assert errors(page, pool[0]) == {
        "alt": ["공개하려면 먼저 적어 주세요."],
        "stage": ["공개하려면 먼저 고르세요."],
        "people": ["공개하려면 먼저 고르세요."],
        "consent": ["동의하지 않은 사진은 공개할 수 없습니다. ‘공개 가능’을 풀어 주세요."],
    }
    at = [line["row"] for line in page.answer.context["lines"]].index(pool[0]) + 1
    assert page.text.count(f"{at}번 줄 단계: 공개하려면 먼저 고르세요.") == 1  # the summary says of which photo
    [caption] = page.form("저장").find("사진 설명", within="navy.jpg")
    assert caption.values == ["개회식"]


@pytest.mark.parametrize(
    ("field", "bad"),
    [("caption", "가" * 201), ("alt", "a\x00b"), ("stage", "moon"), ("district", "999"), ("may_be_public", "아마")],
)
def test_hostile_words_are_refused_at_their_field(pool: list[Photo], field: str, bad: str) -> None:
    shown = screen()
    shown.tamper(f"{shown.line(pool[0])}{field}", bad)
    assert (shown.press().status_code, list(errors(shown.page, pool[0]))) == (422, [field])
    assert Photo.objects.get(pk=pool[0].pk).version == 0


def test_the_lines_of_a_caption_are_one(pool: list[Photo]) -> None:
    described({"사진 설명": "두\n줄"}).press("저장")
    assert Photo.objects.get(pk=pool[0].pk).caption == "두 줄"


# ── deleting ────────────────────────────────────────────────────────────────────────────────────
def test_a_picture_is_deleted_and_what_was_typed_beside_it_is_saved(pool: list[Photo]) -> None:
    shown = screen()
    shown.fill(shown.line(pool[0]), caption="남는 설명")
    shown.press(f"remove:{shown.line(pool[1])[1:-1]}")
    assert (Photo.objects.filter(pk=pool[1].pk).exists(), shown.press().status_code) == (True, 302)
    assert (Photo.objects.filter(pk=pool[1].pk).exists(), Photo.objects.get(pk=pool[0].pk).caption) == (
        False,
        "남는 설명",
    )
    assert pool[0].conference.deleted_rows.get().title == "teal.jpg"


def test_a_picture_that_a_report_or_the_release_shows_stays(pool: list[Photo]) -> None:
    conference = pool[0].conference
    conference.reports.get().report_photos.create(photo=pool[0])
    photo = Photo.objects.get(pk=pool[1].pk)
    for name, value in (SAID | {"may_be_public": True}).items():
        setattr(photo, name, value)
    photo.save()
    conference.sessions.get(code="mayor").photos.add(photo)
    releases.publish(conference, by=User.objects.get(username="chair"), name="사진", names_reason="시험")
    releases.clear_cache()
    told = []
    for row in pool[:2]:
        shown = screen()
        shown.press(f"remove:{shown.line(row)[1:-1]}")
        assert shown.press().status_code == 422
        told += shown.errors()
        assert shown.press(f"restore:{row.pk}").status_code == 200  # the page goes on
    assert told == [
        "‘navy.jpg’은(는) 결과보고(강북구 일자리지원과)의 사진대지에 있어 지울 수 없습니다. 그 보고서에서 먼저 빼 주세요.",
        "‘개회식’은(는) 지금 공개 화면에 나와 있어 지울 수 없습니다. 세션·업체에서 떼고 다시 공개한 뒤에 지워 주세요.",
    ]
    assert Photo.objects.filter(pk__in=[pool[0].pk, photo.pk]).count() == 2


def test_ticked_pictures_are_bound_to_a_session_or_an_exhibitor(pool: list[Photo]) -> None:
    session, exhibitor = pool[0].conference.sessions.get(code="mayor"), Exhibitor.objects.first()
    before = exhibitor.photos.count()
    for place in (session.title, exhibitor.name):
        form = pool_form().fill("고르기", True, within="navy.jpg").fill("고르기", True, within="gold.jpg")
        form.fill("고른 사진을 보여 줄 곳", place).press("붙이기")
    assert (list(session.photos.filter(pk__in=[p.pk for p in pool])), exhibitor.photos.count()) == (
        [pool[0], pool[2]],
        before + 2,
    )
    form = pool_form().fill("고르기", True, within="navy.jpg")
    form.fill("고른 사진을 보여 줄 곳", session.title).press("떼기")
    assert list(session.photos.filter(pk__in=[p.pk for p in pool])) == [pool[2]]


def test_attaching_saves_what_was_typed_first_and_stops_where_that_is_refused(pool: list[Photo]) -> None:
    session = pool[0].conference.sessions.get(code="mayor")
    form = described({"사진 설명": "개회식"}).fill("고르기", True, within="teal.jpg")
    page = form.fill("고른 사진을 보여 줄 곳", session.title).press("붙이기")
    assert page.messages == ["사진 1장을 ‘서울시의 사회혁신 실험과 동북4구’에 붙였습니다."]
    assert (pool[1] in session.photos.all(), Photo.objects.get(pk=pool[0].pk).caption) == (True, "개회식")
    form = pool_form().fill("공개 가능", "예", within="gold.jpg").fill("고르기", True, within="gold.jpg")
    assert form.fill("고른 사진을 보여 줄 곳", session.title).press("붙이기").status == 422
    assert pool[2] not in session.photos.all()


def test_a_desk_attaches_its_own_pictures_alone(pool: list[Photo]) -> None:
    session = pool[0].conference.sessions.get(code="mayor")
    shown = screen("seongbuk")
    for row in pool[:2]:
        shown.tamper(f"{shown.line(row)}picked", "1")
    shown.form.fill("고른 사진을 보여 줄 곳", session.title)
    page = shown.form.press("붙이기")
    assert (page.status, [photo for photo in pool if photo in session.photos.all()]) == (403, [])


@pytest.mark.parametrize(("place", "status"), [("", 200), ("session-x", 200), ("room-1", 200), ("session-999999", 404)])
def test_a_place_that_is_none(pool: list[Photo], place: str, status: int) -> None:
    page = pool_form().fill("고르기", True, within="navy.jpg").tamper("place", place).press("붙이기")
    assert (page.follow() if page.status == 302 else page).status == status


def test_filters_leave_what_they_say(pool: list[Photo]) -> None:
    client = signed_in("chair")
    gangbuk = pool[0].district
    session = gangbuk.conference.sessions.get(code="mayor")
    session.photos.set([pool[1]])

    def shown(query: str) -> list[int]:
        return [line["row"].pk for line in client.get(f"{POOL}?{query}").context["lines"]]

    assert shown(f"district={gangbuk.pk}") == [pool[0].pk]
    assert shown(f"session={session.pk}") == [pool[1].pk]
    assert shown("blank=on") == [photo.pk for photo in pool]
    assert shown("stage=preparation") == []
    assert len(shown("district=nonsense&page=99&stage=%00")) == Photo.objects.count()


def test_a_picture_is_served_small_and_whole_to_members(pool: list[Photo]) -> None:
    address = f"{POOL}{pool[0].file.digest}"
    client = signed_in("seongbuk")
    small, whole = client.get(address), client.get(f"{address}?whole=1")
    assert (small.status_code, small["Content-Type"], len(whole.content)) == (200, "image/jpeg", pool[0].file.size)
    assert client.get(f"{POOL}{'0' * 64}").status_code == client.get(f"{POOL}nothing").status_code == 404
