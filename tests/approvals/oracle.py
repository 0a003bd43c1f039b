"""What sign-off should do, written a second time and as values only: the states of one document and the ways between.

``ways(document)`` yields (verb, order of the step or None, who, next document). What it does not yield is refused.
The rules are the table's for the verbs that exist: T3, T4 and T6, T5, T9, T10a, T15, T19.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

DONE = {"signed", "signed_opinion"}
DRAFTER = "wook"
# (who, kind, group): two reviewers, two cooperators in parallel, one who decides
LINE = (
    ("wook", "draft", 0),
    ("youngbun", "review", 1),
    ("wontaek", "review", 2),
    ("dobong", "cooperate", 3),
    ("nowon", "cooperate", 3),
    ("heedong", "decide", 4),
)


# the same with one reviewer, for walks through all states
SHORT = (
    ("wook", "draft", 0),
    ("youngbun", "review", 1),
    ("dobong", "cooperate", 2),
    ("nowon", "cooperate", 2),
    ("heedong", "decide", 3),
)


@dataclass(frozen=True)
class Paper:
    """A document: its state, the number of its editions, and the states of all its rounds' steps, the last round last."""

    state: str = "draft"
    editions: int = 0
    rounds: tuple[tuple[str, ...], ...] = ()
    line: tuple[tuple[str, str, int], ...] = LINE

    @property
    def steps(self) -> tuple[str, ...]:
        return self.rounds[-1]

    def now(self, steps: tuple[str, ...], state: str) -> Paper:
        return replace(self, state=state, rounds=(*self.rounds[:-1], steps))


def ways(paper: Paper) -> Iterator[tuple[str, int | None, str, Paper]]:
    """Every act that is allowed now, and what comes of it."""
    if paper.state == "draft":
        fresh = ("signed", "current", *("waiting" for _ in paper.line[2:]))
        yield "submit", None, DRAFTER, Paper("running", paper.editions + 1, (*paper.rounds, fresh), paper.line)
    if paper.state in {"returned", "withdrawn"}:
        yield "redraft", None, DRAFTER, replace(paper, state="draft")
    if paper.state == "running":
        if not DONE & set(paper.steps[1:]):
            yield "withdraw", None, DRAFTER, paper.now(ended(paper.steps), "withdrawn")
        for order, (who, kind, _group) in enumerate(paper.line):
            if paper.steps[order] == "current":
                yield from _turn(paper, order, who, kind)


def _turn(paper: Paper, order: int, who: str, kind: str) -> Iterator[tuple[str, int, str, Paper]]:
    yield "sign", order, who, advanced(paper, put(paper.steps, order, "signed"))
    if kind in {"review", "cooperate"}:
        yield "opine", order, who, advanced(paper, put(paper.steps, order, "signed_opinion"))
    if kind in {"review", "decide"}:
        yield "send_back", order, who, paper.now(ended(put(paper.steps, order, "rejected")), "returned")


def put(steps: tuple[str, ...], order: int, state: str) -> tuple[str, ...]:
    return (*steps[:order], state, *steps[order + 1 :])


def ended(steps: tuple[str, ...]) -> tuple[str, ...]:
    return tuple("cancelled" if state in {"waiting", "current"} else state for state in steps)


def advanced(paper: Paper, steps: tuple[str, ...]) -> Paper:
    """Open the next group once the open one is done; the document is approved when no group is left."""
    if "current" in steps:
        return paper.now(steps, "running")
    left = [group for (_, _, group), state in zip(paper.line, steps, strict=True) if state == "waiting"]
    if not left:
        return paper.now(steps, "approved")
    opened = (
        "current" if group == min(left) else state for (_, _, group), state in zip(paper.line, steps, strict=True)
    )
    return paper.now(tuple(opened), "running")


def reachable(start: Paper, editions: int) -> set[Paper]:
    """Every state on the ways from ``start`` with at most so many editions."""
    found, left = {start}, [start]
    while left:
        fresh = {after for _, _, _, after in ways(left.pop()) if after.editions <= editions} - found
        found |= fresh
        left += fresh
    return found
