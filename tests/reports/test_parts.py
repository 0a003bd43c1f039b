"""The lists of a report: typed, pasted, taken out and put back, undone, and written by two people at once."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from conference.models import Conference
from reports import document, drafting
from reports.forms.report_sheets import SHEETS
from reports.models import Report
from tests.reports.report_pages import BASE, CASES, contents, fill_lists, opened, rows_of, sign_in
from tests.sheets.table_page import TablePage
from tests.sheets.test_paste import copied
from tests.visitor import Visitor

TYPED = [part for part, case in CASES.items() if case.typed]


@pytest.fixture
def report(unsigned: Conference) -> Report:
    return fill_lists(unsigned.reports.get(number=1))


def lock_version(report: Report) -> int:
    return Report.objects.get(pk=report.pk).lock_version


def test_every_list_is_tried_here() -> None:
    assert list(CASES) == list(SHEETS)


# ── typed ───────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("part", TYPED)
def test_a_line_is_typed_and_then_left_alone(report: Report, part: str) -> None:
    page, before, version = opened(part), rows_of(report, part), lock_version(report)
    assert page.fill(page.blank(), **CASES[part].typed).press().status_code == 302
    *old, made = rows_of(report, part)
    assert (old, made.position > old[-1].position, lock_version(report)) == (before, True, version + 1)
    written = contents(report)
    assert (opened(part).press().status_code, contents(report)) == (302, written)


def test_money_dates_and_addresses_are_read_as_people_write_them(report: Report) -> None:
    for part in ("budget", "followups", "publicity", "attachments"):
        page = opened(part)
        page.fill(page.blank(), **CASES[part].typed).press()
    budget, plan, medium, attachment = (
        rows_of(report, part)[-1] for part in ("budget", "followups", "publicity", "attachments")
    )
    assert (budget.planned, budget.spent) == (10_000, 9_000)
    assert (str(plan.due), plan.state) == ("2016-03-01", "open")
    assert (str(medium.on), medium.url) == ("2015-11-10", "https://gangbuk.go.kr/news")
    assert (attachment.name, attachment.copies, attachment.file) == ("사진첩", 1, None)


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({"item": "", "planned": "1,000", "spent": "0"}, {"item"}),
        ({"item": "인쇄비", "planned": "천원", "spent": "-1"}, {"planned", "spent"}),
        ({"item": "a\x00b", "planned": "9" * 20, "spent": "0"}, {"item", "planned"}),
        ({"item": "가" * 101, "planned": "1.5", "spent": "1"}, {"item", "planned"}),
    ],
)
def test_a_faulty_line_is_told_and_nothing_is_saved(report: Report, typed: dict[str, str], errors: set[str]) -> None:
    page, before = opened("budget"), contents(report)
    page.fill(page.blank(1), item="장소비", planned="10", spent="5")
    at = page.blank()
    for name, text in typed.items():
        page.tamper(f"{at}{name}", text)  # longer than what may be typed
    assert page.press().status_code == 422
    line = next(line["form"] for line in page.answer.context["lines"] if line["errors"])
    assert (set(line.errors), page.data[f"{page.blank(1)}item"], contents(report)) == (errors, "장소비", before)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "그냥 글"])
def test_what_is_no_address_is_refused(report: Report, url: str) -> None:
    page = opened("publicity")
    assert page.fill(page.blank(), medium="구보", url=url).press().status_code == 422
    assert len(rows_of(report, "publicity")) == 2


def test_a_text_of_several_lines_becomes_an_item_each(report: Report) -> None:
    page = opened("problems")
    page.fill(page.blank(), text="이동 시간이 짧음\n\n 안내 부족 ", level="○").press()
    found = [(row.text, row.level) for row in rows_of(report, "problems")]
    assert found == [("하나", 1), ("둘", 1), ("이동 시간이 짧음", 2), ("안내 부족", 2)]
    assert "안내 부족" in document.render_draft(report, document.edition_content(Report.objects.get()))


def test_a_text_of_more_lines_than_a_table_has_stays_one(report: Report) -> None:
    page = opened("problems")
    assert page.fill(page.blank(), text="가\n" * 500).press().status_code == 302
    assert len(rows_of(report, "problems")) == 3


def test_a_new_item_has_the_level_of_the_one_above(report: Report) -> None:
    page = opened("problems")
    page.fill(page.line(rows_of(report, "problems")[1]), level="○").press("add")
    assert [page.data[f"r{at}-level"] for at in range(2, 6)] == ["□", "□", "□", "○"]
    page.press("paste", paste="내용\n셋\n넷")
    page.press()
    assert [(row.text, row.level) for row in rows_of(report, "problems")][1:] == [("둘", 2), ("셋", 2), ("넷", 2)]


@pytest.mark.parametrize("part", CASES)
def test_lines_are_moved_and_a_moved_line_is_a_change(report: Report, part: str) -> None:
    page, before, version = opened(part), rows_of(report, part), lock_version(report)
    page.press("down:0")
    assert (page.press().status_code, lock_version(report)) == (302, version + 1)
    assert rows_of(report, part) == [before[1], before[0], *before[2:]]


@pytest.mark.parametrize("part", TYPED)
def test_a_line_is_copied_below_its_own(report: Report, part: str) -> None:
    page, name = opened(part), CASES[part].own[0]
    page.press("copy:0")
    page.press()
    first, copy, *_rest = rows_of(report, part)
    assert (getattr(copy, name), copy.pk != first.pk) == (getattr(first, name), True)


# ── pasted ──────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("part", TYPED)
def test_lines_of_a_spreadsheet_are_pasted(report: Report, part: str) -> None:
    before = rows_of(report, part)
    for how in ("box", "cell"):
        page = opened(part)
        if how == "box":
            page.press("paste", paste=CASES[part].pasted)
        else:
            page.send_by_script("fill:4:0", paste=CASES[part].pasted)
        assert (page.status, page.errors()) == (200, [])
        assert page.press().status_code == 302
    assert len(rows_of(report, part)) == len(before) + 4


def test_the_captions_of_photos_are_pasted_over_them(report: Report) -> None:
    page = opened("shots")
    page.send_by_script("fill:0:1", paste="첫 사진\t한 줄\n둘째 사진\t반 칸")
    page.press()
    assert [(row.caption, row.width) for row in rows_of(report, "shots")[:2]] == [
        ("첫 사진", "full"),
        ("둘째 사진", "half"),
    ]


def workbook(part: str) -> list[list[str]]:
    page = load_workbook(BytesIO(sign_in("youngbun").get(f"{BASE}rows/{part}.xlsx").content)).active
    return [[str(cell.value or "") for cell in row] for row in page.iter_rows()]


@pytest.mark.parametrize("part", CASES)
def test_a_workbook_put_back_changes_what_was_changed_in_it(report: Report, part: str) -> None:
    before, rows, (name, text) = contents(report), workbook(part), CASES[part].own
    page = opened(part)
    page.press("paste", paste=copied(rows))
    assert (page.status, page.errors(), page.press().status_code, contents(report)) == (200, [], 302, before)
    column = [name for name, *_rest in opened(part).answer.context["table"].headings].index(name) + 1
    rows[1][column] = text
    page = opened(part)
    page.press("paste", paste=copied(rows))
    page.press()
    changed = [row for row in contents(report)[CASES[part].rows] if row not in before[CASES[part].rows]]
    assert [row["id"] for row in changed] == [int(rows[1][0])]


# ── undone ──────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("part", CASES)
def test_a_line_that_is_to_be_deleted_is_kept(report: Report, part: str) -> None:
    page, before = opened(part), contents(report)
    row = rows_of(report, part)[0]
    page.press("remove:0")
    assert "저장하면 1줄이 지워집니다." in page.text
    page.press(f"restore:{row.pk}")
    assert (page.press().status_code, contents(report)) == (302, before)


@pytest.mark.parametrize("part", CASES)
def test_a_deleted_row_is_restored_in_its_place(report: Report, part: str) -> None:
    page, before, version = opened(part), rows_of(report, part), lock_version(report)
    title = str(before[0])
    page.press("remove:0")
    page.press()
    assert (rows_of(report, part), lock_version(report)) == (before[1:], version + 1)
    shown = Visitor("wook").open(f"{BASE}rows/{part}/")
    answer = shown.press(f"{title} 되돌리기")
    assert (answer.status, answer.answer.url) == (302, f"{BASE}rows/{part}/")
    assert (rows_of(report, part), lock_version(report)) == (before, version + 2)
    assert not Visitor("wook").open(f"{BASE}rows/{part}/").has(f"{title} 되돌리기")
    twice = shown.press(f"{title} 되돌리기")
    assert (twice.status, rows_of(report, part)) == (302, before)


def test_what_a_report_lost_is_its_offices_own(report: Report) -> None:
    page = opened("budget")
    page.press("remove:0")
    page.press()
    [kept] = report.conference.deleted_rows.all()
    chair = Visitor("chair")
    assert "인쇄비" not in chair.open("/desk/dongbuk4-2015/changes/?tab=removed").text
    address = f"/desk/dongbuk4-2015/changes/{kept.pk}/restore/"
    assert chair.post_raw(address, {}).answer.url == "/desk/dongbuk4-2015/changes/?tab=removed"
    assert chair.post_raw(f"{BASE}restore/{kept.pk}/", {}).status == 403
    kept.refresh_from_db()
    assert (kept.restored_at, [row.item for row in rows_of(report, "budget")]) == (None, ["임차료"])


def test_a_photo_whose_picture_is_gone_stays_deleted(report: Report) -> None:
    page, shot = opened("shots"), rows_of(report, "shots")[0]
    page.press("remove:0")
    page.press()
    shot.photo.delete()
    shown = Visitor("wook").open(f"{BASE}photos/").press(f"{shot} 되돌리기").follow()
    assert ("그 사이 지워졌습니다" in shown.text, shot in rows_of(report, "shots")) == (True, False)


# ── two people ──────────────────────────────────────────────────────────────────────────────────
def both(part: str) -> tuple[TablePage, TablePage]:
    """The same list before two people of the office."""
    return opened(part, "youngbun"), opened(part, "wook")


def texts_of(part: str, row: Any) -> dict[str, str]:
    """What the page shows in the cells of a row."""
    page = opened(part)
    return {name: page.data[f"{page.line(row)}{name}"] for name in (CASES[part].own[0], CASES[part].other[0])}


@pytest.mark.parametrize("part", CASES)
def test_what_two_changed_in_one_row_is_merged(report: Report, part: str) -> None:
    mine, theirs = both(part)
    row, own, other = rows_of(report, part)[0], CASES[part].own, CASES[part].other
    assert theirs.fill(theirs.line(row), **dict([other])).press().status_code == 302
    at = mine.line(row)
    assert mine.fill(at, **dict([own])).press().status_code == 409
    chosen = {name: value for name, value in mine.data.items() if name.startswith("pick:")}
    assert chosen == {f"pick:{at}{own[0]}": "mine", f"pick:{at}{other[0]}": "theirs"}
    assert mine.press().status_code == 302
    assert texts_of(part, row) == dict([own, other])


@pytest.mark.parametrize("part", CASES)
@pytest.mark.parametrize("pick", ["mine", "theirs"])
def test_one_field_that_two_changed_is_a_choice(report: Report, part: str, pick: str) -> None:
    mine, theirs = both(part)
    row, (name, text) = rows_of(report, part)[0], CASES[part].own
    other = {"spent": "7", "state": "완료"}.get(name, "그쪽 글")
    theirs.fill(theirs.line(row), **{name: other}).press()
    at, before = mine.line(row), contents(report)
    assert (mine.fill(at, **{name: text}).press().status_code, contents(report)) == (409, before)
    assert ("이욱" in mine.text, other in mine.text, text in mine.text) == (True, True, True)
    assert mine.fill(**{f"pick:{at}{name}": pick}).press().status_code == 302
    assert texts_of(part, row)[name] == {"mine": text, "theirs": other}[pick]


def test_different_rows_are_no_conflict(report: Report) -> None:
    mine, theirs = both("plans")
    one, two = rows_of(report, "plans")
    theirs.fill(theirs.line(one), text="먼저 쓴 것").fill(theirs.blank(), text="그쪽이 더한 것").press()
    assert mine.fill(mine.line(two), text="늦게 쓴 것").fill(mine.blank(), text="더한 것").press().status_code == 302
    assert {row.text for row in rows_of(report, "plans")} == {"먼저 쓴 것", "늦게 쓴 것", "그쪽이 더한 것", "더한 것"}


def test_a_row_deleted_meanwhile_is_kept_as_a_new_one_where_rows_are_typed(report: Report) -> None:
    mine, theirs = both("plans")
    row = rows_of(report, "plans")[0]
    theirs.press("remove:0")
    theirs.press()
    assert mine.fill(mine.line(row), text="내가 고친 것").press().status_code == 409
    assert mine.press().status_code == 302
    assert [(row.text, row.section) for row in rows_of(report, "plans")] == [("내가 고친 것", "plans"), ("둘", "plans")]


def test_a_photo_taken_out_meanwhile_does_not_come_back(report: Report) -> None:
    mine, theirs = both("shots")
    row, other = rows_of(report, "shots")[:2]
    theirs.press("remove:0")
    theirs.press()
    mine.fill(mine.line(row), caption="늦은 설명").fill(mine.line(other), caption="남는 설명")
    assert (mine.press().status_code, "적으신 내용은 빠집니다" in mine.text) == (409, True)
    assert mine.press().status_code == 302
    other.refresh_from_db()
    assert (row in rows_of(report, "shots"), other.caption) == (False, "남는 설명")


def test_a_row_that_another_has_changed_is_not_deleted_unseen(report: Report) -> None:
    mine, theirs = both("plans")
    row = rows_of(report, "plans")[0]
    mine.press("remove:0")
    theirs.fill(theirs.line(row), text="고친 글").press()
    before = contents(report)
    assert (mine.press().status_code, "이욱" in mine.text, contents(report)) == (409, True, before)
    again = opened("plans")
    again.press("remove:0")
    again.fill("r0-", text="둘째도 고침")
    assert (mine.press().status_code, contents(report)) == (302, before)  # left, as the page proposes
    theirs = opened("plans", "wook")
    theirs.fill(theirs.line(row), text="또 고친 글").press()
    assert again.press().status_code == 409
    assert again.fill(**{f"pick:gone-{row.pk}": "mine"}).press().status_code == 302
    assert [row.text for row in rows_of(report, "plans")] == ["둘째도 고침"]


def test_the_texts_of_a_report_are_a_row_too(report: Report) -> None:
    mine, theirs = (TablePage(sign_in(name), f"{BASE}texts/") for name in ("youngbun", "wook"))
    theirs.fill(preamble="먼저 쓴\n머리말", summary="먼저 쓴 요지", keywords="먼저").press()
    drafting.save_fields(report, by=report.drafter, lock_version=lock_version(report), box_form="b")
    assert mine.fill(preamble="늦은 머리말", summary="늦은 요지").press().status_code == 409
    picks = {name: value for name, value in mine.data.items() if name.startswith("pick:")}
    assert picks == {"pick:preamble": "mine", "pick:summary": "mine", "pick:keywords": "theirs"}
    assert mine.fill(**{"pick:preamble": "theirs"}).press().status_code == 302
    now = Report.objects.get()
    assert (now.preamble, now.summary, now.keywords) == ("먼저 쓴\n머리말", "늦은 요지", ["먼저"])
    assert now.box_form == "b"


def test_a_folded_photo_is_called_once(report: Report) -> None:
    [first, *_rest] = opened("shots").answer.context["lines"]
    assert (first["summary"], first["details"]) == (str(rows_of(report, "shots")[0]), "반 칸")
