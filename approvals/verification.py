"""Verification of the proof: the chains of acts, the chain of seals, and the states that follow from the acts.

No row is trusted that another row can contradict: the acts are replayed by the rules of ``transitions``, and the result is
compared with the rounds and steps. A fault names its place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from approvals import document_types, proof, transitions
from approvals.models import Act, Document, Round, Seal, Step

STEP_STATE_AFTER = {
    "submit": Step.State.SIGNED,
    "sign": Step.State.SIGNED,
    "opine": Step.State.SIGNED_OPINION,
    "send_back": Step.State.REJECTED,
}
ROUND_STATE_AFTER = {
    "send_back": Round.State.RETURNED,
    "withdraw": Round.State.WITHDRAWN,
    "stop": Round.State.WITHDRAWN,
}
PERSON_CHANGES = {"replace_signer", "hand_over"}  # one person for another; the document keeps its state
# columns of a step that the act of submission holds, and those that later acts set
SUBMITTED_FIELDS = (
    "order",
    "group",
    "kind",
    "mode",
    "signer_id",
    "department_id",
    "name",
    "position",
    "department_name",
)
ACT_FIELDS = ("state", "acted_by_id", "acted_at", "is_time_assumed", "digest", "opinion")
# end of the last round → states that a document may have after it
LATER_STATES = {
    Document.State.DRAFT: {Document.State.DISCARDED},
    Document.State.RETURNED: {Document.State.DISCARDED},
    Document.State.WITHDRAWN: {Document.State.DISCARDED},
    Document.State.APPROVED: {Document.State.REGISTERED, Document.State.SUPERSEDED},
}


@dataclass(frozen=True)
class ProofFault:
    """A place where the proof is broken, and what is wrong there."""

    place: str
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"


@transaction.atomic
def verify_document(document: Document) -> list[ProofFault]:
    """Return the faults of one document, [] if its proof is sound. Locks it, so that no act is half written."""
    document = Document.objects.select_for_update().get(pk=document.pk)
    acts = list(document.acts.order_by("number"))
    rounds = list(document.rounds.order_by("number").prefetch_related("steps"))
    faults = [*_check_act_chain(document, acts), *_check_seals(document, acts, rounds)]
    if not faults:  # broken acts cannot be compared with the rows
        faults = [
            *_check_rounds(rounds, acts),
            *_check_document(document, rounds, acts),
            *_check_editions(document, rounds),
        ]
    return faults


def verify_seals() -> list[ProofFault]:
    """Return the faults of the one chain of seals."""
    faults, previous = list[ProofFault](), proof.GENESIS_SEAL_HASH
    for number, seal in enumerate(Seal.objects.order_by("number").iterator(), start=1):
        place = _("봉인 %(number)d") % {"number": number}
        if seal.number != number:
            return [*faults, ProofFault(place, _("빠졌습니다."))]
        if seal.hash != proof.seal_hash(seal):
            faults.append(ProofFault(place, _("내용이 바뀌었습니다.")))
        if seal.previous != previous:
            faults.append(ProofFault(place, _("앞의 봉인과 이어지지 않습니다.")))
        previous = seal.hash
    return faults


def verify_all() -> Iterator[tuple[Document | None, list[ProofFault]]]:
    """Yield every document with its faults, and at the end None with those of the chain of seals."""
    for document in Document.objects.order_by("pk").iterator():
        yield document, verify_document(document)
    yield None, verify_seals()


def _check_act_chain(document: Document, acts: list[Act]) -> Iterator[ProofFault]:
    previous = proof.genesis_hash(document.pk, acts[0].digest) if acts else ""
    for number, act in enumerate(acts, start=1):
        place = _("처리 %(number)d") % {"number": number}
        if act.number != number:
            yield ProofFault(place, _("빠졌습니다."))
            return
        if act.hash != proof.act_hash(act):
            yield ProofFault(place, _("내용이 바뀌었습니다."))
        if act.previous != previous:
            yield ProofFault(place, _("앞의 처리와 이어지지 않습니다."))
        previous = act.hash


def _check_seals(document: Document, acts: list[Act], rounds: list[Round]) -> Iterator[ProofFault]:
    """Check that every ended round has a seal with the hash of the round's last act."""
    ended = [round_ for round_ in rounds if round_.state != Round.State.RUNNING]
    heads = list(document.seals.order_by("number").values_list("head", flat=True))
    for round_, head in zip_longest(ended, heads):
        if round_ is None:
            yield ProofFault(_("차수"), _("봉인된 차수가 빠졌습니다."))
        elif head is None:
            yield ProofFault(_round_name(round_), _("끝난 차수의 봉인이 없습니다."))
        elif head != next((act.hash for act in reversed(acts) if act.round_id == round_.pk), ""):
            yield ProofFault(_round_name(round_), _("봉인된 마지막 처리가 없습니다. 뒷부분이 빠졌습니다."))


