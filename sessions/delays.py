"""Consequences of a delay: which later sessions must wait for the late one, and how long.

A session begins when all sessions that it waits for have ended, and not before its planned start. So a gap absorbs as much
of the delay as it is long; if it absorbs all, this session and those that wait for it keep their times. A delay may pass midnight.

A session waits for earlier sessions, which should have ended before it begins:

- those in one of its rooms, and those of its presenters and its moderator;
- a break or a move without a room is for all. It waits for a session without parallel ones; of parallel sessions it waits
  for the first to end, because their audience is free then. All later sessions wait for it. A session that ends
  AUDIENCE_GONE_AFTER before another does not count as parallel to it;
- with ``of_all``, all earlier sessions in all rooms.

Parallel sessions in other rooms never wait for each other, and a session that has begun waits for none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

NO_DELAY = timedelta()
AUDIENCE_GONE_AFTER = timedelta(minutes=30)  # an audience that has been free for so long has left


@dataclass(frozen=True)
class DelayItem:
    """A session. ``holds``: keys of its rooms and people. ``is_for_all``: it is a break or move without a room."""

    code: str
    starts_at: datetime
    ends_at: datetime
    holds: frozenset[str] = frozenset()
    is_for_all: bool = False
    has_begun: bool = False


def compute_delays(
    late: DelayItem, by: timedelta, others: Sequence[DelayItem], *, of_all: bool
) -> dict[str, timedelta]:
    """Return the delay of each of ``others`` by code if ``late`` is delayed ``by``; sessions without a delay are left out.

    ``others``: the sessions that end after ``late`` begins, without cancelled ones and exhibitions.
    """
    delays, chain, items = {late.code: by}, [late], [late, *others]
    for item in sorted(others, key=lambda item: (item.starts_at, item.ends_at)):
        bound = [
            before
            for before in chain
            if before.ends_at <= item.starts_at < before.ends_at + delays[before.code]
            and (of_all or _must_wait(item, before))
        ]
        is_shared = item.is_for_all and not of_all
        ends = [_audience_free_at(row, delays, items) if is_shared else row.ends_at + delays[row.code] for row in bound]
        delay = max(ends, default=item.starts_at) - item.starts_at
        if delay > NO_DELAY and not item.has_begun:
            delays[item.code] = delay
            chain.append(item)
    del delays[late.code]
    return delays


def _must_wait(item: DelayItem, before: DelayItem) -> bool:
    return item.is_for_all or before.is_for_all or not item.holds.isdisjoint(before.holds)


def _audience_free_at(before: DelayItem, delays: dict[str, timedelta], items: Sequence[DelayItem]) -> datetime:
    """Return when the first of the parallel sessions ends and its audience is free."""
    since = max(before.starts_at, before.ends_at - AUDIENCE_GONE_AFTER)
    at_once = [item for item in items if item.starts_at < before.ends_at and since < item.ends_at]
    return min(item.ends_at + delays.get(item.code, NO_DELAY) for item in at_once)
