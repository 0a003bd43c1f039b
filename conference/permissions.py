"""Permissions of one person in one conference, and the decorator that every staff page has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, wraps
from http import HTTPStatus
from typing import cast

from django.core.exceptions import PermissionDenied
from django.db.models import Case, Q, QuerySet, Value, When
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.functional import SimpleLazyObject

from accounts.decorators import ViewFunction
from accounts.models import User
from accounts.requests import SignedInRequest
from conference.models import Conference, Membership, Topic, TopicOffice
from conference.signals import send_conference_changed

ADMIN, TOPIC_OFFICE = "admin", "topic_office"  # beside the roles of Membership
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


def role_in(user: User, conference: Conference) -> str:
    """Return "admin", a Membership role, "topic_office" (자치구 담당 without membership), or "" for an outsider."""
    return permissions_for(user, conference).role


def is_member(user: User, conference: Conference) -> bool:
    """Whether the person may open the conference's staff pages."""
    return role_in(user, conference) != ""


def can_edit(user: User, conference: Conference) -> bool:
    """Whether the person may edit all rows. A 자치구 담당 edits own rows only; each form checks which."""
    return role_in(user, conference) in {ADMIN, Membership.Role.CHAIR, Membership.Role.EDITOR}


def is_chair(user: User, conference: Conference) -> bool:
    """Whether the person may change memberships: 총괄, or an administrator."""
    return role_in(user, conference) in {ADMIN, Membership.Role.CHAIR}


def can_publish(user: User, conference: Conference) -> bool:
    """Whether the person may publish: 총괄, an administrator, and a 담당 whom 총괄 has allowed it."""
    return permissions_for(user, conference).can_publish


@dataclass(frozen=True)
class ConferencePermissions:
    """What one person may do in one conference; ``conference_page`` reads them once a request."""

    role: str
    topic_offices: frozenset[tuple[int, int]]  # (topic, district) where the person is the officer in charge
    can_publish: bool = False

    @property
    def can_edit_all(self) -> bool:
        """Whether every row may be edited: 총괄, 담당 and administrators."""
        return self.role in {ADMIN, Membership.Role.CHAIR, Membership.Role.EDITOR}

    @property
    def is_chair(self) -> bool:
        """Whether memberships may be changed: 총괄 and administrators."""
        return self.role in {ADMIN, Membership.Role.CHAIR}

    @property
    def districts(self) -> frozenset[int]:
        """Districts whose exhibitors, giveaways and photos the person may edit."""
        return frozenset(district for _topic, district in self.topic_offices)

    def can_edit_session(self, topic: Topic | None) -> bool:
        """Whether the topic's host has this person as its 담당, who edits the topic's sessions and track."""
        return topic is not None and (topic.pk, topic.host_id) in self.topic_offices

    def can_edit_presentation(self, topic_id: int | None, district_id: int | None) -> bool:
        """Whether the person is the 담당 of that district in that topic, who edits its presentations and speakers."""
        return (topic_id, district_id) in self.topic_offices


def permissions_for(user: User, conference: Conference) -> ConferencePermissions:
    """Return the person's permissions, with one query, because every staff page needs them."""
    offices = TopicOffice.objects.filter(topic__conference=conference, officer=user).order_by()
    is_allowed = Case(When(may_publish=True, then=Value(1)), default=Value(0))
    memberships = conference.memberships.filter(user=user).order_by().values_list("role", is_allowed, Value(0))
    rows = list(memberships.union(offices.values_list(Value(TOPIC_OFFICE), "topic", "district")))
    role, is_allowed = next(((role, number) for role, number, _ in rows if role != TOPIC_OFFICE), ("", 0))
    role = ADMIN if user.is_admin else role
    topic_offices = frozenset((topic, district) for role, topic, district in rows if role == TOPIC_OFFICE)
    can_publish = role in {ADMIN, Membership.Role.CHAIR} or (role == Membership.Role.EDITOR and bool(is_allowed))
    return ConferencePermissions(
        role or (TOPIC_OFFICE if topic_offices else ""), topic_offices, can_publish=can_publish
    )


def can_create_conference(user: User) -> bool:
    """Whether the person may make a conference: a member of a 처리과, the 총괄 of an earlier one, or an administrator."""
    if user.is_admin or user.department_id is not None:
        return True
    return user.memberships.filter(role=Membership.Role.CHAIR).exists()


class ConferenceRequest(SignedInRequest):
    """What the view of a conference's staff page gets."""

    permissions: ConferencePermissions


def conference_page(
    *, requires: Callable[[User, Conference], bool] = is_member
) -> Callable[[ViewFunction], ViewFunction]:
    """Decorate a staff page: the view gets the conference in place of its slug, and ``request.permissions``.

    Who has not signed in is asked to by ``config.middleware``. Without any role in the conference the answer is 404, as if it did not exist; without
    ``requires`` it is 403. A request that is not safe and not refused may have changed the conference, so
    ``conference_changed`` is sent after it.
    """

    def decorate(view: ViewFunction) -> ViewFunction:
        @wraps(view)
        def inner(request: ConferenceRequest, slug: str, *args: object, **kwargs: object) -> HttpResponseBase:
            conference = get_object_or_404(Conference.objects.select_related("draft_version"), slug=slug)
            permissions = SimpleLazyObject(partial(permissions_for, request.user, conference))
            request.permissions = cast("ConferencePermissions", permissions)
            if not (request.permissions.role if requires is is_member else requires(request.user, conference)):
                if not request.permissions.role:
                    raise Http404
                raise PermissionDenied
            answer = view(request, conference, *args, **kwargs)
            if request.method not in SAFE_METHODS and answer.status_code < HTTPStatus.BAD_REQUEST:
                send_conference_changed(conference)
            return answer

        return inner

    return decorate


def conferences_of(user: User) -> QuerySet[Conference]:
    """Return the conferences whose staff pages the person may open."""
    if user.is_admin:
        return Conference.objects.all()
    return Conference.objects.filter(Q(memberships__user=user) | Q(topics__topic_offices__officer=user)).distinct()
