"""결재선: who would sign a document if it were submitted now, by the rules of a valid line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from accounts.models import Department, Level, User
from approvals import document_types
from approvals.guards import Refused, refuse_unless
from approvals.models import Authority, Document, Line, LineStep, StepKind

BEFORE_THE_LAST = (StepKind.REVIEW, StepKind.COOPERATE)


@dataclass(frozen=True)
class Place:
    """One person's place; places of one group act in parallel."""

    kind: str
    group: int
    user: User
    mode: str


@dataclass(frozen=True)
class Resolved:
    """A valid line in order, and in Korean what was merged or left out on the way to it."""

    places: list[Place]
    notes: list[str]


def resolve(document: Document) -> Resolved:
    """Return the line of the document's next submission. Raises Refused, naming what is wrong and how to mend it."""
    given = _given(document)
    _check_order(given, document)
    places, notes = _merge(given)
    for place in places:
        _check_person(place.user)
    _check_authority(places[-1], document)
    ranks = {group: rank for rank, group in enumerate(sorted({place.group for place in places}))}
    return Resolved([replace(place, group=ranks[place.group]) for place in places], notes)


def outranked(places: Sequence[Place]) -> list[Place]:
    """Return the 검토 of a valid line by people of a higher 직급 than the one who decides; 협조 is by others' offices."""
    level = places[-1].user.level
    return [place for place in places if level and place.kind == StepKind.REVIEW and (place.user.level or 0) > level]


def _given(document: Document) -> list[Place]:
    line = Line.objects.filter(document=document).first()
    steps = list(line.steps.select_related("user__department").order_by("group", "order")) if line else []
    refuse_unless(steps, _("결재선이 없습니다. 결재선을 먼저 정해 주세요."))
    return [Place(step.kind, step.group, step.user or holder(step, document.department), step.mode) for step in steps]


def holder(step: LineStep, department: Department) -> User:
    """Find the one person who holds a 직위: in the office itself, else in its 국."""
    holders = User.objects.filter(position=step.position, is_active=True, department__isnull=False).select_related(
        "department"
    )
    found = list(holders.filter(department=department)) or list(
        holders.filter(
            department__organisation=department.organisation_id, department__bureau=department.bureau
        ).exclude(department__bureau="")
    )
    refuse_unless(
        len(found) == 1,
        _("‘%(position)s’ 직위에 있는 사람을 한 명으로 정할 수 없습니다(%(count)d명). 결재선에서 사람을 골라 주세요.")
        % {"position": step.position, "count": len(found)},
    )
    return found[0]


def _check_order(given: Sequence[Place], document: Document) -> None:
    *before, last = given
    first = given[0]
    refuse_unless(
        first.kind == StepKind.DRAFT and first.user.pk == document.drafter_id,
        _("결재선의 첫 자리는 기안자 본인이어야 합니다."),
    )
    refuse_unless(last.kind == StepKind.DECIDE, _("결재선의 마지막 자리는 결재여야 합니다."))
    refuse_unless(
        all(place.kind in BEFORE_THE_LAST for place in before[1:]),
        _("기안과 결재는 한 번씩만 있어야 하고, 그 사이에는 검토와 협조만 둘 수 있습니다."),
    )
    together = Counter(place.group for place in given)
    refuse_unless(
        all(place.kind == StepKind.COOPERATE for place in given if together[place.group] > 1),
        _("같은 차례에 함께 처리할 수 있는 것은 협조뿐입니다. 나머지는 차례를 나누어 주세요."),
    )
    refuse_unless(
        last.user.pk != document.drafter_id,
        _("기안자가 마지막 결재까지 하는 자기결재는 아직 할 수 없습니다. 한 단계 위의 결재자로 결재선을 마쳐 주세요."),
    )


def _merge(given: Sequence[Place]) -> tuple[list[Place], list[str]]:
    """Let nobody sign twice: the higher place stays, 협조 gives way to all others, 기안 takes in the drafter's 검토."""
    drafter = given[0].user.pk
    highest = {place.user.pk: place for place in given if place.kind in (StepKind.REVIEW, StepKind.DECIDE)}
    cooperators: set[int] = set()
    kept, notes = [given[0]], []
    for place in given[1:]:
        who = place.user.pk
        if who == drafter:
            notes.append(_("%(who)s: 기안자이므로 %(kind)s 자리를 기안에 합쳤습니다.") % _named(place))
        elif place.kind == StepKind.COOPERATE and who in highest:
            notes.append(_("%(who)s: 검토나 결재를 하므로 협조에서 뺐습니다.") % _named(place))
        elif place.kind == StepKind.COOPERATE and who in cooperators:
            notes.append(_("%(who)s: 협조에 두 번 있어 한 번으로 합쳤습니다.") % _named(place))
        elif place.kind != StepKind.COOPERATE and highest[who] is not place:
            higher = {"higher": StepKind(highest[who].kind).label}
            notes.append(_("%(who)s: 두 번 있어 뒤의 %(higher)s 자리로 합쳤습니다.") % (_named(place) | higher))
        else:
            kept.append(place)
            cooperators |= {who} if place.kind == StepKind.COOPERATE else set()
    return kept, notes


def _named(place: Place) -> dict[str, str]:
    return {"who": str(place.user), "kind": str(StepKind(place.kind).label)}


def _check_person(user: User) -> None:
    if not user.is_active or user.is_admin:
        raise Refused(_("%(who)s: 결재할 수 없는 계정입니다. 결재선에서 바꿔 주세요.") % {"who": user})
    if not user.position or not user.department_id:
        raise Refused(
            _("%(who)s: 직위나 소속이 비어 있습니다. 시스템 관리자에게 계정을 고쳐 달라고 해 주세요.") % {"who": user}
        )


def _check_authority(last: Place, document: Document) -> None:
    """The last signer's level is not below the 위임전결 rule of the document's matter (규정 §10②), where one is known."""
    matter = getattr(document_types.of(document), "matter", lambda _document: "")(document)
    rule = (
        Authority.objects.filter(organisation=document.department.organisation_id, matter=matter).first()
        if matter
        else None
    )
    if rule and (last.user.level or 0) < rule.level:
        raise Refused(
            _(
                "위임전결 규칙에 따라 ‘%(matter)s’ 업무는 %(level)s 이상이 결재합니다. 결재선의 마지막 자리를 바꿔 주세요."
            )
            % {"matter": matter, "level": Level(rule.level).label}
        )


def plain(places: Iterable[Place]) -> list[dict[str, object]]:
    """Return places as the steps they become, in order, as plain values for rows and for the chain of acts."""
    return [
        {
            "order": order,
            "group": place.group,
            "kind": str(place.kind),
            "mode": str(place.mode),
            **person(place.user),
        }
        for order, place in enumerate(places)
    ]


def person(user: User) -> dict[str, object]:
    """Return who stands at a place, as plain values as of now."""
    return {
        "signer": user.pk,
        "name": user.name,
        "position": user.position,
        "department": user.department_id,
        "department_name": str(user.department or ""),
    }
