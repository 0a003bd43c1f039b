"""Deletion of rows that can be restored: the row and its dependants are stored as plain values with their keys.

Contacts are not stored and cannot be restored, because personal data must not outlive its row.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from graphlib import TopologicalSorter
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from accounts.models import User
from conference.exchange.row_lists import all_row_lists, flatten
from conference.models import Conference, Contact, DeletedRow
from rows import labels
from rows.deletion_responses import AlreadyDeleted
from rows.grouping import group_by
from rows.models import Row, reverse_relations
from rows.recording import record_changes

BLOCKING_SHOWN = 3  # rows that the error names; the others are counted
TITLE_MAX = 300  # letters
Key = tuple[type[models.Model], Any]
EmptiedReference = tuple[models.Model, str]  # a row that stays, and its field that names a deleted row
log = logging.getLogger(__name__)


def is_restorable(row: Row | type[Row]) -> bool:
    """Whether a row, or a model's rows, can be restored after deletion."""
    return not issubclass(row if isinstance(row, type) else type(row), Contact)


@transaction.atomic
def delete(row: models.Model, *, conference: Conference, by: User) -> DeletedRow | None:
    """Delete the row with its dependants; return the DeletedRow that restores it (None for a contact).

    Raises AlreadyDeleted, or ValidationError where other rows need it or it was changed since it was read.
    """
    _lock(row)
    if not is_restorable(row):
        row.delete()
        return None
    going, emptied = _collect_affected(row)
    deleted_row = DeletedRow.objects.create(
        conference=conference,
        kind=row._meta.label_lower,
        title=Truncator(row).chars(TITLE_MAX),
        content={
            "rows": [_serialise(other) for other in going if not isinstance(other, Contact)],
            "emptied": [[*_label(other), field, _value(other, field)] for other, field in emptied],
            "lost": sum(isinstance(other, Contact) for other in going),
        },
        deleted_by=by,
    )
    try:
        for other, field in emptied:
            _set(other, field, None, by=by)
        with record_changes(going, by=by):
            for other in reversed(going):
                other.delete()
    except (
        IntegrityError,
        models.ProtectedError,
    ) as error:  # another request added a row meanwhile; a second time would be a bug
        log.warning("a row of %s was not deleted", deleted_row.kind, exc_info=True)
        raise ValidationError(_("그 사이 다른 사람이 고쳤습니다. 새로 연 화면에서 다시 지우십시오.")) from error
    return deleted_row


@transaction.atomic
def restore(deleted_row: DeletedRow, *, by: User) -> None:
    """Restore the rows with their old keys, and the references that were emptied and are still empty.

    Raises ValidationError if the row is restored already, its parent is deleted, or another row has its name or time.
    """
    deleted_row = DeletedRow.objects.select_for_update().get(pk=deleted_row.pk)
    if deleted_row.restored_at:
        raise ValidationError(_("이미 되돌렸습니다."))
    try:
        with transaction.atomic():
            rows = [
                _deserialise(apps.get_model(label), pk, fields) for label, pk, fields in deleted_row.content["rows"]
            ]
            with record_changes(rows, by=by):
                for row in rows:
                    _insert(row)
            # PostgreSQL would check these rules only at the end of the transaction
            connection.check_constraints(table_names=_table_names(deleted_row))
    except IntegrityError as error:
        log.warning("a row of %s was not restored", deleted_row.kind, exc_info=True)
        raise ValidationError(
            _("‘%(title)s’의 이름이나 시간·장소를 그 사이 다른 것이 차지해 되돌릴 수 없습니다. 그것을 먼저 바꾸십시오.")
            % {"title": deleted_row.title}
        ) from error
    for label, pk, field, value in deleted_row.content["emptied"]:
        for row in apps.get_model(label)._base_manager.filter(pk=pk, **{field: None}):
            _set(row, field, value, by=by)
    deleted_row.restored_at, deleted_row.restored_by = timezone.now(), by
    deleted_row.save(update_fields=["restored_at", "restored_by"])


def _lock(row: models.Model) -> None:
    now = type(row)._base_manager.select_for_update().filter(pk=row.pk).first()
    if now is None:
        raise AlreadyDeleted(_("이미 지워졌습니다."))
    if isinstance(row, Row) and now.version != row.version:
        raise ValidationError(_("그 사이 다른 사람이 고쳤습니다. 새로 연 화면에서 다시 지우십시오."))


