"""Documents in sign-off, their rounds, steps, acts and seals; approval routes, authority and absences.

Only ``chain`` writes states of documents, rounds, steps, acts and seals.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Department, Level, Organisation
from rows.fields import JSONField, LineField
from rows.models import Row


class Mode(models.TextChoices):
    """The right by which a person signs (규정 §10, 시행규칙 §7)."""

    NORMAL = "", _("정상")
    BY_AUTHORITY = "by_authority", _("전결")
    ON_BEHALF = "on_behalf", _("대결")
    ON_BEHALF_BY_AUTHORITY = "on_behalf_by_authority", _("전결 대결")
    AS_DEPUTY = "as_deputy", _("직무대리")


class StepKind(models.TextChoices):
    DRAFT = "draft", _("기안")
    CONFIRM = "confirm", _("확인")
    REVIEW = "review", _("검토")
    COOPERATE = "cooperate", _("협조")
    DECIDE = "decide", _("결재")


class Document(models.Model):
    """A document to be signed. Every verb of ``chain`` locks this row first and increments ``lock_version``."""

    class State(models.TextChoices):
        DRAFT = "draft", _("작성중")
        RUNNING = "running", _("진행중")
        RETURNED = "returned", _("반려")
        WITHDRAWN = "withdrawn", _("회수")
        APPROVED = "approved", _("결재완료")
        REGISTERED = "registered", _("등록")
        SUPERSEDED = "superseded", _("정정됨")
        DISCARDED = "discarded", _("기안 취소")

    class Route(models.TextChoices):
        PORTAL = "portal", _("포털")
        ONNARA = "onnara", _("온나라")
        PAPER = "paper", _("서면")

    class Disclosure(models.TextChoices):
        OPEN = "open", _("공개")
        PARTLY = "partly", _("부분공개")
        CLOSED = "closed", _("비공개")

    class Retention(models.TextChoices):
        Y1 = "1", _("1년")
        Y3 = "3", _("3년")
        Y5 = "5", _("5년")
        Y10 = "10", _("10년")
        Y30 = "30", _("30년")
        SEMI_PERMANENT = "semi", _("준영구")
        PERMANENT = "permanent", _("영구")

    kind = models.CharField(max_length=20)  # a key of settings.DOCUMENT_TYPES
    title = LineField(_("제목"))
    department = models.ForeignKey(Department, models.PROTECT, related_name="documents")
    drafter = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="drafted_documents")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT, editable=False)
    lock_version = models.PositiveIntegerField(default=0, editable=False)
    route = models.CharField(_("결재 경로"), max_length=10, choices=Route, default=Route.PORTAL)
    register_no = LineField(_("생산등록번호"), max_length=50, blank=True)
    registered_on = models.DateField(_("등록일"), null=True, blank=True)
    supersedes = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="superseded_by")
    disclosure = models.CharField(_("공개구분"), max_length=10, choices=Disclosure, blank=True)
    disclosure_items = LineField(_("비공개 호"), max_length=20, blank=True)  # 정보공개법 §9①, "5,6"
    retention = models.CharField(_("보존기간"), max_length=10, choices=Retention, blank=True)
    is_important = models.BooleanField(_("중요 문서"), default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["department", "register_no"],
                condition=~Q(register_no=""),
                name="register_no_once_in_department",
            ),
            models.CheckConstraint(
                condition=Q(supersedes__isnull=True) | ~Q(supersedes=F("pk")), name="document_not_its_own_correction"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Round(models.Model):
    """One run of one edition through its approval route. The columns that lists show are copied into the row."""

    class State(models.TextChoices):
        RUNNING = "running", _("진행중")
        RETURNED = "returned", _("반려")
        WITHDRAWN = "withdrawn", _("회수")
        AMENDED = "amended", _("수정 검토")
        APPROVED = "approved", _("결재완료")

    document = models.ForeignKey(Document, models.PROTECT, related_name="rounds")
    number = models.PositiveIntegerField()
    edition_number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    title = models.CharField(max_length=200)
    department_name = models.CharField(max_length=210)
    drafter_name = models.CharField(max_length=50)
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    submitted_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-submitted_at", "-pk")
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="round_number_once"),
            models.UniqueConstraint(fields=["document"], condition=Q(state="running"), name="one_running_round"),
            models.CheckConstraint(
                condition=Q(state="running", ended_at__isnull=True) | (~Q(state="running") & Q(ended_at__isnull=False)),
                name="round_ended_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"

    @property
    def is_stopped(self) -> bool:
        """Whether the 결재 관리자 ended the round. Its state is then WITHDRAWN, as when its drafter ends it."""
        return self.state == self.State.WITHDRAWN and self.acts.filter(action="stop").exists()


class Step(models.Model):
    """One person's step in a round. Name, 직위 and 처리과 are those at submission."""

    class State(models.TextChoices):
        WAITING = "waiting", _("예정")
        CURRENT = "current", _("대기")
        HELD = "held", _("보류")
        SIGNED = "signed", _("서명")
        SIGNED_OPINION = "signed_opinion", _("의견서명")
        SKIPPED = "skipped", _("검토생략")
        REJECTED = "rejected", _("반려")
        CANCELLED = "cancelled", _("취소")

    OPEN = (State.CURRENT, State.HELD)
    DONE = (State.SIGNED, State.SIGNED_OPINION, State.SKIPPED)
    ACTED = (*DONE, State.REJECTED)

    round = models.ForeignKey(Round, models.PROTECT, related_name="steps")
    order = models.PositiveSmallIntegerField()
    group = models.PositiveSmallIntegerField()  # steps of one group act in parallel
    kind = models.CharField(max_length=10, choices=StepKind)
    signer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="steps")
    name = models.CharField(max_length=50)
    position = models.CharField(max_length=50)
    department_name = models.CharField(max_length=210)
    # tells whether the signer has moved to another department since
    department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    acted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="acted_steps")
    mode = models.CharField(max_length=25, choices=Mode, default=Mode.NORMAL, blank=True)
    state = models.CharField(max_length=15, choices=State, default=State.WAITING)
    opinion = models.TextField(blank=True)
    acted_at = models.DateTimeField(null=True)
    is_time_assumed = models.BooleanField(default=False)  # the source of an old signature has no time; never printed
    digest = models.CharField(max_length=64, blank=True)  # the edition that was shown and signed

    class Meta:
        ordering = ("order",)
        constraints = [
            models.UniqueConstraint(fields=["round", "order"], name="step_order_once"),
            models.UniqueConstraint(fields=["round", "signer"], name="nobody_signs_twice"),
            models.CheckConstraint(
                condition=Q(
                    state__in=("signed", "signed_opinion", "skipped", "rejected"),
                    acted_by__isnull=False,
                    acted_at__isnull=False,
                )
                & ~Q(digest="")
                | Q(
                    state__in=("waiting", "current", "held", "cancelled"),
                    acted_by__isnull=True,
                    acted_at__isnull=True,
                    digest="",
                ),
                name="step_who_when_what_together",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.name}"


class Act(models.Model):
    """One act of one person, chained by hash within its document; the database refuses UPDATE and DELETE."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="acts")
    number = models.PositiveIntegerField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="acts")
    action = models.CharField(max_length=20)
    round = models.ForeignKey(Round, models.PROTECT, null=True, related_name="acts")
    step = models.ForeignKey(Step, models.PROTECT, null=True, related_name="acts")
    opinion = models.TextField(blank=True)
    detail = JSONField(default=dict)  # what else the act decided: the route at submission, reasons, old and new
    lock_version = models.PositiveIntegerField()  # the document's, as this act left it
    digest = models.CharField(max_length=64)  # the edition that was shown
    at = models.DateTimeField()
    is_time_assumed = models.BooleanField(default=False)
    form_key = models.CharField(max_length=64, unique=True)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ("document", "number")
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="act_number_once")]

    def __str__(self) -> str:
        return f"{self.number} {self.action}"


class Seal(models.Model):
    """A link of the one global chain: the last act's hash of each ended round, in the order of their ends."""

    number = models.PositiveIntegerField(unique=True)
    document = models.ForeignKey(Document, models.PROTECT, related_name="seals")
    head = models.CharField(max_length=64)
    at = models.DateTimeField()
    previous = models.CharField(max_length=64, unique=True)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ("number",)

    def __str__(self) -> str:
        return str(self.number)


class ApprovalRoute(Row):
    """결재선 of a person, of a department, or of one document for its next submission."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="approval_routes"
    )
    department = models.ForeignKey(Department, models.CASCADE, null=True, blank=True, related_name="approval_routes")
    document = models.OneToOneField(Document, models.CASCADE, null=True, blank=True, related_name="approval_route")
    name = LineField(_("결재선 이름"), max_length=100)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(owner__isnull=False, department__isnull=True, document__isnull=True)
                | Q(owner__isnull=True, department__isnull=False, document__isnull=True)
                | Q(owner__isnull=True, department__isnull=True, document__isnull=False),
                name="route_has_one_owner",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RouteStep(models.Model):
    """A step of an approval route: a person, or the holder of a 직위 in the department."""

    route = models.ForeignKey(ApprovalRoute, models.CASCADE, related_name="steps")
    order = models.PositiveSmallIntegerField()
    group = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=StepKind)
    mode = models.CharField(max_length=25, choices=Mode, default=Mode.NORMAL, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="route_steps"
    )
    position = LineField(_("직위"), max_length=50, blank=True)

    class Meta:
        ordering = ("order",)
        constraints = [
            models.UniqueConstraint(fields=["route", "order"], name="routestep_order_once"),
            models.CheckConstraint(
                condition=Q(user__isnull=False, position="") | (Q(user__isnull=True) & ~Q(position="")),
                name="routestep_user_or_position",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.user or self.position}"


class Authority(Row):
    """위임전결: the lowest 직급 that may decide a matter in one organisation (규정 §10②)."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="authorities")
    matter = LineField(_("업무"))
    level = models.PositiveSmallIntegerField(_("전결권자"), choices=Level)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "matter"], name="authority_once")]

    def __str__(self) -> str:
        return self.matter


