"""결재함, and one document to read and sign."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import SignedInRequest
from approvals import chain, departures, document_types, middleware, round_context, trail
from approvals import inbox as box
from approvals.forms import ActForm, OpineForm, ReasonForm, ReplaceForm, SendBackForm
from approvals.models import Document, Round, Step, StepKind
from approvals.permissions import document_page, round_page

ROWS = 20  # of a page of the inbox
SAID = {
    "decide": gettext_lazy("결재했습니다: %(title)s"),
    "sign": gettext_lazy("서명했습니다: %(title)s"),
    "opine": gettext_lazy("의견을 남기고 서명했습니다: %(title)s"),
    "send_back": gettext_lazy("반려했습니다: %(title)s"),
    "withdraw": gettext_lazy("회수했습니다: %(title)s"),
    "redraft": gettext_lazy("다시 고쳐 쓸 수 있습니다: %(title)s"),
    "replace_signer": gettext_lazy("결재자를 바꾸었습니다: %(title)s"),
    "stop": gettext_lazy("결재를 중단했습니다: %(title)s"),
    "hand_over": gettext_lazy("기안을 넘겨받았습니다: %(title)s"),
}


@require_safe
def inbox(request: SignedInRequest) -> HttpResponse:
    """My 결재함, one tab of it."""
    tab = request.GET.get("tab", "waiting")
    tab = tab if tab in box.TABS else "waiting"
    rows = Paginator(box.with_turns(box.rounds(request.user, tab)), ROWS).get_page(request.GET.get("page"))
    for row in rows:
        row.when = trail.at(row.ended_at or row.submitted_at)
    counts = box.counts(request.user)
    tabs = [(name, label, counts[name]) for name, label in box.TABS.items()]
    context = {"tab": tab, "tabs": tabs, "rows": rows}
    context["returned"] = box.returned_to(request.user) if tab == "waiting" else 0
    return render(request, "approvals/inbox.html", context)


@require_safe
@round_page
def show(request: SignedInRequest, round_: Round) -> HttpResponse:
    """One document: its line, the paper, opinions and acts, and what I may do."""
    return _page(request, round_)


@require_POST
@round_page
def sign(request: SignedInRequest, round_: Round) -> HttpResponse:
    """Sign in my turn."""
    mine = _my_step(request, round_)
    form = round_context.sign_form(mine, list(round_.steps.all()))(request.POST, round_=round_)
    return _do(request, round_, form, partial(chain.sign, mine), "approvals:inbox")


@require_POST
@round_page
def opine(request: SignedInRequest, round_: Round) -> HttpResponse:
    """Sign with another opinion."""
    act = partial(chain.opine, _my_step(request, round_))
    return _do(request, round_, OpineForm(request.POST, round_=round_), act, "approvals:inbox")


@require_POST
@round_page
def send_back(request: SignedInRequest, round_: Round) -> HttpResponse:
    """Send back with a reason."""
    act = partial(chain.send_back, _my_step(request, round_))
    return _do(request, round_, SendBackForm(request.POST, round_=round_), act, "approvals:inbox")


@require_POST
@round_page
def withdraw(request: SignedInRequest, round_: Round) -> HttpResponse:
    """Take my document back while nobody has signed."""
    back = reverse("approvals:round", args=[round_.pk])
    return _do(request, round_, _drafters_form(request, round_), partial(chain.withdraw, round_.document), back)


@require_POST
@round_page
def redraft(request: SignedInRequest, round_: Round) -> HttpResponse:
    """Write on a returned or withdrawn document again."""
    back = document_types.of(round_.document).desk_url(round_.document)
    return _do(request, round_, _drafters_form(request, round_), partial(chain.redraft, round_.document), back)


@require_POST
@round_page
def stop(request: SignedInRequest, round_: Round) -> HttpResponse:
    """End a round in which somebody has left."""
    back = reverse("approvals:round", args=[round_.pk])
    _of_the_manager(request, round_.document)
    form = ReasonForm(request.POST, round_=round_, at="-stop")
    return _do(request, round_, form, partial(chain.stop, round_.document), back)


@require_POST
@round_page
def replace_signer(request: SignedInRequest, round_: Round, order: int) -> HttpResponse:
    """Name another signer for one who has left."""
    back = reverse("approvals:round", args=[round_.pk])
    _of_the_manager(request, round_.document)
    step = get_object_or_404(round_.steps.select_related("signer", "department"), order=order)
    step.round = round_
    form = ReplaceForm(request.POST, step=step)
    return _do(request, round_, form, partial(chain.replace_signer, step), back)


@require_POST
@document_page
def hand_over(request: SignedInRequest, document: Document) -> HttpResponse:
    """Take over the draft of somebody who has left; also one that was never submitted, and so has no round."""
    if request.user.department_id != document.department_id:
        raise PermissionDenied
    round_ = document.rounds.order_by("-number").first() or Round(document=document, title=document.title)
    form = ReasonForm(request.POST, round_=round_, at="-hand_over")
    back = middleware.where(document)
    if round_.pk is None and not form.is_valid():  # no page of a round to show what is wrong
        messages.error(request, " ".join(text for texts in form.errors.values() for text in texts))
        return redirect(back)
    return _do(request, round_, form, partial(chain.hand_over, document), back)


def _of_the_manager(request: SignedInRequest, document: Document) -> None:
    if not departures.is_manager(request.user, document):
        raise PermissionDenied


def _my_step(request: SignedInRequest, round_: Round) -> Step:
    """Return the reader's own place in the round, whatever its state: a form sent twice must find its first result."""
    step = round_.steps.filter(signer=request.user).first()
    if step is None:
        raise PermissionDenied
    return step


def _drafters_form(request: SignedInRequest, round_: Round) -> ActForm:
    if round_.document.drafter_id != request.user.pk:
        raise PermissionDenied
    return ActForm(request.POST, round_=round_)


def _do(request: SignedInRequest, round_: Round, form: ActForm, act: Callable[..., object], back: str) -> HttpResponse:
    """Do the act and go on, or show the page again with what was typed and what is wrong."""
    name = request.resolver_match.url_name
    if form.is_valid():
        try:
            done = act(by=request.user, **form.cleaned_data)
        except chain.Refused as refused:
            if round_.pk is None:
                messages.error(request, str(refused))
                return redirect(back)
            form.add_error(None, str(refused))
        else:
            is_decision = name == "sign" and isinstance(done, Step) and done.kind == StepKind.DECIDE
            messages.success(request, SAID["decide" if is_decision else name] % {"title": round_.title})
            return redirect(back)
    return _page(request, round_, failed=(name, form), status=422)


def _page(
    request: SignedInRequest, round_: Round, *, failed: tuple[str, ActForm] | None = None, status: int = 200
) -> HttpResponse:
    context = round_context.context(round_, request.user)
    if failed:
        name, form = failed
        own = [at for at, (step, _form) in enumerate(context["replacing"]) if form.auto_id == _form.auto_id]
        if name in context["forms"]:
            context["forms"][name] = form
        elif own:
            context["replacing"][own[0]] = (context["replacing"][own[0]][0], form)
        else:  # no longer, or never, theirs to do: the sentence alone
            context["refused"] = [text for texts in form.errors.values() for text in texts]
    return render(request, "approvals/round.html", context, status=status)
