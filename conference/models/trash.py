"""The staff's own papers: what districts were asked for, and what was deleted and can come back."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from conference.models.event import Conference, District
from rows.fields import JSONField, LinesField, TextField
from rows.models import Row


class Call(Row):
    """제출 요청: what one district is asked to enter until ``due``. ``items`` are keys of the collection table."""

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="calls")
    district = models.ForeignKey(District, models.CASCADE, related_name="calls")
    items = LinesField(_("제출할 것"))
    due = models.DateField(_("제출기한"))
    note = TextField(_("안내"), blank=True)
    # days before ``due`` of the last reminder that went out; null: none yet
    reminded = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ("due", "pk")

    def __str__(self) -> str:
        return f"{self.district} {self.due}"


class Removal(models.Model):
    """A deleted row with all that went along, as plain values, so that the deletion can be undone."""

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="removals")
    kind = models.CharField(max_length=100)  # label of the model: conference.venue
    title = models.CharField(max_length=300)
    content = JSONField()
    removed_at = models.DateTimeField(auto_now_add=True)
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="removals")
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
                name="removal_restored_when_and_by",
            ),
        ]

    def __str__(self) -> str:
        return self.title
