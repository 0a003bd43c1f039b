"""Accounts are made and kept by an office, never by a visitor; they are closed, never deleted."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q, QuerySet
from django.forms.models import model_to_dict
from django.utils.translation import gettext as _

from accounts import user_sessions
from accounts.models import User
from accounts.signals import office_changed
from rows.canonical_json import canonical, digest
from rows.deleted_rows import Gone
from rows.models import Row

WANTED_MAX = 50  # letters of a search; a name has no more, and SQLite takes no endless pattern
# what a form about an account shows; what else an account holds (password, last sign-in) changes by itself
SHOWN = ("name", "department", "position", "level", "mail", "is_admin")


@transaction.atomic
def set_mail(user: User, mail: str) -> None:
    """Let a person change the own mail address."""
    user = User.objects.select_for_update().get(pk=user.pk)
    user.mail = mail
    user.save(update_fields=["mail"])


def found(wanted: str) -> QuerySet[User]:
    """Return accounts whose 성명, 아이디 or 부서 holds ``wanted``, those in use first."""
    wanted = wanted[:WANTED_MAX]
    named = Q(name__icontains=wanted) | Q(username__icontains=wanted) | Q(department__name__icontains=wanted)
    users = User.objects.filter(named) if wanted else User.objects.all()
    return users.select_related("department__organisation").order_by("-is_active", "name", "username")


def stamp(row: models.Model) -> str:
    """Return what a form carries along to see that the row was changed meanwhile."""
    if isinstance(row, Row):
        return str(row.version)
    return digest(canonical(model_to_dict(row, SHOWN)))


@transaction.atomic
def keep(row: models.Model, *, seen: str, by: User) -> None:
    """Save an account or an office as its form filled it.

    Raises ValidationError with code "stale" where it was changed since ``seen`` or is gone, and where nobody would
    remain who keeps accounts.
    """
    is_new = row._state.adding
    if not is_new:
        now = lock(row)
        if stamp(now) != seen:
            raise ValidationError(
                _("그 사이 다른 사람이 고쳤습니다. 적으신 것은 그대로 있으니, 이대로 저장하려면 다시 누르십시오."),
                code="stale",
            )
        if isinstance(row, User) and not row.is_admin:
            _needs_another_admin(row)
    elif isinstance(row, User):
        row.set_unusable_password()  # its owner chooses one, by a link
    row._history_user = by
    row.save(update_fields=None if is_new or isinstance(row, Row) else SHOWN)
    if isinstance(row, Row):
        # robust: it is saved by then, and no fault may say otherwise
        transaction.on_commit(lambda: office_changed.send(type(row)), robust=True)


@transaction.atomic
def make_first_admin(username: str, *, name: str, password: str) -> User:
    """Make the account that makes all others. Raises ValidationError where somebody keeps the accounts already."""
    if User.objects.filter(is_admin=True, is_active=True).exists():
        raise ValidationError(_("관리자가 이미 있습니다. 다른 계정은 그 관리자가 화면에서 만듭니다."))
    user = User(username=username, name=name, is_admin=True)
    user.set_password(password)
    user.full_clean()
    user.save()
    return user


@transaction.atomic
def close(user: User, *, by: User) -> None:
    """Stop an account: it signs in no more, and open sign-ins end at once. Raises ValidationError."""
    user = lock(user)
    if user == by:
        raise ValidationError(_("자기 계정은 중지할 수 없습니다. 다른 관리자에게 부탁해 주세요."))
    _needs_another_admin(user)
    _set_active(user, False, by=by)
    user_sessions.end_all(user)


@transaction.atomic
def reopen(user: User, *, by: User) -> None:
    """Let a stopped account sign in again."""
    _set_active(lock(user), True, by=by)


def lock(row: models.Model) -> models.Model:
    """Return the row as it is now, held until the transaction ends. Raises Gone."""
    now = type(row).objects.select_for_update(of=("self",)).filter(pk=row.pk).first()
    if now is None:
        raise Gone(_("그 사이 다른 사람이 지웠습니다."), code="stale")
    return now


def _set_active(user: User, is_active: bool, *, by: User) -> None:
    user.is_active = is_active
    user._history_user = by
    user.save(update_fields=["is_active"])


def _needs_another_admin(user: User) -> None:
    admins = User.objects.select_for_update().filter(is_admin=True, is_active=True).order_by("pk")
    if {admin.pk for admin in admins} == {user.pk}:
        raise ValidationError(_("마지막 관리자입니다. 다른 사람을 먼저 관리자로 정해 주세요."))
