"""A table typed, arranged and saved at once: all of it or nothing, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client

from conference import trash
from conference.models import Conference, DeletedRow, Room
from korean.dates import SEOUL
from rows.recording import HistoryEntry
from sessions.models import Session
from tests.forms import visible_text
from tests.sheets.table_page import ROWS_PATH, TablePage
from tests.test_addresses import sign_in


@pytest.fixture
def chair(unsigned: Conference) -> Client:
    return sign_in("chair")


def opened(client: Client, sheet: str, query: str = "") -> TablePage:
    return TablePage(client, f"{ROWS_PATH}/{sheet}/{query}")


def histories() -> int:
    return HistoryEntry.objects.count()


def clock(at: datetime) -> str:
    return f"{at.astimezone(SEOUL):%H:%M}"


# ── saving ──────────────────────────────────────────────────────────────────────────────────────
def test_many_lines_are_saved_at_once(chair: Client, unsigned: Conference) -> None:
    screen = opened(chair, "districts")
    first, second = unsigned.districts.all()[:2]
    screen.fill(screen.line(first), name_en="One").fill(screen.line(second), name_en="Two")
    screen.fill(screen.blank(), name="종로구").fill(screen.blank(1), name="중구")
    assert screen.press().status_code == 302
    found = list(unsigned.districts.values_list("name", "name_en", "version"))
    names = [district.name for district in (first, second)]
    assert [row[:2] for row in found if row[1] in {"One", "Two"}] == [(names[0], "One"), (names[1], "Two")]
    assert [row[0] for row in found][-2:] == ["종로구", "중구"]
    assert [row[2] for row in found] == [1, 1, 0, 0, 0, 0]


def test_the_programme_saved_as_it_was_shown_writes_nothing(chair: Client, unsigned: Conference) -> None:
    before = histories(), list(Session.objects.values_list())
    for sheet in ("sessions", "parts", "presentations"):
        screen = opened(chair, sheet)
        screen.press()
    assert (histories(), list(Session.objects.values_list())) == before


def test_one_wrong_line_of_fifty_and_nothing_is_written(chair: Client, unsigned: Conference) -> None:
    screen = opened(chair, "persons")
    screen.tamper("count", "60")  # table.js adds lines without asking the server
    for at in range(50):
        for name, text in (("name", f"위원 {at}"), ("kind", "사람" if at == 31 else "개인"), ("name_basis", "미확인")):
            screen.tamper(f"r{at + 9}-{name}", text)
    before = unsigned.persons.count(), histories()
    assert screen.press().status_code == 422
    assert (unsigned.persons.count(), histories()) == before
    assert screen.errors() == ["다음 가운데 하나를 고르세요: 개인, 직위, 단체"]
    assert [screen.data[f"r{at + 9}-name"] for at in range(50)] == [f"위원 {at}" for at in range(50)]
    assert screen.data["r40-kind"] == "사람"
    assert screen.fill("r40-", kind="개인").press().status_code == 302
    assert unsigned.persons.count() == before[0] + 50


def test_what_is_wrong_is_said_above_the_table_and_leads_to_its_cell(chair: Client, unsigned: Conference) -> None:
    screen = opened(chair, "sessions")
    line = screen.line(unsigned.sessions.all()[5])
    screen.fill(line, end="17:60").fill(screen.line(unsigned.sessions.all()[7]), title="")
    assert screen.press().status_code == 422
    [box] = screen.page.tree.xpath("//div[@class='errors'][@autofocus]")
    said = [(link.get("href").removeprefix("#"), visible_text(link)) for link in box.iter("a")]
    assert said == [
        ("id_r5-end", "6번 줄 끝: 시각을 읽을 수 없습니다. 1300, 13:00, 오후 1시처럼 적어 주세요."),
        ("id_r7-title", "8번 줄 제목: 필수 항목입니다."),
    ]
    assert [screen.page.tree.get_element_by_id(cell).get("aria-invalid") for cell, _text in said] == ["true"] * 2


def test_what_the_database_refuses_leaves_the_new_lines_new(
    chair: Client, unsigned: Conference, monkeypatch, caplog
) -> None:
    monkeypatch.setattr("sheets.unique.check", lambda *_: None)
    screen = opened(chair, "districts")
    screen.fill(screen.blank(), name="종로구").fill(screen.blank(1), name="강북구")
    assert screen.press().status_code == 422
    assert screen.errors() == [
        "이 줄은 다른 줄과 맞지 않아 저장할 수 없습니다. 같은 이름이나 겹치는 시간이 없는지 확인해 주세요."
    ]
    assert [(record.getMessage(), record.exc_info[0]) for record in caplog.records if record.exc_info] == [
        ("a row of conference.District was not saved", IntegrityError)
    ]
    assert screen.fill(screen.blank(1), name="중구").press().status_code == 302
    assert list(unsigned.districts.values_list("name", flat=True))[-2:] == ["종로구", "중구"]


# ── twins ───────────────────────────────────────────────────────────────────────────────────────
def test_two_rows_trade_their_names(chair: Client, unsigned: Conference) -> None:
    one, two, three = unsigned.districts.all()[:3]
    screen = opened(chair, "districts")
    for row, name in ((one, two.name), (two, three.name), (three, one.name)):
        screen.fill(screen.line(row), name=name)
    assert screen.press().status_code == 302
    assert [row.name for row in unsigned.districts.all()[:3]] == [two.name, three.name, one.name]


def test_two_rows_trade_what_they_name(chair: Client, unsigned: Conference) -> None:
    one, two = unsigned.guests.all()[:2]
    screen = opened(chair, "guests")
    names = [screen.data[f"{screen.line(row)}person"] for row in (one, two)]
    screen.fill(screen.line(one), person=names[1]).fill(screen.line(two), person=names[0])
    assert screen.press().status_code == 302
    assert [row.person_id for row in unsigned.guests.all()[:2]] == [two.person_id, one.person_id]


@pytest.mark.parametrize("name", ["종로구", "강북구"])
def test_twins_are_told_at_the_line(chair: Client, unsigned: Conference, name: str) -> None:
    screen = opened(chair, "districts")
    screen.fill(screen.blank(), name="종로구").fill(screen.blank(1), name=name)
    assert screen.press().status_code == 422
    assert screen.errors() == ["이미 있는 자치구입니다."]
    assert [line["form"].errors.get("name") is not None for line in screen.answer.context["lines"]].index(True) == 5
    assert unsigned.districts.count() == 4


def test_a_person_named_for_the_first_time_twice_is_one(chair: Client, unsigned: Conference) -> None:
    before = unsigned.persons.count()
    screen = opened(chair, "sessions")
    rows = list(unsigned.sessions.filter(kind="talk")[:2]) or list(unsigned.sessions.all()[:2])
    for row in rows:
        screen.fill(screen.line(row), moderator="심원택(강북구 일자리지원과장)")
    screen.press()
    assert screen.status == 200
    made = unsigned.persons.get(name="심원택")
    assert {row.moderator for row in unsigned.sessions.filter(pk__in=[row.pk for row in rows])} == {made}
    assert unsigned.persons.count() == before + 1


def test_one_guest_named_twice_is_a_twin_even_before_it_is_stored(chair: Client, unsigned: Conference) -> None:
    screen = opened(chair, "guests")
    screen.fill(screen.blank(), person="심원택(강북구 과장)").fill(screen.blank(1), person="심원택(강북구 과장)")
    assert screen.press().status_code == 422
    assert screen.errors() == ["이미 있는 참석인사입니다."]
    assert unsigned.persons.filter(name="심원택").count() == 0


# ── arranging without JavaScript ────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("do", ["add", "copy:0", "up:1", "down:0", "remove:1", "check"])
def test_buttons_keep_what_was_typed_and_write_nothing(chair: Client, unsigned: Conference, do: str) -> None:
    keeps_what_was_typed(chair, unsigned, do, TablePage.press)


@pytest.mark.parametrize("do", ["add:0", "move:0:3", "garbage:9:x", "up:99", "move:1"])
def test_what_no_button_does_keeps_it_too(chair: Client, unsigned: Conference, do: str) -> None:
    keeps_what_was_typed(chair, unsigned, do, TablePage.send_by_script)


def keeps_what_was_typed(chair: Client, unsigned: Conference, do: str, send: Callable[[TablePage, str], Any]) -> None:
    screen = opened(chair, "districts")
    first = unsigned.districts.first()
    screen.fill(screen.line(first), name_en="typed").fill(screen.blank(), name="종로구")
    before = histories()
    assert send(screen, do).status_code == 200
    typed = [screen.data[f"r{at}-{name}"] for at in range(int(screen.data["count"])) for name in ("name", "name_en")]
    assert ("typed" in typed, "종로구" in typed, histories()) == (True, True, before)


def test_lines_are_stored_in_the_order_they_stand(chair: Client, unsigned: Conference) -> None:
    names = [district.name for district in unsigned.districts.all()]
    screen = opened(chair, "districts")
    screen.press("down:0")
    screen.send_by_script("add:0")
    screen.fill(screen.blank(), name="종로구").press()
    assert [row.name for row in unsigned.districts.all()] == [names[1], "종로구", names[0], *names[2:]]


def test_a_line_is_not_removed_after_all(chair: Client, unsigned: Conference) -> None:
    """A room in use cannot go; the line comes back where it stood, with all else that was typed."""
    rooms = Room.objects.filter(venue__conference=unsigned)
    used, other = rooms.get(name="601호"), rooms.get(name="6층 로비")
    screen = opened(chair, "rooms")
    before = [screen.data[key] for key in screen.data if key.endswith("-id")]
    screen.fill(screen.line(other), capacity="70")
    screen.press(f"remove:{screen.line(used)[1:-1]}")
    assert (screen.press().status_code, rooms.filter(pk=used.pk).exists()) == (422, True)
    screen.press(f"restore:{used.pk}")
    assert [screen.data[key] for key in screen.data if key.endswith("-id")] == before
    assert screen.press().status_code == 302
    other.refresh_from_db()
    assert (other.capacity, rooms.filter(pk=used.pk).exists()) == (70, True)


def test_a_line_removed_is_deleted_when_saved_and_comes_back(chair: Client, unsigned: Conference) -> None:
    row = unsigned.main_items.first()
    screen = opened(chair, "main-items")
    screen.press(f"remove:{screen.line(row)[1:-1]}")
    assert (f"‘{row}’" in screen.text, unsigned.main_items.filter(pk=row.pk).exists()) == (True, True)
    screen.press()
    assert unsigned.main_items.filter(pk=row.pk).exists() is False
    trash.restore(DeletedRow.objects.get(), by=unsigned.memberships.first().user)
    assert unsigned.main_items.get(pk=row.pk).name == row.name


def test_what_others_need_is_not_deleted_and_nothing_else_is_written(chair: Client, unsigned: Conference) -> None:
    district = unsigned.districts.get(name="강북구")
    screen = opened(chair, "districts")
    screen.press(f"remove:{screen.line(district)[1:-1]}")
    screen.fill(screen.blank(), name="종로구")
    before = histories()
    assert screen.press().status_code == 422
    assert ("쓰는 곳이 있어 지울 수 없습니다" in screen.errors()[0], histories()) == (True, before)
    assert (unsigned.districts.count(), screen.data[f"{screen.blank()}name"]) == (4, "종로구")


def test_a_name_is_free_as_soon_as_its_row_goes(chair: Client, unsigned: Conference) -> None:
    row = unsigned.main_items.first()
    venue = unsigned.venues.create(name="빈 곳")
    screen = opened(chair, "venues")
    screen.press(f"remove:{screen.line(venue)[1:-1]}")
    screen.fill(screen.blank(), name="빈 곳").press()
    assert (
        unsigned.venues.filter(name="빈 곳").exists(),
        unsigned.venues.filter(pk=venue.pk).exists(),
        row is None,
    ) == (True, False, False)


def test_a_row_on_a_line_is_not_to_go(chair: Client, unsigned: Conference) -> None:
    row = unsigned.main_items.first()
    screen = opened(chair, "main-items")
    screen.fill(screen.line(row), name="새 이름").tamper(f"gone-{row.pk}", "-").press()
    assert unsigned.main_items.get(pk=row.pk).name == "새 이름"


def test_a_full_table_says_so(chair: Client, unsigned: Conference) -> None:
    screen = opened(chair, "main-items")
    screen.tamper("count", "400").tamper("r399-name", "마지막").press("add")
    assert (screen.errors(), screen.data["r399-name"]) == (
        ["한 화면에 400줄까지 쓸 수 있습니다(401줄). 먼저 저장한 다음 이어서 적어 주세요."],
        "마지막",
    )


@pytest.mark.parametrize("do", ["check", "remove:1", "save"])
def test_an_emptied_owner_is_told(chair: Client, unsigned: Conference, do: str) -> None:
    """What a row must hang on is taken out: a line to be mended, whichever button is pressed."""
    first = unsigned.exhibitions.get()
    unsigned.exhibitions.create(slug="two", name="둘째 전시", starts_at=first.starts_at, ends_at=first.ends_at)
    booth, _other = first.booths.create(number="A-1"), first.booths.create(number="A-2")
    screen = opened(chair, "booths")
    screen.fill(screen.line(booth), exhibition="", zone="가")
    assert screen.press(do).status_code == (422 if do == "save" else 200)
    booth.refresh_from_db()
    assert booth.zone == ""
