"""`/desk/new/`: a new conference."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from conference import new_conference, permissions
from desk.forms.new_conference import NewConferenceForm


@require_http_methods(["GET", "HEAD", "POST"])
def create(request: SignedInRequest) -> HttpResponse:
    """Make a conference, empty or after an earlier one; ``?after=<slug>`` proposes which."""
    if not permissions.can_create_conference(request.user):
        raise PermissionDenied
    sources = permissions.conferences_of(request.user)
    form = NewConferenceForm(request.POST or None, sources=sources, initial={"source": request.GET.get("after")})
    if form.is_valid():
        source = form.cleaned_data.get("source")
        try:
            if source:
                conference = new_conference.copy(
                    source, along=form.cleaned_data["along"], by=request.user, **form.event
                )
            else:
                conference = new_conference.create(by=request.user, **form.event)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("행사를 만들었습니다. 이 행사의 총괄이 되었습니다."))
            return redirect(f"/desk/{conference.slug}/")
    return render(request, "desk/new_conference.html", {"form": form}, status=422 if form.errors else 200)
