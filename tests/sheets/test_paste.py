"""Tables in from a spreadsheet, and out to one: what comes back unchanged changes nothing."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook

from conference.models import Conference
from korean.dates import SEOUL
from preparation.models import Meeting
from reports import document
from reports.sections.overview import build_basis
from sheets import paste
from sheets.declaration import all_sheets
from tests.scale_data import grow
from tests.sheets.table_page import ROWS_PATH, TablePage, copied, read_workbook
from tests.sheets.test_table import histories, opened
from tests.test_addresses import sign_in


@pytest.fixture
def chair(unsigned: Conference) -> Client:
    return sign_in("chair")


def workbook(client: Client, sheet: str) -> list[list[str]]:
    return read_workbook(client, f"{ROWS_PATH}/{sheet}.xlsx")


def pasted(client: Client, sheet: str, text: str) -> TablePage:
    screen = opened(client, sheet)
    screen.press("paste", paste=text)
    return screen


@pytest.mark.long
def test_a_workbook_pasted_back_changes_nothing(chair: Client, unsigned: Conference) -> None:
    grow(unsigned, range(1))
    for name in all_sheets():
        before = histories()
        screen = pasted(chair, name, copied(workbook(chair, name)))
        assert (name, screen.status, screen.errors()) == (name, 200, [])
        assert (name, screen.press().status_code, screen.status, histories()) == (name, 302, 200, before)


def test_one_cell_changed_is_one_row_changed(chair: Client, unsigned: Conference) -> None:
    rows = workbook(chair, "persons")
    rows[3][3] = '여러 줄의\n"소속"'
    before = histories()
    screen = pasted(chair, "persons", copied(rows))
    assert histories() == before
    screen.press()
    assert (histories(), unsigned.persons.get(pk=rows[3][0]).affiliation) == (before + 1, '여러 줄의 "소속"')


def test_a_meeting_is_held_where_no_room_is_kept(chair: Client, unsigned: Conference) -> None:
    """Its place is what was typed; the report prints it after the track's own."""
    held = "준비과정\t날짜\t구분\t장소\n"
    for day, place in (("11/10", "구청 3층 회의실"), ("11/12", "시민청 워크숍룸"), ("11/16", "구청 3층 회의실")):
        held += f"사전 발표 준비 회의\t{day}\t회의\t{place}\n"
    pasted(chair, "meetings", held).press()
    assert "동북4구 도시재생협력지원센터 3층 회의실, 구청 3층 회의실, 시민청 워크숍룸" in printed(unsigned)
    unsigned.tracks.update(room=None, place_text="정릉 주민센터")
    Meeting.objects.update(place_text="")
    assert "정릉 주민센터" in printed(unsigned)


def printed(conference: Conference) -> set[str]:
    """The paragraphs of its report."""
    sections = document.edition_content(conference.reports.get())["sections"]
    return {block.get("text") for section in sections for block in section["blocks"]}


@pytest.mark.parametrize(
    "text",
    [
        "내용\t이름\n하나\t첫째\n둘\t둘째",
        "첫째\t하나\n둘째\t둘",
        "비고\t이름 *(필수)\t내용\n\t첫째\t하나\n\t둘째\t둘",
        '"첫째"\t하나\n둘째\t"둘"\n\n\t\n',
        "첫째\t하나\t\t\r둘째\t둘",
    ],
)
def test_pasted_with_and_without_headings(chair: Client, unsigned: Conference, text: str) -> None:
    before = unsigned.main_items.count()
    screen = pasted(chair, "main-items", text)
    assert unsigned.main_items.count() == before
    screen.press()
    assert list(unsigned.main_items.values_list("name", "text"))[before:] == [("첫째", "하나"), ("둘째", "둘")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "붙여 넣은 내용이 없습니다."),
        (" \n\t\n", "붙여 넣은 내용이 없습니다."),
        ("하나\t둘\t셋", "1번째 줄에 칸이 3개 있습니다. 2개까지 쓸 수 있습니다."),
        ("내용\t이름\t비고\n나\t가\t메모", "이 표에 없는 열입니다: 비고. "),
        ("내용\t이름\t\n나\t가\t메모", "이 표에 없는 열입니다: (이름 없는 열). "),
        ("내용\t이름\t이름\n나\t가\t다", "같은 칸에 들어갈 열이 둘 이상입니다: 이름, 이름. "),
        ("줄\n" * 201, "한 번에 200줄까지 붙여 넣을 수 있습니다(201줄)."),
    ],
)
def test_what_cannot_be_pasted_stays_in_its_box(chair: Client, unsigned: Conference, text: str, said: str) -> None:
    screen = pasted(chair, "main-items", text)
    assert [error.startswith(said) for error in screen.errors()] == [True]
    assert screen.data["paste"].strip() == text.strip()


