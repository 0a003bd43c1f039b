"""What the database itself refuses of releases and their files (rows/database_rules.py)."""

from __future__ import annotations

from rows.database_rules import append_only

# a release may still be withdrawn; everything else in it is frozen
RELEASE_FROZEN = (
    "conference_id",
    "number",
    "name",
    "comment",
    "names_reason",
    "changes",
    "revisions",
    "format",
    "content",
    "digest",
    "frozen_at",
    "frozen_by_id",
)
RULES = [
    *append_only("publishing_release", frozen=RELEASE_FROZEN),
    *append_only("publishing_generatedfile"),
]
