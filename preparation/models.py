"""The preparation: tracks with meetings, deadlines and milestones, decisions and tasks."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from conference.models import Conference, Room, Topic
from rows.fields import LineField, TextField
from rows.models import OrderedRow


class Track(OrderedRow):
    """준비과정 of one topic, or of the whole conference. What its meetings have in common is stored here once."""

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="tracks")
    topic = models.ForeignKey(Topic, models.PROTECT, null=True, blank=True, related_name="tracks")
    title = LineField(_("제목"))
    room = models.ForeignKey(Room, models.PROTECT, null=True, blank=True, related_name="tracks")
    place_text = LineField(_("장소(직접 입력)"), blank=True)  # a place that is not a room of the conference
    attendees_text = TextField(_("참석자"), blank=True)
    attendee_count = models.PositiveIntegerField(_("참석 인원"), null=True, blank=True)
    is_count_approximate = models.BooleanField(_("어림수"), default=False)
    meeting_count_said = models.PositiveIntegerField(_("회의 횟수(문서상)"), null=True, blank=True)
    timeline_title = LineField(_("일정표 제목"), blank=True)

    class Meta(OrderedRow.Meta):
        constraints = [models.UniqueConstraint(fields=["conference", "title"], name="track_once")]

    def __str__(self) -> str:
        return self.title


class TimelineEntry(OrderedRow):
    """Abstract base of what happens on one date; entries of one date are printed as one column."""

    date = models.DateField(_("날짜"))
    label = LineField(_("구분"))
    content = TextField(_("내용"), blank=True)

    class Meta:
        abstract = True
        ordering = ("date", "position", "pk")

    def __str__(self) -> str:
        return self.label

    def full_name(self) -> str:
        """Return the label with its date, which distinguishes entries of one label."""
        return f"{self.date.isoformat()} {self.label}"


class Meeting(TimelineEntry):
    """준비회의. Place and attendees only where they differ from the track's."""

    track = models.ForeignKey(Track, models.CASCADE, related_name="meetings")
    starts_at = models.TimeField(_("시작"), null=True, blank=True)
    ends_at = models.TimeField(_("끝"), null=True, blank=True)
    room = models.ForeignKey(Room, models.PROTECT, null=True, blank=True, related_name="meetings")
    place_text = LineField(_("장소(직접 입력)"), blank=True)
    attendees_text = TextField(_("참석자"), blank=True)
    minutes = TextField(_("회의록"), blank=True)

    class Meta(TimelineEntry.Meta):
        abstract = False
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="meeting_ends_after_start",
                violation_error_message=_("끝나는 시각이 시작보다 늦어야 합니다."),
                violation_error_code="ends_at",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(starts_at__isnull=False),
                name="meeting_end_needs_start",
                violation_error_message=_("끝나는 시각을 적었으면 시작하는 시각도 적어 주세요."),
                violation_error_code="starts_at",
            ),
        ]


class Deadline(TimelineEntry):
    """제출기한."""

    track = models.ForeignKey(Track, models.CASCADE, related_name="deadlines")


class Milestone(TimelineEntry):
    """준비단계."""

    track = models.ForeignKey(Track, models.CASCADE, related_name="milestones")


class Decision(OrderedRow):
    """결정사항 of a meeting."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="decisions")
    text = TextField(_("결정사항"))

    def __str__(self) -> str:
        return self.text


class Task(OrderedRow):
    """조치사항 that follows from a decision."""

    class State(models.TextChoices):
        OPEN = "open", _("진행")
        DONE = "done", _("완료")
        DROPPED = "dropped", _("취소")

    decision = models.ForeignKey(Decision, models.CASCADE, related_name="tasks")
    text = TextField(_("조치사항"))
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="tasks")
    due = models.DateField(_("기한"), null=True, blank=True)
    state = models.CharField(_("상태"), max_length=10, choices=State, default=State.OPEN)

    def __str__(self) -> str:
        return self.text
