"""Findings in the timeline."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from conference.checks import Check, Finding, weekdays
from conference.models import Conference
from preparation.models import Deadline, Meeting, Milestone


def meeting_count(conference: Conference) -> Iterator[Finding]:
    """A number of meetings that was said must be the number of meetings held."""
    for track in conference.tracks.prefetch_related("meetings"):
        held = len(track.meetings.all())
        if track.meeting_count_said is not None and track.meeting_count_said != held:
            yield Finding(
                "block",
                "meeting_count",
                track.title,
                _("회의를 %(said)d회 했다고 적었으나 회의 기록은 %(held)d건입니다.")
                % {"said": track.meeting_count_said, "held": held},
                _("횟수를 %(held)d회로 고치거나 빠진 회의를 입력하십시오.") % {"held": held},
            )


def weekday(conference: Conference) -> Iterator[Finding]:
    """The weekday written beside a date."""
    for model in (Meeting, Deadline, Milestone):
        yield from weekdays(
            model.objects.filter(track__conference=conference).select_related("track"), fields=("date",)
        )


CHECKS: list[Check] = [meeting_count, weekday]
