"""A button that takes something away, pressed twice at once: both presses find the row, the second is told that it is gone.

A form of a row that somebody else deleted: what was typed stays, and who deleted it is told.
With scripts static/js/once.js sends a form once (test_scenarios_browser.py).
"""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import Model

from accounts import offices, users
from accounts.models import Department, Organisation, User
from conference import memberships, trash
from conference.models import Conference, Membership
from desk import data_requests
from desk.models import DataRequest
from tests.forms import Form
from tests.visitor import Visitor

pytestmark = pytest.mark.django_db
# what is taken away: who presses what, and the verb that does it
BUTTONS = {
    "organisation": ("admin", "기관 지우기", offices, "delete"),
    "department": ("admin", "처리과 지우기", offices, "delete"),
    "row": ("chair", "지우기", trash, "delete"),
    "call": ("chair", "거두기", trash, "delete"),
    "member": ("chair", "이 행사에서 빼기", memberships, "remove"),
}


def made(what: str, conference: Conference) -> tuple[str, str]:
    """Make what is to be taken away. Return the page with the button, and where the first press leads."""
    desk, office = f"/desk/{conference.slug}", "/desk/accounts/offices"
    if what == "organisation":
        return f"{office}/{Organisation.objects.create(name='빈 기관', kind='body').pk}/", f"{office}/"
    if what == "department":
        owner = Organisation.objects.first()
        return f"{office}/{owner.pk}/{owner.departments.create(name='빈 과').pk}/", f"{office}/{owner.pk}/"
    if what == "row":
        item = conference.main_items.create(name="지울 것", text="")
        return f"{desk}/rows/main-items/{item.pk}/", f"{desk}/rows/main-items/"
    if what == "call":
        conference.data_requests.create(district=conference.districts.first(), due="2099-11-18", items=["points"])
        return f"{desk}/calls/", f"{desk}/calls/"
    row = conference.memberships.create(user=User.objects.get(username="dobong"), role=Membership.Role.READER)
    return f"{desk}/people/{row.pk}/", f"{desk}/people/"


@pytest.mark.parametrize("what", BUTTONS)
def test_the_second_press_leads_where_the_first_one_did(
    unsigned: Conference, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    who, button, module, name = BUTTONS[what]
    page, then = made(what, unsigned)
    verb = getattr(module, name)

    def second(row: Any, **how: Any) -> None:
        verb(type(row).objects.get(pk=row.pk), **how)  # the first press, done while the second one looked
        verb(row, **how)

    monkeypatch.setattr(module, name, second)
    answer = Visitor(who).open(page).press(button)
    assert (answer.status, answer.messages) == (302, ["이미 삭제되었거나 없는 항목입니다."])
    assert (answer.answer.url, answer.follow().status) == (then, 200)


# ── what was typed for a row that somebody else deletes meanwhile ───────────────────────────────
# what is changed: who types, into which field what, the verb that finds it gone, and what sends it as a new row
TYPED = {
    "organisation": ("admin", "기관명", "적은 기관", users, "save_account"),
    "department": ("admin", "부서명", "적은 과", users, "save_account"),
    "call": ("chair", "안내", "적은 안내", data_requests, "change"),
    "member": ("chair", "역할", "담당", memberships, "change"),
}


def open_form(what: str, conference: Conference) -> tuple[Form, Model]:
    """Open the page of what is to be deleted by another one, and type there. Return the form and the row."""
    who, label, text, _module, _name = TYPED[what]
    page, _then = made(what, conference)
    row = {
        "organisation": Organisation.objects,
        "department": Department.objects,
        "call": DataRequest.objects,
        "member": Membership.objects,
    }[what].latest("pk")
    page = f"{page}{row.pk}/" if what == "call" else page
    button = "고친 요청 보내기" if what == "call" else "저장"
    return Visitor(who).open(page).form(button).fill(label, text), row


def delete(row: Model) -> None:
    row.delete_by(User.objects.get(username="wook"))


@pytest.mark.parametrize("when", ["before it is sent", "while it is saved"])
@pytest.mark.parametrize("what", TYPED)
def test_what_was_typed_for_a_deleted_row_is_kept(
    unsigned: Conference, monkeypatch: pytest.MonkeyPatch, what: str, when: str
) -> None:
    _who, label, text, module, name = TYPED[what]
    form, row = open_form(what, unsigned)
    verb = getattr(module, name)

    def late(*rows: Any, **how: Any) -> Any:
        monkeypatch.setattr(module, name, verb)
        delete(type(row).objects.get(pk=row.pk))
        return verb(*rows, **how)

    if when == "before it is sent":
        delete(row)
    else:
        monkeypatch.setattr(module, name, late)
    before = type(row).objects.count() - (when != "before it is sent")
    page = form.press()
    said = "이욱 주무관 님이"
    assert (page.status, said in page.text, type(row).objects.count()) == (409, True, before)
    again = page.form("새로 등록")
    [kept] = [one for one in again.find(label) if one.values]
    assert text in {*kept.values, *kept.labels}
    assert (again.press("새로 등록").status, type(row).objects.count()) == (302, before + 1)


@pytest.mark.parametrize("what", TYPED)
def test_what_was_deleted_is_not_found_by_its_address(unsigned: Conference, what: str) -> None:
    form, row = open_form(what, unsigned)
    delete(row)
    assert form.page.visitor.open(form.action).status == 404


@pytest.mark.parametrize("what", TYPED)
def test_what_never_was_is_not_found(unsigned: Conference, what: str) -> None:
    form, row = open_form(what, unsigned)
    type(row).objects.filter(pk=row.pk).delete()  # the history knows of no deletion
    assert form.press().status == 404
