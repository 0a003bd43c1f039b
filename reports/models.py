"""결과보고: a document about one conference as one office saw it, its frozen editions and their files."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from approvals.models import Document
from conference.models import Conference, District, File, Photo, Topic
from reports.content import EditionContent, edition
from rows.fields import JSONField, LineField, LinesField, TextField
from rows.models import FrozenRow, OrderedRow, Row
from rows.recording import RecordedRow


class Report(RecordedRow, Document):
    """The report of one office: the whole programme, the details of its topics, its own district's exhibitors."""

    class BoxForm(models.TextChoices):
        B = "b", _("별지 제2호서식 결재란")
        C = "c", _("결재란 표")

    class BoxPosition(models.TextChoices):
        TOP = "top", _("제목 위")
        END = "end", _("본문 끝")

    class Glyphs(models.TextChoices):
        SQUARE = "□", "□ ○ - ※"
        SHADOWED = "❏", "❏ ○ - ※"

    class PhotoPosition(models.TextChoices):
        BODY = "body", _("본문 안")
        ATTACHED = "attached", _("붙임")

    class Notation(models.TextChoices):
        MERGED = "merged", _("같은 칸 합치기")
        DITTO = "ditto", _("같은 칸 ″ 표시")

    conference = models.ForeignKey(Conference, models.PROTECT, related_name="reports")
    number = models.PositiveIntegerField()
    district = models.ForeignKey(District, models.PROTECT, null=True, blank=True, related_name="reports")
    topics = models.ManyToManyField(Topic, blank=True, related_name="reports")
    preamble = TextField(_("머리말"), blank=True)
    summary = TextField(_("문서요지"), blank=True)
    keywords = LinesField(_("키워드"))
    section_order = LinesField(_("차례"))  # section ids; empty: the usual order
    headings = JSONField(_("제목 바꾸기"), default=dict, blank=True)  # section or column id → text
    no_basis_reason = LineField(_("추진 근거가 없는 사유"), blank=True)
    box_form = models.CharField(_("결재란"), max_length=1, choices=BoxForm, default=BoxForm.C)
    box_position = models.CharField(_("결재란 위치"), max_length=5, choices=BoxPosition, default=BoxPosition.TOP)
    glyphs = models.CharField(_("항목 기호"), max_length=2, choices=Glyphs, default=Glyphs.SQUARE)
    photo_position = models.CharField(
        _("사진대지 위치"), max_length=10, choices=PhotoPosition, default=PhotoPosition.BODY
    )
    notation = models.CharField(_("같은 칸"), max_length=10, choices=Notation, default=Notation.MERGED)
    as_written = JSONField(default=dict, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conference", "number"], name="report_number_once")]


class Override(Row):
    """A section's text written by hand in place of the collected one; stale if the collected one has changed since."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="overrides")
    section = models.CharField(max_length=30)
    text = TextField(_("고쳐 쓴 글"))
    replaces_digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "section"], name="override_once_a_section")]

    def __str__(self) -> str:
        return self.section


class Paragraph(OrderedRow):
    """A paragraph that staff write for one section: 성과, 문제점·개선, 만족도, 계획."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="paragraphs")
    section = models.CharField(max_length=30)
    level = models.PositiveSmallIntegerField(default=1)
    text = TextField(_("내용"))

    class Meta(OrderedRow.Meta):
        constraints = [models.CheckConstraint(condition=Q(level__range=(1, 3)), name="paragraph_level_1_to_3")]

    def __str__(self) -> str:
        return self.text


class BudgetLine(OrderedRow):
    """예산 집행, in won."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="budget")
    item = LineField(_("과목"), max_length=100)
    planned = models.PositiveBigIntegerField(_("예산액"))
    spent = models.PositiveBigIntegerField(_("집행액"))

    def __str__(self) -> str:
        return self.item


class FollowUp(OrderedRow):
    """향후 계획: who does what until when."""

    class State(models.TextChoices):
        OPEN = "open", _("예정")
        RUNNING = "running", _("진행")
        DONE = "done", _("완료")

    report = models.ForeignKey(Report, models.CASCADE, related_name="followups")
    text = TextField(_("내용"))
    department = LineField(_("담당부서"), max_length=100, blank=True)
    officer = LineField(_("담당자"), max_length=50, blank=True)
    due = models.DateField(_("기한"), null=True, blank=True)
    state = models.CharField(_("상태"), max_length=10, choices=State, default=State.OPEN)

    def __str__(self) -> str:
        return self.text


class Publicity(OrderedRow):
    """홍보: a report on the conference in the media."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="publicity")
    medium = LineField(_("매체"), max_length=100)
    title = LineField(_("제목"), blank=True)
    on = models.DateField(_("날짜"), null=True, blank=True)
    url = models.URLField(_("웹 주소"), blank=True)

    def __str__(self) -> str:
        return self.title or self.medium


class Attachment(OrderedRow):
    """붙임."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="attachments")
    name = LineField(_("명칭"))
    copies = models.PositiveSmallIntegerField(_("부수"), default=1)
    file = models.ForeignKey(File, models.PROTECT, null=True, blank=True, related_name="attached_to")

    def __str__(self) -> str:
        return self.name


class ReportPhoto(OrderedRow):
    """A photo of the conference in the 사진대지 of one report."""

    class Width(models.TextChoices):
        HALF = "half", _("반 칸")
        FULL = "full", _("한 줄")

    report = models.ForeignKey(Report, models.CASCADE, related_name="report_photos")
    photo = models.ForeignKey(Photo, models.PROTECT, related_name="report_photos")
    caption = LineField(_("사진 설명(이 보고서)"), blank=True)
    width = models.CharField(_("너비"), max_length=4, choices=Width, default=Width.HALF)

    class Meta(OrderedRow.Meta):
        constraints = [models.UniqueConstraint(fields=["report", "photo"], name="photo_once_a_report")]

    def __str__(self) -> str:
        return self.caption or self.photo.caption


ReportRow = Paragraph | BudgetLine | FollowUp | Publicity | Attachment | ReportPhoto  # what staff type for a report


class Edition(FrozenRow):
    """The frozen 결과보고 that managers sign, with the findings that the drafter accepted and why."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="editions")
    findings = models.JSONField(default=list)
    reasons = models.JSONField(default=dict)  # finding code → why it was accepted

    class Meta:
        ordering = ("number",)
        constraints = [models.UniqueConstraint(fields=["report", "number"], name="edition_number_once")]

    def __str__(self) -> str:
        return f"{self.report} v{self.number}"

    @property
    def value(self) -> EditionContent:
        """The frozen content as plain values."""
        return edition(self.content)


class Rendering(models.Model):
    """A stored file made of (edition, box). ``key`` is the SHA-256 of edition, box, form and renderer version."""

    class Form(models.TextChoices):
        HTML = "html", "HTML"
        PDF = "pdf", "PDF"
        HWPX = "hwpx", "HWPX"

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="renderings")
    box = models.TextField()  # canonical JSON, so that the file can be generated again
    box_digest = models.CharField(max_length=64)
    form = models.CharField(max_length=4, choices=Form)
    renderer = models.CharField(max_length=20)
    key = models.CharField(max_length=64, unique=True)
    digest = models.CharField(max_length=64)  # of the file's bytes in the storage
    size = models.PositiveBigIntegerField()  # bytes
    page_count = models.PositiveIntegerField(null=True)
    is_final = models.BooleanField(default=False)  # made of a box whose round has ended in 결재
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.edition} {self.form}"
