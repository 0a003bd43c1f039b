"""Rows with a day, a start and an end."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference.forms.rows import RowForm
from conference.forms.times import DayCell, TimeCell
from conference.frozen import SEOUL
from sessions import dates

NIGHT = timedelta(hours=12)  # what ends earlier by the clock than it starts passes midnight, if it is no longer


class TimedForm(RowForm):
    """A row with a day, a start and an end, typed apart from one another."""

    day = DayCell(label=gettext_lazy("날짜"), required=False)
    start = TimeCell(label=gettext_lazy("시작"), required=False)
    end = TimeCell(label=gettext_lazy("끝"), required=False, is_end=True)

    def show_extras(self) -> None:
        row = self.instance
        starts_at, ends_at = (at and at.astimezone(SEOUL) for at in (row.starts_at, row.ends_at))
        day = starts_at.date() if starts_at else None
        self.initial |= {"day": day, "start": starts_at and starts_at.time(), "end": ends_at and ends_at.time()}
        is_one_day = dates.are_of_one_day(self.conference)
        if is_one_day and self.is_line:
            self.fields.pop("day", None)
        elif is_one_day and not day:
            self.initial["day"] = self.first_day

    @property
    def first_day(self) -> date:
        """The event's first day."""
        return self.conference.starts_at.astimezone(SEOUL).date()

    def clean(self) -> dict[str, Any]:
        """Put day and clock together; what ends earlier by the clock ends on the next day."""
        cleaned = super().clean()
        kept = self.instance.starts_at
        day = cleaned.get("day") or (kept.astimezone(SEOUL).date() if kept else self.first_day)
        start, end = cleaned.get("start"), cleaned.get("end")
        self.instance.starts_at = self.instance.ends_at = None
        if start is not None:
            self.instance.starts_at = starts_at = datetime.combine(day, start, SEOUL)
            if end is not None:
                self.instance.ends_at = ends_at = _after(starts_at, end)
                if not timedelta() < ends_at - starts_at <= NIGHT and ends_at.date() != day:
                    self.add_error(
                        "end", _("끝나는 시각이 시작(%(start)s)보다 늦어야 합니다.") % {"start": f"{start:%H:%M}"}
                    )
        return cleaned


def _after(starts_at: datetime, end: time) -> datetime:
    ends_at = datetime.combine(starts_at.date(), end, SEOUL)
    return ends_at if ends_at > starts_at else ends_at + timedelta(days=1)
