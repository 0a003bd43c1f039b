"""실적 확인: everything as planned by one button, then the exceptions; guests one by one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from conference.models import Conference
from conference.permissions import ConferencePermissions, ConferenceRequest, conference_page
from reports import drafting
from reports import outcomes as verbs
from reports.forms.outcomes import (
    ExhibitorOutcomeForm,
    GuestAttendanceForm,
    PresentationOutcomeForm,
    SessionOutcomeForm,
)
from reports.views.context import report_context
from sheets.row_formset import RowFormSet

LISTS = {
    "session": (SessionOutcomeForm, verbs.reportable_sessions),
    "talk": (PresentationOutcomeForm, verbs.presentations_of),
    "exhibitor": (ExhibitorOutcomeForm, verbs.exhibitors_of),
    "guest": (GuestAttendanceForm, verbs.guests_of),
}


@require_http_methods(["GET", "HEAD", "POST"])
@conference_page()
def actuals(request: ConferenceRequest, conference: Conference) -> HttpResponse:
    """What the person may confirm, and what others have confirmed."""
    permissions = request.permissions
    if request.method != "POST":
        return _render_outcomes(request, conference, permissions, _formsets(conference, permissions))
    grids = _formsets(conference, permissions, request.POST)
    sound = [grid.is_valid() for grid in grids.values()]  # each of them, so that each shows its errors
    if not all(sound):
        is_stale = any(grid.is_stale for grid in grids.values())
        return _render_outcomes(request, conference, permissions, grids, status=409 if is_stale else 422)
    verbs.save_outcomes([line.updated_row() for grid in grids.values() for line in grid.changed_lines], by=request.user)
    if request.POST.get("do") == "all":
        count = verbs.confirm_all(conference, permissions=permissions, by=request.user, at=timezone.now())
        if count:
            messages.success(request, _("미확인 %(count)d건을 예정대로 확인했습니다.") % {"count": count})
        else:
            messages.info(request, _("확인할 것이 없습니다. 끝난 세션·발표·전시 가운데 미확인인 것이 없습니다."))
    else:
        messages.success(request, _("저장했습니다."))
    return redirect("reports:actuals", conference.slug)


def _formsets(conference: Conference, permissions: ConferencePermissions, data: Any = None) -> dict[str, RowFormSet]:
    return {
        name: RowFormSet(
            form, [row for row in rows(conference) if verbs.can_confirm(permissions, row)], data, name=name
        )
        for name, (form, rows) in LISTS.items()
    }


def _render_outcomes(
    request: ConferenceRequest,
    conference: Conference,
    permissions: ConferencePermissions,
    grids: dict[str, RowFormSet],
    *,
    status: int = 200,
) -> HttpResponse:
    own = drafting.own_draft(request.user, conference)
    grids = {name: grid.add_missing_lines() if status != 200 else grid for name, grid in grids.items()}  # noqa: PLR2004 (OK)
    context = {
        "conference": conference,
        "here": "reports",
        "is_member": True,
        "permissions": permissions,
        "grids": grids,
        "is_any": any(grid.lines for grid in grids.values()),
        "faults": [fault for grid in grids.values() for fault in grid.error_links],
        "is_stale": any(grid.is_stale for grid in grids.values()),
        **(report_context(request, own, "actuals") if own else {}),
    }
    return render(request, "reports/actuals.html", context, status=status)
