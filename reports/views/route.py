"""Views of a report's 결재선: edit it, search people, save it as one's own, apply a saved one."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import SignedInRequest
from approvals import route_resolution as rules
from approvals import saved_routes
from approvals.guards import ActRefused
from approvals.models import ApprovalRoute
from reports import checks
from reports.forms.route import KINDS, MODES, DraftStepsForm, route_lines
from reports.models import Report
from reports.views.context import report_context, submitted_version
from reports.views.decorators import writing_page
from rows.whole_numbers import parse_whole_number

SEARCH_WORDS_MAX = 100  # letters of a search


@require_safe
@writing_page
def route_page(request: SignedInRequest, report: Report) -> HttpResponse:
    """Show the route with its errors, the saved routes, and the people found by a search."""
    words = request.GET.get("q", "")[:SEARCH_WORDS_MAX].strip()
    places = route_lines(ApprovalRoute.objects.filter(document=report.pk).first(), report)
    there = {place["user"].pk for place in places if place["user"]}
    context = report_context(request, report, "line") | {
        "places": places,
        "words": words,
        "people": [(person, person.pk in there) for person in saved_routes.search_signers(words, by=request.user)]
        if words
        else [],
        "saved_routes": saved_routes.available_routes(report, by=request.user),
        "kinds": KINDS,
        "modes": MODES,
        "is_drafter": request.user.pk == report.drafter_id,
        **_check_route(report),
    }
    return render(request, "reports/line.html", context)


def _check_route(report: Report) -> dict[str, object]:
    """Return the errors, warnings and notes of the route as it is now."""
    try:
        resolved = rules.resolve_route(report)
    except ActRefused as refused:
        return {"notes": [], "refused": str(refused), "outranked": []}
    return {"notes": resolved.notes, "refused": "", "outranked": list(checks.check_reviewer_ranks(report))}


@require_POST
@writing_page
def save_route(request: SignedInRequest, report: Report) -> HttpResponse:
    """Save the steps in the order of the page, and also as one's own route if asked."""
    form = DraftStepsForm(request.POST)
    try:
        saved_routes.set_route(report, form.seats, by=request.user, lock_version=submitted_version(request))
        messages.success(request, _("결재선을 저장했습니다."))  # saved even if the name is refused below
        if request.POST.get("do") == "keep":
            saved_routes.save_as_own_route(report, name=request.POST.get("name", "").strip(), by=request.user)
            messages.success(request, _("내 결재선으로 저장했습니다."))
    except ActRefused as refused:
        messages.error(request, str(refused))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    if form.error:
        messages.warning(request, form.error)
    return redirect(f"{_address(report)}{_search_query(request)}")


@require_POST
@writing_page
def take_route(request: SignedInRequest, report: Report) -> HttpResponse:
    """Apply one of the saved routes."""
    if (key := parse_whole_number(request.POST.get("line", ""))) is None:
        messages.error(request, _("결재선을 골라 주세요."))
        return redirect(_address(report))
    route = get_object_or_404(ApprovalRoute, pk=key)
    if not saved_routes.available_routes(report, by=request.user).filter(pk=route.pk).exists():
        raise PermissionDenied
    saved_routes.apply_saved_route(report, route, by=request.user, lock_version=submitted_version(request))
    messages.success(request, _("‘%(line)s’ 결재선을 가져왔습니다.") % {"line": route})
    return redirect(_address(report))


def _address(report: Report) -> str:
    return reverse("reports:line", args=[report.conference.slug, report.number])


def _search_query(request: SignedInRequest) -> str:
    """Return the search as a query string, so that the next page shows the same people."""
    words = request.POST.get("q", "")
    return f"?{urlencode({'q': words})}" if words else ""
