"""Forms of 실적 확인, one line for each row."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference.models import Guest
from exhibits.models import Exhibitor
from korean.dates import SEOUL
from sessions.models import Presentation, Session
from sheets.row_formset import LineForm
from sheets.times import TimeCell


class SessionOutcomeForm(LineForm):
    """The outcome of a session: times, headcount, note."""

    starts = TimeCell(label=gettext_lazy("실제 시작"), required=False)
    ends = TimeCell(label=gettext_lazy("실제 끝"), required=False, is_end=True)

    class Meta(LineForm.Meta):
        model = Session
        fields = ("outcome", "headcount", "note")

    def prepare_fields(self) -> None:
        self.order_fields(["outcome", "starts", "ends", "headcount", "note"])
        for name, at in {"starts": self.instance.actual_starts_at, "ends": self.instance.actual_ends_at}.items():
            self.initial[name] = f"{at.astimezone(SEOUL):%H:%M}" if at else ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        if ends and not starts and "starts" not in self.errors:
            self.add_error("starts", _("실제 끝을 적으려면 실제 시작도 적어 주세요."))
        elif starts and starts == ends:
            self.add_error("ends", _("실제 시작과 다른 시각을 적어 주세요."))
        return cleaned

    def _post_clean(self) -> None:
        """Set the times on the day on which they are nearest to the planned ones, the end after the start."""
        if all(self._sent_text(name) == self.stored_texts[name] for name in ("starts", "ends")):
            super()._post_clean()  # type: ignore[misc]  # Django's own hook, which the stubs leave out
            return
        starts, ends = self.cleaned_data.get("starts"), self.cleaned_data.get("ends")
        starts_at = _nearest_time(self.instance.starts_at, starts) if starts else None
        self.instance.actual_starts_at = starts_at
        self.instance.actual_ends_at = (
            _nearest_time(self.instance.ends_at, ends, after=starts_at) if starts and ends else None
        )
        super()._post_clean()  # type: ignore[misc]


def _nearest_time(planned: datetime, clock: time, *, after: datetime | None = None) -> datetime:
    """Return the time with that clock nearest to ``planned``, and if possible later than ``after``."""
    days = [(planned.astimezone(SEOUL) + timedelta(days=days)).date() for days in (-1, 0, 1)]
    times = (datetime.combine(day, clock, SEOUL) for day in days)
    return min(times, key=lambda at: (after is not None and at <= after, abs(at - planned)))


class PresentationOutcomeForm(LineForm):
    """The outcome of a presentation."""

    class Meta(LineForm.Meta):
        model = Presentation
        fields = ("outcome",)


class ExhibitorOutcomeForm(LineForm):
    """The outcome of an exhibitor."""

    class Meta(LineForm.Meta):
        model = Exhibitor
        fields = ("outcome",)


class GuestAttendanceForm(LineForm):
    """The attendance of a guest, or who came instead."""

    class Meta(LineForm.Meta):
        model = Guest
        fields = ("attendance", "represented_by")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        is_represented = cleaned.get("attendance") == Guest.Attendance.REPRESENTED
        if is_represented and not cleaned.get("represented_by") and "represented_by" not in self.errors:
            self.add_error("represented_by", _("누가 대신 참석했는지 적어 주세요."))
        if cleaned.get("represented_by") and not is_represented:
            self.add_error("attendance", _("대리 참석자를 적었으면 ‘대리참석’을 골라 주세요."))
        return cleaned
