"""The verbs of a 결과보고 before it is submitted (T1 작성, T2 저장); signing is in ``approvals.chain``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from accounts.models import User
from approvals import departures, saved_routes
from approvals.guards import StaleAct, acts_since
from approvals.models import ApprovalRoute, Document, Round, Step
from conference import permissions, trash
from conference.models import Conference, DeletedRow, File, TopicOffice
from conference.uploads import storage
from reports.models import Attachment, Override, Report, ReportRow
from rows.deletion_responses import AlreadyDeleted
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
    lock_draft(report, by=by, lock_version=lock_version)
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
        increment_version(report)
    return report


def increment_version(report: Report) -> None:
    """Let the lock version rise, so that a submission from a page with an older draft is refused."""
    Document.objects.filter(pk=report.pk).update(lock_version=F("lock_version") + 1)


def lock_draft(report: Report, *, by: User, lock_version: int | None = None) -> None:
    """Lock the document for a change of the draft.

    Raises PermissionDenied for a person of another 처리과, and StaleAct if it is no draft any more or, where
    ``lock_version`` is given, was changed since.
    """
    document = Document.objects.select_for_update().get(pk=report.pk)
    if by.department_id != document.department_id:
        raise PermissionDenied
    if document.state != Document.State.DRAFT or lock_version not in (None, document.lock_version):
        raise StaleAct(document, [] if lock_version is None else acts_since(document, lock_version))


@transaction.atomic
def append_rows(report: Report, rows: Sequence[ReportRow], *, by: User) -> None:
    """T2: put rows of one kind at the end of their list. Raises like ``lock_draft``."""
    lock_draft(report, by=by)
    if rows:
        last = type(rows[0])._default_manager.filter(report=report).aggregate(last=Max("position"))["last"]
        for position, row in enumerate(rows, start=0 if last is None else last + 1):
            row.report, row.position = report, position
            row.save_by(by)
        increment_version(report)


@transaction.atomic
def attach_files(report: Report, uploads: Iterable[CheckedUpload], *, by: User) -> None:
    """T2: put an attachment for each file at the end, named as its file. Raises like ``lock_draft``."""
    files = [_store_file(report.conference, upload, by=by) for upload in uploads]
    append_rows(report, [Attachment(name=PurePath(file.name).stem, file=file) for file in files], by=by)


@transaction.atomic
def replace_file(attachment: Attachment, upload: CheckedUpload, *, by: User) -> None:
    """T2: let an attachment have another file. Raises like ``lock_draft``, and AlreadyDeleted."""
    lock_draft(attachment.report, by=by)
    try:
        attachment.refresh_from_db()
    except Attachment.DoesNotExist as error:
        raise AlreadyDeleted(attachment.name) from error
    attachment.file = _store_file(attachment.report.conference, upload, by=by)
    attachment.save_by(by)
    increment_version(attachment.report)


def deleted_rows(report: Report) -> QuerySet[DeletedRow]:
    """Return the rows of the report that were deleted and not restored, the newest first."""
    rows = report.conference.deleted_rows.filter(restored_at=None, content__rows__0__2__report_id=report.pk)
    return rows.select_related("deleted_by")


@transaction.atomic
def restore_row(report: Report, deleted_row: DeletedRow, *, by: User) -> None:
    """T2: put a deleted row of the report back. Raises like ``lock_draft`` and ``trash.restore``."""
    lock_draft(report, by=by)
    trash.restore(deleted_row, by=by)
    increment_version(report)


def _store_file(conference: Conference, upload: CheckedUpload, *, by: User) -> File:
    return File(
        conference=conference,
        digest=storage.store(upload.content),
        name=storage.unused_name(conference, upload.name),
        media_type=upload.media_type,
        size=len(upload.content),
        uploaded_by=by,
    ).save_by(by)


@transaction.atomic
def save_override(report: Report, section: str, text: str, *, replaces: str, by: User, lock_version: int) -> None:
    """T2: print ``text`` in place of a collected section; an empty text removes the override.

    ``replaces``: digest of the collected text that the writer saw; a check compares it with the newest.
    """
    lock_draft(report, by=by, lock_version=lock_version)
    increment_version(report)
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
