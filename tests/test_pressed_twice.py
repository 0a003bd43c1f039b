"""A button that takes something away, pressed twice at once: both presses find the row, the second is told that it is gone.

With scripts static/js/once.js sends it once (test_press_browser.py).
"""

from __future__ import annotations

from typing import Any

import pytest

from conference import offices, removal, roles
from conference.models import Conference, Membership, Organisation, User
from tests.visitor import Visitor

pytestmark = pytest.mark.django_db
# what is taken away: who presses what, and the verb that does it
BUTTONS = {
    "organisation": ("admin", "기관 지우기", offices, "delete"),
    "department": ("admin", "처리과 지우기", offices, "delete"),
    "row": ("chair", "지우기", removal, "remove"),
    "call": ("chair", "거두기", removal, "remove"),
    "member": ("chair", "이 행사에서 빼기", roles, "take"),
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
        conference.calls.create(district=conference.districts.first(), due="2015-11-18", items=["points"])
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
    assert (answer.status, answer.messages) == (302, ["이미 지웠거나 없는 자료입니다."])
    assert (answer.answer.url, answer.follow().status) == (then, 200)
