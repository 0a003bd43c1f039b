"""The lines of a report's lists: paragraphs, budget, follow-ups, publicity, attachments, photos; and its texts."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference.uploads import images, storage
from reports.drafting import CheckedUpload
from reports.models import Attachment, BudgetLine, FollowUp, Paragraph, Publicity, Report, ReportPhoto
from sheets.cells import ChoiceCell, NumberCell, ShownCell, TextCell
from sheets.fast_widgets import FastTextarea
from sheets.row_form import RowForm

LEVELS = [(1, "□"), (2, "○"), (3, "-")]
WON_MAX = 10**15
COPIES_MAX = 30_000
KEYWORDS_MAX = 2_000  # letters of all of them


class ReportLineForm(RowForm):
    """A line of a list. ``usual``: field → the text that a new line has where nothing was typed or pasted."""

    usual: ClassVar[dict[str, str]] = {}

    def suggest_from_previous(self, before: Self | None) -> None:  # noqa: ARG002 (every form's signature)
        for name, text in self.usual.items():
            self.suggest(name, text)


class ParagraphForm(ReportLineForm):
    """One item of a section's outline; a new one has the level of the one above."""

    suggest_when_cleared = frozenset({"level"})
    level = ChoiceCell(label=gettext_lazy("단계"), choices=LEVELS)
    text = TextCell(label=gettext_lazy("내용"), widget=FastTextarea(attrs={"rows": 1, "data-one": ""}))

    class Meta(RowForm.Meta):
        model = Paragraph
        fields = ("level", "text")

    def suggest_from_previous(self, before: Self | None) -> None:
        self.suggest("level", (before and before.current_text("level")) or LEVELS[0][1])


class MoneyCell(NumberCell):
    """Won, aligned as sums are."""

    size = "money"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(most=WON_MAX, **kwargs)


class BudgetForm(ReportLineForm):
    """One 과목, in won."""

    planned = MoneyCell(label=gettext_lazy("예산액"))
    spent = MoneyCell(label=gettext_lazy("집행액"))

    class Meta(RowForm.Meta):
        model = BudgetLine
        fields = ("item", "planned", "spent")


class FollowUpForm(ReportLineForm):
    """Who does what until when."""

    suggest_when_cleared = frozenset({"state"})
    usual: ClassVar[dict[str, str]] = {"state": str(FollowUp.State.OPEN.label)}

    class Meta(RowForm.Meta):
        model = FollowUp
        fields = ("text", "department", "officer", "due", "state")


class UrlCell(TextCell):
    """An address of the web; ``https://`` may be left out."""

    def read(self, text: str) -> str:
        text = super().read(text)
        return text if "://" in text else f"https://{text}"


class PublicityForm(ReportLineForm):
    """A report on the conference in the media."""

    url = UrlCell(label=gettext_lazy("웹 주소"), required=False, max_length=200)

    class Meta(RowForm.Meta):
        model = Publicity
        fields = ("medium", "on", "title", "url")


class AttachmentForm(ReportLineForm):
    """One 붙임, with or without a file."""

    suggest_when_cleared = frozenset({"copies"})
    usual: ClassVar[dict[str, str]] = {"copies": "1"}
    copies = NumberCell(label=gettext_lazy("부수"), most=COPIES_MAX)
    file_name = ShownCell(label=gettext_lazy("파일"))

    class Meta(RowForm.Meta):
        model = Attachment
        fields = ("name", "copies")

    def set_extra_initial(self) -> None:
        self.initial = {**self.initial, "file_name": self.instance.file.name if self.instance.file else ""}


class ReportPhotoForm(ReportLineForm):
    """One photo of the 사진대지."""

    picture = ShownCell(label=gettext_lazy("사진"), cell_template="reports/_thumbnail.html")

    class Meta(RowForm.Meta):
        model = ReportPhoto
        fields = ("caption", "width")

    def set_extra_initial(self) -> None:
        if not self.is_new:
            self.initial = {**self.initial, "picture": str(self.instance.photo)}


class TextsForm(RowForm):
    """What the report says before its sections."""

    class Meta(RowForm.Meta):
        model = Report
        fields = ("title", "preamble", "summary", "keywords")
        help_texts = {
            "preamble": gettext_lazy("보고서 제목 아래에 그대로 인쇄됩니다."),
            "summary": gettext_lazy("보고서의 내용을 두세 문장으로 적습니다."),
            "keywords": gettext_lazy("한 줄에 하나씩 적습니다."),
        }

    def clean_keywords(self) -> list[str]:
        """Refuse a document in place of words."""
        if len(self.sent_text("keywords")) > KEYWORDS_MAX:
            raise ValidationError(_("%(most)d자까지 적을 수 있습니다.") % {"most": KEYWORDS_MAX})
        return self.cleaned_data["keywords"]

    def save_row(self) -> None:
        """Save the texts alone: the report has no version, and others may have saved its format since it was read."""
        self.instance.save(update_fields=self.changed_data)


def check_upload(upload: UploadedFile | None) -> CheckedUpload:
    """Return the file to store: a picture in the stored form, a document if it is of the type in its name.

    Raises ValidationError, also if none was chosen.
    """
    if upload is None:
        raise ValidationError(_("파일을 골라 주세요."))
    if not upload.size:
        raise ValidationError(_("빈 파일입니다. 파일이 다 옮겨졌는지 확인해 주세요."))
    if upload.size > storage.SIZE_MAX:
        raise ValidationError(
            _("파일이 너무 큽니다. %(limit)dMB까지 받습니다.") % {"limit": storage.SIZE_MAX // 1024**2}
        )
    content, name = upload.read(), upload.name or ""
    if images.is_image(content):
        picture = images.to_stored_form(content)
        return CheckedUpload(picture.content, name, picture.media_type)
    return CheckedUpload(content, name, storage.check_document(content, name=name))
