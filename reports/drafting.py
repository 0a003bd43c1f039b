"""The verbs of a 결과보고 before it is submitted (T1 작성, T2 저장); signing is in ``approvals.chain``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from accounts.models import User
from approvals import departures, saved_routes
from approvals.guards import StaleAct, acts_since
from approvals.models import ApprovalRoute, Document, Round, Step
from conference import permissions
from conference.models import Conference, File, TopicOffice
from conference.uploads import storage
from reports.models import Attachment, Override, Report, ReportRow
from rows.fields import clean_text
from rows.recording import record_changes

KIND = "result"
CONFERENCE_TITLE_MAX = 190  # letters of the conference's title in the report's, which holds 200


@dataclass(frozen=True)
class CheckedUpload:
    """A checked file that is to be stored."""

    content: bytes
    name: str
    media_type: str


@dataclass(frozen=True)
class RowChanges:
    """The rows of one part as sent by a page: in order, new ones included, without the ``deleted`` ones.

    ``uploads``: ``id()`` of an attachment's row → its checked file.
    """

    rows: list[ReportRow]
    changed: list[ReportRow]
    deleted: list[ReportRow]
    uploads: dict[int, CheckedUpload]


def can_start_report(user: User, conference: Conference) -> bool:
    """Whether the person may begin a report: 담당, or a topic office of its own 처리과, whose office has none yet."""
    if not user.department_id or user.is_admin or conference.archived_at:
        return False
    is_ours = permissions.can_edit(user, conference) or _topic_offices(user, conference).exists()
    return is_ours and not _department_reports(user, conference).exists()


@transaction.atomic
def start_report(conference: Conference, *, by: User) -> Report:
    """T1: begin the report of ``by``'s 처리과 about ``conference``: with the topics and district of its topic offices, and its first saved route.

    Raises PermissionDenied unless ``can_start_report``; so the second of two clicks is refused.
    """
    conference = Conference.objects.select_for_update().get(pk=conference.pk)  # so that no two get one number
    if by.department is None or not can_start_report(by, conference):
        raise PermissionDenied
    offices = _topic_offices(by, conference).select_related("district").order_by("position", "pk")
    last = conference.reports.aggregate(last=Max("number"))["last"] or 0
    report = Report(
        kind=KIND,
        title=_("%(title)s 결과보고") % {"title": conference.title[:CONFERENCE_TITLE_MAX]},
        department=by.department,
        drafter=by,
        conference=conference,
        number=last + 1,
        district=next((office.district for office in offices), None),
    )
    with record_changes([report], by=by, many=["topics"]):
        report.save()
        report.topics.set({office.topic_id for office in offices})
    if saved_route := ApprovalRoute.objects.filter(department=by.department).order_by("pk").first():
        apply_saved_route(report, saved_route, by=by)
    return report


def own_draft(user: User, conference: Conference) -> Report | None:
    """Return the draft of the person's 처리과 about the conference, or None."""
    rows = (
        _department_reports(user, conference).filter(state=Document.State.DRAFT)
        if user.department_id
        else Report.objects.none()
    )
    return rows.select_related("conference", "department__organisation", "district", "drafter").first()


def _topic_offices(user: User, conference: Conference) -> QuerySet[TopicOffice]:
    return TopicOffice.objects.filter(topic__conference=conference, department=user.department_id)


def _department_reports(user: User, conference: Conference) -> QuerySet[Report]:
    ended = (Document.State.SUPERSEDED, Document.State.DISCARDED)
    return conference.reports.filter(department=user.department_id).exclude(state__in=ended)


@transaction.atomic
def save_fields(report: Report, *, by: User, lock_version: int, **texts: Any) -> Report:
    """T2: save ``texts`` (fields of Report, ``topics`` included) as the drafter or a colleague of the 처리과.

    If anything changes, the lock version rises, so that a submission from a page with the older texts is refused.
    Raises StaleAct (also if the report is no draft), or PermissionDenied for a person of another 처리과.
    """
    topics = texts.pop("topics", None)
    _lock_draft(report, by=by, lock_version=lock_version)
    report.refresh_from_db()
    texts = {field: clean_text(value) if isinstance(value, str) else value for field, value in texts.items()}
    changed = {field: value for field, value in texts.items() if getattr(report, field) != value}
    with record_changes([report], by=by, many=["topics"]):
        if changed:
            for field, value in changed.items():
                setattr(report, field, value)
            report.full_clean(exclude=["document_ptr"])
            report.save()
        if topics is not None and {*topics} != {*report.topics.all()}:
            report.topics.set(topics)
            changed["topics"] = topics
    if changed:
        _increment_version(report)
    return report


def _increment_version(report: Report) -> None:
    Document.objects.filter(pk=report.pk).update(lock_version=F("lock_version") + 1)


def _lock_draft(report: Report, *, by: User, lock_version: int) -> None:
    """Lock the document for a change of the draft. Raises StaleAct or PermissionDenied."""
    document = Document.objects.select_for_update().get(pk=report.pk)
    if by.department_id != document.department_id:
        raise PermissionDenied
    if document.lock_version != lock_version or document.state != Document.State.DRAFT:
        raise StaleAct(document, list(acts_since(document, lock_version)))


