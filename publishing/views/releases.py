"""공개 기록: the list of releases, their withdrawal, and 긴급 공지."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conference import permissions
from conference.models import Conference
from conference.permissions import ConferenceRequest, conference_page
from publishing import preview, releases, urgent_notices
from publishing.forms import UrgentForm
from publishing.models import Release
from publishing.release_diff import diff_sentences
from publishing.release_draft import current_release

SHOWN = 10  # releases on a page of the list


@require_safe
@conference_page()
def release_list(request: ConferenceRequest, conference: Conference) -> HttpResponse:
    """List the releases, the newest first, each with its changes."""
    rows = conference.releases.select_related("frozen_by", "withdrawn_by")
    page, shown = Paginator(rows, SHOWN).get_page(request.GET.get("page")), current_release(conference)
    context = {
        "conference": conference,
        "here": "publish",
        "rows": page,
        "releases": [_release_context(row, shown) for row in page],
        "may_publish": request.permissions.can_publish,
    }
    return render(request, "publishing/releases.html", context)


@require_safe
@conference_page()
def release_page(request: ConferenceRequest, conference: Conference, number: int) -> HttpResponse:
    """Show one release: its changes, and a link to its pages."""
    row = get_object_or_404(conference.releases.select_related("frozen_by", "withdrawn_by"), number=number)
    context = {
        "conference": conference,
        "here": "publish",
        **_release_context(row, current_release(conference)),
        "may_publish": request.permissions.can_publish,
    }
    return render(request, "publishing/release.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@conference_page()
def withdraw(request: ConferenceRequest, conference: Conference, number: int) -> HttpResponse:
    """철회: GET shows what visitors would see then; POST withdraws the release."""
    row = get_object_or_404(conference.releases, number=number)
    may_publish = request.permissions.can_publish
    if request.method == "POST":
        if not may_publish:
            raise PermissionDenied
        return _withdraw(request, conference, row)
    then = conference.releases.filter(withdrawn_at=None).exclude(pk=row.pk).first()
    context = {"conference": conference, "here": "publish", "release": row, "then": then, "may_publish": may_publish}
    return render(request, "publishing/withdraw.html", context)


def _withdraw(request: ConferenceRequest, conference: Conference, row: Release) -> HttpResponse:
    try:
        releases.withdraw(row, by=request.user)
    except ValidationError as error:
        is_own = row.withdrawn_by_id == request.user.pk  # set by ``withdraw``, which reads the row again
        context = {
            "heading": _("이미 철회하신 공개본입니다.") if is_own else "",
            "text": error.message,
            "back": reverse("releases", args=[conference.slug]),
        }
        return render(request, "409.html", context, status=409)
    messages.success(request, _("공개본 %(number)d을(를) 철회했습니다.") % {"number": row.number})
    return redirect("releases", conference.slug)


@require_safe
@conference_page()
def released_pages(
    request: ConferenceRequest, conference: Conference, number: int, look: str, rest: str = ""
) -> HttpResponse:
    """Show the public pages as visitors saw them in one release."""
    row = get_object_or_404(conference.releases, number=number)
    base = reverse("release-pages", args=[conference.slug, number, "x"]).removesuffix("x/")
    bar = preview.PreviewBar(
        base=base,
        look=look,
        back=reverse("release", args=[conference.slug, number]),
        title=_("공개본 %(number)d의 화면입니다.") % {"number": number},
        files_root=f"{base}{look}/files/",
        rest=rest,
    )
    current = releases.LiveRelease(
        conference.slug, number, row.digest, row.frozen_at, row.value["sections"], preview=bar
    )
    return preview.render_preview(request, current)


def _release_context(row: Release, shown: Release | None) -> dict[str, Any]:
    now = row.value["sections"]
    return {
        "release": row,
        "is_in_force": row == shown,
        "is_first": not row.changes,
        "changes": diff_sentences(row.changes, before={}, now=now),
        "has_pages": "event" in now,
    }


# ── 긴급 공지 ───────────────────────────────────────────────────────────────────────────────────
@require_http_methods(["GET", "HEAD", "POST"])
@conference_page()
def urgent_notice(request: ConferenceRequest, conference: Conference) -> HttpResponse:
    """Show the urgent notices and a form; POST puts a new one on every public page at once."""
    may_publish = request.permissions.can_publish
    if request.method == "POST" and not may_publish:
        raise PermissionDenied
    form = UrgentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            released = urgent_notices.announce(conference, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(
                request,
                _("긴급 공지를 공개했습니다.")
                if released
                else _("긴급 공지를 적어 두었습니다. 아직 공개한 것이 없어 방문자에게는 보이지 않습니다."),
            )
            return redirect("urgent", conference.slug)
    context = {
        "conference": conference,
        "here": "today",
        "form": form,
        "notices": urgent_notices.visible_notices(conference),
        "release": current_release(conference),
        "may_publish": may_publish,
    }
    return render(request, "publishing/urgent.html", context, status=422 if form.errors else 200)


@require_POST
@conference_page(requires=permissions.can_publish)
def lift(request: ConferenceRequest, conference: Conference) -> HttpResponse:
    """긴급 해제."""
    try:
        urgent_notices.lift(conference, notice_fingerprint=request.POST.get("seal", ""), by=request.user)
    except ValidationError as error:
        messages.info(request, error.message)
    else:
        messages.success(request, _("긴급을 해제했습니다. 이제 보통 공지로 보입니다."))
    return redirect("urgent", conference.slug)
