"""`/desk/new/schedule/`: import of a schedule as a new conference."""

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
from conference.exchange import FileRefused
from sessions.schedule import schedule_import
from sessions.schedule.forms import ScheduleConferenceForm, ScheduleFileForm, pack
from sessions.schedule.notes import HEADINGS

PROBLEMS_SHOWN = 100


@require_http_methods(["GET", "HEAD", "POST"])
def import_schedule(request: SignedInRequest) -> HttpResponse:
    """Ask for the file, show a preview, import it. Each step is a form, and only the last stores anything."""
    if not permissions.can_create_conference(request.user):
        raise PermissionDenied
    try:
        if "packed" in request.POST:
            return _create(request)
        form = ScheduleFileForm(request.POST, request.FILES) if request.method == "POST" else ScheduleFileForm()
        if not form.is_valid():
            return _page(request, form=form, status=422 if form.errors else 200)
        return _preview(request, form.cleaned_data["file"])
    except FileRefused as refused:
        return _page(request, form=ScheduleFileForm(), problems=refused.problems, status=422)


def _preview(request: SignedInRequest, content: bytes, form: ScheduleConferenceForm | None = None) -> HttpResponse:
    result = schedule_import.preview(content)
    fields = result.file["conference"]
    initial = {"title": fields["title"], "slug": fields["slug"], "packed": pack(content)}
    return _page(
        request, form=form or ScheduleConferenceForm(initial=initial), result=result, is_too_large=not initial["packed"]
    )


def _create(request: SignedInRequest) -> HttpResponse:
    form = ScheduleConferenceForm(request.POST)
    if not form.is_valid():
        if "packed" in form.errors:
            messages.error(request, str(form.errors["packed"][0]))
            return redirect("new-schedule")
        return _preview(request, form.cleaned_data["packed"], form)
    result = schedule_import.preview(form.cleaned_data["packed"])
    names = {name: form.cleaned_data[name] for name in ("slug", "title")}
    conference = schedule_import.create_conference(result, **names, by=request.user)
    text = _("‘%(title)s’을(를) 들여왔습니다. 이 행사의 총괄이 되었습니다. 공개하기 전에는 담당자만 볼 수 있습니다.")
    messages.success(request, text % {"title": conference.title})
    return redirect(f"/desk/{conference.slug}/")


def _page(
    request: SignedInRequest, *, status: int = 200, problems: Any = (), result: Any = None, **context: Any
) -> HttpResponse:
    if result:
        notes = [(kind, heading, result.notes.of(kind)) for kind, heading in HEADINGS.items()]
        context |= {"result": result, "groups": [group for group in notes if group[2]]}
    form = context["form"]
    context |= {"problems": problems[:PROBLEMS_SHOWN], "more": max(0, len(problems) - PROBLEMS_SHOWN)}
    status = 422 if form.errors else status
    return render(request, "sessions/move_in.html", context, status=status)
