"""Records of sign-ins never change, and go at their date alone."""

from rows.database_rules import deleted_after

RULES = [*deleted_after("accounts_signinrecord", "keep_until")]
