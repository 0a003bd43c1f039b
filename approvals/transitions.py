"""How a round moves: plain rules on steps in order, without database, clock or persons.

``chain`` moves the rows by them and ``verify`` replays the acts by them. A step is anything with ``kind``, ``group``
and ``state``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

from approvals.models import Step


class Movable(Protocol):
    kind: str
    group: int
    state: str


S = TypeVar("S", bound=Movable)


def open_next(steps: Sequence[S]) -> list[S]:
    """Open the next group once every step of the open one is done; return the steps opened, maybe none."""
    waiting = [step for step in steps if step.state == Step.State.WAITING]
    if not waiting or any(step.state in Step.OPEN for step in steps):
        return []
    group = min(step.group for step in waiting)
    opened = [step for step in waiting if step.group == group]
    for step in opened:
        step.state = Step.State.CURRENT
    return opened


def is_done(steps: Sequence[Movable]) -> bool:
    """Whether everybody has signed or was left out with a reason."""
    return all(step.state in Step.DONE for step in steps)


def cancel_rest(steps: Sequence[S]) -> list[S]:
    """Cancel every step that nobody has acted on, for the round has ended; return those."""
    rest = [step for step in steps if step.state not in Step.ACTED]
    for step in rest:
        step.state = Step.State.CANCELLED
    return rest
