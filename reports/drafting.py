"""Working on a 결과보고 before it is submitted (T1 작성, T2 저장). Signing is approvals' work."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, Max, Q, QuerySet
from django.utils.translation import gettext as _

from approvals.guards import Stale, since
from approvals.models import Document, Line, Step
from conference import access
from conference.models import Conference, Desk, District, User
from reports.models import Report

KIND = "result"


@transaction.atomic
def start(conference: Conference, *, by: User, district: District | None = None) -> Report:
    """T1: begin the report of ``by``'s own 처리과 about ``conference``, covering the topics of its desks.

    Raises PermissionDenied for who is neither 담당 nor a desk of the conference, ValidationError for an archived one.
    """
    desks = (
        Desk.objects.filter(topic__conference=conference, department=by.department_id)
        if by.department_id
        else Desk.objects.none()
    )
    if not by.department_id or not (access.may_edit(by, conference) or desks.exists()):
        raise PermissionDenied
    if conference.archived_at:
        raise ValidationError(_("보존 처리된 행사에는 결과보고를 새로 만들 수 없습니다."), code="archived")
    Conference.objects.select_for_update().get(pk=conference.pk)  # one number to one report
    last = conference.reports.aggregate(last=Max("number"))["last"] or 0
    report = Report.objects.create(
        kind=KIND,
        title=_("%(title)s 결과보고") % {"title": conference.title},
        department=by.department,
        drafter=by,
        conference=conference,
        number=last + 1,
        district=district or next((desk.district for desk in desks.select_related("district")), None),
    )
    report.topics.set(desk.topic_id for desk in desks)
    if kept := Line.objects.filter(department=by.department).first():
        choose_line(report, kept, by=by)
    return report


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
