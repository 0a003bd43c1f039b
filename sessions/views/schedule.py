"""`/desk/new/schedule/`: a conference that was kept elsewhere moves in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from conference import permissions
from conference.exchange import Refused
from sessions.schedule import schedule_import
from sessions.schedule.forms import ScheduleConferenceForm, ScheduleFileForm, pack
from sessions.schedule.notes import HEADINGS

PROBLEMS_SHOWN = 100


@require_http_methods(["GET", "HEAD", "POST"])
def import_schedule(request: SignedInRequest) -> HttpResponse:
    """Ask for the file, show what would become of it, make it: each step one form, and nothing stored before the last."""
    if not permissions.can_create_conference(request.user):
        raise PermissionDenied
    try:
        if "packed" in request.POST:
            return _create(request)
        form = ScheduleFileForm(request.POST, request.FILES) if request.method == "POST" else ScheduleFileForm()
        if not form.is_valid():
            return _page(request, form=form, status=422 if form.errors else 200)
        return _preview(request, form.cleaned_data["file"])
    except Refused as refused:
        return _page(request, form=ScheduleFileForm(), problems=refused.problems, status=422)


def _preview(request: SignedInRequest, content: bytes, form: ScheduleConferenceForm | None = None) -> HttpResponse:
    found = schedule_import.preview(content)
    fields = found.file["conference"]
    known = {"title": fields["title"], "slug": fields["slug"], "packed": pack(content)}
    return _page(
        request, form=form or ScheduleConferenceForm(initial=known), found=found, is_too_large=not known["packed"]
    )


def _create(request: SignedInRequest) -> HttpResponse:
    form = ScheduleConferenceForm(request.POST)
    if not form.is_valid():
        if "packed" in form.errors:
            messages.error(request, form.errors["packed"][0])
            return redirect("new-schedule")
        return _preview(request, form.cleaned_data["packed"], form)
    found = schedule_import.preview(form.cleaned_data["packed"])
    wanted = {name: form.cleaned_data[name] for name in ("slug", "title")}
    made = schedule_import.create_conference(found, **wanted, by=request.user)
    said = _("‘%(title)s’을(를) 들여왔습니다. 이 행사의 총괄이 되었습니다. 공개하기 전에는 담당자만 볼 수 있습니다.")
    messages.success(request, said % {"title": made.title})
    return redirect(f"/desk/{made.slug}/")


def _page(
    request: SignedInRequest, *, status: int = 200, problems: Any = (), found: Any = None, **context: Any
) -> HttpResponse:
    if found:
        notes = [(kind, heading, found.notes.of(kind)) for kind, heading in HEADINGS.items()]
        context |= {"found": found, "groups": [group for group in notes if group[2]]}
    form = context["form"]
    context |= {"problems": problems[:PROBLEMS_SHOWN], "more": max(0, len(problems) - PROBLEMS_SHOWN)}
    status = 422 if form.errors else status
    return render(request, "sessions/move_in.html", context, status=status)
