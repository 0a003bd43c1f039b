"""Page of the sign-in log (`/desk/accounts/sign-ins/`), for administrators."""

from __future__ import annotations

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import sign_in_log, user_sessions
from accounts.decorators import admin_page
from accounts.forms.my_account import SignInSearchForm

SHOWN = 50  # records on a page


@require_safe
@admin_page
def sign_in_records(request: HttpRequest) -> HttpResponse:
    """List sign-ins, refusals and sign-outs, the latest first, filtered by account and day."""
    form = SignInSearchForm(request.GET)
    form.is_valid()
    query, day = form.cleaned_data.get("q", ""), form.cleaned_data.get("day")
    page = Paginator(sign_in_log.search(query, day), SHOWN).get_page(request.GET.get("page"))
    rows = [(row, user_sessions.describe_device(row.browser)) for row in page]
    context = {"form": form, "page": page, "rows": rows, "wanted": query, "day": day}
    context["years"] = settings.SIGN_IN_LOG_YEARS
    return render(request, "accounts/sign_ins.html", context)
