"""Sheets of the preparation, and who may edit their rows: the topic office of the host those of its track."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from conference.permissions import ConferencePermissions
from preparation import forms
from preparation.models import Track
from sheets.declaration import Sheet


def can_edit_track(permissions: ConferencePermissions, track: Track) -> bool:
    """Whether the person may edit the track, as the topic office of its topic's host."""
    return permissions.can_edit_all or permissions.can_edit_session(track.topic)


def can_edit_row_of_track(permissions: ConferencePermissions, row: Any) -> bool:
    """Whether the person may edit a row of a track: as the track itself."""
    return can_edit_track(permissions, row.track)


def can_edit_row_of_meeting(permissions: ConferencePermissions, row: Any) -> bool:
    """Whether the person may edit a decision: as the track of its meeting."""
    return can_edit_track(permissions, row.meeting.track)


def can_edit_row_of_decision(permissions: ConferencePermissions, row: Any) -> bool:
    """Whether the person may edit a task: as the track of its decision."""
    return can_edit_track(permissions, row.decision.meeting.track)


def has_topic_office(permissions: ConferencePermissions) -> bool:
    """Whether the person may add rows; the form checks to which track."""
    return permissions.can_edit_all or bool(permissions.topic_offices)


SHEETS = (
    Sheet(
        "tracks",
        _("준비과정"),
        "preparation",
        forms.TrackForm,
        "topic title room place_text attendees_text attendee_count meeting_count_said timeline_title",
        child_sheets=("meetings", "deadlines", "milestones"),
        related=("topic",),
        can_edit=can_edit_track,
        can_add=has_topic_office,
        hint=_("준비회의, 제출기한, 준비단계를 묶는 단위입니다. 보통 분야마다 하나를 둡니다."),
        wide=frozenset({"title", "place_text", "attendees_text"}),
    ),
    Sheet(
        "meetings",
        _("준비회의"),
        "preparation",
        forms.MeetingForm,
        "track date label content starts_at ends_at place_text",
        parent_field="track",
        child_sheets=("decisions",),
        related=("track__topic",),
        can_edit=can_edit_row_of_track,
        can_add=has_topic_office,
        hint=_("날짜는 연-월-일, 월/일, 월. 일.(요일) 가운데 어느 것으로 적어도 됩니다. 해를 빼면 행사의 해로 봅니다."),
        wide=frozenset({"label", "content", "place_text"}),
    ),
    Sheet(
        "deadlines",
        _("제출기한"),
        "preparation",
        forms.DeadlineForm,
        "track date label content",
        parent_field="track",
        related=("track__topic",),
        can_edit=can_edit_row_of_track,
        can_add=has_topic_office,
        wide=frozenset({"label", "content"}),
    ),
    Sheet(
        "milestones",
        _("준비단계"),
        "preparation",
        forms.MilestoneForm,
        "track date label content",
        parent_field="track",
        related=("track__topic",),
        can_edit=can_edit_row_of_track,
        can_add=has_topic_office,
        wide=frozenset({"label", "content"}),
    ),
    Sheet(
        "decisions",
        _("결정사항"),
        "preparation",
        forms.DecisionForm,
        "meeting text",
        parent_field="meeting",
        child_sheets=("tasks",),
        related=("meeting__track__topic",),
        can_edit=can_edit_row_of_meeting,
        can_add=has_topic_office,
        wide=frozenset({"text"}),
    ),
    Sheet(
        "tasks",
        _("조치사항"),
        "preparation",
        forms.TaskForm,
        "decision text officer due state",
        parent_field="decision",
        related=("decision__meeting__track__topic",),
        can_edit=can_edit_row_of_decision,
        can_add=has_topic_office,
        wide=frozenset({"text"}),
    ),
)
