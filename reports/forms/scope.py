"""The forms of 범위와 형식 and of a section that is written by hand."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from conference.models import District, Topic
from reports.forms import form_helper
from reports.models import Report
from reports.sections import SECTIONS
from rows.fields import clean_text, validate_one_line
from rows.form_fields import choice_of, row_choice_of
from sheets.row_choice import RowsField

# headings inside sections: their key in Report.headings → the usual words
INNER_HEADINGS = {
    "programme.time": _("시간"),
    "programme.title": _("내용"),
    "programme.who": _("발표·참여"),
    "programme.conduct": _("주관·진행"),
    "topic": _("주제별 발표"),
    "presentations": _("주제 발표"),
}
HEADING_MAX = 100  # letters
HEADING_PREFIX = "heading-"  # begins the name of a heading's field


class ReportFormatForm(forms.ModelForm):
    """범위와 형식. Headings that are left empty keep the usual words."""

    lock_version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Report
        fields = (
            "district", "topics", "no_basis_reason", "disclosure", "disclosure_items", "retention",
            "box_form", "box_position", "glyphs", "photo_position", "notation",
        )  # fmt: skip
        field_classes = {"topics": RowsField}
        widgets = {"topics": forms.CheckboxSelectMultiple}
        help_texts = {
            "district": _("이 자치구의 참여 기업·단체와 배부 물품을 싣습니다. 비우면 모두 싣습니다."),
            "topics": _("이 분야의 준비과정과 발표를 자세히 싣습니다."),
            "no_basis_reason": _("추진 근거 문서가 없을 때에만 적습니다."),
            "disclosure_items": _("부분공개·비공개일 때 정보공개법 제9조제1항의 호. 예: 5, 6"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        conference = self.instance.conference
        district, topics = row_choice_of(self, "district"), row_choice_of(self, "topics")
        district.queryset = District.objects.filter(conference=conference)
        topics.queryset = Topic.objects.filter(conference=conference)
        district.label, topics.label = _("자치구"), _("분야")
        district.empty_label = _("전체")
        choice_of(self, "disclosure").choices = [("", _("(정하지 않음)")), *Report.Disclosure.choices]
        choice_of(self, "retention").choices = [("", _("(정하지 않음)")), *Report.Retention.choices]
        self.fields["lock_version"].initial = self.instance.lock_version
        for key, usual in self.usual().items():
            self.fields[f"{HEADING_PREFIX}{key}"] = forms.CharField(
                label=usual,
                required=False,
                max_length=HEADING_MAX,
                initial=self.instance.headings.get(key, ""),
                validators=[validate_one_line],
                widget=forms.TextInput(attrs={"placeholder": usual}),
            )
        self.helper = form_helper(_("형식 저장"))

    @staticmethod
    def usual() -> dict[str, Any]:
        """Return every heading that can be changed, with its usual text."""
        return {name: heading for name, (heading, _builder) in SECTIONS.items()} | INNER_HEADINGS

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        for name in [name for name in self.fields if name.startswith(HEADING_PREFIX) and cleaned.get(name)]:
            try:
                cleaned[name] = clean_text(cleaned[name])
            except forms.ValidationError as error:
                self.add_error(name, error)
        return cleaned

    @property
    def headings(self) -> dict[str, str]:
        """The headings that differ from the usual ones."""
        typed = {key: self.cleaned_data[f"{HEADING_PREFIX}{key}"] for key in self.usual()}
        return {key: text for key, text in typed.items() if text}

    @property
    def values(self) -> dict[str, Any]:
        """The fields of the report as ``drafting.save_fields`` takes them."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields} | {"headings": self.headings}


class OverrideForm(forms.Form):
    """A section written by hand in place of the collected one."""

    text = forms.CharField(
        label=_("고쳐 쓴 글"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_("한 줄이 한 문단이 됩니다. 모두 지우고 저장하면 모인 글로 돌아갑니다."),
    )
    replaces = forms.CharField(max_length=64, widget=forms.HiddenInput)
    lock_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = form_helper(_("이 글로 싣기"))

    def clean_text(self) -> str:
        return clean_text(self.cleaned_data["text"]).strip()
