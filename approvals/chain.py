"""결재: the verbs of sign-off, the only writers of a document's state, its rounds, steps, acts and seals.

Each verb is one transition of the sign-off table, in one transaction under the lock of the document's row, with its Act.
Each may raise ActRefused (the message says why, and what to do) or StaleAct (another person acted first); nothing is
written then. A form key that was used before returns the first result again. ``ActParams`` lists what every verb takes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Unpack, cast

from django.utils.translation import gettext as _

from accounts.models import User
from approvals import departures, document_types, notices, proof, route_resolution, transitions
from approvals.guards import (
    ActContext,
    ActParams,
    ActRefused,
    StaleAct,
    act_transaction,
    clean_opinion,
    find_step,
    refuse_unless,
    require_drafter,
    require_turn,
    start_act,
)
from approvals.models import Act, Document, Round, RouteStep, Step, StepKind
from conference.checks import Finding

__all__ = [
    "ActParams",
    "ActRefused",
    "StaleAct",
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


@act_transaction
def submit(
    document: Document,
    *,
    by: User,
    reasons: Mapping[str, str] | None = None,
    digest: str | None = None,
    **params: Unpack[ActParams],
) -> Round:
    """결재 올리기 (T3): freeze the edition, sign for the drafter, open the first group.

    ``reasons``: code of a warning → why the drafter accepts it. ``digest``: of the draft as the page showed it (g6);
    StaleAct if the rows have changed since. None if no page was shown.
    """
    context = start_act(document.pk, "submit", by=by, **params)
    if context.previous_act:
        return _round_of(context.previous_act)
    document = context.document
    refuse_unless(document.state == Document.State.DRAFT, _("작성 중인 문서만 결재를 올릴 수 있습니다."))
    refuse_unless(document.route == Document.Route.PORTAL, _("이 문서는 포털에서 결재하지 않는 문서입니다."))
    require_drafter(context)
    route = route_resolution.resolve_route(document)
    document_type = document_types.type_of(document)
    findings = document_type.findings(document)
    accepted = _accepted_warnings(findings, reasons or {})
    number, edition_digest = document_type.freeze(
        document,
        by=context.by,
        at=context.at,
        findings=findings,
        reasons={warning["code"]: warning["reason"] for warning in accepted},
    )
    if digest not in (None, edition_digest):
        raise StaleAct(document, [])
    steps = route_resolution.step_values(route.steps)
    round_ = _create_round(context, number, edition_digest, steps)
    document.state = Document.State.RUNNING
    detail = {"edition": number, "title": round_.title, "line": steps, "accepted": accepted, "notes": route.notes}
    proof.record_act(context, digest=edition_digest, round_=round_, step=round_.steps.first(), detail=detail)
    _open_next_group(context, round_, list(round_.steps.select_related("signer")))
    return round_


@act_transaction
def sign(step: Step, *, by: User, digest: str, **params: Unpack[ActParams]) -> Step:
    """Sign one's own step: 검토 (T4), 협조 (T6), or 결재 (T15) in the last step. ``digest``: of the edition shown."""
    return _act_on_step(step, "sign", Step.State.SIGNED, by=by, digest=digest, **params)


@act_transaction
def opine(step: Step, *, by: User, digest: str, opinion: str, **params: Unpack[ActParams]) -> Step:
    """Sign with another opinion (T5; 규정 §9③④): only a reviewer or a cooperator may."""
    return _act_on_step(step, "opine", Step.State.SIGNED_OPINION, by=by, digest=digest, opinion=opinion, **params)


@act_transaction
def send_back(step: Step, *, by: User, digest: str, opinion: str, **params: Unpack[ActParams]) -> Step:
    """반려 (T9), with the reason as ``opinion``: the round ends; its signatures stay as a record."""
    return _act_on_step(step, "send_back", Step.State.REJECTED, by=by, digest=digest, opinion=opinion, **params)


