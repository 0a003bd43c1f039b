"""What a visitor finds: words in any spacing, initial consonants, what a session belongs to; and the table of rooms."""

from __future__ import annotations

import re
from datetime import datetime

import pytest

from conference.models import Conference
from korean.dates import SEOUL
from publishing import releases
from sessions import programme_cards, programme_search, timetable_layout
from tests.visitors.test_public import publish, seen

PROGRAMME = "/dongbuk4-2015/programme/"
NOON = datetime(2015, 11, 24, 12, tzinfo=SEOUL)


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        ({"q": "사회적 경제"}, ["social-economy"]),
        ({"q": "ㅅㅎㅈㄱㅈ"}, ["social-economy"]),
        ({"q": "이원영"}, ["social-economy"]),
        ({"q": "놀이나무 601호"}, ["social-economy"]),
        ({"q": "가치에도전하는"}, ["social-economy"]),
        ({"q": "keynote 서울시장"}, ["mayor"]),
        ({"topic": "도시재생 사업"}, ["urban-regeneration"]),
        ({"district": "노원구"}, ["social-economy", "sustainable-city"]),
        ({"district": "노원구", "room": "6층 601호"}, ["social-economy"]),
        ({"part": "1부", "q": "구 주관"}, []),
        ({"kind": "ceremony"}, ["opening"]),
        ({"q": "없는 말"}, []),
        ({"colour": "blue", "view": "sideways"}, None),
    ],
)
def test_what_is_found(unsigned: Conference, asked, codes):
    current = releases.live_release(unsigned.slug)
    query = programme_search.parse_query(asked)
    found = [code for code, entry in programme_search.search_index(current).items() if query.matches(entry)]
    assert found == (
        codes if codes is not None else [row["code"] for _part, row in programme_cards.sessions_with_parts(current)]
    )
    assert query.has_filters is (codes is not None)


@pytest.mark.usefixtures("unsigned")
def test_the_server_finds_and_says_how_many(client):
    body = client.get(PROGRAMME, {"q": "ㅅㅎㅈㄱㅈ", "district": "강북구"}).content.decode()
    shown = re.findall(r'<(?:li|div) class="session-card[^>]*data-code="([^"]+)"[^>]*?( hidden)?>', body)
    assert [code for code, hidden in shown if not hidden] == ["social-economy"]
    assert "찾은 세션 1개" in body
    assert 'value="강북구" selected' in body
    assert "?q=%E3%85%85" in body  # the choice goes along to the other view


@pytest.mark.usefixtures("unsigned")
def test_nothing_found_says_what_to_do(client):
    page = seen(client, f"{PROGRAMME}?q=없는말")
    assert "찾은 세션 0개 모두 보기" in page
    body = client.get(PROGRAMME, {"q": "없는말"}).content.decode()
    assert ('<div class="empty" data-none>' in body, "검색어를 짧게" in body) == (True, True)
    assert '<div class="empty" data-none hidden>' in client.get(PROGRAMME).content.decode()


@pytest.mark.usefixtures("unsigned")
def test_what_is_typed_is_quoted(client):
    body = client.get(PROGRAMME, {"q": '"><script>', "view": "table"}).content.decode()
    assert ("<script>" in body, 'value="&quot;&gt;&lt;script&gt;"' in body) == (False, True)


@pytest.mark.usefixtures("unsigned")
def test_one_view_alone(client):
    table, listed = (client.get(PROGRAMME, {"view": view}).content.decode() for view in ("table", "list"))
    assert [("<table" in body, 'class="slots"' in body) for body in (table, listed)] == [(True, False), (False, True)]
    assert [body.count("data-find=") for body in (table, listed)] == [14, 14]


def test_other_days_say_how_many_they_have(client, unsigned: Conference):
    times = {"starts_at": NOON.replace(day=25), "ends_at": NOON.replace(day=25, hour=13)}
    unsigned.sessions.create(kind="talk", title="이튿날 사회적경제", code="second-day", **times)
    publish(unsigned)
    body = client.get(PROGRAMME, {"q": "사회적경제"}).content.decode()
    assert re.findall(r'11\. (\d+)\.\(.\) <span class="count">(\d+)<', body) == [("24", "1"), ("25", "1")]


