"""One form for each verb of sign-off; its ``cleaned_data`` are the verb's arguments."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from approvals import departures
from approvals.guards import FORM_KEY_MAX, OPINION_MAX
from approvals.models import Round, Step
from rows.form_fields import row_choice_of


def new_form_key() -> str:
    """Return a one-time key: a form that is sent twice acts once."""
    return uuid4().hex


class ActForm(forms.Form):
    """The fields of every verb: a new key, and the version of the document that the page shows."""

    form_key = forms.CharField(max_length=FORM_KEY_MAX, widget=forms.HiddenInput, initial=new_form_key)
    lock_version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, round_: Round, id_suffix: str = "", **kwargs: Any) -> None:
        # a page has several forms, so each needs ids of its own
        super().__init__(
            data, auto_id=f"{type(self).__name__.lower()}{id_suffix}-%s", initial=self.initial_values(round_), **kwargs
        )

    def initial_values(self, round_: Round) -> dict[str, Any]:
        return {"lock_version": round_.document.lock_version}


class SignForm(ActForm):
    """A signature, on the edition that the page shows."""

    digest = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def initial_values(self, round_: Round) -> dict[str, Any]:
        return {**super().initial_values(round_), "digest": round_.digest}


class DecideForm(SignForm):
    """The last signature after another opinion: the decider must confirm having read it."""

    has_read = forms.BooleanField(
        label=_("다른 의견을 읽었습니다."), error_messages={"required": _("다른 의견을 읽고 나서 표시해 주세요.")}
    )

    def clean(self) -> dict[str, Any]:
        super().clean()
        return {key: value for key, value in self.cleaned_data.items() if key != "has_read"}


class OpineForm(SignForm):
    """A signature with another opinion."""

    opinion = forms.CharField(
        label=_("의견"),
        max_length=OPINION_MAX,
        error_messages={"required": _("의견을 적어 주세요. 의견이 없으면 서명만 하시면 됩니다.")},
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("결재란에 ‘(의견 있음)’이 표시되고, 기안자와 결재자에게 알립니다."),
    )


class SendBackForm(SignForm):
    """A return, with its reason."""

    opinion = forms.CharField(
        label=_("반려 사유"),
        max_length=OPINION_MAX,
        error_messages={"required": _("반려 사유를 적어 주세요.")},
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("무엇을 어떻게 고치면 되는지 적어 주세요. 기안자에게 알립니다."),
    )


class ReasonForm(ActForm):
    """An act because a signer or drafter has left, with its reason."""

    reason = forms.CharField(
        label=_("사유"),
        max_length=OPINION_MAX,
        error_messages={"required": _("사유를 적어 주세요.")},
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("예: 인사이동, 퇴직. 처리 기록에 남습니다."),
    )


class SignerField(forms.ModelChoiceField):
    """Persons with their departments."""

    def label_from_instance(self, user: User) -> str:
        return f"{user} ({user.department})"


class ReplaceForm(ReasonForm):
    """The new signer in place of one who has left."""

    to = SignerField(
        User.objects.none(),
        label=_("새 결재자"),
        empty_label=_("고르세요"),
        error_messages={"required": _("새 결재자를 고르세요.")},
    )
    field_order = ("form_key", "lock_version", "to", "reason")

    def __init__(self, data: Any = None, *, step: Step) -> None:
        super().__init__(data, round_=step.round, id_suffix=f"-{step.order}")
        candidates = departures.replacement_candidates(step)
        row_choice_of(self, "to").queryset = candidates
        self.has_candidates = candidates.exists()
