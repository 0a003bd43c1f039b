"""Forms of one's own account, and the search in the sign-in log."""

from __future__ import annotations

from datetime import date

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from rows.fields import clean_text


class PasswordResetRequestForm(forms.Form):
    """Request for a reset link, by 아이디 because that is the name at sign-in."""

    login = forms.CharField(
        label=_("아이디"), max_length=50, widget=forms.TextInput(attrs={"autocomplete": "username"})
    )

    def clean_login(self) -> str:
        return clean_text(self.cleaned_data["login"])


class SignInSearchForm(forms.Form):
    """Filters of the sign-in log."""

    q = forms.CharField(label=_("아이디 또는 성명"), max_length=50, required=False)
    day = forms.DateField(
        label=_("날짜"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=[MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2999, 12, 31))],
    )


class MailForm(forms.ModelForm):
    """My mail address. It asks for the password, because reset links go to this address."""

    password = forms.CharField(
        label=_("현재 비밀번호"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )

    class Meta:
        model = User
        fields = ("mail",)
        help_texts = {"mail": _("결재 차례와 제출 요청, 비밀번호를 새로 정하는 주소를 이리로 보냅니다.")}

    def clean_password(self) -> str:
        if not self.instance.check_password(self.cleaned_data["password"]):
            raise forms.ValidationError(_("비밀번호가 맞지 않습니다."))
        return self.cleaned_data["password"]
