"""Views of 결재함 and of one round: read, sign, give an opinion, send back, and the other verbs."""

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
from approvals import inbox as inbox_rounds
from approvals.forms import ActForm, OpineForm, ReasonForm, ReplaceForm, SendBackForm
from approvals.models import Document, Round, Step, StepKind
from approvals.permissions import document_page, round_page

PAGE_SIZE = 20  # rounds on a page of 결재함
SUCCESS_MESSAGES = {
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
    """Show one tab of the person's 결재함."""
    tab = request.GET.get("tab", "waiting")
    tab = tab if tab in inbox_rounds.TABS else "waiting"
    rounds = inbox_rounds.prefetch_open_steps(inbox_rounds.rounds_in_tab(request.user, tab))
    rows = Paginator(rounds, PAGE_SIZE).get_page(request.GET.get("page"))
    counts = inbox_rounds.count_by_tab(request.user)
    context = {
        "tab": tab,
        "tabs": [(name, label, counts[name]) for name, label in inbox_rounds.TABS.items()],
        "rows": rows,
        "rounds": [(row, trail.format_time(row.ended_at or row.submitted_at)) for row in rows],
        "returned": inbox_rounds.count_returned(request.user) if tab == "waiting" else 0,
    }
    return render(request, "approvals/inbox.html", context)


@require_safe
@round_page
def show(request: SignedInRequest, round_: Round) -> HttpResponse:
    """Show one round: the document, its steps, opinions and acts, and the verbs that the person may use."""
    return _render_round(request, round_)


@require_POST
@round_page
def sign(request: SignedInRequest, round_: Round) -> HttpResponse:
    """Sign one's own step."""
    own_step = _own_step(request, round_)
    form = round_context.sign_form_class(own_step, list(round_.steps.all()))(request.POST, round_=round_)
    return _perform_act(request, round_, form, partial(chain.sign, own_step), "approvals:inbox")


@require_POST
@round_page
def opine(request: SignedInRequest, round_: Round) -> HttpResponse:
    """Sign with another opinion."""
    act = partial(chain.opine, _own_step(request, round_))
    return _perform_act(request, round_, OpineForm(request.POST, round_=round_), act, "approvals:inbox")


@require_POST
@round_page
def send_back(request: SignedInRequest, round_: Round) -> HttpResponse:
    """Send back with a reason."""
    act = partial(chain.send_back, _own_step(request, round_))
    return _perform_act(request, round_, SendBackForm(request.POST, round_=round_), act, "approvals:inbox")


@require_POST
@round_page
def withdraw(request: SignedInRequest, round_: Round) -> HttpResponse:
    """Withdraw one's own document before anyone else has signed."""
    back = reverse("approvals:round", args=[round_.pk])
    return _perform_act(request, round_, _drafter_form(request, round_), partial(chain.withdraw, round_.document), back)


@require_POST
@round_page
def redraft(request: SignedInRequest, round_: Round) -> HttpResponse:
    """Make one's returned or withdrawn document a draft again."""
    back = document_types.type_of(round_.document).desk_url(round_.document)
    return _perform_act(request, round_, _drafter_form(request, round_), partial(chain.redraft, round_.document), back)


@require_POST
@round_page
def stop(request: SignedInRequest, round_: Round) -> HttpResponse:
    """End a round whose signer or drafter has left."""
    _require_manager(request, round_.document)
    form, back = (
        ReasonForm(request.POST, round_=round_, id_suffix="-stop"),
        reverse("approvals:round", args=[round_.pk]),
    )
    return _perform_act(request, round_, form, partial(chain.stop, round_.document), back)


@require_POST
@round_page
def replace_signer(request: SignedInRequest, round_: Round, order: int) -> HttpResponse:
    """Replace a signer who has left."""
    back = reverse("approvals:round", args=[round_.pk])
    _require_manager(request, round_.document)
    step = get_object_or_404(round_.steps.select_related("signer", "department"), order=order)
    step.round = round_
    form = ReplaceForm(request.POST, step=step)
    return _perform_act(request, round_, form, partial(chain.replace_signer, step), back)


@require_POST
@document_page
def hand_over(request: SignedInRequest, document: Document) -> HttpResponse:
    """Take over the document of a drafter who has left; it may have no round yet."""
    if request.user.department_id != document.department_id:
        raise PermissionDenied
    round_ = document.rounds.order_by("-number").first() or Round(document=document, title=document.title)
    form = ReasonForm(request.POST, round_=round_, id_suffix="-hand_over")
    back = middleware.document_url(document)
    if round_.pk is None and not form.is_valid():  # without a round there is no page that could show the errors
        messages.error(request, " ".join(text for texts in form.errors.values() for text in texts))
        return redirect(back)
    return _perform_act(request, round_, form, partial(chain.hand_over, document), back)


def _require_manager(request: SignedInRequest, document: Document) -> None:
    if not departures.is_approval_manager(request.user, document):
        raise PermissionDenied


def _own_step(request: SignedInRequest, round_: Round) -> Step:
    """Return the person's step in any state: a form that is sent twice must find its first result."""
    if step := round_.steps.filter(signer=request.user).first():
        return step
    raise PermissionDenied


def _drafter_form(request: SignedInRequest, round_: Round) -> ActForm:
    if round_.document.drafter_id != request.user.pk:
        raise PermissionDenied
    return ActForm(request.POST, round_=round_)


def _perform_act(
    request: SignedInRequest, round_: Round, form: ActForm, act: Callable[..., object], back: str
) -> HttpResponse:
    """Perform the act and redirect, or render the page again with the form and its errors."""
    name = (request.resolver_match and request.resolver_match.url_name) or ""
    if form.is_valid():
        try:
            result = act(by=request.user, **form.cleaned_data)
        except chain.ActRefused as refused:
            if round_.pk is None:
                messages.error(request, str(refused))
                return redirect(back)
            form.add_error(None, str(refused))
        else:
            is_decision = name == "sign" and isinstance(result, Step) and result.kind == StepKind.DECIDE
            messages.success(request, SUCCESS_MESSAGES["decide" if is_decision else name] % {"title": round_.title})
            return redirect(back)
    return _render_round(request, round_, failed=(name, form), status=422)


def _render_round(
    request: SignedInRequest, round_: Round, *, failed: tuple[str, ActForm] | None = None, status: int = 200
) -> HttpResponse:
    context = round_context.round_context(round_, request.user)
    if failed:
        name, form = failed
        own = [at for at, (step, _form) in enumerate(context["replacing"]) if form.auto_id == _form.auto_id]
        if name in context["forms"]:
            context["forms"][name] = form
        elif own:
            context["replacing"][own[0]] = (context["replacing"][own[0]][0], form)
        else:  # the person may not use the verb (any more): show the sentence alone
            context["refused"] = [text for texts in form.errors.values() for text in texts]
    return render(request, "approvals/round.html", context, status=status)
