"""Recording of changes for the history.

``row.save_by(user)`` and ``row.delete_by(user)`` name the author. Several rows at once, and what is no save of a row (a
many-to-many set), stand inside ``record_changes``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Self

from django.db import models, transaction


@contextmanager
def record_changes(
    rows: Sequence[RecordedRow],
    *,
    by: Any,
    many: Collection[str] = (),  # noqa: ARG001 (names of many-to-many fields that the block may change; kept from the next step on)
) -> Iterator[None]:
    """Let the history name ``by`` for what the block saves and deletes of ``rows``."""
    for row in rows:
        row._history_user = by
    with transaction.atomic(savepoint=False):
        yield


class RecordedRow(models.Model):
    """Abstract row whose changes the history keeps."""

    _history_user: Any  # whom the history is to name for the next save or deletion

    class Meta:
        abstract = True

    def save_by(self, by: Any, **kwargs: Any) -> Self:
        """Save the row, changed by the user ``by``; return it. ``kwargs``: as for ``save``."""
        with record_changes([self], by=by):
            self.save(**kwargs)
        return self

    def delete_by(self, by: Any) -> None:
        """Delete the row, deleted by the user ``by``."""
        with record_changes([self], by=by):
            self.delete()
