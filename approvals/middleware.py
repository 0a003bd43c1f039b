"""The answer to an act on a stale document: page 409, with what changed since and what the person typed."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals import document_types, trail
from approvals.guards import StaleAct
from approvals.models import Act, Document, StepKind

# hidden fields of the forms, which no person types
HIDDEN_FIELDS = {"csrfmiddlewaretoken", "form_key", "lock_version", "digest"}

OWN_ACT_HEADINGS = {
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
OWN_DECISION_HEADING = gettext_lazy("이미 결재하신 문서입니다.")


class StaleActMiddleware:
    """Answer ``StaleAct``, which any view may raise, with the page of status 409."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return render_conflict(request, exception) if isinstance(exception, StaleAct) else None


def render_conflict(request: HttpRequest, stale: StaleAct) -> HttpResponse:
    """Render page 409: nothing of the form was saved, and why."""
    text = _("‘%(title)s’의 지금 상태: %(state)s. 보내신 것은 반영하지 않았습니다.")
    typed = [str(text) for key, text in request.POST.items() if key not in HIDDEN_FIELDS and str(text).strip()]
    context = {
        "text": text % {"title": stale.document.title, "state": stale.document.get_state_display()},
        "heading": _heading(request, stale.acts),
        "changed": trail.summarise(stale.acts),
        "typed": "\n\n".join(typed),
        "back": document_url(stale.document),
    }
    return render(request, "409.html", context, status=409)


def _heading(request: HttpRequest, acts: list[Act]) -> str:
    """Return the heading: the same person acted before, another person did, or only the content changed."""
    if not (own := [act for act in acts if act.actor_id == request.user.pk]):
        return _("다른 사람이 먼저 처리했습니다") if acts else _("화면을 연 뒤에 내용이 바뀌었습니다")
    is_decision = own[-1].action == "sign" and own[-1].step and own[-1].step.kind == StepKind.DECIDE
    return str(OWN_DECISION_HEADING if is_decision else OWN_ACT_HEADINGS[own[-1].action])


def document_url(document: Document) -> str:
    """Return the address of the document's page: the desk while it is a draft, else its last round."""
    last = document.rounds.order_by("-number").first()
    if document.state == Document.State.DRAFT or last is None:
        return document_types.type_of(document).desk_url(document)
    return reverse("approvals:round", args=[last.pk])
