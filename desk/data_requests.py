"""제출 요청: creates, changes and withdraws requests for data, and reminds districts of what is missing."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import mail_queue
from accounts.models import User
from conference import trash
from conference.models import Conference, District
from desk.completeness import DistrictCompleteness, measure
from desk.labels import ITEMS
from desk.models import DataRequest
from korean.dates import SEOUL, format_full_day
from rows import deletion_responses
from rows.conflicts import SaveConflict

REMINDERS = (7, 3, 0)  # days before the due day


@dataclass(frozen=True)
class DataRequestInput:
    """What is requested: keys of ITEMS, the last day in Seoul, and a note."""

    items: list[str]
    due: date
    note: str = ""


def today() -> date:
    """Return today's date in Seoul."""
    return timezone.now().astimezone(SEOUL).date()


@transaction.atomic
def create(
    conference: Conference, request_input: DataRequestInput, *, districts: Iterable[District], by: User
) -> list[DataRequest]:
    """Create a request for each district; the officers of its topic offices get a mail."""
    lines = completeness_by_district(conference)
    calls = []
    for district in districts:
        data_request = DataRequest(conference=conference, district=district)
        _save(data_request, request_input, by=by)
        _mail(data_request, lines[district.pk], subject=_("[제출 요청] %(conference)s: %(due)s까지"))
        calls.append(data_request)
    return calls


@transaction.atomic
def change(
    data_request: DataRequest,
    request_input: DataRequestInput,
    *,
    version: int,
    by: User,
    lines: dict[int, DistrictCompleteness] | None = None,
) -> None:
    """Change what is requested, or the day; the officers get a mail. Raises AlreadyDeleted, or ValidationError if ``version`` is stale.

    ``lines``: of the conference, if many requests are changed at once.
    """
    data_request = (
        DataRequest.objects.select_for_update(of=("self",))
        .select_related("conference", "district")
        .filter(pk=data_request.pk)
        .first()
    )
    if data_request is None:
        raise deletion_responses.AlreadyDeleted(_("그 사이 다른 사람이 이 요청을 거두었습니다."))
    if data_request.version != version:
        raise SaveConflict([])
    _save(data_request, request_input, by=by)
    line = (lines or completeness_by_district(data_request.conference))[data_request.district_id]
    _mail(data_request, line, subject=_("[제출 요청 변경] %(conference)s: %(due)s까지"))


@transaction.atomic
def withdraw(data_request: DataRequest, *, by: User) -> None:
    """Delete the request and mail the officers; it can be restored like every deleted row."""
    text = _("%(district)s에 보낸 제출 요청(기한 %(due)s)을 거두었습니다. 더 하실 일이 없습니다.") % {
        "district": data_request.district,
        "due": format_full_day(data_request.due),
    }
    _send(data_request, subject=_("[제출 요청 거둠] %(conference)s"), text=text)
    trash.delete(data_request, conference=data_request.conference, by=by)


def pending_reminders() -> QuerySet[DataRequest]:
    """Return the requests whose latest reminder (D-7, D-3, D-day in Seoul) has not been handled."""
    due, now = Q(), today()
    for step, below in zip(REMINDERS, (*REMINDERS[1:], -1), strict=True):
        days = Q(due__gt=now + timedelta(days=below), due__lte=now + timedelta(days=step))
        due |= days & (Q(reminded=None) | Q(reminded__gt=step))
    return DataRequest.objects.filter(due, conference__archived_at=None).select_related("conference", "district")


def send_reminders() -> int:
    """Send the reminders and return how many requests had something missing; complete districts get no mail."""
    lines: dict[int, dict[int, DistrictCompleteness]] = {}
    count = 0
    for data_request in pending_reminders():
        if data_request.conference_id not in lines:
            lines[data_request.conference_id] = completeness_by_district(data_request.conference)
        count += _send_reminder(data_request, lines[data_request.conference_id][data_request.district_id])
    return count


@transaction.atomic
def _send_reminder(data_request: DataRequest, line: DistrictCompleteness) -> bool:
    # the update claims the row, so of two workers only one sends
    if not DataRequest.objects.filter(pk=data_request.pk, reminded=data_request.reminded, due=data_request.due).update(
        reminded=_reminder_step(data_request.due)
    ):
        return False
    is_incomplete = bool(line.missing_items(data_request.items))
    if is_incomplete:
        days = (data_request.due - today()).days
        when = _("%(days)d일 남음") % {"days": days} if days else _("오늘까지")
        _mail(data_request, line, subject=_("[제출 요청 알림] %(conference)s: ") + when)
    return is_incomplete


def message_text(data_request: DataRequest, line: DistrictCompleteness) -> str:
    """Return the message to the district: what is missing now, until when, and where it is entered."""
    owed_ = [
        f"- {cell.label}" + (f" ({cell.done}/{cell.expected})" if cell.done else "")
        for cell in line.missing_items(data_request.items)
    ]
    missing = (
        [_("아직 없는 것:"), *owed_] if owed_ else [_("요청한 것은 모두 들어왔습니다. 맞는지 확인만 해 주십시오.")]
    )
    ask_ = _("%(district)s 담당자께: ‘%(conference)s’ 자료를 %(due)s까지 입력해 주십시오.") % {
        "district": data_request.district,
        "conference": data_request.conference,
        "due": format_full_day(data_request.due),
    }
    note = [_("안내: %(note)s") % {"note": data_request.note}, ""] if data_request.note else []
    return "\n".join([ask_, "", *missing, "", *note, _("입력하는 곳: %(link)s") % {"link": entry_link(data_request)}])


def entry_link(data_request: DataRequest) -> str:
    """Return the address of the dashboard, where every missing item has its link."""
    return f"{settings.PORTAL_URL}/desk/{data_request.conference.slug}/"


def item_names(items: Collection[str]) -> list[str]:
    """The names of items, in the order of the table."""
    return [str(label) for item, label in ITEMS.items() if item in items]


def completeness_by_district(conference: Conference) -> dict[int, DistrictCompleteness]:
    """Return the completeness of each district by the district's key. Reads the whole conference."""
    return {line.district: line for line in measure(conference)}


def _reminder_step(due: date) -> int | None:
    """Return the latest reminder step that is due today; None before the first one."""
    return min((step for step in REMINDERS if (due - today()).days <= step), default=None)


def _save(data_request: DataRequest, request_input: DataRequestInput, *, by: User) -> None:
    data_request.items, data_request.note = request_input.items, request_input.note
    data_request.due, data_request.reminded = request_input.due, _reminder_step(request_input.due)
    data_request.save_by(by)


def _mail(data_request: DataRequest, line: DistrictCompleteness, *, subject: str) -> None:
    _send(data_request, subject=subject, text=message_text(data_request, line))


def _send(data_request: DataRequest, *, subject: str, text: str) -> None:
    words: dict[str, Any] = {"conference": data_request.conference, "due": format_full_day(data_request.due)}
    officers = User.objects.filter(topic_offices__district=data_request.district_id, is_active=True)
    for officer in officers.distinct().order_by("pk"):
        mail_queue.queue(to=officer, subject=subject % words, text=text)
