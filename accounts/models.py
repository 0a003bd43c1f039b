"""Offices and the people who sign in."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from rows.fields import LineField, TextField
from rows.models import Row
from rows.recording import RecordedRow, without_author


class Organisation(Row):
    """기관: a district, the city, an education office or a body."""

    class Kind(models.TextChoices):
        DISTRICT = "district", _("자치구")
        CITY = "city", _("시")
        EDUCATION = "education", _("교육청")
        BODY = "body", _("단체")

    kind = models.CharField(_("구분"), max_length=10, choices=Kind)
    name = LineField(_("기관명"), max_length=100, unique=True)
    name_en = LineField(_("기관명(영문)"), blank=True)

    def __str__(self) -> str:
        return self.name


class Department(Row):
    """처리과: where documents are made and kept."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="departments")
    bureau = LineField(_("국"), max_length=100, blank=True)
    name = LineField(_("부서명"), max_length=100)
    approval_manager = models.ForeignKey(
        "accounts.User", models.SET_NULL, null=True, blank=True, related_name="manages_approvals_of"
    )
    registrar = models.ForeignKey("accounts.User", models.SET_NULL, null=True, blank=True, related_name="registers_for")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="department_once_in_organisation")]

    NAMED_WITH = ("organisation",)

    def __str__(self) -> str:
        return f"{self.organisation} {self.name}"


class Level(models.IntegerChoices):
    """직급 in ascending order, as 위임전결 rules name them."""

    OFFICER = 1, _("주무관")
    TEAM_HEAD = 2, _("팀장")
    DIVISION_HEAD = 3, _("과장")
    BUREAU_HEAD = 4, _("국장")
    DEPUTY_MAYOR = 5, _("부구청장")
    MAYOR = 6, _("구청장")


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields: object) -> User:
        """Create an account; without a password nobody can sign in to it."""
        user = self.model(username=username, **fields)
        user.set_password(password)
        with without_author("create_user"):
            user.save(using=self._db)
        return user


class User(RecordedRow, AbstractBaseUser):
    """An account. An administrator (``is_admin``) manages accounts and conferences and signs nothing."""

    username = LineField(_("아이디"), max_length=50, unique=True)
    name = LineField(_("성명"), max_length=50)
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="users")
    position = LineField(_("직위"), max_length=50, blank=True)
    level = models.PositiveSmallIntegerField(_("직급"), choices=Level, null=True, blank=True)
    mail = models.EmailField(_("전자우편"), blank=True)
    is_active = models.BooleanField(default=True)
    is_admin = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    UNRECORDED = frozenset({"password", "last_login", "mail"})  # a sign-in changes no account

    objects = UserManager()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "mail"
    REQUIRED_FIELDS = ("name",)

    class Meta:
        constraints = [
            models.UniqueConstraint(  # allauth ignores case when it looks up accounts: two spellings would lock each other out
                Lower("username"),
                name="username_once_in_any_case",
                violation_error_message=_("이미 있는 아이디입니다. 대문자와 소문자만 다른 아이디도 쓸 수 없습니다."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.position}".strip()

    def full_name(self) -> str:
        """Return name, position and username, which distinguishes persons of one name."""
        return f"{self} ({self.username})"


class SignInRecord(models.Model):
    """접속기록: one sign-in, refused attempt, sign-out or password change.

    The database refuses UPDATE, and DELETE before ``keep_until`` (rows/database_rules.py). ``account`` is empty where
    the typed name has no account; then ``name_mark`` is its short hash (accounts/login_names.py), never the name itself.
    """

    class Result(models.TextChoices):
        SIGNED_IN = "in", _("성공")
        FAILED = "failed", _("실패")
        LIMITED = "limited", _("시도 제한")
        SIGNED_OUT = "out", _("로그아웃")
        NEW_PASSWORD = "password", _("비밀번호 변경")

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    result = models.CharField(_("결과"), max_length=10, choices=Result)
    account = models.ForeignKey(User, models.PROTECT, null=True, related_name="sign_in_records")
    name_mark = models.CharField(max_length=6, blank=True)
    address = models.GenericIPAddressField(_("주소"))
    browser = models.CharField(_("브라우저"), max_length=200, blank=True)  # User-Agent
    keep_until = models.DateField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["account", "-id"], name="sign_ins_of_account")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.get_result_display()}"


class Mail(models.Model):
    """A mail in the queue: stored in the transaction that causes it, sent by the worker."""

    message_id = models.CharField(max_length=200, unique=True)
    to = models.EmailField()
    subject = LineField()
    text = TextField()
    queued_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["sent_at", "tries"], name="mail_owed")]

    def __str__(self) -> str:
        return self.subject
