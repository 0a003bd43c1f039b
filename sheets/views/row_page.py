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
from rows import deleted_rows
from rows.whole_numbers import whole_number
from sheets import saving
from sheets.conference_forms import ConferenceForm
from sheets.declaration import Sheet, called, of_place
from sheets.references import Names
from sheets.row_form import RowForm
from sheets.sheet_context import Opened
from sheets.views import conflict as second

DAYS_MAX = 9_999  # by which programme and expo can follow the event


@require_http_methods(["GET", "HEAD", "POST"])
@conference_page()
def overview(request: ConferenceRequest, conference: Conference) -> HttpResponse:
    """What the conference is, in one form; its lists are tabs beside it."""
    may = request.permissions.can_edit_all
    data = _sent(request, may=may)
    form = ConferenceForm(data, instance=copy(conference), names=Names(conference))  # the page is about what is stored
    context, here = {"conference": conference, "here": "overview"}, reverse("overview", args=[conference.slug])
    if form.is_bound and form.is_valid():
        try:
            saving.keep([form], conference=conference, by=request.user)
        except saving.Stale as stale:
            context["title"] = _("개요")
            return second.answer(request, stale, action=here, back=here, **context)
        except saving.Refused:
            pass  # the form says what
        else:
            messages.success(request, _("행사 개요를 저장했습니다."))
            return redirect(here)
    _frame(form, may=may, action=here)
    outside, days = reschedule.adrift(conference) if may else (0, 0)
    offers = reschedule.offers(conference, days=days) if days else []
    context |= {"form": form, "sheets": of_place("overview"), "may": may}
    context |= {"outside": outside, "days": days, "offers": offers}
    return render(request, "sheets/overview.html", context, status=422 if form.errors else 200)


@require_POST
@conference_page()
def move(request: ConferenceRequest, conference: Conference) -> HttpResponse:
    """Let programme and expo follow the event to its new day, by as many days as the button said."""
    if not request.permissions.can_edit_all:
        raise PermissionDenied
    sent = request.POST.get("days", "")
    days = whole_number(sent.removeprefix("-"), most=DAYS_MAX) or 0  # 0, which moves nothing: no button of ours
    days = -days if sent.startswith("-") else days
    try:
        count = reschedule.shift(conference, days=days, by=request.user, wanted=request.POST.getlist("follow"))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        said = _("프로그램·전시 일정을 %(days)d일 옮겼습니다.") % {"days": abs(days)}
        also = _("제출기한·준비단계·제출 요청 %(count)d건도 옮겼습니다.") % {"count": count} if count else ""
        messages.success(request, f"{said} {also}".strip())
    return redirect("overview", conference.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@conference_page()
def row(request: ConferenceRequest, conference: Conference, sheet: str, pk: int | None = None) -> HttpResponse:
    """One row with all its fields; without ``pk`` a new one."""
    opened = Opened.by(request, conference, called(sheet))
    found = opened.sheet.counted(conference).filter(pk=pk).first() if pk is not None else None
    is_lost = pk is not None and found is None
    if is_lost and request.method != "POST":
        raise Http404
    may = opened.sheet.may(opened.permissions, found) if found else opened.may_add
    if not may and found is None:
        raise PermissionDenied
    form = opened.form(_sent(request, may=may), row=copy(found))  # the page is about what is stored
    if form.is_bound and form.is_valid() and opened.is_right(form):
        try:
            saving.keep([form], conference=conference, by=request.user, lost=[form] * is_lost, **_last(opened, form))
        except saving.Stale as stale:
            is_lost = stale.seconds[0].row is None
            action = opened.address_of(None if is_lost else pk)
            context = {"conference": conference, "here": opened.sheet.place, "title": opened.sheet.title}
            return second.answer(request, stale, action=action, back=opened.address, **context)
        except saving.Refused:
            pass  # the form says what
        else:
            messages.success(request, _("‘%(row)s’을(를) 저장했습니다.") % {"row": form.instance})
            return redirect(opened.address)
    _frame(form, may=may, action=opened.address_of(pk), back=opened.address)
    return _drawn(request, opened, form, row=found, may=may)


def _sent(request: ConferenceRequest, *, may: bool) -> Any:
    """Return what was sent, if anything was. Raises PermissionDenied where the person may only read."""
    if request.method != "POST":
        return None
    if not may:
        raise PermissionDenied
    return second.picked(request.POST)


def _last(opened: Opened, form: RowForm) -> dict[str, Any]:
    """Put a new row at the end of its list."""
    if not opened.sheet.is_ordered or not form.is_new:
        return {}
    return {"order": [form], "start": opened.sheet.rows(opened.conference).count()}


def _drawn(request: ConferenceRequest, opened: Opened, form: RowForm, *, row: Any, may: bool) -> HttpResponse:
    context = {
        "conference": opened.conference,
        "here": opened.sheet.place,
        "sheet": opened.sheet,
        "form": form,
        "row": row,
        "may": may,
        "may_delete": may and row is not None and opened.may_add,
        "below": (below := _below(opened, row) if row else []),
        "has_below": any(count for _sheet, count in below),
        "is_restorable": row is not None and trash.is_restorable(row),
        "gone_for_good": [child.title for child, count in below if count and not trash.is_restorable(child.model)],
    }
    return render(request, "sheets/row.html", context, status=422 if form.errors else 200)


def _below(opened: Opened, row: Any) -> list[tuple[Sheet, int]]:
    """The sheets whose rows hang on this one, and how many do."""
    found = [called(name) for name in opened.sheet.below if called(name).may_see(opened.permissions)]
    return [(sheet, getattr(row, f"n_{sheet.name}")) for sheet in found]


def _frame(form: RowForm, *, may: bool, action: str, back: str = "") -> None:
    """Give the form its address, its button and a way ``back``, or close it for somebody who may only read."""
    form.helper = FormHelper()
    form.helper.form_action = action
    form.helper.back = back
    form.helper.form_id = "row"
    form.helper.attrs = {"autocomplete": "off"}  # else a browser that goes back puts old words over newer ones, unseen
    form.helper.layout = Layout(*(_beside(form, row) if row[1:] else row[0] for row in form.laid_out()))
    if may:
        form.helper.add_input(Submit("save", _("저장")))
    else:
        for field in form.fields.values():
            field.disabled = True


def _beside(form: RowForm, row: list[str]) -> Div:
    is_roomy = any(form.fields[name].size == "m" for name in row)
    return Div(*row, template="krds/layout/row.html", css_class="of-m" if is_roomy else "of-s")


@require_POST
@conference_page()
def delete(request: ConferenceRequest, conference: Conference, sheet: str, pk: int) -> HttpResponse:
    """Delete one row; it can be brought back."""
    opened = Opened.by(request, conference, called(sheet))
    found = opened.sheet.rows(conference).filter(pk=pk).first()
    if found is None:
        return deleted_rows.gone(request, opened.address)
    if not (opened.sheet.may(opened.permissions, found) and opened.may_add):
        raise PermissionDenied
    try:
        trash.delete(found, conference=conference, by=request.user)
    except deleted_rows.Gone:
        return deleted_rows.gone(request, opened.address)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("sheet-row", conference.slug, sheet, pk)
    said = _("‘%(row)s’을(를) 지웠습니다.") % {"row": found}
    back = _("‘바뀐 내용’에서 되돌릴 수 있습니다.") if trash.is_restorable(found) else ""
    messages.success(request, f"{said} {back}".strip())
    return redirect(opened.address)
