"""Staff pages of one row: a form with all its fields, and its deletion. The conference itself is such a row."""

from __future__ import annotations

from copy import copy
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout, Submit
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import SignedInRequest
from conference import reschedule, trash
from conference.models import Conference
from conference.permissions import ConferenceRequest, conference_page
from rows import deletion_responses
from rows.conflicts import SaveConflict, apply_choices
from rows.whole_numbers import parse_whole_number
from sheets import saving
from sheets.conference_forms import ConferenceForm
from sheets.declaration import Sheet, get_sheet, sheets_of_menu
from sheets.row_form import RowForm
from sheets.scope import SheetScope
from sheets.sheet_context import SheetContext
from sheets.views.conflict import conflict_page

DAYS_MAX = 9_999  # by which programme and expo can be moved
OVERVIEW = Sheet("conference", gettext_lazy("개요"), "overview", ConferenceForm, "title", has_new_lines=False)


@require_http_methods(["GET", "HEAD", "POST"])
@conference_page()
def overview(request: ConferenceRequest, conference: Conference) -> HttpResponse:
    """Edit the conference itself in one form; its lists are the other tabs."""
    can_edit, here = request.permissions.can_edit_all, reverse("overview", args=[conference.slug])
    data = _posted(request, can_edit=can_edit)
    scope = SheetScope.from_request(request, conference)
    context = SheetContext.from_request(request, scope, OVERVIEW, place=request.path)
    form = context.build_form(data, row=copy(conference))  # a copy, because the page shows the stored row
    if response := save_row(request, context, form, action=here, message=_("행사 개요를 저장했습니다.")):
        return response
    set_helper(form, can_edit=can_edit, action=here)
    outside, days = reschedule.rows_outside_event(conference) if can_edit else (0, 0)
    offers = reschedule.proposed_dates(conference, days=days) if days else []
    page_context = scope.page_context("overview")
    page_context |= {"form": form, "sheets": sheets_of_menu("overview"), "can_edit": can_edit}
    page_context |= {"outside": outside, "days": days, "offers": offers}
    return render(request, "sheets/overview.html", page_context, status=422 if form.errors else 200)


