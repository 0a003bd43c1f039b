"""The forms of 공개 and 긴급 공지."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference.models import Notice
from publishing.models import Release
from publishing.release_diff import SECTION_LABELS
from publishing.release_draft import Draft


def formless_helper() -> FormHelper:
    """Return a helper that renders no form element and no buttons: the page has its own."""
    helper = FormHelper()
    helper.form_tag, helper.disable_csrf = False, True
    return helper


class PublishForm(forms.ModelForm):
    """The sections to publish, and the name of the release."""

    sections = forms.MultipleChoiceField(
        label=gettext_lazy("바뀌는 내용"),
        choices=SECTION_LABELS.items(),
        error_messages={"required": gettext_lazy("공개할 부분을 하나 이상 고르세요.")},
    )

    class Meta:
        model = Release
        fields = ("name", "comment", "names_reason")
        help_texts = {
            "name": gettext_lazy("공개 기록에 남는 이름입니다. 예: 2차 프로그램"),
            "comment": gettext_lazy(
                "무엇을 왜 바꾸었는지 적어 두면 나중에 찾기 쉽습니다. 방문자에게는 보이지 않습니다."
            ),
        }

    def __init__(self, *args: Any, draft: Draft, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.draft = draft
        self.fields["comment"].widget.attrs["rows"] = 2
        self.names = draft.persons_without_consent(SECTION_LABELS)
        if self.names:
            self.fields["names_reason"].help_text = _(
                "성명 공개 근거가 확인되지 않은 사람이 있습니다: %(names)s. 사유를 적으면 성명을 함께 공개하고, 비워 두면 성명을 빼고 공개합니다."
            ) % {"names": ", ".join(self.names)}
        else:
            del self.fields["names_reason"]
        self.helper = formless_helper()
        # the page itself draws the choice of sections
        self.helper.layout = Layout(*(name for name in self.fields if name != "sections"))

    def clean_sections(self) -> list[str]:
        if not self.draft.base and "event" not in self.cleaned_data["sections"]:
            raise forms.ValidationError(_("처음 공개할 때에는 ‘행사 안내’를 함께 골라야 공개 화면이 생깁니다."))
        return self.cleaned_data["sections"]


class UrgentForm(forms.ModelForm):
    """긴급 공지, short enough to be typed on a phone."""

    class Meta:
        model = Notice
        fields = ("title", "text")
        help_texts = {
            "title": gettext_lazy("모든 공개 화면 맨 위에 나옵니다. 예: 강연 장소가 6층 강당으로 바뀌었습니다")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].widget.attrs["rows"] = 3
        self.helper = formless_helper()
