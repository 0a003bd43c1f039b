"""The form of 결재선: the steps of a route, and a person to be added."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from approvals import saved_routes
from approvals.guards import ActRefused
from approvals.models import ApprovalRoute, Document, Mode, RouteStep, StepKind
from approvals.route_resolution import find_position_holder
from approvals.saved_routes import DraftStep
from reports.forms import DOWN, DROP, UP
from rows.whole_numbers import parse_whole_number

KINDS = [(kind.value, kind.label) for kind in (StepKind.REVIEW, StepKind.COOPERATE, StepKind.DECIDE)]
MODES = [(Mode.NORMAL.value, StepKind.DECIDE.label), (Mode.BY_AUTHORITY.value, Mode.BY_AUTHORITY.label)]
ADD = "add"
STEP = "seat"  # name of a place's key, and beginning of its fields


class DraftStepsForm:
    """The steps after the drafter's as sent by the page; ``do`` moves or drops one, or adds a person.

    A step is identified by its account, so the page shown and the page sent cannot mean different people.
    """

    def __init__(self, data: Any) -> None:
        self.data = data
        self.error = ""

    @property
    def seats(self) -> list[DraftStep]:
        """Return the steps in order, after ``do``; accounts that are gone are left out."""
        act, _colon, key = self.data.get("do", "").partition(":")
        sent = self.data.getlist(STEP)
        keys = [one for one in dict.fromkeys([*sent, *([key] if act == ADD else [])]) if parse_whole_number(one)]
        users = {str(user.pk): user for user in User.objects.filter(pk__in=keys, is_active=True, is_admin=False)}
        seats = [self._seat(users[one]) for one in keys if one in users]
        if len(seats) < len(keys):
            self.error = _("없거나 쓰지 않는 계정은 결재선에서 뺐습니다.")
        chosen = next((seat for seat in seats if str(seat.user.pk) == key), None)
        if chosen is None:
            return seats
        if act == ADD and key not in sent:
            return saved_routes.add_step(seats[:-1], chosen.user)
        if act in {UP, DOWN}:
            return saved_routes.move_step(seats, seats.index(chosen), 1 if act == DOWN else -1)
        return [seat for seat in seats if act != DROP or seat != chosen]

    def _seat(self, user: User) -> DraftStep:
        kind = self.data.get(f"{STEP}-{user.pk}-kind", "")
        mode = self.data.get(f"{STEP}-{user.pk}-mode", "")
        return DraftStep(
            user=user,
            kind=kind if kind in dict(KINDS) else StepKind.REVIEW,
            mode=mode if mode in dict(MODES) and kind == StepKind.DECIDE else Mode.NORMAL,
            is_together=f"{STEP}-{user.pk}-together" in self.data,
        )


def route_lines(line: ApprovalRoute | None, document: Document) -> list[dict[str, Any]]:
    """Return the steps of a route for the page, each with its signer; None if a 직위 has not exactly one holder."""
    if line is None:
        return []
    steps: list[RouteStep] = list(line.steps.select_related("user__department__organisation"))
    return [
        {"step": step, "user": _signer(step, document), "is_together": at > 0 and step.group == steps[at - 1].group}
        for at, step in enumerate(steps)
    ]


def _signer(step: RouteStep, document: Document) -> User | None:
    try:
        return step.user or find_position_holder(step, document.department)
    except ActRefused:
        return None
