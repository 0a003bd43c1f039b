"""The sign-off box (결재란): a plain value made from the steps, for whoever draws the paper. Never part of an edition.

What stands in which box is 시행규칙 §7: the date in the last signer's box alone, 전결 and 대결 with it.
"""

from __future__ import annotations

from typing import TypedDict

from approvals.models import Line, Mode, Round, Step, StepKind
from korean import dates

MARKS: dict[str, str] = {
    Mode.BY_AUTHORITY: "전결",
    Mode.ON_BEHALF: "대결",
    Mode.ON_BEHALF_BY_AUTHORITY: "대결",
    Mode.AS_DEPUTY: "직무대리",
}
OPINION = "(의견 있음)"
WITH_A_BOX = (StepKind.DRAFT, StepKind.REVIEW, StepKind.DECIDE)


class BoxColumn(TypedDict):
    """One person's box; each text is "" where there is nothing to print."""

    position: str
    name: str
    mark: str  # 전결, 대결, 직무대리
    date: str  # month and day
    note: str


class SignatureBox(TypedDict):
    form: str  # b, c
    columns: list[BoxColumn]
    cooperators: list[BoxColumn]
    date: str  # of the decision
    register_no: str
    registered_on: str
    head: str  # hash of the last act, "" while the round is running
    ended: str  # as ``ended`` returns it


def box(round_: Round | None, *, form: str, line: Line | None = None) -> SignatureBox:
    """Return the box of a round as signed so far, or of a draft whose ``line`` is given, every name still open.

    ``form`` is "b" or "c". Words on paper are Korean whatever the reader's language.
    """
    steps = (
        list(round_.steps.all()) if round_ else []
    )  # read once: what is signed meanwhile stands in all of it or none
    places = [(step.kind, _column(step)) for step in steps] if round_ else _of_line(line)
    last = next((step for step in steps if step.kind == StepKind.DECIDE and step.state == Step.State.SIGNED), None)
    register = round_.document if round_ else None
    return {
        "form": form,
        "columns": [column for kind, column in places if kind in WITH_A_BOX],
        "cooperators": [column for kind, column in places if kind == StepKind.COOPERATE],
        "date": dates.day(last.acted_at) if last and last.acted_at and not last.is_time_assumed else "",
        "register_no": register.register_no if register else "",
        "registered_on": dates.day(register.registered_on) if register and register.registered_on else "",
        "head": head(round_),
        "ended": ended(round_),
    }


def head(round_: Round | None) -> str:
    """Return the hash of the last act of a round that has ended, "" before."""
    if round_ is None or round_.state == Round.State.RUNNING:
        return ""
    return round_.acts.order_by("-number").values_list("hash", flat=True).first() or ""


def ended(round_: Round | None) -> str:
    """Return how a round ended without 결재: returned, withdrawn or stopped; "" for one that runs or is signed."""
    if round_ is None or round_.state in {Round.State.RUNNING, Round.State.APPROVED}:
        return ""
    return "stopped" if round_.is_stopped else str(round_.state)


def _of_line(line: Line | None) -> list[tuple[str, BoxColumn]]:
    steps = line.steps.select_related("user").order_by("group", "order") if line else []
    return [(step.kind, _empty(step.user.position if step.user else step.position)) for step in steps]


def _column(step: Step) -> BoxColumn:
    column = _empty(step.position)
    if step.state == Step.State.SKIPPED:
        return {**column, "note": step.opinion}  # the reason stands where the name would
    if step.state not in Step.DONE:
        return column
    is_dated = step.kind == StepKind.DECIDE and not step.is_time_assumed
    return {
        **column,
        "name": step.name,
        "mark": MARKS.get(step.mode, ""),
        "date": f"{dates.local(step.acted_at):%m/%d}" if step.acted_at and is_dated else "",
        "note": OPINION if step.state == Step.State.SIGNED_OPINION else "",
    }


def _empty(position: str) -> BoxColumn:
    return {"position": position, "name": "", "mark": "", "date": "", "note": ""}