class Absence(Row):
    """부재 of a person, with the substitutes (직무대리) in order."""

    class Reason(models.TextChoices):
        TRIP = "trip", _("출장")
        LEAVE = "leave", _("휴가")
        TRAINING = "training", _("교육")
        VACANT = "vacant", _("공석")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="absences")
    starts_at = models.DateTimeField(_("시작"))
    ends_at = models.DateTimeField(_("끝"))
    reason = models.CharField(_("사유"), max_length=10, choices=Reason)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="absence_ends_after_start")]

    def __str__(self) -> str:
        return f"{self.user} {self.get_reason_display()}"


class Substitute(models.Model):
    """A substitute for an absent person; ``order`` is 1 to 3."""

    absence = models.ForeignKey(Absence, models.CASCADE, related_name="substitutes")
    order = models.PositiveSmallIntegerField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="substitutions")

    class Meta:
        ordering = ("order",)
        constraints = [
            models.UniqueConstraint(fields=["absence", "order"], name="substitute_order_once"),
            models.UniqueConstraint(fields=["absence", "user"], name="substitute_once"),
            models.CheckConstraint(condition=Q(order__range=(1, 3)), name="substitute_order_1_to_3"),
        ]

    def __str__(self) -> str:
        return f"{self.order}. {self.user}"
