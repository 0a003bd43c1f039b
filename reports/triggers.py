"""Editions and their renderings never change."""

from conference.triggers import append_only

RULES = [*append_only("reports_edition"), *append_only("reports_rendering")]
