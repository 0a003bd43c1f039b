"""The view of 실적 확인: one button confirms all as planned, then exceptions are edited."""

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
    """Show and save the outcomes that the person may confirm."""
    permissions = request.permissions
    if request.method != "POST":
        return _render_outcomes(request, conference, permissions, _formsets(conference, permissions))
    formsets = _formsets(conference, permissions, request.POST)
    are_valid = [formset.is_valid() for formset in formsets.values()]  # each of them, so that each shows its errors
    if not all(are_valid):
        is_stale = any(formset.is_stale for formset in formsets.values())
        return _render_outcomes(request, conference, permissions, formsets, status=409 if is_stale else 422)
    verbs.save_outcomes(
        [line.updated_row() for formset in formsets.values() for line in formset.changed_lines], by=request.user
    )
    if request.POST.get("do") == "all":
        if count := verbs.confirm_all(conference, permissions=permissions, by=request.user, at=timezone.now()):
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
    formsets: dict[str, RowFormSet],
    *,
    status: int = 200,
) -> HttpResponse:
    own = drafting.own_draft(request.user, conference)
    formsets = {name: formset.add_missing_lines() if status != 200 else formset for name, formset in formsets.items()}  # noqa: PLR2004 (OK)
    context = {
        "conference": conference,
        "here": "reports",
        "is_member": True,
        "permissions": permissions,
        "formsets": formsets,
        "is_any": any(formset.lines for formset in formsets.values()),
        "faults": [fault for formset in formsets.values() for fault in formset.error_links],
        "is_stale": any(formset.is_stale for formset in formsets.values()),
        **(report_context(request, own, "actuals") if own else {}),
    }
    return render(request, "reports/actuals.html", context, status=status)
