"""The list of changes of a conference: who added, changed or deleted which row when, with the values before and after in words.

Contacts are not recorded, and the rows of reports belong to their offices: neither appears.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from conference import row_addresses
from conference.models import Conference
from korean.dates import format_clock, format_full_day
from rows import labels
from rows.grouping import group_by
from rows.recording import HistoryEntry

TITLE_MAX = 60  # letters
TITLES_SHOWN = 2  # rows that a group of changes names
Model = type[models.Model]


@dataclass(frozen=True)
class FieldChange:
    """One field of a changed row, in words; "" where it was or is empty."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class HistoryLine:
    """An entry in words. ``link``: where the row is edited; "" for a deleted row and for one without a page."""

    entry: HistoryEntry
    who: str
    verb: str
    kind: str
    title: str
    fields: tuple[FieldChange, ...] = ()
    link: str = ""


@dataclass(frozen=True)
class HistoryGroup:
    """Entries of one person, verb and kind of row: the newest, the number of rows, and the titles of the first."""

    newest: HistoryLine
    count: int
    title: str


def entries_of(conference: Conference) -> QuerySet[HistoryEntry]:
    """Return the entries that the conference's list shows, the newest first, each with its author and ``is_taken_back``."""
    entries = HistoryEntry.objects.filter(conference=conference.pk).select_related("by")
    return entries.annotate(is_taken_back=Exists(HistoryEntry.objects.filter(takes_back=OuterRef("pk"))))


def lines(entries: Iterable[HistoryEntry], conference: Conference) -> list[HistoryLine]:
    """Return the entries in words."""
    return [_line(entry, conference) for entry in entries]


def recent_lines(conference: Conference, *, since: datetime, limit: int) -> list[HistoryLine]:
    """Return the newest entries in words."""
    return lines(entries_of(conference).filter(at__gte=since)[:limit], conference)


def group(changes: Iterable[HistoryLine]) -> list[HistoryGroup]:
    """Group entries by person, verb and kind; the group with the newest entry comes first."""
    groups = []
    for entries in group_by(changes, lambda change: (change.who, change.verb, change.kind)).values():
        rows: dict[int, str] = {}
        for change in entries:  # a row that was changed twice counts once, by its newest title
            rows.setdefault(change.entry.key, change.title)
        titles = [*rows.values()]
        more = _(" 외 %(count)d건") % {"count": len(titles) - TITLES_SHOWN} if len(titles) > TITLES_SHOWN else ""
        groups.append(HistoryGroup(entries[0], len(titles), ", ".join(titles[:TITLES_SHOWN]) + more))
    return groups


def _line(entry: HistoryEntry, conference: Conference) -> HistoryLine:
    model, is_deleted = apps.get_model(entry.kind), entry.verb == HistoryEntry.Verb.DELETED
    return HistoryLine(
        entry,
        who=str(entry.by or ""),
        verb=entry.get_verb_display(),
        kind=labels.kind_name(model),
        title=Truncator(entry.title).chars(TITLE_MAX),
        fields=() if is_deleted else tuple(_field_changes(model, entry.changes)),
        link="" if is_deleted else row_addresses.row_address(model, entry.key, conference),
    )


def _field_changes(model: Model, changes: dict[str, list[Any]]) -> Iterator[FieldChange]:
    for field in model._meta.get_fields():
        if field.name in changes and (name := labels.field_name(model, field.name)):
            yield FieldChange(name, *(describe(field, value) for value in changes[field.name]))


def describe(field: Any, value: Any) -> str:
    """Return a recorded value of a field in words; "" for nothing."""
    if value is None or value in ("", [], {}):
        return ""
    if field.is_relation:
        return ", ".join(each["title"] for each in (value if isinstance(value, list) else [value]))
    if isinstance(value, list):
        return "\n".join(str(labels.value_names(field).get(line, line)) for line in value)
    if isinstance(value, dict):
        return "\n".join(f"{name}: {text}" for name, text in value.items())
    return _describe_one(field, value)


def _describe_one(field: Any, value: Any) -> str:
    if isinstance(field, models.DateTimeField):
        at = datetime.fromisoformat(value)
        return f"{format_full_day(at)} {format_clock(at)}"
    if isinstance(field, models.DateField):
        return format_full_day(date.fromisoformat(value))
    if isinstance(value, bool):
        return _("예") if value else _("아니요")
    return str(dict(field.flatchoices).get(value, value))
