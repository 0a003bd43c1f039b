"""The answer to everybody who was second: page 409, with what changed meanwhile and with what they had typed."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals import document_types, trail
from approvals.guards import Stale
from approvals.models import Act, Document, StepKind

# what a form sends of itself, typed by nobody
BY_THE_FORM = {"csrfmiddlewaretoken", "form_key", "lock_version", "digest"}

ALREADY = {
    "submit": gettext_lazy("이미 결재를 올리신 문서입니다."),
    "sign": gettext_lazy("이미 서명하신 문서입니다."),
    "opine": gettext_lazy("이미 서명하신 문서입니다."),
    "send_back": gettext_lazy("이미 반려하신 문서입니다."),
    "withdraw": gettext_lazy("이미 회수하신 문서입니다."),
    "redraft": gettext_lazy("이미 다시 기안하신 문서입니다."),
    "replace_signer": gettext_lazy("이미 결재자를 바꾸신 문서입니다."),
    "stop": gettext_lazy("이미 결재를 중단하신 문서입니다."),
    "hand_over": gettext_lazy("이미 기안을 넘겨받으신 문서입니다."),
}
DECIDED = gettext_lazy("이미 결재하신 문서입니다.")


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
        "heading": _heading(request, stale.acts),
        "changed": trail.changed(stale.acts),
        "typed": "\n\n".join(typed),
        "back": where(stale.document),
    }
    return render(request, "409.html", context, status=409)


def _heading(request: HttpRequest, acts: list[Act]) -> str:
    """Name who was first: the very person, whose page is old; another one; or nobody, where only the text changed."""
    own = [act for act in acts if act.actor_id == request.user.pk]
    if not own:
        return _("다른 사람이 먼저 처리했습니다") if acts else _("화면을 연 뒤에 내용이 바뀌었습니다")
    is_decision = own[-1].action == "sign" and own[-1].step and own[-1].step.kind == StepKind.DECIDE
    return str(DECIDED if is_decision else ALREADY[own[-1].action])


def where(document: Document) -> str:
    """Return where the document stands now: on its desk while it is drafted, else its last round."""
    last = document.rounds.order_by("-number").first()
    if document.state == Document.State.DRAFT or last is None:
        return document_types.of(document).desk_url(document)
    return reverse("approvals:round", args=[last.pk])
