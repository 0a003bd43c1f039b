"""The form of a new conference."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from conference import new_conference, reserved_slugs
from conference.models import Conference
from korean.dates import SEOUL
from korean.particles import choose_particles
from rows.form_fields import choice_of
from sheets.times import DateTimeCell, set_example_dates

SOURCES_MAX = 100  # earlier conferences to choose from, the latest first


class NewConferenceForm(forms.ModelForm):
    """Title, address and times of a new conference, and the earlier conference that it copies, if any."""

    source = forms.ChoiceField(label=_("시작하는 방법"), required=False)
    along = forms.MultipleChoiceField(
        label=_("함께 가져올 것"), required=False, widget=forms.CheckboxSelectMultiple(attrs={"class": "choice"})
    )

    class Meta:
        model = Conference
        fields = ("title", "starts_at", "ends_at", "slug")
        field_classes = {"starts_at": DateTimeCell, "ends_at": DateTimeCell}
        error_messages = {"slug": {"unique": _("이미 다른 행사가 쓰는 주소입니다. 다른 주소를 적어 주세요.")}}
        help_texts = {
            "starts_at": _("날짜와 시각을 함께 적습니다. 시각은 1300, 13:00, 오후 1시처럼 적습니다."),
            "slug": _("공개 화면 주소에 쓰입니다. 영문 소문자와 숫자, 붙임표로 적고, 비워 두면 날짜로 정합니다."),
        }

    def __init__(self, *args: Any, sources: QuerySet[Conference], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sources = sources
        today = datetime.now(SEOUL).replace(minute=0)
        set_example_dates(self.fields, starts_at=today.replace(hour=13), ends_at=today.replace(hour=18))
        self.fields["slug"].required = False
        listed = sources.order_by("-starts_at", "-pk")[:SOURCES_MAX]
        after = [
            (row.slug, choose_particles(_("‘%(title)s’을(를) 본떠 만들기") % {"title": row.title})) for row in listed
        ]
        choice_of(self, "source").choices = [("", _("비어 있는 행사로 시작")), *after]
        along = new_conference.copyable_parts()
        choice_of(self, "along").choices = along.items()
        self.fields["along"].initial = list(along)
        self.fields["along"].help_text = _(
            "본떠 만들 때만 씁니다. 개요·분야·담당부서·인물·장소는 늘 함께 오고, 날짜는 새 날짜에 맞춰 옮깁니다. "
            "연락처, 개인정보 동의, 사진, 공지, 사람의 역할, 실제 결과와 인원, 결과보고는 가져오지 않습니다."
        )
        self.helper = FormHelper()
        self.helper.form_action = "desk:new"
        self.helper.layout = Layout(Fieldset(_("무엇을 언제 하나요"), "title", "starts_at", "ends_at", "slug"))
        if after:
            self.helper.layout.append(Fieldset(_("어디에서 시작할까요"), "source", "along"))
        else:  # there is no conference to copy
            del self.fields["source"], self.fields["along"]
        self.helper.add_input(Submit("save", _("행사 만들기")))

    def clean_slug(self) -> str:
        if self.cleaned_data["slug"] in reserved_slugs.reserved_slugs():
            text = _("‘%(slug)s’은(는) 포털이 쓰는 주소입니다. 다른 주소를 적어 주세요.")
            raise ValidationError(text % self.cleaned_data)
        return self.cleaned_data["slug"]

    def clean_source(self) -> Conference | None:
        slug = self.cleaned_data["source"]
        return self.sources.get(slug=slug) if slug else None

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        starts, ends = cleaned.get("starts_at"), cleaned.get("ends_at")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", _("끝나는 시각이 시작보다 늦어야 합니다."))
        if starts and cleaned.get("slug") == "":
            cleaned["slug"] = new_conference.propose_slug(starts)
        return cleaned

    @property
    def event(self) -> dict[str, Any]:
        """The fields of the conference itself."""
        return {name: self.cleaned_data[name] for name in self._meta.fields}
