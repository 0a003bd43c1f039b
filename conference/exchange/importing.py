"""A file → rows: all of them or none."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, models, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from conference.models import Conference
from conference.signals import send_conference_changed
from conference.uploads import images
from rows.grouping import group_by
from rows.recording import record_added, without_author

from .reading import read_entries
from .row_lists import PROBLEMS_MAX, FileEntry, FileProblem, FileRefused, Key, all_row_lists, flatten

BATCH = 200  # rows of one query
REFUSALS = (IntegrityError, DataError, ValidationError)  # what only the database could see
CreatedRows = dict[type[models.Model], dict[Key, models.Model]]
Write = Callable[[list[FileEntry]], object]


def load(content: bytes, *, by: User | None = None) -> Conference:
    """Create the conference that a file holds and return it.

    Accounts, organisations and departments that exist already are linked and not changed; new accounts
    cannot sign in until they are given a password. ``by``: None for a command. Raises FileRefused with every problem; then nothing is stored.
    """
    with images.without_time_limit():
        entries = read_entries(content)
    slug = entries[0].values["slug"]
    if Conference.objects.filter(slug=slug).exists():
        raise FileRefused(
            [FileProblem("/conference/slug", _("‘%(slug)s’은(는) 이미 있는 행사입니다.") % {"slug": slug})]
        )
    by_rows = group_by(entries, lambda entry: entry.rows)
    created: CreatedRows = {}
    without_user = without_author("import") if by is None else nullcontext()
    with transaction.atomic(), without_user, record_added([rows.model for rows in by_rows], by=by) as added:
        late = [name for rows in flatten(all_row_lists()) for name in _create_or_link(by_rows.get(rows, []), created)]
        for (_rows, field), pairs in group_by(late, lambda pair: (pair[0].rows, pair[1])).items():
            _write([entry for entry, _field in pairs], partial(_link, field, created[field.related_model]))
        added += [(entry.row, entries[0].row.pk) for entry in entries if not entry.is_linked]
    send_conference_changed(entries[0].row)
    return entries[0].row


def _create_or_link(listed: list[FileEntry], created: CreatedRows) -> list[tuple[FileEntry, models.Field]]:
    """Create the rows of one list, or find them; return the references that must wait until all rows exist."""
    for entry in listed:
        entry.is_linked = _link_existing(entry, created) or bool(entry.parent and entry.parent.is_linked)
    new = [entry for entry in listed if not entry.is_linked]
    late = [(entry, field) for entry in new for field in _build_row(entry, created)]
    _write(new, _create)
    for entry in new:
        if entry.rows.key:
            created.setdefault(entry.rows.model, {})[entry.key] = entry.row
    return late


def _build_row(entry: FileEntry, created: CreatedRows) -> list[models.Field]:
    """Give the entry an unsaved row with its values; return the fields that name rows which do not exist yet."""
    rows, late = entry.rows, []
    values: dict[str, Any] = {rows.parent_field: entry.parent.row} if rows.parent_field else {}
    if rows.position_field:
        values[rows.position_field] = entry.index + 1
    for field in rows.fields:
        value = entry.values[field.name]
        if not field.is_relation:
            values[field.name] = value
        elif value and (field.many_to_many or value not in created.get(field.related_model, {})):
            late.append(field)
        elif value:
            values[field.name] = created[field.related_model][value]
    entry.row = rows.model(**values)
    rows.before_save(entry.row, entry)
    return late


def _link_existing(entry: FileEntry, created: CreatedRows) -> bool:
    """Link the row of the accounts level that exists already; return whether there is one."""
    rows = entry.rows
    if rows.parent_field or not rows.key:
        return False
    natural_key: dict[str, Any] = {}
    for name in rows.key.split():
        field, value = rows.model._meta.get_field(name), entry.values[name]
        natural_key[name] = created[field.related_model][value] if field.is_relation else value
    entry.row = rows.model._default_manager.filter(**natural_key).order_by("pk").first()
    if entry.row is not None:
        created.setdefault(rows.model, {})[entry.key] = entry.row
    return entry.row is not None


def _write(listed: list[FileEntry], write: Write) -> None:
    """Write all rows together. If the database refuses, write row by row to name each row with a problem."""
    if not listed:
        return
    try:
        with transaction.atomic():
            write(listed)
    except REFUSALS as error:
        problems = [problem for entry in listed if (problem := _problem(entry, write))]
        raise FileRefused(problems[:PROBLEMS_MAX] or [_rule_problem("", error)]) from error


def _problem(entry: FileEntry, write: Write) -> FileProblem | None:
    try:
        with transaction.atomic():
            write([entry])
    except REFUSALS as error:
        return _rule_problem(entry.pointer, error)
    return None


def _rule_problem(pointer: str, error: Exception) -> FileProblem:
    text = _("데이터베이스의 규칙에 어긋납니다: %(rule)s")
    return FileProblem(pointer, text % {"rule": " ".join(str(error).split())})


def _create(listed: list[FileEntry]) -> None:
    model = listed[0].rows.model
    if model._meta.parents:
        for entry in listed:
            entry.row.save()
        return
    for entry in listed:
        entry.row.pk = None  # a first try may have set it
    model._base_manager.bulk_create([entry.row for entry in listed])


def _link(field: models.Field, others: dict[Key, models.Model], listed: list[FileEntry]) -> None:
    """Write one reference of all these rows, to rows that were created after them."""
    if field.many_to_many:
        one, other = field.m2m_field_name(), field.m2m_reverse_field_name()
        pairs = [(entry.row, others[key]) for entry in listed for key in dict.fromkeys(entry.values[field.name])]
        through = field.remote_field.through
        through.objects.bulk_create(through(**{one: row, other: named}) for row, named in pairs)
    else:
        for entry in listed:
            setattr(entry.row, field.name, others[entry.values[field.name]])
        model = listed[0].rows.model
        model._base_manager.bulk_update([entry.row for entry in listed], [field.name], batch_size=BATCH)
