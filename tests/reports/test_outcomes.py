"""실적 확인: all as planned by one button, then the exceptions; everybody what is his own."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from conference.models import Conference, Guest
from exhibits.models import Exhibitor
from korean.dates import SEOUL
from reports import todo_counts
from reports.models import Report
from rows.models import Row
from rows.recording import HistoryEntry
from sessions.models import Outcome, Presentation, Session
from tests.forms import Form
from tests.reports.report_pages import BASE, sign_in
from tests.sheets.table_page import TablePage, copied, read_workbook
from tests.visitor import Page, Visitor

ALL = "전부 예정대로"
PAGE = "/desk/dongbuk4-2015/reports/actuals/"
TABLES = ("sessions", "presentations", "exhibitors", "guests")
# what is typed into the first line of each table: field → text, and what is stored then
TYPED = {
    "sessions": ({"outcome": "변경", "headcount": "1,200"}, {"outcome": "changed", "headcount": 1200}),
    "presentations": ({"outcome": "취소"}, {"outcome": "cancelled"}),
    "exhibitors": ({"outcome": "불참"}, {"outcome": "absent"}),
    "guests": (
        {"attendance": "대리참석", "represented_by": "부시장"},
        {"attendance": "represented", "represented_by": "부시장"},
    ),
}
# another field of it, which somebody else saves meanwhile; of a presentation there is no other on the page
OTHERS = {"sessions": {"note": "그쪽"}, "guests": {"attendance": "참석"}, "exhibitors": {"outcome": "참여"}}


def actuals(username: str = "wook") -> Form:
    return Visitor(username).open(PAGE).form("저장")


def table(name: str, username: str = "wook") -> TablePage:
    return TablePage(sign_in(username), f"{PAGE}{name}/")


def rows_of(screen: TablePage) -> list[Row]:
    return [line["row"] for line in screen.answer.context["lines"]]


def histories(row: Row) -> int:
    """How often rows of its kind were written."""
    return HistoryEntry.objects.filter(kind=row._meta.label_lower).count()


def stored(row: Row, values: dict[str, object]) -> dict[str, object]:
    """Those fields of the row as they are stored now."""
    return type(row).objects.values(*values).get(pk=row.pk)


def save(session: Session, typed: dict[str, str], button: str = "저장") -> Page:
    """Type in the line of a session, and press."""
    return actuals().fill_all(typed, within=session.title).press(button)


def errors(page: Page, session: Session) -> dict[str, list[str]]:
    return next(
        line["form"].errors for line in page.answer.context["lines"] if line["row"] and line["row"].pk == session.pk
    )


def at(hour: int, minute: int) -> datetime:
    return datetime(2015, 11, 24, hour, minute, tzinfo=SEOUL)


@pytest.mark.parametrize(
    ("username", "lines"),
    [
        ("wook", (12, 8, 3, 3)),  # 담당: everything
        ("seongbuk", (1, 4, 0, 0)),  # hosts 마을과 사회적경제
        ("gangbuk", (1, 0, 3, 0)),  # hosts another topic; exhibitors of 강북구
        ("chair", (12, 8, 3, 3)),
    ],
)
def test_everybody_confirms_what_is_his_own(unsigned: Conference, username: str, lines: tuple[int, ...]) -> None:
    screens = {name: table(name, username) for name in TABLES}
    assert tuple(len(rows_of(screen)) for screen in screens.values()) == lines
    counts = {sheet.name: left for _address, sheet, left in screens["sessions"].answer.context["outcome_tables"]}
    assert counts == {name: count for name, count in zip(TABLES, lines, strict=True) if count}
    assert all(line["is_editable"] for screen in screens.values() for line in screen.answer.context["lines"])


def test_the_first_table_is_one_that_has_rows(unsigned: Conference) -> None:
    unsigned.sessions.all().delete()
    page = Visitor("gangbuk").open(PAGE)
    assert (page.answer.context["sheet"].name, "세션 실적" in page.text) == ("exhibitors", False)


def test_strangers_find_nothing(unsigned: Conference) -> None:
    User.objects.create_user("outsider", name="도봉구 담당", position="주무관")
    client = sign_in("outsider")
    paths = [PAGE, *(f"{PAGE}{name}{end}" for name in TABLES for end in ("/", ".xlsx"))]
    assert {client.get(path).status_code for path in paths} == {client.post(PAGE).status_code} == {404}
    assert {Client().get(path).status_code for path in paths} == {302}
    assert sign_in("wook").get(f"{PAGE}rooms/").status_code == 404


def test_a_reader_confirms_nothing(unsigned: Conference) -> None:
    reader = User.objects.create_user("reader", name="열람", position="주무관")
    unsigned.memberships.create(user=reader, role="reader")
    assert "확인할 것이 없습니다." in Visitor("reader").open(PAGE).text
    session = unsigned.sessions.first()
    sent = {"all": "1", "count": "1", "r0-id": session.pk, "r0-outcome": "취소"}
    for path in (PAGE, *(f"{PAGE}{name}/" for name in TABLES)):
        Visitor("reader").post_raw(path, sent)
    assert set(unsigned.sessions.values_list("outcome", flat=True)) == {Outcome.UNKNOWN}


def test_rows_of_others_are_not_there(unsigned: Conference) -> None:
    screen = table("presentations", "seongbuk")
    own = {row.pk for row in rows_of(screen)}
    other = Presentation.objects.exclude(pk__in=own).first()
    screen.tamper("r0-id", str(other.pk)).fill("r0-", outcome="취소")
    assert (screen.press().status_code, Presentation.objects.get(pk=other.pk).outcome) == (409, Outcome.UNKNOWN)
    numbers = {row[0] for row in read_workbook(screen.client, f"{PAGE}presentations.xlsx")[1:]}
    assert numbers == {str(pk) for pk in own}


# ── every table is a sheet ──────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("name", TABLES)
def test_what_is_typed_is_stored_and_the_rest_left_alone(unsigned: Conference, name: str) -> None:
    screen, (typed, kept) = table(name), TYPED[name]
    row = rows_of(screen)[0]
    before = histories(row)
    assert screen.fill(screen.line(row), **typed).press().status_code == 302
    assert (stored(row, kept), histories(row) - before) == (kept, 1)
    assert row.history.first().by.username == "wook"
    assert (table(name).press().status_code, histories(row) - before) == (302, 1)


@pytest.mark.parametrize("name", TABLES)
def test_no_line_is_added_moved_or_deleted(unsigned: Conference, name: str) -> None:
    screen = table(name)
    buttons = {value for button in screen.form.buttons for value in button.values}
    assert buttons == {"save", "check", "paste", "1"}
    row = rows_of(screen)[0]
    assert Visitor("wook").post_raw(f"{PAGE}{name}/", {"count": "0", f"gone-{row.pk}": "-"}).status == 403
    line = {f"r0-{field}": text for field, text in TYPED[name][0].items()}
    assert Visitor("wook").post_raw(f"{PAGE}{name}/", {"count": "1", **line}).status == 403
    assert type(row).objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("name", TABLES)
def test_a_workbook_comes_back_with_what_was_changed_in_it(unsigned: Conference, name: str) -> None:
    screen, (typed, kept) = table(name), TYPED[name]
    row = rows_of(screen)[0]
    before = histories(row)
    cells = read_workbook(screen.client, f"{PAGE}{name}.xlsx")
    labels = {field: label for field, label, _required in screen.answer.context["table"].headings}
    assert cells[0] == ["자료번호", *labels.values()]
    screen.press("paste", paste=copied(cells))
    assert (screen.errors(), screen.press().status_code, histories(row)) == ([], 302, before)
    for field, text in typed.items():
        cells[1][cells[0].index(labels[field])] = text
    screen = table(name)
    screen.press("paste", paste=copied(cells))
    assert histories(row) == before  # the table is filled, and nothing saved
    assert screen.press().status_code == 302
    assert (stored(row, kept), histories(row) - before) == (kept, 1)


@pytest.mark.parametrize("name", TABLES)
def test_cells_are_pasted_down_a_column_and_not_beyond_the_last_line(unsigned: Conference, name: str) -> None:
    screen, [field, text] = table(name), next(iter(TYPED[name][0].items()))
    text = "불참" if name == "guests" else text
    column = [head[0] for head in screen.answer.context["table"].headings].index(field)
    screen.send_by_script(f"fill:0:{column}", paste=f"{text}\n{text}")
    assert screen.press().status_code == 302
    first, second, third = rows_of(screen)[:3]
    value = getattr(type(first).objects.get(pk=first.pk), field)
    assert [getattr(type(row).objects.get(pk=row.pk), field) for row in (second, third)] == [value, "unknown"]
    screen = table(name)
    screen.send_by_script(f"fill:{len(rows_of(screen)) - 1}:{column}", paste=f"{text}\n{text}")
    assert screen.errors() == [
        "이 표에는 줄을 더할 수 없습니다. 내려받은 표의 ‘자료번호’ 열을 함께 복사하거나, 표에 있는 줄 수만큼만 붙여 넣어 주세요."
    ]
    screen = table(name)
    screen.press("paste", paste=text)
    assert screen.errors()[0].startswith("이 표에는 줄을 더할 수 없습니다.")


def test_what_a_line_is_about_is_read_and_not_changed(unsigned: Conference) -> None:
    screen = table("sessions")
    session = rows_of(screen)[0]
    line = screen.line(session)
    assert [control for control in screen.form.controls if control.name == f"{line}title"] == []
    screen.tamper(f"{line}title", "다른 제목").fill(line, note="메모").press()
    assert stored(session, {"title": "", "note": ""}) == {"title": session.title, "note": "메모"}


@pytest.mark.parametrize("name", OTHERS)
def test_of_two_people_the_second_chooses_and_loses_nothing(unsigned: Conference, name: str) -> None:
    mine, theirs, (typed, kept) = table(name), table(name, "chair"), TYPED[name]
    row = rows_of(mine)[0]
    line = mine.line(row)
    assert theirs.fill(line, **OTHERS[name]).press().status_code == 302
    assert (mine.fill(line, **typed).press().status_code, "다른 사람이 먼저 저장했습니다" in mine.text) == (409, True)
    shown = [control.labels for control in mine.form.controls if control.kind == "radio"]
    assert all(shown)
    assert mine.press().status_code == 302  # what each touched is proposed
    merged = {field: stored(row, {field: ""})[field] for field in kept}
    assert merged == kept
    if name == "sessions":
        assert Session.objects.get(pk=row.pk).note == "그쪽"


def test_a_row_that_was_deleted_meanwhile_is_not_made_anew(unsigned: Conference) -> None:
    screen = table("guests")
    guest, other = rows_of(screen)[:2]
    screen.fill(screen.line(guest), attendance="참석").fill(screen.line(other), attendance="불참")
    guest.delete()
    assert (screen.press().status_code, "지워진 자료" in screen.text) == (409, True)
    assert screen.press().status_code == 302
    assert {row.attendance for row in unsigned.guests.all()} == {"unknown", "absent"}
    assert unsigned.guests.count() == 2


# ── all as planned ──────────────────────────────────────────────────────────────────────────────
def test_all_as_planned_touches_what_nobody_confirmed_and_no_guest(unsigned: Conference) -> None:
    unsigned.sessions.filter(code="mayor").update(outcome=Outcome.CHANGED)
    assert actuals().press(ALL).status == 302
    outcomes = dict(unsigned.sessions.values_list("code", "outcome"))
    assert {code for code, outcome in outcomes.items() if outcome != Outcome.AS_PLANNED} == {"mayor"}
    assert set(Presentation.objects.values_list("outcome", flat=True)) == {Outcome.AS_PLANNED}
    assert set(Exhibitor.objects.values_list("outcome", flat=True)) == {Exhibitor.Outcome.PRESENT}
    assert set(Guest.objects.values_list("attendance", flat=True)) == {Guest.Attendance.UNKNOWN}
    latest = unsigned.sessions.exclude(code="mayor").first().history.first()
    assert latest.by.username == "wook"


@pytest.mark.parametrize("name", TABLES)
def test_all_as_planned_saves_what_was_typed_first_from_every_table(unsigned: Conference, name: str) -> None:
    screen, (typed, kept) = table(name), TYPED[name]
    row = rows_of(screen)[0]
    screen.fill(screen.line(row), **typed)
    page = screen.form.press(ALL)
    assert (page.status, stored(row, kept)) == (302, kept)
    assert unsigned.sessions.filter(outcome=Outcome.UNKNOWN).count() == 0
    counts = [left for _address, _sheet, left in table(name).answer.context["outcome_tables"]]
    assert counts == [0, 0, 0, 2 if name == "guests" else 3]


def test_all_as_planned_counts_as_the_tab_does_and_leaves_who_was_only_invited(unsigned: Conference) -> None:
    """An exhibitor who had not said yet that it would come: visitors never read of it."""
    invited = Exhibitor.objects.first()
    Exhibitor.objects.filter(pk=invited.pk).update(state=Exhibitor.State.INVITED)
    report = unsigned.reports.get()
    before = todo_counts.todo_counts(report)["actuals"]
    assert actuals().press(ALL).messages == ["미확인 22건을 예정대로 확인했습니다."]
    invited.refresh_from_db()
    assert (before, todo_counts.todo_counts(report)["actuals"], invited.outcome) == (26, 4, Exhibitor.Outcome.UNKNOWN)
    assert "초청" in Visitor("wook").open(f"{PAGE}exhibitors/").text


def test_of_no_programme_nothing_is_said_to_be_confirmed(unsigned: Conference) -> None:
    for rows in (unsigned.sessions, unsigned.exhibitions, unsigned.guests):
        rows.all().delete()
    assert "actuals" not in todo_counts.todo_counts(unsigned.reports.get())
    assert "확인할 것이 없습니다." in Visitor("wook").open(PAGE).text


def test_all_as_planned_says_nothing_of_what_is_to_come(unsigned: Conference) -> None:
    unsigned.sessions.filter(code="mayor").update(
        starts_at=timezone.now() + timedelta(hours=1), ends_at=timezone.now() + timedelta(hours=2)
    )
    actuals().press(ALL)
    assert unsigned.sessions.get(code="mayor").outcome == Outcome.UNKNOWN
    assert actuals().press(ALL).messages == ["확인할 것이 없습니다. 끝난 세션·발표·전시 가운데 미확인인 것이 없습니다."]


def test_the_host_desk_confirms_its_own_alone(unsigned: Conference) -> None:
    actuals("seongbuk").press(ALL)
    confirmed = unsigned.sessions.exclude(outcome=Outcome.UNKNOWN)
    assert [session.topic.name for session in confirmed] == ["마을과 사회적경제 사업"]
    assert Exhibitor.objects.exclude(outcome=Exhibitor.Outcome.UNKNOWN).count() == 0


# ── the rules of each ───────────────────────────────────────────────────────────────────────────
def test_an_exception_has_times_heads_and_a_note(unsigned: Conference) -> None:
    session = unsigned.sessions.get(code="mayor")
    typed = {"실제": "변경", "실제 시작": "1530", "실제 끝": "오후 4시", "참석 인원": "1,200", "결과 메모": "10분 늦게"}
    save(session, typed)
    session.refresh_from_db()
    assert (session.outcome, session.actual_starts_at, session.actual_ends_at) == ("changed", at(15, 30), at(16, 0))
    assert (session.headcount, session.note) == (1200, "10분 늦게")


def test_an_end_before_the_start_is_after_midnight(unsigned: Conference) -> None:
    session = unsigned.sessions.get(code="mayor")
    save(session, {"실제 시작": "23:00", "실제 끝": "0:30"})
    session.refresh_from_db()
    assert session.actual_ends_at == at(0, 30) + timedelta(days=1)


@pytest.mark.parametrize(
    ("starts", "ends", "found"),
    [
        ("00:10", "01:20", "25 00:10 25 01:20"),
        ("23:20", "24:00", "24 23:20 25 00:00"),
        ("23:40", "00:50", "24 23:40 25 00:50"),
    ],
)
def test_what_passes_midnight_is_nearest_to_its_plan(unsigned: Conference, starts: str, ends: str, found: str) -> None:
    session = unsigned.sessions.get(code="mayor")
    session.starts_at, session.ends_at = at(23, 30), at(1, 0) + timedelta(days=1)
    session.save()
    for headcount in ("5", "6"):
        save(session, {"실제 시작": starts, "실제 끝": ends, "참석 인원": headcount})
        session.refresh_from_db()
        really = session.actual_starts_at, session.actual_ends_at
        assert " ".join(f"{time.astimezone(SEOUL):%d %H:%M}" for time in really) == found


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"실제 끝": "16:00"}, {"starts"}),
        ({"실제 시작": "16:00", "실제 끝": "16:00"}, {"ends"}),
        ({"실제 시작": "25:00"}, {"starts"}),
        ({"참석 인원": "-1"}, {"headcount"}),
        ({"참석 인원": "30,001"}, {"headcount"}),
        ({"참석 인원": "많음"}, {"headcount"}),
        ({"결과 메모": "a\x00"}, {"note"}),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_saved(
    unsigned: Conference, typed: dict[str, str], wrong: set[str]
) -> None:
    session, other = unsigned.sessions.get(code="mayor"), unsigned.sessions.exclude(code="mayor").first()
    fields = actuals().fill_all(typed, within=session.title).fill("참석 인원", "7", within=other.title)
    page = fields.press(ALL)
    assert (page.status, errors(page, session).keys()) == (422, wrong)
    assert Session.objects.filter(version__gt=0).count() == 0


def test_an_outcome_that_is_none_is_told(unsigned: Conference) -> None:
    screen = table("sessions")
    session = unsigned.sessions.get(code="mayor")
    page = screen.tamper(f"{screen.line(session)}outcome", "moon").form.press("저장")
    assert (page.status, errors(page, session).keys()) == (422, {"outcome"})


@pytest.mark.parametrize(
    ("typed", "status", "kept"),
    [
        ({"참석": "참석"}, 302, ("present", "")),
        ({"참석": "대리참석", "대리 참석자": "부시장"}, 302, ("represented", "부시장")),
        ({"참석": "대리참석"}, 422, ("unknown", "")),
        ({"참석": "불참", "대리 참석자": "부시장"}, 422, ("unknown", "")),
    ],
)
def test_guests_are_confirmed_one_by_one(
    unsigned: Conference, typed: dict[str, str], status: int, kept: tuple[str, str]
) -> None:
    guest = unsigned.guests.first()
    form = Visitor("wook").open(f"{PAGE}guests/").form("저장")
    page = form.fill_all(typed, within=guest.person.name).press("저장")
    guest.refresh_from_db()
    assert (page.status, (guest.attendance, guest.represented_by)) == (status, kept)


def test_the_page_stands_among_those_of_the_offices_draft(unsigned: Conference) -> None:
    assert BASE in sign_in("wook").get(PAGE).content.decode()
    Report.objects.all().delete()
    assert sign_in("wook").get(PAGE).status_code == 200