def test_errors_are_told_at_the_cells_before_anything_is_saved(chair: Client, unsigned: Conference) -> None:
    screen = pasted(chair, "bases", "구분\t날짜\t제목\n문서\t2015-13-01\t하나\n책\t\t둘")
    assert screen.errors() == ["없는 날짜입니다: 2015-13-01", "다음 가운데 하나를 고르세요: 문서, 회의, 방침, 법령"]
    assert (screen.press().status_code, unsigned.bases.count()) == (422, 2)


@pytest.mark.parametrize("text", ["=1+1", "+82-2", "-", "@sum", '"quoted', 'a "b" c', "'=x"])
def test_formulas_stay_text_both_ways(chair: Client, unsigned: Conference, text: str) -> None:
    pasted(chair, "main-items", f"{text}\t{text}").press()
    assert list(unsigned.main_items.values_list("name", "text"))[-1] == (text, text)
    page = load_workbook(BytesIO(chair.get(f"{ROWS_PATH}/main-items.xlsx").content)).active
    cell = page.cell(page.max_row, 2)
    assert (cell.value, cell.data_type, cell.number_format) == (text, "s", "@")


def test_cells_with_line_ends_tabs_and_quotation_marks() -> None:
    text = '"가\n나"\t"다 ""라"" 마"\r\n"바"사\t"아\t"자"\r\n'
    assert paste.split_cells(text) == [["가\n나", '다 "라" 마'], ['"바"사', '"아', "자"]]


def test_a_row_of_another_page_is_brought_here(chair: Client, unsigned: Conference) -> None:
    unsigned.main_items.bulk_create(
        unsigned.main_items.model(conference=unsigned, name=f"{at}", position=at + 5) for at in range(210)
    )
    last = unsigned.main_items.last()
    screen = pasted(chair, "main-items", f"자료번호\t내용\n{last.pk}\t새 내용")
    screen.press()
    last.refresh_from_db()
    assert (last.name, last.text, unsigned.main_items.count()) == ("209", "새 내용", 212)


def test_numbers_of_nobody_are_new_rows(chair: Client, unsigned: Conference) -> None:
    pasted(chair, "main-items", "자료번호\t이름\n999999\t하나\nx\t둘").press()
    assert list(unsigned.main_items.values_list("name", flat=True))[-2:] == ["하나", "둘"]


def test_more_than_a_form_holds_is_refused(chair: Client, unsigned: Conference) -> None:
    screen = opened(chair, "main-items")
    screen.tamper("count", "390")  # table.js adds lines without asking the server
    for at in range(390):
        screen.tamper(f"r{at}-name", f"줄 {at}")
    screen.press("paste", paste="줄\n" * 20)
    assert "한 화면에 400줄까지" in screen.errors()[0]
    assert screen.data["r389-name"] == "줄 389"


# ── times ───────────────────────────────────────────────────────────────────────────────────────
def times(conference: Conference, title: str) -> str:
    found = conference.sessions.get(title=title)
    return " ".join(f"{at.astimezone(SEOUL):%d %H:%M}" for at in (found.starts_at, found.ends_at))


@pytest.mark.parametrize(
    "text",
    [
        "제목\t시간\n뒤풀이\t19:00~20:30",
        "제목\t시작\n뒤풀이\t오후 7시~8시 반",
        "제목\t일시\n뒤풀이\t2015. 11. 24.(화) 19:00 ~ 20:30(90분)",
        "제목\t시간\n뒤풀이\t19:00:00-20:30:00",
        "제목\t날짜\t시작\t끝\n뒤풀이\t11/24\t19.00\t오후 8:30:00",
        "제목\t날짜\t시작\t끝\n뒤풀이\t\t1900\t2030",
    ],
)
def test_hours_as_other_tables_have_them(chair: Client, unsigned: Conference, text: str) -> None:
    screen = pasted(chair, "sessions", text)
    assert (screen.errors(), screen.press().status_code) == ([], 302)
    assert times(unsigned, "뒤풀이") == "24 19:00 24 20:30"


