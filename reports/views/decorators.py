"""Decorators of the pages of a report: they load it and check permissions."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from accounts.requests import SignedInRequest
from approvals.models import Document
from conference import permissions
from reports import drafting
from reports.models import Report

View = Callable[..., HttpResponseBase]


def report_page(view: View) -> View:
    """Decorate a page of a report: the view gets it in place of slug and number.

    A person who may not read it gets 403, or 404 without a role in the conference.
    """

    @wraps(view)
    def inner(request: SignedInRequest, slug: str, number: int, *args: object, **kwargs: object) -> HttpResponseBase:
        rows = Report.objects.select_related(
            "conference__draft_version",
            "department__organisation",
            "department__approval_manager",
            "district",
            "drafter",
        )
        report = get_object_or_404(rows, conference__slug=slug, number=number)
        if not drafting.can_read(request.user, report):
            if not permissions.is_member(request.user, report.conference):
                raise Http404
            raise PermissionDenied
        return view(request, report, *args, **kwargs)

    return inner


def writing_page(view: View) -> View:
    """Decorate a page on which the report's 처리과 writes it; GET redirects unless the report is a draft."""

    @report_page
    @wraps(view)
    def inner(request: SignedInRequest, report: Report, *args: object, **kwargs: object) -> HttpResponseBase:
        if request.user.department_id != report.department_id:
            raise PermissionDenied
        if report.state != Document.State.DRAFT and request.method != "POST":
            messages.info(request, _("작성 중이 아닌 보고서는 고칠 수 없습니다."))
            return redirect("reports:report", report.conference.slug, report.number)
        return view(request, report, *args, **kwargs)

    return inner