@require_POST
@conference_page()
def move(request: ConferenceRequest, conference: Conference) -> HttpResponse:
    """Move programme and expo to the event's new day, by the number of days that the button sent."""
    if not request.permissions.can_edit_all:
        raise PermissionDenied
    sent = request.POST.get("days", "")
    days = parse_whole_number(sent.removeprefix("-"), maximum=DAYS_MAX) or 0  # no button of ours sends 0
    days = -days if sent.startswith("-") else days
    try:
        count = reschedule.move_dates(conference, days=days, by=request.user, keys=request.POST.getlist("follow"))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        text = _("프로그램·전시 일정을 %(days)d일 옮겼습니다.") % {"days": abs(days)}
        also = _("제출기한·준비단계·제출 요청 %(count)d건도 옮겼습니다.") % {"count": count} if count else ""
        messages.success(request, f"{text} {also}".strip())
    return redirect("overview", conference.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@conference_page()
def row(request: ConferenceRequest, conference: Conference, sheet: str, pk: int | None = None) -> HttpResponse:
    """Edit one row of the conference; without ``pk`` a new one."""
    scope = SheetScope.from_request(request, conference)
    return row_page(request, SheetContext.from_request(request, scope, scope.get_sheet(sheet)), pk)


def row_page(request: SignedInRequest, context: SheetContext, pk: int | None = None) -> HttpResponse:
    """Show and save one row with all its fields; without ``pk`` a new one."""
    stored_row = context.rows_with_child_counts.filter(pk=pk).first() if pk is not None else None
    is_lost = pk is not None and stored_row is None
    if is_lost and request.method != "POST":
        raise Http404
    can_edit = context.can_edit_row(stored_row) if stored_row else context.can_remove if is_lost else context.can_add
    if not can_edit and stored_row is None:
        raise PermissionDenied
    data = _posted(request, can_edit=can_edit)
    form = context.build_form(data, row=copy(stored_row))  # the page shows the stored row
    message = _("‘%(row)s’을(를) 저장했습니다.")
    if response := save_row(request, context, form, action=context.row_address(pk), message=message, is_lost=is_lost):
        return response
    set_helper(form, can_edit=can_edit, action=context.row_address(pk), back=context.address)
    return _render(request, context, form, row=stored_row, can_edit=can_edit)


def save_row(
    request: SignedInRequest,
    context: SheetContext,
    form: RowForm,
    *,
    action: str,
    message: str,
    is_lost: bool = False,
) -> HttpResponse | None:
    """Save the form of one row and redirect to its table; return None if nothing was sent or the form has errors.

    ``message``: the text after saving, with ``row``; ``is_lost``: whether the row is deleted.
    """
    if not (form.is_bound and form.is_valid() and context.can_save(form)):
        return None
    try:
        saving.save_forms([form], scope=context.scope, lost=[form] * is_lost, **_append_order(context, form))
    except SaveConflict as conflict:
        if conflict.conflicts[0].row is None:
            action = context.new_address if context.can_add else context.address
        return conflict_page(request, conflict, context, action=action)
    except saving.SaveRefused:
        return None  # the form says what
    messages.success(request, message % {"row": form.instance})
    return redirect(context.address)


def _posted(request: SignedInRequest, *, can_edit: bool) -> Any:
    """Return the sent data; None for a GET. Raises PermissionDenied if the person may only read."""
    if request.method == "POST" and not can_edit:
        raise PermissionDenied
    return apply_choices(request.POST) if request.method == "POST" else None


def _append_order(context: SheetContext, form: RowForm) -> dict[str, Any]:
    """Put a new row at the end of its list."""
    if not context.sheet.is_ordered or not form.is_new:
        return {}
    return {"order": [form], "start": context.all_rows.count()}


def _render(
    request: SignedInRequest, context: SheetContext, form: RowForm, *, row: Any, can_edit: bool
) -> HttpResponse:
    page_context = context.scope.page_context(context.sheet.menu) | {
        "sheet": context.sheet,
        "sheet_context": context,
        "frame": context.scope.frame,
        "form": form,
        "row": row,
        "can_edit": can_edit,
        "can_delete": can_edit and row is not None and context.can_remove,
        "delete_address": context.scope.address(context.sheet, "delete", row.pk) if row else "",
        "child_counts": (counts := _child_counts(context, row) if row else []),
        "has_children": any(count for _sheet, count in counts),
        "is_restorable": row is not None and trash.is_restorable(row),
        "unrestorable": [child.title for child, count in counts if count and not trash.is_restorable(child.model)],
    }
    return render(request, "sheets/row.html", page_context, status=422 if form.errors else 200)


def _child_counts(context: SheetContext, row: Any) -> list[tuple[Sheet, int]]:
    """The child sheets of this row, each with the number of its rows."""
    children = [
        get_sheet(name) for name in context.sheet.child_sheets if get_sheet(name).can_view(context.scope.permissions)
    ]
    return [(sheet, getattr(row, f"n_{sheet.name}")) for sheet in children]


def set_helper(form: RowForm, *, can_edit: bool, action: str, back: str = "") -> None:
    """Give the form its address, its button and the link ``back``; disable it for a person who may only read."""
    form.helper = FormHelper()
    form.helper.form_action = action
    form.helper.back = back
    form.helper.form_id = "row"
    form.helper.attrs = {"autocomplete": "off"}  # otherwise a browser that goes back fills in old texts over newer ones
    form.helper.layout = Layout(*(_field_row(form, row) if row[1:] else row[0] for row in form.layout_rows()))
    if can_edit:
        form.helper.add_input(Submit("save", _("저장")))
    else:
        for field in form.fields.values():
            field.disabled = True


def _field_row(form: RowForm, row: list[str]) -> Div:
    is_roomy = any(form.fields[name].size == "m" for name in row)
    return Div(*row, template="krds/layout/row.html", css_class="of-m" if is_roomy else "of-s")


@require_POST
@conference_page()
def delete(request: ConferenceRequest, conference: Conference, sheet: str, pk: int) -> HttpResponse:
    """Delete one row of the conference."""
    scope = SheetScope.from_request(request, conference)
    return delete_row(request, SheetContext.from_request(request, scope, scope.get_sheet(sheet)), pk)


def delete_row(request: SignedInRequest, context: SheetContext, pk: int) -> HttpResponse:
    """Delete one row; it can be restored."""
    stored_row = context.all_rows.filter(pk=pk).first()
    if stored_row is None:
        return deletion_responses.redirect_already_deleted(request, context.address)
    if not (context.can_edit_row(stored_row) and context.can_remove):
        raise PermissionDenied
    try:
        saving.delete_row(stored_row, scope=context.scope)
    except deletion_responses.AlreadyDeleted:
        return deletion_responses.redirect_already_deleted(request, context.address)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(context.scope.address(context.sheet, "row", pk))
    text = _("‘%(row)s’을(를) 지웠습니다.") % {"row": stored_row}
    back = context.scope.restore_hint if trash.is_restorable(stored_row) else ""
    messages.success(request, f"{text} {back}".strip())
    return redirect(context.address)
