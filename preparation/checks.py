"""Checks of the preparation timeline: each yields findings for the page 점검."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Value
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from conference import row_addresses
from conference.checks import Check, Finding, check_weekdays
from conference.models import Conference
from conference.read_once import read_once
from preparation.models import Deadline, Meeting, Milestone, Track

KINDS = {model.__name__: model for model in (Track, Meeting, Deadline, Milestone)}
NO_DATE = Cast(Value(None), models.DateField())
NO_NUMBER = Cast(Value(None), models.IntegerField())


@dataclass(frozen=True)
class TimelineFacts:
    """A meeting, deadline or milestone; a track is an entry without a date."""

    kind: str  # a key of KINDS
    pk: int
    track: int
    label: str
    date: date | None
    meeting_count_said: int | None
    as_written: dict[str, Any]

    def __str__(self) -> str:
        return self.label


@read_once
def read_timeline(conference: Conference) -> list[TimelineFacts]:
    """Return tracks, meetings, deadlines and milestones in order of date, read with one query."""
    tracks = conference.tracks.order_by().values_list(
        Value("Track"), "pk", "pk", "title", NO_DATE, "meeting_count_said", "as_written"
    )
    others = (
        model.objects.filter(track__conference=conference)
        .order_by()
        .values_list(Value(model.__name__), "pk", "track", "label", "date", NO_NUMBER, "as_written")
        for model in (Meeting, Deadline, Milestone)
    )
    rows = [TimelineFacts(*row) for row in tracks.union(*others, all=True)]
    return sorted(rows, key=lambda row: (row.date or date.min, row.pk, row.kind))


def meeting_count(conference: Conference) -> Iterator[Finding]:
    """A stated number of meetings that differs from the number of recorded meetings."""
    for track in (entry for entry in read_timeline(conference) if entry.meeting_count_said is not None):
        held = sum(entry.kind == "Meeting" and entry.track == track.pk for entry in read_timeline(conference))
        if track.meeting_count_said != held:
            yield Finding(
                "block",
                "meeting_count",
                track.label,
                _("회의를 %(said)d회 했다고 적었으나 회의 기록은 %(held)d건입니다.")
                % {"said": track.meeting_count_said, "held": held},
                _("횟수를 %(held)d회로 고치거나 빠진 회의를 입력하십시오.") % {"held": held},
                row_addresses.row_address(Track, track.pk, conference, field="meeting_count_said"),
            )


def column_count(conference: Conference) -> Iterator[Finding]:
    """A stated number of meetings that differs from the number of days in the printed timeline, which readers may take for it."""
    for track in (entry for entry in read_timeline(conference) if entry.meeting_count_said is not None):
        days = {entry.date for entry in read_timeline(conference) if entry.track == track.pk and entry.date}
        if days and len(days) != track.meeting_count_said:
            yield Finding(
                "info",
                "columns",
                track.label,
                _("회의는 %(said)d회인데 일정표는 %(days)d칸입니다.")
                % {"said": track.meeting_count_said, "days": len(days)},
                _("회의가 아닌 일정이 함께 실린 것이면 그대로 두십시오."),
                row_addresses.row_address(Track, track.pk, conference, field="meeting_count_said"),
            )


def weekday(conference: Conference) -> Iterator[Finding]:
    """A weekday in a written date that does not fit it."""
    for kind, model in KINDS.items():
        rows = [entry for entry in read_timeline(conference) if entry.kind == kind]
        yield from check_weekdays(conference, rows, fields=("date",), model=model)


CHECKS: list[Check] = [meeting_count, column_count, weekday]
