"""The photo pool as a table: merged with others, a workbook out and in, cells pasted, lines moved, pages and filters."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conference.models import Photo
from desk.views import photos as views
from rows.recording import HistoryEntry
from tests.desk.test_photos import POOL, described, pool, pool_form, screen
from tests.sheets.table_page import copied, read_workbook
from tests.visitor import Visitor

__all__ = ["pool"]  # the fixture


def test_of_two_people_the_second_chooses_and_loses_nothing(pool: list[Photo]) -> None:
    form = described({"사진 설명": "내가 쓴 설명", "대체 텍스트": "내가 쓴 글"})
    pool_form("wook").fill_all({"사진 설명": "남이 쓴 설명", "단계": "행사"}, within="navy.jpg").press("저장")
    page = form.press("저장")
    assert (page.status, page.text.count("남이 쓴 설명") > 0, "내가 쓴 설명" in page.text) == (409, True, True)
    assert page.form("고른 대로 저장").press("고른 대로 저장").status == 302  # what each of them touched is proposed
    now = Photo.objects.get(pk=pool[0].pk)
    assert (now.caption, now.alt, now.stage) == ("내가 쓴 설명", "내가 쓴 글", "event")


def test_a_picture_that_was_deleted_meanwhile_is_not_made_anew(pool: list[Photo]) -> None:
    form = described({"사진 설명": "내가 쓴 설명"}).fill("사진 설명", "전시마당", within="teal.jpg")
    pool[0].delete()
    page = form.press("저장")
    assert (page.status, "지워진 자료" in page.text) == (409, True)
    assert page.form("고른 대로 저장").press("고른 대로 저장").status == 302
    assert Photo.objects.get(pk=pool[1].pk).caption == "전시마당"
    assert not Photo.objects.filter(caption="내가 쓴 설명").exists()


def test_what_the_browser_kept_is_drawn_and_not_saved(pool: list[Photo]) -> None:
    form = described({"사진 설명": "되살린 설명"}).fill("고르기", True, within="navy.jpg")
    form.element.set("action", f"{POOL}?stage=event")  # whatever the filters leave
    page = form.send_without_button(do="check")
    assert (page.status, "되살린 설명" in page.text, " data-unsaved" in page.text) == (200, True, True)
    assert page.form("저장").find("고르기", within="navy.jpg")[0].values == ["1"]
    assert Photo.objects.get(pk=pool[0].pk).caption == ""


def test_a_desk_cannot_write_of_anothers_picture_nor_give_one_away(pool: list[Photo]) -> None:
    shown = screen("seongbuk")
    mine, theirs = shown.line(pool[1]), shown.line(pool[0])
    shown.fill(mine, caption="내 사진")
    assert shown.tamper(f"{theirs}caption", "남의 사진").press().status_code == 403
    shown = screen("seongbuk")
    assert shown.fill(shown.line(pool[1]), district="강북구").press().status_code == 422
    assert shown.errors() == ["담당하는 자치구와 분야의 자료만 저장할 수 있습니다. 자치구나 분야를 확인해 주세요."]
    assert {(photo.caption, photo.version) for photo in Photo.objects.filter(pk__in=[row.pk for row in pool])} == {
        ("", 0)
    }
    assert (
        Visitor("seongbuk").post_raw(POOL, {"count": "0", "gone": pool[0].pk, f"gone-{pool[0].pk}": "0"}).status == 403
    )


def test_a_workbook_comes_back_with_what_was_changed_in_it(pool: list[Photo]) -> None:
    shown = screen()
    cells = read_workbook(shown.client, f"{POOL[:-1]}.xlsx")
    heads = "자료번호,사진,사진 설명,대체 텍스트,단계,인물,동의,이용 조건,자치구,공개 가능"
    assert cells[0] == heads.split(",")
    before = HistoryEntry.objects.count()
    shown.press("paste", paste=copied(cells))
    assert (shown.errors(), shown.press().status_code, HistoryEntry.objects.count()) == ([], 302, before)
    at = [row[0] for row in cells].index(str(pool[2].pk))
    assert (cells[at][1], cells[at][8]) == ("gold.jpg", "공동")
    cells[at][2], cells[at][4], cells[at][8] = "폐회식", "행사", "강북구"
    shown = screen()
    shown.press("paste", paste=copied(cells))
    assert shown.press().status_code == 302
    now = Photo.objects.get(pk=pool[2].pk)
    assert (now.caption, now.stage, now.district, HistoryEntry.objects.count()) == (
        "폐회식",
        "event",
        pool[0].district,
        before + 1,
    )


def test_cells_are_pasted_down_a_column(pool: list[Photo]) -> None:
    shown = screen()
    at = [line["row"] for line in shown.answer.context["lines"]].index(pool[0])
    shown.send_by_script(f"fill:{at}:1", paste="하나\t글\n둘\t\n셋\t")
    assert shown.press().status_code == 302
    assert [Photo.objects.get(pk=photo.pk).caption for photo in pool] == ["하나", "둘", "셋"]
    shown = screen()
    shown.send_by_script(f"fill:{at}:1", paste="하나\n둘\n셋\n넷")
    assert [text[:19] for text in shown.errors()] == ["이 표에는 줄을 더할 수 없습니다."]


def test_lines_are_moved_by_those_who_may_edit_all(pool: list[Photo]) -> None:
    shown = screen()
    before = list(Photo.objects.values_list("pk", flat=True))
    at = before.index(pool[0].pk)
    shown.fill(f"r{at}-", caption="첫째").press(f"down:{at}")
    assert shown.press().status_code == 302
    before[at : at + 2] = [pool[1].pk, pool[0].pk]
    assert (list(Photo.objects.values_list("pk", flat=True)), Photo.objects.get(pk=pool[0].pk).caption) == (
        before,
        "첫째",
    )
    for other in (
        screen("seongbuk"),
        screen("chair", f"?district={pool[0].district_id}"),
    ):  # a filter hides what is between
        assert {
            value for button in other.form.buttons for value in button.values if value.startswith(("up", "down"))
        } == set()


def test_pages_keep_their_filters_and_their_order(pool: list[Photo], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desk.views.photos.PAGE_SIZE", 2)
    monkeypatch.setattr("desk.views.photos.SHEET", replace(views.SHEET, page_size=2))
    keys = list(Photo.objects.values_list("pk", flat=True))
    shown = screen("chair", "?page=2")
    assert [line["row"].pk for line in shown.answer.context["lines"]] == keys[2:4]
    shown.press("down:0")
    assert shown.press().headers["Location"] == f"{POOL}?page=2"
    keys[2:4] = keys[3:1:-1]
    assert list(Photo.objects.values_list("pk", flat=True)) == keys
    assert len(keys) % 2 == 0
    assert [line["row"].pk for line in screen("chair", "?page=99").answer.context["lines"]] == keys[-2:]
