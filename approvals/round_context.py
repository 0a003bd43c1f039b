"""The template context of the page of one round, for one person."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from approvals import departures, document_types, trail
from approvals.forms import ActForm, DecideForm, OpineForm, ReasonForm, ReplaceForm, SendBackForm, SignForm
from approvals.models import Document, Round, Step, StepKind
from approvals.signature_box import signature_box

FORMS_BY_STEP_KIND: dict[str, dict[str, type[ActForm]]] = {
    StepKind.REVIEW: {"opine": OpineForm, "send_back": SendBackForm},
    StepKind.COOPERATE: {"opine": OpineForm},
    StepKind.DECIDE: {"send_back": SendBackForm},
}


def round_context(round_: Round, user: User) -> dict[str, Any]:
    """Return the context of approvals/round.html. The number of queries does not depend on steps, acts and rounds."""
    document = round_.document
    rounds = list(document.rounds.order_by("-number").prefetch_related("steps"))
    steps = list(round_.steps.select_related("acted_by", "signer", "department__organisation"))
    acts = list(round_.acts.select_related("actor", "step"))
    document_type = document_types.type_of(document)
    return {
        "round": round_,
        "document": document,
        "steps": steps,
        "mine": _open_step(steps, user),
        "opinions": [step for step in steps if step.state == Step.State.SIGNED_OPINION],
        # html() sets the form that the edition has
        "paper": document_type.html(document, round_.edition_number, signature_box(round_, form="c")),
        "stylesheet": getattr(document_type, "STYLESHEET", ""),
        "entries": trail.trail_entries(acts),
        "submitted": trail.format_act_time(acts[0]),
        "ended": trail.format_act_time(acts[-1]) if round_.ended_at else "",
        "submission": acts[0].detail,
        "others": [_round_summary(other) for other in rounds if other.pk != round_.pk],
        "newest": rounds[0] if rounds[0].pk != round_.pk else None,
        "desk_url": document_type.desk_url(document) if document.state == Document.State.DRAFT else "",
        "departed": departures.describe_departures(document, steps) if rounds[0].pk == round_.pk else [],
        "replacing": replacement_forms(round_, steps, user),
        "forms": available_forms(round_, steps, user, is_newest=rounds[0].pk == round_.pk),
    }


def available_forms(round_: Round, steps: list[Step], user: User, *, is_newest: bool) -> dict[str, ActForm]:
    """Return a new form for each verb that the person may use now: name of the verb → form."""
    document, classes = round_.document, dict[str, type[ActForm]]()
    is_running = round_.state == Round.State.RUNNING
    own_step = _open_step(steps, user)
    if own_step:
        classes = {"sign": sign_form_class(own_step, steps), **FORMS_BY_STEP_KIND.get(own_step.kind, {})}
    if document.drafter_id == user.pk and is_newest:
        if is_running and not any(step.state in Step.DONE for step in steps[1:]):
            classes["withdraw"] = ActForm
        if document.state in (Document.State.RETURNED, Document.State.WITHDRAWN):
            classes["redraft"] = ActForm
    is_blocked = bool(departures.blocked_steps(steps)) or departures.has_drafter_left(document)
    if is_newest and is_running and is_blocked and departures.is_approval_manager(user, document):
        classes["stop"] = ReasonForm
    if is_newest and departures.can_take_over(user, document):
        classes["hand_over"] = ReasonForm
    return {name: form(round_=round_, id_suffix=f"-{name}") for name, form in classes.items()}


def _open_step(steps: list[Step], user: User) -> Step | None:
    return next((step for step in steps if step.signer_id == user.pk and step.state in Step.OPEN), None)


def replacement_forms(round_: Round, steps: list[Step], user: User) -> list[tuple[Step, ReplaceForm]]:
    """Return a form for each step whose signer has left, if the person may name another signer."""
    if round_.state != Round.State.RUNNING or not departures.is_approval_manager(user, round_.document):
        return []
    blocked = departures.blocked_steps(steps)
    for step in blocked:
        step.round = round_
    return [(step, ReplaceForm(step=step)) for step in blocked]


def sign_form_class(own_step: Step, steps: list[Step]) -> type[SignForm]:
    """Return the form of a signature: a decider must confirm having read the other opinions."""
    has_opinions = any(step.state == Step.State.SIGNED_OPINION for step in steps)
    return DecideForm if own_step.kind == StepKind.DECIDE and has_opinions else SignForm


def _round_summary(round_: Round) -> dict[str, Any]:
    """Return what the page shows of another round of the document: the round and its steps with an opinion."""
    return {"round": round_, "steps_with_opinion": [step for step in round_.steps.all() if step.opinion]}
