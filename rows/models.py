"""What every live row has."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from simple_history.models import HistoricalRecords

from rows.canonical_json import digest
from rows.fields import JSONField


class Row(models.Model):
    """Abstract: a row that staff edit. Its history is kept; ``version`` lets a form see that it is stale."""

    version = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    # field → text of the imported source where the value normalises it ("10/26(월)"); shown as 원문
    as_written = JSONField(default=dict, blank=True)
    history = HistoricalRecords(inherit=True)
    _history_user: Any  # whom the history is to name for the next save or deletion

    class Meta:
        abstract = True

    def save(self, *args: Any, update_fields: Any = None, **kwargs: Any) -> None:
        """Save with the version raised, whoever writes: a form that was opened before sees that it is stale."""
        if not self._state.adding:
            self.version += 1
            update_fields = update_fields and {*update_fields, "version"}
        super().save(*args, update_fields=update_fields, **kwargs)


class OrderedRow(Row):
    """Abstract: a row whose place among its siblings is somebody's choice."""

    position = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ("position", "pk")


class Frozen(models.Model):
    """Abstract: content as canonical text. The database refuses UPDATE and DELETE (database_rules.py)."""

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
