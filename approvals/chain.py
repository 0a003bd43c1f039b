"""결재: the verbs of sign-off, the only writers of a document's state, its rounds, steps, acts and seals.

Each verb is one transition of the sign-off table, in one transaction under the lock of the document's row, with its Act.
All raise Refused (not allowed; the message says why and how to mend it) or Stale (somebody was faster), and write
nothing then. A form key already used gives the first result again. ``Form`` explains what all verbs take.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Unpack

from django.utils.translation import gettext as _

from accounts.models import User
from approvals import departures, document_types, notices, proof, route_resolution, transitions
from approvals.guards import (
    Case,
    Form,
    Refused,
    Stale,
    begin,
    drafter,
    find,
    refuse_unless,
    turn,
    verb,
    written,
)
from approvals.models import Document, Line, LineStep, Round, Step, StepKind
from conference.checks import Finding

__all__ = [
    "Form",
    "Refused",
    "Stale",
    "hand_over",
    "opine",
    "redraft",
    "replace_signer",
    "send_back",
    "sign",
    "stop",
    "submit",
    "withdraw",
]


@verb
def submit(
    document: Document,
    *,
    by: User,
    reasons: Mapping[str, str] | None = None,
    digest: str | None = None,
    **form: Unpack[Form],
) -> Round:
    """결재 올리기 (T3): freeze the edition, take the drafter's signature, open the first group.

    ``reasons``: for each code of a warning, why the drafter accepts it. ``digest``: of the draft as it was shown (g6);
    Stale if the rows have changed since. None where no page was shown.
    """
    case = begin(document.pk, "submit", by=by, **form)
    if case.first:
        return case.first.round
    document = case.document
    refuse_unless(document.state == Document.State.DRAFT, _("작성 중인 문서만 결재를 올릴 수 있습니다."))
    refuse_unless(document.route == Document.Route.PORTAL, _("이 문서는 포털에서 결재하지 않는 문서입니다."))
    drafter(case)
    resolved = route_resolution.resolve(document)
    found = document_types.of(document).findings(document)
    accepted = _accepted(found, reasons or {})
    given = {warning["code"]: warning["reason"] for warning in accepted}
    number, frozen = document_types.of(document).freeze(document, by=case.by, at=case.at, findings=found, reasons=given)
    if digest not in (None, frozen):
        raise Stale(document, [])
    places = route_resolution.plain(resolved.places)
    round_ = _open_round(case, number, frozen, places)
    document.state = Document.State.RUNNING
    detail = {"edition": number, "title": round_.title, "line": places, "accepted": accepted, "notes": resolved.notes}
    proof.record(case, shown=frozen, round_=round_, step=round_.steps.first(), detail=detail)
    _advance(case, round_, list(round_.steps.select_related("signer")))
    return round_


@verb
def sign(step: Step, *, by: User, digest: str, **form: Unpack[Form]) -> Step:
    """Sign in one's turn: 검토 (T4), 협조 (T6), or as the last one 결재 (T15). ``digest``: of the edition shown."""
    return _act_on(step, "sign", Step.State.SIGNED, by=by, digest=digest, **form)


@verb
def opine(step: Step, *, by: User, digest: str, opinion: str, **form: Unpack[Form]) -> Step:
    """Sign with another opinion (T5; 규정 §9③④): a reviewer or cooperator, not the one who decides."""
    return _act_on(step, "opine", Step.State.SIGNED_OPINION, by=by, digest=digest, opinion=opinion, **form)


@verb
def send_back(step: Step, *, by: User, digest: str, opinion: str, **form: Unpack[Form]) -> Step:
    """반려 (T9) with its reason as ``opinion``: the round ends, its signatures stay as of an ended round."""
    return _act_on(step, "send_back", Step.State.REJECTED, by=by, digest=digest, opinion=opinion, **form)


