"""The proof of who did what: acts chained by hash within a document, the end of each round sealed into one chain of all.

Changing one letter of an act breaks its hash; replacing it breaks the next; leaving out the last ones contradicts the
seal of the round's end, or the states of the steps; leaving out seals contradicts the rounds. ``verify`` looks.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db import connection

from approvals.guards import Case
from approvals.models import Act, Round, Seal, Step
from rows.canonical_json import canonical, digest

FIRST_SEAL = "0" * 64  # what the first seal of all follows


def genesis(document_id: int, first_digest: str) -> str:
    """Return what the first act of a document follows; ``first_digest`` is its first edition's."""
    return digest(f"{document_id}:{first_digest}")


def act_hash(act: Act) -> str:
    """Hash everything an act says, and the act before it. A new column must not enter the hashes of old acts."""
    return digest(
        canonical(
            {
                "document": act.document_id,
                "number": act.number,
                "actor": act.actor_id,
                "action": act.action,
                "round": act.round_id,
                "step": act.step_id,
                "opinion": act.opinion,
                "detail": act.detail,
                "lock_version": act.lock_version,
                "digest": act.digest,
                "at": _instant(act.at),
                "is_time_assumed": act.is_time_assumed,
                "form_key": act.form_key,
                "previous": act.previous,
            }
        )
    )


def seal_hash(seal: Seal) -> str:
    return digest(
        canonical(
            {
                "number": seal.number,
                "document": seal.document_id,
                "head": seal.head,
                "at": _instant(seal.at),
                "previous": seal.previous,
            }
        )
    )


def record(
    case: Case,
    *,
    shown: str,
    round_: Round | None = None,
    step: Step | None = None,
    opinion: str = "",
    detail: dict[str, Any] | None = None,
) -> Act:
    """Write the act, raise the document's version (g4, even where only a step changed), and seal a round that ended.

    ``shown`` is the digest of the edition that the actor saw. The caller holds the document's lock.
    """
    case.document.lock_version += 1
    case.document.save(update_fields=["state", "lock_version"])
    last = case.document.acts.order_by("-number").first()
    act = Act(
        document=case.document,
        number=last.number + 1 if last else 1,
        actor=case.by,
        action=case.action,
        round=round_,
        step=step,
        opinion=opinion,
        detail=detail or {},
        lock_version=case.document.lock_version,
        digest=shown,
        at=case.at,
        is_time_assumed=case.is_time_assumed,
        form_key=case.form_key,
        previous=last.hash if last else genesis(case.document.pk, shown),
    )
    act.hash = act_hash(act)
    act.save(force_insert=True)
    if round_ and round_.state != Round.State.RUNNING:
        _seal(act)
    return act


def _seal(act: Act) -> None:
    """Append the head of an ended round to the one chain of all documents.

    Documents end their rounds at the same time, each under its own lock, so the chain has a lock of its own. It is
    always taken last. On SQLite the transaction is the only writer already.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "LOCK TABLE approvals_seal IN SHARE ROW EXCLUSIVE MODE"
            )  # readers pass, a second writer waits
    last = Seal.objects.order_by("-number").first()
    seal = Seal(
        number=last.number + 1 if last else 1,
        document_id=act.document_id,
        head=act.hash,
        at=act.at,
        previous=last.hash if last else FIRST_SEAL,
    )
    seal.hash = seal_hash(seal)
    seal.save(force_insert=True)


def _instant(at: datetime) -> str:
    """Return the moment to the microsecond; databases give it back in zones of their own."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")
