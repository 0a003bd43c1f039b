"""The form of a 제출 요청."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from conference.models import Conference, District
from desk import data_requests
from desk.completeness import ITEMS
from desk.models import Call
from reports.forms import form_helper
from rows.fields import clean_text
from sheets.row_choice import RowsField

LATEST = date(2199, 12, 31)


class CallForm(forms.Form):
    """New for some districts at once, or the change of one call, whose district stays."""

    districts = RowsField(District.objects.none(), label=_("자치구"), widget=forms.CheckboxSelectMultiple)
    items = forms.MultipleChoiceField(
        label=_("제출할 것"), choices=list(ITEMS.items()), widget=forms.CheckboxSelectMultiple
    )
    due = forms.DateField(label=_("제출기한"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    note = forms.CharField(
        label=_("안내"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("메일과 문구에 그대로 들어갑니다."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, conference: Conference, call: Call | None = None, **kwargs: Any) -> None:
        first = {"items": call.items, "due": call.due, "note": call.note, "version": call.version} if call else {}
        super().__init__(*args, initial=first, **kwargs)
        self.call = call
        self.fields["districts"].queryset = conference.districts.all()
        if call:
            del self.fields["districts"]
        self.helper = form_helper(_("고친 요청 보내기") if call else _("요청 보내기"))

    def clean_due(self) -> date:
        due = self.cleaned_data["due"]
        if due < data_requests.today() and not (self.call and due == self.call.due):
            raise ValidationError(_("오늘이나 그 뒤의 날짜를 적어 주세요."))
        if due > LATEST:
            raise ValidationError(_("너무 먼 날짜입니다. 연도를 확인해 주세요."))
        return due

    def clean_note(self) -> str:
        return clean_text(self.cleaned_data["note"])

    @property
    def asked(self) -> data_requests.Asked:
        """What was typed, for the verbs."""
        return data_requests.Asked(**{name: self.cleaned_data[name] for name in ("items", "due", "note")})
