"""What staff write themselves in a report."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.forms import LinesInput, helper
from reports.models import Report


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
        self.helper = helper(_("글 저장"), action="")
