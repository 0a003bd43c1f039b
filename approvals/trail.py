"""Acts as a person reads them: when, who, what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.models import Act, StepKind
from korean import dates

ACTIONS = {
    "submit": gettext_lazy("결재 올림"),
    "sign": gettext_lazy("서명"),
    "opine": gettext_lazy("의견을 달아 서명"),
    "send_back": gettext_lazy("반려"),
    "withdraw": gettext_lazy("회수"),
    "redraft": gettext_lazy("재기안"),
    "replace_signer": gettext_lazy("결재자 변경"),
    "stop": gettext_lazy("결재 중단"),
    "hand_over": gettext_lazy("기안 인계"),
}
SIGNED_AS = {
    StepKind.REVIEW: gettext_lazy("검토"),
    StepKind.COOPERATE: gettext_lazy("협조"),
    StepKind.DECIDE: gettext_lazy("결재"),
}


@dataclass(frozen=True)
class Entry:
    """One act in words. ``when`` is empty where the source of an old act does not know it."""

    number: int
    when: str
    who: str
    what: str
    opinion: str
    hash: str


def entries(acts: Iterable[Act]) -> list[Entry]:
    """Put acts into words; they come with ``actor`` and ``step``."""
    return [Entry(act.number, moment(act), _who(act), what(act), act.opinion, act.hash) for act in acts]


def what(act: Act) -> str:
    """Name an act: a signature by what it was given as, a change of persons by who came for whom."""
    if "old" in act.detail and "new" in act.detail:
        old, new = (f"{act.detail[key]['position']} {act.detail[key]['name']}" for key in ("old", "new"))
        return f"{ACTIONS[act.action]}: {old} → {new}"
    name = SIGNED_AS.get(act.step.kind) if act.action == "sign" and act.step else None
    return str(name or ACTIONS.get(act.action, act.action))


def moment(act: Act) -> str:
    """``2026. 11. 23. 20:11``; the day alone where the source knew no more (it then stands at midnight)."""
    return "" if act.is_time_assumed else at(act.at)


def at(moment: datetime) -> str:
    """Likewise, of a time that is known."""
    is_day_alone = dates.local(moment).time() == time.min
    return dates.day(moment) if is_day_alone else f"{dates.day(moment)} {dates.clock(moment)}"


def _who(act: Act) -> str:
    """Name the actor as at submission where the act has a step: 직위 change."""
    is_own = act.step and act.action != "replace_signer"
    return f"{act.step.name} {act.step.position}" if is_own else str(act.actor)


def changed(acts: Iterable[Act]) -> str:
    """Tell in one sentence a line what was done meanwhile."""
    lines = [
        _("%(when)s %(who)s: %(what)s") % {"when": entry.when, "who": entry.who, "what": entry.what}
        for entry in entries(acts)
    ]
    return "\n".join(lines)