def _collect_affected(row: models.Model) -> tuple[list[models.Model], list[EmptiedReference]]:
    """Return the rows to delete, each after the rows that it names, and the references to empty in rows that stay."""
    going: dict[Key, models.Model] = {_key(row): row}
    needed: list[models.Model] = []
    emptied: list[EmptiedReference] = []
    layer: dict[type[models.Model], list[models.Model]] = {type(row): [row]}
    while layer:
        new: list[models.Model] = []
        for model, rows in layer.items():
            for relation in reverse_relations(model):
                field = relation.field.name
                for other in relation.related_model._base_manager.filter(**{f"{field}__in": rows}):
                    if relation.on_delete is models.SET_NULL:
                        emptied.append((other, field))
                    elif relation.on_delete is not models.CASCADE:
                        needed.append(other)
                    elif _key(other) not in going:
                        going[_key(other)] = other
                        new.append(other)
        layer = group_by(new, type)
    if blocking := [other for other in needed if _key(other) not in going]:
        raise ValidationError(_blocking_text(row, blocking))
    return _sorted_by_reference(going), [(other, field) for other, field in emptied if _key(other) not in going]


def _sorted_by_reference(going: dict[Key, models.Model]) -> list[models.Model]:
    graph = {key: [named for named in _named_keys(row) if named in going] for key, row in going.items()}
    return [going[key] for key in TopologicalSorter(graph).static_order()]


def _named_keys(row: models.Model) -> list[Key]:
    return [(field.related_model, _value(row, field.name)) for field in _references(type(row))]


def _blocking_text(row: models.Model, blocking: list[models.Model]) -> str:
    names = list(dict.fromkeys(f"‘{_visible_row(other)}’" for other in blocking))
    more = _(" 외 %(count)d건") % {"count": len(names) - BLOCKING_SHOWN} if len(names) > BLOCKING_SHOWN else ""
    text = _("‘%(row)s’을(를) 쓰는 곳이 있어 지울 수 없습니다: %(names)s. 그쪽에서 먼저 빼거나 바꾸십시오.")
    return text % {"row": row, "names": ", ".join(names[:BLOCKING_SHOWN]) + more}


def _visible_row(row: models.Model) -> models.Model:
    """Return the row that staff know: for a room's booking, its session."""
    parent_field = {rows.model: rows.parent_field for rows in flatten(all_row_lists())}.get(type(row))
    return row if isinstance(row, Row) or not parent_field else getattr(row, parent_field)


def _deserialise(model: type[models.Model], pk: Any, fields: dict[str, Any]) -> models.Model:
    return model(pk=pk, **{name: model._meta.get_field(name).to_python(value) for name, value in fields.items()})


def _insert(row: models.Model) -> None:
    for field in _references(type(row)):
        value = getattr(row, field.attname)
        if value is None or field.related_model._base_manager.filter(pk=value).exists():
            continue
        if row._meta.auto_created:
            return  # a link to a row that was deleted since
        if field.remote_field.on_delete is not models.SET_NULL:
            raise ValidationError(
                _("‘%(row)s’에 딸린 자료(%(kind)s)가 그 사이 지워졌습니다. 그것부터 되돌리십시오.")
                % {"row": _title(row), "kind": labels.kind_name(field.related_model)}
            )
        setattr(row, field.attname, None)
    row.save_base(raw=True, force_insert=True)  # times and version as they were


def _title(row: models.Model) -> str:
    """Return the row's name; … if the name needs a row that is deleted."""
    try:
        return str(row)
    except models.ObjectDoesNotExist:
        return "…"


def _table_names(deleted_row: DeletedRow) -> list[str]:
    return sorted({apps.get_model(label)._meta.db_table for label, _pk, _fields in deleted_row.content["rows"]})


def _set(row: models.Model, field: str, value: Any, *, by: User) -> None:
    column = row._meta.get_field(field).attname
    setattr(row, column, value)
    row.save_by(by, update_fields={field})


def _serialise(row: models.Model) -> list[Any]:
    fields = (field for field in row._meta.concrete_fields if not field.primary_key)
    return [*_label(row), {field.attname: _json(field, row) for field in fields}]


def _json(field: models.Field, row: models.Model) -> Any:
    value = field.value_from_object(row)
    is_plain = value is None or isinstance(value, str | int | list | dict)
    return value if is_plain else field.value_to_string(row)


def _value(row: models.Model, field: str) -> Any:
    return row._meta.get_field(field).value_from_object(row)


def _label(row: models.Model) -> tuple[str, Any]:
    return row._meta.label_lower, row.pk


def _key(row: models.Model) -> Key:
    return type(row), row.pk


def _references(model: type[models.Model]) -> Iterable[models.ForeignKey]:
    return [field for field in model._meta.concrete_fields if field.is_relation]
