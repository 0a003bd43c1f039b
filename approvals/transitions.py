"""The state changes of a round's steps, as plain rules without database, clock or persons.

``chain`` applies them to rows, ``verification`` to the steps that it replays from the acts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

from approvals.models import Step


class StepLike(Protocol):
    """What the rules read and write of a step."""

    kind: str
    group: int
    state: str


S = TypeVar("S", bound=StepLike)


def open_next(steps: Sequence[S]) -> list[S]:
    """Open the next group if no step is open, and return its steps; [] if a step is open or none is left."""
    waiting = [step for step in steps if step.state == Step.State.WAITING]
    if not waiting or any(step.state in Step.OPEN for step in steps):
        return []
    group = min(step.group for step in waiting)
    opened = [step for step in waiting if step.group == group]
    for step in opened:
        step.state = Step.State.CURRENT
    return opened


def is_done(steps: Sequence[StepLike]) -> bool:
    """Whether every step is signed or skipped."""
    return all(step.state in Step.DONE for step in steps)


def cancel_rest(steps: Sequence[S]) -> list[S]:
    """Cancel the steps without an act, because the round has ended, and return them."""
    cancelled = [step for step in steps if step.state not in Step.ACTED]
    for step in cancelled:
        step.state = Step.State.CANCELLED
    return cancelled
