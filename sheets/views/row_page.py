"""Staff pages of one row: a form with all its fields, and its end. The conference itself is such a row."""

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
from django.views.decorators.http import require_http_methods, require_POST

from conference import reschedule, trash
from conference.models import Conference
from conference.permissions import ConferenceRequest, conference_page
from rows import deletion_responses
from rows.whole_numbers import parse_whole_number
from sheets import saving
from sheets.conference_forms import ConferenceForm
from sheets.declaration import Sheet, get_sheet, sheets_of_menu
from sheets.references import ReferenceIndex
from sheets.row_form import RowForm
from sheets.sheet_context import SheetContext
from sheets.views.conflict import apply_choices, conflict_page

DAYS_MAX = 9_999  # by which programme and expo can follow the event


@require_http_methods(["GET", "HEAD", "POST"])
@conference_page()
def overview(request: ConferenceRequest, conference: Conference) -> HttpResponse:
    """What the conference is, in one form; its lists are tabs beside it."""
    can_edit = request.permissions.can_edit_all
    data = _posted(request, can_edit=can_edit)
    # a copy: the page is about what is stored
    form = ConferenceForm(data, instance=copy(conference), references=ReferenceIndex(conference))
    page_context, here = {"conference": conference, "here": "overview"}, reverse("overview", args=[conference.slug])
    if form.is_bound and form.is_valid():
        try:
            saving.save_forms([form], conference=conference, by=request.user)
        except saving.SaveConflict as conflict:
            page_context["title"] = _("개요")
            return conflict_page(request, conflict, action=here, back=here, **page_context)
        except saving.SaveRefused:
            pass  # the form says what
        else:
            messages.success(request, _("행사 개요를 저장했습니다."))
            return redirect(here)
    _set_helper(form, can_edit=can_edit, action=here)
    outside, days = reschedule.rows_outside_event(conference) if can_edit else (0, 0)
    offers = reschedule.proposed_dates(conference, days=days) if days else []
    page_context |= {"form": form, "sheets": sheets_of_menu("overview"), "can_edit": can_edit}
    page_context |= {"outside": outside, "days": days, "offers": offers}
    return render(request, "sheets/overview.html", page_context, status=422 if form.errors else 200)


@require_POST
@conference_page()
def move(request: ConferenceRequest, conference: Conference) -> HttpResponse:
    """Let programme and expo follow the event to its new day, by as many days as the button said."""
    if not request.permissions.can_edit_all:
        raise PermissionDenied
    sent = request.POST.get("days", "")
    days = (
        parse_whole_number(sent.removeprefix("-"), maximum=DAYS_MAX) or 0
    )  # 0, which moves nothing: no button of ours
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
    """One row with all its fields; without ``pk`` a new one."""
    context = SheetContext.from_request(request, conference, get_sheet(sheet))
    stored_row = context.sheet.rows_with_child_counts(conference).filter(pk=pk).first() if pk is not None else None
    is_lost = pk is not None and stored_row is None
    if is_lost and request.method != "POST":
        raise Http404
    can_edit = context.sheet.can_edit(context.permissions, stored_row) if stored_row else context.can_add
    if not can_edit and stored_row is None:
        raise PermissionDenied
    data = _posted(request, can_edit=can_edit)
    form = context.build_form(data, row=copy(stored_row))  # the page is about what is stored
    if form.is_bound and form.is_valid() and context.can_save(form):
        try:
            order = _append_order(context, form)
            saving.save_forms([form], conference=conference, by=request.user, lost=[form] * is_lost, **order)
        except saving.SaveConflict as conflict:
            is_lost = conflict.conflicts[0].row is None
            action = context.row_address(None if is_lost else pk)
            page_context = {"conference": conference, "here": context.sheet.menu, "title": context.sheet.title}
            return conflict_page(request, conflict, action=action, back=context.address, **page_context)
        except saving.SaveRefused:
            pass  # the form says what
        else:
            messages.success(request, _("‘%(row)s’을(를) 저장했습니다.") % {"row": form.instance})
            return redirect(context.address)
    _set_helper(form, can_edit=can_edit, action=context.row_address(pk), back=context.address)
    return _render(request, context, form, row=stored_row, can_edit=can_edit)


def _posted(request: ConferenceRequest, *, can_edit: bool) -> Any:
    """Return what was sent, if anything was. Raises PermissionDenied where the person may only read."""
    if request.method != "POST":
        return None
    if not can_edit:
        raise PermissionDenied
    return apply_choices(request.POST)


def _append_order(context: SheetContext, form: RowForm) -> dict[str, Any]:
    """Put a new row at the end of its list."""
    if not context.sheet.is_ordered or not form.is_new:
        return {}
    return {"order": [form], "start": context.sheet.rows(context.conference).count()}


def _render(
    request: ConferenceRequest, context: SheetContext, form: RowForm, *, row: Any, can_edit: bool
) -> HttpResponse:
    page_context = {
        "conference": context.conference,
        "here": context.sheet.menu,
        "sheet": context.sheet,
        "form": form,
        "row": row,
        "can_edit": can_edit,
        "can_delete": can_edit and row is not None and context.can_add,
        "child_counts": (counts := _child_counts(context, row) if row else []),
        "has_children": any(count for _sheet, count in counts),
        "is_restorable": row is not None and trash.is_restorable(row),
        "unrestorable": [child.title for child, count in counts if count and not trash.is_restorable(child.model)],
    }
    return render(request, "sheets/row.html", page_context, status=422 if form.errors else 200)


def _child_counts(context: SheetContext, row: Any) -> list[tuple[Sheet, int]]:
    """The child sheets of this row, each with the number of its rows."""
    children = [get_sheet(name) for name in context.sheet.child_sheets if get_sheet(name).can_view(context.permissions)]
    return [(sheet, getattr(row, f"n_{sheet.name}")) for sheet in children]


def _set_helper(form: RowForm, *, can_edit: bool, action: str, back: str = "") -> None:
    """Give the form its address, its button and the link ``back``; disable it for a person who may only read."""
    form.helper = FormHelper()
    form.helper.form_action = action
    form.helper.back = back
    form.helper.form_id = "row"
    form.helper.attrs = {"autocomplete": "off"}  # else a browser that goes back puts old words over newer ones, unseen
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
    """Delete one row; it can be brought back."""
    context = SheetContext.from_request(request, conference, get_sheet(sheet))
    stored_row = context.sheet.rows(conference).filter(pk=pk).first()
    if stored_row is None:
        return deletion_responses.redirect_already_deleted(request, context.address)
    if not (context.sheet.can_edit(context.permissions, stored_row) and context.can_add):
        raise PermissionDenied
    try:
        trash.delete(stored_row, conference=conference, by=request.user)
    except deletion_responses.AlreadyDeleted:
        return deletion_responses.redirect_already_deleted(request, context.address)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("sheet-row", conference.slug, sheet, pk)
    text = _("‘%(row)s’을(를) 지웠습니다.") % {"row": stored_row}
    back = _("‘바뀐 내용’에서 되돌릴 수 있습니다.") if trash.is_restorable(stored_row) else ""
    messages.success(request, f"{text} {back}".strip())
    return redirect(context.address)
