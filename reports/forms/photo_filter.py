"""The filter of a list of photos."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference.models import Photo
from rows.form_fields import choice_of


class PhotoFilterForm(forms.Form):
    """The filter of photos; a value that is no choice is ignored."""

    district = forms.ChoiceField(label=gettext_lazy("자치구"), required=False)
    stage = forms.ChoiceField(label=gettext_lazy("단계"), required=False)
    session = forms.ChoiceField(label=gettext_lazy("세션"), required=False)
    blank = forms.BooleanField(label=gettext_lazy("설명 없는 사진만"), required=False)

    def __init__(self, data: Any, *, districts: dict[str, Any], sessions: list[tuple[Any, str]]) -> None:
        super().__init__(data, auto_id="filter-%s")
        every = ("", _("전체"))
        choice_of(self, "district").choices = [every, *((key, row.name) for key, row in districts.items())]
        choice_of(self, "stage").choices = [every, *Photo.Stage.choices]
        choice_of(self, "session").choices = [every, *sessions]
        for name, others in {"district": districts, "session": sessions}.items():
            if not others:
                del self.fields[name]  # a single choice filters nothing

    @property
    def query_arguments(self) -> dict[str, Any]:
        """The filters as arguments of ``photos.filter_photos``."""
        self.is_valid()
        arguments = dict(self.cleaned_data)
        return arguments | {"sessions": arguments.pop("session", None)}
