"""The checks that every verb of sign-off makes before it acts (signoff rules g1 to g7), and its two refusals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import NotRequired, ParamSpec, TypedDict, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from approvals.models import Act, Document, Step
from rows.fields import clean_text

FORM_KEY_MAX = 64  # letters of a form key
OPINION_MAX = 2000  # letters of an opinion or a reason
P = ParamSpec("P")
R = TypeVar("R")


class ActRefused(Exception):
    """The act is not allowed. The message says in Korean what is wrong and what to do about it."""


class StaleAct(Exception):
    """Another person acted first. ``acts``: the acts on the document since the form was opened, oldest first."""

    def __init__(self, document: Document, acts: list[Act]) -> None:
        self.document, self.acts = document, acts
        super().__init__(_("다른 사람이 먼저 처리했습니다. 지금 상태를 확인하고 다시 해 주세요."))


class ActParams(TypedDict):
    """The parameters of every verb besides its object and ``by``.

    ``form_key``: the one-time key of the form (g1); a key that was used before returns the first result.
    ``lock_version``: the document's version when the form was shown (g3).
    ``at`` and ``is_time_assumed``: only for the loader of the example, because a document signed on paper years ago keeps
    its dates. A time that its source lacks is assumed, marked so and never printed. Views never pass them.
    """

    form_key: str
    lock_version: int
    at: NotRequired[datetime]
    is_time_assumed: NotRequired[bool]


@dataclass
class ActContext:
    """The act that a verb performs: the locked document, who acts on it, when, and with which form key."""

    document: Document
    by: User
    action: str
    form_key: str
    at: datetime
    is_time_assumed: bool
    is_live: bool  # False for the old acts that the example's loader enters
    previous_act: Act | None = None  # the act that this form led to before: return its result


def act_transaction(function: Callable[P, R]) -> Callable[P, R]:
    """Run a verb in one transaction, its Act included (g7).

    Two acts with one form key on two documents share no lock, so the second one breaks the key's uniqueness. It is then
    run again, and finds the key used.
    """

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            with transaction.atomic():
                return function(*args, **kwargs)
        except IntegrityError:
            if not Act.objects.filter(form_key=kwargs["form_key"]).exists():
                raise
        with transaction.atomic():
            return function(*args, **kwargs)

    return run


def start_act(
    document_id: int,
    action: str,
    *,
    by: User,
    form_key: str,
    lock_version: int,
    at: datetime | None = None,
    is_time_assumed: bool = False,
) -> ActContext:
    """Lock the document's row (g2) and make the checks of every verb. Raises StaleAct or ActRefused."""
    # SQLite has no row locks: there the transaction is IMMEDIATE and locks the whole file
    document = Document.objects.select_for_update().get(pk=document_id)
    previous = _find_previous_act(document, action, by, form_key)
    context = ActContext(document, by, action, form_key, at or timezone.now(), is_time_assumed, at is None, previous)
    if previous is None:
        if document.lock_version != lock_version:
            raise StaleAct(document, list(acts_since(document, lock_version)))
        context.by = _check_account(by)
    return context


def _find_previous_act(document: Document, action: str, by: User, form_key: str) -> Act | None:
    """Return the act that this form led to before. Read under the lock, so the second of two clicks finds the first."""
    refuse_unless(0 < len(form_key) <= FORM_KEY_MAX, _("화면을 새로 열어 다시 해 주세요."))
    if (act := Act.objects.filter(form_key=form_key).select_related("round", "step").first()) is None:
        return None
    # the key belongs to another person's form or another document: do not show its result
    refuse_unless((act.document_id, act.actor_id) == (document.pk, by.pk), _("화면을 새로 열어 다시 해 주세요."))
    if act.action != action:  # the back button and then another button: the first act counts
        raise StaleAct(document, [act])
    return act


def acts_since(document: Document, lock_version: int) -> list[Act]:
    """Return the acts on the document after it had ``lock_version``, oldest first."""
    return list(document.acts.filter(lock_version__gt=lock_version).select_related("actor", "step").order_by("number"))


def _check_account(by: User) -> User:
    """Return the account as stored now (g5), because it may have been deactivated since sign-in."""
    user = User.objects.select_related("department").get(pk=by.pk)
    refuse_unless(
        user.is_active, _("사용이 중지된 계정이어서 처리할 수 없습니다. 기관의 시스템 관리자에게 문의해 주세요.")
    )
    refuse_unless(
        user.department_id and user.position and not user.is_admin,
        _(
            "소속 부서와 직위가 있는 사람만 결재에 참여할 수 있습니다. 기관의 시스템 관리자에게 계정을 확인해 달라고 해 주세요."
        ),
    )
    return user


def require_drafter(context: ActContext) -> None:
    """Refuse all but the drafter, who must still belong to the document's 처리과."""
    refuse_unless(context.document.drafter_id == context.by.pk, _("이 문서를 기안한 사람만 할 수 있습니다."))
    refuse_unless(
        context.document.department_id == context.by.department_id,
        _("소속이 바뀌어 이 문서를 처리할 수 없습니다. 처리과의 새 담당자가 이어받아야 합니다."),
    )


def require_turn(context: ActContext, step_id: int, digest: str) -> list[Step]:
    """Return all steps of the round in order, if it is the actor's turn in ``step_id`` (T4, T6, T15).

    Raises ActRefused unless that step is the actor's and open, StaleAct if the page showed another edition (g6).
    """
    steps = list(Step.objects.filter(round__steps=step_id).select_related("round", "signer").order_by("order"))
    own_step = find_step(steps, step_id)
    refuse_unless(own_step.signer_id == context.by.pk, _("이 차례의 결재자가 아니어서 처리할 수 없습니다."))
    refuse_unless(
        own_step.round.state == own_step.round.State.RUNNING,
        _("이미 끝난 결재입니다. 문서를 새로 열어 지금 상태를 확인해 주세요."),
    )
    refuse_unless(own_step.state != Step.State.WAITING, _("아직 차례가 아닙니다. 앞사람이 처리하면 알려 드립니다."))
    refuse_unless(own_step.state in Step.OPEN, _("이미 처리한 차례입니다."))
    refuse_unless(
        own_step.department_id == context.by.department_id,
        _("결재를 올린 뒤 소속이 바뀌어 이 차례를 처리할 수 없습니다. 결재 관리자에게 결재자 교체를 요청해 주세요."),
    )
    if digest != own_step.round.digest:
        raise StaleAct(context.document, [])
    return steps


def find_step(steps: list[Step], step_id: int) -> Step:
    return next(step for step in steps if step.pk == step_id)


def clean_opinion(text: str, missing: str) -> str:
    """Return an opinion or a reason without unprintable characters; refuse an empty one with the message ``missing``."""
    try:
        text = clean_text(text.replace("\r\n", "\n")).strip()
    except ValidationError as error:
        raise ActRefused(" ".join(error.messages)) from error
    refuse_unless(any(letter.isprintable() and not letter.isspace() for letter in text), missing)
    refuse_unless(len(text) <= OPINION_MAX, _("%(max)s자 안으로 줄여 주세요.") % {"max": f"{OPINION_MAX:,}"})
    return text


def refuse_unless(condition: object, message: str) -> None:
    if not condition:
        raise ActRefused(message)
