"""Mails about a document in sign-off: queued in the transaction of the act, sent by the worker.

A mail links to the document if its receiver may read it; the link asks for sign-in, and nothing can be signed from a
mail. The old acts that the example's loader enters send no mail.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import mail_queue
from accounts.models import User
from approvals.guards import ActContext
from approvals.models import Round, Step
from approvals.permissions import can_read


def notify_turn(context: ActContext, round_: Round, opened: Iterable[Step]) -> None:
    """Mail the signers whose turn has come."""
    for step in opened:
        text = _("기안자 %(drafter)s님이 올린 문서의 %(kind)s 차례가 되었습니다. 문서를 읽고 처리해 주세요.")
        _queue_mail(
            context,
            round_,
            step.signer,
            _("[%(kind)s 요청] %(title)s") % {"kind": step.get_kind_display(), "title": round_.title},
            text % {"drafter": round_.drafter_name, "kind": step.get_kind_display()},
        )


def notify_opinion(context: ActContext, step: Step, to: Iterable[User]) -> None:
    """Mail the drafter and the last signer that a signer has another opinion."""
    text = _("%(position)s %(name)s님이 의견을 달아 서명했습니다.\n\n%(opinion)s") % _opinion_values(step)
    for user in to:
        _queue_mail(context, step.round, user, _("[의견] %(title)s") % {"title": step.round.title}, text)


def notify_returned(context: ActContext, step: Step) -> None:
    """Mail the drafter why the document was returned."""
    text = _(
        "%(position)s %(name)s님이 문서를 반려했습니다. 고쳐서 다시 올려 주세요.\n\n%(opinion)s"
    ) % _opinion_values(step)
    _queue_mail(
        context, step.round, context.document.drafter, _("[반려] %(title)s") % {"title": step.round.title}, text
    )


def notify_approved(context: ActContext, round_: Round) -> None:
    """Mail the drafter that the document is approved."""
    subject = _("[결재 완료] %(title)s") % {"title": round_.title}
    _queue_mail(context, round_, context.document.drafter, subject, _("올리신 문서의 결재가 끝났습니다."))


def notify_withdrawn(context: ActContext, round_: Round, steps: Iterable[Step]) -> None:
    """Mail the signers whose turn it was that nothing is left to do."""
    for step in steps:
        text = _("기안자 %(drafter)s님이 문서를 회수했습니다. 지금 처리하실 일은 없습니다.") % {
            "drafter": round_.drafter_name
        }
        _queue_mail(context, round_, step.signer, _("[회수] %(title)s") % {"title": round_.title}, text)


def notify_replaced(context: ActContext, step: Step, detail: dict[str, Any], reason: str) -> None:
    """Mail the drafter, the old signer (who may only have moved), and the new signer if it is the turn of that step."""
    if step.state in Step.OPEN:
        notify_turn(context, step.round, [step])
    words = {key: f"{detail[key]['position']} {detail[key]['name']}" for key in ("old", "new")} | {"reason": reason}
    text = _("결재 관리자가 결재자를 바꾸었습니다: %(old)s → %(new)s.\n\n사유: %(reason)s") % words
    for user in User.objects.filter(pk__in=[context.document.drafter_id, detail["old"]["signer"]], is_active=True):
        _queue_mail(context, step.round, user, _("[결재자 변경] %(title)s") % {"title": step.round.title}, text)


def notify_stopped(context: ActContext, round_: Round, steps: Iterable[Step], reason: str) -> None:
    """Mail the drafter, and the signers whose turn it was, that the round has ended."""
    text = _("결재 관리자가 결재를 중단했습니다. 문서는 기안자에게 돌아갔습니다.\n\n사유: %(reason)s") % {
        "reason": reason
    }
    for user in {context.document.drafter, *(step.signer for step in steps)}:
        if user.is_active:
            _queue_mail(context, round_, user, _("[결재 중단] %(title)s") % {"title": round_.title}, text)


def notify_handed_over(context: ActContext, round_: Round | None, detail: dict[str, Any], reason: str) -> None:
    """Mail the earlier drafter (who may only have moved) and the signers whose turn it is. A draft has no such signers."""
    if round_ is None:
        return
    words = {key: f"{detail[key]['position']} {detail[key]['name']}" for key in ("old", "new")} | {"reason": reason}
    text = _("기안을 넘겨받았습니다: %(old)s → %(new)s.\n\n사유: %(reason)s") % words
    signers = [step.signer_id for step in round_.steps.filter(state__in=Step.OPEN)]
    for user in User.objects.filter(pk__in=[*signers, detail["old"]["signer"]], is_active=True):
        _queue_mail(context, round_, user, _("[기안 인계] %(title)s") % {"title": round_.title}, text)


def _opinion_values(step: Step) -> dict[str, str]:
    return {"position": step.position, "name": step.name, "opinion": step.opinion}


def _queue_mail(context: ActContext, round_: Round, to: User, subject: str, text: str) -> None:
    if not context.is_live:
        return
    mail_queue.queue(
        to=to,
        subject=subject,
        text="\n\n".join((text, f"{_('제목')}: {round_.title}", _link_text(context, round_, to))),
    )


def _link_text(context: ActContext, round_: Round, to: User) -> str:
    """Return the link to the document, or a sentence without one if a change of persons has taken the receiver's access away."""
    if not can_read(to, context.document):
        return _("이제 이 문서의 결재자나 기안자가 아니어서 열람하실 수 없고, 처리하실 일도 없습니다.")
    hint = _("아래 주소에서 로그인하면 문서로 이어집니다. 메일에서는 결재할 수 없습니다.")
    return f"{hint}\n{settings.PORTAL_URL}{reverse('approvals:round', args=[round_.pk])}"
