"""Pages on which a report is written: texts, lists, and the pictures it shows."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from approvals.guards import Stale
from approvals.models import Document
from reports import drafting, gallery, sections
from reports.forms.grid import Grid
from reports.forms.parts import PARTS, Part
from reports.forms.photos import FilterForm
from reports.forms.texts import TextsForm
from reports.models import Report, ReportPhoto
from reports.views.door import writing_page
from reports.views.frame import frame

CHOICE = 60  # pictures to choose from at once; the filters lead to others
STALE = gettext_lazy("그 사이 다른 사람이 이 보고서를 고쳤습니다. 초안을 확인하고, 이대로 저장하려면 다시 누르십시오.")


@require_http_methods(["GET", "HEAD", "POST"])
@writing_page
def texts(request: HttpRequest, report: Report) -> HttpResponse:
    """머리말, 요지, 키워드 and what no row knows: 성과, 만족도, 문제점, 계획."""
    if request.method != "POST":
        return page(request, report, "texts")
    form = TextsForm(request.POST, instance=report)
    if not form.is_valid():
        return page(request, now_of(report), "texts", texts=form, status=422)
    values = {field: form.cleaned_data[field] for field in TextsForm.Meta.fields}
    try:
        drafting.save(now := now_of(report), by=request.user, lock_version=form.cleaned_data["lock_version"], **values)
    except Stale:
        if now.state != Document.State.DRAFT:
            raise  # no form to go on with: page 409 keeps what was typed
        form.data = form.data.copy()
        form.data["lock_version"] = now.lock_version  # what was typed stays; saving again is then a choice
        form.add_error(None, STALE)
        return page(request, now, "texts", texts=form, status=409)
    messages.success(request, _("글을 저장했습니다."))
    return redirect("reports:texts", report.conference.slug, report.number)


@require_safe
@writing_page
def lists(request: HttpRequest, report: Report) -> HttpResponse:
    """예산, 계획, 홍보, 붙임."""
    return page(request, report, "lists")


@require_safe
@writing_page
def shots(request: HttpRequest, report: Report) -> HttpResponse:
    """The pictures of the 사진대지, and those of the pool to choose from."""
    return page(request, report, "photos")


@require_POST
@writing_page
def save(request: HttpRequest, report: Report, part: str) -> HttpResponse:
    """Save the lines of one part, in the order of the page."""
    found = PARTS.get(part)
    if found is None:
        raise Http404
    grid = found.grid(report, request.POST, request.FILES)
    if not grid.is_valid():
        return page(request, report, found.tab, grids={part: grid}, status=409 if grid.is_stale else 422)
    try:
        _keep(request, report, grid)
    except Stale:
        if (now := now_of(report)).state != Document.State.DRAFT:
            raise  # no form to go on with: page 409 keeps what was typed
        return page(request, now, found.tab, grids={part: grid}, said={part: STALE}, status=409)
    messages.success(request, _("‘%(part)s’을(를) 저장했습니다.") % {"part": found.title})
    return redirect(f"{reverse(f'reports:{found.tab}', args=[report.conference.slug, report.number])}#{part}")


def _keep(request: HttpRequest, report: Report, grid: Grid) -> None:
    picked = [ReportPhoto(photo=photo) for photo in _picked(request, report)]
    rows = {line.key: line.rows() for line in grid.lines}
    drafting.keep(
        report,
        [*(row for found in rows.values() for row in found), *picked],
        changed=[*(row for line in grid.changed for row in rows[line.key]), *picked],
        gone=grid.gone,
        uploads={id(line.instance): upload for line in grid.lines if (upload := line.cleaned_data.get("upload"))},
        by=request.user,
        lock_version=shown_version(request),
    )


def _picked(request: HttpRequest, report: Report) -> list[Any]:
    """Pictures of the pool that were ticked and are not in the report yet."""
    keys = [key for key in request.POST.getlist("pick") if key.isdecimal() and len(key) < len(str(2**63))]
    return list(report.conference.photos.filter(pk__in=keys).exclude(report_photos__report=report)) if keys else []


def shown_version(request: HttpRequest) -> int:
    """Return the document's version that the page showed; -1, which none has, for what is no number."""
    sent = request.POST.get("lock_version", "")
    return int(sent) if sent.isdecimal() and len(sent) < len(str(2**31)) else -1


def now_of(report: Report) -> Report:
    """Return the report as it is stored now, though a form has put something else into it."""
    return Report.objects.select_related("conference", "department__organisation", "district", "drafter").get(
        pk=report.pk
    )


def page(  # noqa: PLR0913 (a page shown again carries what was typed)
    request: HttpRequest,
    report: Report,
    tab: str,
    *,
    texts: TextsForm | None = None,
    grids: dict[str, Grid] | None = None,
    said: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show one of the pages with the lines of its parts."""
    grids, said = grids or {}, said or {}
    parts = [
        {"part": part, "grid": _shown(part, report, grids.get(part.name)), "said": said.get(part.name, "")}
        for part in PARTS.values()
        if part.tab == tab
    ]
    context = frame(request, report, tab) | {"parts": parts}
    if tab == "texts":
        context["texts"] = texts or TextsForm(instance=report)
        overridden = set(report.overrides.values_list("section", flat=True))
        context["sections"] = [
            (name, heading, name in overridden)
            for name, (heading, _builder) in sections.SECTIONS.items()
            if name != "photos"
        ]
    if tab == "photos":
        context |= _choice(request, report)
    return render(request, f"reports/{tab}.html", context, status=status)


def _shown(part: Part, report: Report, grid: Grid | None) -> Grid:
    return grid.complete() if grid else part.grid(report)


def _choice(request: HttpRequest, report: Report) -> dict[str, Any]:
    """Pictures of the pool that are not in the report yet, as the filters leave them."""
    conference = report.conference
    districts = {str(row.pk): row for row in conference.districts.all()}
    sessions_ = [(row.pk, str(row)) for row in gallery.places(conference)["session"]]
    asked = FilterForm(request.GET, districts=districts, sessions=sessions_)
    rows = gallery.photos_of(conference, **asked.wanted).exclude(report_photos__report=report)
    return {"filters": asked, "choice": rows[:CHOICE], "is_filtered": any(asked.wanted.values())}
