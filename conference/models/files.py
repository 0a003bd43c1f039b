"""Uploads under the digest of their checked content, the photo pool, releases, and mail that is owed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conference.models.event import Conference, District
from rows.fields import LineField, TextField
from rows.models import Frozen, OrderedRow, Row


class File(Row):
    """A stored upload. The bytes lie in the storage under ``digest`` (SHA-256) and are never overwritten."""

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="files")
    digest = models.CharField(max_length=64)
    name = LineField(_("파일 이름"))
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()  # bytes
    width = models.PositiveIntegerField(null=True, blank=True)  # pixels, pictures only
    height = models.PositiveIntegerField(null=True, blank=True)
    may_be_public = models.BooleanField(_("공개 가능"), default=False)  # of a material; a photo has its own word
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
    # whose picture it is to describe; null: everybody's of the conference
    district = models.ForeignKey(District, models.PROTECT, null=True, blank=True, related_name="photos")
    caption = LineField(_("사진 설명"), blank=True)  # photos come first, their words later
    alt = LineField(_("대체 텍스트"), max_length=300, blank=True)
    stage = models.CharField(_("단계"), max_length=12, choices=Stage, blank=True)
    people = models.CharField(_("인물"), max_length=12, choices=People, blank=True)
    consent = models.CharField(_("동의"), max_length=12, choices=Consent, blank=True)
    may_be_public = models.BooleanField(_("공개 가능"), default=False)
    licence = models.CharField(_("이용 조건"), max_length=10, choices=Licence, blank=True)

    def __str__(self) -> str:
        return self.caption or self.file.name


class Release(Frozen):
    """The frozen public site of one conference; the newest that is not withdrawn is in force."""

    conference = models.ForeignKey(Conference, models.PROTECT, related_name="releases")
    name = LineField(_("공개본 이름"), max_length=100)
    comment = TextField(_("설명"), blank=True)
    # why names whose basis is 미확인 were published; empty: such names were left out
    names_reason = LineField(_("성명 공개 사유"), blank=True)
    changes = models.JSONField(default=list)
    revisions = models.JSONField(default=dict)  # code → number of the release in which that session last changed
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="releases_withdrawn"
    )

    class Meta:
        ordering = ("-number",)
        constraints = [
            models.UniqueConstraint(fields=["conference", "number"], name="release_number_once"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="release_withdrawn_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.number})"


class LiveVersion(models.Model):
    """Tells one state of a conference's live rows from the next; conference.difference compares by it."""

    conference = models.OneToOneField(Conference, models.CASCADE, primary_key=True, related_name="live_version")
    token = models.CharField(max_length=32)  # random: no state gets that of another
    compared = models.JSONField(null=True)  # conference.difference.Difference as of this token; None: not compared yet

    def __str__(self) -> str:
        return self.token


class Print(models.Model):
    """A file made of a release, stored under its digest. What made it otherwise later made another row."""

    class Form(models.TextChoices):
        PROGRAMME = "programme", _("프로그램")
        DOOR = "door", _("QR 안내문")
        CARD = "card", _("미리보기 그림")

    release = models.ForeignKey(Release, models.PROTECT, related_name="prints")
    form = models.CharField(max_length=10, choices=Form)
    language = models.CharField(max_length=2)
    maker = models.CharField(max_length=16)  # conference.prints.maker
    digest = models.CharField(max_length=64)  # of the file's bytes in the storage
    size = models.PositiveBigIntegerField()  # bytes
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["release", "form", "language", "maker"], name="print_made_once"),
        ]

    def __str__(self) -> str:
        return f"{self.release} {self.form} {self.language}"


class FailedPrint(models.Model):
    """A file that the worker could not make: why, and how often it was tried. Gone when it is made."""

    REASON_MAX = 500  # letters

    name = models.CharField(max_length=50)  # of its work (conference.heavy)
    key = models.CharField(max_length=200)
    reason = models.CharField(max_length=REASON_MAX, blank=True)
    tries = models.PositiveIntegerField(default=0)
    failed_at = models.DateTimeField(auto_now_add=True)  # the last time

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "key"], name="failed_print_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.key}"
