"""The one door of staff pages: find the conference, check the person, answer 404 or 403."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from conference.models import Conference, Desk, Membership, User

ADMIN, DESK = "admin", "desk"  # beside the roles of Membership
View = Callable[..., HttpResponse]


def role(user: User, conference: Conference) -> str:
    """Return "admin", a Membership role, "desk" (자치구 담당 without membership), or "" for an outsider."""
    if user.is_admin:
        return ADMIN
    held = conference.memberships.filter(user=user).values_list("role", flat=True).first()
    if held:
        return held
    return DESK if Desk.objects.filter(topic__conference=conference, officer=user).exists() else ""


def is_member(user: User, conference: Conference) -> bool:
    """Whether the person may look at the staff side at all."""
    return role(user, conference) != ""


def may_edit(user: User, conference: Conference) -> bool:
    """Whether the person edits the shared facts. A desk edits its own rows only, which each form checks."""
    return role(user, conference) in {ADMIN, Membership.Role.CHAIR, Membership.Role.EDITOR}


def is_chair(user: User, conference: Conference) -> bool:
    """Whether the person gives out roles: 총괄, or who manages all conferences."""
    return role(user, conference) in {ADMIN, Membership.Role.CHAIR}


def conference_page(*, may: Callable[[User, Conference], bool] = is_member) -> Callable[[View], View]:
    """Give the view ``(request, conference, …)`` in place of ``slug``; strangers never reach it (sign-in is asked).

    An outsider gets 404, as if the conference did not exist; a member without the right gets 403.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def inner(request: HttpRequest, slug: str, *args: object, **kwargs: object) -> HttpResponse:
            conference = get_object_or_404(Conference, slug=slug)
            if not may(request.user, conference):
                if not is_member(request.user, conference):
                    raise Http404
                raise PermissionDenied
            return view(request, conference, *args, **kwargs)

        return inner

    return decorate


def conferences(user: User) -> QuerySet[Conference]:
    """Conferences whose staff side is open to the person."""
    if user.is_admin:
        return Conference.objects.all()
    return Conference.objects.filter(Q(memberships__user=user) | Q(topics__desks__officer=user)).distinct()
