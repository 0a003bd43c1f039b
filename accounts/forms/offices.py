"""Forms that the administrator keeps: accounts, 기관 and 처리과."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.core.validators import RegexValidator
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import users
from accounts.models import Department, Level, Organisation, User


class KeptForm(forms.ModelForm):
    """A form that knows what it showed (``seen``), so that nobody's change is overwritten unseen."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["seen"].initial = users.stamp(self.instance)

    def refuse(self, error: forms.ValidationError) -> int:
        """Say why in the form, which keeps what was typed; saving again is then a choice. Return the status."""
        self.add_error(None, error)
        now = type(self.instance).objects.filter(pk=self.instance.pk).first()
        self.data = self.data.copy()
        self.data["seen"] = users.stamp(now) if now else ""
        return 409 if error.code == "stale" else 422


class AccountForm(KeptForm):
    """Who somebody is. The 아이디 is chosen once: exchanged files name people by it."""

    class Meta:
        model = User
        fields = ("username", "name", "department", "position", "level", "mail", "is_admin")
        labels = {"department": _("소속 부서"), "is_admin": _("시스템 관리자")}
        help_texts = {
            "username": _("로그인할 때 씁니다. 나중에 바꿀 수 없습니다."),
            "level": _("위임전결의 기준이 되는 직급입니다."),
            "mail": _("비어 있으면 알림을 받지 못하고, 비밀번호 주소는 직접 전해야 합니다."),
            "is_admin": _("계정과 행사를 모두 관리하고, 결재는 하지 않습니다."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        departments = Department.objects.select_related("organisation")
        self.fields["department"].queryset = departments.order_by("organisation__name", "name")
        self.fields["department"].empty_label = _("(없음)")
        self.fields["level"].choices = [("", _("(없음)")), *Level.choices]
        self.fields["username"].disabled = bool(self.instance.pk)
        self.fields["username"].validators.append(RegexValidator(r"^\S+\Z", _("빈칸 없이 적어 주세요.")))

    def clean_username(self) -> str:
        """Refuse a name that another account has but for its case: a sign-in would find both, and let neither in."""
        username = self.cleaned_data["username"]
        if User.objects.filter(username__iexact=username).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("이미 있는 아이디입니다. 대문자와 소문자만 달라도 같은 아이디입니다."))
        return username


class OrganisationForm(KeptForm):
    """기관."""

    class Meta:
        model = Organisation
        fields = ("kind", "name", "name_en")
        error_messages = {"name": {"unique": _("이미 있는 기관입니다.")}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("고르세요")), *Organisation.Kind.choices]


class DepartmentForm(KeptForm):
    """처리과 of one organisation, with the two who may register and route its documents."""

    class Meta:
        model = Department
        fields = ("bureau", "name", "approval_manager", "registrar")
        labels = {"approval_manager": _("결재 관리자"), "registrar": _("문서 담당")}
        error_messages = {NON_FIELD_ERRORS: {"unique_together": _("이 기관에 이미 있는 부서입니다.")}}
        help_texts = {
            "bureau": _("예: 주민생활국. 국이 없으면 비워 둡니다."),
            "approval_manager": _("전출·퇴직 등으로 결재할 수 없는 결재자를 바꾸거나 결재를 중단합니다."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = Q(department=self.instance, is_active=True) if self.instance.pk else Q(pk=None)
        chosen = Q(pk__in=[self.instance.approval_manager_id, self.instance.registrar_id])
        for name in ("approval_manager", "registrar"):
            self.fields[name].empty_label = _("(정하지 않음)")
            self.fields[name].queryset = User.objects.filter(held | chosen).order_by("name", "username")
            if not self.instance.pk:  # nobody is in it yet
                del self.fields[name]

    def _get_validation_exclusions(self) -> set[str]:
        """Let the organisation, which is not asked, take part in the rule that a name stands there once."""
        return super()._get_validation_exclusions() - {"organisation"}
