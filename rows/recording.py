"""Recording of changes: one HistoryEntry for each row that a person added, changed or deleted, in the transaction of the change.

``row.save_by(user)`` and ``row.delete_by(user)`` name the author. Several rows at once, and what is no save of a row (a
many-to-many set, a bulk save), stand inside ``record_changes``. What no person does (a command) stands inside ``without_author``.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from typing import Any, ClassVar, Self

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import models, transaction
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from rows import labels
from rows.canonical_json import iso_moment
from rows.fields import JSONField

TITLE_MAX = 300  # letters
UNRECORDED = {"conference", "as_written"}
Model = type[models.Model]
Key = tuple[Model, Any]
# the plain value before and after; a reference is {"key": …, "title": …}, several are a list of these
Change = list[Any]
log = logging.getLogger(__name__)


class HistoryEntry(models.Model):
    """A row was added, changed or deleted. The database refuses to change or delete an entry, but for the names in it.

    ``changes``: field → [before, after]; nothing of an added row, which has its values itself.
    """

    class Verb(models.TextChoices):
        ADDED = "+", _("추가")
        CHANGED = "~", _("고침")
        DELETED = "-", _("지움")

    # key of the conference whose list shows the entry, if any; no foreign key, for rows know no package above
    conference = models.PositiveBigIntegerField(null=True)
    kind = models.CharField(max_length=100)  # label of the model: conference.venue
    key = models.PositiveBigIntegerField()
    title = models.CharField(max_length=TITLE_MAX)
    verb = models.CharField(max_length=1, choices=Verb)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="history_entries")
    reason = models.CharField(max_length=100, blank=True)  # why it has no author
    changes = JSONField(default=dict)
    is_taken_back: bool  # an annotation of conference.history.entries_of
    takes_back = models.ForeignKey("self", models.PROTECT, null=True, related_name="taken_back_by")

    class Meta:
        ordering = ("-at", "-pk")
        indexes = [
            models.Index(fields=["conference", "-at", "-id"], name="history_of_conference"),
            models.Index(fields=["kind", "key", "-id"], name="history_of_row"),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.get_verb_display()}"


@dataclass(frozen=True)
class Recording:
    """A running block: what it records, and who is the author; ``reason``: why there is none."""

    by: Any = None  # User
    reason: str = ""
    rows: Sequence[models.Model] = ()
    kinds: frozenset[Model] = frozenset()  # every row of these models

    def covers(self, row: models.Model) -> bool:
        """Whether the block records what is saved of the row."""
        return type(row) in self.kinds or row in self.rows


recordings: ContextVar[tuple[Recording, ...]] = ContextVar("recordings", default=())  # the innermost is the last


@contextmanager
def without_author(reason: str) -> Iterator[None]:
    """Let rows be saved without an author, for ``reason``: a command, not a person, does it."""
    with _running(Recording(reason=reason)):
        yield


@contextmanager
def record_changes(
    rows: Sequence[models.Model], *, by: Any, many: Collection[str] = (), takes_back: HistoryEntry | None = None
) -> Iterator[None]:
    """Record what the block saves and deletes of ``rows``, by the user ``by``. A block around it that has a row records that one.

    ``many``: names of fields with several rows whose changes are recorded too. One read before and one after serve all rows.
    """
    rows = [row for row in rows if isinstance(row, RecordedRow) and not is_recorded(row)]
    with transaction.atomic(savepoint=False), _running(Recording(by, _reason(by), rows)):
        before = _read(rows, many)
        yield
        after = _read([*rows, *before.values()], many)
        entries = list(_entries(before, after, many))
        _add_titles(entries, before)
        _write(entries, by=by, takes_back=takes_back)


@contextmanager
def record_added(kinds: Iterable[Model], *, by: Any) -> Iterator[list[tuple[Any, int]]]:
    """Record new rows of these models that the block writes in bulk: it appends (row, key of its conference); nothing is read."""
    added: list[tuple[Any, int]] = []
    with _running(Recording(by, _reason(by), kinds=frozenset(kinds))):
        yield added
        for row, conference in added:
            row.recorded_conference = conference if labels.kind_name(type(row)) else None
        entries = [_entry(row, HistoryEntry.Verb.ADDED) for row, _key in added if isinstance(row, RecordedRow)]
        _write(entries, by=by)


def is_recorded(row: models.Model) -> bool:
    """Whether a running block records what is saved of the row."""
    return any(recording.covers(row) for recording in recordings.get())


@cache
def recorded_fields(model: Model) -> tuple[models.Field, ...]:
    """Return the fields whose changes are recorded: those that people fill in."""
    hidden = UNRECORDED | getattr(model, "UNRECORDED", set())
    fields = model._meta.concrete_fields
    return tuple(each for each in fields if each.editable and not each.primary_key and each.name not in hidden)


def plain_value(field: models.Field, row: models.Model) -> Any:
    """Return a row's value as JSON holds it; of a reference its key."""
    value = field.value_from_object(row)
    if isinstance(value, datetime):
        return iso_moment(value)
    return value.isoformat() if isinstance(value, date | time) else value


