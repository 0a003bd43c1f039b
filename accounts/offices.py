"""Offices: 기관 and their 처리과. What still hangs on one is named before it may go."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts import users
from accounts.models import User
from rows import labels
from rows.models import Row


def hanging(row: Row) -> list[str]:
    """Name what still belongs to an office, with how many there are."""
    return [_("%(kind)s %(count)d건") % {"kind": kind, "count": count} for kind, count in _counts(row) if count]


@transaction.atomic
def delete(row: Row, *, seen: str, by: User) -> None:
    """Delete an office on which nothing hangs. Raises ValidationError; with code "stale" where it was changed."""
    if users.stamp(users.lock(row)) != seen:
        raise ValidationError(_("그 사이 다른 사람이 고쳤습니다. 확인하고 다시 누르십시오."), code="stale")
    if there := hanging(row):
        told = {"row": row, "there": ", ".join(there)}
        raise ValidationError(_("‘%(row)s’에 딸린 것이 있어 지울 수 없습니다: %(there)s.") % told)
    row._history_user = by
    row.delete()


def _counts(row: Row) -> Iterator[tuple[str, int]]:
    for relation in row._meta.get_fields(include_hidden=True):
        is_named = relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one)
        if is_named and relation.on_delete is not models.DO_NOTHING:  # DO_NOTHING: the history tables
            model = relation.related_model
            name = labels.name_of_any(model) or _("그 밖의 자료")
            yield str(name), model._base_manager.filter(**{relation.field.name: row}).count()
