"""Places, and the persons who appear in a programme."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from rows.fields import LineField, TextField
from rows.models import OrderedRow

from .event import Conference


class Venue(OrderedRow):
    """A building, and how to get there."""

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="venues")
    name = LineField(_("장소"), max_length=100)
    within = LineField(_("단지·캠퍼스"), blank=True)
    address = LineField(_("주소"), blank=True)
    transit = TextField(_("대중교통"), blank=True)
    parking = TextField(_("주차"), blank=True)
    access_note = TextField(_("편의시설"), blank=True)
    map_url = models.URLField(_("지도"), blank=True)

    class Meta(OrderedRow.Meta):
        constraints = [models.UniqueConstraint(fields=["conference", "name"], name="venue_once")]

    def __str__(self) -> str:
        return self.name


class Room(OrderedRow):
    """A room, or the floor (층) it is on. A floor is a place to print, never booked."""

    class Kind(models.TextChoices):
        FLOOR = "floor", _("층")
        NUMBERED = "numbered", _("호실")
        HALL = "hall", _("강당")
        LOBBY = "lobby", _("로비")
        MEETING = "meeting", _("회의실")

    venue = models.ForeignKey(Venue, models.CASCADE, related_name="rooms")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="inner")
    name = LineField(_("이름"), max_length=100)
    kind = models.CharField(_("구분"), max_length=10, choices=Kind)
    capacity = models.PositiveIntegerField(_("수용 인원"), null=True, blank=True)

    class Meta(OrderedRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=["venue", "name"], name="room_once"),
            models.CheckConstraint(
                condition=models.Q(parent__isnull=True) | ~models.Q(parent=models.F("pk")),
                name="room_not_in_itself",
                violation_error_message=_("자기 자신 안에 있을 수 없습니다."),
                violation_error_code="parent",
            ),
        ]

    NAMED_WITH = ("venue",)

    def __str__(self) -> str:
        return self.name

    def full_name(self) -> str:
        """Return a name that differs from a room of the same name in another venue."""
        return f"{self.venue} {self.name}"


class Person(OrderedRow):
    """A person, an office (서울시장) or a group (주제별 발표자) as the programme names it."""

    class Kind(models.TextChoices):
        PERSON = "person", _("개인")
        OFFICE = "office", _("직위")
        GROUP = "group", _("단체")

    class NameBasis(models.TextChoices):
        WRITTEN = "written", _("서면동의")
        ONLINE = "online", _("온라인동의")
        DUTY = "duty", _("공무수행")
        UNKNOWN = "unknown", _("미확인")

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="persons")
    name = LineField(_("성명"), max_length=50)
    kind = models.CharField(_("구분"), max_length=10, choices=Kind, default=Kind.PERSON)
    affiliation = LineField(_("소속"), blank=True)
    job = LineField(_("직위"), max_length=100, blank=True)  # `position` is the position in the list
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="persons")
    name_basis = models.CharField(_("성명 공개 근거"), max_length=10, choices=NameBasis, default=NameBasis.UNKNOWN)

    class Meta(OrderedRow.Meta):
        constraints = [models.UniqueConstraint(fields=["conference", "name", "affiliation", "job"], name="person_once")]

    def __str__(self) -> str:
        return self.name

    def full_name(self) -> str:
        """Return a name that differs from a namesake's: ``성명(소속 직위)``."""
        of = f"{self.affiliation} {self.job}".strip()
        return f"{self.name}({of})" if of else self.name


class Contact(models.Model):
    """How to reach a person; never in a release, an edition, a feed or the history tables."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="contact")
    mail = models.EmailField(_("전자우편"), blank=True)
    phone = LineField(_("전화"), max_length=30, blank=True)
    purpose = LineField(_("수집 목적"))
    consent_version = LineField(_("동의서 판"), max_length=50, blank=True)
    consented_at = models.DateTimeField(_("동의 시각"), null=True, blank=True)
    keep_until = models.DateField(_("보유 기한"))

    def __str__(self) -> str:
        return str(self.person)


class Guest(OrderedRow):
    """주요 참석인사; the order is the order of precedence."""

    class Attendance(models.TextChoices):
        UNKNOWN = "unknown", _("미확인")
        PRESENT = "present", _("참석")
        REPRESENTED = "represented", _("대리참석")
        ABSENT = "absent", _("불참")

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="guests")
    person = models.ForeignKey(Person, models.PROTECT, related_name="guest_entries")
    attendance = models.CharField(_("참석"), max_length=12, choices=Attendance, default=Attendance.UNKNOWN)
    represented_by = LineField(_("대리 참석자"), blank=True)

    class Meta(OrderedRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=["conference", "person"], name="guest_once"),
            models.CheckConstraint(
                condition=models.Q(attendance="represented") | models.Q(represented_by=""),
                name="guest_deputy_only_if_represented",
                violation_error_message=_("대리 참석자는 ‘대리참석’일 때만 적습니다."),
                violation_error_code="represented_by",
            ),
        ]

    NAMED_WITH = ("person",)

    def __str__(self) -> str:
        return self.person.name