@pytest.mark.parametrize(("view", "shows"), [("table", "raster"), ("list", "programme")])
def test_what_another_day_has_is_said_in_place_of_an_empty_timetable(client, unsigned: Conference, view, shows):
    times = {"starts_at": NOON.replace(day=25), "ends_at": NOON.replace(day=25, hour=13)}
    unsigned.sessions.create(kind="talk", title="이튿날 돌봄", code="second-day", **times)
    publish(unsigned)
    first = f"{PROGRAMME}2015-11-24/"
    body = client.get(first, {"q": "없는말", "view": view}).content.decode()
    assert ('class="is-narrowed" hidden data-shown' in body, "다른 날에도 없습니다." in body) == (True, True)
    body = client.get(first, {"q": "돌봄", "view": view, "topic": "", "kind": "talk"}).content.decode()
    found = " ".join(body.partition("data-elsewhere=")[2].partition("</p>")[0].split())
    way = f"{PROGRAMME}2015-11-25/?q=%EB%8F%8C%EB%B4%84&amp;kind=talk&amp;view={view}"
    assert f'다른 날에 있습니다: <a href="{way}">11. 25.(수) 1개</a>' in found
    assert 'class="is-narrowed" hidden data-shown' in body
    assert f'class="{shows}' in body.partition("data-shown")[2]  # there for who then types something else
    seen_there = client.get(f"{PROGRAMME}2015-11-25/", {"q": "돌봄"}).content.decode()
    assert (" hidden data-shown" in seen_there, "다른 날에 있습니다" in seen_there) == (False, False)


# ── the table of rooms ──────────────────────────────────────────────────────────────────────────
def table(conference: Conference) -> timetable_layout.RoomTable | None:
    groups = programme_cards.groups(releases.live_release(conference.slug), NOON.replace(hour=13), NOON.date())
    return timetable_layout.build_table(groups, NOON.replace(hour=13))


def test_rooms_side_by_side_and_what_lies_across(unsigned: Conference):
    found = table(unsigned)
    assert found.heads == [("6층 601호", 1), ("", 3)]
    cells = [
        (row.starts_at[11:16], row.steps, [(c.rows, c.columns) for c in row.cells if c.card]) for row in found.rows
    ]
    assert cells == [
        ("13:00", 20, [(1, 1)] * 4),
        ("14:40", 4, [(1, 4)]),
        ("15:00", 1, [(1, 4)]),
        ("15:05", 3, [(1, 4)]),
        ("15:20", 3, [(1, 4)]),
        ("15:35", 3, [(1, 4)]),
        ("15:50", 2, [(1, 4)]),
        ("16:00", 2, []),
        ("16:10", 2, [(1, 4)]),
        ("16:20", 20, [(1, 1)] * 3),
    ]
    assert [[group["part"]["label"] for group in row.heads] for row in found.rows if row.heads] == [
        ["1부"],
        ["2부"],
        ["3부"],
    ]


def test_every_place_of_the_table_is_filled_once(unsigned: Conference):
    """Also where sessions begin and end across each other, and one room has two at a time."""
    unsigned.sessions.filter(code="urban-regeneration").update(ends_at=NOON.replace(hour=15, minute=10))
    unsigned.sessions.filter(code="sustainable-city").update(starts_at=NOON.replace(hour=13, minute=7))
    publish(unsigned)
    found = table(unsigned)
    places = [
        (r, c)
        for row in found.rows
        for cell in row.cells
        for r in range(cell.row, cell.row + cell.rows)
        for c in range(cell.column, cell.column + cell.columns)
    ]
    assert sorted(places) == [(r, c) for r in range(len(found.rows)) for c in range(found.width)]
    assert len([cell for row in found.rows for cell in row.cells if cell.card]) == 14


def test_one_after_the_other_needs_no_table(client, unsigned: Conference):
    unsigned.sessions.filter(part__label__in=["1부", "3부"]).exclude(code__in=["social-economy"]).delete()
    publish(unsigned)
    assert table(unsigned) is None
    assert "<table" not in client.get(PROGRAMME, {"view": "table"}).content.decode()