@verb
def withdraw(document: Document, *, by: User, **form: Unpack[Form]) -> Round:
    """회수 (T10a) while nobody but the drafter has signed."""
    case = begin(document.pk, "withdraw", by=by, **form)
    if case.first:
        return case.first.round
    drafter(case)
    refuse_unless(case.document.state == Document.State.RUNNING, _("결재가 진행 중인 문서만 회수할 수 있습니다."))
    round_ = case.document.rounds.get(state=Round.State.RUNNING)
    steps = list(round_.steps.select_related("signer"))
    refuse_unless(
        not any(step.state in Step.DONE for step in steps if step.kind != StepKind.DRAFT),
        _("이미 서명한 사람이 있어 회수할 수 없습니다. 고칠 것이 있으면 지금 차례인 사람에게 반려를 부탁해 주세요."),
    )
    told = [step for step in steps if step.state in Step.OPEN]
    _end(case, round_, steps, Round.State.WITHDRAWN)
    proof.record(case, shown=round_.digest, round_=round_)
    notices.withdrawn(case, round_, told)
    return round_


@verb
def redraft(document: Document, *, by: User, **form: Unpack[Form]) -> Document:
    """재기안 (T19): back to writing after 반려 or 회수. The line stays the document's; the ended round stays as it is."""
    case = begin(document.pk, "redraft", by=by, **form)
    if case.first:
        return case.document
    drafter(case)
    refuse_unless(
        case.document.state in (Document.State.RETURNED, Document.State.WITHDRAWN),
        _("반려되었거나 회수한 문서만 다시 기안할 수 있습니다."),
    )
    last = case.document.rounds.order_by("-number").first()
    case.document.state = Document.State.DRAFT
    proof.record(case, shown=last.digest)  # of no round: the last one's chain ended with its end
    return case.document


@verb
def replace_signer(step: Step, *, to: User, by: User, reason: str, **form: Unpack[Form]) -> Step:
    """결재자 변경 (T13) by the 결재 관리자, where the signer has left: another one takes the place, of the same kind."""
    case = begin(step.round.document_id, "replace_signer", by=by, **form)
    if case.first:
        return case.first.step
    _managed(case)
    steps = list(Step.objects.filter(round=step.round_id).select_related("round__document", "signer", "department"))
    mine = find(steps, step.pk)
    refuse_unless(mine.round.state == Round.State.RUNNING, _("진행 중인 결재에서만 결재자를 바꿀 수 있습니다."))
    refuse_unless(mine in departures.stuck(steps), _("결재할 수 있는 사람이어서 바꿀 수 없습니다."))
    refuse_unless(
        departures.candidates(mine).filter(pk=to.pk).exists(),
        _("그 자리를 맡을 수 없는 사람입니다. 직급이 같거나 높고 결재선에 없는 사람을 골라 주세요."),
    )
    reason = written(reason, _("결재자를 바꾸는 사유를 적어 주세요."))
    # as at submission: who has moved is of another office by now
    old = {"signer": mine.signer_id, "department": mine.department_id} | _words(mine)
    new = route_resolution.person(User.objects.select_related("department__organisation").get(pk=to.pk))
    mine.signer_id, mine.department_id = new["signer"], new["department"]
    mine.name, mine.position, mine.department_name = new["name"], new["position"], new["department_name"]
    mine.state = Step.State.CURRENT if mine.state in Step.OPEN else mine.state
    mine.save()
    mine.refresh_from_db(fields=["signer"])
    detail = {"old": old, "new": new}
    proof.record(case, shown=mine.round.digest, round_=mine.round, step=mine, opinion=reason, detail=detail)
    notices.replaced(case, mine, detail, reason)
    return mine


