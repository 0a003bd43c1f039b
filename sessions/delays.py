"""How far a delay reaches: what must wait for the session that is late, and for how long.

A session begins when all that it waits for has ended, and no earlier than it was to: so a gap takes up as much of a delay
as it is long. Where it takes up all of it, that session and what comes after stay as they are. Nothing ends at midnight.

What a session waits for, of what was to be over when it begins:

- what goes before it in one of its rooms, and what one of its people (presenters, moderator) does before;
- a break or a move without a room is for all. It waits for what all attend: a session beside which nothing else goes
  on, or several at once when each of them is late. And all that comes after it waits for it. A session that was over
  PARTED before another is not beside it any more;
- with ``of_all``, everything that goes before, wherever it is.

Parallel sessions in other rooms never wait for each other, and what has begun waits for nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

NO_DELAY = timedelta()
AUDIENCE_GONE_AFTER = timedelta(
    minutes=30
)  # who was let out so long before has gone elsewhere, and does not wait for the break


@dataclass(frozen=True)
class DelayItem:
    """A session. ``holds``: keys of its rooms and people; ``is_for_all``: a break or move without a room; ``has_begun``."""

    code: str
    starts_at: datetime
    ends_at: datetime
    holds: frozenset[str] = frozenset()
    is_for_all: bool = False
    has_begun: bool = False


def compute_delays(
    late: DelayItem, by: timedelta, others: Sequence[DelayItem], *, of_all: bool
) -> dict[str, timedelta]:
    """Return by how much each of ``others`` is delayed when ``late`` is ``by`` so much; those that stay are left out.

    ``others``: what else goes on from the beginning of ``late`` on, without what is cancelled and without exhibitions.
    """
    moved, chain, items = {late.code: by}, [late], [late, *others]
    for item in sorted(others, key=lambda item: (item.starts_at, item.ends_at)):
        bound = [
            before
            for before in chain
            if before.ends_at <= item.starts_at < before.ends_at + moved[before.code]
            and (of_all or _must_wait(item, before))
        ]
        is_shared = item.is_for_all and not of_all
        ends = [_audience_free_at(row, moved, items) if is_shared else row.ends_at + moved[row.code] for row in bound]
        waits = max(ends, default=item.starts_at) - item.starts_at
        if waits > NO_DELAY and not item.has_begun:
            moved[item.code] = waits
            chain.append(item)
    del moved[late.code]
    return moved


def _must_wait(item: DelayItem, before: DelayItem) -> bool:
    return item.is_for_all or before.is_for_all or not item.holds.isdisjoint(before.holds)


def _audience_free_at(before: DelayItem, moved: dict[str, timedelta], items: Sequence[DelayItem]) -> datetime:
    """Return when the first of what goes on at once lets its people out."""
    since = max(before.starts_at, before.ends_at - AUDIENCE_GONE_AFTER)
    at_once = [item for item in items if item.starts_at < before.ends_at and since < item.ends_at]
    return min(item.ends_at + moved.get(item.code, NO_DELAY) for item in at_once)
