"""당일 운영: the sessions of a day, and the acts on one of them, made for a phone."""

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
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from conference.models import Conference
from conference.permissions import ConferencePermissions, ConferenceRequest, conference_page
from conference.uploads import photos
from korean.dates import SEOUL
from sessions import today as acts
from sessions.models import DayChange, Outcome, RoomUse, Session
from sessions.views import day_forms

View = Callable[..., HttpResponseBase]
# act → its form, its function, and whether visitors see it, which wants the permission to publish
ACTS: dict[str, tuple[type[day_forms.DayActForm], Callable[..., DayChange], bool]] = {
    "start": (day_forms.StartForm, acts.start, False),
    "finish": (day_forms.FinishForm, acts.finish, False),
    "count": (day_forms.HeadcountForm, acts.record_headcount, False),
    "delay": (day_forms.DelayForm, acts.delay, True),
    "move": (day_forms.MoveForm, acts.move, True),
    "cancel": (day_forms.CancelForm, acts.cancel, True),
}
ROOM_USES = Prefetch("room_uses", RoomUse.objects.select_related("room__venue", "room__parent"))
FORM_KEY_MAX = 64  # characters of a form key
START_WINDOW = timedelta(minutes=30)  # before its start, at which 시작 is offered
PUBLIC_KINDS = {DayChange.Kind.DELAY, DayChange.Kind.PLACE, DayChange.Kind.CANCEL}


@dataclass(frozen=True)
class DayPermissions:
    """What the person may do on the day."""

    conference_permissions: ConferencePermissions
    can_publish: bool

    def can_run(self, session: Session) -> bool:
        """Whether the person may start, finish and count the session."""
        return self.conference_permissions.can_edit_all or self.conference_permissions.can_edit_session(session.topic)

    def can_undo(self, change: DayChange) -> bool:
        return self.can_publish if change.kind in PUBLIC_KINDS else self.can_run(change.session)


def day_permissions(request: ConferenceRequest, conference: Conference) -> DayPermissions:
    return DayPermissions(request.permissions, request.permissions.can_publish)


def session_page(view: View) -> View:
    """Decorate a page of one session: the view gets ``(request, session, permissions, …)``; another conference's session is 404."""

    @conference_page()
    @wraps(view)
    def inner(request: ConferenceRequest, conference: Conference, code: str, **rest: Any) -> HttpResponseBase:
        rows = conference.sessions.select_related("conference", "topic").prefetch_related(ROOM_USES)
        return view(request, get_object_or_404(rows, code=code), day_permissions(request, conference), **rest)

    return inner


@require_safe
@conference_page()
def today(request: ConferenceRequest, conference: Conference) -> HttpResponse:
    """Show the sessions of a day: those running, those to come, those that are over."""
    now = timezone.now()
    days = sorted({at.astimezone(SEOUL).date() for at in conference.sessions.values_list("starts_at", flat=True)})
    day = _day(request.GET.get("day", ""), days, now)
    permissions = day_permissions(request, conference)
    rows = [_row(row, now, permissions) for row in (_sessions_of_day(conference, day) if day else [])]
    changes = conference.day_changes.select_related("session__topic", "by", "undone_by")[:20]
    context = {
        "conference": conference,
        "here": "today",
        "is_early": now < conference.starts_at - acts.MAX_DISTANCE,
        "days": days,
        "day": day,
        "groups": [
            (label, of_state) for state, label in STATES if (of_state := [row for row in rows if row["state"] == state])
        ],
        "changes": [(change, not change.undone_at and permissions.can_undo(change)) for change in changes],
        "permissions": permissions,
        "is_released": conference.releases.filter(withdrawn_at=None).exists(),
        "done": _last_act(request, conference, permissions),
    }
    return render(request, "sessions/today/today.html", context)


@require_safe
@session_page
def session_detail(request: ConferenceRequest, session: Session, permissions: DayPermissions) -> HttpResponse:
    """Show the acts on one session."""
    return _render_session(request, session, permissions)


