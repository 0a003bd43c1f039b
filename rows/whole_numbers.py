"""Parsing of whole numbers from addresses, forms, files and headers."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls.converters import IntConverter

KEY_MAX = 2**63 - 1  # largest primary key; beyond it SQLite raises OverflowError and PostgreSQL DataError


def parse_whole_number(text: str, *, maximum: int = KEY_MAX) -> int | None:
    """Return the number that ``text`` writes in ASCII digits, from 0 to ``maximum``; None for everything else.

    ``int()`` alone raises for more than 4,300 digits, takes time that grows with their square, and reads signs, blanks,
    underscores and the digits of every script.
    """
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(maximum))):
        return None
    number = int(text)
    return number if number <= maximum else None


def parse_keys(texts: Iterable[str]) -> list[int]:
    """Return the primary keys among the texts that a form sent, in order and without duplicates."""
    return list(dict.fromkeys(key for text in texts if (key := parse_whole_number(text)) is not None))


class WholeNumberConverter(IntConverter):
    """Converter ``<number:pk>``: a number beyond the range of the database is an unknown address (404)."""

    def to_python(self, value: str) -> int:
        """Return the number. Raises ValueError, which Django treats as no match."""
        if (number := parse_whole_number(value)) is None:
            raise ValueError
        return number
