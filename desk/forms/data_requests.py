"""The form of a 제출 요청."""

from __future__ import annotations

from copy import copy
from datetime import date
from typing import Any, Self

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from conference.models import Conference, District
from desk import data_requests
from desk.labels import ITEMS
from desk.models import DataRequest
from reports.forms import form_helper
from rows.conflicts import SeenForm
from rows.fields import clean_text
from sheets.row_choice import RowsField

LATEST_DUE = date(2199, 12, 31)


class DataRequestForm(SeenForm):
    """A new request for several districts, or the change of one request, which keeps its district."""

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

    class Meta:
        model = DataRequest
        fields = ("items", "due", "note")

    def __init__(
        self, *args: Any, conference: Conference, data_request: DataRequest | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, instance=copy(data_request), **kwargs)
        self.conference, self.data_request = conference, data_request
        self.fields["districts"].queryset = conference.districts.all()
        if data_request:
            del self.fields["districts"]
        self.helper = form_helper(_("고친 요청 보내기") if data_request else _("요청 보내기"))

    def with_row(self, row: Any) -> Self:
        return type(self)(conference=self.conference, data_request=row)

    def clean_due(self) -> date:
        due = self.cleaned_data["due"]
        if due < data_requests.today() and not (self.data_request and due == self.data_request.due):
            raise ValidationError(_("오늘이나 그 뒤의 날짜를 적어 주세요."))
        if due > LATEST_DUE:
            raise ValidationError(_("너무 먼 날짜입니다. 연도를 확인해 주세요."))
        return due

    def clean_note(self) -> str:
        return clean_text(self.cleaned_data["note"])

    @property
    def request_input(self) -> data_requests.DataRequestInput:
        """The typed values, as the verbs take them."""
        return data_requests.DataRequestInput(**{name: self.cleaned_data[name] for name in ("items", "due", "note")})
