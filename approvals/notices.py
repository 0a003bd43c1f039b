"""Mails about a document in sign-off: written in the act's own transaction, sent by the worker.

A mail only leads to the document, behind the sign-in, and only who may read it; nothing can be signed from a mail. An act
of long ago (the example's loader) sends nobody a mail.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import mail_queue
from accounts.models import User
from approvals.guards import Case
from approvals.models import Round, Step
from approvals.permissions import may_read


def your_turn(case: Case, round_: Round, opened: Iterable[Step]) -> None:
    """Tell those whose turn has come."""
    for step in opened:
        text = _("기안자 %(drafter)s님이 올린 문서의 %(kind)s 차례가 되었습니다. 문서를 읽고 처리해 주세요.")
        _owe(
            case,
            round_,
            step.signer,
            _("[%(kind)s 요청] %(title)s") % {"kind": step.get_kind_display(), "title": round_.title},
            text % {"drafter": round_.drafter_name, "kind": step.get_kind_display()},
        )


def opinion(case: Case, step: Step, to: Iterable[User]) -> None:
    """Tell the drafter and the last signer of another opinion."""
    text = _("%(position)s %(name)s님이 의견을 달아 서명했습니다.\n\n%(opinion)s") % _said(step)
    for user in to:
        _owe(case, step.round, user, _("[의견] %(title)s") % {"title": step.round.title}, text)


def returned(case: Case, step: Step) -> None:
    """Tell the drafter what to mend."""
    text = _("%(position)s %(name)s님이 문서를 반려했습니다. 고쳐서 다시 올려 주세요.\n\n%(opinion)s") % _said(step)
    _owe(case, step.round, case.document.drafter, _("[반려] %(title)s") % {"title": step.round.title}, text)


def approved(case: Case, round_: Round) -> None:
    """Tell the drafter that it is done."""
    subject = _("[결재 완료] %(title)s") % {"title": round_.title}
    _owe(case, round_, case.document.drafter, subject, _("올리신 문서의 결재가 끝났습니다."))


def withdrawn(case: Case, round_: Round, steps: Iterable[Step]) -> None:
    """Tell those whose turn it was that there is nothing to do any more."""
    for step in steps:
        text = _("기안자 %(drafter)s님이 문서를 회수했습니다. 지금 처리하실 일은 없습니다.") % {
            "drafter": round_.drafter_name
        }
        _owe(case, round_, step.signer, _("[회수] %(title)s") % {"title": round_.title}, text)


def replaced(case: Case, step: Step, detail: dict[str, Any], reason: str) -> None:
    """Tell the drafter; the new signer if the turn is theirs; and the old one, who may have moved, that it is not."""
    if step.state in Step.OPEN:
        your_turn(case, step.round, [step])
    words = {key: f"{detail[key]['position']} {detail[key]['name']}" for key in ("old", "new")} | {"reason": reason}
    text = _("결재 관리자가 결재자를 바꾸었습니다: %(old)s → %(new)s.\n\n사유: %(reason)s") % words
    for user in User.objects.filter(pk__in=[case.document.drafter_id, detail["old"]["signer"]], is_active=True):
        _owe(case, step.round, user, _("[결재자 변경] %(title)s") % {"title": step.round.title}, text)


def stopped(case: Case, round_: Round, steps: Iterable[Step], reason: str) -> None:
    """Tell the drafter, and those whose turn it was, that the round has ended."""
    text = _("결재 관리자가 결재를 중단했습니다. 문서는 기안자에게 돌아갔습니다.\n\n사유: %(reason)s") % {
        "reason": reason
    }
    for user in {case.document.drafter, *(step.signer for step in steps)}:
        if user.is_active:
            _owe(case, round_, user, _("[결재 중단] %(title)s") % {"title": round_.title}, text)


def handed_over(case: Case, round_: Round | None, detail: dict[str, Any], reason: str) -> None:
    """Tell the earlier drafter, who may only have moved, and whose turn it is; of a draft nobody else knows yet."""
    if round_ is None:
        return
    words = {key: f"{detail[key]['position']} {detail[key]['name']}" for key in ("old", "new")} | {"reason": reason}
    text = _("기안을 넘겨받았습니다: %(old)s → %(new)s.\n\n사유: %(reason)s") % words
    turn = [step.signer_id for step in round_.steps.filter(state__in=Step.OPEN)]
    for user in User.objects.filter(pk__in=[*turn, detail["old"]["signer"]], is_active=True):
        _owe(case, round_, user, _("[기안 인계] %(title)s") % {"title": round_.title}, text)


def _said(step: Step) -> dict[str, str]:
    return {"position": step.position, "name": step.name, "opinion": step.opinion}


def _owe(case: Case, round_: Round, to: User, subject: str, text: str) -> None:
    if not case.is_live:
        return
    mail_queue.queue(
        to=to, subject=subject, text="\n\n".join((text, f"{_('제목')}: {round_.title}", _way(case, round_, to)))
    )


def _way(case: Case, round_: Round, to: User) -> str:
    """Lead to the document; who was replaced, or has handed the draft over, may have no way to it any more."""
    if not may_read(to, case.document):
        return _("이제 이 문서의 결재자나 기안자가 아니어서 열람하실 수 없고, 처리하실 일도 없습니다.")
    way = _("아래 주소에서 로그인하면 문서로 이어집니다. 메일에서는 결재할 수 없습니다.")
    return f"{way}\n{settings.PORTAL_URL}{reverse('approvals:round', args=[round_.pk])}"
