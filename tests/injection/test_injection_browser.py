"""The same in a real browser: what stands in the DOM, and whose button Enter presses."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from accounts.models import User
from conference.models import Conference, Membership, Person
from config.management.commands import load_example
from reports.forms.report_sheets import SHEETS
from sessions.models import Presentation
from tests import snapshot
from tests.addresses import named_addresses
from tests.injection.markup import inject
from tests.test_desk_browser import as_

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# what a page of ours never has; the classes and names are those of tests/injection/markup.py
INJECTED = "injected, x, [injected], .injected, [name=injected], [formaction]"
PAGES = """home event programme programme-day session exhibits desk:dashboard desk:checks desk:changes overview people member
    desk-preparation desk-programme desk-exhibits publish releases release urgent today today-session materials sheet sheet-row sheet-new
    reports:reports desk:calls desk:pool""".split()  # noqa: SIM905 (read as lines)
OF_WOOK = "desk:desk reports:report reports:texts reports:lists reports:photos reports:sheet-row reports:form reports:line approvals:inbox".split()  # noqa: SIM905 (likewise)


@pytest.fixture
def example_there(transactional_db: None) -> Conference:
    return snapshot.once(load_example.publish)


def test_no_page_has_an_element_of_somebodys_text(browse, example_there: Conference) -> None:
    users = {name: [*pages] for name, pages in (("chair", PAGES), ("wook", OF_WOOK))}
    paths = {name: [] for name in users}
    for name, sheet, path in named_addresses(example_there):
        for username, wanted in users.items():
            if name in wanted and sheet in {"", "sessions", "persons", "bases"}:
                paths[username].append(path)
    paths["wook"] += [f"/desk/{example_there.slug}/reports/1/rows/{part}/" for part in SHEETS]
    keys = {name: User.objects.get(username=name).pk for name in users}
    inject()
    alive = {}
    for username, addresses in paths.items():
        page = as_(browse("desk"), User.objects.get(pk=keys[username]).username)
        for path in addresses:
            page.goto(path)
            if found := page.locator(INJECTED).evaluate_all("all => all.map(one => one.outerHTML.slice(0, 200))"):
                alive[path] = found
    assert alive == {}


# ── the attack: three speakers of a district, named so that 총괄 gives it his role by pressing Enter ──
@pytest.fixture
def attacker(example_there: Conference) -> Membership:
    """A member whose own page the speakers' names point to."""
    user = User.objects.create_user("district", name="<button formaction=../publish/>x", position="담당")
    member = example_there.memberships.create(user=user, role=Membership.Role.READER)
    names = ("<input name=role value=chair>", f"<input name=version value={member.version}>")
    talks = Presentation.objects.filter(session__conference=example_there)[:3]
    for name, talk in zip((*names, f"<button formaction=../people/{member.pk}/>x"), talks, strict=True):
        talk.presenter = example_there.persons.create(name=name, name_basis=Person.NameBasis.UNKNOWN)
        talk.save()
    return member


def test_enter_in_the_form_of_a_release_publishes(browse, attacker: Membership) -> None:
    page = as_(browse("desk"), "chair")
    page.goto(f"/desk/{attacker.conference.slug}/publish/")
    expect(page.get_by_text("<input name=role value=chair>").first).to_be_visible()  # as words
    page.get_by_label("공개본 이름").fill("2차 프로그램")
    page.get_by_label("공개본 이름").press("Enter")
    expect(page.get_by_text("공개했습니다")).to_be_visible()
    attacker.refresh_from_db()
    assert (attacker.role, attacker.conference.releases.count()) == (Membership.Role.READER, 2)


def test_enter_in_the_form_of_a_role_saves_it(browse, attacker: Membership) -> None:
    page = as_(browse("desk"), "chair")
    page.goto(f"/desk/{attacker.conference.slug}/people/{attacker.pk}/")
    page.get_by_label("담당", exact=True).check()
    page.get_by_label("담당", exact=True).press("Enter")
    page.wait_for_url("**/people/")
    attacker.refresh_from_db()
    assert (attacker.role, attacker.conference.releases.count()) == (Membership.Role.EDITOR, 1)