def test_both_hours_and_the_day_of_several_days(chair: Client, unsigned: Conference) -> None:
    unsigned.ends_at += timedelta(days=1)
    unsigned.save()
    pasted(chair, "sessions", "제목\t일시\n뒤풀이\t11. 25.(수) 19:00~다음날 09:00").press()
    assert times(unsigned, "뒤풀이") == "25 19:00 26 09:00"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("제목\t시작\t끝\t비고\n가\t1900\t2000\t메모", "이 표에 없는 열입니다: 비고. "),
        ("제목\t시작\t시간\n가\t1900\t1900~2000", "같은 칸에 들어갈 열이 둘 이상입니다: 시작, 시간. "),
        (
            "제목\t날짜\t시작\t끝\n가\t11/25\t1900\t2000",
            "1번째 줄의 날짜 ‘11/25’: 이 표의 날짜은(는) 모두 2015-11-24입니다.",
        ),
        ("제목\t날짜\t시작\t끝\n가\t모레\t1900\t2000", "1번째 줄의 날짜 ‘모레’: "),
        ("제목\t시간\t끝\n가\t1900~2000\t2100", "시각을 읽을 수 없습니다."),
        ("제목\t일시\n가\t11/25 1900~2000", "시각을 읽을 수 없습니다."),
        ("제목\t시간\n가\t오후 13:00~14:00", "시각을 읽을 수 없습니다."),
        ("제목\t시간\n가\t이따 1900~2000", "시각을 읽을 수 없습니다."),
        ("제목\t시작\t끝\n가\t1900\t오후 20:00", "시각을 읽을 수 없습니다."),
    ],
)
def test_no_word_about_hours_is_lost(chair: Client, unsigned: Conference, text: str, said: str) -> None:
    screen = pasted(chair, "sessions", text)
    assert screen.errors()[0].startswith(said)
    assert screen.press().status_code in {302, 422}
    assert unsigned.sessions.filter(title="가").exists() is False


def test_hours_typed_in_one_cell_of_a_stored_row(chair: Client, unsigned: Conference) -> None:
    mayor = unsigned.sessions.get(code="mayor")
    screen = opened(chair, "sessions")
    screen.fill(screen.line(mayor), start="15:25~15:30").press()
    assert times(unsigned, mayor.title) == "24 15:25 24 15:30"
    row = TablePage(chair, f"{ROWS_PATH}/sessions/{mayor.pk}/")
    row.fill(start="15:20~15:30").press()
    assert times(unsigned, mayor.title) == "24 15:20 24 15:30"


def test_rows_pasted_into_a_cell_by_their_numbers(chair: Client, unsigned: Conference) -> None:
    one, last = unsigned.main_items.first(), unsigned.main_items.last()
    screen = opened(chair, "main-items")
    screen.send_by_script("fill:0:0", paste=f"자료번호\t내용\n{last.pk}\t새 내용")
    screen.press()
    assert [row.text == "새 내용" for row in unsigned.main_items.filter(pk__in=[one.pk, last.pk])] == [False, True]


def test_a_floor_and_its_rooms_are_saved_together(chair: Client, unsigned: Conference) -> None:
    """A room lies on a floor of a line above it that is still to be saved; in another venue it does not."""
    first, second = unsigned.venues.all()[:2]
    head = ["장소", "이름", "구분", "속한 층"]
    rows = [head, [str(first), "9층", "층", ""], [str(first), "901호", "호실", "9층"]]
    screen = pasted(chair, "rooms", copied(rows))
    assert (screen.press().status_code, unsigned.venues.first().rooms.get(name="901호").parent.name) == (302, "9층")
    rows = [head, [str(first), "8층", "층", ""], [str(second), "801호", "호실", "8층"]]
    screen = pasted(chair, "rooms", copied(rows))
    assert screen.press().status_code == 422
    assert screen.errors() == ["‘8층’은(는) 다른 장소에 있습니다."]


def test_the_number_of_a_basis_does_not_repeat_its_issuer(unsigned: Conference, chair: Client) -> None:
    rows = "문서\t가람구 지역혁신과\t지역혁신과-1234\n문서\t가람구\t기획과-77\n문서\t시의회\t2026-3"
    pasted(chair, "bases", "구분\t발신 기관\t문서번호\n" + rows).press()
    assert list(unsigned.bases.values_list("serial", flat=True)[2:]) == ["1234", "기획과-77", "2026-3"]
    found = [{"issuer": row.issuer, "serial": row.serial, "dated": "", "title": ""} for row in unsigned.bases.all()[2:]]
    lines = [block["text"] for block in build_basis({"event": {"bases": found}, "texts": {"no_basis_reason": ""}})]
    assert lines == ["가람구 지역혁신과-1234호", "가람구 기획과-77호", "시의회-2026-3호"]
