"""What sign-off should do, written a second time and as values only: the states of one document and the ways between.

``ways(document)`` yields a Way for each act that is allowed. What it does not yield is refused. The rules are the table's
for the verbs that exist: T3, T4 and T6, T5, T9, T10a, T13, T15, T19, T27, and 결재 중단.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeVar

T = TypeVar("T")
DONE = {"signed", "signed_opinion"}
# (who, kind, group): two reviewers, two cooperators in parallel, one who decides
ROUTE = (
    ("wook", "draft", 0),
    ("youngbun", "review", 1),
    ("wontaek", "review", 2),
    ("dobong", "cooperate", 3),
    ("nowon", "cooperate", 3),
    ("heedong", "decide", 4),
)


# the same with one reviewer, for walks through all states
SHORT_ROUTE = (
    ("wook", "draft", 0),
    ("youngbun", "review", 1),
    ("dobong", "cooperate", 2),
    ("nowon", "cooperate", 2),
    ("heedong", "decide", 3),
)


OFFICE, MANAGER = "일자리지원과", "wontaek"  # the document's 처리과, and its 결재 관리자
# who there is: (office, organisation, level)
PEOPLE = {
    "wook": ("일자리지원과", "강북구", 1),
    "youngbun": ("일자리지원과", "강북구", 2),
    "wontaek": ("일자리지원과", "강북구", 3),
    "heedong": ("주민생활국", "강북구", 4),
    "gangbuk": ("일자리지원과", "강북구", 1),
    "head": ("주민생활국", "강북구", 4),
    "dobong": ("도봉구 담당부서", "도봉구", 1),
    "dobong2": ("도봉구 담당부서", "도봉구", 1),
    "nowon": ("노원구 담당부서", "노원구", 1),
}
OPEN = {"waiting", "current"}


class AllowedAct(NamedTuple):
    """An act. ``order``: of its step; ``to``: who comes in the place of that step's signer."""

    verb: str
    order: int | None
    who: str
    to: str | None = None


@dataclass(frozen=True)
class DocumentState:
    """A document: its state, the number of its editions, and the states of all its rounds' steps, the last round last.

    ``line``: for the next submission; ``signers``: of the last round; ``gone``: whose account is stopped.
    """

    state: str = "draft"
    editions: int = 0
    rounds: tuple[tuple[str, ...], ...] = ()
    line: tuple[tuple[str, str, int], ...] = ROUTE
    signers: tuple[tuple[str, str, int], ...] = ()
    gone: frozenset[str] = frozenset()

    @property
    def steps(self) -> tuple[str, ...]:
        return self.rounds[-1]

    @property
    def drafter(self) -> str:
        return self.line[0][0]

    def now(self, steps: tuple[str, ...], state: str) -> DocumentState:
        return replace(self, state=state, rounds=(*self.rounds[:-1], steps))

    def without(self, *gone: str) -> DocumentState:
        """The same after these have left; who else had left is back."""
        return replace(self, gone=frozenset(gone))


def allowed_acts(paper: DocumentState) -> Iterator[tuple[AllowedAct, DocumentState]]:
    """Every act that is allowed now, and what comes of it."""
    found = [*_by_the_drafter(paper), *_by_signers(paper), *_by_the_manager(paper), *_by_colleagues(paper)]
    return ((way, after) for way, after in found if way.who not in paper.gone)


def _by_the_drafter(paper: DocumentState) -> Iterator[tuple[AllowedAct, DocumentState]]:
    drafter = paper.drafter
    if paper.state == "draft" and not paper.gone & {who for who, _, _ in paper.line}:
        kept = [place for place in paper.line if place[1] == "draft" or place[0] != drafter]
        groups = sorted({group for _, _, group in kept})
        signers = tuple((who, kind, groups.index(group)) for who, kind, group in kept)
        opened = tuple("current" if group == signers[1][2] else "waiting" for _, _, group in signers[1:])
        rounds = (*paper.rounds, ("signed", *opened))
        after = replace(paper, state="running", editions=paper.editions + 1, rounds=rounds, signers=signers)
        yield AllowedAct("submit", None, drafter), after
    if paper.state in {"returned", "withdrawn"}:
        yield AllowedAct("redraft", None, drafter), replace(paper, state="draft")
    if paper.state == "running" and not DONE & set(paper.steps[1:]):
        yield AllowedAct("withdraw", None, drafter), paper.now(end_open_steps(paper.steps), "withdrawn")


