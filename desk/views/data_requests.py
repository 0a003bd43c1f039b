"""Pages of 제출 요청: which district is asked for what, until when, and what is missing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import SignedInRequest
from conference import permissions
from conference.models import Conference
from conference.permissions import conference_page
from desk import data_requests as verbs
from desk.completeness import measure
from desk.forms.data_requests import DataRequestForm
from desk.models import DataRequest
from rows import deletion_responses
from rows.conflicts import SaveConflict, apply_choices, conflict_page
from rows.deletion_responses import AlreadyDeleted

require_form = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@conference_page()
def data_requests(request: SignedInRequest, conference: Conference) -> HttpResponse:
    """List the requests, the next due first, each with a text to send by messenger."""
    lines = {line.district: line for line in measure(conference)}
    rows = [
        {
            "data_request": data_request,
            "items": verbs.item_names(data_request.items),
            "missing": lines[data_request.district_id].missing_items(data_request.items),
            "text": verbs.message_text(data_request, lines[data_request.district_id]),
            "is_late": data_request.due < verbs.today(),
        }
        for data_request in _data_requests_of(conference)
    ]
    context = {"conference": conference, "here": "calls", "rows": rows}
    return render(request, "desk/data_requests.html", context | {"may": permissions.can_edit(request.user, conference)})


@require_form
@conference_page(requires=permissions.can_edit)
def new(request: SignedInRequest, conference: Conference) -> HttpResponse:
    """Create requests for several districts at once."""
    form = DataRequestForm(request.POST or None, conference=conference)
    if not (form.is_bound and form.is_valid()):
        return _render_form(request, conference, form)
    new_rows = verbs.create(conference, form.request_input, districts=form.cleaned_data["districts"], by=request.user)
    messages.success(request, _("%(count)d개 자치구에 제출을 요청했습니다.") % {"count": len(new_rows)})
    return redirect("desk:calls", conference.slug)


@require_form
@conference_page(requires=permissions.can_edit)
def change(request: SignedInRequest, conference: Conference, data_request_id: int) -> HttpResponse:
    """Change what one district is asked for. Of two people who save, the second sees a conflict and loses nothing typed."""
    if (data_request := _data_requests_of(conference).filter(pk=data_request_id).first()) is None:
        return _offer_as_new(request, conference, data_request_id)
    sent = apply_choices(request.POST) if request.method == "POST" else None
    form = DataRequestForm(sent, conference=conference, data_request=data_request)
    if not (form.is_bound and form.is_valid()):
        return _render_form(request, conference, form)
    try:
        verbs.change(data_request, form.request_input, version=form.seen_version_number, by=request.user)
    except AlreadyDeleted:
        return _offer_as_new(request, conference, data_request_id)
    except SaveConflict:
        conflict = SaveConflict([form.compare_with(DataRequest.objects.get(pk=data_request.pk))])
        page: dict[str, Any] = {"frame": "desk/frame.html", "back": reverse("desk:calls", args=[conference.slug])}
        page |= {"conference": conference, "here": "calls", "title": _("제출 요청")}
        return conflict_page(request, conflict, action=request.path, **page)
    messages.success(request, _("고친 요청을 보냈습니다."))
    return redirect("desk:calls", conference.slug)


def _offer_as_new(request: SignedInRequest, conference: Conference, data_request_id: int) -> HttpResponse:
    """Render the form of a request that was withdrawn in the meantime, to send it as a new one."""
    record = deletion_responses.deletion_record(request, DataRequest, data_request_id, conference=conference.pk)
    data = request.POST.copy()
    district = record.changes["district"][0]
    data["districts"] = str(district["key"])
    links = {"action": reverse("desk:call-new", args=[conference.slug])}
    links["back"] = reverse("desk:calls", args=[conference.slug])
    context = {"conference": conference, "here": "calls", "list": _("제출 요청")}
    name = _("%(district)s 제출 요청") % {"district": district["title"]}
    return deletion_responses.render_deleted_form(
        request, record, DataRequestForm(data, conference=conference), name=name, **links, **context
    )


@require_POST
@conference_page(requires=permissions.can_edit)
def withdraw(request: SignedInRequest, conference: Conference, data_request_id: int) -> HttpResponse:
    """Withdraw a request."""
    if (data_request := _data_requests_of(conference).filter(pk=data_request_id).first()) is None:
        return deletion_responses.redirect_already_deleted(request, "desk:calls", conference.slug)
    try:
        verbs.withdraw(data_request, by=request.user)
    except AlreadyDeleted:
        return deletion_responses.redirect_already_deleted(request, "desk:calls", conference.slug)
    messages.success(request, _("제출 요청을 거두었습니다. ‘바뀐 내용’의 ‘지운 것’에서 되돌릴 수 있습니다."))
    return redirect("desk:calls", conference.slug)


def _data_requests_of(conference: Conference):
    return conference.data_requests.select_related("conference", "district")


def _render_form(
    request: SignedInRequest, conference: Conference, form: DataRequestForm, *, status: int = 0
) -> HttpResponse:
    context = {"conference": conference, "here": "calls", "form": form, "data_request": form.data_request}
    return render(request, "desk/data_request.html", context, status=status or (422 if form.errors else 200))