@verb
def stop(document: Document, *, by: User, reason: str, **form: Unpack[Form]) -> Round:
    """결재 중단 by the 결재 관리자, where somebody of the line or the drafter has left: back to the drafter, as if withdrawn."""
    case = begin(document.pk, "stop", by=by, **form)
    if case.first:
        return case.first.round
    _managed(case)
    refuse_unless(case.document.state == Document.State.RUNNING, _("진행 중인 결재만 중단할 수 있습니다."))
    round_ = case.document.rounds.get(state=Round.State.RUNNING)
    steps = list(round_.steps.select_related("signer"))
    refuse_unless(
        departures.stuck(steps) or departures.drafter_left(case.document),
        _("모두 결재할 수 있는 사람이어서 중단할 수 없습니다. 차례인 사람이 반려하거나 기안자가 회수할 수 있습니다."),
    )
    reason = written(reason, _("결재를 중단하는 사유를 적어 주세요."))
    told = [step for step in steps if step.state in Step.OPEN]
    _end(case, round_, steps, Round.State.WITHDRAWN)
    proof.record(case, shown=round_.digest, round_=round_, opinion=reason)
    notices.stopped(case, round_, told, reason)
    return round_


@verb
def hand_over(document: Document, *, by: User, reason: str, **form: Unpack[Form]) -> Document:
    """기안 인계 (T27): a colleague of the 처리과 takes over what a drafter who has left began. Signatures stay."""
    case = begin(document.pk, "hand_over", by=by, **form)
    if case.first:
        return case.document
    document = case.document
    refuse_unless(departures.drafter_left(document), _("기안자가 계속 맡고 있는 문서입니다."))
    refuse_unless(by.pk != document.drafter_id, _("이미 기안자입니다."))
    refuse_unless(document.department_id == case.by.department_id, _("같은 처리과의 직원만 기안을 넘겨받습니다."))
    round_ = document.rounds.filter(state=Round.State.RUNNING).first()
    refuse_unless(
        not departures.still_signs(by, document),
        _("이 결재에서 아직 처리할 차례가 있는 사람은 기안을 넘겨받을 수 없습니다."),
    )
    reason = written(reason, _("기안을 넘겨받는 사유를 적어 주세요."))
    detail = {"old": route_resolution.person(document.drafter), "new": route_resolution.person(case.by)}
    document.drafter = case.by
    document.save(update_fields=["drafter"])
    LineStep.objects.filter(line__in=Line.objects.filter(document=document), kind=StepKind.DRAFT).update(user=case.by)
    last = round_ or document.rounds.order_by("-number").first()
    # of no round that has ended: its chain ended with its end
    proof.record(case, shown=last.digest if last else "", round_=round_, opinion=reason, detail=detail)
    notices.handed_over(case, last, detail, reason)
    return document


def _managed(case: Case) -> None:
    """Let the 결재 관리자 of the document's 처리과 pass."""
    refuse_unless(
        departures.is_manager(case.by, case.document),
        _("문서를 만든 처리과의 결재 관리자만 할 수 있습니다. 결재 관리자는 시스템 관리자가 정합니다."),
    )


def _act_on(
    step: Step, action: str, state: str, *, by: User, digest: str, opinion: str = "", **form: Unpack[Form]
) -> Step:
    case = begin(step.round.document_id, action, by=by, **form)
    if case.first:
        return case.first.step
    steps = turn(case, step.pk, digest)
    mine = find(steps, step.pk)
    if state != Step.State.SIGNED:
        opinion = _opinion_of(mine, state, opinion)
    _settle(case, mine, state, opinion)
    if state == Step.State.REJECTED:
        _end(case, mine.round, steps, Round.State.RETURNED)
    elif transitions.is_done(steps):
        _end(case, mine.round, steps, Round.State.APPROVED)
    proof.record(case, shown=digest, round_=mine.round, step=mine, opinion=opinion)
    _tell(case, mine, steps[-1])
    _advance(case, mine.round, steps)
    return mine


