"""What is answered to a form whose row somebody deleted, or that was pressed twice."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from rows.models import Row


class Gone(ValidationError):
    """The row is deleted already: by the first press of a button that was pressed twice, or by somebody else."""


def deleted(request: HttpRequest, model: type[Row], **wanted: Any) -> Any:
    """Return the last entry in the history of a row that was deleted. Raises Http404 for one that never was, or is only looked for."""
    record = model.history.filter(**wanted).select_related("history_user").order_by("-history_id").first()
    if request.method != "POST" or record is None or record.history_type != "-":
        raise Http404
    return record


def lost(request: HttpRequest, record: Any, form: forms.Form, *, name: Any, **context: Any) -> HttpResponse:
    """Answer a form whose row was deleted, with all that was typed.

    ``form``: of a new row; ``action``: where that is made, "" where it cannot be; ``back``, ``list``: address and name
    of the page above.
    """
    page = "rows/gone.html" if "conference" in context else "accounts/gone.html"
    return render(request, page, context | {"record": record, "form": form, "name": name}, status=409)


def gone(request: HttpRequest, to: str, *args: object) -> HttpResponse:
    """Answer a button that takes away what is gone: it was pressed twice, or in another window."""
    messages.info(request, _("이미 삭제되었거나 없는 항목입니다."))
    return redirect(to, *args)
