"""Database rules of reports: editions and their renderings never change."""

from rows.database_rules import append_only

RULES = [*append_only("reports_edition"), *append_only("reports_rendering")]