def _check_rounds(rounds: list[Round], acts: list[Act]) -> Iterator[ProofFault]:
    """Replay the acts of each round and compare the rows with the result."""
    for number, round_ in enumerate(rounds, start=1):
        own = [act for act in acts if act.round_id == round_.pk]
        if not own or own[0].action != "submit":
            yield ProofFault(_round_name(round_), _("결재를 올린 처리가 없습니다."))
            continue
        detail = own[0].detail
        steps, state = _replay_round(round_, own)
        replayed = (number, detail["edition"], detail["title"], own[0].digest, state)
        if replayed != (round_.number, round_.edition_number, round_.title, round_.digest, round_.state):
            yield ProofFault(_round_name(round_), _("차수, 판, 제목이나 상태가 처리와 다릅니다."))
        ended_at = None if state == Round.State.RUNNING else own[-1].at
        if (round_.submitted_at, round_.ended_at) != (own[0].at, ended_at):
            yield ProofFault(_round_name(round_), _("올린 때나 끝난 때가 처리와 다릅니다."))
        for row, step in zip_longest(round_.steps.all(), steps):
            place = f"{_round_name(round_)}, {_('차례 %(order)d') % {'order': (row or step).order}}"
            if (
                row is None
                or step is None
                or any(getattr(row, name) != getattr(step, name) for name in SUBMITTED_FIELDS)
            ):
                yield ProofFault(place, _("결재선이 결재를 올릴 때와 다릅니다."))
            elif any(getattr(row, name) != getattr(step, name) for name in ACT_FIELDS):
                yield ProofFault(place, _("‘%(state)s’ 상태가 처리와 다릅니다.") % {"state": row.get_state_display()})
            elif row.digest and row.digest != round_.digest:
                yield ProofFault(place, _("결재한 판과 다른 판에 서명했습니다."))


def _replay_round(round_: Round, acts: list[Act]) -> tuple[list[SimpleNamespace], str]:
    """Return the steps and the state of a round that follow from its acts."""
    steps = [_submitted_step(values) for values in acts[0].detail["line"]]
    orders = {row.pk: row.order for row in round_.steps.all()}
    state = Round.State.RUNNING
    for act in acts:
        target = next((step for step in steps if step.order == orders.get(act.step_id or 0)), None)
        if target and act.action in STEP_STATE_AFTER:
            target.state, target.opinion, target.digest = STEP_STATE_AFTER[act.action], act.opinion, act.digest
            target.acted_by_id, target.acted_at, target.is_time_assumed = act.actor_id, act.at, act.is_time_assumed
        if target and act.action == "replace_signer":
            new = act.detail["new"]
            target.signer_id, target.department_id = new["signer"], new["department"]
            target.name, target.position, target.department_name = new["name"], new["position"], new["department_name"]
        if act.action in ROUND_STATE_AFTER:
            transitions.cancel_rest(steps)
            state = ROUND_STATE_AFTER[act.action]
        elif transitions.is_done(steps):
            state = Round.State.APPROVED
        transitions.open_next(steps)
    return steps, state


def _submitted_step(values: dict[str, Any]) -> SimpleNamespace:
    submitted = {**values, "signer_id": values["signer"], "department_id": values["department"]}
    not_acted = {
        "state": Step.State.WAITING,
        "acted_by_id": None,
        "acted_at": None,
        "is_time_assumed": False,
        "digest": "",
        "opinion": "",
    }
    return SimpleNamespace(**submitted, **not_acted)


def _check_document(document: Document, rounds: list[Round], acts: list[Act]) -> Iterator[ProofFault]:
    """Check that the document's state follows from its last act, and its drafter from the submission or a hand-over."""
    state_acts = [act for act in acts if act.action not in PERSON_CHANGES]
    state = rounds[-1].state if rounds and state_acts[-1].action != "redraft" else Document.State.DRAFT
    if document.state not in {state} | LATER_STATES.get(Document.State(state), set()):
        yield ProofFault(_("문서"), _("‘%(state)s’ 상태가 처리와 다릅니다.") % {"state": document.get_state_display()})
    drafter_acts = [act for act in acts if act.action in {"submit", "hand_over"}][-1:]
    if any(
        document.drafter_id != (act.detail.get("new") or {"signer": act.actor_id})["signer"] for act in drafter_acts
    ):
        yield ProofFault(_("문서"), _("기안자가 처리와 다릅니다."))


def _check_editions(document: Document, rounds: list[Round]) -> Iterator[ProofFault]:
    """Check that the signed editions and their files are unchanged, if the document type can tell."""
    if document.kind not in settings.DOCUMENT_TYPES:
        yield ProofFault(_("문서"), _("모르는 문서 종류입니다: %(kind)s") % {"kind": document.kind})
        return
    document_type = document_types.type_of(document)
    frozen_digest = getattr(document_type, "frozen_digest", None)
    for round_ in rounds:
        if frozen_digest and frozen_digest(document, round_.edition_number) != round_.digest:
            yield ProofFault(_round_name(round_), _("서명한 판의 내용이 바뀌었습니다."))
    for place, text in getattr(document_type, "damage", lambda _document: ())(document):
        yield ProofFault(place, text)


def _round_name(round_: Round) -> str:
    return _("%(number)d차") % {"number": round_.number}
