"""The parts of a report that consist of rows: paragraphs, budget, follow-ups, publicity, attachments, photos."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference.uploads import images, storage
from reports.drafting import CheckedUpload
from reports.models import Attachment, BudgetLine, FollowUp, Paragraph, Publicity, Report, ReportPhoto
from rows.models import Row
from sheets.fast_widgets import FastSelect, FastTextInput
from sheets.row_formset import LineForm, RowFormSet

EXTRA_LINES = 2  # empty lines below those that are there


class ParagraphForm(LineForm):
    """One item of the outline."""

    level = forms.TypedChoiceField(
        label=gettext_lazy("단계"), choices=[(1, "□"), (2, "○"), (3, "-")], coerce=int, widget=FastSelect, initial=1
    )

    class Meta(LineForm.Meta):
        model = Paragraph
        fields = ("level", "text")

    def updated_rows(self) -> list[Row]:
        """Return a row for each line of a new text."""
        if not self.is_new:
            return super().updated_rows()
        same = {"section": self.instance.section, "level": self.cleaned_data["level"]}
        return [Paragraph(text=line.strip(), **same) for line in self.cleaned_data["text"].splitlines() if line.strip()]


class BudgetForm(LineForm):
    """One 과목, in won."""

    class Meta(LineForm.Meta):
        model = BudgetLine
        fields = ("item", "planned", "spent")


class FollowUpForm(LineForm):
    """Who does what until when."""

    class Meta(LineForm.Meta):
        model = FollowUp
        fields = ("text", "department", "officer", "due", "state")


class PublicityForm(LineForm):
    """A report on the conference in the media."""

    url = forms.URLField(label=gettext_lazy("웹 주소"), required=False, assume_scheme="https", widget=FastTextInput)

    class Meta(LineForm.Meta):
        model = Publicity
        fields = ("medium", "on", "title", "url")


class AttachmentForm(LineForm):
    """One 붙임, with or without a file."""

    upload = forms.FileField(label=gettext_lazy("파일"), required=False, max_length=255, allow_empty_file=True)

    class Meta(LineForm.Meta):
        model = Attachment
        fields = ("name", "copies")

    def clean_upload(self) -> CheckedUpload | None:
        """Check the file: a picture is converted to the stored form; a document must be of the type in its name."""
        upload = self.cleaned_data["upload"]
        if not upload:
            return None
        if not upload.size:
            raise ValidationError(_("빈 파일입니다. 파일이 다 옮겨졌는지 확인해 주세요."))
        if upload.size > storage.SIZE_MAX:
            raise ValidationError(
                _("파일이 너무 큽니다. %(limit)dMB까지 받습니다.") % {"limit": storage.SIZE_MAX // 1024**2}
            )
        upload.seek(0)  # the form may be cleaned twice
        content = upload.read()
        if images.is_image(content):
            picture = images.to_stored_form(content)
            return CheckedUpload(picture.content, upload.name, picture.media_type)
        return CheckedUpload(content, upload.name, storage.check_document(content, name=upload.name))


class ReportPhotoForm(LineForm):
    """One photo of the 사진대지."""

    class Meta(LineForm.Meta):
        model = ReportPhoto
        fields = ("caption", "width")


@dataclass(frozen=True)
class ReportPart:
    """A part of the report: rows of one kind on one of its pages. ``section``: only of paragraphs."""

    name: str
    title: Any
    tab: str
    form: type[LineForm]
    related: str
    section: str = ""
    hint: Any = ""
    extra: int = EXTRA_LINES

    def rows(self, report: Report) -> QuerySet:
        """Return the rows of the report, in order."""
        rows = getattr(report, self.related).all()
        if self.related == "attachments":
            rows = rows.select_related("file")
        if self.related == "report_photos":
            rows = rows.select_related("photo__file")
        return rows.filter(section=self.section) if self.section else rows

    def formset(self, report: Report, data: Any = None, uploads: Any = None) -> RowFormSet:
        """Return the part's formset; new paragraphs get the part's section."""
        form = partial(self.form, conference=report.conference)
        formset = RowFormSet(form, self.rows(report), data, name=self.name, files=uploads, extra=self.extra)
        for line in formset.lines:
            if line.is_new and self.section:
                line.instance.section = self.section
        return formset


SPLIT_HINT = gettext_lazy("새 줄에 여러 줄을 적으면 줄마다 한 항목이 됩니다.")
# sections of the report that consist of paragraphs
PARAGRAPH_SECTIONS = {
    "achievements": gettext_lazy("주요 성과"),
    "satisfaction": gettext_lazy("만족도"),
    "problems": gettext_lazy("문제점 및 개선"),
    "plans": gettext_lazy("향후 계획"),
}
PARTS = {
    part.name: part
    for part in (
        *(
            ReportPart(name, title, "texts", ParagraphForm, "paragraphs", section=name, hint=SPLIT_HINT, extra=1)
            for name, title in PARAGRAPH_SECTIONS.items()
        ),
        ReportPart(
            "budget", gettext_lazy("예산 집행"), "lists", BudgetForm, "budget", hint=gettext_lazy("원 단위로 적습니다.")
        ),
        ReportPart("followups", gettext_lazy("향후 계획(누가 언제까지)"), "lists", FollowUpForm, "followups"),
        ReportPart("publicity", gettext_lazy("홍보"), "lists", PublicityForm, "publicity"),
        ReportPart(
            "attachments",
            gettext_lazy("붙임"),
            "lists",
            AttachmentForm,
            "attachments",
            hint=gettext_lazy("사진(JPEG, PNG), PDF, HWP, HWPX, PPTX, DOCX, XLSX 파일을 붙일 수 있습니다."),
        ),
        ReportPart("shots", gettext_lazy("사진대지"), "photos", ReportPhotoForm, "report_photos", extra=0),
    )
}