@act_transaction
def withdraw(document: Document, *, by: User, **params: Unpack[ActParams]) -> Round:
    """회수 (T10a), before anyone but the drafter has signed."""
    context = start_act(document.pk, "withdraw", by=by, **params)
    if context.previous_act:
        return _round_of(context.previous_act)
    require_drafter(context)
    refuse_unless(context.document.state == Document.State.RUNNING, _("결재가 진행 중인 문서만 회수할 수 있습니다."))
    round_ = context.document.rounds.get(state=Round.State.RUNNING)
    steps = list(round_.steps.select_related("signer"))
    refuse_unless(
        not any(step.state in Step.DONE for step in steps if step.kind != StepKind.DRAFT),
        _("이미 서명한 사람이 있어 회수할 수 없습니다. 고칠 것이 있으면 지금 차례인 사람에게 반려를 부탁해 주세요."),
    )
    open_steps = [step for step in steps if step.state in Step.OPEN]
    _end_round(context, round_, steps, Round.State.WITHDRAWN)
    proof.record_act(context, digest=round_.digest, round_=round_)
    notices.notify_withdrawn(context, round_, open_steps)
    return round_


@act_transaction
def redraft(document: Document, *, by: User, **params: Unpack[ActParams]) -> Document:
    """재기안 (T19): make a returned or withdrawn document a draft again. Its approval route and the ended round stay."""
    context = start_act(document.pk, "redraft", by=by, **params)
    if context.previous_act:
        return context.document
    require_drafter(context)
    refuse_unless(
        context.document.state in (Document.State.RETURNED, Document.State.WITHDRAWN),
        _("반려되었거나 회수한 문서만 다시 기안할 수 있습니다."),
    )
    last = context.document.rounds.latest("number")
    context.document.state = Document.State.DRAFT
    proof.record_act(context, digest=last.digest)  # without a round: no act may follow the end of a round
    return context.document


@act_transaction
def replace_signer(step: Step, *, to: User, by: User, reason: str, **params: Unpack[ActParams]) -> Step:
    """결재자 변경 (T13) by the 결재 관리자: another person signs in place of a signer who has left."""
    context = start_act(step.round.document_id, "replace_signer", by=by, **params)
    if context.previous_act:
        return _step_of(context.previous_act)
    _require_manager(context)
    steps = list(Step.objects.filter(round=step.round_id).select_related("round__document", "signer", "department"))
    target = find_step(steps, step.pk)
    refuse_unless(target.round.state == Round.State.RUNNING, _("진행 중인 결재에서만 결재자를 바꿀 수 있습니다."))
    refuse_unless(target in departures.blocked_steps(steps), _("결재할 수 있는 사람이어서 바꿀 수 없습니다."))
    refuse_unless(
        departures.replacement_candidates(target).filter(pk=to.pk).exists(),
        _("그 자리를 맡을 수 없는 사람입니다. 직급이 같거나 높고 결재선에 없는 사람을 골라 주세요."),
    )
    reason = clean_opinion(reason, _("결재자를 바꾸는 사유를 적어 주세요."))
    # the old values are those at submission, because the signer may belong to another office now
    old = {"signer": target.signer_id, "department": target.department_id} | _signer_names(target)
    new = route_resolution.signer_values(User.objects.select_related("department__organisation").get(pk=to.pk))
    target.signer_id, target.department_id = new["signer"], cast("int", new["department"])
    target.name, target.position, target.department_name = new["name"], new["position"], new["department_name"]
    target.state = Step.State.CURRENT if target.state in Step.OPEN else target.state
    target.save()
    target.refresh_from_db(fields=["signer"])
    detail = {"old": old, "new": new}
    proof.record_act(
        context, digest=target.round.digest, round_=target.round, step=target, opinion=reason, detail=detail
    )
    notices.notify_replaced(context, target, detail, reason)
    return target


@act_transaction
def stop(document: Document, *, by: User, reason: str, **params: Unpack[ActParams]) -> Round:
    """결재 중단 by the 결재 관리자, if a signer or the drafter has left: the round ends as if it were withdrawn."""
    context = start_act(document.pk, "stop", by=by, **params)
    if context.previous_act:
        return _round_of(context.previous_act)
    _require_manager(context)
    refuse_unless(context.document.state == Document.State.RUNNING, _("진행 중인 결재만 중단할 수 있습니다."))
    round_ = context.document.rounds.get(state=Round.State.RUNNING)
    steps = list(round_.steps.select_related("signer"))
    refuse_unless(
        departures.blocked_steps(steps) or departures.has_drafter_left(context.document),
        _("모두 결재할 수 있는 사람이어서 중단할 수 없습니다. 차례인 사람이 반려하거나 기안자가 회수할 수 있습니다."),
    )
    reason = clean_opinion(reason, _("결재를 중단하는 사유를 적어 주세요."))
    open_steps = [step for step in steps if step.state in Step.OPEN]
    _end_round(context, round_, steps, Round.State.WITHDRAWN)
    proof.record_act(context, digest=round_.digest, round_=round_, opinion=reason)
    notices.notify_stopped(context, round_, open_steps, reason)
    return round_


