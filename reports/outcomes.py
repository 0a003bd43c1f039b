"""실적 확인: the outcomes of sessions, presentations, exhibitors and guests."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from conference.models import Conference, Guest
from conference.permissions import ConferencePermissions
from exhibits.models import Exhibitor
from reports.todo_counts import UNREPORTED_KINDS
from rows.models import Row
from sessions.models import Outcome, Presentation, Session

Planned = Session | Presentation | Exhibitor  # rows that have an outcome


def sessions_of(conference: Conference) -> QuerySet[Session]:
    """Return the sessions in order, with the topics that permissions depend on."""
    return conference.sessions.select_related("topic")


def reportable_sessions(conference: Conference) -> QuerySet[Session]:
    """Return the sessions with an outcome of their own, without moves and breaks."""
    return sessions_of(conference).exclude(kind__in=UNREPORTED_KINDS)


def presentations_of(conference: Conference) -> QuerySet[Presentation]:
    """Return the presentations, session by session."""
    rows = Presentation.objects.filter(session__conference=conference)
    order = ("session__starts_at", "session__position", "session", "position", "pk")
    return rows.select_related("session__topic", "presenter", "district").order_by(*order)


def exhibitors_of(conference: Conference) -> QuerySet[Exhibitor]:
    """Return the exhibitors that had not cancelled."""
    rows = Exhibitor.objects.filter(exhibition__conference=conference).exclude(state=Exhibitor.State.CANCELLED)
    order = ("exhibition__position", "exhibition", "position", "pk")
    return rows.select_related("exhibition", "district").order_by(*order)


def guests_of(conference: Conference) -> QuerySet[Guest]:
    """Return the guests in order of precedence."""
    return conference.guests.select_related("person")


def can_confirm(permissions: ConferencePermissions, row: Row) -> bool:
    """Whether the person may confirm the row: 총괄 and 담당 every row, a 자치구 담당 own rows."""
    if permissions.can_edit_all:
        return True
    if isinstance(row, Session):
        return permissions.can_edit_session(row.topic)
    if isinstance(row, Presentation):
        topic = row.session.topic
        return permissions.can_edit_session(topic) or permissions.can_edit_presentation(
            row.session.topic_id, row.district_id
        )
    return isinstance(row, Exhibitor) and row.district_id in permissions.districts


def is_confirmed(row: Planned | Guest) -> bool:
    """Whether somebody has said what came of the row."""
    if isinstance(row, Guest):
        return row.attendance != Guest.Attendance.UNKNOWN
    return row.outcome not in {Outcome.UNKNOWN, Exhibitor.Outcome.UNKNOWN}


@transaction.atomic
def confirm_all(conference: Conference, *, permissions: ConferencePermissions, by: User, at: datetime) -> int:
    """Confirm as planned all rows of the person that are over and not confirmed yet; return their number.

    Moves and breaks are confirmed too, but not counted, as in ``todo_counts``. Guests, and exhibitors that had not promised
    to come, are left out: only a person can say whether they came.
    """
    rows: list[Planned] = [
        *sessions_of(conference).filter(outcome=Outcome.UNKNOWN, ends_at__lte=at),
        *presentations_of(conference).filter(outcome=Outcome.UNKNOWN, session__ends_at__lte=at),
        *exhibitors_of(conference).filter(
            state=Exhibitor.State.CONFIRMED, outcome=Exhibitor.Outcome.UNKNOWN, exhibition__ends_at__lte=at
        ),
    ]
    mine = [row for row in rows if can_confirm(permissions, row)]
    for row in mine:
        row.outcome = Exhibitor.Outcome.PRESENT if isinstance(row, Exhibitor) else Outcome.AS_PLANNED
        row.save_by(by)
    return sum(not (isinstance(row, Session) and row.kind in UNREPORTED_KINDS) for row in mine)
