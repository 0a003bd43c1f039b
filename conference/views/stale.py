"""The answers to a form whose row is no longer as its page showed it.

Somebody else saved it: 409, both versions side by side, each field a choice. Somebody deleted it: 409 with what was
typed, to be made anew. It was to be deleted and is gone already: that, on the page above.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from conference.forms.rows import VERSION
from conference.sheets.keeping import Stale
from conference.sheets.table import ID
from rows.models import Row

PICK, THEIRS, MINE = "pick:", "theirs:", "mine"


def answer(request: HttpRequest, stale: Stale, *, action: str, **context: Any) -> HttpResponse:
    """Show both; all that was typed goes along. ``action``: where the choice is sent; ``back``: where it is dropped."""
    posted = picked(request.POST)
    for second in stale.seconds:
        form = second.form
        if second.row is None:
            posted.pop(form.add_prefix(ID), None)  # it becomes a new row
        else:
            posted[form.add_prefix(VERSION)] = form.seen_of(second.row)
    posted.pop("csrfmiddlewaretoken", None)
    hidden = [(name, value) for name, values in posted.lists() for value in values]
    context |= {"seconds": stale.seconds, "hidden": hidden, "action": action}
    return render(request, "conference/stale.html", context, status=409)


def picked(posted: QueryDict) -> QueryDict:
    """Return what was sent, with the choices of the page of both versions carried out."""
    data = posted.copy()
    for key in posted:
        name = key.removeprefix(PICK)
        if name != key and posted[key] != MINE:
            data.setlist(name, posted.getlist(f"{THEIRS}{name}"))
    for key in [key for key in data if key.startswith((PICK, THEIRS))]:
        del data[key]
    return data


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
    page = "conference/gone.html" if "conference" in context else "conference/accounts/gone.html"
    return render(request, page, context | {"record": record, "form": form, "name": name}, status=409)


def gone(request: HttpRequest, to: str, *args: object) -> HttpResponse:
    """Answer a button that takes away what is gone: it was pressed twice, or in another window."""
    messages.info(request, _("이미 삭제되었거나 없는 항목입니다."))
    return redirect(to, *args)