class RecordedRow(models.Model):
    """Abstract row whose changes are recorded. ``UNRECORDED``: fields that are not."""

    UNRECORDED: ClassVar[frozenset[str]] = frozenset()

    class Meta:
        abstract = True

    def save(self, *args: Any, update_fields: Any = None, **kwargs: Any) -> None:
        """Save the row; outside ``record_changes`` the author is that of the block around it, or missing."""
        names = {field.name for field in recorded_fields(type(self))}
        if is_recorded(self) or (update_fields is not None and names.isdisjoint(update_fields)):
            super().save(*args, update_fields=update_fields, **kwargs)
            return
        with record_changes([self], by=_author_of_block()):
            super().save(*args, update_fields=update_fields, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete the row; the author is as in ``save``."""
        if is_recorded(self):
            return super().delete(*args, **kwargs)
        with record_changes([self], by=_author_of_block()):
            return super().delete(*args, **kwargs)

    @property
    def history(self) -> models.QuerySet[HistoryEntry]:
        """The row's entries, the newest first."""
        return HistoryEntry.objects.filter(kind=self._meta.label_lower, key=self.pk).order_by("-pk")

    def save_by(self, by: Any, **kwargs: Any) -> Self:
        """Save the row, changed by the user ``by``; return it. ``kwargs``: as for ``save``."""
        with record_changes([self], by=by):
            self.save(**kwargs)
        return self

    def delete_by(self, by: Any) -> None:
        """Delete the row, deleted by the user ``by``."""
        with record_changes([self], by=by):
            self.delete()


@contextmanager
def _running(recording: Recording) -> Iterator[None]:
    token = recordings.set((*recordings.get(), recording))
    try:
        yield
    finally:
        recordings.reset(token)


def _author_of_block() -> Any:
    return recordings.get()[-1].by if recordings.get() else None


def _reason(by: Any) -> str:
    """Why there is no author, as the block around says it."""
    return recordings.get()[-1].reason if by is None and recordings.get() else ""


def _read(rows: Iterable[models.Model], many: Collection[str]) -> dict[Key, Any]:
    """Return the stored rows by model and key, each with what names it, its ``many`` and the key of its conference."""
    keys: dict[Model, dict[Any, None]] = {}
    for row in rows:
        if row.pk is not None:
            keys.setdefault(row._meta.model, {})[row.pk] = None  # the type of request.user is another
    found: dict[Key, Any] = {}
    for model, pks in keys.items():
        path = _conference_path(model)
        query = _named(model).annotate(recorded_conference=models.F(path)) if path else _named(model)
        stored = query.prefetch_related(*(_prefetch(model, name) for name in _names_of(model, many))).in_bulk([*pks])
        found |= {(model, pk): stored[pk] for pk in pks if pk in stored}
    return found


def _entries(before: dict[Key, Any], after: dict[Key, Any], many: Collection[str]) -> Iterator[HistoryEntry]:
    verbs = HistoryEntry.Verb
    for key, row in after.items():
        if key not in before:
            yield _entry(row, verbs.ADDED)
        elif changes := dict(_changes(before[key], row, many)):
            yield _entry(row, verbs.CHANGED, changes=changes)
    for key, row in before.items():
        if key not in after:
            yield _entry(row, verbs.DELETED, changes=dict(_changes(row, None, ())))


def _entry(row: Any, verb: str, **values: Any) -> HistoryEntry:
    about = {"conference": getattr(row, "recorded_conference", None), "kind": row._meta.label_lower, "key": row.pk}
    return HistoryEntry(**about | values, verb=verb, title=Truncator(_title(row)).chars(TITLE_MAX))


def _changes(before: Any, after: Any, many: Collection[str]) -> Iterator[tuple[str, Change]]:
    model: Model = type(before)
    for field in recorded_fields(model):
        pair = [plain_value(field, row) if row else None for row in (before, after)]
        if pair[0] != pair[1]:
            yield field.name, [_reference(key) for key in pair] if field.is_relation else pair
    for name in _names_of(model, many):
        pair = [references(getattr(row, name).all()) for row in (before, after)]
        if pair[0] != pair[1]:
            yield name, pair


def references(rows: Iterable[models.Model]) -> list[dict[str, Any]]:
    """Return rows as an entry holds them."""
    return [{"key": row.pk, "title": _title(row)} for row in sorted(rows, key=lambda row: row.pk)]


def _reference(key: Any) -> dict[str, Any] | None:
    return None if key is None else {"key": key, "title": ""}


def _add_titles(entries: Iterable[HistoryEntry], before: dict[Key, Any]) -> None:
    """Give each reference the title that people read now, with one query for each kind of row. ``before``: may be deleted now."""
    references: dict[Any, list[dict[str, Any]]] = {}
    for entry in entries:
        model: Model = apps.get_model(entry.kind)
        fields: dict[str, Any] = {field.name: field for field in recorded_fields(model) if field.is_relation}
        for name in fields.keys() & entry.changes.keys():
            references.setdefault(fields[name].related_model, []).extend(filter(None, entry.changes[name]))
    for related, listed in references.items():
        found = _named(related).in_bulk({reference["key"] for reference in listed})
        for reference in listed:
            row = found.get(reference["key"]) or before.get((related, reference["key"]))
            reference["title"] = _title(row) if row else ""


def _write(entries: list[HistoryEntry], *, by: Any, takes_back: HistoryEntry | None = None) -> None:
    reason = _reason(by)
    if entries and by is None and not reason:
        log.error("%s was saved without an author", entries[0].kind, stack_info=True)
    now = timezone.now()
    for entry in entries:
        entry.at, entry.by, entry.reason, entry.takes_back = now, by, reason, takes_back
    HistoryEntry.objects.bulk_create(entries)


def _named(model: Model) -> models.QuerySet[Any]:
    """The model's rows with those that they are called by; asked for no name, Django would join all there are."""
    return model._base_manager.select_related(*getattr(model, "NAMED_WITH", (None,)))


def _prefetch(model: Model, name: str) -> models.Prefetch:
    field: Any = model._meta.get_field(name)
    return models.Prefetch(name, _named(field.related_model))


def _names_of(model: Model, many: Collection[str]) -> set[str]:
    several = {field.name for field in model._meta.get_fields() if field.many_to_many or field.one_to_many}
    return several & set(many)


def _title(row: models.Model) -> str:
    """The row's name; "…" for one that is called by a row that is gone."""
    try:
        return str(row)
    except ObjectDoesNotExist:
        return "…"


@cache
def _conference_path(model: Model) -> str:
    """The path of foreign keys from a row to its conference; "" for a row that no conference's list shows.

    A row without a field of that name goes with the row that it is deleted with; the conference itself goes with none.
    """
    if not labels.kind_name(model):
        return ""
    fields = {field.name: field for field in model._meta.concrete_fields}
    if "conference" in fields:
        return "conference"
    owners = [
        field for field in fields.values() if field.remote_field and field.remote_field.on_delete is models.CASCADE
    ]
    return f"{owners[0].name}__{_conference_path(owners[0].related_model)}" if owners else "pk"
