"""되돌리기 of an edit: the row gets back the values from before, if it still holds those that the edit gave it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any

from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from conference import history
from conference.models import Conference, Photo
from conference.permissions import ConferencePermissions
from desk import photo_usage
from rows import labels
from rows.models import Row
from rows.recording import HistoryEntry, plain_value, record_changes, references
from sessions import timetable
from sessions.models import Session
from sheets.declaration import all_sheets, can_edit_all

UNIQUE = {"unique", "unique_together"}  # codes of errors about another row
log = logging.getLogger(__name__)


@cache
def _permission_checks() -> dict[type[models.Model], Callable[[ConferencePermissions, Any], bool]]:
    """Return who may edit a row, of every kind that people edit as a row; roles and requests have rules of their own."""
    checks: dict[type[models.Model], Callable[[ConferencePermissions, Any], bool]]
    checks = {sheet.model: sheet.can_edit for sheet in all_sheets().values()}
    return checks | {Conference: can_edit_all, Photo: photo_usage.may_edit}


def is_offered(entry: HistoryEntry, permissions: ConferencePermissions, user: User) -> bool:
    """Whether the page shows the button; whether this row may be edited is asked when it is pressed, one row at a time."""
    is_edit = entry.verb == HistoryEntry.Verb.CHANGED and apps.get_model(entry.kind) in _permission_checks()
    return is_edit and not entry.is_taken_back and (permissions.can_edit_all or entry.by_id == user.pk)


@transaction.atomic
def take_back(entry: HistoryEntry, *, permissions: ConferencePermissions, by: User) -> None:
    """Give the row the values from before the edit; that is an entry of its own.

    Raises PermissionDenied, or ValidationError if the row is deleted, holds other values by now or a rule forbids the old ones.
    """
    model = apps.get_model(entry.kind)
    may_edit = _permission_checks().get(model)
    row = model._default_manager.select_for_update(of=("self",)).filter(pk=entry.key).first()
    if row is None:
        raise ValidationError(_("‘%(title)s’은(는) 지워져 되돌릴 수 없습니다.") % {"title": entry.title})
    if entry.verb != HistoryEntry.Verb.CHANGED or may_edit is None or not may_edit(permissions, row):
        raise PermissionDenied
    if entry.taken_back_by.exists():
        raise ValidationError(_("이미 되돌렸습니다."))
    if differences := list(_differences(entry, row)):
        raise ValidationError([_("그 뒤에 다시 바뀌어 되돌리지 않았습니다."), *differences], code="changed")
    with record_changes([row], by=by, many=entry.changes, takes_back=entry):
        _set_values(row, {name: before for name, (before, _after) in entry.changes.items()}, by=by)
    if not may_edit(permissions, row):
        raise PermissionDenied


def _differences(entry: HistoryEntry, row: Row) -> Iterator[str]:
    """Yield which fields hold another value by now than the edit gave them."""
    for name, (_before, after) in entry.changes.items():
        field = row._meta.get_field(name)
        now = _value_now(field, row)
        if _without_titles(now) != _without_titles(after):
            words = {"field": labels.field_name(type(row), name), "now": history.describe(field, now) or _("없음")}
            yield _("%(field)s: 지금은 ‘%(now)s’입니다.") % words


def _value_now(field: Any, row: Row) -> Any:
    if field.many_to_many:
        return references(getattr(row, field.name).all())
    if field.is_relation:
        other = getattr(row, field.name)
        return other and {"key": other.pk, "title": str(other)}
    return plain_value(field, row)


def _without_titles(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_titles(each) for each in value]
    return value["key"] if isinstance(value, dict) and "key" in value else value


def _set_values(row: Row, values: dict[str, Any], *, by: User) -> None:
    several: dict[str, list[Any]] = {}
    for name, value in values.items():
        field: Any = row._meta.get_field(name)
        if field.many_to_many:
            several[name] = _referenced_rows(field, value)
        elif field.is_relation:
            setattr(row, name, next(iter(_referenced_rows(field, [value] if value else [])), None))
        else:
            setattr(row, name, field.to_python(value))
    _validate(row, values)
    try:
        with transaction.atomic():
            if isinstance(row, Session) and {"starts_at", "ends_at", "rooms"} & {*values}:
                uses = row.room_uses.select_related("room__venue")
                rooms = several.pop("rooms", [use.room for use in uses])
                is_deliberate = any(use.is_deliberate for use in uses)
                timetable.set_rooms(row, rooms=rooms, is_deliberate=is_deliberate, by=by)
            else:
                row.save()
            for name, rows in several.items():
                getattr(row, name).set(rows)
    except IntegrityError as error:
        log.warning("an edit of %s was not taken back", row._meta.label, exc_info=True)
        raise ValidationError(_taken_text(row)) from error


def _referenced_rows(field: Any, references: list[dict[str, Any]]) -> list[Any]:
    """Return the rows that a recorded value names. Raises ValidationError if one is deleted."""
    rows = field.related_model._base_manager.in_bulk([each["key"] for each in references])
    for each in references:
        if each["key"] not in rows:
            raise ValidationError(_("‘%(title)s’이(가) 지워져 되돌릴 수 없습니다.") % {"title": each["title"]})
    return list(rows.values())


def _validate(row: Row, names: Iterable[str]) -> None:
    try:
        row.clean_fields(exclude={field.name for field in row._meta.fields} - {*names})
        row.validate_constraints()
        row.validate_unique()
    except ValidationError as error:
        errors = ValidationError(list(error)) if not hasattr(error, "error_dict") else error
        if {each.code for listed in getattr(errors, "error_dict", {}).values() for each in listed} & UNIQUE:
            raise ValidationError(_taken_text(row)) from error
        raise


def _taken_text(row: Row) -> str:
    text = _("‘%(row)s’의 이름이나 시간·장소를 그 사이 다른 것이 차지해 되돌릴 수 없습니다. 그것을 먼저 바꾸십시오.")
    return text % {"row": row}
