"""The one way in which a whole number that came from outside is read: out of an address, a form, a file or a header."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls.converters import IntConverter

KEY_MAX = 2**63 - 1  # of a primary key; beyond it SQLite raises OverflowError and PostgreSQL DataError


def whole_number(text: str, *, most: int = KEY_MAX) -> int | None:
    """Return the number that ``text`` writes in ASCII digits, from 0 to ``most``; None for everything else.

    ``int()`` alone raises for more than 4,300 digits, takes time that grows with their square, and reads signs, blanks,
    underscores and the digits of every script.
    """
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(most))):
        return None
    number = int(text)
    return number if number <= most else None


def sent_keys(texts: Iterable[str]) -> list[int]:
    """Return the primary keys among what a form sent, in order and each once; what is none is left out."""
    return list(dict.fromkeys(key for text in texts if (key := whole_number(text)) is not None))


class WholeNumber(IntConverter):
    """``<number:pk>`` in addresses: a number beyond every database is an address that does not exist (404)."""

    def to_python(self, value: str) -> int:
        """Read the number. Raises ValueError, which Django takes as no match."""
        number = whole_number(value)
        if number is None:
            raise ValueError
        return number
