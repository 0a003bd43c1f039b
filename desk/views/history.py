"""The history of a conference: edits can be taken back, and deleted rows restored."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from conference import history, trash
from conference.models import Conference, DeletedRow
from conference.permissions import ConferenceRequest, conference_page
from desk import taking_back
from rows import labels

PAGE_SIZE = 40


@require_safe
@conference_page()
def show_history(request: ConferenceRequest, conference: Conference) -> HttpResponse:
    """Every change, the newest first; under ?tab=removed what was deleted."""
    if request.GET.get("tab") != "removed":
        return _render_changes(request, conference)
    deleted_rows = _deleted_rows(conference).select_related("deleted_by", "restored_by").defer("content")
    rows = Paginator(deleted_rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"conference": conference, "here": "changes", "tab": "removed", "rows": rows}
    context["deleted_rows"] = [
        {
            "row": row,
            "kind": labels.kind_name_of_label(row.kind),
            "may": request.permissions.can_edit_all or row.deleted_by_id == request.user.pk,
        }
        for row in rows
    ]
    return render(request, "desk/history.html", context)


def _render_changes(request: ConferenceRequest, conference: Conference, status: int = HTTPStatus.OK) -> HttpResponse:
    rows = Paginator(history.entries_of(conference), PAGE_SIZE).get_page(request.GET.get("page"))
    offered = {entry.pk for entry in rows if taking_back.is_offered(entry, request.permissions, request.user)}
    context: dict[str, Any] = {"conference": conference, "here": "changes", "tab": "", "rows": rows}
    context |= {"lines": history.lines(rows, conference), "offered": offered}
    return render(request, "desk/history.html", context, status=status)


@require_POST
@conference_page()
def take_back(request: ConferenceRequest, conference: Conference, entry_id: int) -> HttpResponse:
    """되돌리기 of an edit: allowed for the people who may edit the row now; 409 if it holds other values by now."""
    entry = get_object_or_404(history.entries_of(conference), pk=entry_id)
    try:
        taking_back.take_back(entry, permissions=request.permissions, by=request.user)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return _render_changes(request, conference, HTTPStatus.CONFLICT)
    messages.success(request, _("‘%(title)s’을(를) 고치기 전으로 되돌렸습니다.") % {"title": entry.title})
    return redirect("desk:changes", conference.slug)


@require_POST
@conference_page()
def restore(request: ConferenceRequest, conference: Conference, deleted_row_id: int) -> HttpResponse:
    """되돌리기 of a deletion: allowed for 총괄, 담당 and the person who deleted the row."""
    if (deleted_row := _deleted_rows(conference).filter(pk=deleted_row_id).first()) is None:
        messages.info(request, _("이미 되돌렸거나 없는 자료입니다."))
        return redirect(_deleted_rows_url(conference))
    if deleted_row.deleted_by_id != request.user.pk and not request.permissions.can_edit_all:
        raise PermissionDenied
    try:
        trash.restore(deleted_row, by=request.user)
        messages.success(request, _("‘%(title)s’을(를) 되돌렸습니다.") % {"title": deleted_row.title})
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    return redirect(_deleted_rows_url(conference))


def _deleted_rows(conference: Conference) -> QuerySet[DeletedRow]:
    """Return the deleted rows of kinds that the list of changes shows; what a document of an office lost is its own."""
    return conference.deleted_rows.filter(kind__in=labels.row_kinds())


def _deleted_rows_url(conference: Conference) -> str:
    return f"{reverse('desk:changes', args=[conference.slug])}?tab=removed"
