"""Forms of 실적 확인: a line of each of its tables."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference.models import Guest
from exhibits.models import Exhibitor
from korean.dates import SEOUL, format_hours, format_short_day, to_seoul
from sessions.models import Presentation, Session
from sheets.cells import NumberCell, ShownCell
from sheets.row_form import RowForm
from sheets.times import TimeCell

HEADCOUNT_MAX = 30_000
CLOCKS = ("starts", "ends")


class SessionOutcomeForm(RowForm):
    """The outcome of a session: times, headcount, note."""

    title = ShownCell(label=gettext_lazy("세션"))
    planned = ShownCell(label=gettext_lazy("계획 시간"), size="m")
    starts = TimeCell(label=gettext_lazy("실제 시작"), required=False)
    ends = TimeCell(label=gettext_lazy("실제 끝"), required=False, is_end=True)
    headcount = NumberCell(label=gettext_lazy("참석 인원"), required=False, most=HEADCOUNT_MAX)

    class Meta(RowForm.Meta):
        model = Session
        fields = ("outcome", "headcount", "note")

    def set_extra_initial(self) -> None:
        row, self.initial = self.instance, {**self.initial}
        for name, at in {"starts": row.actual_starts_at, "ends": row.actual_ends_at}.items():
            self.initial[name] = at and at.astimezone(SEOUL).time()
        if not self.is_new:
            is_one_day = to_seoul(self.conference.starts_at).date() == to_seoul(self.conference.ends_at).date()
            day = "" if is_one_day else f"{format_short_day(row.starts_at)} "
            self.initial |= {"title": row.title, "planned": f"{day}{format_hours(row.starts_at, row.ends_at)}"}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        if ends and not starts and "starts" not in self.errors:
            self.add_error("starts", _("실제 끝을 적으려면 실제 시작도 적어 주세요."))
        elif starts and starts == ends:
            self.add_error("ends", _("실제 시작과 다른 시각을 적어 주세요."))
        return cleaned

    def _post_clean(self) -> None:
        """Set the times on the day on which they are nearest to the planned ones, the end after the start."""
        if {*CLOCKS} & {*self.changed_data}:
            row, starts, ends = self.instance, *(self.cleaned_data.get(name) for name in CLOCKS)
            row.actual_starts_at = _nearest_time(row.starts_at, starts) if starts else None
            row.actual_ends_at = (
                _nearest_time(row.ends_at, ends, after=row.actual_starts_at) if starts and ends else None
            )
        super()._post_clean()


def _nearest_time(planned: datetime, clock: time, *, after: datetime | None = None) -> datetime:
    """Return the time with that clock nearest to ``planned``, and if possible later than ``after``."""
    days = [(planned.astimezone(SEOUL) + timedelta(days=days)).date() for days in (-1, 0, 1)]
    found = [datetime.combine(day, clock, SEOUL) for day in days]
    return min(found, key=lambda at: (after is not None and at <= after, abs(at - planned)))


class PresentationOutcomeForm(RowForm):
    """The outcome of a presentation."""

    presenter = ShownCell(label=gettext_lazy("발표자"))
    title = ShownCell(label=gettext_lazy("발표 제목"))
    district = ShownCell(label=gettext_lazy("자치구"), size="s")

    class Meta(RowForm.Meta):
        model = Presentation
        fields = ("outcome",)

    def set_extra_initial(self) -> None:
        row = self.instance
        if not self.is_new:
            shown = {"presenter": row.presenter, "title": row.title or row.session.title, "district": row.district}
            self.initial = {**self.initial, **shown}


class ExhibitorOutcomeForm(RowForm):
    """The outcome of an exhibitor."""

    name = ShownCell(label=gettext_lazy("기업·단체"))
    district = ShownCell(label=gettext_lazy("자치구"), size="s")
    state = ShownCell(label=gettext_lazy("단계"), size="s")

    class Meta(RowForm.Meta):
        model = Exhibitor
        fields = ("outcome",)

    def set_extra_initial(self) -> None:
        row = self.instance
        if not self.is_new:
            shown = {"name": row.name, "district": row.district, "state": row.get_state_display()}
            self.initial = {**self.initial, **shown}


class GuestAttendanceForm(RowForm):
    """The attendance of a guest, or who came instead."""

    name = ShownCell(label=gettext_lazy("성명"), size="s")
    affiliation = ShownCell(label=gettext_lazy("소속 직위"))

    class Meta(RowForm.Meta):
        model = Guest
        fields = ("attendance", "represented_by")

    def set_extra_initial(self) -> None:
        if not self.is_new:
            person = self.instance.person
            shown = {"name": person.name, "affiliation": f"{person.affiliation} {person.job}".strip()}
            self.initial = {**self.initial, **shown}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        is_represented = cleaned.get("attendance") == Guest.Attendance.REPRESENTED
        if is_represented and not cleaned.get("represented_by") and "represented_by" not in self.errors:
            self.add_error("represented_by", _("누가 대신 참석했는지 적어 주세요."))
        if cleaned.get("represented_by") and not is_represented:
            self.add_error("attendance", _("대리 참석자를 적었으면 ‘대리참석’을 골라 주세요."))
        return cleaned
