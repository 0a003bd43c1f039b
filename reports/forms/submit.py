"""The form of 결재 올리기, with a reason for each kind of warning."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from conference.checks import Finding
from reports.forms import form_helper
from rows.fields import clean_text

# code of a warning → its name; warnings of one code are accepted with one reason
WARNING_NAMES = {
    "gap": _("비어 있는 시간"),
    "outside_event": _("행사 시간 밖의 일정"),
    "no_speaker": _("발표자·사회자 없음"),
    "too_early": _("행사 종료 전 결재"),
    "outranked": _("직급이 거꾸로 된 결재선"),
}


class SubmitForm(forms.Form):
    """결재 올리기; every kind of warning needs a reason."""

    form_key = forms.CharField(max_length=64, widget=forms.HiddenInput, initial=lambda: secrets.token_urlsafe(24))
    lock_version = forms.IntegerField(widget=forms.HiddenInput)
    digest = forms.CharField(max_length=64, widget=forms.HiddenInput)  # of the draft that the page shows

    def __init__(
        self,
        *args: Any,
        findings: Iterable[Finding],
        action: str,
        accepted: dict[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.codes = list(dict.fromkeys(finding.code for finding in findings if finding.level == "warn"))
        for code in self.codes:
            words = {"kind": WARNING_NAMES.get(code, code), "count": sum(finding.code == code for finding in findings)}
            self.fields[f"reason_{code}"] = forms.CharField(
                label=_("%(kind)s %(count)d건을 그대로 두는 사유") % words,
                max_length=200,
                initial=(accepted or {}).get(code, ""),
            )
        self.helper = form_helper(_("결재 올리기"), action=action)

    def clean(self) -> dict[str, Any]:
        super().clean()
        for name in {f"reason_{code}" for code in self.codes} & self.cleaned_data.keys():
            self.cleaned_data[name] = clean_text(self.cleaned_data[name])
        return self.cleaned_data

    def show(self, **shown: Any) -> None:
        """Set hidden fields to what the page shows now, also if the form is shown again with errors."""
        if self.is_bound:
            self.data = data = cast("QueryDict", self.data).copy()
            data.update({name: str(value) for name, value in shown.items()})
        self.initial = {**self.initial, **shown}

    @property
    def reasons(self) -> dict[str, str]:
        """Why each kind of warning is accepted."""
        return {code: self.cleaned_data[f"reason_{code}"] for code in self.codes}
