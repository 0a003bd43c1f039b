"""The one door of staff pages: find the conference, check the person, answer 404 or 403."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, wraps
from http import HTTPStatus

from django.core.exceptions import PermissionDenied
from django.db.models import Case, Q, QuerySet, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.functional import SimpleLazyObject

from accounts.decorators import View
from accounts.models import User
from conference.models import Conference, Desk, Membership, Topic
from conference.signals import tell_changed

ADMIN, DESK = "admin", "desk"  # beside the roles of Membership
SAFE = {"GET", "HEAD", "OPTIONS"}


def role(user: User, conference: Conference) -> str:
    """Return "admin", a Membership role, "desk" (자치구 담당 without membership), or "" for an outsider."""
    return hand(user, conference).role


def is_member(user: User, conference: Conference) -> bool:
    """Whether the person may look at the staff side at all."""
    return role(user, conference) != ""


def may_edit(user: User, conference: Conference) -> bool:
    """Whether the person edits the shared facts. A desk edits its own rows only, which each form checks."""
    return role(user, conference) in {ADMIN, Membership.Role.CHAIR, Membership.Role.EDITOR}


def is_chair(user: User, conference: Conference) -> bool:
    """Whether the person gives out roles: 총괄, or who manages all conferences."""
    return role(user, conference) in {ADMIN, Membership.Role.CHAIR}


def may_publish(user: User, conference: Conference) -> bool:
    """Whether the person publishes: 총괄, and 담당 where 총괄 has allowed it."""
    return hand(user, conference).may_publish


@dataclass(frozen=True)
class Hand:
    """What one person may touch in one conference, looked up once a request."""

    role: str
    desks: frozenset[tuple[int, int]]  # (topic, district) that the person's desks stand for
    may_publish: bool = False

    @property
    def edits_all(self) -> bool:
        """총괄, 담당 and who manages all conferences: every shared fact."""
        return self.role in {ADMIN, Membership.Role.CHAIR, Membership.Role.EDITOR}

    @property
    def is_chair(self) -> bool:
        """Who gives out roles."""
        return self.role in {ADMIN, Membership.Role.CHAIR}

    @property
    def districts(self) -> frozenset[int]:
        """Districts of the person's desks: their exhibitors, giveaways and photos."""
        return frozenset(district for _topic, district in self.desks)

    def hosts(self, topic: Topic | None) -> bool:
        """Whether a desk of the topic's host: it edits the session, its order, moderator and track."""
        return topic is not None and (topic.pk, topic.host_id) in self.desks

    def presents(self, topic_id: int | None, district_id: int | None) -> bool:
        """Whether the desk of that district in that topic: it edits the presentations and their speakers."""
        return (topic_id, district_id) in self.desks


def hand(user: User, conference: Conference) -> Hand:
    """Return what the person may touch. One query, for it is asked on every page."""
    desks = Desk.objects.filter(topic__conference=conference, officer=user).order_by()
    allowed = Case(When(may_publish=True, then=Value(1)), default=Value(0))
    held = conference.memberships.filter(user=user).order_by().values_list("role", allowed, Value(0))
    found = list(held.union(desks.values_list(Value(DESK), "topic", "district")))
    held, is_allowed = next(((name, number) for name, number, _ in found if name != DESK), ("", 0))
    held = ADMIN if user.is_admin else held
    desks = frozenset((topic, district) for name, topic, district in found if name == DESK)
    publishes = held in {ADMIN, Membership.Role.CHAIR} or (held == Membership.Role.EDITOR and bool(is_allowed))
    return Hand(role=held or (DESK if desks else ""), desks=desks, may_publish=publishes)


def may_found(user: User) -> bool:
    """Whether the person may make a conference: somebody of an office, 총괄 of an earlier one, or who manages them all."""
    if user.is_admin or user.department_id is not None:
        return True
    return user.memberships.filter(role=Membership.Role.CHAIR).exists()


def conference_page(*, may: Callable[[User, Conference], bool] = is_member) -> Callable[[View], View]:
    """Give the view ``(request, conference, …)`` in place of ``slug``; strangers never reach it (sign-in is asked).

    An outsider gets 404, as if the conference did not exist; a member without the right gets 403.
    ``request.hand`` is what the person may touch here, looked up once a request. Whatever is sent and not refused may
    have changed the conference, by whatever verb, so ``conference_changed`` is sent here.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def inner(request: HttpRequest, slug: str, *args: object, **kwargs: object) -> HttpResponse:
            conference = get_object_or_404(Conference.objects.select_related("live_version"), slug=slug)
            request.hand = SimpleLazyObject(partial(hand, request.user, conference))
            if not (request.hand.role if may is is_member else may(request.user, conference)):
                if not request.hand.role:
                    raise Http404
                raise PermissionDenied
            answer = view(request, conference, *args, **kwargs)
            if request.method not in SAFE and answer.status_code < HTTPStatus.BAD_REQUEST:
                tell_changed(conference)
            return answer

        return inner

    return decorate


def conferences(user: User) -> QuerySet[Conference]:
    """Conferences whose staff side is open to the person."""
    if user.is_admin:
        return Conference.objects.all()
    return Conference.objects.filter(Q(memberships__user=user) | Q(topics__desks__officer=user)).distinct()
