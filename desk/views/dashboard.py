"""The list of my conferences, and the dashboard of one of them."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from conference import checks, permissions
from conference.models import Conference
from conference.permissions import ConferenceRequest, conference_page
from conference.uploads import lost_files
from desk import dashboard as dashboard_content
from desk.completeness import measure
from desk.labels import ITEMS
from publishing import releases
from publishing.heavy import pending_work
from reports import drafting

FINDINGS_SHOWN, NEWS_SHOWN = 12, 8  # on the dashboard; the rest has a page of its own


@require_safe
def my_conferences(request: ConferenceRequest) -> HttpResponse:
    """My conferences, and the reports that I may read."""
    context = {
        "conferences": permissions.conferences_of(request.user).order_by("-starts_at", "-pk"),
        "reports": drafting.readable_reports(request.user),
        "can_create_conference": permissions.can_create_conference(request.user),
        "pending": pending_work() if request.user.is_admin else None,
    }
    return render(request, "desk/my_conferences.html", context)


@require_safe
@conference_page()
def dashboard(request: ConferenceRequest, conference: Conference) -> HttpResponse:
    """The stages of the conference, what the person has to do, what is missing, and what changed."""
    lines, findings = measure(conference), checks.find_all(conference)
    reports = drafting.list_reports(request.user, conference)
    context = {
        "conference": conference,
        "here": "",
        "lost": lost_files.for_conference(conference.slug) if request.permissions.is_chair else None,
        "stages": dashboard_content.stages(
            conference, lines=lines, release=releases.live_release(conference.slug), reports=reports
        ),
        "steps": dashboard_content.first_steps(conference, lines=lines),
        "todos": dashboard_content.todos(
            request.user, conference, may_publish=request.permissions.can_publish, lines=lines, reports=reports
        ),
        "items": ITEMS.values(),
        "lines": lines,
        "is_closed": dashboard_content.is_closed(conference, reports),
        "findings": findings[:FINDINGS_SHOWN],
        "is_empty": not dashboard_content.has_content(conference),
        "levels": checks.count_by_level(findings),
        "news": dashboard_content.recent_changes(conference)[:NEWS_SHOWN],
        "reports": reports,
    }
    return render(request, "desk/dashboard.html", context)


@require_safe
@conference_page()
def findings(request: ConferenceRequest, conference: Conference) -> HttpResponse:
    """All findings of 점검, the most serious first."""
    findings = checks.find_all(conference)
    context = {
        "conference": conference,
        "here": "checks",
        "findings": findings,
        "is_empty": not dashboard_content.has_content(conference),
        "levels": checks.count_by_level(findings),
    }
    return render(request, "desk/checks.html", context)
