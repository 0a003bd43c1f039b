"""Accounts and offices: kept by who manages them, closed to everybody else, and nothing goes while something hangs on it."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from accounts import offices, users
from accounts.models import Department, Mail, Organisation, User
from tests.addresses import patterns
from tests.factories import make_people
from tests.visitor import Page, Visitor

pytestmark = pytest.mark.django_db
BASE = "/desk/accounts/"
MAKE, BY_MAIL = "계정 만들기", "전자우편으로 보내기"
NO_PASSWORD = "아직 비밀번호가 없어 로그인할 수 없는 계정입니다."
PASSWORD = "four-words-are-enough"


@pytest.fixture
def people() -> SimpleNamespace:
    return make_people()


@pytest.fixture
def admin(people) -> Visitor:
    return Visitor("admin")


def account(admin: Visitor, user: User) -> Page:
    return admin.open(f"{BASE}{user.pk}/")


def place(row: Organisation | Department) -> str:
    if isinstance(row, Organisation):
        return f"{BASE}offices/{row.pk}/"
    return f"{BASE}offices/{row.organisation_id}/{row.pk}/"


@pytest.mark.parametrize("username", ["chair", "wook", None])
def test_nobody_else_comes_in(client, people, username):
    if username:
        client.force_login(getattr(people, username))
    parts = {"user_id": people.wook.pk, "organisation_id": 1, "department_id": 1}
    routes = [route for route, _name, _pattern in patterns() if route.startswith(BASE[1:])]
    paths = ["/" + re.sub(r"<number:(\w+)>", lambda part: str(parts[part[1]]), route) for route in routes]
    assert f"{BASE}{people.wook.pk}/state/" in paths
    posted = {path: client.post(path).status_code for path in paths}
    asked = {path: client.get(path).status_code for path in paths}
    assert {*posted.values(), *asked.values()} == ({403, 405} if username else {401, 302})
    assert User.objects.get(pk=people.wook.pk).is_active is True


# ── accounts ────────────────────────────────────────────────────────────────────────────────────
def listed(admin: Visitor, **query) -> list[str]:
    page = admin.client.get(BASE, query).content.decode()
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
    page = admin.open(BASE).form("찾기").fill("성명, 아이디 또는 부서", "늘린").press("찾기")
    assert re.findall(r'rel="next" href="([^"]+)"', page.text) == ["?q=%EB%8A%98%EB%A6%B0&amp;page=2"]
    assert (len(listed(admin, q="늘린")), len(listed(admin, q="늘린", page=2))) == (50, 10)


def state_of(admin: Visitor, user: User) -> list[str]:
    page = admin.client.get(BASE, {"q": user.username}).content.decode()
    return re.findall(r'<span class="badge[^"]*">([^<]+)</span>', page.partition("<tbody>")[2])


def test_an_account_is_made_and_its_owner_chooses_the_password(admin, people):
    typed = {"아이디": "newbie", "성명": "도봉구 담당", "소속 부서": str(people.dobong.department), "직급": "주무관"}
    page = admin.open(BASE + "new/").form(MAKE).fill_all(typed).press(MAKE)
    made = User.objects.get(username="newbie")
    assert (page.status, page.answer["Location"]) == (302, f"{BASE}{made.pk}/")
    assert (made.department, made.is_admin, made.has_usable_password()) == (people.dobong.department, False, False)
    assert made.history.get().by == people.admin
    page = page.follow()
    assert (NO_PASSWORD in page.text, "지금 비밀번호" in page.text) == (True, False)
    assert state_of(admin, made) == ["비밀번호 없음"]
    page = page.press("직접 전할 주소 만들기")
    link = re.search(r"http://localhost:8000(/accounts/password/new/[^<]+)", page.text)[1]
    assert "no-store" in page.answer["Cache-Control"]
    form = Visitor().open(link).form("새 비밀번호로 정하기")
    form.fill("새 비밀번호", PASSWORD).fill("새 비밀번호 (확인)", PASSWORD)
    done = form.press()
    assert done.answer["Location"] == "/accounts/login/"
    assert done.messages == ["비밀번호를 정했습니다. 이제 아이디(newbie)와 이 비밀번호로 로그인해 주세요."]
    assert Visitor().sign_in("newbie", PASSWORD).status == 302
    page = account(admin, made)
    assert (NO_PASSWORD in page.text, "지금 비밀번호" in page.text) == (False, True)
    assert state_of(admin, made) == ["사용"]


@pytest.mark.parametrize(
    ("field", "bad"),
    [
        ("username", "wook"),
        ("username", "Wook"),  # a sign-in finds both, and lets neither in
        ("username", "new bie"),
        ("username", ""),
        ("name", ""),
        ("name", "이\x00욱"),
        ("name", "가" * 51),
        ("mail", "no mail"),
        ("level", "7"),
        ("department", "0"),
        ("department", "x"),
    ],
)
def test_a_bad_account_is_told_at_the_field_and_kept(admin, field, bad):
    form = admin.open(BASE + "new/").form(MAKE).fill_all({"아이디": "newbie", "성명": "새 사람", "직위": "주무관"})
    page = form.tamper(field, bad).press(MAKE)
    assert (page.status, list(page.answer.context["form"].errors)) == (422, [field])
    assert page.text.count('value="주무관"') == 1
    assert User.objects.filter(username="newbie").exists() is False


def test_an_account_changes_but_for_its_username_and_password(admin, people):
    before = User.objects.get(pk=people.wook.pk).password
    form = account(admin, people.wook).form("저장").fill("직위", "팀장")
    assert form.tamper("username", "other").tamper("password", "x").tamper("is_active", "").press("저장").status == 302
    wook = User.objects.get(pk=people.wook.pk)
    assert (wook.position, wook.username, wook.password, wook.is_active) == ("팀장", "wook", before, True)


def test_who_was_second_keeps_what_was_typed_and_may_still(admin, people):
    late = account(admin, people.wook).form("저장").fill("직위", "팀장")
    User.objects.filter(pk=people.wook.pk).update(mail="moved@example.test")
    page = late.press("저장")
    assert (page.status, User.objects.get(pk=people.wook.pk).position) == (409, "주무관")
    assert page.press("고른 대로 저장").status == 302  # what each of them changed is proposed
    now = User.objects.get(pk=people.wook.pk)
    assert (now.position, now.mail) == ("팀장", "moved@example.test")


def test_what_both_changed_is_a_choice_in_words(admin, people):
    form = account(admin, people.wook).form("저장").fill("직위", "팀장").fill("시스템 관리자", True)
    User.objects.filter(pk=people.wook.pk).update(position="과장", department=None)
    page = form.press("저장")
    assert [text in page.text for text in ("과장", "(없음)", "아니오")] == [True] * 3
    page.form("고른 대로 저장").tamper("pick:position", "theirs").press("고른 대로 저장")
    now = User.objects.get(pk=people.wook.pk)
    assert (now.position, now.department, now.is_admin) == ("과장", None, True)


def test_signing_in_meanwhile_makes_no_form_stale(admin, people):
    form = account(admin, people.wook).form("저장").fill("직위", "팀장")
    Client().force_login(people.wook)  # writes last_login
    assert form.press("저장").status == 302


def test_a_closed_account_is_signed_out_at_once(admin, people):
    people.wook.set_password(PASSWORD)
    people.wook.save()
    theirs = Visitor()
    theirs.sign_in("wook", PASSWORD)
    assert theirs.open("/accounts/").status == 200
    account(admin, people.wook).press("계정 중지")
    assert theirs.open("/accounts/").status == 302
    assert Visitor().sign_in("wook", PASSWORD).answer["Location"] == "/accounts/inactive/"
    assert User.objects.get(pk=people.wook.pk).history.first().by == people.admin
    account(admin, people.wook).press("다시 쓰게 하기")
    assert theirs.open("/accounts/").status == 302  # the old sign-in stays ended
    assert Visitor().sign_in("wook", PASSWORD).answer["Location"] == "/approvals/"


def test_somebody_always_keeps_the_accounts(admin, people):
    own = account(admin, people.admin)
    assert own.press("계정 중지").messages == ["자기 계정은 중지할 수 없습니다. 다른 관리자에게 부탁해 주세요."]
    page = own.form("저장").fill("시스템 관리자", False).press("저장")
    assert (page.status, User.objects.get(pk=people.admin.pk).is_admin) == (422, True)
    with pytest.raises(ValidationError, match="마지막 관리자입니다"):
        users.deactivate(people.admin, by=people.wook)


def test_a_way_to_a_new_password_goes_by_mail(admin, people):
    assert account(admin, people.wook).press(BY_MAIL).messages == [
        "wook@example.test(으)로 비밀번호 주소를 보냈습니다."
    ]
    mail = Mail.objects.get()  # wook never had a password
    assert (mail.to, mail.subject) == ("wook@example.test", "계정 안내(비밀번호를 정하는 주소)")
    assert mail.text.startswith("이욱 님의 계정을 만들었습니다.")
    page = account(admin, people.wook)
    User.objects.filter(pk=people.wook.pk).update(mail="")
    assert page.press(BY_MAIL).messages == ["전자우편 주소가 없습니다. 직접 전할 주소를 만드십시오."]
    page = account(admin, people.wook)
    User.objects.filter(pk=people.wook.pk).update(is_active=False)
    assert page.press("직접 전할 주소 만들기").messages == ["중지된 계정입니다. 먼저 다시 쓸 수 있게 하십시오."]


# ── offices ─────────────────────────────────────────────────────────────────────────────────────
def test_an_organisation_and_its_department_are_made_and_changed(admin, people):
    form = admin.open(BASE + "offices/new/").form("저장").fill("구분", "자치구").fill("기관명", "중랑구")
    page = form.press("저장").follow()
    made = Organisation.objects.get(name="중랑구")
    assert page.path == place(made)
    form = admin.open(f"{page.path}new/").form("저장").fill("국", "기획국").fill("부서명", "기획예산과")
    assert form.press("저장").status == 302
    department = made.departments.get()
    User.objects.filter(pk=people.wook.pk).update(department=department)
    form = admin.open(place(department)).form("저장").fill("국", "").fill("부서명", "기획과")
    assert form.fill("문서 담당", "이욱 주무관").press("저장").status == 302
    department.refresh_from_db()
    assert (department.name, department.bureau, department.registrar) == ("기획과", "", people.wook)
    assert admin.open(page.path).text.count("이욱 주무관") == 1


def test_an_officer_of_another_department_is_no_choice(admin, people):
    page = admin.open(place(people.dobong.department)).form("저장").tamper("registrar", people.wook.pk).press("저장")
    assert (page.status, list(page.answer.context["form"].errors)) == (422, ["registrar"])


@pytest.mark.parametrize("name", ["강북구", "", "강\n북구", "구" * 101])
def test_a_bad_organisation_is_told(admin, name):
    page = admin.open(BASE + "offices/new/").form("저장").fill("구분", "자치구").tamper("name", name).press("저장")
    assert (page.status, list(page.answer.context["form"].errors)) == (422, ["name"])


def test_a_department_stands_once_in_its_organisation(admin, people):
    mine = people.wook.department
    form = admin.open(f"{place(mine.organisation)}new/").form("저장").fill("부서명", mine.name)
    page = form.fill("국", mine.bureau).press("저장")
    assert (page.status, Department.objects.filter(name=mine.name).count()) == (422, 1)
    assert page.answer.context["form"].non_field_errors() == ["이 기관에 이미 있는 부서입니다."]


def test_who_was_second_at_an_office_is_told(admin, people):
    mine = people.wook.department
    late = admin.open(place(mine))
    mine.bureau = "기획국"
    mine.save()
    page = late.form("저장").fill("부서명", "새 이름").press("저장")
    assert (page.status, "기획국" in page.text, "새 이름" in page.text) == (409, True, True)
    assert page.press("고른 대로 저장").status == 302
    assert Department.objects.filter(pk=mine.pk, name="새 이름", bureau="기획국").exists() is True
    assert late.press("처리과 지우기").follow().status == 200
    assert Department.objects.filter(pk=mine.pk).exists() is True


def test_an_office_goes_only_when_nothing_hangs_on_it(admin, people):
    mine = people.wook.department
    assert offices.references_to(mine) == ["계정 4건"]
    page = admin.open(place(mine)).press("처리과 지우기")
    assert page.messages == ["‘강북구 일자리지원과’에 딸린 것이 있어 지울 수 없습니다: 계정 4건."]
    page = admin.open(place(mine.organisation)).press("기관 지우기")
    assert page.messages == ["‘강북구’에 딸린 것이 있어 지울 수 없습니다: 처리과 2건."]
    empty = Organisation.objects.create(kind="body", name="빈 단체")
    department = Department.objects.create(organisation=empty, name="사무국")
    page = admin.open(place(department)).press("처리과 지우기").follow()
    assert page.path == place(empty)
    assert page.press("기관 지우기").answer["Location"] == BASE + "offices/"
    assert Organisation.objects.filter(pk=empty.pk).exists() is False


@pytest.mark.parametrize("path", ["999999/", "offices/999999/", "offices/999999/new/", "offices/999999/1/"])
def test_what_is_not_there_is_404(admin, path):
    assert admin.open(BASE + path).status == 404


def test_a_department_of_another_organisation_is_not_found(admin, people):
    other = people.dobong.department
    assert admin.open(f"{BASE}offices/{people.wook.department.organisation_id}/{other.pk}/").status == 404
