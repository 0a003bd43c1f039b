"""결재선: the people who would sign a document if it were submitted now, and the rules of a valid approval route."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypedDict

from django.utils.translation import gettext as _

from accounts.models import Department, Level, User
from approvals import document_types
from approvals.guards import ActRefused, refuse_unless
from approvals.models import ApprovalRoute, Authority, Document, RouteStep, StepKind

MIDDLE_KINDS = (StepKind.REVIEW, StepKind.COOPERATE)


class SignerValues(TypedDict):
    """A signer as plain values: in the act of submission and in the rows of steps."""

    signer: int
    name: str
    position: str
    department: int | None
    department_name: str


class StepValues(SignerValues):
    """A step of a route as plain values."""

    order: int
    group: int
    kind: str  # StepKind
    mode: str  # Mode


@dataclass(frozen=True)
class ResolvedStep:
    """One person's step of a resolved route; steps of one group act in parallel."""

    kind: str
    group: int
    user: User
    mode: str


@dataclass(frozen=True)
class ResolvedRoute:
    """The steps of a valid route in order, and Korean notes on what was merged or left out."""

    steps: list[ResolvedStep]
    notes: list[str]


def resolve_route(document: Document) -> ResolvedRoute:
    """Return the route of the document's next submission. Raises ActRefused; the message says what is wrong with the route."""
    steps = _load_steps(document)
    _check_order(steps, document)
    steps, notes = _merge_steps(steps)
    for step in steps:
        _check_person(step.user)
    _check_authority(steps[-1], document)
    groups = sorted({step.group for step in steps})  # numbered from 0 without gaps
    return ResolvedRoute([replace(step, group=groups.index(step.group)) for step in steps], notes)


def higher_ranked_reviews(steps: Sequence[ResolvedStep]) -> list[ResolvedStep]:
    """Return the 검토 steps whose signer has a higher 직급 than the decider. 협조 is left out: it is by other departments."""
    level = steps[-1].user.level
    return [step for step in steps if level and step.kind == StepKind.REVIEW and (step.user.level or 0) > level]


def _load_steps(document: Document) -> list[ResolvedStep]:
    route = ApprovalRoute.objects.filter(document=document).first()
    steps = list(route.steps.select_related("user__department").order_by("group", "order")) if route else []
    refuse_unless(steps, _("결재선이 없습니다. 결재선을 먼저 정해 주세요."))
    return [
        ResolvedStep(step.kind, step.group, step.user or find_position_holder(step, document.department), step.mode)
        for step in steps
    ]


def find_position_holder(step: RouteStep, department: Department) -> User:
    """Return the one person who holds the step's 직위: in the department, else in its 국. Raises ActRefused."""
    holders = User.objects.filter(position=step.position, is_active=True, department__isnull=False).select_related(
        "department"
    )
    people = list(holders.filter(department=department)) or list(
        holders.filter(
            department__organisation=department.organisation_id, department__bureau=department.bureau
        ).exclude(department__bureau="")
    )
    refuse_unless(
        len(people) == 1,
        _("‘%(position)s’ 직위에 있는 사람을 한 명으로 정할 수 없습니다(%(count)d명). 결재선에서 사람을 골라 주세요.")
        % {"position": step.position, "count": len(people)},
    )
    return people[0]


def _check_order(steps: Sequence[ResolvedStep], document: Document) -> None:
    *before, last = steps
    first = steps[0]
    refuse_unless(
        first.kind == StepKind.DRAFT and first.user.pk == document.drafter_id,
        _("결재선의 첫 자리는 기안자 본인이어야 합니다."),
    )
    refuse_unless(last.kind == StepKind.DECIDE, _("결재선의 마지막 자리는 결재여야 합니다."))
    refuse_unless(
        all(step.kind in MIDDLE_KINDS for step in before[1:]),
        _("기안과 결재는 한 번씩만 있어야 하고, 그 사이에는 검토와 협조만 둘 수 있습니다."),
    )
    together = Counter(step.group for step in steps)
    refuse_unless(
        all(step.kind == StepKind.COOPERATE for step in steps if together[step.group] > 1),
        _("같은 차례에 함께 처리할 수 있는 것은 협조뿐입니다. 나머지는 차례를 나누어 주세요."),
    )
    refuse_unless(
        last.user.pk != document.drafter_id,
        _("기안자가 마지막 결재까지 하는 자기결재는 아직 할 수 없습니다. 한 단계 위의 결재자로 결재선을 마쳐 주세요."),
    )


