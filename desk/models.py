"""The model of a 제출 요청: which data a district is asked to enter, and until when."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from conference.models.event import Conference, District
from rows.fields import LinesField, TextField
from rows.models import Row


class DataRequest(Row):
    """제출 요청: what one district is asked to enter until ``due``. ``items`` are keys of ``desk.labels.ITEMS``."""

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="data_requests")
    district = models.ForeignKey(District, models.CASCADE, related_name="data_requests")
    items = LinesField(_("제출할 것"))
    due = models.DateField(_("제출기한"))
    note = TextField(_("안내"), blank=True)
    # days before ``due`` of the last reminder that went out; null: none yet
    reminded = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ("due", "pk")

    NAMED_WITH = ("district",)

    def __str__(self) -> str:
        return f"{self.district} {self.due}"
