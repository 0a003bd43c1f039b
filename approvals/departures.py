"""Documents whose signer or drafter has left: the account is deactivated or belongs to another department now.

Nobody signs for another person. The 결재 관리자 of the document's 처리과 replaces the signer or ends the round, and a
colleague of the 처리과 takes a draft over (T13, T27). This module finds such documents and the people who may act.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Department, User
from approvals.models import Document, Round, Step, StepKind

PENDING_STEP_STATES = [state for state in Step.State if state not in (*Step.ACTED, Step.State.CANCELLED)]
UNFINISHED_DOCUMENT_STATES = (
    Document.State.DRAFT,
    Document.State.RUNNING,
    Document.State.RETURNED,
    Document.State.WITHDRAWN,
)
SIGNER_HAS_LEFT = Q(signer__is_active=False) | ~Q(signer__department=F("department")) | Q(signer__department=None)


def has_left(user: User, department_id: int) -> bool:
    """Whether the person can no longer act for that department."""
    return not user.is_active or user.department_id != department_id


def blocked_steps(steps: Iterable[Step]) -> list[Step]:
    """Return the open and future steps whose signer has left; ``steps`` come with ``signer``."""
    return [step for step in steps if step.state in PENDING_STEP_STATES and has_left(step.signer, step.department_id)]


def has_drafter_left(document: Document) -> bool:
    """Whether the document is unfinished and its drafter has left."""
    return document.state in UNFINISHED_DOCUMENT_STATES and has_left(document.drafter, document.department_id)


def can_take_over(user: User, document: Document) -> bool:
    """Whether the person is a colleague who may take over the document from a drafter who has left."""
    is_colleague = user.department_id == document.department_id and user.position and not user.is_admin
    return bool(is_colleague) and has_drafter_left(document) and not has_pending_step(user, document)


def has_pending_step(user: User, document: Document) -> bool:
    """Whether the person has a step without an act in the document's running round."""
    steps = Step.objects.filter(round__document=document, round__state=Round.State.RUNNING)
    return steps.filter(signer=user, state__in=PENDING_STEP_STATES).exists()


def is_approval_manager(user: User, document: Document) -> bool:
    """Whether the person is 결재 관리자 of the document's 처리과 and still belongs to it."""
    department = document.department
    return department.approval_manager_id == user.pk and user.is_active and user.department_id == department.pk


def replacement_candidates(step: Step) -> QuerySet[User]:
    """Return the people who may sign the step instead: for 협조 the same department, for other steps the same 직급 or higher.

    The drafter and the signers of the round are left out.
    """
    people = User.objects.filter(is_active=True, is_admin=False, department__isnull=False).exclude(position="")
    people = people.exclude(pk__in=Step.objects.filter(round=step.round_id).values("signer"))
    people = people.exclude(pk=step.round.document.drafter_id)
    if step.kind == StepKind.COOPERATE:
        people = people.filter(department=step.department_id)
    else:
        organisation = step.department.organisation_id
        people = people.filter(department__organisation=organisation, level__gte=step.signer.level or 1)
    return people.select_related("department__organisation").order_by("department", "level", "name", "pk")


def describe_pending_work(user: User) -> list[str]:
    """Return sentences on the documents that wait for the person, for the page that deactivates or moves the account."""
    steps = Step.objects.filter(signer=user, state__in=PENDING_STEP_STATES, round__state=Round.State.RUNNING)
    drafts = Document.objects.filter(drafter=user, state__in=UNFINISHED_DOCUMENT_STATES)
    round_count, draft_count = steps.values("round").distinct().count(), drafts.count()
    sentences = []
    if round_count:
        text = _(
            "이 직원이 결재할 문서가 %(count)d건 있습니다. 소속을 바꾸거나 계정을 중지하면 "
            "문서마다 처리과의 결재 관리자가 결재자를 바꿔야 합니다."
        )
        sentences.append(text % {"count": round_count})
        offices = Department.objects.filter(documents__rounds__steps__in=steps, approval_manager=None).distinct()
        if names := ", ".join(map(str, offices.select_related("organisation").order_by("pk"))):
            sentences.append(_("결재 관리자가 아직 없는 처리과: %(offices)s. 먼저 정해 주세요.") % {"offices": names})
    if draft_count:
        text = _(
            "이 직원이 기안한 문서 %(count)d건이 끝나지 않았습니다. 소속을 바꾸거나 계정을 중지하면 "
            "같은 처리과의 직원이 기안을 넘겨받아야 합니다."
        )
        sentences.append(text % {"count": draft_count})
    return sentences


def describe_departures(document: Document, steps: Iterable[Step]) -> list[str]:
    """Return sentences on who has left and who can act; [] if nobody has left. ``steps`` come with ``signer``."""
    blocked = blocked_steps(steps) if document.state == Document.State.RUNNING else []
    sentences = []
    if blocked:
        names = ", ".join(f"{step.position} {step.name}" for step in blocked)
        text = _("전출·퇴직 등으로 결재할 수 없는 결재자가 있어 결재가 멈춥니다: %(names)s.")
        sentences = [text % {"names": names}, _describe_manager(document)]
    if has_drafter_left(document):
        sentences.append(
            _(
                "기안자 %(drafter)s님이 전출·퇴직 등으로 이 문서를 처리할 수 없습니다. "
                "%(office)s의 다른 직원이 기안을 넘겨받을 수 있습니다."
            )
            % {"drafter": document.drafter, "office": document.department}
        )
    return sentences


def _describe_manager(document: Document) -> str:
    manager = document.department.approval_manager
    if manager and is_approval_manager(manager, document):
        text = _("결재 관리자 %(manager)s님이 결재자를 바꾸거나 결재를 중단할 수 있습니다.")
        return text % {"manager": manager}
    admins = User.objects.filter(is_admin=True, is_active=True).order_by("pk").values_list("name", flat=True)
    text = _("%(office)s에 결재 관리자가 없습니다. 시스템 관리자(%(admins)s)에게 결재 관리자를 정해 달라고 해 주세요.")
    return text % {"office": document.department, "admins": ", ".join(admins)}
