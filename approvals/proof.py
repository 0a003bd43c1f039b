"""The proof of who did what: a chain of acts by hash in each document, and one chain of seals, one for each ended round.

A changed letter breaks the hash of its act; a replaced act breaks the next one; missing last acts contradict the seal of
the round or the states of its steps; missing seals contradict the rounds. ``verification`` checks all of it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db import connection

from approvals.guards import ActContext
from approvals.models import Act, Round, Seal, Step
from rows.canonical_json import canonical_json, digest

GENESIS_SEAL_HASH = "0" * 64  # ``previous`` of the first seal


def genesis_hash(document_id: int, first_digest: str) -> str:
    """Return ``previous`` of a document's first act; ``first_digest`` is the digest of its first edition."""
    return digest(f"{document_id}:{first_digest}")


def act_hash(act: Act) -> str:
    """Return the hash of all columns of an act, ``previous`` included. A new column must not change the hashes of old acts."""
    return digest(
        canonical_json(
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
                "at": _format_instant(act.at),
                "is_time_assumed": act.is_time_assumed,
                "form_key": act.form_key,
                "previous": act.previous,
            }
        )
    )


def seal_hash(seal: Seal) -> str:
    return digest(
        canonical_json(
            {
                "number": seal.number,
                "document": seal.document_id,
                "head": seal.head,
                "at": _format_instant(seal.at),
                "previous": seal.previous,
            }
        )
    )


def record_act(
    context: ActContext,
    *,
    digest: str,
    round_: Round | None = None,
    step: Step | None = None,
    opinion: str = "",
    detail: dict[str, Any] | None = None,
) -> Act:
    """Save the act, increment the document's version (g4, also if only a step changed), and seal a round that ended.

    ``digest`` is that of the edition that the actor saw. The caller holds the document's lock.
    """
    context.document.lock_version += 1
    context.document.save(update_fields=["state", "lock_version"])
    last = context.document.acts.order_by("-number").first()
    act = Act(
        document=context.document,
        number=last.number + 1 if last else 1,
        actor=context.by,
        action=context.action,
        round=round_,
        step=step,
        opinion=opinion,
        detail=detail or {},
        lock_version=context.document.lock_version,
        digest=digest,
        at=context.at,
        is_time_assumed=context.is_time_assumed,
        form_key=context.form_key,
        previous=last.hash if last else genesis_hash(context.document.pk, digest),
    )
    act.hash = act_hash(act)
    act.save(force_insert=True)
    if round_ and round_.state != Round.State.RUNNING:
        _append_seal(act)
    return act


def _append_seal(act: Act) -> None:
    """Append the last act of an ended round to the one chain of seals.

    Rounds of several documents may end at the same time, each under its document's lock, so the chain needs a lock of its
    own. It is always taken last. On SQLite the transaction is the only writer anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # readers go on, a second writer waits
            cursor.execute("LOCK TABLE approvals_seal IN SHARE ROW EXCLUSIVE MODE")
    last = Seal.objects.order_by("-number").first()
    seal = Seal(
        number=last.number + 1 if last else 1,
        document_id=act.document_id,
        head=act.hash,
        at=act.at,
        previous=last.hash if last else GENESIS_SEAL_HASH,
    )
    seal.hash = seal_hash(seal)
    seal.save(force_insert=True)


def _format_instant(at: datetime) -> str:
    """Return the time in UTC to the microsecond, because databases return it in different zones."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")