def _opinion_of(mine: Step, state: str, opinion: str) -> str:
    """Return the text that a 의견 or a 반려 needs, from somebody who may give it."""
    if state == Step.State.REJECTED:
        refuse_unless(
            mine.kind in (StepKind.REVIEW, StepKind.DECIDE),
            _("협조자는 반려할 수 없습니다. 다른 생각은 의견으로 남겨 주세요."),
        )
        return written(opinion, _("반려 사유를 적어 주세요. 기안자가 무엇을 고칠지 알 수 있어야 합니다."))
    refuse_unless(
        mine.kind in (StepKind.REVIEW, StepKind.COOPERATE),
        _("결재자는 의견을 달아 서명할 수 없습니다. 그대로 결재하거나 사유를 적어 반려해 주세요."),
    )
    return written(opinion, _("의견을 적어 주세요. 의견이 없으면 서명만 하시면 됩니다."))


def _accepted(found: Sequence[Finding], reasons: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return each kind of warning with its texts and the drafter's reason.

    Refuses while anything blocks or a warning has no reason.
    """
    blocking = [_placed(finding) for finding in found if finding.level == "block"]
    if blocking:
        raise Refused(_("먼저 고쳐야 결재를 올릴 수 있습니다: %(texts)s") % {"texts": " / ".join(blocking)})
    warned: dict[str, list[str]] = {}
    for finding in found:
        if finding.level == "warn":
            warned.setdefault(finding.code, []).append(_placed(finding))
    missing = [" / ".join(texts) for code, texts in warned.items() if not reasons.get(code, "").strip()]
    if missing:
        raise Refused(_("그대로 올리는 사유를 적어 주세요: %(texts)s") % {"texts": " / ".join(missing)})
    return [{"code": code, "texts": texts, "reason": written(reasons[code], "")} for code, texts in warned.items()]


def _placed(finding: Finding) -> str:
    return f"{finding.where}: {finding.text}" if finding.where else finding.text


def _open_round(case: Case, number: int, digest: str, places: list[dict[str, object]]) -> Round:
    document = case.document
    last = document.rounds.order_by("-number").first()
    round_ = Round.objects.create(
        document=document,
        number=last.number + 1 if last else 1,
        edition_number=number,
        digest=digest,
        title=document_types.of(document).title(document),
        department_name=str(document.department),
        drafter_name=case.by.name,
        submitted_at=case.at,
    )
    steps = [
        Step(round=round_, signer_id=place["signer"], department_id=place["department"], **_columns(place))
        for place in places
    ]
    Step.objects.bulk_create(steps)
    _settle(case, round_.steps.first(), Step.State.SIGNED, "")
    return round_


def _words(step: Step) -> dict[str, str]:
    return {"name": step.name, "position": step.position, "department_name": step.department_name}


def _columns(place: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in place.items() if key not in ("signer", "department")}


def _settle(case: Case, step: Step, state: str, opinion: str) -> None:
    """Write who did what when on which edition; the database takes all four or none."""
    step.state, step.opinion, step.digest = state, opinion, step.round.digest
    step.acted_by, step.acted_at, step.is_time_assumed = case.by, case.at, case.is_time_assumed
    step.save()


def _advance(case: Case, round_: Round, steps: Sequence[Step]) -> None:
    if round_.state == Round.State.RUNNING:
        opened = transitions.open_next(steps)
        Step.objects.filter(pk__in=[step.pk for step in opened]).update(state=Step.State.CURRENT)
        notices.your_turn(case, round_, opened)


def _end(case: Case, round_: Round, steps: Sequence[Step], state: Round.State) -> None:
    """End the round and give the document the state of the same name."""
    rest = transitions.cancel_rest(steps)
    Step.objects.filter(pk__in=[step.pk for step in rest]).update(state=Step.State.CANCELLED)
    round_.state, round_.ended_at = state, case.at
    round_.save(update_fields=["state", "ended_at"])
    case.document.state = Document.State(state.value)


def _tell(case: Case, mine: Step, last: Step) -> None:
    """Tell the drafter of an opinion and of the end, the last signer of an opinion (T5)."""
    if mine.round.state == Round.State.APPROVED:
        notices.approved(case, mine.round)
    elif mine.state == Step.State.REJECTED:
        notices.returned(case, mine)
    elif mine.state == Step.State.SIGNED_OPINION:
        notices.opinion(case, mine, {case.document.drafter, last.signer})
