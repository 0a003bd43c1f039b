"""Saving what was typed in a table or on a row's page: all of it or nothing, and never over somebody else's words."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from conference import trash
from conference.models import Conference, Person
from rows.models import Row
from sheets import unique
from sheets.row_form import VERSION, RowForm

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Conflict:
    """One field of one row that two people filled differently. ``name`` is its name in the form."""

    name: str
    label: str
    mine: str
    theirs: str
    is_mine: bool  # whether the person touched it, so that it is proposed to keep theirs or mine


@dataclass(frozen=True)
class Second:
    """A form whose row somebody else saved, or deleted, after it was opened."""

    form: RowForm
    row: Row | None  # None: deleted
    conflicts: list[Conflict]
    by: User | None
    at: Any


class Stale(Exception):
    """Rows were saved meanwhile; nothing was written."""

    def __init__(self, seconds: list[Second]) -> None:
        self.seconds = seconds
        super().__init__(seconds)


class Refused(Exception):
    """A verb or the database refused; the words are in the forms, or given along. Nothing was written."""


@transaction.atomic
def keep(
    forms: Sequence[RowForm],
    *,
    conference: Conference,
    by: User,
    gone: Sequence[Row] = (),
    lost: Sequence[RowForm] = (),
    order: Sequence[RowForm] = (),
    start: int = 0,
) -> dict[str, int]:
    """Save valid forms, delete the rows ``gone``, and number the rows as ``order`` has them from ``start``.

    Returns how many were added, changed and removed. Raises Stale, or Refused with the errors in the forms.
    """
    lost = [*lost, *_lock(forms)]
    stale = [form for form in forms if form.is_stale and form not in lost]
    if seconds := [*map(_second, stale), *map(_lost, lost)]:
        raise Stale(seconds)
    for row in gone:
        try:
            trash.delete(row, conference=conference, by=by)
        except ValidationError as error:
            raise Refused(*error.messages) from error
    moved = _numbered(order, start)
    forms = [form for form in forms if form.is_new or form.changed_data]  # what nobody changed stays as it is
    fresh = [form for form in forms if form.is_new]
    unique.make_way(forms)
    try:
        _make({id(person): person for form in forms for person in form.named_first()}.values(), by=by)
        for form in forms:
            _keep(form)
        _record(fresh, by=by, is_new=True)
        _record([form for form in forms if form not in fresh], by=by, is_new=False)
        if forms:
            type(forms[0]).keep_extras(forms, by=by)
        if any(form.errors for form in forms):
            raise Refused  # noqa: TRY301 (as every refusal here)
    except Refused:
        for form in fresh:
            form.forget()
        raise
    if moved:
        type(moved[0])._default_manager.bulk_update(moved, ["position"])
    return {"added": len(fresh), "changed": len(forms) - len(fresh), "removed": len(gone)}


def _make(persons: Iterable[Person], *, by: User) -> None:
    try:
        made = Person.objects.bulk_create(persons)
    except IntegrityError as error:
        log.warning("persons were not made", exc_info=True)
        raise Refused(_("같은 인물을 다른 사람이 막 등록했습니다. 다시 저장해 주세요.")) from error
    Person.history.bulk_history_create(made, default_user=by)


def _record(forms: Sequence[RowForm], *, by: User, is_new: bool) -> None:
    """Write the rows' history in one go; one query for each would be half of all."""
    rows = [form.instance for form in forms if hasattr(form.instance, "history")]
    if rows:
        type(rows[0]).history.bulk_history_create(rows, update=not is_new, default_user=by)


def _keep(form: RowForm) -> None:
    form.instance.skip_history_when_saving = True
    try:
        form.keep()
    except ValidationError as error:
        form.refuse(error)
        raise Refused from error
    except IntegrityError as error:
        log.warning("a row of %s was not saved", form.instance._meta.label, exc_info=True)
        form.add_error(
            None,
            _("이 줄은 다른 줄과 맞지 않아 저장할 수 없습니다. 같은 이름이나 겹치는 시간이 없는지 확인해 주세요."),
        )
        raise Refused from error


def _lock(forms: Sequence[RowForm]) -> list[RowForm]:
    """Take the rows for this transaction, let each form know its row as it is now, and return those without one."""
    stored = [form for form in forms if not form.is_new]
    if not stored:
        return []
    rows = stored[0].instance._meta.default_manager.select_for_update().order_by("pk")
    now = rows.in_bulk([form.instance.pk for form in stored])
    found = [form for form in stored if form.instance.pk in now]
    for form in found:
        form.know(now[form.instance.pk])
    return [form for form in stored if form.instance.pk not in now]


def _second(form: RowForm) -> Second:
    """Compare what was typed with what is stored now."""
    row = form.instance._meta.default_manager.get(pk=form.instance.pk)
    now = form.stored(row)
    mine = set(form.touched)
    conflicts = [
        Conflict(form.add_prefix(name), str(field.label), form.typed(name), now.shown(name), name in mine)
        for name, field in now.fields.items()
        if name != VERSION and not form.is_same(name, now.shown(name))
    ]
    last = row.history.select_related("history_user").first() if hasattr(row, "history") else None
    return Second(form, row, conflicts, last and last.history_user, last and last.history_date)


def _lost(form: RowForm) -> Second:
    conflicts = [
        Conflict(form.add_prefix(name), str(field.label), form.typed(name), "", is_mine=True)
        for name, field in form.fields.items()
        if name != VERSION and form.typed(name)
    ]
    return Second(form, None, conflicts, None, None)


def _numbered(order: Sequence[RowForm], start: int) -> list[Row]:
    """Give every row its place, and return those that are stored at another one."""
    moved = []
    for position, form in enumerate(order, start):
        if form.instance.position != position:
            form.instance.position = position
            if not form.is_new:
                moved.append(form.instance)
    return moved
