"""Database rules of sign-off: acts and seals never change, rounds and steps are never deleted."""

from rows.database_rules import append_only, never_deleted

RULES = [
    *append_only("approvals_act"),
    *append_only("approvals_seal"),
    *never_deleted("approvals_round"),
    *never_deleted("approvals_step"),
]
