"""Memberships of a conference: adding, changing and removing them. A 총괄 always remains."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from conference.models import Conference, Membership
from rows.conflicts import SaveConflict
from rows.deletion_responses import AlreadyDeleted

CANDIDATES_MAX = 20  # accounts that a search shows
QUERY_MAX = 50  # characters of a search; SQLite limits the length of a pattern
CHAIR, EDITOR = Membership.Role.CHAIR, Membership.Role.EDITOR


def candidates(conference: Conference, query: str) -> QuerySet[User]:
    """Return active accounts whose 성명 or 아이디 contains ``query``, and which have no role here yet."""
    query = query[:QUERY_MAX]
    named = Q(name__icontains=query) | Q(username__icontains=query)
    users = User.objects.filter(named, is_active=True).exclude(memberships__conference=conference)
    return users.select_related("department__organisation").order_by("name", "username")[:CANDIDATES_MAX]


@transaction.atomic
def add(conference: Conference, user: User, *, role: str, may_publish: bool = False, by: User) -> Membership:
    """Add a membership. Raises ValidationError where the user has one already or is deactivated."""
    Conference.objects.select_for_update().get(pk=conference.pk)
    if not user.is_active:
        raise ValidationError(_("사용이 중지된 계정입니다."))
    if conference.memberships.filter(user=user).exists():
        raise ValidationError(_("%(user)s 님은 이미 역할이 있습니다.") % {"user": user})
    return _save(Membership(conference=conference, user=user), role, may_publish, by=by)


@transaction.atomic
def change(membership: Membership, *, role: str, may_publish: bool, version: int, by: User) -> Membership:
    """Change a role. Raises SaveConflict if ``version`` is not the stored one, ValidationError if no 총괄 would remain."""
    membership = _lock(membership, version)
    if role != CHAIR:
        _require_another_chair(membership)
    return _save(membership, role, may_publish, by=by)


@transaction.atomic
def remove(membership: Membership, *, version: int, by: User) -> None:
    """Remove a membership. Raises as ``change`` does."""
    membership = _lock(membership, version)
    _require_another_chair(membership)
    membership.delete_by(by)


def _lock(membership: Membership, version: int) -> Membership:
    """Return the row as it is now. The conference is locked, so that two last 총괄 cannot remove each other."""
    Conference.objects.select_for_update().get(pk=membership.conference_id)
    now = Membership.objects.select_related("conference").filter(pk=membership.pk).first()
    if now is None:
        raise AlreadyDeleted(_("그 사이 다른 사람이 이 역할을 뺐습니다."), code="stale")
    if now.version != version:
        raise SaveConflict([])
    return now


def _require_another_chair(membership: Membership) -> None:
    others = membership.conference.memberships.filter(role=CHAIR, user__is_active=True).exclude(pk=membership.pk)
    if membership.role == CHAIR and not others.exists():
        raise ValidationError(_("마지막 총괄입니다. 다른 사람을 먼저 총괄로 정해 주세요."))


def _save(membership: Membership, role: str, may_publish: bool, *, by: User) -> Membership:
    membership.role = role
    # a 총괄 may always publish, a reader never: the field matters only for a 담당
    membership.may_publish = role == CHAIR or (role == EDITOR and may_publish)
    return membership.save_by(by)
