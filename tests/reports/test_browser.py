"""What scripts add to the photo pool and the report's pages: uploads with progress, moving in place, the draft beside."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from accounts.models import User
from approvals.models import RouteStep
from conference.models import Conference
from conference.uploads import images, photos
from reports import drafting
from tests import scenarios
from tests.conference.test_photos import jpeg
from tests.test_axe_browser import signed_in_as

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ROOT = "/desk/dongbuk4-2015/"


@pytest.fixture
def wook(unsigned: Conference) -> User:
    user = User.objects.get(username="wook")
    user.set_password("four-words-are-enough")
    user.save()
    return user


def signed_in(page: Page, to: str = "**/approvals/**") -> Page:
    if "/login/" not in page.url:
        page.goto("/accounts/login/")
    page.get_by_label("아이디").fill("wook")
    page.get_by_label("비밀번호").fill("four-words-are-enough")
    page.get_by_role("button", name="로그인", exact=True).click()
    page.wait_for_url(to)
    return page


def picture(name: str, content: bytes) -> dict[str, object]:
    return {"name": name, "mimeType": "image/jpeg", "buffer": content}


def test_a_refused_picture_costs_the_others_nothing_and_is_sent_again(browse, unsigned: Conference, wook: User) -> None:
    before = unsigned.photos.count()
    page = signed_in(browse("desk"))
    page.goto(f"{ROOT}photos/")
    chosen = [picture(f"IMG_{n}.jpg", jpeg(colour)) for n, colour in enumerate(("navy", "teal"))]
    page.get_by_label("사진 파일").set_input_files([*chosen, picture("IMG_7.jpg", b"no picture")])
    expect(page.get_by_text("3장 가운데 2장을 올렸습니다.")).to_be_visible()
    expect(page.get_by_text("사진이 아닙니다. JPEG나 PNG 사진만 받습니다.")).to_be_visible()
    again = page.get_by_role("button", name="다시 올리기")
    expect(again).to_have_count(0)  # it would be refused again
    page.context.set_offline(True)
    page.get_by_label("사진 파일").set_input_files(picture("IMG_2.jpg", jpeg("gold")))
    expect(page.get_by_text("연결이 끊겼습니다.")).to_be_visible()
    page.context.set_offline(False)
    page.context.clear_cookies(name="sessionid")
    again.click()
    expect(page.get_by_text("로그인이 끊겼거나 바뀌었습니다.")).to_be_visible()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="새 창에서 로그인").click()
    signed_in(opened.value, "**/accounts/")
    again.click()
    expect(page.get_by_text("1장 가운데 1장을 올렸습니다.")).to_be_visible()  # chosen later, counted anew
    expect(page.get_by_role("heading", name=f"사진 {before + 3}장")).to_be_visible()
    page.get_by_role("link", name="올린 사진의 설명 적기").first.click()
    expect(page.get_by_label("사진 설명")).to_have_count(3)
    assert unsigned.photos.count() == before + 3


def test_pictures_move_in_place_by_keyboard_and_by_dragging(browse, unsigned: Conference, wook: User) -> None:
    with images.without_time_limit():  # the server of the test before may still be decoding
        for colour in ("navy", "teal", "gold"):
            photos.add(unsigned, content=jpeg(colour, size=(400, 300)), name=f"{colour}.jpg", by=wook)
    page = signed_in(browse("desk"))
    page.goto(f"{ROOT}photos/")
    at = unsigned.photos.count() - 3
    line = page.locator("[data-line]").filter(has_text="navy.jpg")
    line.locator("[name$=-caption]").fill("적던 설명")
    line.get_by_label("고르기").check()
    line.locator(".is-down").focus()
    page.keyboard.press("Enter")
    expect(page.locator(f'#sheet[data-went="{at + 1}"]')).to_have_count(1)
    expect(page.locator(f"[name=r{at + 1}-caption]")).to_have_value("적던 설명")
    expect(page.locator(f"[name=r{at + 1}-picked]")).to_be_checked()
    page.locator(f"#place-r{at + 2}").drag_to(page.locator(f"#place-r{at + 1}"))
    expect(page.locator(f'#sheet[data-went="{at + 1}"]')).to_have_count(1)
    expect(page.locator(f"[name=r{at + 2}-caption]")).to_have_value("적던 설명")
    page.locator(".sheet-buttons [value=save]").click()
    expect(page.get_by_text("저장했습니다(고침 1).")).to_be_visible()
    names = [row.file.name for row in unsigned.photos.select_related("file")][-3:]
    assert names == ["teal.jpg", "gold.jpg", "navy.jpg"]
    assert unsigned.photos.get(file__name="navy.jpg").caption == "적던 설명"


@pytest.mark.parametrize(
    ("path", "name", "text"),
    [
        ("photos/", "stage", "결과"),
        ("reports/actuals/", "outcome", "예정대로"),
        ("reports/actuals/presentations/", "outcome", "변경"),
        ("reports/actuals/exhibitors/", "outcome", "참여"),
        ("reports/actuals/guests/", "attendance", "불참"),
    ],
)
def test_ctrl_d_fills_down_and_it_is_stored(
    browse, unsigned: Conference, wook: User, path: str, name: str, text: str
) -> None:
    page = signed_in(browse("desk"))
    page.goto(ROOT + path)
    page.locator(f"[name=r0-{name}]").select_option(text)
    for line in (1, 2):
        page.locator(f"[name=r{line}-{name}]").focus()
        page.keyboard.press("Control+d")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("저장했습니다(고침 3).")).to_be_visible()
    page.goto(ROOT + path)
    assert [page.locator(f"[name=r{line}-{name}]").input_value() for line in range(3)] == [text] * 3


def test_the_draft_stands_beside_what_is_typed_and_shows_the_section_of_a_list(
    browse, unsigned: Conference, wook: User
) -> None:
    report = unsigned.reports.get()
    report.paragraphs.create(section="problems", text="하나")
    page = signed_in(browse("desk"))
    page.goto(f"{ROOT}reports/1/texts/")
    expect(page.locator("[data-draft] .paper h1")).to_have_text(report.title)
    page.get_by_label("문서요지").fill("새 요지")
    save(page)
    report.refresh_from_db()
    assert report.summary == "새 요지"
    page.goto(f"{ROOT}reports/1/rows/problems/")
    expect(page.locator("#paper-problems")).to_be_visible()
    assert page.evaluate("document.querySelector('[data-draft]').scrollTop > 0") is True


def test_the_last_place_of_a_line_decides_whoever_is_moved_there(browse, unsigned: Conference, wook: User) -> None:
    report = unsigned.reports.get(number=1)
    drafting.apply_saved_route(report, report.department.approval_routes.get(), by=wook)
    page = signed_in(browse("desk"))
    page.goto(f"{ROOT}reports/1/line/")
    page.get_by_role("button", name="김희동 주민생활국장 위로").click()
    kinds = [select.input_value() for select in page.locator(".is-seat select[name$=kind]").all()]
    assert kinds == ["review", "review", "decide"]
    page.get_by_role("button", name="결재선 저장", exact=True).click()
    expect(page.get_by_text("결재선을 저장했습니다.")).to_be_visible()
    steps = RouteStep.objects.filter(route__document=report).order_by("order").values_list("user__name", "kind")
    assert list(steps)[2:] == [("김희동", "review"), ("심원택", "decide")]


def save(page: Page) -> None:
    page.get_by_role("button", name="저장", exact=True).click()
    expect(page.get_by_text("저장했습니다.", exact=True)).to_be_visible()


@pytest.mark.parametrize(
    ("path", "label", "size"),
    [
        ("reports/1/texts/", "머리말", "phone"),
        ("photos/", "사진 설명", "desk"),
        ("reports/actuals/", "결과 메모", "desk"),
    ],
)
def test_what_was_typed_and_not_saved_is_offered_again(
    browse, unsigned: Conference, wook: User, path: str, label: str, size: str
) -> None:
    page = signed_in(browse(size))
    page.goto(ROOT + path)
    page.get_by_label(label).first.fill("적던 글")
    page.goto(ROOT)
    page.goto(ROOT + path)
    page.get_by_role("button", name="되살리기").click()
    expect(page.get_by_label(label).first).to_have_value("적던 글")
    page.get_by_role("button", name="저장", exact=True).last.click()
    expect(page.get_by_text(re.compile("^저장했습니다"))).to_be_visible()
    expect(page.get_by_role("button", name="되살리기")).to_have_count(0)
    expect(page.get_by_label(label).first).to_have_value("적던 글")


PAGES = (
    "photos/",
    "reports/",
    "reports/actuals/",
    *(f"reports/1/{tab}" for tab in ("", "texts/", "photos/", "lists/", "form/", "line/?q=강북구", "take/")),
    "reports/1/texts/overview/",
    *(f"reports/1/rows/{part}/" for part in ("problems", "followups", "publicity", "attachments", "attachments/new")),
)


@pytest.mark.parametrize("size", ["phone", "tablet", "desk"])
def test_nobody_is_shut_out_and_nothing_scrolls_sideways(browse, unsigned: Conference, wook: User, size: str) -> None:
    page = signed_in(browse(size))
    found = {}
    for path in PAGES:
        page.goto(ROOT + path)
        page.wait_for_load_state("networkidle")
        told = [
            (fault["id"], node["target"]) for fault in Axe().run(page).response["violations"] for node in fault["nodes"]
        ]
        if told or not page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
            found[path] = told[:5]
    assert found == {}


def test_who_signs_finds_the_button_in_the_first_screen_and_the_middle_of_a_document(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, browse
) -> None:
    scenarios.prepare("signing", request, monkeypatch)
    page = signed_in_as(browse("desk"), "youngbun")
    page.goto("/approvals/")
    page.get_by_role("link", name="동북4구 지역혁신 컨퍼런스 결과보고").click()
    asks, confirms = page.locator("summary", has_text="서명하기"), page.get_by_role("button", name="서명 확정")
    for width, height in ((360, 740), (768, 1024), (959, 720), (1280, 720)):
        page.set_viewport_size({"width": width, "height": height})
        for down in (0, 2000):  # pixels
            page.evaluate("down => scrollTo(0, down)", down)
            expect(asks).to_be_in_viewport(ratio=1)
        asks.click()
        expect(confirms).to_be_in_viewport(ratio=1)
        asks.click()
