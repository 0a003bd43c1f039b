"""Accounts: saving, deactivating and reactivating them. Administrators create accounts; none is ever deleted."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts import user_sessions
from accounts.models import User
from accounts.signals import office_changed
from rows.conflicts import SeenForm
from rows.deletion_responses import AlreadyDeleted
from rows.models import Row

QUERY_MAX = 50  # characters of a search; SQLite limits the length of a pattern
# fields of the account form; the others (password, last sign-in) change by themselves
FORM_FIELDS = ("name", "department", "position", "level", "mail", "is_admin")


@transaction.atomic
def set_mail(user: User, mail: str) -> None:
    """Set the user's mail address."""
    user = User.objects.select_for_update().get(pk=user.pk)
    user.mail = mail
    user.save(update_fields=["mail"])


def search_users(query: str) -> QuerySet[User]:
    """Return accounts whose 성명, 아이디 or 부서 contains ``query``, active ones first."""
    query = query[:QUERY_MAX]
    matches = Q(name__icontains=query) | Q(username__icontains=query) | Q(department__name__icontains=query)
    users = User.objects.filter(matches) if query else User.objects.all()
    return users.select_related("department__organisation").order_by("-is_active", "name", "username")


@transaction.atomic
def save_account(form: SeenForm, *, by: User) -> None:
    """Save an account or an office with the values of its valid form.

    Raises SaveConflict if another person changed it, AlreadyDeleted, and ValidationError if no administrator would be left.
    """
    row = form.instance
    is_new = row._state.adding
    if not is_new:
        form.require_unchanged(lock_row(row))
        if isinstance(row, User) and not row.is_admin:
            _require_another_admin(row)
    elif isinstance(row, User):
        row.set_unusable_password()  # the user sets one by a link
    row.save_by(by, update_fields=None if is_new or isinstance(row, Row) else FORM_FIELDS)
    if isinstance(row, Row):
        # robust: the row is saved by then, so no error of a receiver may become one of the request
        transaction.on_commit(lambda: office_changed.send(type(row)), robust=True)


@transaction.atomic
def make_first_admin(username: str, *, name: str, password: str) -> User:
    """Create the first administrator. Raises ValidationError where there is one."""
    if User.objects.filter(is_admin=True, is_active=True).exists():
        raise ValidationError(_("관리자가 이미 있습니다. 다른 계정은 그 관리자가 화면에서 만듭니다."))
    user = User(username=username, name=name, is_admin=True)
    user.set_password(password)
    user.full_clean()
    user.save_by(user)
    return user


@transaction.atomic
def deactivate(user: User, *, by: User) -> None:
    """Deactivate an account and end its sessions. Raises ValidationError for one's own account and the last administrator's."""
    user = lock_row(user)
    if user == by:
        raise ValidationError(_("자기 계정은 중지할 수 없습니다. 다른 관리자에게 부탁해 주세요."))
    _require_another_admin(user)
    _set_active(user, False, by=by)
    user_sessions.end_all_sessions(user)


@transaction.atomic
def reactivate(user: User, *, by: User) -> None:
    """Let a deactivated account sign in again."""
    _set_active(lock_row(user), True, by=by)


def lock_row(row: models.Model) -> models.Model:
    """Return the stored row, locked until the transaction ends. Raises AlreadyDeleted."""
    stored = type(row).objects.select_for_update(of=("self",)).filter(pk=row.pk).first()
    if stored is None:
        raise AlreadyDeleted(_("그 사이 다른 사람이 지웠습니다."), code="stale")
    return stored


def _set_active(user: User, is_active: bool, *, by: User) -> None:
    user.is_active = is_active
    user.save_by(by, update_fields=["is_active"])


def _require_another_admin(user: User) -> None:
    admins = User.objects.select_for_update().filter(is_admin=True, is_active=True).order_by("pk")
    if {admin.pk for admin in admins} == {user.pk}:
        raise ValidationError(_("마지막 관리자입니다. 다른 사람을 먼저 관리자로 정해 주세요."))
