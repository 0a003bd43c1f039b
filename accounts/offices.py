"""Deletion of offices (기관, 처리과), which is refused while other rows refer to them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import users
from accounts.models import User
from rows import labels
from rows.models import Row, reverse_relations


def references_to(row: Row) -> list[str]:
    """Return the kinds of rows that refer to an office, each with its number."""
    return [
        _("%(kind)s %(count)d건") % {"kind": kind, "count": count} for kind, count in _count_references(row) if count
    ]


@transaction.atomic
def delete(row: Row, *, expected: str, by: User) -> None:
    """Delete an office without references. Raises ValidationError; its code is "stale" if its version is not ``expected``."""
    if str(cast("Row", users.lock_row(row)).version) != expected:
        raise ValidationError(_("그 사이 다른 사람이 고쳤습니다. 확인하고 다시 누르십시오."), code="stale")
    if references := references_to(row):
        values = {"row": row, "there": ", ".join(references)}
        raise ValidationError(_("‘%(row)s’에 딸린 것이 있어 지울 수 없습니다: %(there)s.") % values)
    row.delete_by(by)


def _count_references(row: Row) -> Iterator[tuple[str, int]]:
    for relation in reverse_relations(type(row)):
        model = relation.related_model
        name = labels.kind_name_of_any(model) or _("그 밖의 자료")
        yield str(name), model._base_manager.filter(**{relation.field.name: row}).count()
