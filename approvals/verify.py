"""Whether the proof holds: every chain of acts, the chain of seals, and the states that the acts must have led to.

Nothing here trusts a row that another row can contradict: the acts are replayed by the rules of ``machine``, and what
comes out is held against rounds and steps. A fault names its place.
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

SETTLES = {
    "submit": Step.State.SIGNED,
    "sign": Step.State.SIGNED,
    "opine": Step.State.SIGNED_OPINION,
    "send_back": Step.State.REJECTED,
}
ENDS = {"send_back": Round.State.RETURNED, "withdraw": Round.State.WITHDRAWN, "stop": Round.State.WITHDRAWN}
REPLACES = {"replace_signer", "hand_over"}  # a person by another; the document's state stays
# a step of a line, as the act of submission tells it, and what acts add to it
TOLD = ("order", "group", "kind", "mode", "signer_id", "department_id", "name", "position", "department_name")
ACTED = ("state", "acted_by_id", "acted_at", "is_time_assumed", "digest", "opinion")
# states that a document reaches after sign-off, by which way out of it
AFTERWARDS = {
    Document.State.DRAFT: {Document.State.DISCARDED},
    Document.State.RETURNED: {Document.State.DISCARDED},
    Document.State.WITHDRAWN: {Document.State.DISCARDED},
    Document.State.APPROVED: {Document.State.REGISTERED, Document.State.SUPERSEDED},
}


@dataclass(frozen=True)
class Fault:
    """Where the proof does not hold, and what is wrong there."""

    place: str
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"


@transaction.atomic
def verify(document: Document) -> list[Fault]:
    """Return the faults of one document, none if its proof holds. Locks it, so that an act in the making is seen whole."""
    document = Document.objects.select_for_update().get(pk=document.pk)
    acts = list(document.acts.order_by("number"))
    rounds = list(document.rounds.order_by("number").prefetch_related("steps"))
    faults = [*_chained(document, acts), *_sealed(document, acts, rounds)]
    if not faults:  # what broken acts say is no ground to judge rows on
        faults = [*_replayed(rounds, acts), *_stands(document, rounds, acts), *_editions(document, rounds)]
    return faults


def verify_seals() -> list[Fault]:
    """Return the faults of the one chain of seals."""
    faults, previous = [], proof.FIRST_SEAL
    for number, seal in enumerate(Seal.objects.order_by("number").iterator(), start=1):
        place = _("봉인 %(number)d") % {"number": number}
        if seal.number != number:
            return [*faults, Fault(place, _("빠졌습니다."))]
        if seal.hash != proof.seal_hash(seal):
            faults.append(Fault(place, _("내용이 바뀌었습니다.")))
        if seal.previous != previous:
            faults.append(Fault(place, _("앞의 봉인과 이어지지 않습니다.")))
        previous = seal.hash
    return faults


def verify_all() -> Iterator[tuple[Document | None, list[Fault]]]:
    """Yield every document with its faults, and at the end None with those of the chain of seals."""
    for document in Document.objects.order_by("pk").iterator():
        yield document, verify(document)
    yield None, verify_seals()


def _chained(document: Document, acts: list[Act]) -> Iterator[Fault]:
    previous = proof.genesis(document.pk, acts[0].digest) if acts else ""
    for number, act in enumerate(acts, start=1):
        place = _("처리 %(number)d") % {"number": number}
        if act.number != number:
            yield Fault(place, _("빠졌습니다."))
            return
        if act.hash != proof.act_hash(act):
            yield Fault(place, _("내용이 바뀌었습니다."))
        if act.previous != previous:
            yield Fault(place, _("앞의 처리와 이어지지 않습니다."))
        previous = act.hash


def _sealed(document: Document, acts: list[Act], rounds: list[Round]) -> Iterator[Fault]:
    """Every ended round has its seal, which names the round's last act."""
    ended = [round_ for round_ in rounds if round_.state != Round.State.RUNNING]
    heads = list(document.seals.order_by("number").values_list("head", flat=True))
    for round_, head in zip_longest(ended, heads):
        if round_ is None:
            yield Fault(_("차수"), _("봉인된 차수가 빠졌습니다."))
        elif head is None:
            yield Fault(_round(round_), _("끝난 차수의 봉인이 없습니다."))
        elif head != next((act.hash for act in reversed(acts) if act.round_id == round_.pk), ""):
            yield Fault(_round(round_), _("봉인된 마지막 처리가 없습니다. 뒷부분이 빠졌습니다."))


