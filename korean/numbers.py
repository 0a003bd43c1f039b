"""Counts as Korean official papers write them."""

from __future__ import annotations


def format_count(number: int, *, is_approximate: bool, unit: str) -> str:
    """Return ``14명``, or ``100여 개`` where the number is approximate."""
    return f"{number:,}여 {unit}" if is_approximate else f"{number:,}{unit}"
