"""결재선: the places of a line, a line each, and the person to be added."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from approvals.guards import Refused
from approvals.line import holder
from approvals.lines import Seat
from approvals.models import Document, Line, LineStep, Mode, StepKind
from conference.models import User
from conference.whole_numbers import whole_number
from reports.forms.grid import DOWN, DROP, UP

KINDS = [(kind.value, kind.label) for kind in (StepKind.REVIEW, StepKind.COOPERATE, StepKind.DECIDE)]
MODES = [(mode.value, mode.label) for mode in (Mode.NORMAL, Mode.BY_AUTHORITY)]
SEAT = "seat"  # name of a place's key, and beginning of its fields


class SeatsForm:
    """What the page sent of the places after the drafter's; ``do`` moves or drops one, ``add`` names a new person.

    A place is kept by its account, so that the line shown and the line sent cannot mean two people.
    """

    def __init__(self, data: Any) -> None:
        self.data = data
        self.error = ""

    @property
    def seats(self) -> list[Seat]:
        """Return the places in order; accounts that are no longer there are left out."""
        keys = self._keys()
        if len(keys) > len(set(keys)):
            keys = list(dict.fromkeys(keys))
        users = {str(user.pk): user for user in User.objects.filter(pk__in=keys, is_active=True, is_admin=False)}
        seats = [self._seat(users[key]) for key in keys if key in users]
        if len(seats) < len(keys):
            self.error = _("없거나 쓰지 않는 계정은 결재선에서 뺐습니다.")
        return seats

    def _seat(self, user: User) -> Seat:
        # who is put into an empty line decides; those after them are put before them, and review
        usual = StepKind.REVIEW if self.data.getlist(SEAT) else StepKind.DECIDE
        kind = self.data.get(f"{SEAT}-{user.pk}-kind", usual)
        mode = self.data.get(f"{SEAT}-{user.pk}-mode", "")
        return Seat(
            user=user,
            kind=kind if kind in dict(KINDS) else StepKind.REVIEW,
            mode=mode if mode in dict(MODES) and kind == StepKind.DECIDE else Mode.NORMAL,
            is_together=f"{SEAT}-{user.pk}-together" in self.data,
        )

    def _keys(self) -> list[str]:
        keys = [key for key in self.data.getlist(SEAT) if whole_number(key) is not None]
        act, _colon, key = self.data.get("do", "").partition(":")
        if act == "add" and whole_number(key) is not None and key not in keys:
            # before the one who decides: whoever decides stays the last
            at = len(keys) - 1 if keys and self.data.get(f"{SEAT}-{keys[-1]}-kind") == StepKind.DECIDE else len(keys)
            keys.insert(at, key)
        elif key in keys:
            at = keys.index(key)
            if act == DROP:
                keys.remove(key)
            elif act in {UP, DOWN}:
                other = min(max(at + (1 if act == DOWN else -1), 0), len(keys) - 1)
                keys[at], keys[other] = keys[other], keys[at]
        return keys


def shown(line: Line | None, document: Document) -> list[dict[str, Any]]:
    """Return the places of a line for the page; of a 직위 the person who holds it now, where there is just one."""
    if line is None:
        return []
    steps: list[LineStep] = list(line.steps.select_related("user__department__organisation"))
    return [
        {"step": step, "user": _who(step, document), "is_together": at > 0 and step.group == steps[at - 1].group}
        for at, step in enumerate(steps)
    ]


def _who(step: LineStep, document: Document) -> User | None:
    try:
        return step.user or holder(step, document.department)
    except Refused:
        return None
