"""Abstract models of rows: edited rows with a version and a history, ordered rows, frozen rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.db import models

from rows.canonical_json import digest
from rows.fields import JSONField
from rows.recording import RecordedRow


class Row(RecordedRow):
    """Abstract row that staff edit. The history keeps its changes; by ``version`` a form detects that it is stale."""

    version = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    # field → text of the imported source that the value normalises ("10/26(월)"); shown as 원문
    as_written = JSONField(default=dict, blank=True)

    class Meta:
        abstract = True

    def save(self, *args: Any, update_fields: Any = None, **kwargs: Any) -> None:
        """Increase the version at every save, so that a form that was opened before detects that it is stale."""
        if not self._state.adding:
            self.version += 1
            update_fields = update_fields and {*update_fields, "version"}
        super().save(*args, update_fields=update_fields, **kwargs)


def reverse_relations(model: type[models.Model]) -> Iterator[Any]:
    """Yield the foreign keys of other models to this one, also those of many-to-many tables."""
    relations: Iterable[Any] = model._meta.get_fields(include_hidden=True)
    for relation in relations:
        is_reference = relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one)
        if is_reference:
            yield relation


class OrderedRow(Row):
    """Abstract row whose position among its siblings staff choose."""

    position = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ("position", "pk")


class FrozenRow(models.Model):
    """Abstract row of canonical text, whose content the database refuses to change (rules of its app); a release can only be withdrawn."""

    number = models.PositiveIntegerField()
    format = models.PositiveSmallIntegerField(default=1)
    content = models.TextField()
    digest = models.CharField(max_length=64)
    frozen_at = models.DateTimeField()
    frozen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="%(class)ss_frozen")

    class Meta:
        abstract = True

    @property
    def is_intact(self) -> bool:
        """Whether the stored text still has the digest under which it was frozen."""
        return digest(self.content) == self.digest
