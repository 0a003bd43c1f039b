"""사람: who gives, changes and takes roles, and that somebody always remains who can."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from conference import memberships
from conference.models import Conference, Membership
from tests.factories import make_people
from tests.visitor import Page, Visitor

pytestmark = pytest.mark.django_db
BASE, TAKE = "/desk/one/people/", "이 행사에서 빼기"


@pytest.fixture
def people() -> SimpleNamespace:
    return make_people()


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
    sent = {"role": "chair", "user": people.heedong.pk}
    assert Visitor("heedong").post_raw(path, sent).status in {404, 405}
    assert Visitor("dobong").post_raw(path, sent).status in {403, 405}
    assert told(conference) == before


@pytest.mark.parametrize("wanted", ["이영분", "youngbun", "영분"])
def test_somebody_is_found_by_name_or_account_and_given_a_role(conference, people, wanted):
    page = Visitor("chair").open(BASE).form("찾기").fill("성명 또는 아이디", wanted).press("찾기")
    form = page.form("역할 주기 이영분 사회적일자리팀장").fill("역할", "담당").fill("담당이면 공개도 할 수 있음", True)
    assert form.press().status == 302
    assert told(conference)["youngbun"] == ("editor", True)
    assert of(people.youngbun).history.get().by == people.chair


def test_a_search_leaves_out_who_has_a_role_or_has_left(conference, people):
    User.objects.filter(pk=people.seongbuk.pk).update(is_active=False)
    assert [user.username for user in memberships.candidates(conference, "담당")] == ["gangbuk"]


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
def test_a_bad_choice_is_told(conference, people, sent, said):
    user = getattr(people, sent.get("user", ""), None)
    sent = sent | ({"user": user.pk} if user else {}) | {"q": "a\0b" * 30_000}
    page = Visitor("chair").post_raw(BASE + "add/", sent)
    assert (page.status, page.answer.context["refused"], len(told(conference))) == (422, said, 3)


def member(user: User, *, by: str = "chair") -> Page:
    return Visitor(by).open(f"{BASE}{of(user).pk}/")


def test_a_role_is_changed(conference, people):
    for user, role in ((people.nowon, "담당"), (people.dobong, "열람")):
        form = member(user).form("저장").fill("역할", role).fill("공개할 수 있음", True)
        assert form.press("저장").status == 302
    assert told(conference) == {"chair": ("chair", True), "dobong": ("reader", False), "nowon": ("editor", True)}


def test_the_last_chair_stays(conference, people):
    page = member(people.chair, by="admin")
    reader = page.form("저장").fill("역할", "열람")
    refused = reader.press("저장")
    refusal = "마지막 총괄입니다. 다른 사람을 먼저 총괄로 정해 주세요."
    assert (refused.status, refused.answer.context["form"].non_field_errors()) == (422, [refusal])
    assert (page.press(TAKE).messages, told(conference)["chair"]) == ([refusal], ("chair", True))
    memberships.add(conference, people.heedong, role="chair", by=people.admin)
    User.objects.filter(pk=people.heedong.pk).update(is_active=False)  # a chair who has left is none
    assert reader.press("저장").status == 422
    User.objects.filter(pk=people.heedong.pk).update(is_active=True)
    assert reader.press("저장").status == 302
    assert told(conference)["chair"] == ("reader", False)


def test_who_was_second_is_told_and_may_still(conference, people):
    late, row = member(people.nowon), of(people.nowon)
    memberships.change(row, role="editor", may_publish=False, version=row.version, by=people.admin)
    page = late.form("저장").fill("역할", "총괄").press("저장")
    assert (page.status, "총괄" in page.text, "담당" in page.text) == (409, True, True)
    assert told(conference)["nowon"] == ("editor", False)
    assert late.press(TAKE).messages == ["그 사이 다른 사람이 이 역할을 바꿨습니다. 확인하고 다시 누르십시오."]
    assert told(conference)["nowon"] == ("editor", False)
    assert page.press("고른 대로 저장").status == 302
    assert told(conference)["nowon"] == ("chair", True)


def test_a_role_is_taken_and_the_account_stays(conference, people):
    row, page = of(people.nowon), member(people.nowon)
    assert page.visitor.open(f"{page.path}remove/").status == 405
    assert page.press(TAKE).status == 302
    assert sorted(told(conference)) == ["chair", "dobong"]
    assert User.objects.filter(pk=people.nowon.pk).exists() is True
    with pytest.raises(ValidationError, match="그 사이 다른 사람이 이 역할을 뺐습니다"):
        memberships.remove(row, version=row.version, by=people.chair)


def test_a_member_of_another_conference_is_not_found(conference, people):
    other = Conference.objects.create(
        slug="two", title="둘", starts_at=conference.starts_at, ends_at=conference.ends_at
    )
    theirs = Membership.objects.create(conference=other, user=people.wook, role="chair")
    sent = {"role": "reader", "version": theirs.version}
    assert Visitor("chair").post_raw(f"{BASE}{theirs.pk}/", sent).status == 404
