"""Saves the rows of a table or of a row's page: all or none, and never over another person's changes."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from conference.models import Person
from rows.conflicts import VERSION, Conflict, FieldConflict, SaveConflict, last_change
from rows.models import Row
from rows.recording import record_changes, without_author
from sheets import unique
from sheets.row_form import RowForm
from sheets.scope import SheetScope

GONE = "gone-"  # begins the name under which a page sends a row to delete: the key follows, the version is the value
UNSEEN = "-"  # in place of a version that the page did not show
log = logging.getLogger(__name__)


class SaveRefused(Exception):
    """A function or the database refused; the errors are in the forms or in ``args``. Nothing was written."""


@transaction.atomic
def save_forms(
    forms: Sequence[RowForm],
    *,
    scope: SheetScope,
    deleted: Mapping[Row, str] = MappingProxyType({}),
    lost: Sequence[RowForm] = (),
    order: Sequence[RowForm] = (),
    start: int = 0,
) -> dict[str, int]:
    """Save valid forms, delete rows, and number the rows as ``order`` has them from ``start``.

    ``deleted``: row to delete → its version when the person saw it, or UNSEEN.
    Returns how many were added, changed, removed and moved. Raises SaveConflict, SaveRefused with the errors in the forms,
    or what the scope raises because nothing of it may be changed now.
    """
    scope.lock()
    lost = [*lost, *_lock_rows(forms)]
    stale = [form for form in forms if form.is_stale and form not in lost]
    overtaken = [row for row, seen in deleted.items() if seen not in {UNSEEN, str(getattr(row, VERSION, seen))}]
    if conflicts := [
        *map(_conflict_with_stored, stale),
        *map(_conflict_with_deletion, lost),
        *map(_conflict_with_change, overtaken),
    ]:
        raise SaveConflict(conflicts)
    for row in deleted:
        try:
            scope.delete(row)
        except ValidationError as error:
            raise SaveRefused(*error.messages) from error
    moved = _set_positions(order, start)
    forms = [form for form in forms if form.is_new or form.changed_data]  # unchanged rows are not written
    fresh = [form for form in forms if form.is_new]
    try:
        _save_all(forms, by=scope.user)
    except SaveRefused:
        for form in fresh:
            form.reset_to_new()
        raise
    if moved:
        _save_positions(moved, is_reorder=not (fresh or deleted), by=scope.user)
    counts = {"added": len(fresh), "changed": len(forms) - len(fresh), "removed": len(deleted), "moved": len(moved)}
    if any(counts.values()):
        scope.record_change()
    return counts


@transaction.atomic
def delete_row(row: Row, *, scope: SheetScope) -> None:
    """Delete one row; ``trash`` can restore it. Raises as ``trash.delete``, and what the scope raises."""
    scope.lock()
    scope.delete(row)
    scope.record_change()


def _save_all(forms: Sequence[RowForm], *, by: User) -> None:
    persons = {id(person): person for form in forms for person in form.new_persons()}
    _create_persons([*persons.values()], by=by)
    names = {name for form in forms for name in form.fields}
    with record_changes([form.instance for form in forms], by=by, many=names):
        unique.park_old_values(forms)
        for form in forms:
            _save_form(form)
        if forms:
            type(forms[0]).save_extras(forms, by=by)
        if any(form.errors for form in forms):
            raise SaveRefused


def _create_persons(persons: Sequence[Person], *, by: User) -> None:
    try:
        with record_changes(persons, by=by):
            Person.objects.bulk_create(persons)
    except IntegrityError as error:
        log.warning("persons were not made", exc_info=True)
        raise SaveRefused(_("같은 인물을 다른 사람이 막 등록했습니다. 다시 저장해 주세요.")) from error


def _save_form(form: RowForm) -> None:
    try:
        form.save_row()
    except ValidationError as error:
        form.add_errors(error)
        raise SaveRefused from error
    except IntegrityError as error:
        log.warning("a row of %s was not saved", form.instance._meta.label, exc_info=True)
        form.add_error(
            None,
            _("이 줄은 다른 줄과 맞지 않아 저장할 수 없습니다. 같은 이름이나 겹치는 시간이 없는지 확인해 주세요."),
        )
        raise SaveRefused from error


def _lock_rows(forms: Sequence[RowForm]) -> list[RowForm]:
    """Lock the rows, refresh the version in each form, and return the forms whose row was deleted."""
    stored = [form for form in forms if not form.is_new]
    if not stored:
        return []
    rows = stored[0].instance._meta.default_manager.select_for_update().order_by("pk")
    stored_rows = rows.in_bulk([form.instance.pk for form in stored])
    still_there = [form for form in stored if form.instance.pk in stored_rows]
    for form in still_there:
        form.refresh_version(stored_rows[form.instance.pk])
    return [form for form in stored if form.instance.pk not in stored_rows]


def _conflict_with_stored(form: RowForm) -> Conflict:
    """Compare what was sent with what is stored now."""
    return form.compare_with(form.instance._meta.default_manager.get(pk=form.instance.pk))


def _conflict_with_change(row: Row) -> Conflict:
    """Ask again whether a row is to be deleted that another person changed."""
    field = FieldConflict(f"{GONE}{row.pk}", _("이 줄"), _("지우기"), "", is_mine=False, shown_theirs=_("남겨 두기"))
    return Conflict(None, row, [field], *last_change(row))


def _conflict_with_deletion(form: RowForm) -> Conflict:
    fields = [
        FieldConflict(form.add_prefix(name), str(field.label), form.sent_text(name), "", is_mine=True)
        for name, field in form.fields.items()
        if name != VERSION and form.sent_text(name)
    ]
    return Conflict(form, None, fields, None, None)


def _set_positions(order: Sequence[RowForm], start: int) -> list[tuple[Row, int]]:
    """Set the position of every row; return the stored rows whose position changed, and by how many places."""
    moved = []
    for position, form in enumerate(order, start):
        steps = position - form.instance.position
        form.instance.position = position
        if steps and not form.is_new:
            moved.append((form.instance, abs(steps)))
    return moved


def _save_positions(moved: Sequence[tuple[Row, int]], *, is_reorder: bool, by: User) -> None:
    """Save the positions. The history has the rows that a person moved, not those that only make room for another row."""
    rows = [row for row, _steps in moved]
    by_hand = [row for row, steps in moved if steps > 1] or rows  # what one row passes moves by one place
    with record_changes(by_hand, by=by) if is_reorder else without_author("positions"):
        type(rows[0])._default_manager.bulk_update(rows, ["position"])
