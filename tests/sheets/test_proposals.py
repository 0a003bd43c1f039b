"""What a new line proposes by what is typed in it and stands above it, and the columns that are shown where asked for."""

from __future__ import annotations

import pytest
from django.test import Client

from conference.models import Conference
from sessions.models import Session
from sheets.declaration import all_sheets, get_sheet
from sheets.paste import NUMBER
from tests.sheets.table_page import ROWS_PATH, TablePage
from tests.sheets.test_table import opened
from tests.test_addresses import sign_in


@pytest.fixture
def screen(unsigned: Conference) -> TablePage:
    return opened(sign_in("chair"), "sessions")


def line(screen: TablePage, prefix: str, names: str) -> list[str]:
    """Return what stands in cells of a line."""
    return [screen.data[f"{prefix}{name}"] for name in names.split()]


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("2부 진행을 위한 이동", "이동"),
        ("점심 시간", "휴식"),
        ("휴식", "휴식"),
        ("휴식과 도시재생", "강연"),
        ("개회선언 및 참석인사 소개", "의식"),
        ("등록", "의식"),
        ("기념촬영", "의식"),
        ("오픈 전시마당 관람", "전시"),
        ("동북4구 발전을 위한 지역협력", "강연"),
        ("도시재생 사업", "주제"),
    ],
)
def test_the_title_says_the_kind(screen: TablePage, title: str, kind: str) -> None:
    at = screen.blank()
    assert line(screen, at, "kind") == [""]
    screen.fill(at, title=title, end="1830").press("check")
    assert line(screen, at, "kind") == [kind]


def test_the_topic_gives_title_and_host_and_the_title_gives_the_topic(screen: TablePage) -> None:
    one, two = screen.blank(), screen.blank(1)
    screen.fill(one, topic="혁신교육(지구) 사업", end="1830").fill(two, title="도시재생 사업", end="1900").press(
        "check"
    )
    assert line(screen, one, "title kind host") == ["혁신교육(지구) 사업", "주제", "강북구"]
    assert line(screen, two, "topic kind host") == ["도시재생 사업", "주제", "도봉구"]


def test_the_part_is_the_one_that_runs_then_and_a_move_has_none(screen: TablePage) -> None:
    typed = [("1430", "모임"), ("1500", "인사"), ("1610", "방으로 이동"), ("0900", "이른 모임")]
    for number, (start, title) in enumerate(typed[:3]):
        screen.fill(screen.blank(number), start=start, end="1800", title=title)
    screen.press("check")
    assert [line(screen, screen.blank(number), "part") for number in range(3)] == [["1부"], ["2부"], [""]]
    start, title = typed[3]
    screen.fill(screen.blank(), start=start, title=title).press("check")
    assert line(screen, screen.blank(), "part") == [""]


def test_where_parts_have_no_times_a_line_is_of_the_part_above(unsigned: Conference) -> None:
    unsigned.parts.update(starts_at=None, ends_at=None)
    screen = opened(sign_in("chair"), "sessions")
    screen.fill(screen.blank(), title="모임", end="1830").press("check")
    assert line(screen, screen.blank(), "part") == ["3부"]


def test_what_is_at_the_same_time_ends_with_it_and_is_of_its_kind(screen: TablePage) -> None:
    screen.fill(screen.blank(), start="1900", end="2000", kind="전시", title="하나")
    screen.fill(screen.blank(1), start="오후 7시", title="둘").press("check")
    assert line(screen, screen.blank(1), "end kind") == ["2000", "전시"]


def test_a_proposal_goes_on_until_somebody_types_there(screen: TablePage, unsigned: Conference) -> None:
    at = screen.blank()
    screen.fill(at, title="3층으로 이동", end="1830").press("check")
    screen.fill(at, title="도시재생 사업").press("check")
    assert line(screen, at, "kind topic host") == ["주제", "도시재생 사업", "도봉구"]
    screen.fill(at, kind="강연", topic="").press("check")
    assert line(screen, at, "kind topic host") == ["강연", "", ""]
    screen.press()
    session = unsigned.sessions.get(title="도시재생 사업", kind="talk")
    assert (session.topic, session.host, str(session.part)) == (None, None, "3부")


