"""Documents that wait for somebody who has left: whose account is stopped, or who belongs to another office by now.

Nobody signs for others. The 결재 관리자 of the document's 처리과 names another signer or ends the round, and a colleague
of the 처리과 takes a draft over (T13, T27); this module says where that is called for, and who can do it.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Department, User
from approvals.models import Document, Round, Step, StepKind

NOT_ACTED = [state for state in Step.State if state not in (*Step.ACTED, Step.State.CANCELLED)]
OPEN_STATES = (
    Document.State.DRAFT,
    Document.State.RUNNING,
    Document.State.RETURNED,
    Document.State.WITHDRAWN,
)
SIGNER_LEFT = Q(signer__is_active=False) | ~Q(signer__department=F("department")) | Q(signer__department=None)


def has_left(user: User, department_id: int) -> bool:
    """Whether the person cannot act for that office any more."""
    return not user.is_active or user.department_id != department_id


def stuck(steps: Iterable[Step]) -> list[Step]:
    """Return the steps, with their signers at hand, on which nobody can act: those to come too, for they will stop it."""
    return [step for step in steps if step.state in NOT_ACTED and has_left(step.signer, step.department_id)]


def drafter_left(document: Document) -> bool:
    """Whether the document is still to be worked on and its drafter cannot."""
    return document.state in OPEN_STATES and has_left(document.drafter, document.department_id)


def may_take_over(user: User, document: Document) -> bool:
    """Whether the person is a colleague who may go on with the draft of somebody who has left."""
    is_colleague = user.department_id == document.department_id and user.position and not user.is_admin
    return bool(is_colleague) and drafter_left(document) and not still_signs(user, document)


def still_signs(user: User, document: Document) -> bool:
    """Whether the person is still to act in the document's running round."""
    steps = Step.objects.filter(round__document=document, round__state=Round.State.RUNNING)
    return steps.filter(signer=user, state__in=NOT_ACTED).exists()


def is_manager(user: User, document: Document) -> bool:
    """Whether the person is 결재 관리자 of the document's 처리과, and still of that office."""
    department = document.department
    return department.approval_manager_id == user.pk and user.is_active and user.department_id == department.pk


def candidates(step: Step) -> QuerySet[User]:
    """Return who may take the step's place: 협조 is the office's, other steps want the same rank at least.

    Nobody who is in the line already, and not the drafter.
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


def waiting_for(user: User) -> list[str]:
    """Say which documents wait for the person, and who must be found for them once the account is stopped or moved."""
    steps = Step.objects.filter(signer=user, state__in=NOT_ACTED, round__state=Round.State.RUNNING)
    drafts = Document.objects.filter(drafter=user, state__in=OPEN_STATES)
    signs, writes = steps.values("round").distinct().count(), drafts.count()
    said = []
    if signs:
        text = _(
            "이 직원이 결재할 문서가 %(count)d건 있습니다. 소속을 바꾸거나 계정을 중지하면 "
            "문서마다 처리과의 결재 관리자가 결재자를 바꿔야 합니다."
        )
        said.append(text % {"count": signs})
        offices = Department.objects.filter(documents__rounds__steps__in=steps, approval_manager=None).distinct()
        if names := ", ".join(map(str, offices.select_related("organisation").order_by("pk"))):
            said.append(_("결재 관리자가 아직 없는 처리과: %(offices)s. 먼저 정해 주세요.") % {"offices": names})
    if writes:
        text = _(
            "이 직원이 기안한 문서 %(count)d건이 끝나지 않았습니다. 소속을 바꾸거나 계정을 중지하면 "
            "같은 처리과의 직원이 기안을 넘겨받아야 합니다."
        )
        said.append(text % {"count": writes})
    return said


def told(document: Document, steps: Iterable[Step]) -> list[str]:
    """Say who is missing and who can help; nothing where nobody is missing."""
    gone = stuck(steps) if document.state == Document.State.RUNNING else []
    said = []
    if gone:
        names = ", ".join(f"{step.position} {step.name}" for step in gone)
        text = _("전출·퇴직 등으로 결재할 수 없는 결재자가 있어 결재가 멈춥니다: %(names)s.")
        said = [text % {"names": names}, _who_replaces(document)]
    if drafter_left(document):
        said.append(
            _(
                "기안자 %(drafter)s님이 전출·퇴직 등으로 이 문서를 처리할 수 없습니다. "
                "%(office)s의 다른 직원이 기안을 넘겨받을 수 있습니다."
            )
            % {"drafter": document.drafter, "office": document.department}
        )
    return said


def _who_replaces(document: Document) -> str:
    manager = document.department.approval_manager
    if manager and is_manager(manager, document):
        text = _("결재 관리자 %(manager)s님이 결재자를 바꾸거나 결재를 중단할 수 있습니다.")
        return text % {"manager": manager}
    admins = User.objects.filter(is_admin=True, is_active=True).order_by("pk").values_list("name", flat=True)
    text = _("%(office)s에 결재 관리자가 없습니다. 시스템 관리자(%(admins)s)에게 결재 관리자를 정해 달라고 해 주세요.")
    return text % {"office": document.department, "admins": ", ".join(admins)}
