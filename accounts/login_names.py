"""The name typed at the sign-in, as counters and the log know it: never as it was typed."""

from __future__ import annotations

import unicodedata

from django.utils.crypto import salted_hmac

SHORT = 6  # hexadecimal digits that the log keeps of a name without an account


def key(name: str) -> str:
    """Return what all ways of writing a name have in common.

    It joins at least what the database joins when it looks for an account without regard to case, so that no way of
    writing gives more tries: ``upper`` joins the dotless ı with i, ``casefold`` ß with ss, NFKC wide letters.
    """
    return "".join(unicodedata.normalize("NFKC", name).upper().casefold().split())


def mark(name: str) -> str:
    """Return a keyed hash of the name: equal for equal names, and nobody reads the name from it."""
    return salted_hmac(__name__, key(name), algorithm="sha256").hexdigest()[:32]


def short_mark(name: str) -> str:
    """Return the mark that the log keeps of a name without an account.

    Such a name may be a password that was typed into the wrong field. Of 24 bits nobody gets it back even with the
    secret key, for a million guesses out of sixteen fit; tries at one name can still be seen to belong together.
    """
    return mark(name)[:SHORT]
