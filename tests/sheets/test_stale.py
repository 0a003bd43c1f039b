"""Two people at one table or one row: whoever is second sees both, chooses, and loses nothing."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from conference.models import Conference, Contact, Person
from tests.sheets.table_page import ROWS_PATH, TablePage
from tests.sheets.test_table import histories, opened
from tests.test_addresses import sign_in


@pytest.fixture
def both(unsigned: Conference) -> tuple[Client, Client]:
    return sign_in("chair"), sign_in("wook")


def choices(screen: TablePage) -> dict[str, str]:
    """Return what the page of both versions proposes."""
    return {name: value for name, value in screen.data.items() if name.startswith("pick:")}


def test_different_rows_are_no_conflict(both: tuple[Client, Client], unsigned: Conference) -> None:
    one, two = unsigned.districts.all()[:2]
    mine, theirs = (opened(client, "districts") for client in both)
    assert theirs.fill(theirs.line(one), name_en="A").press().status_code == 302
    assert mine.fill(mine.line(two), name_en="B").press().status_code == 302
    assert [row.name_en for row in unsigned.districts.all()[:2]] == ["A", "B"]


def test_one_field_of_one_row_is_a_choice(both: tuple[Client, Client], unsigned: Conference) -> None:
    row = unsigned.districts.first()
    for pick, found in (("mine", "B mine"), ("theirs", "A2")):
        mine, theirs = (opened(client, "districts") for client in both)
        theirs.fill(theirs.line(row), name_en="A" if pick == "mine" else "A2").press()
        other = unsigned.districts.last()
        mine.fill(mine.line(row), name_en=f"B {pick}").fill(mine.line(other), name_en=f"with {pick}")
        at = mine.line(row)
        before = histories()
        assert (mine.press().status_code, histories()) == (409, before)
        assert choices(mine) == {f"pick:{at}name_en": "mine"}
        assert ("이욱" in mine.text, f"B {pick}" in mine.text) == (True, True)
        assert mine.fill(**{f"pick:{at}name_en": pick}).press().status_code == 302
        row.refresh_from_db()
        other.refresh_from_db()
        assert (row.name_en, other.name_en) == (found, f"with {pick}")


def test_different_fields_are_both_proposed(both: tuple[Client, Client], unsigned: Conference) -> None:
    row = unsigned.topics.first()
    mine, theirs = (opened(client, "topics") for client in both)
    theirs.fill(theirs.line(row), name="새 이름").press()
    at = mine.line(row)
    mine.fill(at, name_en="Topic")
    assert mine.press().status_code == 409
    assert choices(mine) == {f"pick:{at}name": "theirs", f"pick:{at}name_en": "mine"}
    mine.press()
    row.refresh_from_db()
    assert (row.name, row.name_en) == ("새 이름", "Topic")


def test_a_second_conflict_while_choosing(both: tuple[Client, Client], unsigned: Conference) -> None:
    row = unsigned.districts.first()
    mine, theirs = (opened(client, "districts") for client in both)
    theirs.fill(theirs.line(row), name_en="A").press()
    at = mine.line(row)
    mine.fill(at, name_en="B").press()
    again = opened(both[1], "districts")
    again.fill(at, name_en="C").press()
    assert (mine.press().status_code, "C" in mine.text, choices(mine)) == (409, True, {f"pick:{at}name_en": "mine"})
    mine.press()
    row.refresh_from_db()
    assert row.name_en == "B"


def test_a_row_deleted_meanwhile_becomes_a_new_one_if_wanted(both: tuple[Client, Client], unsigned: Conference) -> None:
    row = unsigned.main_items.first()
    mine, theirs = (opened(client, "main-items") for client in both)
    theirs.press(f"remove:{theirs.line(row)[1:-1]}")
    theirs.press()
    mine.fill(mine.line(row), text="내가 적은 것")
    assert (mine.press().status_code, "지워진 자료" in mine.text, "내가 적은 것" in mine.text) == (409, True, True)
    assert mine.press().status_code == 302
    assert unsigned.main_items.get(text="내가 적은 것").name == row.name


def test_a_row_deleted_meanwhile_of_which_nothing_was_typed_is_no_conflict(
    both: tuple[Client, Client], unsigned: Conference
) -> None:
    row, other = unsigned.main_items.all()[:2]
    mine, theirs = (opened(client, "main-items") for client in both)
    theirs.press(f"remove:{theirs.line(row)[1:-1]}")
    theirs.press()
    assert mine.fill(mine.line(other), text="내가 적은 것").press().status_code == 302
    assert [item.text for item in unsigned.main_items.all()] == ["내가 적은 것"]


def test_a_row_page_chooses_field_by_field(both: tuple[Client, Client], unsigned: Conference) -> None:
    session = unsigned.sessions.get(code="mayor")
    mine, theirs = (TablePage(client, f"{ROWS_PATH}/sessions/{session.pk}/") for client in both)
    theirs.fill(
        rooms="601호", start="1800", end="1900", presenters="서울시장, 서울시 교육감", shares_room="예", title="그쪽"
    ).press()
    mine.fill(rooms="6층 로비", moderator="동북4구 구청장", title_en="Mayor")
    assert mine.press().status_code == 409
    found = choices(mine)
    assert found == {
        "pick:title": "theirs",
        "pick:title_en": "mine",
        "pick:start": "theirs",
        "pick:end": "theirs",
        "pick:rooms": "mine",
        "pick:moderator": "mine",
        "pick:presenters": "theirs",
        "pick:shares_room": "theirs",
    }
    assert mine.press().status_code == 302
    session.refresh_from_db()
    assert (session.title, session.title_en, str(session.moderator)) == ("그쪽", "Mayor", "동북4구 구청장")
    assert [
        (str(use.room), use.is_deliberate, use.starts_at == session.starts_at) for use in session.room_uses.all()
    ] == [("6층 로비", True, True)]
    assert [str(talk.presenter) for talk in session.presentations.all()] == ["서울시장", "서울시 교육감"]


def test_lines_and_ticks_are_chosen_too(both: tuple[Client, Client], unsigned: Conference) -> None:
    talk = unsigned.sessions.get(code="social-economy").presentations.first()
    mine, theirs = (TablePage(client, f"{ROWS_PATH}/presentations/{talk.pk}/") for client in both)
    theirs.fill(points="하나\n둘", title="그쪽").press()
    mine.fill(points="셋", title="이쪽").press()
    assert mine.status == 409
    mine.fill(**{"pick:points": "theirs", "pick:title": "mine"}).press()
    talk.refresh_from_db()
    assert (talk.points, talk.title) == (["하나", "둘"], "이쪽")


def test_a_tick_taken_away_is_mine(both: tuple[Client, Client], unsigned: Conference) -> None:
    notice = unsigned.notices.create(title="안내", is_urgent=True)
    mine, theirs = (TablePage(client, f"{ROWS_PATH}/notices/{notice.pk}/") for client in both)
    theirs.fill(text="그쪽").press()
    mine.fill(is_urgent="").press()
    assert (mine.status, choices(mine)) == (409, {"pick:text": "theirs", "pick:is_urgent": "mine"})
    mine.press()
    notice.refresh_from_db()
    assert (notice.text, notice.is_urgent) == ("그쪽", False)


def test_a_row_page_of_a_row_deleted_meanwhile(both: tuple[Client, Client], unsigned: Conference) -> None:
    notice = unsigned.notices.create(title="안내")
    mine = TablePage(both[0], f"{ROWS_PATH}/notices/{notice.pk}/").fill(text="내가 적은 것")
    notice.delete()
    assert (mine.press().status_code, "내가 적은 것" in mine.text) == (409, True)
    assert f'action="{ROWS_PATH}/notices/new/"' in mine.text
    assert mine.press().status_code == 302
    assert unsigned.notices.get().text == "내가 적은 것"


@pytest.mark.parametrize("is_table", [True, False])
def test_a_contact_has_no_version_but_is_watched(
    both: tuple[Client, Client], unsigned: Conference, is_table: bool
) -> None:
    person = unsigned.persons.get(name="서울시장")
    contact = Contact.objects.create(person=person, purpose="안내", keep_until=date(2016, 1, 1))
    path = f"{ROWS_PATH}/contacts/" if is_table else f"{ROWS_PATH}/contacts/{contact.pk}/"
    mine, theirs = (TablePage(client, path) for client in both)
    at = mine.line(contact) if is_table else ""
    theirs.fill(at, phone="02-1").press()
    mine.fill(at, mail="a@example.test").press()
    assert (mine.status, choices(mine)) == (409, {f"pick:{at}mail": "mine", f"pick:{at}phone": "theirs"})
    mine.press()
    contact.refresh_from_db()
    assert (contact.mail, contact.phone) == ("a@example.test", "02-1")


def test_the_overview_too(both: tuple[Client, Client], unsigned: Conference) -> None:
    mine, theirs = (TablePage(client, "/desk/dongbuk4-2015/overview/") for client in both)
    theirs.fill(audience="누구나").press()
    mine.fill(purpose="새 목적").press()
    assert (mine.status, choices(mine)) == (409, {"pick:purpose": "mine", "pick:audience": "theirs"})
    mine.press()
    unsigned.refresh_from_db()
    assert (unsigned.purpose, unsigned.audience) == ("새 목적", "누구나")


def test_a_row_that_goes_while_it_is_saved_is_not_brought_back(
    both: tuple[Client, Client], unsigned: Conference, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = unsigned.persons.create(name="곧 없을 단체", kind=Person.Kind.GROUP)
    mine = opened(both[0], "persons")
    mine.fill(mine.line(person), affiliation="소속")
    lock = "sheets.saving._lock_rows"
    from sheets import saving

    before = saving._lock_rows
    monkeypatch.setattr(lock, lambda forms: (person.delete() if person.pk else None, before(forms))[1])
    assert (mine.press().status_code, "지워진 자료" in mine.text) == (409, True)


def test_a_presenter_added_meanwhile_stays_where_the_cell_was_not_touched(
    both: tuple[Client, Client], unsigned: Conference
) -> None:
    session = unsigned.sessions.get(code="cooperation")
    mine = opened(both[0], "sessions")
    session.presentations.create(presenter=unsigned.persons.get(name="서울시장"))
    assert mine.fill(mine.line(session), title="새 제목").press().status_code == 302
    assert [talk.presenter.name for talk in session.presentations.all()] == ["서울시장"]
    session.refresh_from_db()
    assert session.title == "새 제목"
