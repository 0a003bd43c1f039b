"""Forms of the timeline."""

from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from preparation.models import Deadline, Decision, Meeting, Milestone, Task, Track
from sheets.row_form import RowForm

PLACE_HINT = _("등록한 방이 아니면 여기에 적습니다. 예: 구청 3층 회의실")


class TrackForm(RowForm):
    layout = ("room place_text", "attendee_count meeting_count_said")

    class Meta(RowForm.Meta):
        model = Track
        fields = (
            "topic",
            "title",
            "room",
            "place_text",
            "attendees_text",
            "attendee_count",
            "is_count_approximate",
            "meeting_count_said",
            "timeline_title",
        )
        labels = {"topic": _("분야"), "room": _("장소")}
        help_texts = {
            "topic": _("행사 전체의 준비과정이면 비워 둡니다."),
            "place_text": PLACE_HINT,
            "attendees_text": _("모든 회의에 공통인 참석자를 한 번만 적습니다."),
            "meeting_count_said": _("문서에 적힌 횟수입니다. 회의 기록과 다르면 점검에서 알려 줍니다."),
        }


class MeetingForm(RowForm):
    layout = ("track date", "starts_at ends_at", "room place_text")
    extra_headings: ClassVar[dict[str, str]] = {"장소": "place_text"}  # the table has no other place

    class Meta(RowForm.Meta):
        model = Meeting
        fields = (
            "track",
            "date",
            "label",
            "content",
            "starts_at",
            "ends_at",
            "room",
            "place_text",
            "attendees_text",
            "minutes",
        )
        labels = {"track": _("준비과정"), "room": _("장소")}
        help_texts = {
            "place_text": PLACE_HINT,
            "room": _("준비과정의 장소와 다를 때만 적습니다."),
            "attendees_text": _("준비과정의 참석자와 다를 때만 적습니다."),
        }


class DeadlineForm(RowForm):
    layout = ("track date",)

    class Meta(RowForm.Meta):
        model = Deadline
        fields = ("track", "date", "label", "content")
        labels = {"track": _("준비과정")}


class MilestoneForm(RowForm):
    layout = ("track date",)

    class Meta(RowForm.Meta):
        model = Milestone
        fields = ("track", "date", "label", "content")
        labels = {"track": _("준비과정")}


class DecisionForm(RowForm):
    class Meta(RowForm.Meta):
        model = Decision
        fields = ("meeting", "text")
        labels = {"meeting": _("회의")}


class TaskForm(RowForm):
    layout = ("officer due state",)

    class Meta(RowForm.Meta):
        model = Task
        fields = ("decision", "text", "officer", "due", "state")
        labels = {"decision": _("결정사항"), "officer": _("담당자")}