def test_what_is_proposed_is_saved_without_having_been_shown(screen: TablePage, unsigned: Conference) -> None:
    screen.fill(screen.blank(), topic="도시재생 사업", end="1830").press()
    session = unsigned.sessions.order_by("-pk").first()
    said = (session.title, session.kind, session.host.name, str(session.part))
    assert said == ("도시재생 사업", Session.Kind.TOPIC, "도봉구", "3부")


def test_nothing_typed_is_no_row(screen: TablePage, unsigned: Conference) -> None:
    before = unsigned.sessions.count()
    screen.press("check")
    screen.press()
    assert unsigned.sessions.count() == before


def test_stored_lines_are_left_as_they_are(screen: TablePage, unsigned: Conference) -> None:
    session = unsigned.sessions.get(code="social-economy")
    screen.fill(screen.line(session), topic="", host="").press()
    session.refresh_from_db()
    assert (session.topic, session.host) == (None, None)


@pytest.mark.parametrize(
    ("sheet", "up", "said"),
    [
        ("exhibitors", "exhibition", "오픈 전시마당"),
        ("meetings", "track", "사전 발표 준비 회의"),
        ("desks", "topic", "지속가능도시 사업(재생에너지)"),
        ("contacts", "person", ""),
    ],
)
def test_a_new_line_hangs_on_what_the_one_above_hangs_on(unsigned: Conference, sheet: str, up: str, said: str) -> None:
    screen = opened(sign_in("chair"), sheet)
    assert line(screen, screen.blank(), up) == [said]


def test_the_only_one_is_proposed_in_an_empty_table(unsigned: Conference) -> None:
    unsigned.exhibitions.get().giveaways.all().delete()
    screen = opened(sign_in("chair"), "giveaways")
    assert line(screen, screen.blank(), "exhibition") == ["오픈 전시마당"]


def test_an_exhibition_is_open_while_the_event_runs(unsigned: Conference) -> None:
    screen = opened(sign_in("chair"), "exhibitions")
    assert line(screen, screen.blank(), "starts_at ends_at") == ["2015-11-24 13:00", "2015-11-24 18:00"]


# ── more columns ──
def test_more_columns_are_typed_saved_and_kept_in_the_address(unsigned: Conference) -> None:
    screen = TablePage(sign_in("chair"), f"{ROWS_PATH}/sessions/?more=1")
    mayor = unsigned.sessions.get(code="mayor")
    assert (line(screen, screen.line(mayor), "conduct_text"), 'href="?">열 줄이기' in screen.text) == (
        ["사회진행"],
        True,
    )
    answer = screen.fill(screen.line(mayor), conduct_text="새 사회", destination_note="자리").press()
    mayor.refresh_from_db()
    assert (mayor.conduct_text, mayor.destination_note, answer.url) == (
        "새 사회",
        "자리",
        f"{ROWS_PATH}/sessions/?more=1",
    )


def test_more_columns_are_pasted_and_in_the_workbook(unsigned: Conference) -> None:
    screen = TablePage(sign_in("chair"), f"{ROWS_PATH}/sessions/?more=1")
    mayor = unsigned.sessions.get(code="mayor")
    screen.press("paste", paste=f"{NUMBER}\t진행\n{mayor.pk}\t붙인 사회")
    screen.press()
    mayor.refresh_from_db()
    assert mayor.conduct_text == "붙인 사회"
    rows = _workbook(screen.client, "sessions.xlsx?more=1")
    assert ("진행" in rows[0], "진행" in _workbook(screen.client, "sessions.xlsx")[0]) == (True, False)
    assert "붙인 사회" in [row[rows[0].index("진행")] for row in rows[1:]]


def _workbook(client: Client, path: str) -> list[tuple[str, ...]]:
    from io import BytesIO

    from openpyxl import load_workbook

    return list(load_workbook(BytesIO(client.get(f"{ROWS_PATH}/{path}").content)).active.iter_rows(values_only=True))


@pytest.mark.parametrize("name", all_sheets())
def test_every_sheet_shows_every_field_of_its_rows(unsigned: Conference, name: str) -> None:
    screen = TablePage(sign_in("chair"), f"{ROWS_PATH}/{name}/?more=1")
    fields = {*get_sheet(name).form_class.base_fields} - {"day"}  # of one day's event nobody need say the day
    assert fields <= {key.partition("-")[2] for key in screen.data if key.startswith(screen.blank())}
    assert screen.press("check").status_code == 200
