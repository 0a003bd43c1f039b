"""Working on a 결과보고 before it is submitted (T1 작성, T2 저장). Signing is approvals' work."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Max, Q, QuerySet
from django.utils.translation import gettext as _

from approvals.guards import Stale, since
from approvals.models import Document, Line, Step
from conference import access
from conference.models import Conference, Desk, User
from reports.models import Report

KIND = "result"
TITLE_ROOM = 190  # letters of the conference's title in the report's, which holds 200


def may_start(user: User, conference: Conference) -> bool:
    """Whether the person may begin a report: 담당, or a desk of its own 처리과, whose office has none yet."""
    if not user.department_id or user.is_admin or conference.archived_at:
        return False
    is_ours = access.may_edit(user, conference) or _desks(user, conference).exists()
    return is_ours and not _reports_of(user, conference).exists()


@transaction.atomic
def start(conference: Conference, *, by: User) -> Report:
    """T1: begin the report of ``by``'s 처리과 about ``conference``: its desks' topics and district, its first kept line.

    Raises PermissionDenied where ``may_start`` says no; of two clicks at once the second is refused.
    """
    conference = Conference.objects.select_for_update().get(pk=conference.pk)  # one number to one report
    if not may_start(by, conference):
        raise PermissionDenied
    desks = _desks(by, conference).select_related("district").order_by("position", "pk")
    last = conference.reports.aggregate(last=Max("number"))["last"] or 0
    report = Report.objects.create(
        kind=KIND,
        title=_("%(title)s 결과보고") % {"title": conference.title[:TITLE_ROOM]},
        department=by.department,
        drafter=by,
        conference=conference,
        number=last + 1,
        district=next((desk.district for desk in desks), None),
    )
    report.topics.set({desk.topic_id for desk in desks})
    if kept := Line.objects.filter(department=by.department).order_by("pk").first():
        choose_line(report, kept, by=by)
    return report


def _desks(user: User, conference: Conference) -> QuerySet[Desk]:
    return Desk.objects.filter(topic__conference=conference, department=user.department_id)


def _reports_of(user: User, conference: Conference) -> QuerySet[Report]:
    ended = (Document.State.SUPERSEDED, Document.State.DISCARDED)
    return conference.reports.filter(department=user.department_id).exclude(state__in=ended)


@transaction.atomic
def save(report: Report, *, by: User, lock_version: int, **texts: Any) -> Report:
    """T2: save ``texts`` (fields of Report) as a drafter, or a colleague of the 처리과, typed them.

    The lock version rises, so that a submission from a page that shows the older texts is refused.
    Raises Stale, or PermissionDenied where the report is not being drafted or is not the person's to write.
    """
    document = Document.objects.select_for_update().get(pk=report.pk)
    if by.department_id != document.department_id:
        raise PermissionDenied
    if document.lock_version != lock_version or document.state != Document.State.DRAFT:
        raise Stale(document, list(since(document, lock_version)))
    Document.objects.filter(pk=report.pk).update(lock_version=F("lock_version") + 1)
    report.refresh_from_db()
    for field, value in texts.items():
        setattr(report, field, value)
    report.full_clean(exclude=["document_ptr"])
    report.save()
    return report


@transaction.atomic
def choose_line(report: Report, line: Line, *, by: User) -> Line:
    """Take a kept line for the report's next submission; the copy is the report's own to change.

    Raises PermissionDenied unless the report is being drafted and the line is the drafter's or the 처리과's.
    """
    document = Document.objects.select_for_update().get(pk=report.pk)
    is_ours = line.department_id == document.department_id or line.owner_id == by.pk
    if by.pk != document.drafter_id or document.state != Document.State.DRAFT or not is_ours:
        raise PermissionDenied
    Line.objects.filter(document=document).delete()
    own = Line.objects.create(document=document, name=line.name)
    for step in line.steps.all():
        step.pk, step.line = None, own
        step.save(force_insert=True)
    Document.objects.filter(pk=document.pk).update(lock_version=F("lock_version") + 1)
    return own


def may_read(user: User, report: Report) -> bool:
    """Whether the report is the person's to read: its own 처리과, and whoever stands in its line."""
    own = user.department_id is not None and user.department_id == report.department_id
    return own or Step.objects.filter(round__document=report.pk, signer=user).exists()


def readable(user: User) -> QuerySet[Report]:
    """Reports that are the person's to read, the newest first."""
    own = Q(department=user.department_id) if user.department_id else Q(pk=None)
    rows = Report.objects.filter(own | Q(pk__in=Step.objects.filter(signer=user).values("round__document")))
    return rows.select_related("conference", "department__organisation").order_by("-pk")


def listed(user: User, conference: Conference) -> list[dict[str, Any]]:
    """Every report of ``conference``; ``is_open`` tells whether the person may open it.

    Of other offices' reports only 작성중, 결재중 or 완료 is told, never that a paper was sent back.
    """
    mine = set(readable(user).filter(conference=conference).values_list("pk", flat=True))
    rows = conference.reports.select_related("department__organisation", "conference").order_by("number")
    return [
        {
            "report": row,
            "is_open": row.pk in mine,
            "state": Document.State(row.state) if row.pk in mine else _told(row.state),
        }
        for row in rows
    ]


def _told(state: str) -> Document.State:
    ended = {Document.State.APPROVED, Document.State.REGISTERED, Document.State.SUPERSEDED}
    if state in ended:
        return Document.State.APPROVED
    return Document.State.RUNNING if state == Document.State.RUNNING else Document.State.DRAFT
