"""The answer to everybody who was second: page 409, with what changed meanwhile and with what they had typed."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from approvals import kinds, trail
from approvals.guards import Stale
from approvals.models import Document

# what a form sends of itself, typed by nobody
BY_THE_FORM = {"csrfmiddlewaretoken", "form_key", "lock_version", "digest"}


def stale_is_409(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: every view may let ``Stale`` through."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_exception(request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return answer(request, exception) if isinstance(exception, Stale) else None

    middleware.process_exception = process_exception
    return middleware


def answer(request: HttpRequest, stale: Stale) -> HttpResponse:
    """Say that nothing of the form was taken over, and why."""
    now = _("‘%(title)s’의 지금 상태: %(state)s. 보내신 것은 반영하지 않았습니다.")
    typed = [text for key, text in request.POST.items() if key not in BY_THE_FORM and text.strip()]
    context = {
        "text": now % {"title": stale.document.title, "state": stale.document.get_state_display()},
        "changed": trail.changed(stale.acts),
        "typed": "\n\n".join(typed),
        "back": where(stale.document),
    }
    return render(request, "409.html", context, status=409)


def where(document: Document) -> str:
    """Return where the document stands now: on its desk while it is drafted, else its last round."""
    last = document.rounds.order_by("-number").first()
    if document.state == Document.State.DRAFT or last is None:
        return kinds.of(document).desk_url(document)
    return reverse("approvals:round", args=[last.pk])
