"""Everything that the page of one round shows to one person."""

from __future__ import annotations

from typing import Any

from django.utils.safestring import mark_safe

from accounts.models import User
from approvals import departures, document_types, trail
from approvals.forms import ActForm, DecideForm, OpineForm, ReasonForm, ReplaceForm, SendBackForm, SignForm
from approvals.models import Document, Round, Step, StepKind
from approvals.signature_box import box

BY_KIND = {
    StepKind.REVIEW: {"opine": OpineForm, "send_back": SendBackForm},
    StepKind.COOPERATE: {"opine": OpineForm},
    StepKind.DECIDE: {"send_back": SendBackForm},
}


def context(round_: Round, user: User) -> dict[str, Any]:
    """Return the values of approvals/round.html. A constant number of queries, however long line and past are."""
    document = round_.document
    rounds = list(document.rounds.order_by("-number").prefetch_related("steps"))
    steps = list(round_.steps.select_related("acted_by", "signer", "department__organisation"))
    acts = list(round_.acts.select_related("actor", "step"))
    kind = document_types.of(document)
    drawn = kind.html(document, round_.edition_number, box(round_, form="c"))  # the kind knows in which form
    return {
        "round": round_,
        "document": document,
        "steps": steps,
        "mine": next((step for step in steps if step.signer_id == user.pk and step.state in Step.OPEN), None),
        "opinions": [step for step in steps if step.state == Step.State.SIGNED_OPINION],
        "paper": mark_safe(drawn),  # noqa: S308 (by the kind's own escaping templates)
        "stylesheet": getattr(kind, "STYLESHEET", ""),
        "entries": trail.entries(acts),
        "submitted": trail.moment(acts[0]),
        "ended": trail.moment(acts[-1]) if round_.ended_at else "",
        "submission": acts[0].detail,
        "others": [_summary(other) for other in rounds if other.pk != round_.pk],
        "newest": rounds[0] if rounds[0].pk != round_.pk else None,
        "desk_url": kind.desk_url(document) if document.state == Document.State.DRAFT else "",
        "departed": departures.told(document, steps) if rounds[0].pk == round_.pk else [],
        "replacing": replacing(round_, steps, user),
        "forms": forms(round_, steps, user, is_newest=rounds[0].pk == round_.pk),
    }


def forms(round_: Round, steps: list[Step], user: User, *, is_newest: bool) -> dict[str, ActForm]:
    """Return a fresh form for each verb that is the person's to do now, by the verb's name."""
    document, found = round_.document, {}
    mine = next((step for step in steps if step.signer_id == user.pk and step.state in Step.OPEN), None)
    if mine:
        found = {"sign": sign_form(mine, steps), **BY_KIND.get(mine.kind, {})}
    if document.drafter_id == user.pk and is_newest:
        if round_.state == Round.State.RUNNING and not any(step.state in Step.DONE for step in steps[1:]):
            found["withdraw"] = ActForm
        if document.state in (Document.State.RETURNED, Document.State.WITHDRAWN):
            found["redraft"] = ActForm
    if is_newest and departures.is_manager(user, document) and round_.state == Round.State.RUNNING:
        found |= {"stop": ReasonForm} if departures.stuck(steps) or departures.drafter_left(document) else {}
    if is_newest and departures.may_take_over(user, document):
        found["hand_over"] = ReasonForm
    return {name: form(round_=round_, at=f"-{name}") for name, form in found.items()}


def replacing(round_: Round, steps: list[Step], user: User) -> list[tuple[Step, ReplaceForm]]:
    """Return a form for each step whose signer has left, where the person may name another."""
    if round_.state != Round.State.RUNNING or not departures.is_manager(user, round_.document):
        return []
    found = departures.stuck(steps)
    for step in found:
        step.round = round_
    return [(step, ReplaceForm(step=step)) for step in found]


def sign_form(mine: Step, steps: list[Step]) -> type[SignForm]:
    """Return the form of a signature: who decides must have read what others think."""
    has_opinions = any(step.state == Step.State.SIGNED_OPINION for step in steps)
    return DecideForm if mine.kind == StepKind.DECIDE and has_opinions else SignForm


def _summary(round_: Round) -> dict[str, Any]:
    """Tell another round of the document in a line, with what was said in it."""
    return {"round": round_, "said": [step for step in round_.steps.all() if step.opinion]}