def _merge_steps(steps: Sequence[ResolvedStep]) -> tuple[list[ResolvedStep], list[str]]:
    """Let nobody sign twice: keep the higher step, drop 협조 for 검토 or 결재, merge the drafter's other steps into 기안."""
    drafter = steps[0].user.pk
    highest = {step.user.pk: step for step in steps if step.kind in (StepKind.REVIEW, StepKind.DECIDE)}
    cooperators: set[int] = set()
    merged, notes = [steps[0]], []
    for step in steps[1:]:
        who = step.user.pk
        if who == drafter:
            notes.append(_("%(who)s: 기안자이므로 %(kind)s 자리를 기안에 합쳤습니다.") % _note_values(step))
        elif step.kind == StepKind.COOPERATE and who in highest:
            notes.append(_("%(who)s: 검토나 결재를 하므로 협조에서 뺐습니다.") % _note_values(step))
        elif step.kind == StepKind.COOPERATE and who in cooperators:
            notes.append(_("%(who)s: 협조에 두 번 있어 한 번으로 합쳤습니다.") % _note_values(step))
        elif step.kind != StepKind.COOPERATE and highest[who] is not step:
            higher = {"higher": StepKind(highest[who].kind).label}
            notes.append(_("%(who)s: 두 번 있어 뒤의 %(higher)s 자리로 합쳤습니다.") % (_note_values(step) | higher))
        else:
            merged.append(step)
            cooperators |= {who} if step.kind == StepKind.COOPERATE else set()
    return merged, notes


def _note_values(step: ResolvedStep) -> dict[str, str]:
    return {"who": str(step.user), "kind": str(StepKind(step.kind).label)}


def _check_person(user: User) -> None:
    if not user.is_active or user.is_admin:
        raise ActRefused(_("%(who)s: 결재할 수 없는 계정입니다. 결재선에서 바꿔 주세요.") % {"who": user})
    if not user.position or not user.department_id:
        text = _("%(who)s: 직위나 소속이 비어 있습니다. 시스템 관리자에게 계정을 고쳐 달라고 해 주세요.")
        raise ActRefused(text % {"who": user})


def _check_authority(last: ResolvedStep, document: Document) -> None:
    """Refuse a last signer whose 직급 is below the 위임전결 rule of the document's matter (규정 §10②), if there is a rule."""
    matter = getattr(document_types.type_of(document), "matter", lambda _document: "")(document)
    rule = (
        Authority.objects.filter(organisation=document.department.organisation_id, matter=matter).first()
        if matter
        else None
    )
    if rule and (last.user.level or 0) < rule.level:
        raise ActRefused(
            _(
                "위임전결 규칙에 따라 ‘%(matter)s’ 업무는 %(level)s 이상이 결재합니다. 결재선의 마지막 자리를 바꿔 주세요."
            )
            % {"matter": matter, "level": Level(rule.level).label}
        )


def step_values(steps: Iterable[ResolvedStep]) -> list[StepValues]:
    """Return the steps as plain values, for the rows of a round and for the act of submission."""
    return [
        {
            "order": order,
            "group": step.group,
            "kind": str(step.kind),
            "mode": str(step.mode),
            **signer_values(step.user),
        }
        for order, step in enumerate(steps)
    ]


def signer_values(user: User) -> SignerValues:
    """Return the signer's account, name, 직위 and department as they are now, as plain values."""
    return {
        "signer": user.pk,
        "name": user.name,
        "position": user.position,
        "department": user.department_id,
        "department_name": str(user.department or ""),
    }
