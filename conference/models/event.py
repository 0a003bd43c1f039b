"""One conference: what it is, who holds it, who may do what."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Department, Organisation
from rows.fields import LineField, TextField
from rows.models import OrderedRow, Row

validate_slug = RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*\Z", _("영문 소문자, 숫자와 붙임표(-)만 쓸 수 있습니다."))


class Conference(Row):
    """행사(컨퍼런스). ``headcount`` is people; times are aware."""

    class Admission(models.TextChoices):
        FREE = "free", _("무료")
        REGISTERED = "registered", _("사전신청")
        AT_THE_DOOR = "door", _("현장접수")

    slug = models.CharField(_("웹 주소"), max_length=50, unique=True, validators=[validate_slug])
    title = LineField(_("행사명"))
    title_en = LineField(_("행사명(영문)"), blank=True)
    purpose = TextField(_("목적"), blank=True)
    summary = TextField(_("소개"), blank=True)
    summary_en = TextField(_("소개(영문)"), blank=True)
    starts_at = models.DateTimeField(_("시작"))
    ends_at = models.DateTimeField(_("끝"))
    audience = LineField(_("참석대상"), blank=True)
    admission = models.CharField(_("참가 방법"), max_length=10, choices=Admission, blank=True)
    contact_department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="answers_for"
    )
    contact_phone = LineField(_("문의 전화"), max_length=30, blank=True)
    headcount = models.PositiveIntegerField(_("참석 인원"), null=True, blank=True)
    is_headcount_approximate = models.BooleanField(_("어림수"), default=False)
    counted_how = LineField(_("집계 방법"), blank=True)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="conference_ends_after_start",
                violation_error_message=_("끝나는 시각이 시작보다 늦어야 합니다."),
                violation_error_code="ends_at",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class MainItem(OrderedRow):
    """주요 행사내용, one line of the overview."""

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="main_items")
    name = LineField(_("이름"))
    text = TextField(_("내용"), blank=True)

    def __str__(self) -> str:
        return self.name


class HostRole(OrderedRow):
    """Who holds the conference, in which role: an organisation of ours, or a name."""

    class Role(models.TextChoices):
        HOST = "host", _("주최")
        ORGANISER = "organiser", _("주관")
        SPONSOR = "sponsor", _("후원")
        PARTNER = "partner", _("협력")

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="hosts")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="host_roles")
    name = LineField(_("이름"), blank=True)
    role = models.CharField(_("역할"), max_length=10, choices=Role)

    class Meta(OrderedRow.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=False, name="") | (Q(organisation__isnull=True) & ~Q(name="")),
                name="hostrole_organisation_or_name",
                violation_error_message=_("기관을 고르거나 이름을 적되, 둘 가운데 하나만 적어 주세요."),
                violation_error_code="name",
            ),
        ]

    NAMED_WITH = ("organisation",)

    def __str__(self) -> str:
        return self.name or str(self.organisation or "")  # the form may have neither yet


class District(OrderedRow):
    """자치구 of this conference; the order is the conference's chosen order."""

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="districts")
    name = LineField(_("자치구"), max_length=50)
    name_en = LineField(_("자치구(영문)"), max_length=100, blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="districts")

    class Meta(OrderedRow.Meta):
        constraints = [models.UniqueConstraint(fields=["conference", "name"], name="district_once")]

    def __str__(self) -> str:
        return self.name


class Topic(OrderedRow):
    """분야, hosted by one district."""

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="topics")
    name = LineField(_("분야"))
    name_en = LineField(_("분야(영문)"), blank=True)
    host = models.ForeignKey(District, models.PROTECT, null=True, blank=True, related_name="hosted_topics")

    class Meta(OrderedRow.Meta):
        constraints = [models.UniqueConstraint(fields=["conference", "name"], name="topic_once")]

    def __str__(self) -> str:
        return self.name


class TopicOffice(OrderedRow):
    """담당부서 of one district for one topic; its officer edits that district's part of the topic."""

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="topic_offices")
    district = models.ForeignKey(District, models.CASCADE, related_name="topic_offices")
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="topic_offices")
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="topic_offices"
    )

    class Meta(OrderedRow.Meta):
        constraints = [models.UniqueConstraint(fields=["topic", "district"], name="desk_once_a_topic")]

    NAMED_WITH = ("district", "topic")

    def __str__(self) -> str:
        return f"{self.district} {self.topic}"


class Basis(OrderedRow):
    """추진 근거: a paper, meeting, policy or law that is the reason for the conference."""

    class Kind(models.TextChoices):
        DOCUMENT = "document", _("문서")
        MEETING = "meeting", _("회의")
        POLICY = "policy", _("방침")
        LAW = "law", _("법령")

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="bases")
    kind = models.CharField(_("구분"), max_length=10, choices=Kind)
    issuer = LineField(_("발신 기관"), blank=True)
    serial = LineField(_("문서번호"), max_length=50, blank=True)
    dated = models.DateField(_("날짜"), null=True, blank=True)
    title = LineField(_("제목"), blank=True)

    def __str__(self) -> str:
        return self.title or f"{self.issuer}-{self.serial}"


class Membership(Row):
    """A person's role in the conference. A 담당 publishes only if the 총괄 has allowed it."""

    class Role(models.TextChoices):
        CHAIR = "chair", _("총괄")
        EDITOR = "editor", _("담당")
        READER = "reader", _("열람")

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships")
    role = models.CharField(_("역할"), max_length=10, choices=Role)
    may_publish = models.BooleanField(_("공개 권한"), default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conference", "user"], name="membership_once")]

    NAMED_WITH = ("user",)

    def __str__(self) -> str:
        return f"{self.user} {self.get_role_display()}"


class Notice(OrderedRow):
    """공지; public through a release of section ``notices``."""

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="notices")
    title = LineField(_("제목"))
    text = TextField(_("내용"), blank=True)
    is_urgent = models.BooleanField(_("긴급"), default=False)

    def __str__(self) -> str:
        return self.title
