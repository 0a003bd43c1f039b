"""Views of 범위와 형식, of sections written by hand, and of 지난 보고 가져오기."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from approvals.guards import StaleAct
from approvals.models import Document
from reports import copy_from_previous, document, drafting
from reports.forms import DOWN, UP
from reports.forms.scope import OverrideForm, ReportFormatForm
from reports.models import Report
from reports.sections import SECTIONS, complete_order
from reports.views.context import STALE_MESSAGE, reload_report, report_context, submitted_version
from reports.views.decorators import writing_page
from rows.whole_numbers import parse_whole_number


@require_http_methods(["GET", "HEAD", "POST"])
@writing_page
def report_format(request: SignedInRequest, report: Report) -> HttpResponse:
    """Show and save 범위와 형식; a section's buttons move it and save all."""
    if request.method != "POST":
        return _render_format(request, report, ReportFormatForm(instance=report))
    form = ReportFormatForm(request.POST, instance=report)
    if not form.is_valid():
        return _render_format(request, reload_report(report), form, status=422)
    order = complete_order(report.section_order)
    values = form.values | {"section_order": _move_section(order, request.POST.get("do", ""))}
    try:
        drafting.save_fields(
            now := reload_report(report), by=request.user, lock_version=form.cleaned_data["lock_version"], **values
        )
    except StaleAct:
        return _render_format(request, now, _refresh_version(form, now), status=409)
    messages.success(request, _("형식을 저장했습니다."))
    return redirect("reports:form", report.conference.slug, report.number)


def _move_section(order: list[str], do: str) -> list[str]:
    """Return the order with one section moved; [] for the usual order."""
    act, _colon, name = do.partition(":")
    if name in order and act in {UP, DOWN}:
        at = order.index(name)
        other = min(max(at + (1 if act == DOWN else -1), 0), len(order) - 1)
        order[at], order[other] = order[other], order[at]
    return [] if order == list(SECTIONS) else order


def _refresh_version(form: Any, now: Report) -> Any:
    """Let a stale form be sent again with the new version; raise StaleAct if the report is no draft any more."""
    if now.state != Document.State.DRAFT:
        raise StaleAct(now, [])
    form.data = form.data.copy()
    form.data["lock_version"] = now.lock_version
    form.add_error(None, STALE_MESSAGE)
    return form


def _render_format(
    request: SignedInRequest, report: Report, form: ReportFormatForm, *, status: int = 200
) -> HttpResponse:
    usual = form.usual()
    context = report_context(request, report, "form") | {
        "form": form,
        "plain": [field for field in form.visible_fields() if not field.name.startswith("heading-")],
        "inner": [form[f"heading-{name}"] for name in usual if name not in SECTIONS],
        "order": [(name, usual[name], form[f"heading-{name}"]) for name in complete_order(report.section_order)],
    }
    return render(request, "reports/form.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@writing_page
def override(request: SignedInRequest, report: Report, section: str) -> HttpResponse:
    """Show and save one section written by hand, beside the collected text."""
    if section not in SECTIONS or section == "photos":
        raise Http404
    text, digest = document.collected_text(report, section)
    old = report.overrides.filter(section=section).first()
    shown = {"text": old.text if old else text, "replaces": digest, "lock_version": report.lock_version}
    form = OverrideForm(request.POST or None, initial=shown)
    context = report_context(request, report, "texts") | {"form": form, "collected": text}
    context |= {"heading": SECTIONS[section][0], "is_old": old is not None and old.replaces_digest != digest}
    if request.method != "POST" or not form.is_valid():
        return render(request, "reports/override.html", context, status=422 if form.is_bound else 200)
    sent = form.cleaned_data
    if sent["text"] == text.strip():
        sent["text"] = ""  # the collected words themselves: nothing to put in their place
    try:
        drafting.save_override(report, section, by=request.user, **sent)
    except StaleAct:
        context["form"] = _refresh_version(form, reload_report(report))
        return render(request, "reports/override.html", context, status=409)
    messages.success(request, _("저장했습니다.") if sent["text"] else _("모인 글로 되돌렸습니다."))
    return redirect("reports:texts", report.conference.slug, report.number)


@require_http_methods(["GET", "HEAD", "POST"])
@writing_page
def copy_previous(request: SignedInRequest, report: Report) -> HttpResponse:
    """지난 보고 가져오기: choose a report, then its parts; the page says what would be replaced."""
    sources = copy_from_previous.previous_reports(report)
    key = parse_whole_number(request.POST.get("source") or request.GET.get("source", ""))
    source = None if key is None else get_object_or_404(sources, pk=key)
    if request.method == "POST" and source:
        if not (pieces := request.POST.getlist("piece")):
            messages.error(request, _("가져올 것을 골라 주세요."))
            return redirect(f"{request.path}?source={source.pk}")
        copy_from_previous.copy_parts(
            report, source, names=pieces, by=request.user, lock_version=submitted_version(request)
        )
        messages.success(request, _("지난 보고에서 가져왔습니다. 올해에 맞게 고쳐 주세요."))
        return redirect("reports:texts", report.conference.slug, report.number)
    offered = [
        {"piece": piece, "there": there, "here": piece.of(report)}
        for piece in copy_from_previous.COPY_PARTS.values()
        if source and (there := piece.of(source))
    ]
    context = report_context(request, report, "texts") | {"sources": sources, "source": source, "pieces": offered}
    return render(request, "reports/take.html", context)
