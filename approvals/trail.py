"""The acts of a document as Korean text: when, who, what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
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
SIGNATURE_NAMES: dict[str, object] = {
    StepKind.REVIEW: gettext_lazy("검토"),
    StepKind.COOPERATE: gettext_lazy("협조"),
    StepKind.DECIDE: gettext_lazy("결재"),
}


@dataclass(frozen=True)
class TrailEntry:
    """One act as text. ``when`` is "" if the source of an old act has no time."""

    number: int
    when: str
    who: str
    what: str
    opinion: str
    hash: str


def trail_entries(acts: Iterable[Act]) -> list[TrailEntry]:
    """Return the acts as text; they come with ``actor`` and ``step``."""
    return [
        TrailEntry(act.number, format_act_time(act), _actor_name(act), describe_act(act), act.opinion, act.hash)
        for act in acts
    ]


def describe_act(act: Act) -> str:
    """Return the name of an act: for a signature the kind of step, for a change of persons with both persons."""
    if "old" in act.detail and "new" in act.detail:
        old, new = (f"{act.detail[key]['position']} {act.detail[key]['name']}" for key in ("old", "new"))
        return f"{ACTIONS[act.action]}: {old} → {new}"
    name = SIGNATURE_NAMES.get(act.step.kind) if act.action == "sign" and act.step else None
    return str(name or ACTIONS.get(act.action, act.action))


def format_act_time(act: Act) -> str:
    """Return when an act was done, "" if its time is assumed."""
    return "" if act.is_time_assumed else format_time(act.at)


def format_time(moment: datetime) -> str:
    """Return ``2026. 11. 23. 20:11``, or the day alone for midnight: then the source had no time of day."""
    is_day_alone = dates.to_seoul(moment).time() == time.min
    return dates.format_day(moment) if is_day_alone else f"{dates.format_day(moment)} {dates.format_clock(moment)}"


def _actor_name(act: Act) -> str:
    """Return the actor's name: if the act has a step, with the 직위 at submission, because people change theirs."""
    is_own = act.action != "replace_signer"
    return f"{act.step.name} {act.step.position}" if act.step and is_own else str(act.actor)


def summarise(acts: Iterable[Act]) -> str:
    """Return the acts as text, one sentence in each line."""
    return "\n".join(_("%(when)s %(who)s: %(what)s") % asdict(entry) for entry in trail_entries(acts))
