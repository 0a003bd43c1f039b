"""The answer 409 to a form whose row is no longer as its page showed it.

If another person saved the row, the page shows both versions, with a choice for each field; of a row that was to be
deleted, whether it still is. If another person deleted it, the page shows what was typed, to add it again. If it was to
be deleted and is gone already, the list says so.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from rows.conflicts import VERSION, SaveConflict, apply_choices, render_conflict
from sheets.saving import GONE
from sheets.sheet_context import SheetContext
from sheets.table import ID


def conflict_page(
    request: HttpRequest, save_conflict: SaveConflict, context: SheetContext, *, action: str
) -> HttpResponse:
    """Show both versions and keep all that was typed. ``action``: address for the choice."""
    posted = apply_choices(request.POST)
    for conflict in save_conflict.conflicts:
        form, row = conflict.form, conflict.row
        if form is not None and row is not None:
            posted[form.add_prefix(VERSION)] = form.seen_token_of(row)
        elif row is not None:
            posted[f"{GONE}{row.pk}"] = str(row.version)
        elif form is not None:
            for name in (ID,) if context.can_add else (ID, *form.fields):  # it becomes a new row, or is left out
                posted.pop(form.add_prefix(name), None)
    page = {"frame": context.scope.frame, "action": action, "can_add": context.can_add}
    page |= {"back": context.address, "title": context.sheet.title, **context.scope.page_context(context.sheet.menu)}
    return render_conflict(request, save_conflict, posted, **page)
