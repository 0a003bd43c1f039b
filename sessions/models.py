"""The programme: parts, sessions, presentations, and their outcomes."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from conference.models import Conference, District, File, Person, Photo, Room, Topic
from conference.models.event import validate_slug
from korean.dates import format_clock, format_day
from rows.fields import JSONField, LineField, LinesField, TextField, make_code
from rows.models import OrderedRow


class Outcome(models.TextChoices):
    """What happened to a planned session or presentation; unknown until it is confirmed."""

    UNKNOWN = "unknown", _("미확인")
    AS_PLANNED = "as_planned", _("예정대로")
    CHANGED = "changed", _("변경")
    CANCELLED = "cancelled", _("취소")


class Part(OrderedRow):
    """부. A part without times (사전행사) comes before the parts with times, in order of position."""

    class Kind(models.TextChoices):
        BEFORE = "before", _("사전행사")
        MAIN = "main", _("본행사")
        BESIDE = "beside", _("부대행사")

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="parts")
    kind = models.CharField(_("구분"), max_length=10, choices=Kind, default=Kind.MAIN)
    label = LineField(_("부"), max_length=50)
    title = LineField(_("제목"), blank=True)
    title_en = LineField(_("제목(영문)"), blank=True)
    starts_at = models.DateTimeField(_("시작"), null=True, blank=True)
    ends_at = models.DateTimeField(_("끝"), null=True, blank=True)
    heading = LineField(_("인쇄 제목"), blank=True)  # where it differs from label and title
    note = TextField(_("설명"), blank=True)
    participants_text = LineField(_("참여"), blank=True)
    places = models.ManyToManyField(Room, blank=True, related_name="parts")
    place_note = LineField(_("장소 설명"), max_length=50, blank=True)
    exhibition_slug = models.CharField(_("전시"), max_length=50, blank=True)  # sessions cannot import exhibits

    class Meta(OrderedRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=["conference", "label"], name="part_once"),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="part_ends_after_start",
                violation_error_message=_("끝나는 시각이 시작보다 늦어야 합니다."),
                violation_error_code="ends_at",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(starts_at__isnull=False),
                name="part_end_needs_start",
                violation_error_message=_("끝나는 시각을 적었으면 시작하는 시각도 적어 주세요."),
                violation_error_code="starts_at",
            ),
        ]

    def __str__(self) -> str:
        return self.label


class Session(OrderedRow):
    """세션. If ``participants_text`` is null, the part's applies. A move is between parts and belongs to none."""

    class Kind(models.TextChoices):
        TOPIC = "topic", _("주제")
        TALK = "talk", _("강연")
        CEREMONY = "ceremony", _("의식")
        MOVE = "move", _("이동")
        BREAK = "break", _("휴식")
        EXHIBITION = "exhibition", _("전시")

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="sessions")
    code = models.CharField(_("웹 주소"), max_length=50, default=make_code, validators=[validate_slug])
    part = models.ForeignKey(Part, models.PROTECT, null=True, blank=True, related_name="sessions")
    topic = models.ForeignKey(Topic, models.PROTECT, null=True, blank=True, related_name="sessions")
    kind = models.CharField(_("구분"), max_length=10, choices=Kind)
    title = LineField(_("제목"))
    title_en = LineField(_("제목(영문)"), blank=True)
    starts_at = models.DateTimeField(_("시작"))
    ends_at = models.DateTimeField(_("끝"))
    host = models.ForeignKey(District, models.PROTECT, null=True, blank=True, related_name="hosted_sessions")
    moderator = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="moderated_sessions")
    conduct_text = LineField(_("진행"), max_length=100, blank=True)
    performer_text = LineField(_("발표(글)"), blank=True)
    participants_text = LineField(_("참여"), null=True, blank=True)  # null: as in the part; "": none
    destination = models.ForeignKey(Room, models.PROTECT, null=True, blank=True, related_name="moves_here")
    destination_note = LineField(_("이동 장소 설명"), max_length=50, blank=True)
    rooms = models.ManyToManyField(
        Room, verbose_name=_("장소"), through="RoomUse", related_name="sessions", editable=False
    )
    photos = models.ManyToManyField(Photo, blank=True, related_name="sessions")
    outcome = models.CharField(_("실제"), max_length=10, choices=Outcome, default=Outcome.UNKNOWN)
    actual_starts_at = models.DateTimeField(_("실제 시작"), null=True, blank=True)
    actual_ends_at = models.DateTimeField(_("실제 끝"), null=True, blank=True)
    headcount = models.PositiveIntegerField(_("참석 인원"), null=True, blank=True)
    note = TextField(_("결과 메모"), blank=True)

    class Meta:
        ordering = ("starts_at", "position", "pk")
        constraints = [
            models.UniqueConstraint(fields=["conference", "code"], name="session_code_once"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="session_ends_after_start",
                violation_error_message=_("끝나는 시각이 시작보다 늦어야 합니다."),
                violation_error_code="ends_at",
            ),
            models.CheckConstraint(
                condition=Q(actual_ends_at__isnull=True) | Q(actual_ends_at__gt=F("actual_starts_at")),
                name="session_really_ends_after_start",
                violation_error_message=_("실제 끝이 실제 시작보다 늦어야 합니다."),
                violation_error_code="actual_ends_at",
            ),
            models.CheckConstraint(
                condition=Q(actual_ends_at__isnull=True) | Q(actual_starts_at__isnull=False),
                name="session_real_end_needs_start",
                violation_error_message=_("실제 끝을 적었으면 실제 시작도 적어 주세요."),
                violation_error_code="actual_starts_at",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def full_name(self) -> str:
        """Return the title with the time, which distinguishes sessions of one title."""
        return f"{format_clock(self.starts_at)} {self.title}"

    LONGEST_WITH = ("room_uses__room",)

    def longest_name(self) -> str:
        """Return the full name with day and rooms, which distinguishes sessions of one title and time."""
        rooms = ", ".join(str(use.room) for use in self.room_uses.all())
        at = f"{format_day(self.starts_at)} {self.full_name()}"
        return f"{at}({rooms})" if rooms else at


class RoomUse(models.Model):
    """A session has a room for its time. Staff write it through ``timetable`` alone; the database refuses an overlap."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="room_uses")
    room = models.ForeignKey(Room, models.PROTECT, related_name="uses")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    is_deliberate = models.BooleanField(default=False)  # other sessions may use the room at the same time

    class Meta:
        ordering = ("room__position", "pk")
        constraints = [
            models.UniqueConstraint(fields=["session", "room"], name="room_once_a_session"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="roomuse_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"{self.room}: {self.session}"


class Presentation(OrderedRow):
    """발표 of a district. If the title is empty, the session's applies."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="presentations")
    district = models.ForeignKey(District, models.PROTECT, null=True, blank=True, related_name="presentations")
    presenter = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="presentations")
    title = LineField(_("발표 제목"), blank=True)
    title_en = LineField(_("발표 제목(영문)"), blank=True)
    points = LinesField(_("발표 내용"))
    materials = models.ManyToManyField(File, blank=True, related_name="presentations")
    outcome = models.CharField(_("실제"), max_length=10, choices=Outcome, default=Outcome.UNKNOWN)

    NAMED_WITH = ("session",)

    def __str__(self) -> str:
        return self.title or self.session.title


FieldValues = dict[str, Any]  # name of a field of a session → plain value


@dataclass(frozen=True)
class Effects:
    """What an act of the day changed: ``[before, after]`` by the session's code; and the photos that it added."""

    live: dict[str, list[FieldValues]] = field(default_factory=dict)  # fields of the row that the act changed
    released: dict[str, list[FieldValues]] = field(default_factory=dict)  # values in the release that the act changed
    photos: list[tuple[int, int]] = field(default_factory=list)  # [key, version] of each photo that it added

    def to_json(self) -> dict[str, Any]:
        """Return the value of ``DayChange.content``."""
        return asdict(self)


class DayChange(models.Model):
    """당일 변경: an act of the day with what it replaced, so that it can be undone."""

    class Kind(models.TextChoices):
        START = "start", _("시작")
        FINISH = "finish", _("종료")
        COUNT = "count", _("인원")
        DELAY = "delay", _("지연")
        PLACE = "place", _("장소 변경")
        CANCEL = "cancel", _("취소")
        PHOTOS = "photos", _("사진")

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="day_changes")
    session = models.ForeignKey(Session, models.CASCADE, related_name="day_changes")
    kind = models.CharField(_("구분"), max_length=10, choices=Kind)
    text = LineField(_("한 일"), max_length=200)
    form_key = models.CharField(max_length=64, unique=True)  # of the form, so that a button pressed twice acts once
    content = JSONField()  # written by Effects.to_json, read by ``effects``
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="day_changes")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="day_changes_undone"
    )

    class Meta:
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="day_change_undone_when_and_by",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def effects(self) -> Effects:
        """What the act changed; parts that an old row lacks are empty."""
        return Effects(**self.content)


class Question(OrderedRow):
    """질의응답."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="questions")
    text = TextField(_("질문"))
    answer = TextField(_("답변"), blank=True)

    def __str__(self) -> str:
        return self.text


class Proposal(OrderedRow):
    """제안사항 that came out of a session."""

    class State(models.TextChoices):
        OPEN = "open", _("검토 중")
        ACCEPTED = "accepted", _("수용")
        REFUSED = "refused", _("불수용")
        DONE = "done", _("완료")

    session = models.ForeignKey(Session, models.CASCADE, related_name="proposals")
    text = TextField(_("제안사항"))
    department = LineField(_("담당부서"), max_length=100, blank=True)
    state = models.CharField(_("상태"), max_length=10, choices=State, default=State.OPEN)
    may_be_public = models.BooleanField(_("공개 가능"), default=False)

    def __str__(self) -> str:
        return self.text