def _replayed(rounds: list[Round], acts: list[Act]) -> Iterator[Fault]:
    """Play the acts of each round again, and hold rows against what comes out."""
    for number, round_ in enumerate(rounds, start=1):
        own = [act for act in acts if act.round_id == round_.pk]
        if not own or own[0].action != "submit":
            yield Fault(_round(round_), _("결재를 올린 처리가 없습니다."))
            continue
        detail = own[0].detail
        steps, state = _play(round_, own)
        said = (number, detail["edition"], detail["title"], own[0].digest, state)
        if said != (round_.number, round_.edition_number, round_.title, round_.digest, round_.state):
            yield Fault(_round(round_), _("차수, 판, 제목이나 상태가 처리와 다릅니다."))
        ended_at = None if state == Round.State.RUNNING else own[-1].at
        if (round_.submitted_at, round_.ended_at) != (own[0].at, ended_at):
            yield Fault(_round(round_), _("올린 때나 끝난 때가 처리와 다릅니다."))
        for row, step in zip_longest(round_.steps.all(), steps):
            place = f"{_round(round_)}, {_('차례 %(order)d') % {'order': (row or step).order}}"
            if row is None or step is None or any(getattr(row, name) != getattr(step, name) for name in TOLD):
                yield Fault(place, _("결재선이 결재를 올릴 때와 다릅니다."))
            elif any(getattr(row, name) != getattr(step, name) for name in ACTED):
                yield Fault(place, _("‘%(state)s’ 상태가 처리와 다릅니다.") % {"state": row.get_state_display()})
            elif row.digest and row.digest != round_.digest:
                yield Fault(place, _("결재한 판과 다른 판에 서명했습니다."))


def _play(round_: Round, acts: list[Act]) -> tuple[list[SimpleNamespace], str]:
    """Return steps and state of a round as its acts make them."""
    steps = [_step(place) for place in acts[0].detail["line"]]
    orders = {row.pk: row.order for row in round_.steps.all()}
    state = Round.State.RUNNING
    for act in acts:
        mine = next((step for step in steps if step.order == orders.get(act.step_id)), None)
        if mine and act.action in SETTLES:
            mine.state, mine.opinion, mine.digest = SETTLES[act.action], act.opinion, act.digest
            mine.acted_by_id, mine.acted_at, mine.is_time_assumed = act.actor_id, act.at, act.is_time_assumed
        if mine and act.action == "replace_signer":
            new = act.detail["new"]
            mine.signer_id, mine.department_id = new["signer"], new["department"]
            mine.name, mine.position, mine.department_name = new["name"], new["position"], new["department_name"]
        if act.action in ENDS:
            transitions.cancel_rest(steps)
            state = ENDS[act.action]
        elif transitions.is_done(steps):
            state = Round.State.APPROVED
        transitions.open_next(steps)
    return steps, state


def _step(place: dict[str, Any]) -> SimpleNamespace:
    told = {**place, "signer_id": place["signer"], "department_id": place["department"]}
    nothing = {
        "state": Step.State.WAITING,
        "acted_by_id": None,
        "acted_at": None,
        "is_time_assumed": False,
        "digest": "",
        "opinion": "",
    }
    return SimpleNamespace(**told, **nothing)


def _stands(document: Document, rounds: list[Round], acts: list[Act]) -> Iterator[Fault]:
    """The document's own state follows from its last act, its drafter from who began or took it over."""
    moves = [act for act in acts if act.action not in REPLACES]
    state = rounds[-1].state if rounds and moves[-1].action != "redraft" else Document.State.DRAFT
    if document.state not in {state} | AFTERWARDS.get(Document.State(state), set()):
        yield Fault(_("문서"), _("‘%(state)s’ 상태가 처리와 다릅니다.") % {"state": document.get_state_display()})
    began = [act for act in acts if act.action in {"submit", "hand_over"}][-1:]
    if any(document.drafter_id != (act.detail.get("new") or {"signer": act.actor_id})["signer"] for act in began):
        yield Fault(_("문서"), _("기안자가 처리와 다릅니다."))


def _editions(document: Document, rounds: list[Round]) -> Iterator[Fault]:
    """What was signed is still what is kept, and the files made of it are, where the kind can tell."""
    if document.kind not in settings.DOCUMENT_TYPES:
        yield Fault(_("문서"), _("모르는 문서 종류입니다: %(kind)s") % {"kind": document.kind})
        return
    kind = document_types.of(document)
    frozen_digest = getattr(kind, "frozen_digest", None)
    for round_ in rounds if frozen_digest else ():
        if frozen_digest(document, round_.edition_number) != round_.digest:
            yield Fault(_round(round_), _("서명한 판의 내용이 바뀌었습니다."))
    for place, text in getattr(kind, "damage", lambda _document: ())(document):
        yield Fault(place, text)


def _round(round_: Round) -> str:
    return _("%(number)d차") % {"number": round_.number}
