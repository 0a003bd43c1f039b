"""Rows that were deleted and can be restored."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from conference.models.event import Conference
from rows.fields import JSONField


class DeletedRow(models.Model):
    """A deleted row with its deleted dependants, as plain values, so that the deletion can be undone."""

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="deleted_rows")
    kind = models.CharField(max_length=100)  # label of the model: conference.venue
    title = models.CharField(max_length=300)
    content = JSONField()
    deleted_at = models.DateTimeField(auto_now_add=True)
    deleted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="deleted_rows")
    restored_at = models.DateTimeField(null=True, blank=True)
    restored_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="restorations"
    )

    class Meta:
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(restored_at__isnull=True, restored_by__isnull=True)
                | models.Q(restored_at__isnull=False, restored_by__isnull=False),
                name="deleted_row_restored_when_and_by",
            ),
        ]

    def __str__(self) -> str:
        return self.title
