"""The door of staff pages: who gets in, who is told that there is nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.test import RequestFactory

from conference import permissions
from conference.models import Conference, District, Membership, Topic, TopicOffice
from tests.factories import make_people

pytestmark = pytest.mark.django_db
YES, FORBIDDEN, NOTHING = 200, 403, 404


@pytest.fixture
def people() -> SimpleNamespace:
    return make_people()


@pytest.fixture
def conference(people) -> Conference:
    made = Conference.objects.create(
        slug="one",
        title="하나",
        starts_at=datetime(2015, 11, 24, 4, tzinfo=UTC),
        ends_at=datetime(2015, 11, 24, 9, tzinfo=UTC),
    )
    for user, role in ((people.chair, "chair"), (people.dobong, "editor"), (people.nowon, "reader")):
        Membership.objects.create(conference=made, user=user, role=role)
    district = District.objects.create(conference=made, name="강북구")
    topic = Topic.objects.create(conference=made, name="마을과 사회적경제 사업", host=district)
    TopicOffice.objects.create(topic=topic, district=district, officer=people.wook)
    return made


def answer(may, user, slug="one") -> int:
    view = permissions.conference_page(requires=may)(lambda _request, conference: HttpResponse(conference.slug))
    request = RequestFactory().get("/desk/one/")
    request.user = user
    try:
        return view(request, slug=slug).status_code
    except PermissionDenied:
        return FORBIDDEN
    except Http404:
        return NOTHING


@pytest.mark.parametrize(
    ("username", "role", "answers"),
    [
        ("admin", "admin", (YES, YES, YES)),
        ("chair", "chair", (YES, YES, YES)),
        ("dobong", "editor", (YES, YES, FORBIDDEN)),
        ("nowon", "reader", (YES, FORBIDDEN, FORBIDDEN)),
        ("wook", "topic_office", (YES, FORBIDDEN, FORBIDDEN)),
        ("heedong", "", (NOTHING, NOTHING, NOTHING)),
    ],
)
def test_each_role_at_each_door(conference, people, username, role, answers):
    """The doors: who may look, who edits the shared facts, who gives out roles."""
    user = getattr(people, username)
    assert permissions.role_in(user, conference) == role
    doors = (permissions.is_member, permissions.can_edit, permissions.is_chair)
    assert tuple(answer(door, user) for door in doors) == answers


@pytest.mark.usefixtures("conference")
def test_a_conference_that_is_not_there(people):
    assert answer(permissions.is_member, people.admin, slug="two") == NOTHING


def test_a_membership_elsewhere_opens_nothing(people, conference):
    other = Conference.objects.create(
        slug="two", title="둘", starts_at=conference.starts_at, ends_at=conference.ends_at
    )
    assert answer(permissions.is_member, people.chair, slug=other.slug) == NOTHING


def test_a_hand_holds_what_its_desks_hold(conference, people):
    topic = conference.topics.get()
    district = conference.districts.get()
    other = District.objects.create(conference=conference, name="노원구")
    found = permissions.permissions_for(people.wook, conference)
    assert (found.role, found.can_edit_all, found.is_chair) == ("topic_office", False, False)
    assert (found.can_edit_session(topic), found.can_edit_session(None), found.districts) == (
        True,
        False,
        frozenset({district.pk}),
    )
    assert (found.can_edit_presentation(topic.pk, district.pk), found.can_edit_presentation(topic.pk, other.pk)) == (
        True,
        False,
    )
    assert permissions.permissions_for(people.gangbuk, conference) == permissions.ConferencePermissions("", frozenset())
    assert permissions.permissions_for(people.dobong, conference).can_edit_all is True


def test_only_an_editor_who_was_allowed_publishes(conference, people):
    answers = {
        name: permissions.can_publish(getattr(people, name), conference) for name in ("chair", "dobong", "nowon")
    }
    assert answers == {"chair": True, "dobong": False, "nowon": False}
    conference.memberships.filter(user=people.dobong).update(may_publish=True)
    assert permissions.can_publish(people.dobong, conference) is True
