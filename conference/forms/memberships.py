"""Forms of memberships."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from conference.models import Membership
from rows.conflicts import SeenForm
from rows.form_fields import choice_of


class MembershipForm(SeenForm):
    """Role of one person in the conference."""

    class Meta:
        model = Membership
        fields = ("role", "may_publish")
        labels = {"may_publish": _("공개할 수 있음")}
        help_texts = {"may_publish": _("담당에게만 뜻이 있습니다. 총괄은 늘 공개할 수 있고 열람은 공개할 수 없습니다.")}
        widgets = {"role": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice_of(self, "role").choices = Membership.Role.choices


class AddMembershipForm(MembershipForm):
    """Role of a person who has none yet."""

    user = forms.ModelChoiceField(User.objects.all(), widget=forms.HiddenInput)
