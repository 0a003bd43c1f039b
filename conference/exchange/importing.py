"""A file → rows: all of them or none."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, models, transaction
from django.utils.translation import gettext as _

from conference.models import Conference

from .reading import entries
from .rows import Entry, Key, Problem, Refused

BATCH = 200  # rows of one query
Made = dict[type[models.Model], dict[Key, models.Model]]


def load(content: bytes) -> Conference:
    """Make the conference that a file holds and return it.

    Accounts, organisations and departments that are there already are linked and stay as they are; new accounts
    cannot sign in until somebody gives them a password. Raises Refused with every problem, and nothing is kept.
    """
    found = entries(content)
    slug = found[0].values["slug"]
    if Conference.objects.filter(slug=slug).exists():
        raise Refused([Problem("/conference/slug", _("‘%(slug)s’은(는) 이미 있는 행사입니다.") % {"slug": slug})])
    with transaction.atomic():
        made: Made = {}
        owed = [late for entry in found for late in _make(entry, made)]
        for entry, name in owed:
            _link(entry, name, made)
        _remember([entry.row for entry in found if not entry.is_linked])
    return found[0].row


def _make(entry: Entry, made: Made) -> list[tuple[Entry, str]]:
    """Make the entry's row, or find it; return the references that must wait until all rows are there."""
    rows, owed = entry.rows, []
    entry.is_linked = _find(entry, made) or bool(entry.above and entry.above.is_linked)
    if entry.is_linked:
        return []
    entry.row = row = rows.model()
    if rows.up:
        setattr(row, rows.up, entry.above.row)
    if rows.place_field:
        setattr(row, rows.place_field, entry.index + 1)
    for field in rows.fields:
        value = entry.values[field.name]
        if not field.is_relation:
            setattr(row, field.name, value)
        elif value and (field.many_to_many or value not in made.get(field.related_model, {})):
            owed.append((entry, field.name))
        elif value:
            setattr(row, field.name, made[field.related_model][value])
    rows.finish(row, entry)
    _save(entry)
    if rows.key:
        made.setdefault(rows.model, {})[entry.key] = row
    return owed


def _find(entry: Entry, made: Made) -> bool:
    """Whether a row of the accounts level is there already; it is linked then, and so are those below it."""
    rows = entry.rows
    if rows.up or not rows.key:
        return False
    wanted: dict[str, Any] = {}
    for name in rows.key.split():
        field, value = rows.model._meta.get_field(name), entry.values[name]  # noqa: SLF001 (Django documents it)
        wanted[name] = made[field.related_model][value] if field.is_relation else value
    entry.row = rows.model._default_manager.filter(**wanted).order_by("pk").first()  # noqa: SLF001
    if entry.row is not None:
        made.setdefault(rows.model, {})[entry.key] = entry.row
    return entry.row is not None


def _link(entry: Entry, name: str, made: Made) -> None:
    field = entry.row._meta.get_field(name)  # noqa: SLF001 (Django documents it)
    value, others = entry.values[name], made[field.related_model]
    if field.many_to_many:
        getattr(entry.row, name).set([others[key] for key in value])
    else:
        setattr(entry.row, name, others[value])
        _save(entry)


def _remember(rows: list[models.Model]) -> None:
    """Write the history of new rows, kind by kind in one go; a query for each would be half of all."""
    kinds: dict[type[models.Model], list[models.Model]] = {}
    for row in rows:
        kinds.setdefault(type(row), []).append(row)
    for model, made in kinds.items():
        if hasattr(model, "history"):  # asked once a kind: the answer is made anew each time
            model.history.bulk_history_create(made, batch_size=BATCH)
        for row in made:
            del row.skip_history_when_saving  # whoever asked for the row may change it yet


def _save(entry: Entry) -> None:
    """Save; what only the database could see is a problem of that row like any other."""
    entry.row.skip_history_when_saving = True  # see _remember
    try:
        entry.row.save()
    except (IntegrityError, DataError, ValidationError) as error:
        text = _("데이터베이스의 규칙에 어긋납니다: %(rule)s") % {"rule": " ".join(str(error).split())}
        raise Refused([Problem(entry.pointer, text)]) from error