@act_transaction
def hand_over(document: Document, *, by: User, reason: str, **params: Unpack[ActParams]) -> Document:
    """기안 인계 (T27): a colleague of the 처리과 becomes drafter in place of one who has left. Signatures stay."""
    context = start_act(document.pk, "hand_over", by=by, **params)
    if context.previous_act:
        return context.document
    document = context.document
    refuse_unless(departures.has_drafter_left(document), _("기안자가 계속 맡고 있는 문서입니다."))
    refuse_unless(by.pk != document.drafter_id, _("이미 기안자입니다."))
    refuse_unless(document.department_id == context.by.department_id, _("같은 처리과의 직원만 기안을 넘겨받습니다."))
    round_ = document.rounds.filter(state=Round.State.RUNNING).first()
    refuse_unless(
        not departures.has_pending_step(by, document),
        _("이 결재에서 아직 처리할 차례가 있는 사람은 기안을 넘겨받을 수 없습니다."),
    )
    reason = clean_opinion(reason, _("기안을 넘겨받는 사유를 적어 주세요."))
    detail = {
        "old": route_resolution.signer_values(document.drafter),
        "new": route_resolution.signer_values(context.by),
    }
    document.drafter = context.by
    document.save(update_fields=["drafter"])
    RouteStep.objects.filter(route__document=document, kind=StepKind.DRAFT).update(user=context.by)
    last = round_ or document.rounds.order_by("-number").first()
    # without a round if it has ended: no act may follow the end of a round
    proof.record_act(context, digest=last.digest if last else "", round_=round_, opinion=reason, detail=detail)
    notices.notify_handed_over(context, last, detail, reason)
    return document


def _require_manager(context: ActContext) -> None:
    """Refuse all but the 결재 관리자 of the document's 처리과."""
    refuse_unless(
        departures.is_approval_manager(context.by, context.document),
        _("문서를 만든 처리과의 결재 관리자만 할 수 있습니다. 결재 관리자는 시스템 관리자가 정합니다."),
    )


def _act_on_step(
    step: Step, action: str, state: str, *, by: User, digest: str, opinion: str = "", **params: Unpack[ActParams]
) -> Step:
    context = start_act(step.round.document_id, action, by=by, **params)
    if context.previous_act:
        return _step_of(context.previous_act)
    steps = require_turn(context, step.pk, digest)
    own_step = find_step(steps, step.pk)
    if state != Step.State.SIGNED:
        opinion = _check_opinion(own_step, state, opinion)
    _save_step(context, own_step, state, opinion)
    if state == Step.State.REJECTED:
        _end_round(context, own_step.round, steps, Round.State.RETURNED)
    elif transitions.is_done(steps):
        _end_round(context, own_step.round, steps, Round.State.APPROVED)
    proof.record_act(context, digest=digest, round_=own_step.round, step=own_step, opinion=opinion)
    _notify(context, own_step, steps[-1])
    _open_next_group(context, own_step.round, steps)
    return own_step


def _check_opinion(own_step: Step, state: str, opinion: str) -> str:
    """Return the cleaned text of a 의견 or a 반려. Refuses an empty one, and a signer who may not give it."""
    if state == Step.State.REJECTED:
        refuse_unless(
            own_step.kind in (StepKind.REVIEW, StepKind.DECIDE),
            _("협조자는 반려할 수 없습니다. 다른 생각은 의견으로 남겨 주세요."),
        )
        return clean_opinion(opinion, _("반려 사유를 적어 주세요. 기안자가 무엇을 고칠지 알 수 있어야 합니다."))
    refuse_unless(
        own_step.kind in (StepKind.REVIEW, StepKind.COOPERATE),
        _("결재자는 의견을 달아 서명할 수 없습니다. 그대로 결재하거나 사유를 적어 반려해 주세요."),
    )
    return clean_opinion(opinion, _("의견을 적어 주세요. 의견이 없으면 서명만 하시면 됩니다."))


