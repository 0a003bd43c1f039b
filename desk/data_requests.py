"""제출 요청: districts are asked for what is missing, told again before it is due, and no longer than needed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import mail_queue
from accounts.models import User
from conference import trash
from conference.models import Conference, District
from desk.completeness import ITEMS, Line, collected
from desk.models import Call
from korean.dates import SEOUL, format_full_day
from rows import deletion_responses

REMINDERS = (7, 3, 0)  # days before the day it is due


@dataclass(frozen=True)
class Asked:
    """What is asked for: keys of ITEMS, the last day in Seoul, and a word along with it."""

    items: list[str]
    due: date
    note: str = ""


def today() -> date:
    """The day in Seoul."""
    return timezone.now().astimezone(SEOUL).date()


@transaction.atomic
def ask(conference: Conference, asked: Asked, *, districts: Iterable[District], by: User) -> list[Call]:
    """Ask each district; the officers of its topic offices get a mail."""
    lines = lines_of(conference)
    calls = []
    for district in districts:
        call = Call(conference=conference, district=district)
        _save(call, asked, by=by)
        _mail(call, lines[district.pk], subject=_("[제출 요청] %(conference)s: %(due)s까지"))
        calls.append(call)
    return calls


@transaction.atomic
def change(call: Call, asked: Asked, *, version: int, by: User, lines: dict[int, Line] | None = None) -> None:
    """Ask for something else, or until another day; the officers are told. Raises Gone, or ValidationError where it is stale.

    ``lines``: of the conference, where many calls are changed at once.
    """
    call = (
        Call.objects.select_for_update(of=("self",)).select_related("conference", "district").filter(pk=call.pk).first()
    )
    if call is None:
        raise deletion_responses.AlreadyDeleted(_("그 사이 다른 사람이 이 요청을 거두었습니다."))
    if call.version != version:
        raise ValidationError(_("그 사이 다른 사람이 이 요청을 고쳤습니다."), code="stale")
    _save(call, asked, by=by)
    line = (lines or lines_of(call.conference))[call.district_id]
    _mail(call, line, subject=_("[제출 요청 변경] %(conference)s: %(due)s까지"))


@transaction.atomic
def withdraw(call: Call, *, by: User) -> None:
    """Take the call back, and tell the officers; it can be brought back like every deleted row."""
    text = _("%(district)s에 보낸 제출 요청(기한 %(due)s)을 거두었습니다. 더 하실 일이 없습니다.") % {
        "district": call.district,
        "due": format_full_day(call.due),
    }
    _send(call, subject=_("[제출 요청 거둠] %(conference)s"), text=text)
    trash.delete(call, conference=call.conference, by=by)


def owed() -> QuerySet[Call]:
    """Calls of which the newest reminder (D-7, D-3, D-day in Seoul) has not been dealt with."""
    due, now = Q(), today()
    for step, below in zip(REMINDERS, (*REMINDERS[1:], -1), strict=True):
        days = Q(due__gt=now + timedelta(days=below), due__lte=now + timedelta(days=step))
        due |= days & (Q(reminded=None) | Q(reminded__gt=step))
    return Call.objects.filter(due, conference__archived_at=None).select_related("conference", "district")


def remind() -> int:
    """Remind of what is still missing, and return how many calls that were; who has handed in all gets no mail."""
    lines: dict[int, dict[int, Line]] = {}
    count = 0
    for call in owed():
        if call.conference_id not in lines:
            lines[call.conference_id] = lines_of(call.conference)
        count += _remind(call, lines[call.conference_id][call.district_id])
    return count


@transaction.atomic
def _remind(call: Call, line: Line) -> bool:
    # claimed by the row itself: of two workers one sends
    if not Call.objects.filter(pk=call.pk, reminded=call.reminded, due=call.due).update(reminded=_step(call.due)):
        return False
    is_owed = bool(line.owed(call.items))
    if is_owed:
        days = (call.due - today()).days
        when = _("%(days)d일 남음") % {"days": days} if days else _("오늘까지")
        _mail(call, line, subject=_("[제출 요청 알림] %(conference)s: ") + when)
    return is_owed


def text(call: Call, line: Line) -> str:
    """Return what to write to the district: what is missing now, until when, and where it is entered."""
    owed_ = [
        f"- {cell.label}" + (f" ({cell.done}/{cell.expected})" if cell.done else "") for cell in line.owed(call.items)
    ]
    missing = (
        [_("아직 없는 것:"), *owed_] if owed_ else [_("요청한 것은 모두 들어왔습니다. 맞는지 확인만 해 주십시오.")]
    )
    ask_ = _("%(district)s 담당자께: ‘%(conference)s’ 자료를 %(due)s까지 입력해 주십시오.") % {
        "district": call.district,
        "conference": call.conference,
        "due": format_full_day(call.due),
    }
    note = [_("안내: %(note)s") % {"note": call.note}, ""] if call.note else []
    return "\n".join([ask_, "", *missing, "", *note, _("입력하는 곳: %(link)s") % {"link": link(call)}])


def link(call: Call) -> str:
    """The address that the call leads to: the dashboard, where everything that is missing has its link."""
    return f"{settings.PORTAL_URL}/desk/{call.conference.slug}/"


def names(items: Collection[str]) -> list[str]:
    """The names of items, in the order of the table."""
    return [str(label) for item, label in ITEMS.items() if item in items]


def lines_of(conference: Conference) -> dict[int, Line]:
    """What each district has handed in, by the district's key; it reads the whole conference."""
    return {line.district: line for line in collected(conference)}


def _step(due: date) -> int | None:
    """The newest reminder that falls on today or before; None while it is far away."""
    return min((step for step in REMINDERS if (due - today()).days <= step), default=None)


def _save(call: Call, asked: Asked, *, by: User) -> None:
    call.items, call.note = asked.items, asked.note
    call.due, call.reminded = asked.due, _step(asked.due)
    call._history_user = by
    call.save()


def _mail(call: Call, line: Line, *, subject: str) -> None:
    _send(call, subject=subject, text=text(call, line))


def _send(call: Call, *, subject: str, text: str) -> None:
    words: dict[str, Any] = {"conference": call.conference, "due": format_full_day(call.due)}
    for officer in (
        User.objects.filter(topic_offices__district=call.district_id, is_active=True).distinct().order_by("pk")
    ):
        mail_queue.queue(to=officer, subject=subject % words, text=text)
