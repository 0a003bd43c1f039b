"""A new conference: empty or after an earlier one, with the dates moved and nothing of what happened only once."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from conference import history, new_conference
from conference.exchange import exporting, importing
from conference.models import Conference, Contact, Membership
from tests.exchange import full_file
from tests.factories import make_people
from tests.forms import Form
from tests.visitor import Visitor

pytestmark = pytest.mark.django_db
AT = {"starts_at": datetime(2026, 11, 24, 4, tzinfo=UTC), "ends_at": datetime(2026, 11, 24, 9, tzinfo=UTC)}
MAKE = "행사 만들기"
TYPED = {"행사명": "새 컨퍼런스", "시작": "2026-11-24 13:00", "끝": "2026. 11. 24.(화) 오후 6시"}
OWN = ["main_items", "hosts", "districts", "topics", "venues", "persons", "guests", "parts", "sessions", "tracks"]
OWN += ["exhibitions"]
ALL = ["preparation", "sessions", "exhibits"]


def new(username: str = "wook") -> Form:
    """The page of a new conference, with what everybody has to type."""
    return Visitor(username).open("/desk/new/").form(MAKE).fill_all(TYPED)


def keep_one(user: User) -> None:
    """Let the person have an earlier conference to begin from."""
    Conference.objects.create(slug="own", title="내 행사", **AT).memberships.create(user=user)


# ── empty ───────────────────────────────────────────────────────────────────────────────────────
def test_anybody_of_an_office_makes_one_and_becomes_its_chair():
    wook = make_people().wook
    assert new().press(MAKE).answer["Location"] == "/desk/2026-11-24/"
    made = Conference.objects.get()
    member = made.memberships.get()
    assert (made.title, made.starts_at, made.ends_at) == ("새 컨퍼런스", AT["starts_at"], AT["ends_at"])
    assert (member.user, member.role, member.may_publish) == (wook, Membership.Role.CHAIR, True)
    assert made.history.get().by == wook


def test_where_there_is_none_no_earlier_one_is_offered():
    make_people()
    form = new()
    assert [label for control in form.controls for label in control.labels if "본떠" in label] == []
    assert {"source", "along"} & set(form.fields) == set()


def test_an_event_may_end_at_24():
    make_people()
    wook = new().fill("끝", "2026-11-24 24:00").press(MAKE).visitor
    made = Conference.objects.get()
    assert made.ends_at == datetime(2026, 11, 24, 15, tzinfo=UTC)
    assert "r0-day" not in wook.open(f"/desk/{made.slug}/rows/sessions/").text  # of the same day still
    wook.open(f"/desk/{made.slug}/overview/").form("저장").fill("끝", "2026. 11. 25.(수) 24:00").press("저장")
    made.refresh_from_db()
    assert made.ends_at == datetime(2026, 11, 25, 15, tzinfo=UTC)
    assert "r0-day" in wook.open(f"/desk/{made.slug}/rows/sessions/").text


def test_a_second_one_of_the_day_gets_a_number():
    make_people()
    found = [new().press(MAKE).answer["Location"] for _ in range(3)]
    assert found == ["/desk/2026-11-24/", "/desk/2026-11-24-2/", "/desk/2026-11-24-3/"]


def test_who_keeps_a_conference_may_make_the_next(unsigned):
    assert User.objects.get(username="chair").department is None
    assert new("chair").press(MAKE).status == 302


def test_who_may():
    make_people()
    User.objects.create_user("nobody", name="소속 없는 계정")
    form, nobody = new("admin"), Visitor("nobody")
    refused = [nobody.open(form.action).status, nobody.post_raw(form.action, dict(form.sent)).status]
    assert (refused, Conference.objects.count()) == ([403, 403], 0)
    assert (form.press(MAKE).status, Conference.objects.count()) == (302, 1)


@pytest.mark.parametrize(
    ("field", "bad"),
    [
        ("title", ""),
        ("title", "첫 줄\n둘째 줄"),
        ("title", "가" * 201),
        ("title", "새\x00것"),
        ("starts_at", ""),
        ("starts_at", "내일 13:00"),
        ("starts_at", "1899-12-31 13:00"),
        ("starts_at", "9999-12-31 13:00"),
        ("ends_at", "2026-11-24 13:00"),
        ("ends_at", "2026-11-23 13:00"),
        ("slug", "desk"),
        ("slug", "new"),
        ("slug", "Dongbuk4"),
        ("slug", "동북4구"),
        ("slug", "a" * 51),
        ("slug", "taken"),
        ("source", "taken"),
        ("along", "reports"),
    ],
)
def test_what_cannot_be_is_told_at_the_field_and_kept(field, bad):
    keep_one(make_people().wook)
    Conference.objects.create(slug="taken", title="남의 행사", **AT)
    page = new().tamper(field, bad).press(MAKE)
    form = page.answer.context["form"]
    assert (page.status, list(form.errors), Conference.objects.count()) == (422, [field], 2)
    sent = [bad] if field == "along" else re.sub("\n", "\r\n", bad)  # lines end as a browser sends them
    assert form[field].value() == sent


# ── after an earlier one ────────────────────────────────────────────────────────────────────────
@pytest.fixture
def earlier() -> Conference:
    """A conference with rows in every list and a value in every field."""
    return importing.load(json.dumps(full_file.file(2)).encode())


def told(conference: Conference) -> dict:
    return json.loads(exporting.dump(conference))


def copied(source: Conference, along: list[str]) -> dict:
    admin = User.objects.create_user("maker", name="관리자", is_admin=True)
    ends = AT["starts_at"] + (source.ends_at - source.starts_at)
    at = {"starts_at": AT["starts_at"], "ends_at": ends}
    return told(new_conference.copy(source, along=along, by=admin, slug="copy", title="다음 행사", **at))


def named(value: object, name: str) -> list:
    """Every value of that name, at every depth."""
    if isinstance(value, list):
        return [found for row in value for found in named(row, name)]
    if not isinstance(value, dict):
        return []
    return ([value[name]] if name in value else []) + [found for row in value.values() for found in named(row, name)]


def test_what_happened_only_once_stays_behind(earlier):
    before, after = told(earlier), copied(earlier, ALL)
    of_the_conference = {name: rows for name, rows in after.items() if name in {"conference", *OWN}}
    gone = ["bases", "notices", "files", "photos", "calls", "reports", "questions", "proposals", "decisions", "minutes"]
    gone += [
        "materials",
        "as_written",
        "headcount",
        "counted_how",
        "actual_starts_at",
        "given",
        "left",
        "stated",
    ]
    gone += ["officer", "attendee_count", "meeting_count_said", "represented_by", "consent_version"]
    assert {name: named(before, name) for name in gone if not named(before, name)} == {}  # each could have come along
    assert {name: named(of_the_conference, name) for name in gone if named(of_the_conference, name)} == {}
    anew = {"name_basis": "unknown", "attendance": "unknown", "outcome": "unknown"}
    assert {name: {*named(after, name)} for name in anew} == {name: {value} for name, value in anew.items()}
    assert (named(before["sessions"], "note") != [], named(after["sessions"], "note")) == (True, [])
    assert {row["state"] for shown in after["exhibitions"] for row in shown["exhibitors"]} == {"invited"}
    assert [(row["user"], row["role"]) for row in after["memberships"]] == [("maker", "chair")]
    assert Contact.objects.filter(person__conference__slug="copy").exists() is False
    assert {name: len(after[name]) for name in OWN} == {name: len(before[name]) for name in OWN}


@pytest.mark.parametrize(
    ("along", "lists"),
    [
        ([], set()),
        (["sessions"], {"parts", "sessions"}),
        (["preparation"], {"tracks"}),
        (["exhibits"], {"exhibitions"}),
    ],
)
def test_only_what_was_chosen_goes_along(earlier, along, lists):
    assert set(copied(earlier, along)) & {"parts", "sessions", "tracks", "exhibitions"} == lists


def test_every_date_moves_by_as_much(example: Conference):
    """2015-11-24 13:00 becomes 2026-11-24 13:00: 4018 days later."""
    before, after = told(example), copied(example, ALL)
    moments = [
        [at[:16] for at in re.findall(r'"(\d{4}-\d\d-\d\dT[^"]+)"', json.dumps(file))] for file in (before, after)
    ]
    assert len(moments[1]) > 20
    assert {at.replace("2026-11-24", "2015-11-24") for at in moments[1]} <= set(moments[0])
    days = [[row["date"] for track in file["tracks"] for row in track["meetings"]] for file in (before, after)]
    moved = [datetime.fromisoformat(b) - datetime.fromisoformat(a) for a, b in zip(*days, strict=True)]
    assert {by.days for by in moved} == {4018}
    assert [row["title"] for row in after["sessions"]] == [row["title"] for row in before["sessions"]]


def test_a_copy_by_the_form(client, example: Conference):
    form = new().fill("시작하는 방법", f"‘{example.title}’를 본떠 만들기").fill("함께 가져올 것", "프로그램")
    page = form.fill("웹 주소", "next").press(MAKE)
    made = Conference.objects.get(slug="next")
    assert page.answer["Location"] == "/desk/next/"
    assert (made.sessions.count(), made.tracks.count()) == (example.sessions.count(), 0)
    assert (made.releases.count(), made.reports.count()) == (0, 0)
    assert {*history.entries_of(made).values_list("by", "verb")} == {(made.memberships.get().user_id, "+")}
    assert client.get("/next/").status_code == 404
    assert page.follow().status == 200


def test_nobody_copies_what_he_may_not_see(example: Conference):
    office = User.objects.get(username="wook").department
    keep_one(User.objects.create_user("stranger", name="다른 부서", department=office))
    page = new("stranger").tamper("source", example.slug).press(MAKE)
    assert (page.status, list(page.answer.context["form"].errors)) == (422, ["source"])


def test_all_or_nothing(example: Conference):
    with pytest.raises(ValidationError):
        new_conference.copy(
            example,
            along=ALL,
            by=User.objects.get(username="wook"),
            slug="late",
            title="너무 늦은 행사",
            starts_at=datetime(9999, 12, 1, tzinfo=UTC),
            ends_at=datetime(9999, 12, 2, tzinfo=UTC),
        )
    assert Conference.objects.filter(slug="late").exists() is False
