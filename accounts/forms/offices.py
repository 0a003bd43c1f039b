"""Forms of accounts, 기관 and 처리과, for administrators."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.core.validators import RegexValidator
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Department, Level, Organisation, User
from rows.conflicts import SeenForm
from rows.form_fields import choice_of, row_choice_of


class AccountForm(SeenForm):
    """An account. The 아이디 cannot change later, because exchange files name people by it."""

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
        department = row_choice_of(self, "department")
        department.queryset = departments.order_by("organisation__name", "name")
        department.empty_label = _("(없음)")
        choice_of(self, "level").choices = [("", _("(없음)")), *Level.choices]
        self.fields["username"].disabled = bool(self.instance.pk)
        self.fields["username"].validators.append(RegexValidator(r"^\S+\Z", _("빈칸 없이 적어 주세요.")))

    def clean_username(self) -> str:
        """Refuse a name that differs from another account's only in case, because sign-in would find both."""
        username = self.cleaned_data["username"]
        if User.objects.filter(username__iexact=username).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("이미 있는 아이디입니다. 대문자와 소문자만 달라도 같은 아이디입니다."))
        return username


class OrganisationForm(SeenForm):
    """기관."""

    class Meta:
        model = Organisation
        fields = ("kind", "name", "name_en")
        error_messages = {"name": {"unique": _("이미 있는 기관입니다.")}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice_of(self, "kind").choices = [("", _("고르세요")), *Organisation.Kind.choices]


class DepartmentForm(SeenForm):
    """처리과 of one organisation, with its 결재 관리자 and 문서 담당."""

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
        members = Q(department=self.instance, is_active=True) if self.instance.pk else Q(pk=None)
        chosen = Q(pk__in=[self.instance.approval_manager_id, self.instance.registrar_id])
        for name in ("approval_manager", "registrar"):
            field = row_choice_of(self, name)
            field.empty_label = _("(정하지 않음)")
            field.queryset = User.objects.filter(members | chosen).order_by("name", "username")
            if not self.instance.pk:  # a new department has no members
                del self.fields[name]

    def _get_validation_exclusions(self) -> set[str]:
        """Include the organisation, which is no field here, in the uniqueness check of the name."""
        return super()._get_validation_exclusions() - {"organisation"}
