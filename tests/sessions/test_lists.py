"""The programme as one list for staff: a line a presentation, text in every cell."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO

from django.test import Client
from openpyxl import load_workbook

from accounts.models import User
from conference.models import Conference
from sessions.feeds import lists

ROOT = "/desk/dongbuk4-2015/programme"
FORMULA = "=1+1"


def chair() -> Client:
    client = Client()
    client.force_login(User.objects.get(username="chair"))
    return client


def table(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline="")))


def cells(content: bytes) -> list[list[str]]:
    page = load_workbook(BytesIO(content)).active
    assert {cell.data_type for row in page for cell in row} <= {"s", "inlineStr"}  # no formula
    return [[cell.value or "" for cell in row] for row in page]


def test_a_line_a_presentation(unsigned: Conference):
    answer = chair().get(f"{ROOT}.csv")
    found = table(answer.content)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''dongbuk4-2015")
    assert found[0][:9] == ["부", "날짜", "시작", "끝", "구분", "분야", "제목", "제목(영문)", "장소"]
    assert [line[15] for line in found if line[-1] == "social-economy"] == ["성북구", "강북구", "도봉구", "노원구"]
    assert next(line for line in found if line[-1] == "mayor") == [
        *("2부", "2015. 11. 24.", "15:20", "15:35", "강연", "", "서울시의 사회혁신 실험과 동북4구", ""),
        *("6층 강당", "서울 테크노 파크", "", "", "사회진행", "", ""),
        *("", "서울시장", "", "", "", "", "mayor"),
    ]
    kinds = {line[4] for line in found[1:]}
    assert kinds == {"주제", "강연", "의식", "이동"}


def test_the_workbook_says_the_same(unsigned: Conference):
    client = chair()
    listed, book = client.get(f"{ROOT}.csv"), client.get(f"{ROOT}.xlsx")
    assert cells(book.content) == table(listed.content)
    assert book["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def test_nothing_is_a_formula(unsigned: Conference):
    talk = unsigned.sessions.get(code="mayor").presentations.get()
    for start in lists.FORMULA[:5]:
        unsigned.sessions.filter(code="mayor").update(title=f"{start}SUM(A1)")
        talk.points = [f"{start}1", '여러 줄, "따옴표"']
        talk.save()
        found = lists.lines(unsigned)
        line = next(line for line in table(lists.to_csv(found)) if line[-1] == "mayor")
        assert (line[6], line[20]) == (f"'{start}SUM(A1)", f'\'{start}1\n여러 줄, "따옴표"')
        line = next(line for line in cells(lists.to_xlsx(found)) if line[-1] == "mayor")
        assert (line[6], line[20]) == (f"{start}SUM(A1)", f'{start}1\n여러 줄, "따옴표"')


def test_it_is_for_staff(unsigned: Conference):
    assert Client().get(f"{ROOT}.csv").status_code == 302
    assert [chair().post(f"{ROOT}.{ending}").status_code for ending in ("csv", "xlsx")] == [405, 405]


def test_the_tables_of_the_programme_lead_there(unsigned: Conference):
    page = chair().get(f"{ROOT}/").content.decode()
    assert [f'href="{ROOT}.{ending}"' in page for ending in ("csv", "xlsx")] == [True, True]
    assert f'href="{ROOT}.csv"' not in chair().get("/desk/dongbuk4-2015/exhibits/").content.decode()
