"""Uploads under the digest of their checked content, the photo pool, and the version of the live rows."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from conference.models.event import Conference, District
from rows.fields import LineField
from rows.models import OrderedRow, Row


class File(Row):
    """A stored upload. The bytes are in the storage under ``digest`` (SHA-256) and are never overwritten."""

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="files")
    digest = models.CharField(max_length=64)
    name = LineField(_("파일 이름"))
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()  # bytes
    width = models.PositiveIntegerField(null=True, blank=True)  # pixels, pictures only
    height = models.PositiveIntegerField(null=True, blank=True)
    may_be_public = models.BooleanField(_("공개 가능"), default=False)  # for materials; a photo has a field of its own
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="uploads"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conference", "name"], name="file_name_once")]
        indexes = [models.Index(fields=["digest"], name="file_by_digest")]

    def __str__(self) -> str:
        return self.name


class Photo(OrderedRow):
    """A picture of the pool that all districts share."""

    class Stage(models.TextChoices):
        PREPARATION = "preparation", _("준비")
        EVENT = "event", _("행사")
        RESULT = "result", _("결과")

    class People(models.TextChoices):
        NONE = "none", _("없음")
        CROWD = "crowd", _("군중")
        IDENTIFIABLE = "identifiable", _("식별 가능")

    class Consent(models.TextChoices):
        YES = "yes", _("동의함")
        NO = "no", _("동의 안 함")
        NOT_NEEDED = "not_needed", _("필요 없음")

    class Licence(models.TextChoices):
        KOGL1 = "kogl-1", _("공공누리 제1유형")
        KOGL2 = "kogl-2", _("공공누리 제2유형")
        KOGL3 = "kogl-3", _("공공누리 제3유형")
        KOGL4 = "kogl-4", _("공공누리 제4유형")
        OTHER = "other", _("별도")

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="photos")
    file = models.OneToOneField(File, models.PROTECT, related_name="photo")
    # the district that describes the picture; null: all of the conference
    district = models.ForeignKey(District, models.PROTECT, null=True, blank=True, related_name="photos")
    caption = LineField(_("사진 설명"), blank=True)  # photos come first, their captions later
    alt = LineField(_("대체 텍스트"), max_length=300, blank=True)
    stage = models.CharField(_("단계"), max_length=12, choices=Stage, blank=True)
    people = models.CharField(_("인물"), max_length=12, choices=People, blank=True)
    consent = models.CharField(_("동의"), max_length=12, choices=Consent, blank=True)
    may_be_public = models.BooleanField(_("공개 가능"), default=False)
    licence = models.CharField(_("이용 조건"), max_length=10, choices=Licence, blank=True)

    NAMED_WITH = ("file",)

    def __str__(self) -> str:
        return self.caption or self.file.name


class DraftVersion(models.Model):
    """Identifies one state of a conference's live rows, for comparison in publishing.difference."""

    conference = models.OneToOneField(Conference, models.CASCADE, primary_key=True, related_name="draft_version")
    token = models.CharField(max_length=32)  # random, so that no two states have the same one
    compared = models.JSONField(null=True)  # publishing.difference.Difference as of this token; None: not compared yet

    def __str__(self) -> str:
        return self.token