def _by_signers(paper: DocumentState) -> Iterator[tuple[AllowedAct, DocumentState]]:
    for order, (who, kind, _group) in enumerate(paper.signers if paper.state == "running" else ()):
        if paper.steps[order] == "current":
            yield AllowedAct("sign", order, who), advance(paper, replace_step(paper.steps, order, "signed"))
            if kind in {"review", "cooperate"}:
                yield (
                    AllowedAct("opine", order, who),
                    advance(paper, replace_step(paper.steps, order, "signed_opinion")),
                )
            if kind in {"review", "decide"}:
                sent_back = paper.now(end_open_steps(replace_step(paper.steps, order, "rejected")), "returned")
                yield AllowedAct("send_back", order, who), sent_back


def stuck_steps(paper: DocumentState) -> list[int]:
    """The steps of the running round on which nobody can act."""
    steps = enumerate(zip(paper.signers, paper.steps, strict=True)) if paper.state == "running" else ()
    return [order for order, ((who, _, _), state) in steps if state in OPEN and who in paper.gone]


def candidates(paper: DocumentState, order: int) -> set[str]:
    """Who may take a place: of the same office for 협조, else of the same 기관 and rank at least."""
    old, kind, _group = paper.signers[order]
    free = set(PEOPLE) - paper.gone - {who for who, _, _ in paper.signers} - {paper.drafter}
    if kind == "cooperate":
        return {who for who in free if PEOPLE[who][0] == PEOPLE[old][0]}
    return {who for who in free if PEOPLE[who][1] == PEOPLE[old][1] and PEOPLE[who][2] >= PEOPLE[old][2]}


def _by_the_manager(paper: DocumentState) -> Iterator[tuple[AllowedAct, DocumentState]]:
    for order in stuck_steps(paper):
        for to in sorted(candidates(paper, order)):
            signers = replace_step(paper.signers, order, (to, *paper.signers[order][1:]))
            yield AllowedAct("replace_signer", order, MANAGER, to), replace(paper, signers=signers)
    if stuck_steps(paper) or (paper.state == "running" and paper.drafter in paper.gone):
        yield AllowedAct("stop", None, MANAGER), paper.now(end_open_steps(paper.steps), "withdrawn")


def _by_colleagues(paper: DocumentState) -> Iterator[tuple[AllowedAct, DocumentState]]:
    if paper.drafter not in paper.gone or paper.state == "approved":
        return
    steps = zip(paper.signers, paper.steps, strict=True) if paper.state == "running" else ()
    busy = {who for (who, _, _), state in steps if state in OPEN}
    for who in sorted(who for who in PEOPLE if PEOPLE[who][0] == OFFICE and who not in busy):
        yield AllowedAct("hand_over", None, who), replace(paper, line=((who, "draft", 0), *paper.line[1:]))


def replace_step(steps: tuple[T, ...], order: int, state: T) -> tuple[T, ...]:
    return (*steps[:order], state, *steps[order + 1 :])


def end_open_steps(steps: tuple[str, ...]) -> tuple[str, ...]:
    return tuple("cancelled" if state in {"waiting", "current"} else state for state in steps)


def advance(paper: DocumentState, steps: tuple[str, ...]) -> DocumentState:
    """Open the next group once the open one is done; the document is approved when no group is left."""
    if "current" in steps:
        return paper.now(steps, "running")
    left = [group for (_, _, group), state in zip(paper.signers, steps, strict=True) if state == "waiting"]
    if not left:
        return paper.now(steps, "approved")
    opened = (
        "current" if group == min(left) else state for (_, _, group), state in zip(paper.signers, steps, strict=True)
    )
    return paper.now(tuple(opened), "running")


def reachable(start: DocumentState, editions: int) -> set[DocumentState]:
    """Every state on the ways from ``start`` with at most so many editions."""
    found, left = {start}, [start]
    while left:
        fresh = {after for _, after in allowed_acts(left.pop()) if after.editions <= editions} - found
        found |= fresh
        left += fresh
    return found
