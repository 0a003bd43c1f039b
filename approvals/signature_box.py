"""The sign-off box (결재란) as a plain value, built from the steps of a round. It is never part of an edition.

시행규칙 §7 says what each box holds: only the last signer's has the date, and the marks 전결 and 대결 beside it.
"""

from __future__ import annotations

from typing import TypedDict

from approvals.models import ApprovalRoute, Mode, Round, Step, StepKind
from korean import dates

MARKS: dict[str, str] = {
    Mode.BY_AUTHORITY: "전결",
    Mode.ON_BEHALF: "대결",
    Mode.ON_BEHALF_BY_AUTHORITY: "대결",
    Mode.AS_DEPUTY: "직무대리",
}
OPINION = "(의견 있음)"
KINDS_WITH_BOX = (StepKind.DRAFT, StepKind.REVIEW, StepKind.DECIDE)


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
    ended: str  # how the round ended without 결재


def signature_box(round_: Round | None, *, form: str, route: ApprovalRoute | None = None) -> SignatureBox:
    """Return the box of a round as signed so far, or of a draft with ``route``, without names.

    ``form`` is "b" or "c" (signoff forms). The words are Korean in every language of the page.
    """
    # read once, so that a signature given meanwhile is in all parts of the box or in none
    steps = list(round_.steps.all()) if round_ else []
    columns = [(step.kind, _step_column(step)) for step in steps] if round_ else _unsigned_columns(route)
    last = next((step for step in steps if step.kind == StepKind.DECIDE and step.state == Step.State.SIGNED), None)
    document = round_.document if round_ else None
    return {
        "form": form,
        "columns": [column for kind, column in columns if kind in KINDS_WITH_BOX],
        "cooperators": [column for kind, column in columns if kind == StepKind.COOPERATE],
        "date": dates.format_day(last.acted_at) if last and last.acted_at and not last.is_time_assumed else "",
        "register_no": document.register_no if document else "",
        "registered_on": dates.format_day(document.registered_on) if document and document.registered_on else "",
        "head": final_hash(round_),
        "ended": end_without_approval(round_),
    }


def final_hash(round_: Round | None) -> str:
    """Return the hash of the last act of a round that has ended, "" of one that runs."""
    if round_ is None or round_.state == Round.State.RUNNING:
        return ""
    return round_.acts.order_by("-number").values_list("hash", flat=True).first() or ""


def end_without_approval(round_: Round | None) -> str:
    """Return how a round ended without 결재: returned, withdrawn or stopped; "" of one that runs or is approved."""
    if round_ is None or round_.state in {Round.State.RUNNING, Round.State.APPROVED}:
        return ""
    return "stopped" if round_.is_stopped else str(round_.state)


def _unsigned_columns(route: ApprovalRoute | None) -> list[tuple[str, BoxColumn]]:
    steps = route.steps.select_related("user").order_by("group", "order") if route else []
    return [(step.kind, _empty_column(step.user.position if step.user else step.position)) for step in steps]


def _step_column(step: Step) -> BoxColumn:
    column = _empty_column(step.position)
    if step.state == Step.State.SKIPPED:
        return {**column, "note": step.opinion}  # the reason is printed in place of the name
    if step.state not in Step.DONE:
        return column
    is_dated = step.kind == StepKind.DECIDE and not step.is_time_assumed
    return {
        **column,
        "name": step.name,
        "mark": MARKS.get(step.mode, ""),
        "date": f"{dates.to_seoul(step.acted_at):%m/%d}" if step.acted_at and is_dated else "",
        "note": OPINION if step.state == Step.State.SIGNED_OPINION else "",
    }


def _empty_column(position: str) -> BoxColumn:
    return {"position": position, "name": "", "mark": "", "date": "", "note": ""}
