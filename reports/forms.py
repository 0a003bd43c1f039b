"""Forms of the draft page."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from conference.checks import Finding
from conference.fields import clean_text
from reports.models import Report

# what a warning is about, by its code: warnings of one kind are accepted with one reason
WARNINGS = {"gap": _("비어 있는 시간"), "no_speaker": _("발표자·진행자 없음")}


def helper(button: Any, *, action: str = "") -> FormHelper:
    """Return the frame of a form with one button."""
    frame = FormHelper()
    frame.form_action = action
    frame.add_input(Submit("save", button))
    return frame


class LinesInput(forms.CharField):
    """A list of texts, typed one a line."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        return [line.strip() for line in clean_text(super().clean(value)).splitlines() if line.strip()]


class TextsForm(forms.ModelForm):
    """What staff write themselves; all else is collected."""

    keywords = LinesInput(label=_("키워드"), required=False, max_length=2000, help_text=_("한 줄에 하나씩 적습니다."))
    lock_version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Report
        fields = ("title", "preamble", "summary", "keywords")
        help_texts = {
            "preamble": _("보고서 제목 아래에 그대로 인쇄됩니다."),
            "summary": _("보고서의 내용을 두세 문장으로 적습니다."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in {"preamble": 4, "summary": 3, "keywords": 3}.items():
            self.fields[name].widget.attrs["rows"] = rows
        self.fields["lock_version"].initial = self.instance.lock_version
        self.helper = helper(_("글 저장"), action="texts/")


class SubmitForm(forms.Form):
    """결재 올리기: every kind of warning is ticked with a reason."""

    form_key = forms.CharField(max_length=64, widget=forms.HiddenInput, initial=lambda: secrets.token_urlsafe(24))
    lock_version = forms.IntegerField(widget=forms.HiddenInput)
    digest = forms.CharField(max_length=64, widget=forms.HiddenInput)  # of the draft that the page shows

    def __init__(
        self,
        *args: Any,
        findings: Iterable[Finding],
        accepted: dict[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.codes = list(dict.fromkeys(finding.code for finding in findings if finding.level == "warn"))
        for code in self.codes:
            count = sum(finding.code == code for finding in findings)
            label = _("%(kind)s %(count)d건을 그대로 두는 사유") % {"kind": WARNINGS.get(code, code), "count": count}
            self.fields[f"reason_{code}"] = forms.CharField(
                label=label, max_length=200, initial=(accepted or {}).get(code, "")
            )
        self.helper = helper(_("결재 올리기"), action="submit/")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for code in self.codes:
            if f"reason_{code}" in cleaned:
                cleaned[f"reason_{code}"] = clean_text(cleaned[f"reason_{code}"])
        return cleaned

    def show(self, **shown: Any) -> None:
        """Carry what the page shows now, also where what was typed is shown again."""
        if self.is_bound:
            self.data = self.data.copy()
            self.data.update({name: str(value) for name, value in shown.items()})
        self.initial |= shown

    @property
    def reasons(self) -> dict[str, str]:
        """Why each kind of warning is accepted."""
        return {code: self.cleaned_data[f"reason_{code}"] for code in self.codes}