def _accepted_warnings(findings: Sequence[Finding], reasons: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return each code of warning with its texts and the drafter's reason.

    Refuses if a finding blocks or a warning has no reason.
    """
    blocking = [_finding_text(finding) for finding in findings if finding.level == "block"]
    if blocking:
        raise ActRefused(_("먼저 고쳐야 결재를 올릴 수 있습니다: %(texts)s") % {"texts": " / ".join(blocking)})
    warnings: dict[str, list[str]] = {}
    for finding in findings:
        if finding.level == "warn":
            warnings.setdefault(finding.code, []).append(_finding_text(finding))
    missing = [" / ".join(texts) for code, texts in warnings.items() if not reasons.get(code, "").strip()]
    if missing:
        raise ActRefused(_("그대로 올리는 사유를 적어 주세요: %(texts)s") % {"texts": " / ".join(missing)})
    return [
        {"code": code, "texts": texts, "reason": clean_opinion(reasons[code], "")} for code, texts in warnings.items()
    ]


def _finding_text(finding: Finding) -> str:
    return f"{finding.where}: {finding.text}" if finding.where else finding.text


def _create_round(context: ActContext, number: int, digest: str, steps: list[route_resolution.StepValues]) -> Round:
    document = context.document
    last = document.rounds.order_by("-number").first()
    round_ = Round.objects.create(
        document=document,
        number=last.number + 1 if last else 1,
        edition_number=number,
        digest=digest,
        title=document_types.type_of(document).title(document),
        department_name=str(document.department),
        drafter_name=context.by.name,
        submitted_at=context.at,
    )
    Step.objects.bulk_create([_step(round_, values) for values in steps])
    _save_step(context, round_.steps.earliest("order"), Step.State.SIGNED, "")
    return round_


def _step(round_: Round, values: route_resolution.StepValues) -> Step:
    return Step(
        round=round_,
        order=values["order"],
        group=values["group"],
        kind=values["kind"],
        mode=values["mode"],
        signer_id=values["signer"],
        name=values["name"],
        position=values["position"],
        department_id=cast("int", values["department"]),  # a valid route has nobody without one
        department_name=values["department_name"],
    )


def _round_of(act: Act) -> Round:
    """Return the round that an act changed; only acts that have one are asked."""
    return cast("Round", act.round)


def _step_of(act: Act) -> Step:
    """Return the step that an act changed; only acts that have one are asked."""
    return cast("Step", act.step)


def _signer_names(step: Step) -> dict[str, str]:
    return {"name": step.name, "position": step.position, "department_name": step.department_name}


def _save_step(context: ActContext, step: Step, state: str, opinion: str) -> None:
    """Save who acted, when, how and on which edition; a constraint demands all four together."""
    step.state, step.opinion, step.digest = state, opinion, step.round.digest
    step.acted_by, step.acted_at, step.is_time_assumed = context.by, context.at, context.is_time_assumed
    step.save()


def _open_next_group(context: ActContext, round_: Round, steps: Sequence[Step]) -> None:
    if round_.state == Round.State.RUNNING:
        opened = transitions.open_next(steps)
        Step.objects.filter(pk__in=[step.pk for step in opened]).update(state=Step.State.CURRENT)
        notices.notify_turn(context, round_, opened)


def _end_round(context: ActContext, round_: Round, steps: Sequence[Step], state: Round.State) -> None:
    """End the round and give the document the state of the same name."""
    cancelled = transitions.cancel_rest(steps)
    Step.objects.filter(pk__in=[step.pk for step in cancelled]).update(state=Step.State.CANCELLED)
    round_.state, round_.ended_at = state, context.at
    round_.save(update_fields=["state", "ended_at"])
    context.document.state = Document.State(state.value)


def _notify(context: ActContext, own_step: Step, last: Step) -> None:
    """Mail the drafter about the end or an opinion, and the last signer about an opinion (T5)."""
    if own_step.round.state == Round.State.APPROVED:
        notices.notify_approved(context, own_step.round)
    elif own_step.state == Step.State.REJECTED:
        notices.notify_returned(context, own_step)
    elif own_step.state == Step.State.SIGNED_OPINION:
        notices.notify_opinion(context, own_step, {context.document.drafter, last.signer})