@require_POST
@session_page
def act(request: ConferenceRequest, session: Session, permissions: DayPermissions, act: str) -> HttpResponse:
    """Perform one of ACTS and show what was done."""
    if act not in ACTS:
        raise Http404
    form_class, verb, is_public = ACTS[act]
    if not (permissions.can_publish if is_public else permissions.can_run(session)):
        raise PermissionDenied
    form = form_class(request.POST, session=session)
    if form.is_valid():
        try:
            change = verb(session, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            here = reverse("today", args=[session.conference.slug])
            query = {"day": f"{change.session.starts_at.astimezone(SEOUL):%Y-%m-%d}", "done": change.form_key}
            return redirect(f"{here}?{urlencode(query)}")
    return _render_session(request, session, permissions, failed=form, status=422)


@require_POST
@session_page
def photo(request: ConferenceRequest, session: Session, permissions: DayPermissions) -> HttpResponse:
    """사진 올리기: add photos to the conference and to this session. A refused photo does not stop the others."""
    if not permissions.can_run(session):
        raise PermissionDenied
    added, uploads = [], request.FILES.getlist("photos")
    for upload in uploads:
        try:
            content = photos.read_upload(upload)
            added.append(photos.add(session.conference, content=content, name=upload.name or "", by=request.user))
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
    if not day_permissions(request, conference).can_undo(change):
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


def _day(requested: str, days: list[date], now: datetime) -> date | None:
    """Return the requested day, else today, else the first day with sessions."""
    wished = (requested, now.astimezone(SEOUL).date().isoformat())
    matches = [day for text in wished for day in days if day.isoformat() == text]
    return next(iter(matches or days), None)


def _last_act(
    request: ConferenceRequest, conference: Conference, permissions: DayPermissions
) -> tuple[DayChange, bool] | None:
    """Return the act just performed, and whether the person may undo it."""
    key = request.GET.get("done", "")[:FORM_KEY_MAX]
    change = conference.day_changes.select_related("session__topic").filter(form_key=key).first() if key else None
    return (change, permissions.can_undo(change)) if change and not change.undone_at else None


def _sessions_of_day(conference: Conference, day: date) -> Any:
    first = datetime.combine(day, time(), SEOUL)
    rows = conference.sessions.filter(starts_at__gte=first, starts_at__lt=first + timedelta(days=1))
    return rows.select_related("topic").prefetch_related(ROOM_USES)


def _row(session: Session, now: datetime, permissions: DayPermissions) -> dict[str, Any]:
    state = _state(session, now)
    can_run = permissions.can_run(session)
    is_break = session.kind in {Session.Kind.MOVE, Session.Kind.BREAK}
    next_act = _next_act(session, now) if can_run and not is_break else ""
    return {
        "session": session,
        "state": state,
        "rooms": ", ".join(str(use.room) for use in session.room_uses.all()),
        "is_cancelled": session.outcome == Outcome.CANCELLED,
        "can_run": can_run and not is_break,
        "is_break": is_break,
        "next_act": next_act,
        "form_key": uuid4().hex if next_act else "",
        "delay_key": uuid4().hex if permissions.can_publish and state != "over" else "",
    }


def _state(session: Session, now: datetime) -> str:
    if session.outcome == Outcome.CANCELLED or session.actual_ends_at:
        return "over"
    if session.actual_starts_at or session.starts_at <= now < session.ends_at:
        return "now"
    return "next" if now < session.starts_at else "over"


def _next_act(session: Session, now: datetime) -> str:
    """Return the act that comes next: start, finish or none."""
    if session.outcome == Outcome.CANCELLED or session.actual_ends_at:
        return ""
    if session.actual_starts_at:
        return "finish"
    return "start" if session.starts_at - START_WINDOW <= now < session.ends_at else ""


def _render_session(
    request: ConferenceRequest,
    session: Session,
    permissions: DayPermissions,
    *,
    failed: day_forms.DayActForm | None = None,
    status: int = 200,
) -> HttpResponse:
    row = _row(session, timezone.now(), permissions)
    act_names = [row["next_act"]] if row["next_act"] else []
    act_names += ["delay", "move", "cancel"] if permissions.can_publish and row["state"] != "over" else []
    act_names += ["count"] if row["can_run"] else []
    forms = {name: ACTS[name][0](session=session) for name in act_names}
    if "move" in forms:
        forms["one_room"] = day_forms.OneRoomForm(session=session)
    changes = session.day_changes.select_related("session__topic", "by", "undone_by")
    context = {
        "conference": session.conference,
        "here": "today",
        **row,
        "forms": forms | ({failed.name: failed} if failed else {}),
        "changes": [(change, not change.undone_at and permissions.can_undo(change)) for change in changes],
        "permissions": permissions,
        "is_released": session.conference.releases.filter(withdrawn_at=None).exists(),
    }
    return render(request, "sessions/today/session.html", context, status=status)
