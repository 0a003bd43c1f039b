"""결재함: whose turn, what runs, what is done. Each document stands in one tab of a person's box."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from approvals.models import Document, Round, Step

TABS = {
    "waiting": _("결재대기"),
    "running": _("진행"),
    "done": _("완료"),
    "returned": _("반려"),
    "circulated": _("공람"),
}
NOT_OPEN = [state for state in Step.State if state not in Step.OPEN]


def rounds(user: User, tab: str) -> QuerySet[Round]:
    """Return the rounds of one tab: the oldest first where the person is waited for, else the newest.

    A returned or withdrawn round leaves the box once its document has been submitted again; it stays on the page of the
    newer round.
    """
    # the drafter too has a step in every round, so this is all that is somebody's
    mine = Round.objects.filter(steps__signer=user)
    if tab == "waiting":
        own = Round.objects.filter(steps__signer=user, steps__state__in=Step.OPEN, state=Round.State.RUNNING)
        return own.order_by("submitted_at", "pk")
    if tab == "running":
        return Round.objects.filter(steps__signer=user, steps__state__in=NOT_OPEN, state=Round.State.RUNNING)
    if tab == "done":
        return mine.filter(state=Round.State.APPROVED).order_by("-ended_at", "-pk")
    if tab == "returned":
        newer = Round.objects.filter(document=OuterRef("document"), number__gt=OuterRef("number"))
        ended = (Round.State.RETURNED, Round.State.WITHDRAWN)
        return mine.filter(~Exists(newer), state__in=ended).order_by("-ended_at", "-pk")
    return Round.objects.none()  # 공람 has no rows yet


def returned_to(user: User) -> int:
    """Return how many documents that somebody sent back wait for the person to draft them again."""
    return Document.objects.filter(drafter=user, state=Document.State.RETURNED).count()


def counts(user: User) -> dict[str, int]:
    """Return how many stand in each tab."""
    return {tab: rounds(user, tab).count() for tab in TABS}


def with_turns(rows: QuerySet[Round]) -> QuerySet[Round]:
    """Bring along whose turn it is, as ``open_steps``, in one query for all rows."""
    turns = Step.objects.filter(state__in=Step.OPEN).order_by("order")
    return rows.prefetch_related(Prefetch("steps", turns, to_attr="open_steps"))
