"""Database rules: sign-in records never change and cannot be deleted before their date."""

from rows.database_rules import deleted_after

RULES = [*deleted_after("accounts_signinrecord", "keep_until")]
