"""결재함: the rounds of one person, in tabs; each document is in one tab only."""

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
NOT_OPEN_STATES = [state for state in Step.State if state not in Step.OPEN]


def rounds_in_tab(user: User, tab: str) -> QuerySet[Round]:
    """Return the rounds of one tab: those that wait for the person with the oldest first, others with the newest first.

    A returned or withdrawn round is left out if its document was submitted again; the page of the newer round shows it.
    """
    # the drafter has a step in every round too
    mine = Round.objects.filter(steps__signer=user)
    if tab == "waiting":
        own = Round.objects.filter(steps__signer=user, steps__state__in=Step.OPEN, state=Round.State.RUNNING)
        return own.order_by("submitted_at", "pk")
    if tab == "running":
        return Round.objects.filter(steps__signer=user, steps__state__in=NOT_OPEN_STATES, state=Round.State.RUNNING)
    if tab == "done":
        return mine.filter(state=Round.State.APPROVED).order_by("-ended_at", "-pk")
    if tab == "returned":
        newer = Round.objects.filter(document=OuterRef("document"), number__gt=OuterRef("number"))
        ended = (Round.State.RETURNED, Round.State.WITHDRAWN)
        return mine.filter(~Exists(newer), state__in=ended).order_by("-ended_at", "-pk")
    return Round.objects.none()  # 공람 is not built yet


def count_returned(user: User) -> int:
    """Return the number of the person's documents that were returned and wait to be drafted again."""
    return Document.objects.filter(drafter=user, state=Document.State.RETURNED).count()


def count_by_tab(user: User) -> dict[str, int]:
    """Return the number of rounds in each tab."""
    return {tab: rounds_in_tab(user, tab).count() for tab in TABS}


def prefetch_open_steps(rows: QuerySet[Round]) -> QuerySet[Round]:
    """Prefetch the open steps as ``open_steps``, with one query for all rows."""
    turns = Step.objects.filter(state__in=Step.OPEN).order_by("order")
    return rows.prefetch_related(Prefetch("steps", turns, to_attr="open_steps"))
