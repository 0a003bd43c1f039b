"""당일 운영: the sessions of a day, and what can be done to one of them from a phone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import wraps
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from conference import photos
from conference.models import Conference
from conference.permissions import ConferencePermissions, ConferenceRequest, conference_page
from korean.dates import SEOUL
from sessions import today as acts
from sessions.models import DayChange, Outcome, RoomUse, Session
from sessions.views import day_forms

View = Callable[..., HttpResponse]
# act: its form, its verb, and whether visitors are told, which only who publishes may do
ACTS = {
    "start": (day_forms.StartForm, acts.start, False),
    "finish": (day_forms.FinishForm, acts.finish, False),
    "count": (day_forms.HeadcountForm, acts.record_headcount, False),
    "delay": (day_forms.DelayForm, acts.delay, True),
    "move": (day_forms.MoveForm, acts.move, True),
    "cancel": (day_forms.CancelForm, acts.cancel, True),
}
ROOM_USES = Prefetch("room_uses", RoomUse.objects.select_related("room__venue", "room__parent"))
FORM_KEY_MAX = 64  # letters of a form key
START_WINDOW = timedelta(minutes=30)  # so early a session may begin
PUBLIC_KINDS = {DayChange.Kind.DELAY, DayChange.Kind.PLACE, DayChange.Kind.CANCEL}


@dataclass(frozen=True)
class DayPermissions:
    """What the person may do on the day: note what happens, and tell visitors."""

    permissions: ConferencePermissions
    may_publish: bool

    def runs(self, session: Session) -> bool:
        """Editors, and the topic office of the host."""
        return self.permissions.can_edit_all or self.permissions.can_edit_session(session.topic)

    def undoes(self, change: DayChange) -> bool:
        return self.may_publish if change.kind in PUBLIC_KINDS else self.runs(change.session)


def day_permissions(request: ConferenceRequest, conference: Conference) -> DayPermissions:
    return DayPermissions(request.permissions, request.permissions.can_publish)


def session_page(view: View) -> View:
    """Give the view ``(request, session, rights, …)``; a session of another conference is not there."""

    @conference_page()
    @wraps(view)
    def inner(request: ConferenceRequest, conference: Conference, code: str, **rest: Any) -> HttpResponse:
        rows = conference.sessions.select_related("conference", "topic").prefetch_related(ROOM_USES)
        return view(request, get_object_or_404(rows, code=code), day_permissions(request, conference), **rest)

    return inner


@require_safe
@conference_page()
def today(request: ConferenceRequest, conference: Conference) -> HttpResponse:
    """The sessions of a day: what runs now on top, then what comes, then what is over."""
    now = timezone.now()
    days = sorted({at.astimezone(SEOUL).date() for at in conference.sessions.values_list("starts_at", flat=True)})
    day = _day(request.GET.get("day", ""), days, now)
    allowed = day_permissions(request, conference)
    rows = [_row(row, now, allowed) for row in (_sessions_of_day(conference, day) if day else [])]
    changes = conference.day_changes.select_related("session__topic", "by", "undone_by")[:20]
    context = {
        "conference": conference,
        "here": "today",
        "is_early": now < conference.starts_at - acts.MAX_DISTANCE,
        "days": days,
        "day": day,
        "groups": [
            (label, found) for state, label in STATES if (found := [row for row in rows if row["state"] == state])
        ],
        "changes": [(change, not change.undone_at and allowed.undoes(change)) for change in changes],
        "rights": allowed,
        "is_released": conference.releases.filter(withdrawn_at=None).exists(),
        "done": _last_act(request, conference, allowed),
    }
    return render(request, "sessions/today/today.html", context)


@require_safe
@session_page
def session_detail(request: ConferenceRequest, session: Session, allowed: DayPermissions) -> HttpResponse:
    """Everything that can be done to one session on the day."""
    return _render_session(request, session, allowed)


@require_POST
@session_page
def act(request: ConferenceRequest, session: Session, allowed: DayPermissions, act: str) -> HttpResponse:
    """Do one of ACTS, and tell what was done."""
    if act not in ACTS:
        raise Http404
    form_class, verb, is_public = ACTS[act]
    if not (allowed.may_publish if is_public else allowed.runs(session)):
        raise PermissionDenied
    form = form_class(request.POST, session=session)
    if form.is_valid():
        try:
            done = verb(session, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            here = reverse("today", args=[session.conference.slug])
            asked = {"day": f"{done.session.starts_at.astimezone(SEOUL):%Y-%m-%d}", "done": done.form_key}
            return redirect(f"{here}?{urlencode(asked)}")
    return _render_session(request, session, allowed, failed=form, status=422)


@require_POST
@session_page
def photo(request: ConferenceRequest, session: Session, allowed: DayPermissions) -> HttpResponse:
    """사진 올리기: into the pool, and to this session. One that is refused does not hold up the others."""
    if not allowed.runs(session):
        raise PermissionDenied
    added, uploads = [], request.FILES.getlist("photos")
    for upload in uploads:
        try:
            content = photos.received(upload)
            added.append(photos.add(session.conference, content=content, name=upload.name, by=request.user))
        except ValidationError as error:
            messages.error(request, f"{upload.name}: {error.messages[0]}")
    if added:
        acts.attach_photos(session, photos=added, by=request.user)
        messages.success(request, _("사진 %(count)d장을 올렸습니다.") % {"count": len(added)})
    if not uploads:
        messages.error(request, _("올릴 사진을 고르세요."))
    return redirect("today-session", session.conference.slug, session.code)


@require_POST
@conference_page()
def undo(request: ConferenceRequest, conference: Conference, change_id: int) -> HttpResponse:
    """되돌리기."""
    change = get_object_or_404(conference.day_changes.select_related("session__topic"), pk=change_id)
    if not day_permissions(request, conference).undoes(change):
        raise PermissionDenied
    try:
        acts.undo(change, by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(
            request, _("되돌렸습니다: ‘%(title)s’ %(text)s") % {"title": change.session.title, "text": change.text}
        )
    return redirect("today", conference.slug)


# ── what the pages show ─────────────────────────────────────────────────────────────────────────
STATES = (("now", gettext_lazy("지금")), ("next", gettext_lazy("이어서")), ("over", gettext_lazy("끝난 세션")))


def _day(asked: str, days: list[date], now: datetime) -> date | None:
    """The day asked for, else today, else the first day that has sessions."""
    for wanted in (asked, now.astimezone(SEOUL).date().isoformat()):
        if found := next((day for day in days if day.isoformat() == wanted), None):
            return found
    return days[0] if days else None


def _last_act(request: ConferenceRequest, conference: Conference, allowed: DayPermissions) -> tuple[DayChange, bool] | None:
    """What has just been done, and whether the person may undo it."""
    key = request.GET.get("done", "")[:FORM_KEY_MAX]
    change = conference.day_changes.select_related("session__topic").filter(form_key=key).first() if key else None
    return (change, allowed.undoes(change)) if change and not change.undone_at else None


def _sessions_of_day(conference: Conference, day: date) -> Any:
    first = datetime.combine(day, time(), SEOUL)
    rows = conference.sessions.filter(starts_at__gte=first, starts_at__lt=first + timedelta(days=1))
    return rows.select_related("topic").prefetch_related(ROOM_USES)


def _row(session: Session, now: datetime, allowed: DayPermissions) -> dict[str, Any]:
    state = _state(session, now)
    may_run = allowed.runs(session)
    is_passing = session.kind in {Session.Kind.MOVE, Session.Kind.BREAK}
    press = _next_act(session, now) if may_run and not is_passing else ""
    return {
        "session": session,
        "state": state,
        "rooms": ", ".join(str(use.room) for use in session.room_uses.all()),
        "is_cancelled": session.outcome == Outcome.CANCELLED,
        "may_run": may_run and not is_passing,
        "is_passing": is_passing,
        "press": press,
        "form_key": uuid4().hex if press else "",
        "delay_key": uuid4().hex if allowed.may_publish and state != "over" else "",
    }


def _state(session: Session, now: datetime) -> str:
    if session.outcome == Outcome.CANCELLED or session.actual_ends_at:
        return "over"
    if session.actual_starts_at or session.starts_at <= now < session.ends_at:
        return "now"
    return "next" if now < session.starts_at else "over"


def _next_act(session: Session, now: datetime) -> str:
    """The button that waits to be pressed: start, finish, or none."""
    if session.outcome == Outcome.CANCELLED or session.actual_ends_at:
        return ""
    if session.actual_starts_at:
        return "finish"
    return "start" if session.starts_at - START_WINDOW <= now < session.ends_at else ""


def _render_session(
    request: ConferenceRequest,
    session: Session,
    allowed: DayPermissions,
    *,
    failed: day_forms.DayActForm | None = None,
    status: int = 200,
) -> HttpResponse:
    row = _row(session, timezone.now(), allowed)
    open_to = [row["press"]] if row["press"] else []
    open_to += ["delay", "move", "cancel"] if allowed.may_publish and row["state"] != "over" else []
    open_to += ["count"] if row["may_run"] else []
    forms = {name: ACTS[name][0](session=session) for name in open_to}
    if "move" in forms:
        forms["one_room"] = day_forms.OneRoomForm(session=session)
    changes = session.day_changes.select_related("session__topic", "by", "undone_by")
    context = {
        "conference": session.conference,
        "here": "today",
        **row,
        "forms": forms | ({failed.name: failed} if failed else {}),
        "changes": [(change, not change.undone_at and allowed.undoes(change)) for change in changes],
        "rights": allowed,
        "is_released": session.conference.releases.filter(withdrawn_at=None).exists(),
    }
    return render(request, "sessions/today/session.html", context, status=status)
