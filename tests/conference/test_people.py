"""사람: who gives, changes and takes roles, and that somebody always remains who can."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError

from conference import roles
from conference.models import Conference, Membership, User
from tests.cast import assemble

pytestmark = pytest.mark.django_db
BASE = "/desk/one/people/"


@pytest.fixture
def people() -> SimpleNamespace:
    return assemble()


@pytest.fixture
def conference(people) -> Conference:
    made = Conference.objects.create(
        slug="one", title="하나", starts_at="2015-11-24T04:00Z", ends_at="2015-11-24T09:00Z"
    )
    for user, role in ((people.chair, "chair"), (people.dobong, "editor"), (people.nowon, "reader")):
        Membership.objects.create(conference=made, user=user, role=role, may_publish=role == "chair")
    return made


def of(user: User) -> Membership:
    return Membership.objects.get(user=user)


def told(conference: Conference) -> dict[str, tuple[str, bool]]:
    return {row.user.username: (row.role, row.may_publish) for row in conference.memberships.all()}


def names(page: str) -> list[str]:
    return re.findall(r'<th scope="row">([^<]+?)\s*</th>', page)


def test_members_see_the_list_and_only_a_chair_the_way_to_change_it(client, conference, people):
    pages = {}
    for username in ("chair", "admin", "dobong", "nowon"):
        client.force_login(getattr(people, username))
        pages[username] = client.get(BASE).content.decode()
    assert {name: names(page) for name, page in pages.items()} == {
        name: ["총괄 총괄", "도봉구 담당 담당", "노원구 담당 담당"] for name in pages
    }
    assert {name: page.count("사람 더하기") for name, page in pages.items()} == {
        "chair": 1,
        "admin": 1,
        "dobong": 0,
        "nowon": 0,
    }
    assert {name: page.count("rows/contacts/") for name, page in pages.items()} == {
        "chair": 1,
        "admin": 1,
        "dobong": 1,
        "nowon": 0,
    }


@pytest.mark.parametrize("path", ["", "add/", "{}/", "{}/remove/"])
def test_a_stranger_an_outsider_and_a_member_without_the_right(client, conference, people, path):
    path = BASE + path.format(of(people.nowon).pk)
    before = told(conference)
    assert client.get(path).status_code == 302
    client.force_login(people.heedong)
    assert client.post(path, {"role": "chair", "user": people.heedong.pk}).status_code in {404, 405}
    client.force_login(people.dobong)
    assert client.post(path, {"role": "chair", "user": people.heedong.pk}).status_code in {403, 405}
    assert told(conference) == before


@pytest.mark.parametrize("wanted", ["이영분", "youngbun", "영분"])
def test_somebody_is_found_by_name_or_account_and_given_a_role(client, conference, people, wanted):
    client.force_login(people.chair)
    page = client.get(BASE, {"q": wanted}).content.decode()
    assert re.findall(r'name="user" value="(\d+)"', page) == [str(people.youngbun.pk)]
    sent = {"user": people.youngbun.pk, "role": "editor", "may_publish": "on", "q": wanted}
    assert client.post(BASE + "add/", sent).status_code == 302
    assert told(conference)["youngbun"] == ("editor", True)
    assert of(people.youngbun).history.get().history_user == people.chair


def test_a_search_leaves_out_who_has_a_role_or_has_left(conference, people):
    User.objects.filter(pk=people.seongbuk.pk).update(is_active=False)
    assert [user.username for user in roles.candidates(conference, "담당")] == ["gangbuk"]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "사람과 역할을 골라 주세요."),
        ({"user": "0", "role": "editor"}, "사람과 역할을 골라 주세요."),
        ({"user": "a", "role": "editor"}, "사람과 역할을 골라 주세요."),
        ({"user": "9" * 30, "role": "editor"}, "사람과 역할을 골라 주세요."),
        ({"user": "wook", "role": "king"}, "사람과 역할을 골라 주세요."),
        ({"user": "chair", "role": "editor"}, "총괄 총괄 님은 이미 역할이 있습니다."),
    ],
)
def test_a_bad_choice_is_told(client, conference, people, sent, said):
    client.force_login(people.chair)
    user = getattr(people, sent.get("user", ""), None)
    answer = client.post(BASE + "add/", sent | ({"user": user.pk} if user else {}) | {"q": "a\0b" * 30_000})
    assert (answer.status_code, answer.context["refused"], len(told(conference))) == (422, said, 3)


def change(client, member: Membership, **sent):
    return client.post(f"{BASE}{member.pk}/", {"version": member.version} | sent)


def test_a_role_is_changed(client, conference, people):
    client.force_login(people.chair)
    assert client.get(f"{BASE}{of(people.nowon).pk}/").status_code == 200
    assert change(client, of(people.nowon), role="editor", may_publish="on").status_code == 302
    assert change(client, of(people.dobong), role="reader", may_publish="on").status_code == 302
    assert told(conference) == {"chair": ("chair", True), "dobong": ("reader", False), "nowon": ("editor", True)}


def test_the_last_chair_stays(client, conference, people):
    client.force_login(people.admin)
    answer = change(client, of(people.chair), role="reader")
    assert (answer.status_code, answer.context["form"].non_field_errors()) == (
        422,
        ["마지막 총괄입니다. 다른 사람을 먼저 총괄로 정해 주세요."],
    )
    answer = client.post(f"{BASE}{of(people.chair).pk}/remove/", {"version": of(people.chair).version})
    assert (answer.status_code, told(conference)["chair"]) == (422, ("chair", True))
    roles.give(conference, people.heedong, role="chair", by=people.admin)
    User.objects.filter(pk=people.heedong.pk).update(is_active=False)  # a chair who has left is none
    assert change(client, of(people.chair), role="reader").status_code == 422
    User.objects.filter(pk=people.heedong.pk).update(is_active=True)
    assert change(client, of(people.chair), role="reader").status_code == 302
    assert told(conference)["chair"] == ("reader", False)


def test_who_was_second_is_told_and_may_still(client, conference, people):
    client.force_login(people.chair)
    member = of(people.nowon)
    roles.change(member, role="editor", may_publish=False, version=member.version, by=people.admin)
    answer = change(client, member, role="chair")
    assert answer.status_code == 409
    assert answer.context["form"]["role"].value() == "chair"
    assert told(conference)["nowon"] == ("editor", False)
    assert client.post(f"{BASE}{member.pk}/remove/", {"version": member.version}).status_code == 409
    version = re.search(r'name="version" value="(\d+)"', answer.content.decode())[1]
    assert change(client, member, role="chair", version=version).status_code == 302
    assert told(conference)["nowon"] == ("chair", True)


def test_a_role_is_taken_and_the_account_stays(client, conference, people):
    client.force_login(people.chair)
    member = of(people.nowon)
    assert client.get(f"{BASE}{member.pk}/remove/").status_code == 405
    assert client.post(f"{BASE}{member.pk}/remove/", {"version": member.version}).status_code == 302
    assert sorted(told(conference)) == ["chair", "dobong"]
    assert User.objects.filter(pk=people.nowon.pk).exists() is True
    with pytest.raises(ValidationError, match="그 사이 다른 사람이 이 역할을 뺐습니다"):
        roles.take(member, version=member.version, by=people.chair)


def test_a_member_of_another_conference_is_not_found(client, conference, people):
    other = Conference.objects.create(
        slug="two", title="둘", starts_at=conference.starts_at, ends_at=conference.ends_at
    )
    member = Membership.objects.create(conference=other, user=people.wook, role="chair")
    client.force_login(people.chair)
    assert change(client, member, role="reader").status_code == 404
