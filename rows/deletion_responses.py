"""Responses to a form whose row was deleted meanwhile, or whose delete button was pressed twice."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from rows.models import Row
from rows.recording import HistoryEntry


class AlreadyDeleted(ValidationError):
    """The row is deleted already, by another person or by the first of two presses of the button."""


def deletion_record(request: HttpRequest, model: type[Row], key: int | None, **filters: Any) -> HistoryEntry:
    """Return the history entry of a row's deletion. Raises Http404 for a GET and for a row that never existed."""
    entries = HistoryEntry.objects.filter(kind=model._meta.label_lower, **filters | {"key": key})
    record = entries.select_related("by").first()
    if request.method != "POST" or record is None or record.verb != HistoryEntry.Verb.DELETED:
        raise Http404
    return record


def render_deleted_form(
    request: HttpRequest, record: Any, form: forms.BaseForm, *, name: Any, **context: Any
) -> HttpResponse:
    """Render the form of a deleted row as a form for a new one, so that nothing typed is lost.

    ``action``: address where the new row is created, "" where that is impossible; ``back``, ``list``: address and name
    of the page above.
    """
    frame = "desk/frame.html" if "conference" in context else "accounts/frame.html"
    context |= {"frame": frame, "record": record, "form": form, "name": name}
    return render(request, "rows/gone.html", context, status=409)


def redirect_already_deleted(request: HttpRequest, to: str, *args: object) -> HttpResponse:
    """Tell the person that the row is gone already, and redirect."""
    messages.info(request, _("이미 삭제되었거나 없는 항목입니다."))
    return redirect(to, *args)
