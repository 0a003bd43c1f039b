"""Releases, and the files that are generated from them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conference.models.event import Conference
from publishing.content import ReleaseContent, parse_release
from rows.fields import LineField, TextField
from rows.models import FrozenRow


class Release(FrozenRow):
    """The frozen public site of one conference; the newest that is not withdrawn is in force."""

    NAME_MAX = 100  # letters

    conference = models.ForeignKey(Conference, models.PROTECT, related_name="releases")
    name = LineField(_("공개본 이름"), max_length=NAME_MAX)
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

    @property
    def value(self) -> ReleaseContent:
        """The frozen content as plain values."""
        return parse_release(self.content)


class GeneratedFile(models.Model):
    """A file generated from a release, stored under its digest. A new generator makes another row."""

    class Kind(models.TextChoices):
        PROGRAMME = "programme", _("프로그램")
        DOOR_SIGN = "door", _("QR 안내문")
        SOCIAL_CARD = "card", _("미리보기 그림")

    release = models.ForeignKey(Release, models.PROTECT, related_name="generated_files")
    kind = models.CharField(max_length=10, choices=Kind)
    language = models.CharField(max_length=2)
    generator = models.CharField(max_length=16)  # publishing.generated_files.generator_version
    digest = models.CharField(max_length=64)  # of the file's bytes in the storage
    size = models.PositiveBigIntegerField()  # bytes
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["release", "kind", "language", "generator"], name="generated_file_once"),
        ]

    def __str__(self) -> str:
        return f"{self.release} {self.kind} {self.language}"


class FailedFile(models.Model):
    """A file that the worker could not generate: why, and how often it tried. The row is deleted when it succeeds."""

    REASON_MAX = 500  # letters

    name = models.CharField(max_length=50)  # of its work (publishing.heavy)
    key = models.CharField(max_length=200)
    reason = models.CharField(max_length=REASON_MAX, blank=True)
    tries = models.PositiveIntegerField(default=0)
    failed_at = models.DateTimeField(auto_now_add=True)  # the last time

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "key"], name="failed_file_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.key}"
