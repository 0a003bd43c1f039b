"""My conferences, and where one of them stands."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from conference import access, checks
from conference.access import conference_page
from conference.models import Conference
from reports import drafting


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """My conferences, and the reports that are mine to read."""
    conferences = access.conferences(request.user).order_by("-starts_at")
    return render(
        request, "reports/desk.html", {"conferences": conferences, "reports": drafting.readable(request.user)}
    )


@require_safe
@conference_page()
def dashboard(request: HttpRequest, conference: Conference) -> HttpResponse:
    """Where this conference stands: what is public, what the checks find, how far the reports are."""
    context = {
        "conference": conference,
        "release": conference.releases.filter(withdrawn_at=None).first(),
        "findings": checks.findings(conference),
        "reports": drafting.listed(request.user, conference),
    }
    return render(request, "reports/dashboard.html", context)