@transaction.atomic
def save_page(report: Report, parts: Iterable[RowChanges], *, by: User, lock_version: int, **texts: Any) -> None:
    """T2: save the rows of a page and ``texts`` (fields of Report), all or nothing.

    Raises StaleAct or PermissionDenied like ``save_fields``.
    """
    if texts:
        save_fields(report, by=by, lock_version=lock_version, **texts)
    else:
        _lock_draft(report, by=by, lock_version=lock_version)
    saved = [_save_rows(report, part, by=by) for part in parts]
    if any(saved):
        _increment_version(report)


def _save_rows(report: Report, part: RowChanges, *, by: User) -> bool:
    """Save the rows that were changed, moved or deleted; return whether there were any."""
    touched, last, saved = set(map(id, part.changed)), -1, [*part.deleted]
    for row in part.rows:
        if isinstance(row, Attachment) and (upload := part.uploads.get(id(row))):
            row.file = _store_file(report.conference, upload, by=by)
        place = row.position if row.pk and row.position > last else last + 1  # gaps between positions are allowed
        if id(row) in touched or row.position != place:
            row.report, row.position = report, place
            row._history_user = by
            row.save()
            saved.append(row)
        last = place
    for row in part.deleted:
        row._history_user = by
        row.delete()
    return bool(saved)


def _store_file(conference: Conference, upload: CheckedUpload, *, by: User) -> File:
    return File.objects.create(
        conference=conference,
        digest=storage.store(upload.content),
        name=storage.unused_name(conference, upload.name),
        media_type=upload.media_type,
        size=len(upload.content),
        uploaded_by=by,
    )


@transaction.atomic
def save_override(report: Report, section: str, text: str, *, replaces: str, by: User, lock_version: int) -> None:
    """T2: print ``text`` in place of a collected section; an empty text removes the override.

    ``replaces``: digest of the collected text that the writer saw; a check compares it with the newest.
    """
    _lock_draft(report, by=by, lock_version=lock_version)
    _increment_version(report)
    saved = report.overrides.filter(section=section).first()
    if not text:
        if saved:
            saved.delete_by(by)
        return
    saved = saved or Override(report=report, section=section)
    saved.text, saved.replaces_digest = text, replaces
    saved.full_clean(exclude=["report"])
    saved.save_by(by)


@transaction.atomic
def apply_saved_route(report: Report, line: ApprovalRoute, *, by: User) -> ApprovalRoute:
    """Copy a saved route to the report, whatever its version; raises like ``saved_routes.apply_saved_route``."""
    now = Document.objects.select_for_update().get(pk=report.pk)
    return saved_routes.apply_saved_route(now, line, by=by, lock_version=now.lock_version)


def can_read(user: User, report: Report) -> bool:
    """Whether the person may read the report: members of its 처리과 and its signers may."""
    own = user.department_id is not None and user.department_id == report.department_id
    return own or Step.objects.filter(round__document=report.pk, signer=user).exists()


def readable_reports(user: User) -> QuerySet[Report]:
    """Return the reports that the person may read, the newest first."""
    own = Q(department=user.department_id) if user.department_id else Q(pk=None)
    rows = Report.objects.filter(own | Q(pk__in=Step.objects.filter(signer=user).values("round__document")))
    return rows.select_related("conference", "department__organisation").order_by("-pk")


def list_reports(user: User, conference: Conference) -> list[dict[str, Any]]:
    """Return every report of the conference, with one query.

    ``is_open``: whether the person may open it. ``turn``: the round that waits for the person's signature. ``is_stuck``:
    whether a report of the person's own 처리과 waits for a person who has left. For reports of other offices ``state`` is
    only 작성중, 결재중 or 완료; that a report was returned is not shown to them.
    """
    own_steps = Step.objects.filter(signer=user, round__document=OuterRef("pk"))
    turn = own_steps.filter(state__in=Step.OPEN, round__state=Round.State.RUNNING).values("round")[:1]
    steps_of_departed = Step.objects.filter(
        departures.SIGNER_HAS_LEFT, round__document=OuterRef("pk"), state__in=departures.PENDING_STEP_STATES
    )
    steps_of_departed = steps_of_departed.filter(round__state=Round.State.RUNNING)
    rows = conference.reports.select_related("department__organisation", "conference", "drafter").order_by("number")
    return [
        {
            "report": row,
            "is_open": (is_open := row.is_signer or (row.department_id == user.department_id)),
            "state": Document.State(row.state) if is_open else _public_state(row.state),
            "turn": row.turn,
            "is_stuck": row.department_id == user.department_id and (row.is_stuck or departures.has_drafter_left(row)),
        }
        for row in rows.annotate(is_signer=Exists(own_steps), turn=Subquery(turn), is_stuck=Exists(steps_of_departed))
    ]


def _public_state(state: str) -> Document.State:
    ended = {Document.State.APPROVED, Document.State.REGISTERED, Document.State.SUPERSEDED}
    if state in ended:
        return Document.State.APPROVED
    return Document.State.RUNNING if state == Document.State.RUNNING else Document.State.DRAFT
