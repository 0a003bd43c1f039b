"""Kept lines (결재선): putting one together by name, keeping it, taking it for a document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from accounts.models import User
from approvals.guards import Stale, refuse_unless, since
from approvals.models import Document, Line, LineStep, Mode, StepKind

FOUND_MAX = 20  # people that a search shows
PLACES_MAX = 20  # of one line


@dataclass(frozen=True)
class Seat:
    """A place of a line in the making. ``is_together``: it acts at the same time as the one before (협조)."""

    user: User
    kind: str
    mode: str = Mode.NORMAL
    is_together: bool = False


def added(seats: Sequence[Seat], user: User) -> list[Seat]:
    """Return the places with one more, put in by 직급; the last one decides, also where it is the new one."""
    if not seats:
        return [Seat(user, StepKind.DECIDE)]
    *before, last = seats
    if last.kind != StepKind.DECIDE:
        return [*seats, Seat(user, StepKind.REVIEW)]
    level = user.level or 0
    if last.user.level and level > last.user.level:
        return [*before, replace(last, kind=StepKind.REVIEW, mode=Mode.NORMAL), Seat(user, StepKind.DECIDE)]
    above = (at for at, seat in enumerate(before) if level and (seat.user.level or 0) > level and not seat.is_together)
    at = next(above, len(before))
    return [*seats[:at], Seat(user, StepKind.REVIEW), *seats[at:]]


def moved(seats: Sequence[Seat], at: int, by: int) -> list[Seat]:
    """Return the places with the one ``at`` a place up (``by`` -1) or down (1); 결재 stays at the last place."""
    order, to = list(seats), min(max(at + by, 0), len(seats) - 1)
    order[at], order[to] = order[to], order[at]
    if at != to and len(seats) - 1 in (at, to) and seats[-1].kind == StepKind.DECIDE:
        decider, last = order[-2:]
        order[-2:] = (
            replace(decider, kind=last.kind, mode=last.mode),
            replace(last, kind=decider.kind, mode=decider.mode),
        )
    return order


def found(words: str, *, by: User) -> QuerySet[User]:
    """Return people whose 성명, 직위 or 부서 hold every one of the words; those of one's own office first."""
    rows = User.objects.filter(is_active=True, is_admin=False, department__isnull=False).exclude(position="")
    for word in words.split():
        rows = rows.filter(
            Q(name__icontains=word)
            | Q(position__icontains=word)
            | Q(department__name__icontains=word)
            | Q(department__bureau__icontains=word)
            | Q(department__organisation__name__icontains=word)
        )
    organisation = by.department.organisation_id if by.department else None
    near = Case(
        When(department=by.department_id, then=Value(0)),
        When(department__organisation=organisation, then=Value(1)),
        default=Value(2),
    )
    return rows.select_related("department__organisation").order_by(near, "level", "name", "pk")[:FOUND_MAX]


def kept(document: Document, *, by: User) -> QuerySet[Line]:
    """Return the lines to choose from: the person's own, and those of the document's 처리과."""
    rows = Line.objects.filter(Q(owner=by) | Q(department=document.department_id))
    return rows.prefetch_related("steps__user").order_by("department", "name", "pk")


@transaction.atomic
def put(document: Document, seats: Sequence[Seat], *, by: User, lock_version: int) -> Line:
    """Give the document the line of its next submission: the drafter, then ``seats`` in order.

    Raises PermissionDenied for anybody but the drafter, Stale, or Refused for what no line can hold.
    """
    _open(document, by=by, lock_version=lock_version)
    refuse_unless(len(seats) <= PLACES_MAX, _("결재선이 너무 깁니다. 20명까지 정할 수 있습니다."))
    line, _made = Line.objects.get_or_create(document=document, defaults={"name": _("결재선")})
    steps = list(_steps(line, seats, drafter=by))
    if [*map(_place, line.steps.order_by("order"))] != [*map(_place, steps)]:
        line.save()
        line.steps.all().delete()
        LineStep.objects.bulk_create(steps)
        _raise_version(document)
    return line


def _steps(line: Line, seats: Sequence[Seat], *, drafter: User) -> Iterator[LineStep]:
    """Yield the steps of a line: the drafter's, then those of the seats."""
    yield LineStep(line=line, order=0, group=0, kind=StepKind.DRAFT, user=drafter)
    group = 0
    for order, seat in enumerate(seats, start=1):
        is_parallel = seat.is_together and seat.kind == StepKind.COOPERATE and group
        group += 0 if is_parallel else 1
        yield LineStep(line=line, order=order, group=group, kind=seat.kind, mode=seat.mode, user=seat.user)


def _place(step: LineStep) -> tuple[object, ...]:
    return step.order, step.group, step.kind, step.mode, step.position, step.user_id


@transaction.atomic
def take(document: Document, line: Line, *, by: User, lock_version: int) -> Line:
    """Take a copy of a kept line; raises like ``put``, and PermissionDenied for a line that is not one's own."""
    if not kept(document, by=by).filter(pk=line.pk).exists():
        raise PermissionDenied
    _open(document, by=by, lock_version=lock_version)
    _raise_version(document)
    Line.objects.filter(document=document).delete()
    return _copy(line, Line.objects.create(document=document, name=line.name))


@transaction.atomic
def keep(document: Document, *, name: str, by: User) -> Line:
    """Keep the document's line as one's own, under a name; the name that is there already is written anew."""
    line = Line.objects.filter(document=document).first()
    refuse_unless(line, _("저장할 결재선이 없습니다. 결재선을 먼저 정해 주세요."))
    refuse_unless(name, _("결재선 이름을 적어 주세요."))
    Line.objects.filter(owner=by, name=name).delete()
    own = Line(owner=by, name=name)
    own.full_clean()
    own.save()
    return _copy(line, own)


def _copy(line: Line, own: Line) -> Line:
    for step in line.steps.all():
        step.pk, step.line = None, own
        step.save(force_insert=True)
    return own


def _open(document: Document, *, by: User, lock_version: int) -> None:
    now = Document.objects.select_for_update().get(pk=document.pk)
    if by.pk != now.drafter_id:
        raise PermissionDenied
    if now.lock_version != lock_version or now.state != Document.State.DRAFT:
        raise Stale(now, list(since(now, lock_version)))


def _raise_version(document: Document) -> None:
    Document.objects.filter(pk=document.pk).update(lock_version=F("lock_version") + 1)
