"""Saved approval routes (결재선): edit the one of a draft, save it as one's own, apply a saved one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from accounts.models import User
from approvals.guards import ActRefused, StaleAct, acts_since, refuse_unless
from approvals.models import ApprovalRoute, Document, Mode, RouteStep, StepKind
from rows.recording import record_changes

SEARCH_MAX = 20  # people in the result of a search
STEPS_MAX = 20  # of one route, without the drafter's


@dataclass(frozen=True)
class DraftStep:
    """A step of a route that is being edited. ``is_together``: it acts in parallel with the step before it (협조)."""

    user: User
    kind: str
    mode: str = Mode.NORMAL
    is_together: bool = False


def add_step(steps: Sequence[DraftStep], user: User) -> list[DraftStep]:
    """Return the steps with one more for ``user``, placed by 직급; the last step decides, also if it is the new one."""
    if not steps:
        return [DraftStep(user, StepKind.DECIDE)]
    *before, last = steps
    if last.kind != StepKind.DECIDE:
        return [*steps, DraftStep(user, StepKind.REVIEW)]
    level = user.level or 0
    if last.user.level and level > last.user.level:
        return [*before, replace(last, kind=StepKind.REVIEW, mode=Mode.NORMAL), DraftStep(user, StepKind.DECIDE)]
    above = (at for at, step in enumerate(before) if level and (step.user.level or 0) > level and not step.is_together)
    at = next(above, len(before))
    return [*steps[:at], DraftStep(user, StepKind.REVIEW), *steps[at:]]


def move_step(steps: Sequence[DraftStep], index: int, by: int) -> list[DraftStep]:
    """Return the steps with the one at ``index`` moved up (``by`` -1) or down (1); the last step stays 결재."""
    order, to = list(steps), min(max(index + by, 0), len(steps) - 1)
    order[index], order[to] = order[to], order[index]
    if index != to and len(steps) - 1 in (index, to) and steps[-1].kind == StepKind.DECIDE:
        decider, last = order[-2:]
        order[-2:] = (
            replace(decider, kind=last.kind, mode=last.mode),
            replace(last, kind=decider.kind, mode=decider.mode),
        )
    return order


def search_signers(words: str, *, by: User) -> QuerySet[User]:
    """Return people whose 성명, 직위 or 부서 contain each of the words; the searcher's own department comes first."""
    people = User.objects.filter(is_active=True, is_admin=False, department__isnull=False).exclude(position="")
    for word in words.split():
        people = people.filter(
            Q(name__icontains=word)
            | Q(position__icontains=word)
            | Q(department__name__icontains=word)
            | Q(department__bureau__icontains=word)
            | Q(department__organisation__name__icontains=word)
        )
    organisation = by.department.organisation_id if by.department else None
    nearness = Case(
        When(department=by.department_id, then=Value(0)),
        When(department__organisation=organisation, then=Value(1)),
        default=Value(2),
    )
    return people.select_related("department__organisation").order_by(nearness, "level", "name", "pk")[:SEARCH_MAX]


def available_routes(document: Document, *, by: User) -> QuerySet[ApprovalRoute]:
    """Return the routes that the person may apply: the person's own and those of the document's 처리과."""
    rows = ApprovalRoute.objects.filter(Q(owner=by) | Q(department=document.department_id))
    return rows.prefetch_related("steps__user").order_by("department", "name", "pk")


@transaction.atomic
def set_route(document: Document, steps: Sequence[DraftStep], *, by: User, lock_version: int) -> ApprovalRoute:
    """Save the route of the document's next submission: the drafter, then ``steps`` in order.

    Raises PermissionDenied for anyone but the drafter, StaleAct, or ActRefused for more than STEPS_MAX steps.
    """
    _lock_draft(document, by=by, lock_version=lock_version)
    refuse_unless(len(steps) <= STEPS_MAX, _("결재선이 너무 깁니다. 20명까지 정할 수 있습니다."))
    route = ApprovalRoute.objects.filter(document=document).first()
    route = route or ApprovalRoute(document=document, name=_("결재선")).save_by(by)
    rows = list(_route_steps(route, steps, drafter=by))
    if [*map(_comparable, route.steps.order_by("order"))] != [*map(_comparable, rows)]:
        with record_changes([route], by=by, many=["steps"]):
            route.save()
            route.steps.all().delete()
            RouteStep.objects.bulk_create(rows)
        _increment_version(document)
    return route


def _route_steps(route: ApprovalRoute, steps: Sequence[DraftStep], *, drafter: User) -> Iterator[RouteStep]:
    """Yield the rows of a route: the drafter's, then one for each step."""
    yield RouteStep(route=route, order=0, group=0, kind=StepKind.DRAFT, user=drafter)
    group = 0
    for order, step in enumerate(steps, start=1):
        is_parallel = step.is_together and step.kind == StepKind.COOPERATE and group
        group += 0 if is_parallel else 1
        yield RouteStep(route=route, order=order, group=group, kind=step.kind, mode=step.mode, user=step.user)


def _comparable(step: RouteStep) -> tuple[object, ...]:
    return step.order, step.group, step.kind, step.mode, step.position, step.user_id


@transaction.atomic
def apply_saved_route(document: Document, route: ApprovalRoute, *, by: User, lock_version: int) -> ApprovalRoute:
    """Copy a saved route to the document. Raises like ``set_route``, and PermissionDenied unless the route is available."""
    if not available_routes(document, by=by).filter(pk=route.pk).exists():
        raise PermissionDenied
    _lock_draft(document, by=by, lock_version=lock_version)
    _increment_version(document)
    for replaced in ApprovalRoute.objects.filter(document=document):
        replaced.delete_by(by)
    return _copy_steps(route, ApprovalRoute(document=document, name=route.name).save_by(by))


@transaction.atomic
def save_as_own_route(document: Document, *, name: str, by: User) -> ApprovalRoute:
    """Save the document's route as one's own under ``name``; an own route of that name is replaced."""
    route = ApprovalRoute.objects.filter(document=document).first()
    if route is None:
        raise ActRefused(_("저장할 결재선이 없습니다. 결재선을 먼저 정해 주세요."))
    refuse_unless(name, _("결재선 이름을 적어 주세요."))
    for replaced in ApprovalRoute.objects.filter(owner=by, name=name):
        replaced.delete_by(by)
    own = ApprovalRoute(owner=by, name=name)
    own.full_clean()
    own.save_by(by)
    return _copy_steps(route, own)


def _copy_steps(route: ApprovalRoute, own: ApprovalRoute) -> ApprovalRoute:
    for step in route.steps.all():
        step.pk, step.route = None, own
        step.save(force_insert=True)
    return own


def _lock_draft(document: Document, *, by: User, lock_version: int) -> None:
    locked = Document.objects.select_for_update().get(pk=document.pk)
    if by.pk != locked.drafter_id:
        raise PermissionDenied
    if locked.lock_version != lock_version or locked.state != Document.State.DRAFT:
        raise StaleAct(locked, list(acts_since(locked, lock_version)))


def _increment_version(document: Document) -> None:
    Document.objects.filter(pk=document.pk).update(lock_version=F("lock_version") + 1)
