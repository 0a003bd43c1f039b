"""Counts as Korean official papers write them."""

from __future__ import annotations


def count(number: int, *, is_approximate: bool, unit: str) -> str:
    """``14명``, or ``100여 개`` where the number is a rough one."""
    return f"{number:,}여 {unit}" if is_approximate else f"{number:,}{unit}"
