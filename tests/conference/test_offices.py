"""Accounts and offices: kept by who manages them, closed to everybody else, and nothing goes while something hangs on it."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from conference import accounts, offices
from conference.models import Department, Mail, Organisation, User
from tests.addresses import patterns
from tests.cast import assemble

pytestmark = pytest.mark.django_db
BASE = "/desk/accounts/"
PASSWORD = "four-words-are-enough"


@pytest.fixture
def people() -> SimpleNamespace:
    return assemble()


@pytest.fixture
def admin(client, people) -> Client:
    client.force_login(people.admin)
    return client


def sent(user: User, **changed) -> dict:
    values = {"name": user.name, "department": user.department_id or "", "position": user.position, "mail": user.mail}
    return values | {"level": user.level or "", "seen": accounts.stamp(user)} | changed


def said(answer) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


@pytest.mark.parametrize("username", ["chair", "wook", None])
def test_nobody_else_comes_in(client, people, username):
    if username:
        client.force_login(getattr(people, username))
    parts = {"user_id": people.wook.pk, "organisation_id": 1, "department_id": 1}
    routes = [route for route, _name, _pattern in patterns() if route.startswith(BASE[1:])]
    paths = ["/" + re.sub(r"<number:(\w+)>", lambda part: str(parts[part[1]]), route) for route in routes]
    assert f"{BASE}{people.wook.pk}/state/" in paths
    posted = {path: client.post(path, {"state": "closed"}).status_code for path in paths}
    asked = {path: client.get(path).status_code for path in paths}
    assert {*posted.values(), *asked.values()} == ({403, 405} if username else {401, 302})
    assert User.objects.get(pk=people.wook.pk).is_active is True


# ── accounts ────────────────────────────────────────────────────────────────────────────────────
def listed(client: Client, **query) -> list[str]:
    page = client.get(BASE, query).content.decode()
    return re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)</a>', page)


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ("이욱", ["이욱"]),
        ("youngbun", ["이영분"]),
        ("주민생활국", ["김희동"]),
        ("없는 이름", []),
        ("이욱" * 30_000, []),
        ("a\0dmin", ["시스템 관리자"]),
    ],
)
def test_an_account_is_found(admin, wanted, names):
    assert listed(admin, q=wanted) == names


def test_a_long_list_has_pages_that_keep_the_search(admin):
    User.objects.bulk_create(User(username=f"more{number:03}", name="늘린 계정") for number in range(60))
    page = admin.get(BASE, {"q": "늘린"}).content.decode()
    assert re.findall(r'rel="next" href="([^"]+)"', page) == ["?q=%EB%8A%98%EB%A6%B0&amp;page=2"]
    assert (len(listed(admin, q="늘린")), len(listed(admin, q="늘린", page=2))) == (50, 10)


def test_an_account_is_made_and_its_owner_chooses_the_password(admin, people):
    values = {"username": "newbie", "name": "도봉구 담당", "department": people.dobong.department_id, "level": 1}
    answer = admin.post(BASE + "new/", values)
    made = User.objects.get(username="newbie")
    assert (answer.status_code, answer["Location"]) == (302, f"{BASE}{made.pk}/")
    assert (made.department, made.is_admin, made.has_usable_password()) == (people.dobong.department, False, False)
    assert made.history.get().history_user == people.admin
    page = admin.post(f"{BASE}{made.pk}/password/", {"how": "link"})
    link = re.search(r"http://localhost:8000(/accounts/password/new/[^<]+)", page.content.decode())[1]
    assert "no-store" in page["Cache-Control"]
    values = {"new_password1": PASSWORD, "new_password2": PASSWORD}
    assert Client().post(link, values)["Location"] == "/accounts/login/"
    assert Client().post("/accounts/login/", {"login": "newbie", "password": PASSWORD}).status_code == 302


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"username": "wook"}, "username"),
        ({"username": "Wook"}, "username"),  # a sign-in finds both, and lets neither in
        ({"username": "new bie"}, "username"),
        ({"username": ""}, "username"),
        ({"name": ""}, "name"),
        ({"name": "이\x00욱"}, "name"),
        ({"name": "가" * 51}, "name"),
        ({"mail": "no mail"}, "mail"),
        ({"level": "7"}, "level"),
        ({"department": "0"}, "department"),
        ({"department": "x"}, "department"),
    ],
)
def test_a_bad_account_is_told_at_the_field_and_kept(admin, changed, field):
    answer = admin.post(BASE + "new/", {"username": "newbie", "name": "새 사람", "position": "주무관"} | changed)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert answer.content.decode().count('value="주무관"') == 1
    assert User.objects.filter(username="newbie").exists() is False


def test_an_account_changes_but_for_its_username_and_password(admin, people):
    before = User.objects.get(pk=people.wook.pk).password
    changed = sent(people.wook, position="팀장", username="other", password="x", is_active="")
    assert admin.post(f"{BASE}{people.wook.pk}/", changed).status_code == 302
    wook = User.objects.get(pk=people.wook.pk)
    assert (wook.position, wook.username, wook.password, wook.is_active) == ("팀장", "wook", before, True)


def test_who_was_second_keeps_what_was_typed_and_may_still(admin, people):
    first = sent(people.wook, position="팀장")
    User.objects.filter(pk=people.wook.pk).update(mail="moved@example.test")
    answer = admin.post(f"{BASE}{people.wook.pk}/", first)
    assert (answer.status_code, answer.context["form"]["position"].value()) == (409, "팀장")
    assert User.objects.get(pk=people.wook.pk).position == "주무관"
    seen = re.search(r'name="seen" value="(\w+)"', answer.content.decode())[1]
    assert admin.post(f"{BASE}{people.wook.pk}/", first | {"seen": seen}).status_code == 302
    assert User.objects.get(pk=people.wook.pk).position == "팀장"


def test_signing_in_meanwhile_makes_no_form_stale(admin, people):
    values = sent(people.wook, position="팀장")
    Client().force_login(people.wook)  # writes last_login
    assert admin.post(f"{BASE}{people.wook.pk}/", values).status_code == 302


def test_a_closed_account_is_signed_out_at_once(admin, people):
    people.wook.set_password(PASSWORD)
    people.wook.save()
    theirs, right = Client(), {"login": "wook", "password": PASSWORD}
    theirs.post("/accounts/login/", right)
    assert theirs.get("/accounts/").status_code == 200
    admin.post(f"{BASE}{people.wook.pk}/state/", {"state": "closed"})
    assert theirs.get("/accounts/").status_code == 302
    assert Client().post("/accounts/login/", right)["Location"] == "/accounts/inactive/"
    assert User.objects.get(pk=people.wook.pk).history.first().history_user == people.admin
    admin.post(f"{BASE}{people.wook.pk}/state/", {"state": "open"})
    assert theirs.get("/accounts/").status_code == 302  # the old sign-in stays ended
    assert Client().post("/accounts/login/", right)["Location"] == "/approvals/"


def test_somebody_always_keeps_the_accounts(admin, people):
    answer = admin.post(f"{BASE}{people.admin.pk}/state/", {"state": "closed"}, follow=True)
    assert said(answer) == ["자기 계정은 중지할 수 없습니다. 다른 관리자에게 부탁해 주세요."]
    answer = admin.post(f"{BASE}{people.admin.pk}/", sent(people.admin))  # the tick for 관리자 is not sent
    assert (answer.status_code, User.objects.get(pk=people.admin.pk).is_admin) == (422, True)
    with pytest.raises(ValidationError, match="마지막 관리자입니다"):
        accounts.close(people.admin, by=people.wook)


def test_a_way_to_a_new_password_goes_by_mail(admin, people):
    answer = admin.post(f"{BASE}{people.wook.pk}/password/", {"how": "mail"}, follow=True)
    assert said(answer) == ["wook@example.test(으)로 비밀번호 주소를 보냈습니다."]
    assert Mail.objects.get().to == "wook@example.test"
    answer = admin.post(f"{BASE}{people.admin.pk}/password/", {"how": "mail"}, follow=True)
    assert said(answer) == ["전자우편 주소가 없습니다. 직접 전할 주소를 만드십시오."]
    User.objects.filter(pk=people.wook.pk).update(is_active=False)
    answer = admin.post(f"{BASE}{people.wook.pk}/password/", {"how": "link"}, follow=True)
    assert said(answer) == ["중지된 계정입니다. 먼저 다시 쓸 수 있게 하십시오."]


# ── offices ─────────────────────────────────────────────────────────────────────────────────────
def test_an_organisation_and_its_department_are_made_and_changed(admin, people):
    assert admin.post(BASE + "offices/new/", {"kind": "district", "name": "중랑구"}).status_code == 302
    made = Organisation.objects.get(name="중랑구")
    path = f"{BASE}offices/{made.pk}/"
    assert admin.post(path + "new/", {"bureau": "기획국", "name": "기획예산과"}).status_code == 302
    department = made.departments.get()
    User.objects.filter(pk=people.wook.pk).update(department=department)
    values = {"name": "기획과", "registrar": people.wook.pk, "seen": department.version}
    assert admin.post(f"{path}{department.pk}/", values).status_code == 302
    department.refresh_from_db()
    assert (department.name, department.bureau, department.registrar) == ("기획과", "", people.wook)
    assert admin.get(path).content.decode().count("이욱 주무관") == 1


def test_an_officer_of_another_department_is_no_choice(admin, people):
    mine = people.dobong.department
    path = f"{BASE}offices/{mine.organisation_id}/{mine.pk}/"
    answer = admin.post(path, {"name": mine.name, "registrar": people.wook.pk, "seen": mine.version})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["registrar"])


@pytest.mark.parametrize("name", ["강북구", "", "강\n북구", "구" * 101])
def test_a_bad_organisation_is_told(admin, name):
    answer = admin.post(BASE + "offices/new/", {"kind": "district", "name": name})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["name"])


def test_a_department_stands_once_in_its_organisation(admin, people):
    mine = people.wook.department
    answer = admin.post(f"{BASE}offices/{mine.organisation_id}/new/", {"name": mine.name})
    assert (answer.status_code, Department.objects.filter(name=mine.name).count()) == (422, 1)
    assert answer.context["form"].non_field_errors() == ["이 기관에 이미 있는 부서입니다."]


def test_who_was_second_at_an_office_is_told(admin, people):
    mine = people.wook.department
    seen = mine.version
    mine.save()
    path = f"{BASE}offices/{mine.organisation_id}/{mine.pk}/"
    answer = admin.post(path, {"name": "새 이름", "seen": seen})
    assert (answer.status_code, answer.context["form"]["name"].value()) == (409, "새 이름")
    assert admin.post(path + "delete/", {"seen": seen}, follow=True).status_code == 200
    assert Department.objects.filter(pk=mine.pk).exists() is True


def test_an_office_goes_only_when_nothing_hangs_on_it(admin, people):
    mine = people.wook.department
    assert offices.hanging(mine) == ["계정 4건"]
    path = f"{BASE}offices/{mine.organisation_id}/"
    answer = admin.post(f"{path}{mine.pk}/delete/", {"seen": mine.version}, follow=True)
    assert said(answer) == ["‘강북구 일자리지원과’에 딸린 것이 있어 지울 수 없습니다: 계정 4건."]
    answer = admin.post(f"{path}delete/", {"seen": mine.organisation.version}, follow=True)
    assert said(answer) == ["‘강북구’에 딸린 것이 있어 지울 수 없습니다: 처리과 2건."]
    empty = Organisation.objects.create(kind="body", name="빈 단체")
    department = Department.objects.create(organisation=empty, name="사무국")
    path = f"{BASE}offices/{empty.pk}/"
    assert admin.post(f"{path}{department.pk}/delete/", {"seen": 0})["Location"] == path
    assert admin.post(f"{path}delete/", {"seen": 0})["Location"] == BASE + "offices/"
    assert Organisation.objects.filter(pk=empty.pk).exists() is False


@pytest.mark.parametrize("path", ["999999/", "offices/999999/", "offices/999999/new/", "offices/999999/1/"])
def test_what_is_not_there_is_404(admin, path):
    assert admin.get(BASE + path).status_code == 404


def test_a_department_of_another_organisation_is_not_found(admin, people):
    other = people.dobong.department
    assert admin.get(f"{BASE}offices/{people.wook.department.organisation_id}/{other.pk}/").status_code == 404
