"""A new conference: empty or after an earlier one, with the dates moved and nothing of what happened only once."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError

from conference import founding
from conference.exchange import exporting, importing
from conference.models import Conference, Contact, Membership, User
from tests.cast import assemble
from tests.exchange import full
from tests.sheets.screen import Screen

pytestmark = pytest.mark.django_db
AT = {"starts_at": datetime(2026, 11, 24, 4, tzinfo=UTC), "ends_at": datetime(2026, 11, 24, 9, tzinfo=UTC)}
TYPED = {"title": "새 컨퍼런스", "starts_at": "2026-11-24 13:00", "ends_at": "2026. 11. 24.(화) 오후 6시"}
OWN = ["main_items", "hosts", "districts", "topics", "venues", "persons", "guests", "parts", "sessions", "tracks"]
OWN += ["exhibitions"]
ALL = ["preparation", "sessions", "exhibits"]


def made_by(client, user: User, **typed):
    client.force_login(user)
    return client.post("/desk/new/", TYPED | typed)


# ── empty ───────────────────────────────────────────────────────────────────────────────────────
def test_anybody_of_an_office_makes_one_and_becomes_its_chair(client):
    wook = assemble().wook
    assert made_by(client, wook)["Location"] == "/desk/2026-11-24/"
    made = Conference.objects.get()
    member = made.memberships.get()
    assert (made.title, made.starts_at, made.ends_at) == ("새 컨퍼런스", AT["starts_at"], AT["ends_at"])
    assert (member.user, member.role, member.may_publish) == (wook, Membership.Role.CHAIR, True)
    assert made.history.get().history_user == wook


def test_an_event_may_end_at_24(client):
    made_by(client, assemble().wook, ends_at="2026-11-24 24:00")
    made = Conference.objects.get()
    assert made.ends_at == datetime(2026, 11, 24, 15, tzinfo=UTC)
    assert "r0-day" not in client.get(f"/desk/{made.slug}/rows/sessions/").content.decode()  # of the same day still
    page = Screen(client, f"/desk/{made.slug}/overview/")
    page.fill(ends_at="2026. 11. 25.(수) 24:00").press()
    made.refresh_from_db()
    assert made.ends_at == datetime(2026, 11, 25, 15, tzinfo=UTC)
    assert "r0-day" in client.get(f"/desk/{made.slug}/rows/sessions/").content.decode()


def test_a_second_one_of_the_day_gets_a_number(client):
    wook = assemble().wook
    found = [made_by(client, wook)["Location"] for _ in range(3)]
    assert found == ["/desk/2026-11-24/", "/desk/2026-11-24-2/", "/desk/2026-11-24-3/"]


def test_who_keeps_a_conference_may_make_the_next(client, unsigned):
    chair = User.objects.get(username="chair")
    assert chair.department is None
    assert made_by(client, chair).status_code == 302


@pytest.mark.parametrize(("username", "status"), [("admin", 302), ("nobody", 403)])
def test_who_may(client, username, status):
    assemble()
    User.objects.create_user("nobody", name="소속 없는 계정")
    user = User.objects.get(username=username)
    answer = made_by(client, user)
    assert (answer.status_code, Conference.objects.count()) == (status, 1 if status == 302 else 0)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "첫 줄\n둘째 줄"}, "title"),
        ({"title": "가" * 201}, "title"),
        ({"title": "새\x00것"}, "title"),
        ({"starts_at": ""}, "starts_at"),
        ({"starts_at": "내일 13:00"}, "starts_at"),
        ({"starts_at": "1899-12-31 13:00"}, "starts_at"),
        ({"starts_at": "9999-12-31 13:00"}, "starts_at"),
        ({"ends_at": "2026-11-24 13:00"}, "ends_at"),
        ({"ends_at": "2026-11-23 13:00"}, "ends_at"),
        ({"slug": "desk"}, "slug"),
        ({"slug": "new"}, "slug"),
        ({"slug": "Dongbuk4"}, "slug"),
        ({"slug": "동북4구"}, "slug"),
        ({"slug": "a" * 51}, "slug"),
        ({"slug": "taken"}, "slug"),
        ({"source": "taken"}, "source"),
        ({"along": ["reports"]}, "along"),
    ],
)
def test_what_cannot_be_is_told_at_the_field_and_kept(client, typed, field):
    wook = assemble().wook
    Conference.objects.create(slug="taken", title="남의 행사", **AT)
    answer = made_by(client, wook, **typed)
    assert (answer.status_code, list(answer.context["form"].errors), Conference.objects.count()) == (422, [field], 1)
    name, value = next(iter((TYPED | typed).items()))
    assert answer.context["form"][name].value() == value


# ── after an earlier one ────────────────────────────────────────────────────────────────────────
@pytest.fixture
def earlier() -> Conference:
    """A conference with rows in every list and a value in every field."""
    return importing.load(json.dumps(full.file(2)).encode())


def told(conference: Conference) -> dict:
    return json.loads(exporting.dump(conference))


def copied(source: Conference, along: list[str]) -> dict:
    admin = User.objects.create_user("maker", name="관리자", is_admin=True)
    ends = AT["starts_at"] + (source.ends_at - source.starts_at)
    at = {"starts_at": AT["starts_at"], "ends_at": ends}
    return told(founding.copy(source, along=along, by=admin, slug="copy", title="다음 행사", **at))


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
    wook = User.objects.get(username="wook")
    answer = made_by(client, wook, source=example.slug, along=["sessions"], slug="next")
    made = Conference.objects.get(slug="next")
    assert answer["Location"] == "/desk/next/"
    assert (made.sessions.count(), made.tracks.count()) == (example.sessions.count(), 0)
    assert (made.releases.count(), made.reports.count()) == (0, 0)
    assert client.get("/next/").status_code == 404
    assert client.get(answer["Location"]).status_code == 200


def test_nobody_copies_what_he_may_not_see(client, example: Conference):
    stranger = User.objects.create_user(
        "stranger", name="다른 부서", department=User.objects.get(username="wook").department
    )
    answer = made_by(client, stranger, source=example.slug)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["source"])


def test_all_or_nothing(example: Conference):
    with pytest.raises(ValidationError):
        founding.copy(
            example,
            along=ALL,
            by=User.objects.get(username="wook"),
            slug="late",
            title="너무 늦은 행사",
            starts_at=datetime(9999, 12, 1, tzinfo=UTC),
            ends_at=datetime(9999, 12, 2, tzinfo=UTC),
        )
    assert Conference.objects.filter(slug="late").exists() is False
