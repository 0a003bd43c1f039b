"""Normalised and hashed forms of a typed login name, for rate limits and the sign-in log."""

from __future__ import annotations

import unicodedata

from django.utils.crypto import salted_hmac

SHORT_HASH_DIGITS = 6  # hexadecimal digits that the log stores for a name without an account


def normalise(name: str) -> str:
    """Return one form for all spellings of a login name, so that another spelling gives no more attempts.

    It merges at least what the database's case-insensitive lookup merges: ``upper`` maps the dotless ı to i,
    ``casefold`` maps ß to ss, NFKC maps wide letters.
    """
    return "".join(unicodedata.normalize("NFKC", name).upper().casefold().split())


def keyed_hash(name: str) -> str:
    """Return a keyed hash that is equal for equal names and does not reveal the name."""
    return salted_hmac(__name__, normalise(name), algorithm="sha256").hexdigest()[:32]


def short_hash(name: str) -> str:
    """Return the 24-bit hash that the log stores for a name without an account.

    Such a name may be a password typed into the wrong field. Even with the secret key nobody can recover it from 24
    bits, because one in 16 million guesses fits; attempts with one name can still be recognised as such.
    """
    return keyed_hash(name)[:SHORT_HASH_DIGITS]
