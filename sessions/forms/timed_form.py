"""Base of forms with a day, a start and an end."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar, cast

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference.models import Conference
from korean.dates import SEOUL
from sessions import reschedule
from sheets.row_form import RowForm
from sheets.times import (
    MAX_OVERNIGHT,
    DateCell,
    EndTimeCell,
    TimeCell,
    format_end,
    parse_date,
    parse_time_range,
    split_datetime_text,
)


class TimedForm(RowForm):
    """A row whose day, start and end are typed in separate fields."""

    extra_headings: ClassVar[dict[str, str]] = {
        "시간": "start",
        "일시": "start",
    }  # _spread splits them into day, start and end

    day = DateCell(label=gettext_lazy("날짜"), required=False)
    start = TimeCell(label=gettext_lazy("시작"), required=False)
    end = EndTimeCell(label=gettext_lazy("끝"), required=False)
    follows: datetime | None = None  # when the line before ends, which may be after midnight

    @classmethod
    def prime_cache(cls, conference: Conference, row: Any) -> None:
        reschedule.all_on_one_day(conference, row)

    def set_extra_initial(self) -> None:
        row = self.instance
        starts_at, ends_at = (at and at.astimezone(SEOUL) for at in (row.starts_at, row.ends_at))
        day = starts_at.date() if starts_at else None
        end = format_end(starts_at, ends_at) if ends_at else ""
        self.initial = {**self.initial, "day": day, "start": starts_at and starts_at.time(), "end": end}
        is_one_day = reschedule.all_on_one_day(self.conference, row)
        if is_one_day and self.is_line:
            day_field = cast("DateCell | None", self.fields.pop("day", None))
            self.implied_columns = {"day": (day_field, self.first_day)} if day_field else {}
        elif is_one_day and not day:
            self.initial["day"] = self.first_day
        if self.is_bound:
            self._spread()

    def _spread(self) -> None:
        """Split ``11/24 13:00~13:30``, typed as the start, into the fields day, start and end.

        If one of these has another value, nothing is changed, and the start is an error.
        """
        start, end = parse_time_range(self.sent_text("start")) or (self.sent_text("start"), "")
        day, start = split_datetime_text(start)
        values = {name: text for name, text in {"day": day, "end": end}.items() if text}
        try:
            is_first_day = day and parse_date(day, near=self.first_day) == self.first_day
        except ValidationError:
            return
        if is_first_day and "day" not in self.fields:
            values.pop("day")
        if not (end or day) or any(self._has_other_value(name, text) for name, text in values.items()):
            return
        self.data = data = cast("QueryDict", self.data).copy()
        for name, text in {"start": start, **values}.items():
            data[self.add_prefix(name)] = text
        for name in ("touched_fields", "_changed_fields", "changed_data"):
            self.__dict__.pop(name, None)  # cached from the old data

    def _has_other_value(self, name: str, text: str) -> bool:
        """Whether the person typed another text in that field, or the form has no such field."""
        return name not in self.fields or (name in self.touched_fields and self.sent_text(name) not in {"", text})

    @property
    def first_day(self) -> date:
        """The event's first day."""
        return self.conference.starts_at.astimezone(SEOUL).date()

    def day_of(self, start: time) -> date:
        """Return the day of a line without one: as stored, else the day on which the line before ends, if this one follows it."""
        if self.instance.starts_at:
            return self.instance.starts_at.astimezone(SEOUL).date()
        return self.follows.date() if self.follows and self.follows.time() == start else self.first_day

    def clean(self) -> dict[str, Any]:
        """Combine day and times; an end before the start is on the next day. Unchanged values stay as stored."""
        super().clean()
        cleaned = self.cleaned_data
        if not self.is_new and not {"day", "start", "end"} & {*self.changed_data, *self.errors}:
            return cleaned
        start, end, stored = cleaned.get("start"), cleaned.get("end"), self.instance.starts_at
        day = (cleaned.get("day") or self.day_of(start)) if start is not None else self.first_day
        self.instance.starts_at = self.instance.ends_at = None
        if start is not None:
            self.instance.starts_at = starts_at = datetime.combine(day, start, SEOUL)
            if end is not None:
                if end.day and stored and "end" not in self.changed_data:  # the end moves with the day
                    end = end._replace(day=end.day + (day - stored.astimezone(SEOUL).date()))
                self.instance.ends_at = ends_at = end.after(starts_at)
                if ends_at <= starts_at or (
                    not end.has_day and ends_at.date() != day and ends_at - starts_at > MAX_OVERNIGHT
                ):
                    self.add_error("end", _too_early_message(starts_at, end.clock))
        return cleaned


def _too_early_message(starts_at: datetime, end: time) -> str:
    next_day = starts_at + timedelta(days=1)
    return _(
        "끝나는 시각이 시작(%(start)s)보다 늦어야 합니다. 다음 날 끝나면 ‘다음날 %(end)s’이나 ‘%(day)s %(end)s’처럼 적어 주세요."
    ) % {"start": f"{starts_at:%H:%M}", "end": f"{end:%H:%M}", "day": f"{next_day.month}/{next_day.day}"}
