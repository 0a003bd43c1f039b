"""What every verb asks before it acts (signoff rules g1 to g7), and how it says no."""

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

KEY_MAX = 64  # letters of a form key
OPINION_MAX = 2000  # letters of an opinion or a reason
P = ParamSpec("P")
R = TypeVar("R")


class Refused(Exception):
    """The act is not allowed. The message says in Korean what is wrong and how to mend it."""


class Stale(Exception):
    """Somebody was faster. ``acts``: what was done to the document since the form was opened, oldest first."""

    def __init__(self, document: Document, acts: list[Act]) -> None:
        self.document, self.acts = document, acts
        super().__init__(_("다른 사람이 먼저 처리했습니다. 지금 상태를 확인하고 다시 해 주세요."))


class Form(TypedDict):
    """What every verb takes besides its object and ``by``.

    ``form_key``: the one-time key of the form shown (g1); a key already used returns the first result.
    ``lock_version``: the document's, as the form showed it (g3).
    ``at`` and ``is_time_assumed``: for the loader of the example alone. A document signed on paper years ago keeps its
    dates; a time that its source lacks is assumed, marked so, and never printed. Views never pass them.
    """

    form_key: str
    lock_version: int
    at: NotRequired[datetime]
    is_time_assumed: NotRequired[bool]


@dataclass
class Case:
    """One act in the making: the locked document, who acts on it, when, and under which form key."""

    document: Document
    by: User
    action: str
    form_key: str
    at: datetime
    is_time_assumed: bool
    is_live: bool  # not an act of long ago, put in by the example's loader
    first: Act | None = None  # set: this form was already acted on; return that act's result


def verb(function: Callable[P, R]) -> Callable[P, R]:
    """Run a verb in one transaction, its Act included (g7).

    Two acts under one form key on two documents hold no common lock; the second to arrive breaks the key's uniqueness.
    It is then run again, and finds the key used.
    """

    @wraps(function)
    def acting(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            with transaction.atomic():
                return function(*args, **kwargs)
        except IntegrityError:
            if not Act.objects.filter(form_key=kwargs["form_key"]).exists():
                raise
        with transaction.atomic():
            return function(*args, **kwargs)

    return acting


def begin(
    document_id: int,
    action: str,
    *,
    by: User,
    form_key: str,
    lock_version: int,
    at: datetime | None = None,
    is_time_assumed: bool = False,
) -> Case:
    """Lock the document's row (g2) and ask what every verb asks. Raises Stale or Refused."""
    # SQLite knows no row locks: there the transaction began as IMMEDIATE and holds the whole file
    document = Document.objects.select_for_update().get(pk=document_id)
    first = _first(document, action, by, form_key)
    case = Case(document, by, action, form_key, at or timezone.now(), is_time_assumed, at is None, first)
    if first is None:
        if document.lock_version != lock_version:
            raise Stale(document, list(since(document, lock_version)))
        case.by = _in_office(by)
    return case


def _first(document: Document, action: str, by: User, form_key: str) -> Act | None:
    """Find what this form has already done. Asked under the lock: of two clicks at once the second sees the first."""
    refuse_unless(0 < len(form_key) <= KEY_MAX, _("화면을 새로 열어 다시 해 주세요."))
    act = Act.objects.filter(form_key=form_key).select_related("round", "step").first()
    if act is None:
        return None
    # another's form, or another paper's: no result of ours, and not ours to be told
    refuse_unless((act.document_id, act.actor_id) == (document.pk, by.pk), _("화면을 새로 열어 다시 해 주세요."))
    if act.action != action:  # back button, other button: the first one counts
        raise Stale(document, [act])
    return act


def since(document: Document, lock_version: int) -> list[Act]:
    """Acts on the document after it had ``lock_version``."""
    return document.acts.filter(lock_version__gt=lock_version).select_related("actor", "step").order_by("number")


def _in_office(by: User) -> User:
    """Return the account as it is now (g5): it may have been closed since the session began."""
    now = User.objects.select_related("department").get(pk=by.pk)
    refuse_unless(
        now.is_active, _("사용이 중지된 계정이어서 처리할 수 없습니다. 기관의 시스템 관리자에게 문의해 주세요.")
    )
    refuse_unless(
        now.department_id and now.position and not now.is_admin,
        _(
            "소속 부서와 직위가 있는 사람만 결재에 참여할 수 있습니다. 기관의 시스템 관리자에게 계정을 확인해 달라고 해 주세요."
        ),
    )
    return now


def drafter(case: Case) -> None:
    """Let the drafter pass, while in the office the document belongs to."""
    refuse_unless(case.document.drafter_id == case.by.pk, _("이 문서를 기안한 사람만 할 수 있습니다."))
    refuse_unless(
        case.document.department_id == case.by.department_id,
        _("소속이 바뀌어 이 문서를 처리할 수 없습니다. 처리과의 새 담당자가 이어받아야 합니다."),
    )


def turn(case: Case, step_id: int, digest: str) -> list[Step]:
    """Return all steps of the running round, the actor's own first to be checked (T4, T6, T15).

    Raises Refused unless ``step_id`` is the actor's and open, Stale if another edition was shown than is signed (g6).
    """
    steps = list(Step.objects.filter(round__steps=step_id).select_related("round", "signer").order_by("order"))
    mine = find(steps, step_id)
    refuse_unless(mine.signer_id == case.by.pk, _("이 차례의 결재자가 아니어서 처리할 수 없습니다."))
    refuse_unless(
        mine.round.state == mine.round.State.RUNNING,
        _("이미 끝난 결재입니다. 문서를 새로 열어 지금 상태를 확인해 주세요."),
    )
    refuse_unless(mine.state != Step.State.WAITING, _("아직 차례가 아닙니다. 앞사람이 처리하면 알려 드립니다."))
    refuse_unless(mine.state in Step.OPEN, _("이미 처리한 차례입니다."))
    refuse_unless(
        mine.department_id == case.by.department_id,
        _("결재를 올린 뒤 소속이 바뀌어 이 차례를 처리할 수 없습니다. 결재 관리자에게 결재자 교체를 요청해 주세요."),
    )
    if digest != mine.round.digest:
        raise Stale(case.document, [])
    return steps


def find(steps: list[Step], step_id: int) -> Step:
    return next(step for step in steps if step.pk == step_id)


def written(text: str, missing: str) -> str:
    """Return an opinion or a reason ready to keep; refuse an empty one with ``missing``."""
    try:
        text = clean_text(text.replace("\r\n", "\n")).strip()
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    refuse_unless(any(letter.isprintable() and not letter.isspace() for letter in text), missing)
    refuse_unless(len(text) <= OPINION_MAX, _("%(max)s자 안으로 줄여 주세요.") % {"max": f"{OPINION_MAX:,}"})
    return text


def refuse_unless(condition: object, message: str) -> None:
    if not condition:
        raise Refused(message)
